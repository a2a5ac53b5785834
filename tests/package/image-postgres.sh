#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# image-postgres.sh ARCHIVE: unpacks the image with PostgreSQL as an engine would, and runs it as its user:
# a database, a table, a branch with the table in it. Needs root and psql.
set -u
here=$(cd -P "$(dirname "$0")" && pwd)
. "$here/tap.sh"
. "$here/oci.sh"
work=$(mktemp -d)
server=
trap 'kill $server 2>/dev/null; wait 2>/dev/null; umount -R "$work/root/proc" "$work/root/dev" 2>/dev/null; rm -rf --one-file-system "$work"' EXIT
oci=$work/oci root=$work/root
mkdir -p "$oci" "$root"
check 'the archive unpacks' tar -C "$oci" -xf "$1"
check 'every blob has the digest that names it' digests_hold
config=$(jq -r .config.digest "$(blob "$(jq -r '.manifests[0].digest' "$oci/index.json")")")
layer=$(jq -r '.layers[].digest' "$(blob "$(jq -r '.manifests[0].digest' "$oci/index.json")")")
check 'it runs as nobody in particular' config '.config.User == "65532:65532"'
check 'its layer unpacks' tar -C "$root" -xzf "$(blob "$layer")"
check 'packed it is at most 170 MB' below "$(stat -c %s "$1")" 170000000
check 'it has the licence' test -s "$root/usr/share/doc/lakebase-mock/copyright"
check 'it has no cluster of its own' test -z "$(ls "$root/var/lib/postgresql" "$root/etc/postgresql" 2>/dev/null | grep -v :)"
check 'it has no key of the machine that made it' test ! -e "$root/etc/ssl/private/ssl-cert-snakeoil.key"

mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
read -r port sql_port < <(python3 "$here/../support/ports.py" 2)
mapfile -t environment < <(jq -r '.config.Env[]' "$(blob "$config")")
mapfile -t command < <(jq -r '(.config.Entrypoint + .config.Cmd)[]' "$(blob "$config")")
user=("$(command -v chroot)" --userspec=65532:65532 "$root")
env -i "${environment[@]}" LAKEBASE_MOCK_LISTEN="127.0.0.1:$port" LAKEBASE_MOCK_POSTGRES_PORT="$sql_port" \
	"${user[@]}" "${command[@]}" >"$work/out" 2>"$work/err" &
server=$!
url=http://127.0.0.1:$port api=http://127.0.0.1:$port/api/2.0/postgres
healthy() { env -i "${environment[@]}" "${user[@]}" /usr/bin/lakebase-mock wait --url "$url" --timeout 60s || { cat "$work/err"; false; }; }
check 'its health check passes once it runs' healthy
ready() { jq -e '.postgres.versions | length > 0' "$work/out"; }
check 'its ready line tells of databases' ready
check 'the server is not root' test "$(stat -c %u "/proc/$server")" = 65532

call() { curl -fsS -H 'Authorization: Bearer mock-default' -X "$1" "$api/$2" ${3+-d "$3"}; }
# lro METHOD PATH BODY: waits for the operation.
lro() {
	local name
	name=$(call "$@" | jq -r .name) || return 1
	for _ in $(seq 1200); do
		[ "$(call GET "$name" | jq -r .done)" != true ] || return 0
		sleep 0.1
	done
	echo "$name is not done"
	return 1
}
# sql BRANCH TEXT: by the name that the API tells, at the address where the container would be.
sql() {
	local endpoint=projects/shop/branches/$1/endpoints/primary token host
	host=$(call GET "$endpoint" | jq -r .status.hosts.host)
	token=$(call POST credentials "{\"endpoint\": \"$endpoint\"}" | jq -r .token)
	PGPASSWORD=$token psql -XAtq "host=$host port=$sql_port user=admin@example.com dbname=databricks_postgres sslmode=require" -c "$2"
}
rows() { [ "$(sql "$1" 'SELECT count(*) FROM t')" = "$2" ]; }
check 'a project is made' lro POST 'projects?project_id=shop' '{}'
check 'psql gets in and makes a table' sql production 'CREATE TABLE t AS SELECT 1 AS n'
check 'a branch is made' lro POST 'projects/shop/branches?branch_id=dev' '{"spec": {"no_expiry": true}}'
check 'the branch has the table' rows dev 1
check 'it goes its own way' sql dev 'INSERT INTO t VALUES (2)'
check 'which its source does not see' rows production 1
owned() { [ -z "$(find "$root/data" ! -user 65532)" ]; }
check 'all data is its user'"'"'s, in /data' owned
ends() { kill -TERM "$server" && wait "$server"; }
check 'SIGTERM ends it' ends
server=
left() { ! pgrep -u 65532 -f "$root|/data/pg" -l; }
check 'no database server is left' left
finish
