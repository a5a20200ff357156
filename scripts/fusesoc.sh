#!/bin/sh
# Takes the emitted folders as libraries of FuseSoC: lints and simulates them there, and sets projects up for every tool that their .core names.
#
#   scripts/fusesoc.sh HOPGATE [FOLDER]
#
# FuseSoC, Edalize and cocotb (the newest that this Edalize starts) come from PyPI, into .tools/fusesoc. Projects for tools of vendors are made and looked at, and not run.
set -eu
case $1 in /*) hopgate=$1 ;; *) hopgate=$PWD/$1 ;; esac
here=$(cd "$(dirname "$0")/.." && pwd)
folder=${2:-$here/target/fusesoc}
tools=$here/.tools/fusesoc
wanted='fusesoc==2.4.7 edalize==0.6.8 cocotb==2.0.1'
if [ "$(cat "$tools/wanted" 2>/dev/null)" != "$wanted" ]; then
    rm -rf "$tools"
    python3 -m venv "$tools"
    # shellcheck disable=SC2086 # several packages
    "$tools/bin/pip" install -q $wanted
    echo "$wanted" >"$tools/wanted"
fi
PATH=$tools/bin:$PATH
rm -rf "$folder"
mkdir -p "$folder/fake"
cd "$folder"
# what asks a tool for its version before it writes a project for it
printf '#!/bin/sh\necho "Quartus Prime Version 22.1std.0 Lite Edition"\n' >fake/quartus_sh
chmod +x fake/quartus_sh
export EFINITY_HOME="$folder/fake"
PATH=$PATH:$folder/fake

"$hopgate" memory random:N=37,P=23,seed=3 --noise 0.1 -o memory -q >/dev/null
failed=0
for wrapper in none axis axis-requests axil wishbone axil-streams; do
    case $wrapper in *-streams) more=--streams ;; *-requests) more='--protocol framed' ;; *) more= ;; esac
    # shellcheck disable=SC2086 # options or none
    "$hopgate" verilog memory --wrapper ${wrapper%-*} $more --example cocotb -o "$wrapper" -q >/dev/null
    top=$(basename "$wrapper"/*.v .v)
    run() { fusesoc --cores-root "$wrapper" run --work-root "work-$wrapper-$1" --target "$@" "hopgate::$top" >"$wrapper-$1.log" 2>&1; }
    for target in lint sim; do
        if run $target; then echo "$wrapper: $target"; else echo "$wrapper: $target FAILS, see $folder/$wrapper-$target.log"; failed=1; fi
    done
    grep -q 'PASS=1 FAIL=0' "$wrapper-sim.log" || { echo "$wrapper: no test passed in $folder/$wrapper-sim.log"; failed=1; }
    for target in icestorm trellis vivado quartus gowin efinity; do
        if ! run $target --setup; then echo "$wrapper: $target FAILS, see $folder/$wrapper-$target.log"; failed=1; fi
        # the project names the design, and the memories lie where the tool will run
        if ! grep -rqs "$top" "work-$wrapper-$target" || [ -z "$(find "work-$wrapper-$target" -name '*row_0.hex')" ]; then
            echo "$wrapper: $target has no project"
            failed=1
        fi
    done
done
[ $failed = 0 ] && echo 'FuseSoC: 6 tops, each linted, simulated and set up for 6 tools'
exit $failed
