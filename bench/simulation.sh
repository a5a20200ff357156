#!/bin/sh
# Co-simulation beside a simulation written by hand (simulation.cpp) of the same Verilated model of the glyph memory, one thread each, in
# turn, five times: clock cycles a CPU second. Co-simulation holds both streams back on every other cue, reads the fields, recalls every cue in
# the integer reference too, and compares. The ratios of one run mean something on a busy machine as well, the rates do not.
#
#   bench/simulation.sh HOPGATE [RESULT.csv [CUES]]
set -eu

hopgate=$(realpath "${1:?usage: $0 HOPGATE [RESULT.csv [CUES]]}")
result=${2:-}
cues=${3:-3000}
here=$(dirname "$(realpath "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

"$hopgate" train glyphs --gamma noise:0.1 -o "$work/model.npz" -q >/dev/null
"$hopgate" quantize "$work/model.npz" --bits 1 -o "$work/memory" -q >/dev/null
"$hopgate" verilog "$work/memory" -o "$work/rtl" -q >/dev/null

# the same flags as sim/src/compile.rs, the same signals as sim/src/library.rs
lanes=$(ls "$work/rtl" | grep -c '^row_')
paste -d ' ' "$work"/rtl/row_*.hex >"$work/patterns.txt"
cp "$here/../sim/shim/waivers.vlt" "$work/rtl/"
cat >>"$work/rtl/waivers.vlt" <<'END'
public_flat_rd -module "hopgate_core_column*" -var "accumulator*q"
public_flat_rd -module "hopgate_core_vote" -var "total*q"
END
cp "$here/simulation.cpp" "$work/rtl/"
(
    cd "$work/rtl"
    verilator --cc --exe -Wall -O3 --x-initial unique --top-module hopgate_core -Mdir build -o ../simulation \
        waivers.vlt hopgate_core.v simulation.cpp >/dev/null
    make -s -C build -f Vhopgate_core.mk OPT_FAST=-O1 OPT_SLOW=-O0 OPT_GLOBAL=-O1 >/dev/null
)

rate() { awk '{ printf "%.0f\n", $1 / $2 }'; }
rows=$work/rows.csv
echo 'run,hopgate cycles per second,by hand cycles per second,ratio' >"$rows"
for run in 1 2 3 4 5; do
    ours=$(RAYON_NUM_THREADS=1 "$hopgate" cosim "$work/memory" --noise 0.1 --count "$cues" --json |
        sed -n 's/.*"cycles_per_second_and_core": \([0-9.e+]*\).*/\1/p')
    hand=$(cd "$work/rtl" && ./simulation ../patterns.txt "$lanes" "$cues" | rate)
    echo "$run $ours $hand" | awk '{ printf "%d,%.0f,%.0f,%.3f\n", $1, $2, $3, $2 / $3 }' >>"$rows"
done
cat "$rows"
awk -F, 'NR > 1 { sum += $4; ours = ours < $2 ? $2 : ours } END {
    printf "co-simulation runs at %.2f of the speed by hand (mean of %d runs); the fastest run: %.2f million cycles a second and core\n",
        sum / (NR - 1), NR - 1, ours / 1e6 }' "$rows"
if [ -n "$result" ]; then
    mkdir -p "$(dirname "$result")"
    cp "$rows" "$result"
fi
