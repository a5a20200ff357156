#!/bin/sh
# What takes too long for every change: the glyph memory with one and with two planes, each co-simulated with
# 10,000 noisy cues and built for the Alchitry Cu with 8 seeds; a folded core on an iCEstick; a bitstream that is loaded, tests itself and recalls
# at 3 Mbaud; and 100,000 recalls through a virtual board on a bad line. Fails if a bit differs, an answer is lost, or icetime stays below 100 MHz.
#
#   scripts/soak.sh HOPGATE [FOLDER]     (the folder is kept; without one, everything goes to a temporary folder)
set -eu

hopgate=${1:?usage: $0 HOPGATE [FOLDER]}
board=
keep=
if [ $# -gt 1 ]; then
    keep=yes
    folder=$2
    mkdir -p "$folder"
else
    folder=$(mktemp -d)
fi
# a virtual board serves until it is told not to: by SIGTERM, for what a script starts beside itself is started with SIGINT ignored, and keeps that
trap '[ -z "$board" ] || kill -TERM "$board" 2>/dev/null || true; [ -n "$keep" ] || rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM

"$hopgate" train glyphs --gamma noise:0.1 -o "$folder/model.npz"
for planes in 1 2; do
    printf '\n== k = %s: 10,000 cues\n' "$planes"
    "$hopgate" quantize "$folder/model.npz" --bits "$planes" -o "$folder/memory-$planes"
    "$hopgate" cosim "$folder/memory-$planes" --noise 0.1 --seed 2 --count 10000
    printf '\n== k = %s: 8 seeds\n' "$planes"
    # a build that misses the board's 100 MHz by icetime fails
    "$hopgate" build "$folder/memory-$planes" --board alchitry-cu --runs 8 -o "$folder/build-$planes"
done
printf '\n== 64 neurons and 128 patterns on an iCEstick: 8 seeds; 200 cues through the bitstream\n'
"$hopgate" train random:N=64,P=128,seed=1 --gamma noise:0.1 -o "$folder/small.npz"
"$hopgate" quantize "$folder/small.npz" --bits 1 --kernel-bits 7 -o "$folder/small"
"$hopgate" build "$folder/small" --board icestick --fold 4 --runs 8 -o "$folder/stick"
"$hopgate" cosim "$folder/small" --level bitstream --build "$folder/stick" --noise 0.1 --seed 3 --count 200
# a virtual board with these options, at $folder/port; its process is $board
serve() {
    : >"$folder/pty"
    "$hopgate" board "$@" --pty --link "$folder/port" >"$folder/pty" &
    board=$!
    until [ -s "$folder/pty" ]; do
        kill -0 "$board" || { echo "the virtual board is gone" >&2; exit 1; }
        sleep 0.1
    done
}
stop() {
    kill -TERM "$board"
    wait "$board" || true
    board=
}
# $2 recalls with noise $3 by the software and over the line: the memory $1
same_recalls() {
    "$hopgate" recall "$1" --noise "$3" --count "$2" -o "$folder/want.npy"
    "$hopgate" host --port "$folder/port" --timeout 60 recall --noise "$3" --count "$2" -o "$folder/got.npy"
    cmp "$folder/want.npy" "$folder/got.npy"
}

printf '\n== a bitstream with the framed link behind a terminal, 3 Mbaud at 8 cycles a bit: self-test, recalls, another memory\n'
"$hopgate" train random:N=64,P=128,seed=2 --gamma noise:0.1 -o "$folder/small.npz"
"$hopgate" quantize "$folder/small.npz" --bits 1 --kernel-bits 7 -o "$folder/small-2"
"$hopgate" build "$folder/small" --board alchitry-cu --freq 24 --baud 3000000 --protocol framed --room bits=14 --runs 1 -o "$folder/framed"
serve "$folder/small" --level bitstream --build "$folder/framed"
"$hopgate" host --port "$folder/port" --timeout 60 info
for memory in small small-2; do
    "$hopgate" host --port "$folder/port" --timeout 60 load "$folder/$memory"
    "$hopgate" host --port "$folder/port" --timeout 60 selftest "$folder/$memory" --count 300 --noise 0.3
    same_recalls "$folder/$memory" 300 0.25
done
stop
printf '\n== the other memory in that bitstream, without place and route\n'
"$hopgate" reload "$folder/framed" "$folder/small-2" -o "$folder/small-2.bin"
"$hopgate" cosim "$folder/small-2" --level bitstream --build "$folder/framed" --bitstream "$folder/small-2.bin" --noise 0.1 --count 200

printf '\n== a virtual board on a bad line: 100,000 recalls, one byte in a hundred hit\n'
serve "$folder/memory-1" --level software --noise 0.01
same_recalls "$folder/memory-1" 100000 0.1
stop
printf '\nequal on every cue, and every build meets the clock\n'
