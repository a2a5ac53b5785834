#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# licences.sh [--server]: the licences of the libraries that the static programs have in them, or the server alone, as
# the packages of the distribution tell them. What is given to others carries them along.
set -eu
libraries='libevent-dev libjansson-dev libsqlite3-dev libssl-dev libc6-dev'
[ "${1-}" = --server ] || libraries="$libraries libcurl4-openssl-dev libc-ares-dev zlib1g-dev libzstd-dev"
for library in $libraries; do
  text=/usr/share/doc/$library/copyright
  if [ -r "$text" ]; then
    printf '==== %s ====\n\n' "$library"
    cat "$text"
    echo
  else
    echo "licences.sh: there is no $text: this text is left out" >&2
  fi
done
