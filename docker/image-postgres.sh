#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Makes the image with PostgreSQL as an OCI archive, without a container engine, as
# docker/Dockerfile.postgres describes it. Needs root, debootstrap, and the packages of the release that
# the server was built on: a server of Debian 12 gets a Debian 12 around it.
#
#   docker/image-postgres.sh --binary FILE [--output FILE] [--mirror URL]
#
# The binary is a dynamic one, of a build with libpq. One commit and one state of the mirror give one archive, byte
# for byte: for the same packages later, name a mirror like http://snapshot.debian.org/archive/debian/20261101T000000Z.
set -euo pipefail

top=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
binary= output=$PWD/lakebase-mock-postgres.oci.tar
. /etc/os-release
mirror=$([ "$ID" = ubuntu ] && echo http://archive.ubuntu.com/ubuntu || echo http://deb.debian.org/debian)
while [ $# -gt 0 ]; do
  case $1 in
    --binary) binary=$2; shift 2 ;;
    --output) output=$2; shift 2 ;;
    --mirror) mirror=$2; shift 2 ;;
    *) sed -n '3,12s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
  esac
done
[ -x "$binary" ] || { echo "image-postgres.sh: --binary FILE: the server" >&2; exit 2; }
[ "$(id -u)" = 0 ] || { echo "image-postgres.sh: only root can make a root file system" >&2; exit 2; }
command -v debootstrap >/dev/null || { echo "image-postgres.sh: no debootstrap: docker/deps.sh chroot" >&2; exit 2; }

work=$(mktemp -d)
trap 'umount "$work/root/proc" 2>/dev/null || true; rm -rf --one-file-system "$work"' EXIT
say() { echo "image-postgres.sh: $*" >&2; }
say "Debian's base system, from $mirror"
components=main
[ "$ID" != ubuntu ] || components=main,universe
debootstrap --variant=minbase --components="$components" "$VERSION_CODENAME" "$work/root" "$mirror" >"$work/log" 2>&1 ||
  { tail -20 "$work/log" >&2; exit 1; }
# Nothing is started while packages are installed.
printf '#!/bin/sh\nexit 101\n' >"$work/root/usr/sbin/policy-rc.d"
chmod 755 "$work/root/usr/sbin/policy-rc.d"
cp -L /etc/resolv.conf "$work/root/etc/resolv.conf"
cp "$top/docker/rootfs-postgres.sh" "$top/LICENSE" "$work/root/tmp/"
say "PostgreSQL and what the server needs"
mount -t proc proc "$work/root/proc"
env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin http_proxy="${http_proxy-}" chroot "$work/root" sh /tmp/rootfs-postgres.sh >"$work/log" 2>&1 ||
  { tail -20 "$work/log" >&2; exit 1; }
umount "$work/root/proc"
rm -rf "$work/root/usr/sbin/policy-rc.d" "$work/root/debootstrap"
: >"$work/root/etc/resolv.conf"
: >"$work/root/etc/hostname"
find "$work/root/dev" -mindepth 1 -delete
install -m 755 "$binary" "$work/root/usr/bin/lakebase-mock"
strip "$work/root/usr/bin/lakebase-mock"
missing=$(chroot "$work/root" ldd /usr/bin/lakebase-mock | grep 'not found' || true)
[ -z "$missing" ] || { say "the image lacks libraries of the server:"; echo "$missing" >&2; exit 1; }
"$top/docker/image.sh" --root "$work/root" --config "$top/docker/image.postgres.json" --name lakebase-mock-postgres --output "$output"
