#!/bin/sh
# Builds the Python package as a wheel.
#
#   scripts/wheel.sh PROFILE FOLDER     PROFILE is release, or dev, which is built faster and runs slower
#
# maturin comes from PyPI, into a virtual environment in target/. `pip install ./software/python` does the same by itself.
set -eu
[ $# = 2 ] || { echo "usage: $0 release|dev FOLDER" >&2 && exit 2; }
case $2 in /*) out=$2 ;; *) out=$PWD/$2 ;; esac
cd "$(dirname "$0")/.."

target=${CARGO_TARGET_DIR:-$PWD/target}
case $target in /*) ;; *) target=$PWD/$target ;; esac
venv=$target/maturin
if ! "$venv/bin/maturin" --version >/dev/null 2>&1; then
    rm -rf "$venv"
    python3 -m venv "$venv" || { echo 'wheel: python3 with venv is needed (Debian: python3-venv)' >&2; exit 1; }
    "$venv/bin/pip" install --quiet --disable-pip-version-check 'maturin>=1.8,<2'
fi
rm -f "$out"/hopgate-*.whl
cd software/python
CARGO_TARGET_DIR=$target exec "$venv/bin/maturin" build --locked --profile "$1" --out "$out"
