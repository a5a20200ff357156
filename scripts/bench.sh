#!/bin/sh
# The recall engine beside numpy, faiss and a float recall by hand, in one run: results/bench.csv. Takes a few minutes, and means
# little on a machine that is busy with other work.
set -eu
cd "$(dirname "$0")/.."

cargo=${CARGO:-cargo}
target=${CARGO_TARGET_DIR:-$PWD/target}
export CARGO_TARGET_DIR="$target"
venv=$target/bench-python

if ! [ -x "$venv/bin/python" ]; then
    python3 -m venv "$venv" || { echo 'bench: python3 with venv is needed (Debian: python3-venv)' >&2; exit 1; }
fi
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r bench/requirements.txt

# shellcheck disable=SC2086 # CARGO may hold arguments, as in "cargo +1.95.0"
$cargo run --release --locked --manifest-path bench/Cargo.toml -- "$target/bench-data"
# shellcheck disable=SC2086
$cargo bench --locked --manifest-path bench/Cargo.toml --bench recall
mkdir -p results
"$venv/bin/python" bench/compare.py "$target/bench-data" "$target/criterion" results/bench.csv
# shellcheck disable=SC2086
$cargo build --release --locked -p hopgate && bench/simulation.sh "$target/release/hopgate" results/simulation.csv
