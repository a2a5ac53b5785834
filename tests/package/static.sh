#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# static.sh BINARY SDK-PYTHON [MORE-BINARIES...]: the static programs stand alone. Each is looked at; the server
# runs in an empty root and serves the Python SDK, over TLS too, and with a file for its state.
set -u
binary=$1 python=$2
shift 2
here=$(cd -P "$(dirname "$0")" && pwd)
. "$here/tap.sh"
. "$here/sizes.sh"
root=$(mktemp -d)
chmod 755 "$root"
server= url=
trap 'kill $server 2>/dev/null; wait; umount "$root/data" 2>/dev/null; rm -rf "$root"' EXIT

headers() { readelf -lW "$1"; }
dynamic() { readelf -dW "$1"; }
without_libraries() { ! dynamic "$1" | grep NEEDED && ! headers "$1" | grep -w INTERP; }
independent() { readelf -hW "$1" | grep 'Type:.*DYN'; }
# Lazy binding needs a flag to be off; a static program has nothing to bind, only to protect.
relro() { headers "$1" | grep GNU_RELRO && dynamic "$1" | grep -E 'BIND_NOW|FLAGS.*NOW'; }
no_exec_stack() { headers "$1" | grep -E 'GNU_STACK.* RW +0x'; }
stripped() { [ -z "$(readelf -sW "$1" | grep -w FUNC)" ]; }
no_paths() { ! grep -aoE '/(home|root|work|build|tmp)/[a-z]+/[A-Za-z0-9_/.-]+\.[ch]\b' "$1"; }
protected() { grep -qa 'stack smashing detected' "$1" && grep -qa 'buffer overflow detected' "$1"; }
below() { [ "$(stat -c %s "$1")" -le "$2" ] || { stat -c '%s bytes' "$1"; false; }; }

for file in "$binary" "$@"; do
	name=$(basename "$file")
	check "$name needs no shared library" without_libraries "$file"
	check "$name is position independent" independent "$file"
	check "$name has full RELRO" relro "$file"
	check "$name has no executable stack" no_exec_stack "$file"
	check "$name has stack protector and FORTIFY" protected "$file"
	check "$name is stripped" stripped "$file"
	check "$name names no path of the machine that built it" no_paths "$file"
done
check "the server is at most $unpacked MB" below "$binary" "${unpacked}000000"

mkdir -p "$root/data"
cp "$binary" "$root/lakebase-mock"
if [ "$(id -u)" = 0 ]; then
	enter=("$(command -v chroot)" --userspec=65532:65532 "$root")
	chown 65532 "$root/data"
elif unshare -r true 2>/dev/null; then
	enter=("$(command -v unshare)" -r "$(command -v chroot)" "$root")
else
	skip 'an empty root' 'neither root nor user namespaces'
	finish
	exit
fi
mount -t tmpfs -o size=16m,mode=777 none "$root/data" 2>/dev/null

# serve FLAGS...: a server in the empty root; sets $url.
serve() {
	: >"$root.out"
	env -i "${enter[@]}" /lakebase-mock serve --listen 127.0.0.1:0 --log off "$@" >"$root.out" 2>"$root.err" &
	server=$!
	for _ in $(seq 1200); do
		url=$(sed -n 's/.*"url":"\([^"]*\)".*/\1/p' "$root.out")
		[ -z "$url" ] || return 0
		sleep 0.05
	done
	cat "$root.err"
	return 1
}
stops() { kill "$server" && wait "$server"; }
# client [CA-FILE]: a project made by the published SDK.
client() {
	env -i HOME="$root" DATABRICKS_HOST="$url" DATABRICKS_TOKEN=mock-static \
		${1:+REQUESTS_CA_BUNDLE="$1"} timeout 300 "$python" "$here/client.py"
}
# has_project ID: what a server that was started again still knows.
has_project() {
	"$python" -c 'import sys, urllib.request as u
u.urlopen(u.Request(sys.argv[1] + "/api/2.0/postgres/projects/" + sys.argv[2],
    headers={"Authorization": "Bearer mock-static"}))' "$url" "$1"
}

check 'it runs in an empty root' serve
check 'the Python SDK works against it' client
check 'SIGTERM ends it cleanly' stops
check 'it makes a certificate in the empty root' serve --tls-self-signed /data/cert.pem
check 'its address says so' test "${url%%:*}" = https
check 'the Python SDK works over TLS, verified' client "$root/data/cert.pem"
check 'SIGTERM ends it cleanly under TLS' stops
check 'it keeps its state in a file' serve --db /data/mock.db
check 'the Python SDK works with a file' client
check 'SIGTERM ends it cleanly with a file' stops
check 'it starts with the file it left' serve --db /data/mock.db
check 'what was made is still there' has_project kept
check 'and it ends' stops
rm -f "$root.out" "$root.err"
finish
