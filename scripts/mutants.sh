#!/bin/sh
# Mutants: of the emitted Verilog, noticed by co-simulation or proved equivalent, and of the crates of the model and of its files, noticed by their own tests.
#
#   scripts/mutants.sh            both
#   scripts/mutants.sh verilog    of the Verilog alone; a run that was stopped goes on where it was
#   scripts/mutants.sh crates     of the crates alone; files that have been done since they last changed are not done again: formal/model-files.csv
#   scripts/mutants.sh living     of the crates those alone that live and have no reason: after tests were written for them
#   scripts/mutants.sh FILE...    only these files of software/model/src or software/files/src, such as engine/mod.rs, whether done before or not
#
# A mutant of a crate takes a build and a run of the tests: two to four seconds, hours for all of them. It needs cargo-mutants and git. Where
# cargo-nextest is installed, the tests end at the first that fails, and the slow ones come last.
set -eu

cargo=${CARGO:-cargo}
model=software/model
# the folder of the crate that has this file
home_of() { if [ -e "software/files/src/$1" ]; then echo software/files; else echo $model; fi; }
# from here, so that a space in the name of this folder does no harm; cargo mutants builds elsewhere
done=${CARGO_TARGET_DIR:-target}/mutants
case $done in /*) build=$done/build ;; *) build=$PWD/$done/build ;; esac
copy=$done/copy

# shellcheck disable=SC2086 # CARGO may hold arguments, as in "cargo +1.95.0"
verilog() { $cargo run --release --locked -p hopgate-formal --bin mutants -- -o formal/mutants.csv --keep "$done/verilog"; }
case "$*" in
'') verilog ;;
verilog) verilog; exit ;;
crates) shift ;;
esac

# shellcheck disable=SC2086
if ! $cargo mutants --version >/dev/null 2>&1; then
    echo "mutants: cargo-mutants is missing, so the crates are not broken; this gets it:" \
        "$cargo install --locked cargo-mutants" >&2
    exit 1
fi

# shellcheck disable=SC2086
if $cargo nextest --version >/dev/null 2>&1; then tool=--test-tool=nextest; else tool=''; fi

# which tests are built and run: the engine's take longer than all others together
tests_of() {
    case $1 in
    # with what chooses NEON; the test that is left out takes minutes under QEMU
    engine/neon.rs) echo "-f $model/src/engine/kernels.rs --re engine/neon.rs|Isa::Neon -C=--test=engine -- -- --skip every_pattern" ;;
    engine/*) echo "-C=--lib -C=--test=engine -C=--test=no_allocation" ;;
    *)
        echo "-C=--lib -C=--test=it"
        for test in "$(home_of "$1")"/tests/*.rs; do
            case $test in */engine.rs | */no_allocation.rs) ;; *) echo "-C=--test=$(basename "$test" .rs)" ;; esac
        done
        # these take longer than all others together, and ask nothing of the other files
        case $1 in
        bound.rs | folder.rs | folder/* | model_file.rs | npy.rs | npz.rs) ;;
        *) echo "-- -- --skip the_bound_is_that_of --skip every_file_cut --skip models_cut" ;;
        esac
        ;;
    esac
}

# shellcheck disable=SC2086
table() { $cargo run --quiet --locked -p hopgate-formal --bin model-mutants -- "$@" -o formal/model.csv; }

# which source files all mutants in the table are of: engine/neon.rs is tried with what chooses it
record=formal/model-files.csv
state_of() {
    case $1 in engine/neon.rs) set -- "$1" engine/kernels.rs ;; esac
    for part in "$@"; do cat "$copy/$(home_of "$part")/src/$part"; done | sha256sum | cut -d ' ' -f 1
}
[ -e $record ] || : >$record

# One run at a time breaks the copy, which is always in the same folder: so the compiler keeps what a mutant does not change. Its files
# are as new as the run, and are compiled again, for a run that was stopped may have left a mutant there.
mkdir -p "$done"
exec 9>"$done/lock"
flock -n 9 || { echo "mutants: another run is under way in $done" >&2; exit 1; }
rm -rf "$copy"
mkdir "$copy"
git ls-files -co --exclude-standard | while IFS= read -r file; do if [ -e "$file" ]; then echo "$file"; fi; done |
    tar -cf - -T - | tar -xmf - -C "$copy"

# breaks a file; $outcomes has what is known then: FILE [OPTION of cargo mutants...]
try() {
    file=$1 home=$(home_of "$1")
    shift
    rm -rf "${done:?}/$file"
    mkdir -p "$done/$file"
    on='' by=$tool limit=60
    if [ "$file" = engine/neon.rs ]; then on=scripts/aarch64.sh by='' limit=300; fi
    # without mutants the tests pass: make test says so. Some miss (2), some do not end (3)
    status=0
    # shellcheck disable=SC2046,SC2086
    CARGO_INCREMENTAL=1 CARGO_TARGET_DIR="$build" PROPTEST_DISABLE_FAILURE_PERSISTENCE=1 NEXTEST_PROFILE=mutants \
        $on $cargo mutants -d "$copy" --in-place -p "hopgate-${home##*/}" $by --baseline skip \
        --timeout $limit --build-timeout 300 -o "$done/$file" -f "$home/src/$file" "$@" $(tests_of "$file") 9>&- || status=$?
    case $status in 0 | 2 | 3) ;; *) exit "$status" ;; esac
    outcomes=$done/$file/mutants.out/outcomes.json
    if [ ! -e "$outcomes" ]; then outcomes=; fi # there was nothing to break
}
# puts that into the table, which says what lives: that is for the end
note() { table "$@" ${outcomes:+"$outcomes"} >/dev/null || [ $? -eq 1 ]; }

# shellcheck disable=SC2086
list() { $cargo mutants -p hopgate-model -p hopgate-files --list --json >"$done/all.json"; }

if [ "$*" = living ]; then
    list
    table --all "$done/all.json" --living >"$done/living"
    for path in $(cut -d : -f 1 "$done/living" | sort -u); do
        grep -F "$path:" "$done/living" | sed 's/[].[\\^$*+?(){}|]/\\&/g; s/^/^/; s/$/$/' >"$done/names"
        set --
        while IFS= read -r name; do set -- "$@" -F "$name"; done <"$done/names"
        try "${path#software/*/src/}" "$@"
        note
    done
    table --all "$done/all.json"
    exit
fi

files=$*
if [ -z "$files" ]; then files=$(find $model/src software/files/src -name '*.rs' ! -name lib.rs | sed 's|^software/[a-z]*/src/||' | sort); fi
for file in $files; do
    if [ ! -e "$(home_of "$file")/src/$file" ]; then echo "mutants: neither $model/src nor software/files/src has $file" >&2; exit 2; fi
    now=$(state_of "$file")
    if [ "$#" -eq 0 ] && grep -qxF "$file,$now" "$record"; then continue; fi
    try "$file"
    # what is known now is in the table, whenever a run is stopped
    note --of "$file"
    { awk -F , -v file="$file" '$1 != file' "$record"; echo "$file,$now"; } | sort >"$done/record"
    cp "$done/record" "$record"
done

if [ "$#" -gt 0 ]; then table; exit; fi
list
table --all "$done/all.json"
