#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# musl.sh DIR: the libraries that the programs and their tests link, for musl as in Alpine: built from the sources of
# this distribution by its musl-gcc into DIR; and DIR/cross.ini, with which meson builds for there.
#
#   tests/package/musl.sh build-musl-libs
#   meson setup build-musl -Dprefer_static=true --cross-file build-musl-libs/cross.ini
set -euo pipefail

top=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
[ $# = 1 ] || { sed -n '4,8s/^# \{0,1\}//p' "$0" >&2; exit 2; }
mkdir -p "$1"
dir=$(cd -P "$1" && pwd)
[ ! -f "$dir/cross.ini" ] || exit 0
"$top/docker/deps.sh" build static autotools musl

cpu=$(uname -m)
triplet=$cpu-linux-musl lib=/usr/lib/$cpu-linux-musl
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. "$top/docker/apt.sh"
. "$top/docker/cross.sh"
export CC=musl-gcc CPPFLAGS="-isystem $dir/usr/include" LDFLAGS="-L$dir$lib" CFLAGS='-O2 -fPIC'
export PKG_CONFIG_SYSROOT_DIR=$dir PKG_CONFIG_LIBDIR=$dir$lib/pkgconfig

# What Alpine has in its packages linux-headers and bsd-compat-headers.
mkdir -p "$dir/usr/include/sys"
ln -sfn /usr/include/linux /usr/include/asm-generic "/usr/include/$(gcc -print-multiarch)/asm" "$dir/usr/include/"
cp "/usr/include/$(gcc -print-multiarch)/sys/queue.h" "$dir/usr/include/sys/"

echo "Fetching the sources" >&2
own_apt "$work" deb-src "$(dpkg --print-architecture)"
# build PACKAGE COMMAND...: in the unpacked source of that package, unless it was built before.
build() {
  local name=$1 log=$work/$1.log
  shift
  [ ! -e "$dir/built/$name" ] || return 0
  echo "Building $name" >&2
  (mkdir "$work/$name" && cd "$work/$name" && source_of "$name" && cd ./*/ && "$@") \
    >"$log" 2>&1 || { tail -n 40 "$log" >&2; exit 1; }
  mkdir -p "$dir/built" && : >"$dir/built/$name"
}
autotools() {
  [ -x configure ] || autoreconf -fi
  ./configure --quiet --host="$triplet" --prefix=/usr --libdir="$lib" --disable-shared "$@"
}
# made TARGET...: patches touch build files whose regeneration needs one version of the autotools; none matters here.
made() { make -s -j"$(nproc)" AUTOCONF=: AUTOMAKE=: ACLOCAL=: AUTOHEADER=: DESTDIR="$dir" "$@"; }
openssl() {
  ./Configure "linux-$cpu" no-shared no-tests --prefix=/usr --libdir="${lib#/usr/}" --openssldir=/etc/ssl &&
    made build_libs && made install_dev
}
libevent() { autotools --disable-samples --disable-libevent-regress && made && made install; }
jansson() { autotools && made -C src install && made install-pkgconfigDATA; }
sqlite() {
  autotools --disable-tcl --disable-readline && made libsqlite3.la && made lib_install sqlite3.h sqlite3.pc &&
    cp sqlite3.h "$dir/usr/include/" && cp sqlite3.pc "$dir$lib/pkgconfig/"
}
check() {
  autotools --disable-subunit --disable-build-docs && made -C lib && made -C src install &&
    cp check_stdint.h "$dir/usr/include/" && sed 's/check_pic/check/' check.pc >"$dir$lib/pkgconfig/check.pc"
}
libpq() {
  local part
  autotools --without-readline --without-zlib --without-icu --with-ssl=openssl || return
  for part in include common port; do made -C "src/$part" install || return; done
  made -C src/interfaces/libpq all-static-lib install-lib-static install-lib-pc &&
    cp src/interfaces/libpq/libpq-fe.h "$dir/usr/include/" && cp "$dir"/usr/lib/postgresql/*/lib/*.a "$dir$lib/"
}
build libssl-dev openssl
build libevent-dev libevent
build libjansson-dev jansson
build libsqlite3-dev sqlite
build check check
build libpq-dev libpq
CFLAGS='' CPPFLAGS='' LDFLAGS='' "$top/docker/curl.sh" "$dir" "$triplet"

cross_file "$dir" "$cpu" little <<INI
[binaries]
c = ['musl-gcc']
cpp = 'false'
strip = 'strip'
ar = 'gcc-ar'
pkgconfig = 'pkg-config'

[properties]
needs_exe_wrapper = false
sys_root = '$dir'
pkg_config_libdir = '$dir$lib/pkgconfig'

[built-in options]
c_args = ['-isystem', '$dir/usr/include']
c_link_args = ['-L$dir$lib']
INI
