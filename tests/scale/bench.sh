#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# bench.sh BINARY [SECONDS]: requests per second of 1, 2 and 4 mocks behind the proxy, and of one without it. 32
# connections, 64 workspaces, GET of a project, on this machine's loopback: load generator, proxy and
# mocks share its processors, so what is measured is a ratio, not a record.
set -euo pipefail
binary=${1:?the server} seconds=${2:-4}
top=$(cd -P "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null; wait 2>/dev/null; rm -rf "$work"' EXIT

cat >"$work/wrk.lua" <<'LUA'
local n = 0
request = function()
  n = n + 1
  return wrk.format("GET", "/api/2.0/postgres/projects/p", {["Authorization"] = "Bearer mock-b" .. n % 64})
end
done = function(summary, latency)
  io.write(string.format("%d %.2f %.2f %d\n", summary.requests * 1000000 / summary.duration,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    summary.errors.status + summary.errors.read + summary.errors.connect))
end
LUA

load() { wrk -t1 -c32 -d"${seconds}s" -s "$work/wrk.lua" "$1" | tail -n 1; }
fill() {
  for i in $(seq 0 63); do
    curl -fsS -o /dev/null -H "Authorization: Bearer mock-b$i" -d '{}' "$1/api/2.0/postgres/projects?project_id=p"
  done
}
printf '%-28s %12s %8s %8s %8s %8s\n' '' 'requests/s' 'p50 ms' 'p99 ms' errors ratio
base=
row() {
  local rate p50 p99 errors
  read -r rate p50 p99 errors < <(load "$2")
  base=${base:-$rate}
  printf '%-28s %12s %8s %8s %8s %8.2f\n' "$1" "$rate" "$p50" "$p99" "$errors" \
    "$(awk "BEGIN { print $rate / $base }")"
}
for count in 0 1 2 4; do
  pids=()
  for i in $(seq $((count > 0 ? count : 1))); do
    "$binary" serve --listen 127.0.0.1:0 --port-file "$work/port$i" --log off >/dev/null &
    pids+=($!)
    while [ ! -s "$work/port$i" ]; do sleep 0.02; done
    export "MOCK_$i=127.0.0.1:$(cat "$work/port$i")"
    rm "$work/port$i"
  done
  url=http://$MOCK_1
  if [ "$count" != 0 ]; then
    sed -E "/server mock-/{/mock-[1-$count] /!d}" "$top/docker/scale/haproxy.cfg" >"$work/haproxy.cfg"
    listen=127.0.0.1:$(python3 "$top/tests/support/ports.py")
    HAPROXY_LISTEN=$listen MOCK_COUNT=$count HAPROXY_STATS=$work/stats haproxy -f "$work/haproxy.cfg" >/dev/null 2>&1 &
    pids+=($!)
    url=http://$listen
    for _ in $(seq 100); do curl -fsS -o /dev/null "$url/ready" 2>/dev/null && break; sleep 0.1; done
  fi
  fill "$url"
  row "$([ "$count" = 0 ] && echo '1 mock, no proxy' || echo "$count mock(s) behind the proxy")" "$url"
  kill "${pids[@]}"
  wait "${pids[@]}" 2>/dev/null || true
done
