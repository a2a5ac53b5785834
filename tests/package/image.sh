#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# image.sh ARCHIVE ANOTHER-BUILD: unpacks the image as an engine would, looks at it, and runs it.
set -u
here=$(cd -P "$(dirname "$0")" && pwd)
. "$here/tap.sh"
. "$here/sizes.sh"
. "$here/oci.sh"
work=$(mktemp -d)
server=
trap 'kill $server 2>/dev/null; wait 2>/dev/null; rm -rf "$work"' EXIT
oci=$work/oci root=$work/root
mkdir -p "$oci" "$root"

check 'two builds of one commit are the same, byte for byte' cmp "$1" "$2"
check 'the archive unpacks' tar -C "$oci" -xf "$1"
check 'every blob has the digest that names it' digests_hold
manifest=$(jq -r '.manifests[0].digest' "$oci/index.json")
config=$(jq -r .config.digest "$(blob "$manifest")")
layers=$(jq -r '.layers[].digest' "$(blob "$manifest")")
tag=lakebase-mock:$(jq -r '.config.Labels["org.opencontainers.image.version"]' "$(blob "$config")")
named() { jq -e --arg tag "$tag" '.manifests[0].annotations["io.containerd.image.name"] == "docker.io/library/" + $tag' "$oci/index.json"; }
check 'an engine that reads the index calls it by name and version' named
listed() {
	jq -e --arg tag "$tag" --arg c "$config" --arg l "$layers" 'def file: "blobs/" + sub(":"; "/");
		. == [{Config: ($c | file), RepoTags: [$tag], Layers: [$l | file]}]' "$oci/manifest.json"
}
check 'so does one that reads the list of older Dockers' listed
check 'it has at most two layers' below "$(wc -w <<<"$layers")" 2
check 'it runs as nobody in particular' config '.config.User == "65532:65532"'
check 'it exposes its port' config '.config.ExposedPorts["4610/tcp"]'
check 'its health check is the binary itself' config '.config.Healthcheck.Test[0:3] == ["CMD", "/lakebase-mock", "wait"]'
for label in title description licenses version revision created; do
	check "it has the label $label" config ".config.Labels[\"org.opencontainers.image.$label\"] | length > 0"
done
for layer in $layers; do
	check 'a layer unpacks' tar -C "$root" -xzf "$(blob "$layer")"
	diff=$(gzip -dc "$(blob "$layer")" | sha256sum | cut -d' ' -f1)
	check 'its contents have the digest that the configuration names' \
		config ".rootfs.diff_ids | index(\"sha256:$diff\") != null"
done
check "unpacked it is at most $unpacked MB" below "$(du -sb --apparent-size "$root" | cut -f1)" "${unpacked}000000"
check "packed it is at most $packed MB" below "$(stat -c %s "$1")" "${packed}000000"
no_shell() { [ -z "$(find "$root" -type f -perm /111 ! -name lakebase-mock)" ]; }
check 'nothing in it may be executed but the server' no_shell
for words in 'Apache License' '==== libevent-dev ====' '==== libssl-dev ====' '==== libc6-dev ===='; do
	check "it has a text with '$words'" grep -rqF "$words" "$root/usr/share/doc/lakebase-mock"
done
check '/data belongs to the user' test "$(tar -tvzf "$(blob "$layer")" | awk '$6 == "./data/" { print $2 }')" = 65532/65532

if [ "$(id -u)" != 0 ]; then
	skip 'the image runs' 'chroot needs root'
	finish
	exit
fi
# As an engine would: the configured user and environment, the configured command, a root that it cannot write.
mapfile -t environment < <(jq -r '.config.Env[]' "$(blob "$config")")
mapfile -t command < <(jq -r '(.config.Entrypoint + .config.Cmd)[]' "$(blob "$config")")
port=$(python3 "$here/../support/ports.py")
inside() { env -i "${environment[@]}" LAKEBASE_MOCK_LISTEN="127.0.0.1:$port" "$@"; }
user=("$(command -v chroot)" --userspec=65532:65532 "$root")
pid1=()
unshare --pid --fork true 2>/dev/null && pid1=("$(command -v unshare)" --pid --fork --kill-child)
env -i "${environment[@]}" LAKEBASE_MOCK_LISTEN="127.0.0.1:$port" LAKEBASE_MOCK_LRO=sync \
	LAKEBASE_MOCK_DB=/data/mock.db "${pid1[@]}" "${user[@]}" "${command[@]}" >"$work/out" 2>&1 &
server=$!
healthy() { inside "${user[@]}" /lakebase-mock wait --url "http://127.0.0.1:$port" --timeout 60s; }
check 'its health check passes once it runs' healthy
configured() { curl -fsS "http://127.0.0.1:$port/_mock/lro" | jq -e '.default == "sync"'; }
check 'the environment alone configures it' configured
check 'its state is in /data' test -s "$root/data/mock.db"
mine=$server
[ ${#pid1[@]} = 0 ] || mine=$(pgrep -P "$server")
one() { [ ${#pid1[@]} = 0 ] || [ "$(awk '/^NSpid/ { print $NF }' "/proc/$mine/status")" = 1 ]; }
check 'it is process 1 there, where this machine allows' one
ends() {
	local start=${EPOCHREALTIME/./}
	kill -TERM "$mine" && wait "$server"
	local status=$? took=$((${EPOCHREALTIME/./} - start))
	echo "exit $status after $took us"
	[ "$status" = 0 ] && [ "$took" -lt 5000000 ] # an engine kills what takes 10 s
}
check 'SIGTERM to process 1 ends it long before an engine would kill it' ends
server=
finish
