# SPDX-License-Identifier: Apache-2.0
# From exec to the ready line, and memory.
us=$("$bin/start" 20 "$server" --listen 127.0.0.1:0 --log off)
row 'exec to ready, median of 20' "$(calc '%.1f ms' "$us / 1000")" '<= 10 ms'

rss() { awk '/VmRSS/ { printf "%.1f MiB", $2 / 1024 }' "/proc/$1/status"; }
start_mock
row 'memory when idle' "$(rss "$pid")" '<= 8 MiB'
api POST '/api/2.0/postgres/projects?project_id=bench' '{"spec":{}}'
while [ "$(curl -sS "$url/_mock/metrics" | awk '/^lakebase_mock_requests_total/ { n += $2 } END { print n + 0 }')" \
  -lt 100000 ]; do
  before=$(awk '/VmRSS/ { print $2 }' "/proc/$pid/status")
  rate "$url/api/2.0/postgres/projects/bench" 32 >/dev/null
  asked=$((${asked:-0} + $(awk '/requests in/ { print $1 }' "$work/wrk")))
  [ "$asked" -lt 100000 ] || break
done
row "memory after $asked journalled requests" "$(rss "$pid")" '<= 64 MiB'
