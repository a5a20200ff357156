#!/bin/sh
# Everything that is checked, part by part, and at the end a table of what each part took.
#
#   scripts/full.sh [PART...]     without a part: all of them
#
# A part that has passed for its sources as they are is not run again, so that a run goes on where it was stopped: target/full/PART has
# the state of the sources and the seconds, of all runs that it took. `scripts/full.sh table` prints the table alone. A part that fails does not stop the others.
set -u
cd "$(dirname "$0")/.." || exit 1

cargo=${CARGO:-cargo}
done=${CARGO_TARGET_DIR:-target}/full
release=${CARGO_TARGET_DIR:-target}/release/hopgate
soak=${CARGO_TARGET_DIR:-target}/soak
all='test test-rest python web workflow cocotb soc aarch64 formal soak fuzz kills recalls learning noise mutants mutants-crates'
mkdir -p "$done"

# The crate that a part checks, if it is one: its sources and those of the crates that it is built from are all that the part depends on.
crate_of() {
    case $1 in
    aarch64) echo hopgate-model ;;
    mutants-crates) echo hopgate-files ;;
    formal | mutants) echo hopgate-formal ;;
    recalls | learning | noise) echo hopgate-sim ;;
    kills) echo hopgate-cli ;;
    esac
}

# What a part depends on: a crate with what it is built from, or everything.
# shellcheck disable=SC2086 # CARGO may hold arguments, as in "cargo +1.95.0"
sources() {
    crate=$(crate_of "$1")
    if [ -z "$crate" ]; then echo . && return; fi
    tree=$($cargo tree --locked --prefix none -p "$crate") || { echo . && return; }
    echo Cargo.toml Cargo.lock rust-toolchain.toml Makefile scripts
    echo "$tree" | sed -n "s|.*($PWD/\([^)]*\)).*|\1|p" | sort -u
}

# Scripts that do not concern a part: those that others run alone, by the parts that run them.
scripts_of_others() {
    while read -r script parts; do
        case " $parts " in *" $1 "*) ;; *) echo ":!scripts/$script.sh" ;; esac
    done <<EOF
aarch64 aarch64 mutants-crates
cocotb cocotb
full
fusesoc soc
litex soc
mutants mutants mutants-crates
record-show
soak soak
soak-random fuzz kills recalls learning noise
test-package python
test-python python
test-web web
test-workflow workflow
EOF
}

# The state of a part's sources: what is in them, committed or not. Proofs and mutants write tables that are part of them, and read reasons.
# What runs no test of a crate depends neither on those nor on pages, nor on proofs; of tests, `kills` runs those of the command line.
# shellcheck disable=SC2046 # folders of crates have no spaces
state() {
    tests=':(exclude,glob)**/tests/**/*.rs' pages=':(exclude,glob)**/*.md' name=$1
    set -- $(sources "$name") $(scripts_of_others "$name")
    case $name in
    mutants-crates) set -- "$@" formal/model-survivors.txt ;;
    mutants) set -- "$@" ':!formal/*.csv' ':!formal/model-survivors.txt' "$tests" "$pages" ;;
    formal) set -- "$@" ':!formal/*.csv' ':!formal/*survivors.txt' "$tests" "$pages" ;;
    test | test-rest | aarch64) set -- "$@" ':!formal/*.csv' ;;
    kills) set -- "$@" ':!formal' ':(exclude,glob)software/[^c]*/tests/**/*.rs' "$pages" ;;
    *) set -- "$@" ':!formal' "$tests" "$pages" ;;
    esac
    # a file that is gone is in no state
    git ls-files -coz --exclude-standard -- "$@" | sort -zu | xargs -0 sha256sum 2>/dev/null | sha256sum | cut -d ' ' -f 1
}

# shellcheck disable=SC2086 # CARGO may hold arguments, as in "cargo +1.95.0"
part() {
    export CARGO="$cargo"
    case $1 in
    test) make test ;;
    test-rest) make test-rest ;;
    python) make test-python ;;
    web) make test-web ;;
    workflow) make test-workflow ;;
    cocotb) make test-cocotb ;;
    soc) make test-soc ;;
    aarch64) make test-aarch64 ;;
    formal) make formal ;;
    soak) scripts/setup.sh demo && $cargo build --release --locked -p hopgate-cli && scripts/soak.sh "$release" ;;
    fuzz | kills | recalls | learning | noise) scripts/soak-random.sh "$1" "$soak" ;;
    mutants) make setup-test && scripts/mutants.sh verilog ;;
    mutants-crates) scripts/mutants.sh crates ;;
    *) echo "full: there is no part $1; there are: $all" >&2 && return 2 ;;
    esac
}

table() {
    printf '\n%-14s  %8s  %s\n' part seconds state
    for name in $all; do
        if [ ! -e "$done/$name" ]; then printf '%-14s  %8s  not run\n' "$name" -; continue; fi
        read -r of seconds result <"$done/$name"
        [ "$of" = "$(state "$name")" ] || result="$result, for other sources"
        printf '%-14s  %8s  %s\n' "$name" "$seconds" "$result"
    done
}

# What a part took, with what it took before where it failed or was stopped for the same sources: it goes on with what it kept.
record() { echo "$now $((spent + $(date +%s) - start)) $1" >"$done/$name"; }

[ "${1:-}" = table ] && table && exit 0
failed=0
for name in ${*:-$all}; do
    now=$(state "$name") spent=0
    if [ -e "$done/$name" ]; then
        read -r of seconds result <"$done/$name"
        if [ "$of $result" = "$now passed" ]; then continue; fi
        if [ "$of" = "$now" ]; then spent=$seconds; fi
    fi
    printf '\n== part %s of make full\n' "$name"
    start=$(date +%s)
    trap 'record stopped; exit 130' INT TERM
    result=passed
    part "$name" || result=failed
    trap - INT TERM
    if [ $result = failed ]; then failed=1; fi
    record $result
done
table
exit $failed
