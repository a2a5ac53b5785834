#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# processor.sh ARCH DIR: what the tests need to be built for another processor and to run under qemu: the libraries of
# the distribution and its C library, unpacked in DIR (nothing is installed for a foreign processor); and DIR/cross.ini
# for meson. ARCH is s390x, whose bytes are the other way round, or armhf, whose pointers and time_t have 32 bits.
#
#   tests/package/processor.sh s390x build-s390x-libs
#   meson setup build-s390x --cross-file build-s390x-libs/cross.ini
set -euo pipefail

top=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
[ $# = 2 ] || { sed -n '4,9s/^# \{0,1\}//p' "$0" >&2; exit 2; }
arch=$1
case $arch in
  s390x) family=s390x triplet=s390x-linux-gnu endian=big ;;
  armhf) family=arm triplet=arm-linux-gnueabihf endian=little ;;
  *) echo "processor.sh: '$arch' is neither s390x nor armhf" >&2; exit 2 ;;
esac
mkdir -p "$2"
dir=$(cd -P "$2" && pwd)
[ ! -f "$dir/cross.ini" ] || exit 0
"$top/docker/deps.sh" build "$arch"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. "$top/docker/apt.sh"
. "$top/docker/cross.sh"
echo "Fetching the libraries for $arch" >&2
own_apt "$work" deb "$arch"
apt-get "${apt[@]}" install -y --no-install-recommends --download-only -o Debug::NoLocking=1 libc6-dev check libevent-dev \
  libjansson-dev libsqlite3-dev libssl-dev libcurl4-openssl-dev libpq-dev >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
for deb in "$work"/cache/archives/*.deb; do dpkg-deb -x "$deb" "$dir"; done
# A link from / is one into DIR.
find "$dir" -type l -lname '/*' -printf '%p %l\n' | while read -r link to; do ln -sfnr "$dir$to" "$link"; done

cross_file "$dir" "$family" "$endian" <<INI
[binaries]
c = ['$triplet-gcc', '--sysroot=$dir']
ar = '$triplet-gcc-ar'
strip = '$triplet-strip'
pkgconfig = 'pkg-config'
exe_wrapper = ['qemu-$family-static', '-L', '$dir']

[properties]
sys_root = '$dir'
pkg_config_libdir = '$dir/usr/lib/$triplet/pkgconfig:$dir/usr/share/pkgconfig'
INI
