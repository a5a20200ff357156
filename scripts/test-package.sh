#!/bin/sh
# Tests the Python package as it is installed: types, style, tests and examples in the documentation, on numpy 1.26 and on numpy 2;
# then the notebooks.
#
#   scripts/test-package.sh PROGRAM [tests|notebooks]
#
# PROGRAM is the hopgate that the package is compared with. Virtual environments are made in target/, once.
set -eu
case ${1:-} in
"") echo "usage: $0 PROGRAM [tests|notebooks]" >&2 && exit 2 ;;
/*) program=$1 ;;
*) program=$PWD/$1 ;;
esac
what=${2:-all}
cd "$(dirname "$0")/.."
root=$PWD

target=${CARGO_TARGET_DIR:-$PWD/target}
case $target in /*) ;; *) target=$PWD/$target ;; esac
scripts/wheel.sh dev "$target/wheels-dev"

# A virtual environment with these packages, and the wheel.
environment() {
    venv=$target/package-$1
    shift
    if ! [ -e "$venv/ready" ]; then
        rm -rf "$venv"
        python3 -m venv "$venv" || { echo 'test-package: python3 with venv is needed (Debian: python3-venv)' >&2; exit 1; }
        "$venv/bin/pip" install --quiet --disable-pip-version-check "$@"
        touch "$venv/ready"
    fi
    "$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --force-reinstall "$target"/wheels-dev/hopgate-*.whl
}

tests() {
    for numpy in 1.26 2; do
        environment "numpy-$numpy" "numpy==$numpy.*" pyserial 'scikit-learn>=1.6' pytest mypy ruff
        echo "== $("$venv/bin/python" -c 'import numpy, sklearn; print("numpy", numpy.__version__, "scikit-learn", sklearn.__version__)')"
        # from elsewhere: what is tested is what is installed, and not what lies here. A bitstream is built once
        case $numpy in 2) bitstream=1 ;; *) bitstream= ;; esac
        (cd "$venv" && HOPGATE=$program HOPGATE_BUILD=$bitstream "$venv/bin/pytest" -q -c "$root/software/python/pyproject.toml" \
            --rootdir "$root/software/python" "$root/software/python/tests/package")
        (cd "$venv" && "$venv/bin/pytest" -q -c "$root/software/python/pyproject.toml" --doctest-modules --ignore-glob='*/litex.py' --pyargs hopgate)
    done
    (cd software/python && "$venv/bin/ruff" check . && "$venv/bin/mypy")
}

notebooks() {
    environment notebooks numpy pyserial 'scikit-learn>=1.6' nbclient nbformat ipykernel
    HOPGATE=$program "$venv/bin/python" software/python/notebooks/run.py "$target/notebooks"
}

case $what in
all) tests && notebooks ;;
tests | notebooks) $what ;;
*) echo "test-package: there is no $what" >&2 && exit 2 ;;
esac
