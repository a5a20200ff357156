#!/bin/sh
# Installs the external tools of `make demo` or `make test` on a Debian-like machine.
#
#   scripts/setup.sh [demo|test]
#
# Does nothing, quickly, if all of them are there. Otherwise installs what is missing if it may (as root,
# or with a sudo that asks for no password), and else prints the command to type and exits with code 1.
# A tool that lies elsewhere is found by HOPGATE_<TOOL> (HOPGATE_YOSYS=/opt/yosys/bin/yosys), as in hopgate.
set -eu

set_name=${1:-demo}
case $set_name in
demo | test) ;;
*)
    echo "usage: $0 [demo|test]" >&2
    exit 2
    ;;
esac

# The variable that names another path for a tool.
variable() {
    printf 'HOPGATE_%s' "$1" | tr '[:lower:]+' '[:upper:]X' | tr -c 'A-Z0-9' '_'
}

# Where a tool is, empty if nowhere.
path_of() {
    command -v "$(printenv "$(variable "$1")" || echo "$1")" 2>/dev/null || true
}

# icetime reads a chip database that is a package of its own, and only a recommended one.
chip_database() {
    icetime=$(path_of icetime)
    test -n "$icetime" || return 1
    share=$(dirname "$icetime")/../share
    for file in "$share/fpga-icestorm/chipdb/chipdb-8k.txt" "$share/icebox/chipdb-8k.txt"; do
        if [ -e "$file" ]; then return 0; fi
    done
    # somewhere else, perhaps: an empty design makes it load the database
    empty=$(mktemp)
    echo ".device 8k" >"$empty"
    said=$("$icetime" -d hx8k "$empty" 2>/dev/null || true)
    rm -f "$empty"
    case $said in *"Timing estimate"*) return 0 ;; *) return 1 ;; esac
}

# Debian's own Python first: one of pyenv or conda on the PATH may well lack numpy.
numpy() {
    for python in /usr/bin/python3 python3; do
        if "$python" -c 'import numpy' 2>/dev/null; then return 0; fi
    done
    return 1
}

# Prints the packages that are missing.
missing() {
    for pair in verilator:verilator yosys:yosys nextpnr-ice40:nextpnr-ice40 icepack:fpga-icestorm \
        g++:g++ make:make; do
        if [ -z "$(path_of "${pair%%:*}")" ]; then echo "${pair#*:}"; fi
    done
    chip_database || echo fpga-icestorm-chipdb
    if [ "$set_name" = test ]; then
        if [ -z "$(path_of iverilog)" ]; then echo iverilog; fi
        # the proofs' engine, which comes with Debian's yosys
        if [ -z "$(path_of yosys-abc)" ]; then echo yosys; fi
        if ! command -v python3 >/dev/null; then echo python3; fi
        numpy || echo python3-numpy
    fi
}

# Complains about a tool that is older than the oldest that works.
new_enough() {
    have=$("$(path_of "$1")" "$2" 2>/dev/null | sed -n 's/^[^0-9]*\([0-9][0-9.]*\).*/\1/p' | head -n 1)
    oldest=$(printf '%s\n%s\n' "$have" "$3" | sort -V | head -n 1)
    if [ -n "$have" ] && [ "$oldest" != "$3" ]; then
        echo "setup: $1 $have is too old, hopgate needs $3 or newer. Put a newer one on the PATH" \
            "(Debian 12 has it), or set $(variable "$1") to one." >&2
        exit 1
    fi
}

# The oldest Rust that has the 512-bit vectors of the recall engine; Cargo.toml says the same. It is needed before anything else.
rust=1.89
cargo=${CARGO:-cargo}
# shellcheck disable=SC2086 # CARGO may hold arguments, as in "cargo +1.95.0"
have=$($cargo --version 2>/dev/null | sed -n 's/^cargo \([0-9.]*\).*/\1/p')
if [ -z "$have" ]; then
    if [ -x "${HOME:-}/.cargo/bin/cargo" ]; then
        echo "setup: cargo is not on the PATH; type: . \"\$HOME/.cargo/env\"" >&2
    else
        echo "setup: the Rust toolchain (cargo) is missing: hopgate needs $rust or newer; get it from https://rustup.rs" >&2
    fi
    exit 1
fi
if [ "$(printf '%s\n%s\n' "$have" "$rust" | sort -V | head -n 1)" != "$rust" ]; then
    echo "setup: Rust $have is too old, hopgate needs $rust or newer (that of Debian 12 is not): get it from" \
        "https://rustup.rs, or type: rustup update" >&2
    exit 1
fi

packages=$(missing | tr '\n' ' ')
packages=${packages% }
if [ -n "$packages" ]; then
    as_root=
    if [ "$(id -u)" -ne 0 ]; then as_root=sudo; fi
    install="${as_root:+$as_root }env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $packages"
    if ! command -v apt-get >/dev/null; then
        echo "setup: missing: $packages (names of Debian packages). There is no apt-get here:" \
            "install them your system's way and call this again." >&2
        exit 1
    fi
    if [ -n "$as_root" ] && ! sudo -n true 2>/dev/null; then
        echo "setup: missing: $packages. Type this, then call make again:" >&2
        echo "    sudo apt-get install -y --no-install-recommends $packages" >&2
        exit 1
    fi
    echo "setup: $install"
    # shellcheck disable=SC2086 # a list of words on purpose
    if ! $install; then
        # the package lists may be missing, or out of date
        $as_root apt-get update
        # shellcheck disable=SC2086
        $install
    fi
    left=$(missing | tr '\n' ' ')
    if [ -n "$left" ]; then
        echo "setup: still missing after the installation: $left" >&2
        exit 1
    fi
fi

new_enough verilator --version 5.006
new_enough yosys -V 0.23
