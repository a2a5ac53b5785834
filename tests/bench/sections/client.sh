# SPDX-License-Identifier: Apache-2.0
# liblakebase against bare libcurl over one connection; and the wall time of one lakebasectl.
ninja -C "$build" tests/bench/client client/lakebasectl >/dev/null
start_mock
api POST '/api/2.0/postgres/projects?project_id=bench' '{"spec":{"display_name":"Bench"}}'
read -r ratio _ idle <<END
$("$bin/client" "$url" projects/bench)
END
row 'calls of liblakebase / of bare libcurl' "$ratio" '>= 0.80'
row 'memory of an idle client beside libcurl' "$idle KiB" '<= 1024 KiB'
ctl() { DATABRICKS_HOST=$url "$build/client/lakebasectl" project get bench >/dev/null; }
for _ in $(seq 31); do
  begin=$(date +%s%N)
  ctl
  calc '%.2f\n' "($(date +%s%N) - $begin) / 1000000"
done >"$work/ctl"
row 'lakebasectl project get, wall, date(1) included' "$(median <"$work/ctl") ms" '<= 15 ms'
