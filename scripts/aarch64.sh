#!/bin/sh
# Runs a command in which cargo builds for AArch64, and runs what it built under QEMU: how the NEON loops are tested on another machine.
#
#   scripts/aarch64.sh cargo test -p hopgate-model
set -eu

target=aarch64-unknown-linux-gnu
missing() {
    echo "aarch64: $1 is missing; this gets it: $2" >&2
    exit 1
}
[ "$#" -gt 0 ] || { echo "usage: $0 COMMAND..." >&2 && exit 2; }
command -v qemu-aarch64 >/dev/null || missing qemu-aarch64 "apt-get install qemu-user"
command -v aarch64-linux-gnu-gcc >/dev/null ||
    missing "a linker for AArch64" "apt-get install gcc-aarch64-linux-gnu libc6-dev-arm64-cross"
libraries=$(rustc --print target-libdir --target $target)
[ -d "$libraries" ] || missing "Rust's library for AArch64" "rustup target add $target"

export CARGO_BUILD_TARGET=$target
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER="qemu-aarch64 -L /usr/aarch64-linux-gnu"
exec "$@"
