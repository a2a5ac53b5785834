#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds every package from this checkout, in build-packages or $PACKAGES:
#
#   docker/packages.sh [--arch amd64|arm64] [KIND...]
#
# A KIND is tarball, wheel, sdist, npm, deb, jar or image; without one, all are built.
#
# For another processor than this machine's, Debian's cross-compiler is used.
# The programs in them are static: they run on any Linux of that processor, glibc or musl. Nothing is
# published here; the release workflow does that.
set -euo pipefail

top=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
out=${PACKAGES:-$top/build-packages}
cd "$top"
version=$(sed -n "s/^ *version: '\(.*\)',/\1/p;T;q" meson.build)
own=$(case $(uname -m) in x86_64) echo amd64 ;; aarch64) echo arm64 ;; *) uname -m ;; esac)
deb_arch=$own
if [ "${1-}" = --arch ]; then deb_arch=${2-}; shift 2; fi
case $deb_arch in
  amd64) machine=x86_64 npm_cpu=x64 ;;
  arm64) machine=aarch64 npm_cpu=arm64 ;;
  *) echo "packages.sh: there are no packages for '$deb_arch'" >&2; exit 2 ;;
esac
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}
build=$top/build-static
[ "$deb_arch" = "$own" ] || build=$top/build-static-$deb_arch
programs=(server/lakebase-mock client/lakebasectl tests/conformance/lakebase-conformance)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"

say() { printf '%s\n' "$*" >&2; }

static_programs() {
  local found=(--pkg-config-path "$top/build-curl/lib/pkgconfig")
  docker/deps.sh build static
  if [ "$deb_arch" = "$own" ]; then
    docker/curl.sh "$top/build-curl"
  else
    found=(--cross-file "$top/build-sysroot-$deb_arch/cross.ini")
    docker/sysroot.sh "$deb_arch" "$top/build-sysroot-$deb_arch"
  fi
  [ -f "$build/build.ninja" ] || meson setup "$build" "$top" -Dstatic=true "${found[@]}" >"$work/log" ||
    { cat "$work/log" >&2; exit 1; }
  ninja -C "$build" "${programs[@]}" docker/lakebase-mock.spdx.json >"$work/log" || { cat "$work/log" >&2; exit 1; }
}

# same DIR: what is packed has the date of the commit and permissions that do not depend on who packs.
same() {
  chmod -R u=rwX,go=rX "$1"
  find "$1" -depth -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
}

# licensed DIR: DIR has the licence of the programs and those of the libraries in them.
licensed() {
  cp LICENSE "$1/"
  docker/licences.sh >"$1/LICENSE-THIRD-PARTY"
}

pack_tarball() {
  local name=lakebase-mock-$version-linux-$deb_arch dir=$work/tar/lakebase-mock-$version
  mkdir -p "$dir/bin" "$dir/share/man/man1" "$dir/share/lakebase-mock"
  install -m 755 "${programs[@]/#/$build/}" "$dir/bin"
  licensed "$dir"
  cp README.md "$build/docker/lakebase-mock.spdx.json" "$dir"
  cp docs/*.1 "$dir/share/man/man1"
  cp -r docs/completion "$dir/share/"
  lakebasectl_says man >"$dir/share/man/man1/lakebasectl.1"
  lakebasectl_says completion bash >"$dir/share/completion/lakebasectl.bash"
  lakebasectl_says completion zsh >"$dir/share/completion/_lakebasectl"
  lakebasectl_says completion fish >"$dir/share/completion/lakebasectl.fish"
  cp -r fixtures/scenarios "$dir/share/lakebase-mock/"
  same "$dir"
  tar -C "$work/tar" --sort=name --owner=0 --group=0 --numeric-owner -cf - "lakebase-mock-$version" |
    gzip -n -9 >"$out/$name.tar.gz"
}

# lakebasectl_says WORD...: it prints its own manual and completion. For another processor qemu runs it.
lakebasectl_says() {
  local by=()
  [ "$deb_arch" = "$own" ] || by=("qemu-$machine-static")
  "${by[@]}" "$build/client/lakebasectl" "$@"
}

# python_tree DIR: the Python package as it is published.
python_tree() {
  python=$work/venv/bin/python
  [ -x "$python" ] || {
    docker/deps.sh python
    python3 -m venv "$work/venv"
    "$python" -m pip -q --disable-pip-version-check install 'setuptools>=68' wheel
  }
  mkdir -p "$1"
  # What Python and pip leave beside the source comes and goes while somebody uses it.
  tar -C client/python --exclude=./tests --exclude=./build --exclude='*.egg-info' --exclude=__pycache__ -cf - . | tar -C "$1" -xf -
  cp LICENSE "$1/"
}

pack_wheel() {
  local dir=$work/python
  python_tree "$dir"
  mkdir -p "$dir/src/lakebase_mock/bin"
  install -m 755 "${programs[@]/#/$build/}" "$dir/src/lakebase_mock/bin"
  cp -r fixtures/scenarios "$dir/src/lakebase_mock/"
  licensed "$dir"
  same "$dir"
  (cd "$dir" && "$python" -m pip -q --disable-pip-version-check wheel --no-deps --no-build-isolation -w "$work/wheels" .)
  # The programs need no library of the system at all, so both tags are true.
  "$python" -m wheel tags --remove --python-tag py3 --abi-tag none \
    --platform-tag "manylinux2014_$machine.musllinux_1_1_$machine" "$work"/wheels/*.whl >/dev/null
  mv "$work"/wheels/*.whl "$out/"
}

# What `pip install` builds with meson where no wheel fits. It needs the same libraries as a checkout.
pack_sdist() {
  local dir=$work/sdist name=lakebase_mock-$version
  python_tree "$dir"
  sed -i 's/^requires = \[.*/requires = ["setuptools>=61", "wheel", "meson>=1.0", "ninja"]/' "$dir/pyproject.toml"
  mkdir "$dir/source"
  git archive HEAD | tar -x -C "$dir/source"
  printf 'graft source\ninclude LICENSE\n' >"$dir/MANIFEST.in"
  (cd "$dir" && "$python" -c 'import sys; from setuptools import build_meta; build_meta.build_sdist(sys.argv[1])' \
    "$work" >"$work/log" 2>&1) || { cat "$work/log" >&2; exit 1; }
  mkdir "$work/unpacked"
  tar -C "$work/unpacked" -xzf "$work/$name.tar.gz"
  same "$work/unpacked/$name"
  tar -C "$work/unpacked" --sort=name --owner=0 --group=0 --numeric-owner -cf - "$name" | gzip -n -9 >"$out/$name.tar.gz"
}

pack_npm() {
  local dir=$work/npm
  docker/deps.sh node
  mkdir -p "$dir/linux-$npm_cpu/bin"
  cp -r client/npm "$dir/lakebase-mock"
  rm -rf "$dir/lakebase-mock/test" "$dir/lakebase-mock/node_modules"
  install -m 755 "$build/server/lakebase-mock" "$build/client/lakebasectl" "$dir/linux-$npm_cpu/bin"
  cat >"$dir/linux-$npm_cpu/package.json" <<JSON
{
  "name": "@lakebase-mock/linux-$npm_cpu",
  "version": "$version",
  "description": "The programs of lakebase-mock for Linux on $npm_cpu",
  "license": "Apache-2.0",
  "os": ["linux"],
  "cpu": ["$npm_cpu"],
  "files": ["bin", "LICENSE-THIRD-PARTY"]
}
JSON
  cp LICENSE "$dir/lakebase-mock/"
  licensed "$dir/linux-$npm_cpu"
  same "$dir"
  (cd "$out" && npm pack --silent "$dir/linux-$npm_cpu" "$dir/lakebase-mock" >/dev/null)
}

pack_deb() {
  local dir=$work/deb name=lakebase-mock_${version}_$deb_arch
  mkdir -p "$dir/DEBIAN" "$dir/usr/bin" "$dir/usr/share/man/man1" "$dir/usr/share/doc/lakebase-mock" \
    "$dir/usr/share/lakebase-mock" "$dir/usr/share/bash-completion/completions" \
    "$dir/usr/share/zsh/vendor-completions" "$dir/usr/share/fish/vendor_completions.d" "$dir/usr/lib/systemd/system"
  install -m 755 "${programs[@]/#/$build/}" "$dir/usr/bin"
  cp -r fixtures/scenarios "$dir/usr/share/lakebase-mock/"
  cp docs/lakebase-mock.1 "$dir/usr/share/man/man1/"
  lakebasectl_says man >"$dir/usr/share/man/man1/lakebasectl.1"
  gzip -n -9 "$dir"/usr/share/man/man1/*
  { cat LICENSE; echo; docker/licences.sh; } >"$dir/usr/share/doc/lakebase-mock/copyright"
  cp docs/completion/lakebase-mock.bash "$dir/usr/share/bash-completion/completions/lakebase-mock"
  cp docs/completion/_lakebase-mock "$dir/usr/share/zsh/vendor-completions/"
  cp docs/completion/lakebase-mock.fish "$dir/usr/share/fish/vendor_completions.d/"
  lakebasectl_says completion bash >"$dir/usr/share/bash-completion/completions/lakebasectl"
  lakebasectl_says completion zsh >"$dir/usr/share/zsh/vendor-completions/_lakebasectl"
  lakebasectl_says completion fish >"$dir/usr/share/fish/vendor_completions.d/lakebasectl.fish"
  install -m 755 docker/deb/* "$dir/DEBIAN"
  cp docker/lakebase-mock.service "$dir/usr/lib/systemd/system/"
  cat >"$dir/DEBIAN/control" <<CONTROL
Package: lakebase-mock
Version: $version
Architecture: $deb_arch
Maintainer: The lakebase-mock developers <lakebase-mock@example.invalid>
Section: database
Priority: optional
Description: mock of the Databricks Lakebase control plane
 Serves the Lakebase (Autoscaling Postgres) API offline, for integration tests, CI and
 fault-injection experiments on client retry logic.
CONTROL
  same "$dir"
  dpkg-deb --root-owner-group -Zxz --build "$dir" "$out/$name.deb" >/dev/null
}

# From a copy: maven leaves files beside the source, which another program may be using.
pack_jar() {
  local dir=$work/java
  docker/deps.sh java
  cp -r client/java "$dir"
  rm -rf "$dir/target"
  mkdir -p "$dir/src/main/resources/META-INF"
  cp LICENSE "$dir/src/main/resources/META-INF/"
  (cd "$dir" && mvn -q -B -DskipTests package)
  cp "$dir"/target/lakebase-mock-*.jar "$out/"
}

pack_image() {
  docker/deps.sh image
  docker/image.sh --arch "$deb_arch" --binary "$build/server/lakebase-mock" --output "$out/lakebase-mock-$version-$deb_arch.oci.tar"
}

[ $# -gt 0 ] || set -- tarball wheel sdist npm deb jar image
for what in "$@"; do
  declare -F "pack_$what" >/dev/null || { say "packages.sh: there is no package '$what'"; exit 2; }
done
case " $* " in
  *' tarball '* | *' wheel '* | *' npm '* | *' deb '* | *' image '*)
    say "Building the static programs"
    static_programs
    ;;
esac
for what in "$@"; do
  say "Packing: $what"
  "pack_$what"
done
(cd "$out" && find . -maxdepth 1 -type f ! -name SHA256SUMS -printf '%f\0' | sort -z | xargs -0 sha256sum >SHA256SUMS)
(cd "$out" && ls -l --time-style=+ | awk 'NR > 1 { print $6, $5 }') >&2
