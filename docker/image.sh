#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Makes the container image as an OCI archive, without a container engine, the same as
# docker/Dockerfile describes. One commit gives one archive, byte for byte.
#
#   docker/image.sh [--binary FILE] [--arch ARCH] [--output FILE]
#                             default: build-static, of this machine, lakebase-mock.oci.tar
#   docker/image.sh --root DIR --config FILE --name NAME [--output FILE]
#
# The second way packs a root file system that is there, as image-postgres.sh makes one.
# Load it with `docker load`, `podman load` or `skopeo copy oci-archive:FILE docker://…`; it is NAME:VERSION then.
set -euo pipefail

top=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
binary= arch= output=$PWD/lakebase-mock.oci.tar root= settings=$top/docker/image.json name=lakebase-mock
while [ $# -gt 0 ]; do
  case $1 in
    --binary) binary=$2; shift 2 ;;
    --arch) arch=$2; shift 2 ;;
    --output) output=$2; shift 2 ;;
    --root) root=$2; shift 2 ;;
    --config) settings=$2; shift 2 ;;
    --name) name=$2; shift 2 ;;
    *) sed -n '3,14s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
  esac
done

# options FOLDER-OR-FILE: what decides how the binary comes out, a line each; colours do not.
options() {
  meson introspect --buildoptions "$1" | jq -r '.[]
    | select(.section == "base" or .section == "user" or (.name | IN("buildtype", "debug", "optimization",
        "strip", "default_library", "unity", "c_args", "c_link_args", "c_std")))
    | select(.name != "b_colorout") | "\(.name)=\(.value)"' | sort
}
# otherwise FOLDER: how its options differ from those of a fresh one with -Dstatic=true. Flags of the environment
# are part of a fresh one, too, and are left out, as are options that only some other language's compiler brings.
otherwise() {
  awk -F= -v flags="${CFLAGS-}${CPPFLAGS-}${LDFLAGS-}" '
    NR == FNR { fresh[$1] = $0; next }
    ($1 in fresh) && fresh[$1] != $0 && !(flags && /^c_.*args=/)
  ' <(options "$top/meson.build" | sed 's/^static=.*/static=true/') <(options "$1") | paste -sd' ' -
}

if [ -z "$binary$root" ]; then
  build=$top/build-static binary=$top/build-static/server/lakebase-mock
  if [ -f "$build/build.ninja" ]; then
    differs=$(otherwise "$build")
    if [ -n "$differs" ]; then
      echo "image.sh: $build was configured otherwise ($differs): it is made afresh" >&2
      rm -rf "$build"
    fi
  fi
  [ -f "$build/build.ninja" ] || meson setup "$build" "$top" -Dstatic=true >&2
  ninja -C "$build" server/lakebase-mock docker/lakebase-mock.spdx.json >&2
fi

epoch=${SOURCE_DATE_EPOCH:-$(git -C "$top" log -1 --format=%ct)}
revision=${REVISION:-$(git -C "$top" rev-parse HEAD 2>/dev/null || echo unknown)}
version=$(sed -n "s/^ *version: '\(.*\)',/\1/p;T;q" "$top/meson.build")
created=$(date -u -d "@$epoch" +%Y-%m-%dT%H:%M:%SZ)
[ -n "$arch" ] || arch=$(case $(uname -m) in x86_64) echo amd64 ;; aarch64) echo arm64 ;; *) uname -m ;; esac)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# pack DIR FILES...: a tar that depends on nothing but names, modes and contents.
pack() {
  local dir=$1
  shift
  tar -C "$dir" --sort=name --format=ustar --mtime="@$epoch" --numeric-owner "$@"
}
# blob FILE TYPE: store a file under its digest and print its descriptor.
blob() {
  local sum size
  sum=$(sha256sum "$1" | cut -d' ' -f1)
  size=$(stat -c %s "$1")
  mv "$1" "$work/oci/blobs/sha256/$sum"
  jq -nc --arg t "$2" --arg d "sha256:$sum" --argjson s "$size" '{mediaType:$t,digest:$d,size:$s}'
}

mkdir -p "$work/oci/blobs/sha256"
owners=()
if [ -z "$root" ]; then
  root=$work/root owners=(--owner=0 --group=0)
  "$top/docker/rootfs.sh" "$binary" "$root"
fi
pack "$root" "${owners[@]}" --exclude=./data -cf "$work/layer.tar" .
pack "$root" --owner=65532 --group=65532 -rf "$work/layer.tar" ./data
diff_id=sha256:$(sha256sum "$work/layer.tar" | cut -d' ' -f1)
gzip -n -9 "$work/layer.tar"
layer=$(blob "$work/layer.tar.gz" application/vnd.oci.image.layer.v1.tar+gzip)

jq -S --arg arch "$arch" --arg created "$created" --arg version "$version" --arg rev "$revision" \
  --arg diff "$diff_id" '. + {architecture: $arch, os: "linux", created: $created}
  | .config.Labels += {"org.opencontainers.image.version": $version,
      "org.opencontainers.image.revision": $rev, "org.opencontainers.image.created": $created}
  | .rootfs = {type: "layers", diff_ids: [$diff]}
  | .history = [{created: $created, created_by: "docker/image.sh"}]' \
  "$settings" >"$work/config"
config=$(blob "$work/config" application/vnd.oci.image.config.v1+json)
jq -nS --argjson c "$config" --argjson l "$layer" '{schemaVersion: 2,
  mediaType: "application/vnd.oci.image.manifest.v1+json", config: $c, layers: [$l]}' >"$work/manifest"
manifest=$(blob "$work/manifest" application/vnd.oci.image.manifest.v1+json)
jq -nS --argjson m "$manifest" --arg v "$version" --arg arch "$arch" --arg name "$name" '{schemaVersion: 2,
  mediaType: "application/vnd.oci.image.index.v1+json", manifests: [$m + {
  platform: {architecture: $arch, os: "linux"},
  annotations: {"org.opencontainers.image.ref.name": $v,
    "io.containerd.image.name": "docker.io/library/\($name):\($v)"}}]}' >"$work/oci/index.json"
# What Docker reads that keeps its images itself, and what it calls the image.
jq -nS --argjson c "$config" --argjson l "$layer" --arg tag "$name:$version" 'def file: "blobs/" + sub(":"; "/");
  [{Config: $c.digest | file, RepoTags: [$tag], Layers: [$l.digest | file]}]' >"$work/oci/manifest.json"
printf '{"imageLayoutVersion":"1.0.0"}' >"$work/oci/oci-layout"
chmod -R u=rwX,go=rX "$work/oci"
pack "$work/oci" --owner=0 --group=0 -cf "$output" .
echo "$output: $(stat -c %s "$output") bytes, unpacked $(du -sb "$root" | cut -f1) bytes" >&2
