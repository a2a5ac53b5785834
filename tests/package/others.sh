#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# others.sh SERVER: ./run in a checkout that its caller cannot write: another user's, or on a read-only disk. What is
# built is used; where nothing is, one sentence says so. And what ./run asks the package managers of other
# distributions for, which stand-ins write down: none of them is here. TAP.
set -uo pipefail
here=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=${here%/tests/package}
. "$here/tap.sh"
work=$(mktemp -d)
trap 'umount "$work/disk" 2>/dev/null; chmod -R u+w "$work"; rm -rf "$work"' EXIT
chmod 755 "$work"
for each in built bare; do
  mkdir -p "$work/$each" && cp -r "$top/run" "$top/docker" "$top/meson.build" "$work/$each/"
done
mkdir -p "$work/built/build-release/server" && cp "$1" "$work/built/build-release/server/lakebase-mock"
chmod -R a-w "$work/built" "$work/bare"
as_nobody=()
[ "$(id -u)" != 0 ] || as_nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups)

# one_line COMMAND...: exit 1, with one line that says why and what to do.
one_line() {
  local said status=0
  said=$("$@" 2>&1) || status=$?
  [[ $status = 1 && $(wc -l <<<"$said") = 1 && $said == *'cannot be written'*'as its owner'* ]] ||
    { echo "$status: $said"; false; }
}

check "another user's checkout: what is built serves" serves "${as_nobody[@]}" "$work/built/run"
check "another user's checkout: nothing is built, which is said in one sentence" one_line "${as_nobody[@]}" "$work/bare/run"
read_only() { # read_only FOLDER: seen again, as a disk that cannot be written
  mkdir -p "$work/disk" && mount --bind "$1" "$work/disk" && mount -o remount,bind,ro "$work/disk"
}
if [ "$(id -u)" = 0 ] && read_only "$work/built" 2>/dev/null; then
  check 'a read-only disk: what is built serves' serves "$work/disk/run"
  umount "$work/disk"
  read_only "$work/bare"
  check 'a read-only disk: nothing is built, which is said in one sentence' one_line "$work/disk/run"
else
  skip 'a read-only disk' 'nothing can be mounted here'
fi

# on MANAGER COMMAND...: where that is the package manager, and Debian's are not.
on() {
  local bin=$work/bin-$1 tool
  mkdir -p "$bin"
  for tool in bash env sed grep cut xargs id cat; do ln -sf "$(command -v "$tool")" "$bin/"; done
  printf '#!/bin/sh\necho "$@" >>"%s"\nexit "${STATUS:-0}"\n' "$work/$1.said" | tee "$bin/$1" >"$bin/sudo"
  [ "$1" = none ] || chmod +x "$bin/$1" "$bin/sudo"
  PATH=$bin "${@:2}"
}
# asks MANAGER HOW NAME...: its own words for an installation without questions, and its names of three libraries.
asks() {
  local name
  on "$1" "$top/docker/deps.sh" build || return
  for name in "$2" meson "${@:3}"; do grep -qwF -e "$name" "$work/$1.said" || { cat "$work/$1.said"; return 1; }; done
}
goes_on() { STATUS=1 on apk "$top/docker/deps.sh" build 2>&1 | grep 'install it by hand' && [ "${PIPESTATUS[0]}" = 0 ]; }
names_them() { on none "$top/docker/deps.sh" build 2>&1 | grep 'Debian calls what is needed: .*libevent-dev' && [ "${PIPESTATUS[0]}" = 0 ]; }
check 'Fedora' asks dnf '-y install' libevent-devel jansson-devel sqlite-devel libpq-devel
check 'Arch' asks pacman '--noconfirm' libevent jansson sqlite postgresql-libs
check 'Alpine, whose C library has no sys/queue.h' asks apk add libevent-dev jansson-dev sqlite-dev bsd-compat-headers
check 'openSUSE' asks zypper '--non-interactive install' libevent-devel libjansson-devel sqlite3-devel
check 'macOS with Homebrew' asks brew install libevent jansson sqlite libpq
check 'an installation that fails does not end the build' goes_on
check 'a system without a package manager that is known: the names are told, and the build goes on' names_them
finish
