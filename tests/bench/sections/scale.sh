# SPDX-License-Identifier: Apache-2.0
# The same calls with 10 and with 100,000 projects; and the reset of a thousand resources.
fixture() {
  printf '{"schema":1,"title":"%s projects","requests":[{"method":"POST",
    "path":"/api/2.0/postgres/projects?project_id=load-{n}","body":{"spec":{}},"repeat":%s}]}' "$1" "$1" \
    >"$work/$1.json"
}
fixture 10
fixture 100000
start_mock --set max_projects=1000000 --fixture "$work/10.json"
few=$url
start_mock --set max_projects=1000000 --fixture "$work/100000.json"
many=$url
get_few() { rate "$few/api/2.0/postgres/projects/load-7" 8; }
get_many() { rate "$many/api/2.0/postgres/projects/load-77777" 8; }
list_few() { rate "$few/api/2.0/postgres/projects?page_size=10" 8; }
list_many() { rate "$many/api/2.0/postgres/projects?page_size=10" 8; }
row 'time of a GET with 100,000 projects / with 10' "$(alternate get_few get_many)" '<= 1.20'
row 'time of a first page with 100,000 / with 10' "$(alternate list_few list_many)" '<= 1.20'
stop_all

printf '{"schema":1,"title":"1000","requests":[{"method":"POST","path":"/api/2.0/postgres/projects?project_id=p",
  "body":{"spec":{}}},{"method":"POST","path":"/api/2.0/postgres/projects/p/branches?branch_id=b-{n}",
  "body":{"spec":{"no_expiry":true}},"repeat":998}]}' >"$work/1000.json"
for _ in 1 2 3 4 5; do
  start_mock --set max_branches=10000 --set max_unarchived_branches=10000 --fixture "$work/1000.json"
  curl -sSf -o /dev/null "$url/_mock/health"
  curl -sSf -o "$work/reset" -w '%{time_starttransfer} %{time_pretransfer}\n' -X POST "$url/_mock/reset" |
    awk '{ print ($1 - $2) * 1000 }'
  stop "$pid"
done >"$work/resets"
row "reset of $(sed 's/.*"removed": *\([0-9]*\).*/\1/' "$work/reset") resources" "$(median <"$work/resets") ms" '<= 2 ms'
