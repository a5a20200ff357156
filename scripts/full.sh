#!/bin/sh
# Everything that is checked, part by part, and at the end a table of what each part took.
#
#   scripts/full.sh [PART...]     without a part: all of them
#
# A part that has passed for the sources as they are is not run again, so that a run goes on where it was stopped: target/full/PART has
# the state of the sources and the seconds. `scripts/full.sh table` prints the table alone. A part that fails does not stop the others.
set -u
cd "$(dirname "$0")/.." || exit 1

cargo=${CARGO:-cargo}
done=${CARGO_TARGET_DIR:-target}/full
release=${CARGO_TARGET_DIR:-target}/release/hopgate
soak=${CARGO_TARGET_DIR:-target}/soak
all='test test-rest python web workflow cocotb soc aarch64 formal soak fuzz kills recalls learning noise mutants'
mkdir -p "$done"

# The sources: what is committed, and what is not. Proofs and mutants write tables that are part of them.
state() {
    results='formal/*.csv'
    { git ls-files -s -- . ":!$results"; git diff -- . ":!$results"; git ls-files -o --exclude-standard; } 2>/dev/null | sha256sum | cut -d ' ' -f 1
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
    mutants) make mutants ;;
    *) echo "full: there is no part $1; there are: $all" >&2 && return 2 ;;
    esac
}

table() {
    printf '\n%-10s  %8s  %s\n' part seconds state
    for name in $all; do
        if [ ! -e "$done/$name" ]; then printf '%-10s  %8s  not run\n' "$name" -; continue; fi
        read -r of seconds result <"$done/$name"
        [ "$of" = "$now" ] || result="$result, for other sources"
        printf '%-10s  %8s  %s\n' "$name" "$seconds" "$result"
    done
}

now=$(state)
[ "${1:-}" = table ] && table && exit 0
failed=0
for name in ${*:-$all}; do
    if grep -q "^$now [0-9]* passed$" "$done/$name" 2>/dev/null; then continue; fi
    printf '\n== part %s of make full\n' "$name"
    start=$(date +%s)
    result=passed
    part "$name" || result=failed
    if [ $result = failed ]; then failed=1; fi
    echo "$now $(($(date +%s) - start)) $result" >"$done/$name"
done
table
exit $failed
