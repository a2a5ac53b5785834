#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Prints what the server costs, as ratios to bare programs that run beside it: machines differ, ratios
# less so. Usage: tests/bench/run.sh [BUILD-FOLDER [SECTION]...]
# A section is a file of sections/: it sets nothing up that it does not take down, and calls `row`.
set -eu
cd "$(dirname "$0")/../.."
build=${1:-build}
[ $# -gt 0 ] && shift
here=tests/bench
bin=$build/tests/bench
server=$build/server/lakebase-mock
seconds=${BENCH_SECONDS:-3}
command -v wrk >/dev/null || { echo 'bench: wrk is not installed (apt-get install wrk)' >&2; exit 1; }
ninja -C "$build" server/lakebase-mock tests/bench/bare_evhttp tests/bench/bare_writes tests/bench/start \
  tests/bench/hold >/dev/null
work=$(mktemp -d)
pids=
trap 'stop_all; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

stop_all() { for pid in $pids; do kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null || :; done; pids=; }

# row WHAT FIGURE GOAL: one line of the table.
row() { printf '%-52s %14s   %s\n' "$1" "$2" "${3:-}"; }

calc() { awk "BEGIN { printf \"$1\", $2 }"; }

median() { sort -n | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'; }

# start_mock FLAGS...: sets $url, $port and $pid.
start_mock() {
  rm -f "$work/port"
  "$server" --listen 127.0.0.1:0 --port-file "$work/port" --log off "$@" >/dev/null &
  pid=$!
  pids="$pids $pid"
  while [ ! -s "$work/port" ]; do kill -0 "$pid" || exit 1; sleep 0.05; done
  port=$(cat "$work/port")
  url=http://127.0.0.1:$port
}

stop() { kill "$1" && wait "$1" || :; }

# api METHOD PATH [BODY]
api() { curl -sSf -o /dev/null -X "$1" -H 'Authorization: Bearer t' ${3:+-d "$3"} "$url$2"; }

# rate URL CONNECTIONS [wrk flags]: requests per second.
rate() {
  target=$1 conns=$2
  shift 2
  wrk -t1 -c"$conns" -d"${seconds}s" -H 'Authorization: Bearer t' "$@" "$target" >"$work/wrk" || exit 1
  ! grep -E 'Non-2xx|Socket errors' "$work/wrk" >&2 || exit 1
  awk '/Requests\/sec/ { print $2 }' "$work/wrk"
}

# alternate A B: the median of five ratios of rates, measured in turn so that noise meets both.
alternate() {
  for _ in 1 2 3 4 5; do
    a=$($1)
    b=$($2)
    calc '%.4f\n' "$a / $b"
    echo "  $a / $b" >&3
  done | median
}
# cpu_per_request PID RATE-FUNCTION: microseconds of processor time that the server spends.
cpu_per_request() {
  ticks() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }
  before=$(ticks "$1")
  "$2" >/dev/null
  spent=$(($(ticks "$1") - before))
  calc '%.3f' "$spent * 1e6 / $(getconf CLK_TCK) / $(awk '/requests in/ { print $1 }' "$work/wrk")"
}
exec 3>/dev/null
[ -z "${BENCH_VERBOSE:-}" ] || exec 3>&2

for section in "${@:-$here/sections/*.sh}"; do
  case $section in */*) files=$section ;; *) files=$here/sections/$section.sh ;; esac
  for file in $files; do
    . "$file"
    stop_all
  done
done
