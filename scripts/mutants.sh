#!/bin/sh
# Mutants: of the emitted Verilog, noticed by co-simulation, and of the model crate, noticed by its own tests.
#
#   scripts/mutants.sh [FILE...]
#
# The second half needs cargo-mutants and hours (a build and a run of the tests for each); FILE... are the source files of
# software/model to break, by default those with the contract's arithmetic.
set -eu

cargo=${CARGO:-cargo}
# shellcheck disable=SC2086 # CARGO may hold arguments, as in "cargo +1.95.0"
$cargo run --locked -p hopgate-formal --bin mutants -- -o formal/mutants.csv

if [ "$#" -eq 0 ]; then
    set -- reference.rs bound.rs bits.rs kernel.rs memory.rs trace.rs corrupt.rs npy.rs
fi
# shellcheck disable=SC2086
if ! $cargo mutants --version >/dev/null 2>&1; then
    echo "mutants: cargo-mutants is missing, so the model crate is not broken; this gets it:" \
        "$cargo install --locked cargo-mutants" >&2
    exit 0
fi
for file in "$@"; do set -- "$@" -f "software/model/src/$file"; shift; done
# shellcheck disable=SC2086
$cargo mutants -p hopgate-model --jobs 1 -o target/mutants "$@"
