#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# sysroot.sh ARCH DIR: what a static build for another processor needs, from Debian's own packages: their
# libraries, unpacked in DIR (nothing is installed for a foreign processor), libcurl, and DIR/cross.ini for meson.
#
#   docker/sysroot.sh arm64 build-sysroot-arm64
#   meson setup build-static-arm64 -Dstatic=true --cross-file build-sysroot-arm64/cross.ini
set -euo pipefail

top=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
[ $# = 2 ] || { sed -n '4,8s/^# \{0,1\}//p' "$0" >&2; exit 2; }
arch=$1
case $arch in
  arm64) cpu=aarch64 triplet=aarch64-linux-gnu ;;
  *) echo "sysroot.sh: there is no cross-compiler for '$arch' here; it can be arm64" >&2; exit 2 ;;
esac
mkdir -p "$2"
dir=$(cd -P "$2" && pwd)
[[ $dir != *' '* ]] || { echo "sysroot.sh: pkg-config finds nothing in '$dir': choose a path without blanks" >&2; exit 2; }
[ ! -f "$dir/cross.ini" ] || exit 0
"$top/docker/deps.sh" build static "$arch"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. "$top/docker/apt.sh"
. "$top/docker/cross.sh"
echo "Fetching the libraries for $arch" >&2
own_apt "$work" deb "$arch"
(cd "$work" && apt-get "${apt[@]}" download libevent-dev libjansson-dev libsqlite3-dev libssl-dev libc-ares-dev \
  zlib1g-dev libzstd-dev) \
  >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
for deb in "$work"/*.deb; do dpkg-deb -x "$deb" "$dir"; done
"$top/docker/curl.sh" "$dir" "$triplet"

lib=$dir/usr/lib/$triplet
cc="'$triplet-gcc'"
! command -v ccache >/dev/null 2>&1 || cc="'ccache', $cc"
cross_file "$dir" "$cpu" little <<INI
[binaries]
c = [$cc]
ar = '$triplet-gcc-ar'
strip = '$triplet-strip'
pkgconfig = 'pkg-config'
exe_wrapper = ['qemu-$cpu-static', '-L', '/usr/$triplet']

[properties]
sys_root = '$dir'
pkg_config_libdir = '$lib/pkgconfig'

[built-in options]
c_args = ['-isystem', '$dir/usr/include', '-isystem', '$dir/usr/include/$triplet']
c_link_args = ['-L$lib']
INI
