#!/bin/sh
# Looks at both pages in headless Chromium: no complaint on the console, everything by the keyboard, no serious finding of axe-core, and
# pictures at two widths, light and dark, in target/web.
#
#   scripts/test-web.sh HOPGATE [RUN...]     RUN: folders with a report.html; without one, a small demonstration makes some
#
# puppeteer-core, axe-core and TypeScript, which checks the types in the page's comments, come from npm, into .tools/web. Chromium is that of the system: CHROMIUM=/path/to/it names another.
set -eu
hopgate=$(realpath "$1")
shift
here=$(cd "$(dirname "$0")/.." && pwd)
tools=$here/.tools/web
out=${CARGO_TARGET_DIR:-$here/target}/web

need() {
    echo "test-web: $1 is missing; type: apt-get install $2" >&2
    exit 1
}
command -v node >/dev/null || need node nodejs
command -v npm >/dev/null || need npm npm
CHROMIUM=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}
[ -n "$CHROMIUM" ] || need chromium chromium

if ! cmp -s "$here/software/web/tests/browser/package.json" "$tools/package.json"; then
    rm -rf "$tools"
    mkdir -p "$tools"
    cp "$here/software/web/tests/browser/package.json" "$tools/package.json.new"
    (cd "$tools" && mv package.json.new package.json && npm install --silent --no-package-lock --no-fund --no-audit) || {
        rm -f "$tools/package.json"
        echo 'test-web: puppeteer-core, axe-core and typescript cannot be had from npm' >&2
        exit 1
    }
fi

# the types that the comments of the page state
"$tools/node_modules/.bin/tsc" -p "$here/software/web/tests/browser"

mkdir -p "$out"
if [ $# = 0 ]; then
    # a dozen patterns on the smallest board, and classes: both kinds of page
    python3 - "$out/patterns.txt" <<'EOF'
import sys
rows = ["".join(str(int((c * c + 3 * r * c + r) % 7 < 3)) for c in range(16)) for r in range(12)]
open(sys.argv[1], "w").write("\n".join(rows) + "\n")
EOF
    (
        cd "$out"
        "$hopgate" demo patterns.txt --board icestick --count 40 --pin-cues 20 --runs 1 --quiet -o patterns >patterns.log
        "$hopgate" demo digits --classes --centres 64 --count 60 --pin-cues 20 --runs 1 --quiet -o classes >classes.log
    )
    set -- "$out/patterns" "$out/classes"
fi
runs=
for run in "$@"; do
    "$hopgate" report "$run" --quiet >/dev/null
    runs=$runs:$(realpath "$run")
done
HOPGATE=$hopgate HOPGATE_RUNS=$runs HOPGATE_WEB_TOOLS=$tools HOPGATE_SHOTS=${HOPGATE_SHOTS:-$out/shots} CHROMIUM=$CHROMIUM \
    exec node --test "$here/software/web/tests/browser/"
