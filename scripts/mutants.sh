#!/bin/sh
# Mutants: of the emitted Verilog, noticed by co-simulation or proved equivalent, and of the model crate, noticed by its own tests.
#
#   scripts/mutants.sh [FILE...]
#
# FILE... are source files of software/model to break as well, such as reference.rs. A mutant takes a build and a run of the tests of the
# arithmetic, ten seconds or more: the second half needs cargo-mutants and patience.
set -eu

cargo=${CARGO:-cargo}
# shellcheck disable=SC2086 # CARGO may hold arguments, as in "cargo +1.95.0"
$cargo run --locked -p hopgate-formal --bin mutants -- -o formal/mutants.csv

if [ "$#" -eq 0 ]; then exit 0; fi
# shellcheck disable=SC2086
if ! $cargo mutants --version >/dev/null 2>&1; then
    echo "mutants: cargo-mutants is missing, so the model crate is not broken; this gets it:" \
        "$cargo install --locked cargo-mutants" >&2
    exit 1
fi
for file in "$@"; do set -- "$@" -f "software/model/src/$file"; shift; done
# without the mutants the tests pass: make test says so; one that hangs is noticed (3)
status=0
# shellcheck disable=SC2086
$cargo mutants -p hopgate-model --jobs 1 --baseline skip --timeout 60 -o target/mutants "$@" -- \
    --lib --test oracle --test contract --test bound --test symmetry || status=$?
if [ "$status" -ne 3 ]; then exit "$status"; fi
