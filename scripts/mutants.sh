#!/bin/sh
# Mutants: of the emitted Verilog, noticed by co-simulation or proved equivalent, and of the model crate, noticed by its own tests.
#
#   scripts/mutants.sh [FILE...]
#
# FILE... are the source files of software/model to break, by default those of the reference, which everything else is compared
# with. For these the tests of that arithmetic are run, which build in seconds; for other files, all tests of the crate.
# .cargo/mutants.toml lists the mutants that are equivalent, each with the reason. The second half needs cargo-mutants.
set -eu

cargo=${CARGO:-cargo}
# shellcheck disable=SC2086 # CARGO may hold arguments, as in "cargo +1.95.0"
$cargo run --locked -p hopgate-formal --bin mutants -- -o formal/mutants.csv

tests='--lib --tests'
if [ "$#" -eq 0 ]; then
    set -- reference.rs bound.rs bits.rs kernel.rs memory.rs
    tests='--lib --test oracle --test contract --test bound --test symmetry'
fi
# shellcheck disable=SC2086
if ! $cargo mutants --version >/dev/null 2>&1; then
    echo "mutants: cargo-mutants is missing, so the model crate is not broken; this gets it:" \
        "$cargo install --locked cargo-mutants" >&2
    exit 0
fi
for file in "$@"; do set -- "$@" -f "software/model/src/$file"; shift; done
# the whole is tested elsewhere; a mutant that hangs is one that is noticed
# shellcheck disable=SC2086
$cargo mutants -p hopgate-model --jobs 1 --baseline skip --timeout 60 -o target/mutants "$@" -- $tests
