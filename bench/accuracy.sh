#!/usr/bin/env bash
# How many attacks are found, and how much of what is told is noise, as Markdown.
#
#   ROLECALL=target/release/rolecall bench/accuracy.sh FOLDER
#
# Organisations are made up in FOLDER, which needs 2 GB: some with every attack of the catalogue, and
# some without any, where whatever is told is noise.
set -euo pipefail

here=$(dirname "$(realpath "$0")")
folder=${1:?"usage: ROLECALL=… bench/accuracy.sh FOLDER"}
rolecall=$(realpath "${ROLECALL:?"set ROLECALL to the rolecall binary (a release build)"}")
mkdir -p "$folder"
# So many findings that nothing explains are listed one by one; more would drown the page.
listed=20

# The evaluation of an organisation with this seed, and these arguments for `simulate`.
evaluated() {
    local seed=$1 trail=$folder/trail lake=$folder/lake
    shift
    rm -rf "$trail" "$lake"
    "$rolecall" simulate "$trail" --seed "$seed" "$@" >&2
    "$rolecall" --lake "$lake" --config "$trail/rolecall.toml" --format json run "$trail/AWSLogs" >/dev/null
    "$rolecall" --lake "$lake" --config "$trail/rolecall.toml" evaluate "$trail/labels.jsonl" \
        --list-noise "$listed" >"$folder/$seed.md"
}
# Its first table without the heading.
total() { sed -n 3p "$folder/$1.md"; }
# What nothing explains in it, if there is any.
noise() {
    local lines
    lines=$(awk '/ that no label explains/ { on = 1 } on && /^\|/ { table = 1 } table && !/^\|/ { exit } on' "$folder/$1.md")
    [[ -z $lines ]] || printf '\nWith seed %s: %s\n' "$1" "$lines"
}

heading='| seed | accounts | events | attacks | found | recall | findings ≥ medium | precision | noise per million events |
| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |'

printf '# Accuracy\n\nWritten by `./dev accuracy`, from made-up organisations (`rolecall simulate`).\n'
printf 'Noise is a finding of medium or higher, out of dry run, that no labelled attack explains: each has its line.\n'
printf 'Where it is more than %s findings, each detection has one.\n' "$listed"
printf 'The same people wrote organisations, attacks and detections, so real trails, below, are the harder test.\n'
printf '\n## Thirty days with every attack\n\n%s\n' "$heading"
for size in "1 10" "2 10" "3 25" "4 9"; do
    read -r seed accounts <<<"$size"
    evaluated "$seed" --accounts "$accounts" --days 30 --events-per-day $((accounts * 1200)) --attacks all
    echo "| $seed | $accounts $(total "$seed")"
done
for seed in 2 3 4; do noise "$seed"; done
printf '\n## Three weeks without attacks\n\nWith everything that only looks like one.\n\n%s\n' "$heading"
for seed in 11 12 13 14 15; do
    accounts=$((seed - 6))
    evaluated "$seed" --accounts "$accounts" --days 21 --events-per-day 12000
    echo "| $seed | $accounts $(total "$seed")"
done
for seed in 11 12 13 14 15; do noise "$seed"; done
printf '\n## Which detection found what, with seed 1\n\n'
sed -n '4,$p' "$folder/1.md" | sed '/./,$!d'
rm -rf "$folder/trail" "$folder/lake"

printf '\n## Real logs\n\n'
logs=${ROLECALL_SHARED_DATA:-$here/../../shared/data}
if [[ ! -f $logs/labels.jsonl ]]; then
    echo 'They were absent when this was written: they lie outside, in `../shared/data` or `ROLECALL_SHARED_DATA`.'
    exit
fi
printf 'Public logs of attacks and of everyday work, which are no part of the repository. Each file is read into\n'
printf 'a lake of its own, where nothing has a history: an attack may be found in dry run, and noise is only what is told.\n'
printf 'Their labels name events but no times, so how soon counts from the earliest of those events; where a label names\n'
printf 'none, nothing is said of it.\n'
printf 'What is out of scope, and where we mean to differ from published rules, stands in `bench/real-logs.toml`.\n\n'
"$rolecall" evaluate "$logs/labels.jsonl" --notes "$here/real-logs.toml" --list-noise "$listed"
