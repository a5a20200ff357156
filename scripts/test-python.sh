#!/bin/sh
# Tests the Python client against the virtual board of a hopgate: what needs no compiled part. scripts/test-package.sh tests the package.
#
#   scripts/test-python.sh PROGRAM
#
# A virtual environment is made in target/, once. Without Python's venv, or where numpy and pyserial cannot be had, the tests
# are skipped, with the reason; so they need a network the first time only.
set -eu
case ${1:-} in
"") echo "usage: $0 PROGRAM" >&2 && exit 2 ;;
/*) program=$1 ;;
*) program=$PWD/$1 ;;
esac
cd "$(dirname "$0")/.."

venv=${CARGO_TARGET_DIR:-target}/python
skip() {
    echo "skipped: the tests of the Python client: $*" >&2
    exit 0
}
if ! "$venv/bin/python" -c 'import numpy, serial' 2>/dev/null; then
    command -v python3 >/dev/null || skip "there is no python3"
    rm -rf "$venv"
    python3 -m venv "$venv" >/dev/null 2>&1 || skip "python3 -m venv does not work (apt-get install python3-venv)"
    "$venv/bin/pip" install --quiet --disable-pip-version-check numpy pyserial >"$venv/pip.log" 2>&1 ||
        skip "numpy and pyserial cannot be had: $(tail -n 1 "$venv/pip.log")"
fi
# what is tested is what lies here, whatever the environment was made for
HOPGATE=$program PYTHONPATH=software/python exec "$venv/bin/python" -m unittest discover -s software/python/tests
