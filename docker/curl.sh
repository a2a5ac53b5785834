#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# curl.sh DIR [TRIPLET]: a static libcurl for a static lakebasectl, from the distribution's own source
# package and security patches, with HTTP and HTTPS and nothing else. (The packaged archive needs
# libraries that exist only as shared ones.) Names are resolved by c-ares, as glibc's resolver
# cannot be linked statically; musl's can. With a TRIPLET it is for that processor or C library and goes to /usr of
# the sysroot DIR, see docker/sysroot.sh.
#
#   docker/curl.sh build-curl
#   meson setup build-static -Dstatic=true --pkg-config-path "$PWD/build-curl/lib/pkgconfig"
set -euo pipefail

top=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
[ $# -ge 1 ] || { sed -n '4,13s/^# \{0,1\}//p' "$0" >&2; exit 2; }
mkdir -p "$1"
dir=$(cd -P "$1" && pwd)
triplet=${2-}
[ ! -f "$dir${triplet:+/usr}/lib/$triplet/pkgconfig/libcurl.pc" ] || exit 0
"$top/docker/deps.sh" build static

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# A name for the folder that has no blanks in it: make cannot do with them.
to=$work/to
ln -s "$dir" "$to"
prefix=$to lib=$to/lib root='' cross=()
if [ -n "$triplet" ]; then
  prefix=/usr lib=/usr/lib/$triplet root=$to
  cross=(--host="$triplet" CPPFLAGS="-I$to/usr/include -I$to/usr/include/$triplet" LDFLAGS="-L$to$lib")
  export PKG_CONFIG_SYSROOT_DIR=$to PKG_CONFIG_LIBDIR=$to$lib/pkgconfig
fi
. "$top/docker/apt.sh"
echo "Fetching the source of curl" >&2
own_apt "$work" deb-src "$(dpkg --print-architecture)"
cd "$work"
source_of curl >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }

cd "$work"/curl-*/
echo "Building a small libcurl in $dir" >&2
off=(shared manual ftp file ldap ldaps rtsp dict telnet tftp pop3 imap smb smtp gopher mqtt ntlm
  tls-srp unix-sockets alt-svc libcurl-option)
ares=(--enable-ares)
[[ $triplet != *-musl ]] || ares=()
without=(zlib brotli zstd nghttp2 libidn2 libpsl librtmp libssh2 gssapi ca-bundle libgsasl)
# The packaged patches touch build files whose regeneration needs the autotools; none matters here.
make_flags=(AUTOCONF=: AUTOMAKE=: ACLOCAL=: AUTOHEADER=:)
[ -x configure ] || { "$top/docker/deps.sh" autotools; autoreconf -fi >"$work/log" 2>&1; }
{
  ./configure --quiet --prefix="$prefix" --libdir="$lib" "${cross[@]}" --enable-static "${ares[@]}" --with-openssl \
    --with-ca-path=/etc/ssl/certs "${off[@]/#/--disable-}" "${without[@]/#/--without-}" \
    CFLAGS='-O2 -fPIE -fstack-protector-strong -ffunction-sections -fdata-sections'
  make -s -j"$(nproc)" -C lib "${make_flags[@]}" DESTDIR="$root" install
  make -s -C include "${make_flags[@]}" DESTDIR="$root" install
  make -s "${make_flags[@]}" DESTDIR="$root" install-pkgconfigDATA
} >"$work/log" 2>&1 || { tail -n 40 "$work/log" >&2; exit 1; }
pc=$root$lib/pkgconfig/libcurl.pc
sed "s|$to|${dir// /\\\\ }|" "$pc" >"$work/pc"
mv "$work/pc" "$pc"
