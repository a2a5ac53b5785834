#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# rootfs.sh BINARY DIR: the whole file system of the image. The Dockerfile and image.sh share it.
set -eu
doc=$2/usr/share/doc/lakebase-mock
here=$(dirname "$0")
mkdir -p "$2/data" "$2/fixtures" "$2/tmp" "$2/etc" "$doc"
cp "$1" "$2/lakebase-mock"
printf 'mock:x:65532:65532:mock:/data:/nologin\n' >"$2/etc/passwd"
printf 'mock:x:65532:\n' >"$2/etc/group"
cp "$here/../LICENSE" "$doc/"
"$here/licences.sh" --server >"$doc/LICENSE-THIRD-PARTY"
chmod -R u=rwX,go=rX "$2/usr"
chmod 755 "$2" "$2/fixtures" "$2/etc" "$2/lakebase-mock"
chmod 644 "$2/etc/passwd" "$2/etc/group"
chmod 700 "$2/data"
chmod 1777 "$2/tmp"
