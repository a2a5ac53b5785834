#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# rootfs-postgres.sh, beside LICENSE: makes a fresh Debian into the image with PostgreSQL, from inside, as root.
# Dockerfile.postgres and image-postgres.sh share it; the server itself is copied in afterwards.
set -eu
export DEBIAN_FRONTEND=noninteractive LC_ALL=C
# No cluster of the distribution's own: the mock makes what it needs.
mkdir -p /etc/postgresql-common
echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
# Nobody reads manuals in an image.
printf 'path-exclude=/usr/share/%s/*\n' doc info locale man >/etc/dpkg/dpkg.cfg.d/image
echo 'path-include=/usr/share/doc/*/copyright' >>/etc/dpkg/dpkg.cfg.d/image
apt-get update -q
# What a release calls its libraries differs (…t64): ask for what the server needs by its own names.
libraries=$(apt-cache pkgnames | grep -xE 'libevent(-core|-openssl)?-2\.1-7(t64)?|libssl3(t64)?' | sort)
# shellcheck disable=SC2086
apt-get install -qy --no-install-recommends postgresql libjansson4 libsqlite3-0 libpq5 $libraries
install -D -m 644 "$(dirname "$0")/LICENSE" /usr/share/doc/lakebase-mock/copyright
useradd --uid 65532 --home-dir /data --create-home --shell /usr/sbin/nologin mock
chmod 700 /data
find /data -mindepth 1 -delete
# What tells of the day of the building, or of the machine.
rm -rf /var/lib/apt/lists/* /var/cache/* /var/log/* /tmp/* /etc/machine-id /var/lib/dbus/machine-id \
  /etc/ssl/private/ssl-cert-snakeoil.key /etc/ssl/certs/ssl-cert-snakeoil.pem /etc/passwd- /etc/group- /etc/shadow- /etc/gshadow- \
  /etc/subuid- /etc/subgid- /var/lib/dpkg/*-old /var/lib/systemd
# Days since 1970, of the last change of a password that nobody has.
sed -i 's/^\([^:]*:[^:]*\):[0-9]*:/\1:0:/' /etc/shadow
