#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# What of the Rust crates takes longer than the tests may: lints and documentation without a warning, the
# address sanitizer, growth, peers with many crates, and the packages in a clean place.
#
#   long.sh BUILD_DIRECTORY
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=$(cd "$1" && pwd)
PATH=$PATH:$HOME/.cargo/bin
target=$build/tests/rust
export LIBWS_DIR=$build LD_LIBRARY_PATH=$build CARGO_TARGET_DIR=$target/target
cd "$here"

echo "-- format, clippy, documentation"
cargo fmt --check
cargo clippy --locked --all-targets --features libws/tokio -- -D warnings
RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --features libws/tokio

echo "-- what must not compile does not, for the reason that is written there"
RUSTC_BOOTSTRAP=1 cargo test --locked --features libws/tokio --doc

echo "-- growth over 10,000 clients"
LIBWS_GROWTH=10000 cargo test --locked --features libws/tokio --test closures ten_thousand -- --nocapture

echo "-- fastwebsockets, plain and over TLS, and tungstenite over TLS"
ctest --test-dir "$build" -R '^certs$' --output-on-failure
(cd peers && WS_TEST_CERTS=$build/tests/certs.d CARGO_TARGET_DIR=$target/peers cargo test --locked)

echo "-- address sanitizer"
# Of a stable toolchain, too, the sanitizer's runtime is a part; only its flag asks for nightly.
export RUSTC_BOOTSTRAP=1
mkdir -p "$target/asan"
cat >"$target/asan/mistake.rs" <<'END'
fn main() {
    let freed = { let own = Box::new(7); &*own as *const i32 };
    std::process::exit(unsafe { std::ptr::read_volatile(freed) });
}
END
rustc -Zsanitizer=address -o "$target/asan/mistake" "$target/asan/mistake.rs"
said=$("$target/asan/mistake" 2>&1) && { echo "FAILED: the sanitizer finds no use after free"; exit 1; }
grep -F "heap-use-after-free" >/dev/null <<<"$said"
RUSTFLAGS=-Zsanitizer=address CARGO_TARGET_DIR=$target/asan cargo test --locked --target "$(rustc -vV | sed -n 's/^host: //p')" \
    --features libws/tokio --tests
unset RUSTC_BOOTSTRAP

echo "-- packages, used by a program that finds the library by pkg-config"
cargo package --locked --allow-dirty --workspace --quiet
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cmake --install "$build" --prefix "$work/installed" >/dev/null
for crate in libws-sys libws; do tar -C "$work" -xf "$target/target/package/$crate-0.1.0.crate"; done
mkdir -p "$work/program/src"
cp libws/examples/hello.rs "$work/program/src/main.rs"
cat >"$work/program/Cargo.toml" <<END
[package]
name = "program"
edition = "2024"
[dependencies]
libws = "0.1.0"
[patch.crates-io]
libws = { path = "$work/libws-0.1.0" }
libws-sys = { path = "$work/libws-sys-0.1.0" }
[workspace]
END
libraries=$(dirname "$(find "$work/installed" -name libws.so)")
unset LIBWS_DIR
said=$(cd "$work/program" && PKG_CONFIG_PATH=$libraries/pkgconfig LD_LIBRARY_PATH=$libraries CARGO_TARGET_DIR=$work/target cargo run --quiet)
echo "$said"
grep -F "on close, code is 1000" >/dev/null <<<"$said"
