#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# chroot.sh SUITE [COMMAND... | --packages FOLDER]: this commit on a fresh machine of another distribution. In a chroot that
# holds nothing but git and certificates, a clone is made; ./run must come to its ready line, and
# `./test --fast` must pass. With a COMMAND, that is run in the clone instead; with a FOLDER of packages, they
# are installed and used where there is a Python and no compiler. Opt-in: it takes a quarter of an hour. TAP.
# Needs root, debootstrap and a mirror.
#
#   tests/package/chroot.sh trixie                          Debian 13
#   tests/package/chroot.sh noble                           Ubuntu 24.04
#   tests/package/chroot.sh trixie ./test --only package
#   tests/package/chroot.sh bullseye --packages build-packages     CPython 3.9; trixie has 3.13
#
# CHROOTS     folder of the bare systems, which are made once (default: build-chroots)
# MIRROR      where they come from
# KEYRING     the file of keys that sign it; Debian has none of Ubuntu's: their package ubuntu-keyring has it
# KEEP        a folder to keep the machine in, with all that was installed and built, and to go on from
set -uo pipefail
here=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=${here%/tests/package}
[ $# -gt 0 ] || { sed -n '4,20s/^# \{0,1\}//p' "$0" >&2; exit 2; }
suite=$1
shift
. "$here/tap.sh"

[ "$(id -u)" = 0 ] || { echo "chroot.sh: only root can make a chroot" >&2; exit 2; }
chroots=${CHROOTS:-$top/build-chroots}
case $suite in
  noble | jammy) mirror=${MIRROR:-http://archive.ubuntu.com/ubuntu} components=main,universe ;;
  *) mirror=${MIRROR:-http://deb.debian.org/debian} components=main ;;
esac

# base: the bare system, once.
base() {
  [ ! -e "$chroots/$suite/etc/os-release" ] || return 0
  "$top/docker/deps.sh" chroot || return
  mkdir -p "$chroots"
  rm -rf "$chroots/$suite.part"
  # The scripts of newer suites are those of `sid` and `gutsy` under another name.
  local script=()
  [ -e "/usr/share/debootstrap/scripts/$suite" ] || case $mirror in *ubuntu*) script=(gutsy) ;; *) script=(sid) ;; esac
  debootstrap --variant=minbase ${KEYRING:+--keyring="$KEYRING"} --include=ca-certificates,git --components="$components" \
    "$suite" "$chroots/$suite.part" "$mirror" "${script[@]/#//usr/share/debootstrap/scripts/}" &&
    mv "$chroots/$suite.part" "$chroots/$suite"
}

# Mounts and processes of the machine are in namespaces of their own: they end with this script.
if [ -z "${CHROOT_ALONE:-}" ]; then
  base >&2 || exit 2
  CHROOT_ALONE=1 exec unshare --mount --propagation private --pid --mount-proc --fork --kill-child "$0" "$suite" "$@"
fi
scratch=${KEEP:-$(mktemp -d)}
root=$scratch/root
trap '[ -n "${KEEP:-}" ] || { umount -R "$root"; rm -rf "$scratch"; }' EXIT

# machine: what is written goes beside the bare system, which stays bare.
machine() {
  mkdir -p "$scratch"/{upper,work,root} &&
    mount -t overlay overlay -o "lowerdir=$chroots/$suite,upperdir=$scratch/upper,workdir=$scratch/work" "$root" &&
    mount -t proc proc "$root/proc" && mount --rbind /dev "$root/dev" && mount -t tmpfs tmpfs "$root/dev/shm" &&
    cp /etc/resolv.conf "$root/etc/resolv.conf" && trust
}
# trust: a proxy between here and the registries is one there too: its certificates, and the variables
# that name it or them.
variables=()
trust() {
  local name
  cp /usr/local/share/ca-certificates/*.crt "$root/usr/local/share/ca-certificates/" 2>/dev/null &&
    in_it update-ca-certificates >/dev/null
  for name in $(compgen -e); do
    case $name=${!name} in
      http_proxy=* | https_proxy=* | no_proxy=* | *=/etc/ssl/certs/ca-certificates.crt) variables+=("$name=${!name}") ;;
    esac
  done
}
# in_it COMMAND...: in the clone if there is one, with the environment of a login and nothing of this shell's.
in_it() {
  chroot "$root" /usr/bin/env -i HOME=/root LANG=C.UTF-8 \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "${variables[@]}" \
    sh -c 'cd /lakebase-mock 2>/dev/null; exec "$@"' sh "$@"
}
cloned() {
  git -C "$top" bundle create -q "$root/new.bundle" HEAD || return
  if [ -d "$root/lakebase-mock" ]; then
    in_it git fetch -q /new.bundle HEAD && in_it git checkout -q --detach FETCH_HEAD
  else
    in_it git clone -q /new.bundle /lakebase-mock
  fi
}
# ready: ./run, to the line that says that it serves.
ready() {
  local line='' started=$SECONDS
  coproc RUN { in_it ./run --listen 127.0.0.1:0 --log off 2>"$scratch/run.log"; }
  local pid=$RUN_PID
  read -r -t 3600 -u "${RUN[0]}" line
  took=$((SECONDS - started))
  pkill -P "$pid"
  wait "$pid" 2>/dev/null
  [[ $line == *'"ready":true'* ]] || { tail -n 40 "$scratch/run.log"; return 1; }
}

check "a bare $suite" machine
check 'the commit is cloned' cloned
# bare: nothing but what the packages say that they need, and what looks at them.
bare() {
  cp -r "$1" "$root/packages" && in_it apt-get -q update &&
    in_it apt-get install -qy --no-install-recommends python3-venv binutils && ! in_it sh -c 'command -v cc gcc'
}
if [ "${1-}" = --packages ]; then
  check 'a Python, and no compiler' bare "$2"
  in_it python3 --version >&2
  in_it env BARE=1 tests/package/packages.sh /packages >&2
  check "the packages of $2" test $? = 0
elif [ $# -gt 0 ]; then
  in_it "$@" >&2
  check "$*" test $? = 0
else
  check './run comes to its ready line' ready
  echo "# from clone to ready line: ${took-} s"
  in_it ./test --fast >&2
  check './test --fast' test $? = 0
fi
finish
