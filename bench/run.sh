#!/usr/bin/env bash
# Measures ingest against its floor (libdeflate alone) and its peer (DuckDB), and prints a table.
#
#   ROLECALL=target/release/rolecall bench/run.sh FOLDER
#
# `./dev bench` builds what this needs, and calls it.
#
# FOLDER keeps the inputs and the peer's Python, so the next run starts at once; it needs 400 MB.
# Nothing here asserts a time: the numbers are for reading, on a machine that does nothing else.
set -euo pipefail

folder=${1:?"usage: ROLECALL=… bench/run.sh FOLDER"}
rolecall=$(realpath "${ROLECALL:?"set ROLECALL to the rolecall binary (a release build)"}")
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$folder"
folder=$(realpath "$folder")

target=$(cargo metadata --no-deps --format-version 1 --manifest-path "$here/Cargo.toml" |
    python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')/release

# An input that was interrupted has no ".done", and is made again.
make_input() {
    local name=$1
    shift
    if [[ ! -e $folder/$name.done ]]; then
        rm -rf "${folder:?}/$name"
        "$target/make-trail" "$folder/$name" "$@" >"$folder/$name.making"
        mv "$folder/$name.making" "$folder/$name.done"
    fi
    echo "$name: $(cat "$folder/$name.done")" >&2
    # Into the page cache: the disk is not what is measured.
    find "$folder/$name" -name '*.json.gz' -exec cat {} + >/dev/null
}

# Best of three, the least disturbed: runs a command that prints seconds and peak memory, and leaves
# the best line in the file "best". Each run starts without what the last one wrote.
best() {
    : >"$folder/times"
    for _ in 1 2 3; do
        rm -rf "$folder/lake" "$folder/peer.parquet"
        "$@" >>"$folder/times"
    done
    sort -n "$folder/times" | head -1 >"$folder/best"
}

ingest() {
    best "${one_core[@]}" python3 "$here/measure.py" "$rolecall" --lake "$folder/lake" ingest "$1"
    if [[ ! -d $folder/lake/usage/_delta_log ]]; then
        echo "$rolecall ingest succeeded, but wrote no lake to $folder/lake" >&2
        exit 1
    fi
}

make_input large
make_input small --small
if [[ ! -x $folder/python/bin/python ]]; then
    python3 -m venv "$folder/python"
    "$folder/python/bin/pip" install --quiet "duckdb>=1.4"
fi

one_core=(taskset -c 0)
read -r bytes _ floor _ < <("${one_core[@]}" "$target/inflate-floor" "$folder/large")
read -r _ _ small_floor _ < <("${one_core[@]}" "$target/inflate-floor" "$folder/small")
ingest "$folder/large"
read -r large large_peak <"$folder/best"
ingest "$folder/small"
read -r small small_peak <"$folder/best"
best python3 "$here/measure.py" "$folder/python/bin/python" "$here/duckdb_peer.py" \
    "$folder/large" "$folder/peer.parquet"
read -r peer peer_peak <"$folder/best"
rm -rf "$folder/lake" "$folder/peer.parquet"

python3 - "$bytes" "$floor" "$large" "$large_peak" "$peer" "$peer_peak" "$small_floor" "$small" "$small_peak" <<'TABLE'
import sys
size, floor, large, large_peak, peer, peer_peak, small_floor, small, small_peak = map(float, sys.argv[1:])
rows = [
    ("500 files: inflate alone, one core", floor, floor, None),
    ("500 files: rolecall ingest, one core", large, floor, large_peak),
    ("500 files: DuckDB read_json, two threads", peer, floor, peer_peak),
    ("28,000 files: inflate alone, one core", small_floor, small_floor, None),
    ("28,000 files: rolecall ingest, one core", small, small_floor, small_peak),
]
print("| what | seconds | × floor | peak MiB |")
print("| --- | ---: | ---: | ---: |")
for what, seconds, base, peak in rows:
    print(f"| {what} | {seconds:.2f} | {seconds / base:.1f} | {'' if peak is None else f'{peak:.0f}'} |")
print()
print(f"{size / large / 1e6:.0f} MB of JSON a second; {peer / large:.1f} × as fast as DuckDB; {28000 / small:.0f} files a second.")
TABLE
