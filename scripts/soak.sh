#!/bin/sh
# What takes too long for every change: the glyph memory with one and with two planes, each co-simulated with
# 10,000 noisy cues and built for the Alchitry Cu with 8 seeds; a folded core on an iCEstick; and 100,000 recalls through a virtual board on a bad line. Fails if a bit
# differs, an answer is lost, or icetime stays below 100 MHz.
#
#   scripts/soak.sh HOPGATE [FOLDER]     (the folder is kept; without one, everything goes to a temporary folder)
set -eu

hopgate=${1:?usage: $0 HOPGATE [FOLDER]}
if [ $# -gt 1 ]; then
    folder=$2
    mkdir -p "$folder"
else
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    trap 'exit 130' INT TERM
fi

"$hopgate" train glyphs --gamma noise:0.1 -o "$folder/model.npz"
for planes in 1 2; do
    printf '\n== k = %s: 10,000 cues\n' "$planes"
    "$hopgate" quantize "$folder/model.npz" --bits "$planes" -o "$folder/memory-$planes"
    "$hopgate" cosim "$folder/memory-$planes" --noise 0.1 --seed 2 --count 10000
    printf '\n== k = %s: 8 seeds\n' "$planes"
    # a build that misses the board's 100 MHz by icetime fails
    "$hopgate" build "$folder/memory-$planes" --board alchitry-cu --seeds 8 -o "$folder/build-$planes"
done
printf '\n== 64 neurons and 128 patterns on an iCEstick: 8 seeds; 200 cues through the bitstream\n'
"$hopgate" train random:N=64,P=128,seed=1 --gamma noise:0.1 -o "$folder/small.npz"
"$hopgate" quantize "$folder/small.npz" --bits 1 --kernel-bits 7 -o "$folder/small"
"$hopgate" build "$folder/small" --board icestick --fold 4 --seeds 8 -o "$folder/stick"
"$hopgate" cosim "$folder/small" --fold 4 --level bitstream --build "$folder/stick" --noise 0.1 --seed 3 --count 200
printf '\n== a virtual board on a bad line: 100,000 recalls, one byte in a hundred hit\n'
"$hopgate" board "$folder/memory-1" --pty --level software --noise 0.01 --link "$folder/port" >"$folder/pty" &
board=$!
until [ -s "$folder/pty" ]; do
    kill -0 "$board" || { echo "the virtual board is gone" >&2; exit 1; }
    sleep 0.1
done
"$hopgate" recall "$folder/memory-1" --noise 0.1 --count 100000 -o "$folder/want.npy"
"$hopgate" host --port "$folder/port" recall --noise 0.1 --count 100000 -o "$folder/got.npy"
kill -INT "$board"
wait "$board" || true
cmp "$folder/want.npy" "$folder/got.npy"
printf '\nequal on every cue, and every build meets the clock\n'
