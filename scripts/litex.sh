#!/bin/sh
# Runs a program on the CPU of a LiteX system that has a memory on its bus: it recalls, takes the interrupt, feeds the streams by DMA, loads, stores and forgets.
#
#   scripts/litex.sh HOPGATE [FOLDER]
#
# LiteX, Migen and the CPU (VexRiscv) come from PyPI, into .tools/litex; the compiler is Debian's gcc-riscv64-unknown-elf, or RISCV_CC. Not LiteX's own
# simulator, which wants packages that PyPI has not: Verilator runs what LiteX writes.
set -eu
case $1 in /*) hopgate=$1 ;; *) hopgate=$PWD/$1 ;; esac
here=$(cd "$(dirname "$0")/.." && pwd)
target=${CARGO_TARGET_DIR:-$here/target}
case $target in /*) ;; *) target=$here/$target ;; esac
folder=${2:-$target/litex}
tools=$here/.tools/litex
cc=${RISCV_CC:-riscv64-unknown-elf-gcc}
if ! command -v "$cc" >/dev/null 2>&1; then
    echo "litex: there is no $cc; Debian has it: apt-get install gcc-riscv64-unknown-elf" >&2
    exit 1
fi
wanted='litex==2024.12 migen==0.10.0 pythondata-cpu-vexriscv==1.0.1.post407 setuptools'
if [ "$(cat "$tools/wanted" 2>/dev/null)" != "$wanted" ]; then
    rm -rf "$tools"
    python3 -m venv "$tools"
    # shellcheck disable=SC2086 # several packages
    "$tools/bin/pip" install -q $wanted
    echo "$wanted" >"$tools/wanted"
fi
"$here/scripts/wheel.sh" dev "$target/wheels-dev"
"$tools/bin/pip" install -q --force-reinstall --no-deps "$target"/wheels-dev/hopgate-*.whl
"$tools/bin/pip" install -q numpy
rm -rf "$folder"
RISCV_CC=$cc "$tools/bin/python" "$here/software/python/soc/run.py" "$hopgate" "$folder"
