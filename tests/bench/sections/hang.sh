# SPDX-License-Identifier: Apache-2.0
# A thousand connections that a fault keeps hanging, and what the others feel of them.
start_mock
api POST '/api/2.0/postgres/projects?project_id=bench' '{"spec":{}}'
api POST '/api/2.0/postgres/projects?project_id=stuck' '{"spec":{}}'
api POST '/_mock/faults' \
  '{"match":{"path":"/api/2.0/postgres/projects/stuck"},"phase":"before","action":{"type":"hang"}}'
p99() {
  rate "$url/api/2.0/postgres/projects/bench" 8 --latency >/dev/null
  awk '/99%/ { n = $2 + 0; if ($2 ~ /us$/) n /= 1000; else if ($2 ~ /[0-9]s$/) n *= 1000; print n }' "$work/wrk"
}
without=$(for _ in 1 2 3; do p99; done | median)
mkfifo "$work/hold"
"$bin/hold" "$port" 1000 /api/2.0/postgres/projects/stuck t <"$work/hold" >"$work/held" &
exec 4>"$work/hold"
while [ ! -s "$work/held" ]; do sleep 0.05; done
with=$(for _ in 1 2 3; do p99; done | median)
exec 4>&-
row 'p99 of others without 1,000 hanging connections' "$without ms"
row 'p99 of others with them' "$with ms" 'the same'
