# SPDX-License-Identifier: Apache-2.0
# The front of the databases against the same PostgreSQL reached directly, over TLS in both cases.
pg_bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
if [ -z "$pg_bin" ] || ! command -v pgbench >/dev/null; then
  row 'databases' 'left out' 'needs PostgreSQL with pgbench'
  return 0
fi
db_user=admin@example.com
as_user() { if [ "$(id -u)" = 0 ]; then setpriv --reuid postgres --regid postgres --clear-groups "$@"; else "$@"; fi; }
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("", 0)); print(s.getsockname()[1])'; }
json() { python3 -c "import json, sys; print(json.load(sys.stdin)$1)"; }
ask() { curl -sSf -X "$1" -H 'Authorization: Bearer mock-default' ${3:+-d "$3"} "$url$2"; }
mock_port=$(free_port)
chmod 755 "$work"
start_mock --postgres "$pg_bin" --postgres-port "$mock_port" --postgres-data "$work/pg"
ask POST '/api/2.0/postgres/projects?project_id=bench' '{"spec":{}}' >/dev/null
endpoint=projects/bench/branches/production/endpoints/primary
host=$(ask GET "/api/2.0/postgres/$endpoint" | json '["status"]["hosts"]["host"]')
PGPASSWORD=$(ask POST /api/2.0/postgres/credentials "{\"endpoint\":\"$endpoint\"}" | json '["token"]')
export PGPASSWORD PGSSLMODE=require PGUSER=$db_user PGDATABASE=databricks_postgres
ours="host=$host port=$mock_port"
psql -Xqc 'SELECT 1' "$ours" >/dev/null
pgbench -iq "$ours" >/dev/null 2>&1
ask POST /_mock/postgres/suspend "{\"endpoint\":\"$endpoint\"}" >/dev/null

# The same cluster, copied, with TLS and a port of its own.
cluster=$(find "$work/pg/ws" -name PG_VERSION -path '*/data/PG_VERSION' | head -n 1)
direct_port=$(free_port)
cp -a "$(dirname "$cluster")" "$work/direct"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=direct -days 2 \
  -keyout "$work/direct/server.key" -out "$work/direct/server.crt" 2>/dev/null
echo 'hostssl all all 127.0.0.1/32 trust' >"$work/direct/pg_hba.conf"
chmod 600 "$work/direct/server.key"
[ "$(id -u)" != 0 ] || chown -R postgres "$work/direct"
as_user "$pg_bin/postgres" -D "$work/direct" -c listen_addresses=127.0.0.1 -c port="$direct_port" -c ssl=on \
  -c unix_socket_directories= -c hba_file="$work/direct/pg_hba.conf" >"$work/direct.log" 2>&1 &
pids="$pids $!"
theirs="host=127.0.0.1 port=$direct_port"
until psql -Xqc 'SELECT 1' "$theirs" >/dev/null 2>&1; do sleep 0.1; done

# milliseconds COMMAND...
milliseconds() { begin=$(date +%s%N); "$@" >/dev/null; calc '%.2f\n' "($(date +%s%N) - $begin) / 1000000"; }
first_row() {
  ask POST /_mock/postgres/suspend "{\"endpoint\":\"$endpoint\"}" >/dev/null
  milliseconds psql -Xqc 'SELECT 1' "$ours"
}
row 'first row on a sleeping endpoint, psql included' "$(for _ in $(seq 9); do first_row; done | median) ms" '<= 400 ms'
for _ in $(seq 21); do
  milliseconds psql -Xqc 'SELECT 1' "$ours" >>"$work/ours"
  milliseconds psql -Xqc 'SELECT 1' "$theirs" >>"$work/theirs"
done
row 'psql, one row, awake / direct TLS' "$(calc '%.2f' "$(median <"$work/ours") / $(median <"$work/theirs")")" '<= 1.50'
tps() { pgbench -nS -c 8 -T "$seconds" "$1" 2>/dev/null | awk '/^tps/ { print $3 }'; }
ours_tps() { tps "$ours"; }
theirs_tps() { tps "$theirs"; }
row 'pgbench -S -c 8 / direct TLS' "$(alternate ours_tps theirs_tps)" '>= 0.80'

# A hundred megabytes, and what requests of the API feel of fifty sessions that pump.
big="COPY (SELECT repeat('x', 1000) FROM generate_series(1, 100000)) TO STDOUT"
for _ in 1 2 3 4 5; do
  milliseconds psql -Xqc "$big" "$ours" >>"$work/big_ours"
  milliseconds psql -Xqc "$big" "$theirs" >>"$work/big_theirs"
done
row '100 MB, direct TLS / through the front, wall' \
  "$(calc '%.2f' "$(median <"$work/big_theirs") / $(median <"$work/big_ours")")"
p99() {
  rate "$url/api/2.0/postgres/projects/bench" 8 --latency >/dev/null
  awk '/99%/ { n = $2 + 0; if ($2 ~ /us$/) n /= 1000; else if ($2 ~ /[0-9]s$/) n *= 1000; print n }' "$work/wrk"
}
without=$(for _ in 1 2 3; do p99; done | median)
pumps=
for _ in $(seq 15); do
  (while :; do psql -Xqc "$big" "$ours" >/dev/null 2>&1 || sleep 0.1; done) &
  pumps="$pumps $!"
done
sleep 1
with=$(for _ in 1 2 3; do p99; done | median)
kill $pumps 2>/dev/null || :
wait $pumps 2>/dev/null || :
row 'p99 of the API, nothing else' "$without ms"
row 'p99 of the API while 15 sessions pump' "$with ms" 'the same'
