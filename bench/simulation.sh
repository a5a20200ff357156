#!/bin/sh
# Co-simulation beside a simulation written by hand (simulation.cpp) of the same Verilated model of the glyph memory, the same cues, one thread
# each, in turn, five times: clock cycles a CPU second. The one by hand only streams cues in and answers out. Co-simulation holds both streams
# back on every other cue, reads the fields, recalls every cue in the integer reference too, and compares; all that is in its time. The answers of
# both are compared here, outside of it. The ratios of one run mean something on a busy machine as well, the rates do not.
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
python3 - "$work/memory/patterns.npy" "$cues" "$work/cues.npy" <<'END'
"""Cues: the patterns in turn, one bit in ten flipped."""
import ast, random, struct, sys

file = open(sys.argv[1], "rb").read()
(length,) = struct.unpack_from("<H", file, 8)
header, bits = ast.literal_eval(file[10 : 10 + length].decode().strip()), file[10 + length :]
(rows, neurons), count = header["shape"], int(sys.argv[2])
draw = random.Random(1).random
cues = bytes(bits[q % rows * neurons + i] ^ (draw() < 0.1) for q in range(count) for i in range(neurons))
header = repr({**header, "shape": (count, neurons)}).encode().ljust(117) + b"\n"
open(sys.argv[3], "wb").write(b"\x93NUMPY\1\0" + struct.pack("<H", len(header)) + header + cues)
END
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
    ours=$(RAYON_NUM_THREADS=1 "$hopgate" cosim "$work/memory" --queries "$work/cues.npy" -o "$work/ours.npy" --json |
        sed -n 's/.*"cycles_per_second_and_core": \([0-9.e+]*\).*/\1/p')
    hand=$(cd "$work/rtl" && ./simulation ../cues.npy "$lanes" ../hand.bin | rate)
    tail -c $((16 * lanes * cues)) "$work/ours.npy" | cmp - "$work/hand.bin"
    echo "$run $ours $hand" | awk '{ printf "%d,%.0f,%.0f,%.3f\n", $1, $2, $3, $2 / $3 }' >>"$rows"
done
cat "$rows"
# the middle one: a neighbour may disturb a run
middle=$(tail -n +2 "$rows" | cut -d , -f 4 | sort -n | sed -n 3p)
best=$(tail -n +2 "$rows" | cut -d , -f 2 | sort -n | tail -1)
echo "$middle $best" | awk '{
    printf "co-simulation runs at %.2f of the speed by hand (median of 5 runs), the fastest run at %.2f million cycles a second and core: ", $1, $2 / 1e6
    print "at least 0.9, or 2 million, " ($1 >= 0.9 || $2 >= 2e6 ? "met" : "missed") }'
if [ -n "$result" ]; then
    mkdir -p "$(dirname "$result")"
    cp "$rows" "$result"
fi
