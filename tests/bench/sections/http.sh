# SPDX-License-Identifier: Apache-2.0
# GET of a project against bare evhttp that sends the same bytes; and what the journal costs.
start_mock
api POST '/api/2.0/postgres/projects?project_id=bench' '{"spec":{"display_name":"Bench"}}'
path=/api/2.0/postgres/projects/bench
curl -sS -H 'Authorization: Bearer t' -D "$work/head" -o "$work/body" "$url$path"
mock=$url$path mock_pid=$pid
"$bin/bare_evhttp" $path "$work/body" Content-Type application/json X-Mock-Seq 1234567 >"$work/bare" &
bare_pid=$!
pids="$pids $bare_pid"
while [ ! -s "$work/bare" ]; do sleep 0.05; done
bare=http://127.0.0.1:$(cat "$work/bare")$path
mock_rate() { rate "$mock" 32; }
bare_rate() { rate "$bare" 32; }
row 'GET of a project / bare evhttp, 32 connections' "$(alternate mock_rate bare_rate)" '>= 0.75'
for _ in 1 2 3 4 5; do
  calc '%.4f\n' "$(cpu_per_request "$bare_pid" bare_rate) / $(cpu_per_request "$mock_pid" mock_rate)"
done >"$work/cpu"
row 'the same in processor time of the server alone' "$(median <"$work/cpu")" '>= 0.75'

start_mock --journal 1
api POST '/api/2.0/postgres/projects?project_id=bench' '{"spec":{"display_name":"Bench"}}'
quiet=$url$path
quiet_rate() { rate "$quiet" 32; }
row 'GET with journal / with a journal of one row' "$(alternate mock_rate quiet_rate)" '>= 0.90'
