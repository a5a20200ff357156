#!/bin/sh
# Records what `hopgate show` draws of 384 glyphs, by the virtual board: docs/src/images/show.svg.
#
#   scripts/record-show.sh PROGRAM
set -eu
program=${1:?usage: $0 PROGRAM}
program=$(cd "$(dirname "$program")" && pwd)/$(basename "$program")
cd "$(dirname "$0")/.."

place=$(mktemp -d)
board=
trap 'if [ -n "$board" ]; then kill -TERM "$board" 2>/dev/null || true; fi; rm -rf "$place"' EXIT
"$program" -q train glyphs --gamma noise:0.1 -o "$place/model.npz" >/dev/null
"$program" -q quantize "$place/model.npz" --bits 1 -o "$place/memory" >/dev/null
"$program" -q board "$place/memory" --pty --level software --link "$place/port" >/dev/null 2>&1 &
board=$!
tries=0
until [ -e "$place/port" ]; do
    tries=$((tries + 1))
    if [ "$tries" -gt 100 ]; then echo "the virtual board does not start" >&2 && exit 1; fi
    sleep 0.1
done
"$program" show "$place/memory" --port "$place/port" --noise 0.25 --seed 2 --pattern 65 --count 6 --record docs/src/images/show.svg
