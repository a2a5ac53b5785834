#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# curl.sh DIR: a static libcurl for a static lakebasectl, from the distribution's own source
# package and security patches, with HTTP and HTTPS and nothing else. (The packaged archive needs
# libraries that exist only as shared ones.) Names are resolved by c-ares, as glibc's resolver
# cannot be linked statically.
#
#   docker/curl.sh build-curl
#   meson setup build-static -Dstatic=true --pkg-config-path "$PWD/build-curl/lib/pkgconfig"
set -euo pipefail

top=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
[ $# = 1 ] || { sed -n '4,11s/^# \{0,1\}//p' "$0" >&2; exit 2; }
mkdir -p "$1"
dir=$(cd -P "$1" && pwd)
[ ! -f "$dir/lib/pkgconfig/libcurl.pc" ] || exit 0
"$top/docker/deps.sh" build static

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# An apt of its own, so that the machine's list of sources stays as it is.
mkdir -p "$work"/{lists/partial,cache,parts}
for file in /etc/apt/sources.list.d/*.sources; do
  [ ! -f "$file" ] || sed 's/^Types:.*/Types: deb-src/' "$file" >"$work/parts/$(basename "$file")"
done
sed -n 's/^deb /deb-src /p' /etc/apt/sources.list /etc/apt/sources.list.d/*.list \
  >"$work/sources.list" 2>/dev/null || true
apt=(-o "Dir::Etc::SourceList=$work/sources.list" -o "Dir::Etc::SourceParts=$work/parts"
  -o "Dir::State::Lists=$work/lists" -o "Dir::Cache=$work/cache" -o APT::Sandbox::User=root
  -o Acquire::Retries=3)
echo "Fetching the source of curl" >&2
apt-get "${apt[@]}" update >"$work/log" 2>&1 || true
cd "$work"
apt-get "${apt[@]}" source curl >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }

cd "$work"/curl-*/
echo "Building a small libcurl in $dir" >&2
off=(shared manual ftp file ldap ldaps rtsp dict telnet tftp pop3 imap smb smtp gopher mqtt ntlm
  tls-srp unix-sockets alt-svc libcurl-option)
without=(zlib brotli zstd nghttp2 libidn2 libpsl librtmp libssh2 gssapi ca-bundle libgsasl)
# The packaged patches touch build files whose regeneration needs the autotools; none matters here.
make_flags=(AUTOCONF=: AUTOMAKE=: ACLOCAL=: AUTOHEADER=:)
[ -x configure ] || { "$top/docker/deps.sh" autotools; autoreconf -fi >"$work/log" 2>&1; }
{
  ./configure --quiet --prefix="$dir" --enable-static --enable-ares --with-openssl \
    --with-ca-path=/etc/ssl/certs "${off[@]/#/--disable-}" "${without[@]/#/--without-}" \
    CFLAGS='-O2 -fPIE -fstack-protector-strong -ffunction-sections -fdata-sections'
  make -s -j"$(nproc)" -C lib "${make_flags[@]}" install
  make -s -C include "${make_flags[@]}" install
  make -s "${make_flags[@]}" install-pkgconfigDATA
} >"$work/log" 2>&1 || { tail -n 40 "$work/log" >&2; exit 1; }
