#!/usr/bin/env bash
# Builds the zips of the functions for Lambda: infra/bundle.sh [FOLDER], into FOLDER/ARCHITECTURE/FUNCTION.zip
# (target/bundles unless told). x86_64 always; arm64 where Rust has that target (rustup target add
# aarch64-unknown-linux-gnu). It takes long: everything is built anew, against the C library that Lambda has.
# FOLDER/sizes.md holds sizes and times; it fails if a zip cannot run on Lambda.
set -euo pipefail
cd "$(dirname "$0")/.."

functions=(ingest poll detect upkeep notify)
target=${CARGO_TARGET_DIR:-$PWD/target}
out=${1:-$target/bundles}
tools=$target/cargo-lambda-1.9.2

if [[ ! -x $tools/bin/cargo-lambda ]]; then
    # It brings zig, whose linker knows the C library of each version.
    python3 -m venv "$tools"
    "$tools/bin/pip" install --quiet --disable-pip-version-check cargo-lambda==1.9.2
fi
# cargo-lambda looks for zig, or for the python-zig of its own environment, on the PATH.
export PATH=$tools/bin:$PATH

# Whether Rust can build for a target, also where Rust came without rustup.
has() { [[ -d $(rustc --print sysroot)/lib/rustlib/$1/lib ]]; }

build() { # architecture, flag of cargo-lambda
    local begin=$SECONDS folder=$target/lambda-$1 function
    # A folder for each architecture: cargo-lambda would move one's files over the other's.
    cargo lambda build --release --locked --package rolecall-functions --bins "$2" \
        --output-format zip --lambda-dir "$folder"
    mkdir -p "$out/$1"
    for function in "${functions[@]}"; do
        cp "$folder/$function/bootstrap.zip" "$out/$1/$function.zip"
    done
    echo "$((SECONDS - begin))" >"$out/$1/seconds"
}

rm -rf "$out"
build x86_64 --x86-64
if has aarch64-unknown-linux-gnu; then
    build arm64 --arm64
else
    echo "no arm64: Rust has no aarch64-unknown-linux-gnu here; deploy with Architecture=x86_64" >&2
fi
python3 infra/bundles.py "$out"
