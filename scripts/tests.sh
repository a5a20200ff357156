#!/bin/sh
# Runs the tests of a gate: by cargo nextest where it is installed, else by cargo test, which takes somewhat longer.
#
#   scripts/tests.sh quick|test|full
#
# quick: those that need no external tool. test: these and the others. full: those that are ignored otherwise, `#[ignore = "make full: ..."]`.
# What needs an external tool is in a module that is called `tool`.
set -eu

gate=${1:-}
cargo=${CARGO:-cargo}
case $gate in quick | test | full) ;; *) echo "usage: $0 quick|test|full" >&2 && exit 2 ;; esac

# shellcheck disable=SC2086 # CARGO may hold arguments, as in "cargo +1.95.0"
if $cargo nextest --version >/dev/null 2>&1; then
    # two more than there are cores: some tests wait for ports and terminals
    NEXTEST_TEST_THREADS=${NEXTEST_TEST_THREADS:-$(($(nproc 2>/dev/null || echo 1) + 2))}
    export NEXTEST_TEST_THREADS
    case $gate in
    quick) exec $cargo nextest run --workspace --locked -E 'not test(/(^|::)tool::/)' ;;
    test) exec $cargo nextest run --workspace --locked ;;
    full) exec $cargo nextest run --workspace --locked --profile full --run-ignored only ;;
    esac
fi
echo "tests: cargo-nextest is not installed, so cargo test runs them ($cargo install --locked cargo-nextest gets it)" >&2
# shellcheck disable=SC2086
case $gate in
quick) exec $cargo test --workspace --lib --bins --tests --locked -- --skip tool:: ;;
test) exec $cargo test --workspace --lib --bins --tests --locked ;;
full) exec $cargo test --workspace --lib --bins --tests --locked -- --ignored ;;
esac
