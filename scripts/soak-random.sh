#!/bin/sh
# What takes hours for a machine and seconds for a reader of its result: every reader on a million damaged files, a hundred times
# `kill -9`, a million recalls of two hundred random memories in Verilator, a million requests to a board that learns, a million times noise at the UART's pin.
# Each part can be run alone, and stopped and continued; docs/src/contributing/robustness.md says what each of them checks.
#
#   scripts/soak-random.sh [fuzz|kills|recalls|learning|noise|all] [FOLDER]     (records go to the folder; without one, to target/soak)
#
# RUNS, KILLS, MEMORIES, CUES and SEED may be given in the environment, and in EXAMPLES the folder of the examples of hopgate-sim, where they are built.
set -eu

part=${1:-all}
folder=${2:-target/soak}
cargo=${CARGO:-cargo}
seed=${SEED:-1}
mkdir -p "$folder"

# an example of hopgate-sim with its arguments
example() {
    name=$1
    shift
    if [ -n "${EXAMPLES:-}" ]; then "$EXAMPLES/$name" "$@"; else "$cargo" run --release --locked -p hopgate-sim --example "$name" -- "$@"; fi
}

wants() { [ "$part" = all ] || [ "$part" = "$1" ]; }
case $part in fuzz | kills | recalls | learning | noise | all) ;; *)
    echo "usage: $0 [fuzz|kills|recalls|learning|noise|all] [FOLDER]" >&2
    exit 2
    ;;
esac

if wants fuzz; then
    printf '\n== %s runs of every reader\n' "${RUNS:-1000000}"
    "$cargo" run --release --locked --manifest-path fuzz/Cargo.toml -- all --runs "${RUNS:-1000000}" --seed "$seed"
fi
if wants kills; then
    printf '\n== %s kills\n' "${KILLS:-100}"
    HOPGATE_KILLS=${KILLS:-100} "$cargo" test --locked -p hopgate-cli --test it killed:: -- --include-ignored --nocapture --test-threads 1
fi
if wants recalls; then
    printf '\n== %s memories, %s cues each\n' "${MEMORIES:-200}" "${CUES:-5000}"
    example soak --seed "$seed" \
        --memories "${MEMORIES:-200}" --cues "${CUES:-5000}" --record "$folder/recalls-$seed.txt"
fi
if wants learning; then
    printf '\n== %s requests to a board that learns\n' "${RUNS:-1000000}"
    example learning --seed "$seed" --requests "${RUNS:-1000000}" \
        --record "$folder/learning-$seed.txt"
fi
if wants noise; then
    printf '\n== %s times noise at the pin\n' "${RUNS:-1000000}"
    example uart_noise "${RUNS:-1000000}" "$seed"
fi
