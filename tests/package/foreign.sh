#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# foreign.sh COMMAND...: runs COMMAND where the kernel starts programs for arm64, or for $PROCESSOR as qemu calls it,
# with qemu. Only COMMAND and its children see that: it is registered in a namespace of their own (Linux 6.7 and
# newer). A machine where it is registered for all needs nothing. Exit 77 where neither can be had.
set -euo pipefail
name=qemu-${PROCESSOR:-aarch64}
registered() { grep -qs enabled /proc/sys/fs/binfmt_misc/$name; }
if [ "${1-}" = --inside ]; then
  shift
  registered || {
    mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc || exit 77
    rule=$(cat /usr/lib/binfmt.d/$name.conf 2>/dev/null) ||
      rule=":$name:M::$(sed -n 's/^magic //p' /usr/share/binfmts/$name):$(
        sed -n 's/^mask //p' /usr/share/binfmts/$name):$(command -v $name-static):F"
    printf '%s\n' "$rule" >/proc/sys/fs/binfmt_misc/register || exit 77
  } 2>/dev/null
  exec "$@"
fi
[ $# -gt 0 ] || { sed -n '4,6s/^# \{0,1\}//p' "$0" >&2; exit 2; }
! registered || exec "$@"
exec unshare --user --map-root-user --mount "$0" --inside "$@"
