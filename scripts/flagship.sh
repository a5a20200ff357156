#!/bin/sh
# The largest memory: 3,000 patterns of 1,000 neurons, k = 1, 3 Mbit. Trained, co-simulated with 300 noisy cues, and built for
# the ULX3S-85F. Fails if a bit differs, if it does not fit, or if it misses the board's clock. Takes a quarter of an hour of a core, and more on a busy machine.
#
#   scripts/flagship.sh HOPGATE [FOLDER]
set -eu

hopgate=${1:?usage: $0 HOPGATE [FOLDER]}
folder=${2:-flagship}

mkdir -p "$folder"
"$hopgate" train random:N=1000,P=3000,seed=1 --gamma 0.02 -o "$folder/model.npz"
"$hopgate" quantize "$folder/model.npz" --bits 1 -o "$folder/memory"
"$hopgate" estimate "$folder/memory" --board ulx3s-85f
"$hopgate" cosim "$folder/memory" --noise 0.1 --count 300
"$hopgate" build "$folder/memory" --board ulx3s-85f --runs 1 -o "$folder/build"
