#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The one place that installs packages: Debian 12 and 13, Ubuntu 24.04; what building needs also on
# Fedora, Arch, Alpine, openSUSE and with Homebrew.
#
#   docker/deps.sh SET...     build   what compiles the server, the client and the tests
#                             postgres  the databases of --postgres auto
#                             test    what ./test needs besides
#                             sdk     toolchains for the real clients (Go, Java, Node), where there are none
#                             python, java, node   what one kind of package is made with
#                             page    the browser that the web page is tested in
#                             static  what docker/curl.sh builds a static libcurl with
#                             image   what puts the container image together
#                             scale   proxy and load generator
#                             chroot  what makes a bare machine of another distribution
#                             arm64   what compiles for arm64, and runs that
#                             s390x, armhf   the same for these, whose tests are only run
#                             musl    what compiles for musl, and the libraries there
#   docker/deps.sh --list SET...      only print the packages
#
# A set that is already there costs one dpkg-query and installs nothing.
set -euo pipefail

has() { # has PROGRAM...: all of them
  local program
  for program; do command -v "$program" >/dev/null 2>&1 || return; done
}
packages() {
  case $1 in
    build) echo gcc libc6-dev meson ninja-build pkgconf git ca-certificates \
             libevent-dev libjansson-dev libsqlite3-dev libssl-dev libcurl4-openssl-dev \
             libpq-dev ;;
    test) echo check clang mold python3 python3-venv procps curl patch "$(clang_runtime)" postgresql valgrind \
            coccinelle zsh fish man-db ;;
    postgres) echo postgresql ;;
    python) echo python3-venv ;;
    # Debian's maven is content with a Java that compiles nothing.
    java) has mvn javac || echo default-jdk-headless maven ;;
    node) has node npm || echo nodejs npm ;;
    sdk) { has go || echo golang-go; packages java; packages node; } | xargs ;;
    page) # Ubuntu has Chromium as a snap only, which no container can run
      { packages node
        grep -q '^ID=ubuntu' /etc/os-release || echo chromium fonts-inter fonts-jetbrains-mono; } | xargs ;;
    static) echo dpkg-dev make patch xz-utils libc-ares-dev zlib1g-dev libzstd-dev ;;
    autotools) echo autoconf automake libtool ;;
    image) echo binutils jq xz-utils ;;
    scale) echo haproxy wrk ;;
    chroot) echo debootstrap debian-archive-keyring ;;
    arm64) echo gcc-aarch64-linux-gnu libc6-dev-arm64-cross binutils-aarch64-linux-gnu qemu-user-static ;;
    s390x) echo gcc-s390x-linux-gnu libc6-dev-s390x-cross binutils-s390x-linux-gnu qemu-user-static ;;
    armhf) echo gcc-arm-linux-gnueabihf libc6-dev-armhf-cross binutils-arm-linux-gnueabihf qemu-user-static ;;
    musl) echo musl-tools tcl ;;
    *) echo "deps.sh: there is no set '$1'; its first lines list them" >&2; exit 2 ;;
  esac
}

# The sanitizer runtimes are a package of their own, named after clang's version.
clang_runtime() {
  local version
  version=$(clang -dumpversion 2>/dev/null | cut -d. -f1) || true
  [ -n "$version" ] || version=$(apt-cache depends clang 2>/dev/null |
    sed -n 's/.*Depends: clang-\([0-9]*\)$/\1/p;T;q')
  echo "libclang-rt-${version:-14}-dev"
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null 2>&1; then
    sudo -n true 2>/dev/null || echo "deps.sh: sudo may ask for your password" >&2
    sudo "$@"
  else
    echo "deps.sh: not root and no sudo; as root run: $*" >&2
    exit 1
  fi
}

# Debian's postgresql makes a cluster and starts it, unless it is told before that nobody wants one.
no_own_cluster() {
  local file=/etc/postgresql-common/createcluster.conf
  case " $* " in *" postgresql "*) ;; *) return 0 ;; esac
  [ ! -e "$file" ] || return 0
  as_root mkdir -p "${file%/*}"
  echo 'create_main_cluster = false' | as_root tee "$file" >/dev/null
}

install() {
  no_own_cluster "$@"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends \
    -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=120 -o Acquire::Retries=3 "$@" </dev/null
}

update() {
  as_root apt-get -q update -o DPkg::Lock::Timeout=120 -o Acquire::Retries=3 </dev/null
}

list=
[ "${1-}" != --list ] || { list=1; shift; }
[ $# -gt 0 ] || set -- build
want=()
for set in "$@"; do
  names=$(packages "$set")
  read -r -a more <<<"$names"
  want+=("${more[@]}")
done
[ ${#want[@]} -gt 0 ] || exit 0
[ -z "$list" ] || { printf '%s\n' "${want[@]}"; exit 0; }

# ---- other systems ----

# What the sets build, test and postgres are called there; the other sets are known on Debian only.
elsewhere() { # elsewhere MANAGER SET
  case $1:$2 in
    dnf:build) echo gcc meson ninja-build pkgconf-pkg-config git ca-certificates python3 libevent-devel \
                 jansson-devel sqlite-devel openssl-devel libcurl-devel libpq-devel ;;
    dnf:test) echo check-devel clang compiler-rt procps-ng curl patch postgresql-server zsh fish man-db ;;
    dnf:postgres) echo postgresql-server ;;
    pacman:build) echo gcc meson ninja pkgconf git ca-certificates python libevent jansson sqlite openssl curl \
                    postgresql-libs ;;
    pacman:test) echo check clang compiler-rt procps-ng patch postgresql zsh fish man-db ;;
    pacman:postgres) echo postgresql ;;
    apk:build) echo gcc musl-dev bsd-compat-headers linux-headers meson samurai pkgconf git ca-certificates python3 \
                 bash libevent-dev jansson-dev sqlite-dev openssl-dev curl-dev libpq-dev ;;
    apk:test) echo check-dev clang compiler-rt procps curl patch coreutils postgresql zsh fish ;;
    apk:postgres) echo postgresql ;;
    zypper:build) echo gcc meson ninja pkgconf git ca-certificates python3 libevent-devel libjansson-devel \
                    sqlite3-devel libopenssl-devel libcurl-devel postgresql-devel ;;
    zypper:test) echo check-devel clang procps curl patch postgresql-server zsh fish man ;;
    zypper:postgres) echo postgresql-server ;;
    brew:build) echo meson ninja pkgconf libevent jansson sqlite openssl@3 curl libpq ;;
    brew:test) echo check postgresql@17 ;;
    brew:postgres) echo postgresql@17 ;;
  esac
}
install_elsewhere() { # install_elsewhere MANAGER PACKAGE...
  case $1 in
    dnf) as_root dnf -q -y install "${@:2}" ;;
    pacman) as_root pacman -S --noconfirm --needed "${@:2}" ;;
    apk) as_root apk add --quiet "${@:2}" ;;
    zypper) as_root zypper --quiet --non-interactive install "${@:2}" ;;
    brew) brew install --quiet "${@:2}" ;;
  esac
}
# Whatever comes of it, the build goes on: meson says what is missing.
other_system() { # other_system SET...
  local manager set names=()
  for manager in dnf pacman apk zypper brew ''; do
    [ -z "$manager" ] || ! command -v "$manager" >/dev/null 2>&1 || break
  done
  if [ -z "$manager" ]; then
    echo "deps.sh: this system's packages are not known here. Debian calls what is needed: ${want[*]}" >&2
    return
  fi
  for set in "$@"; do
    read -r -a more <<<"$(elsewhere "$manager" "$set")"
    names+=("${more[@]}")
  done
  [ ${#names[@]} -gt 0 ] || return 0
  echo "Installing with $manager: ${names[*]}" >&2
  (install_elsewhere "$manager" "${names[@]}" >&2) ||
    echo "deps.sh: that did not work; if the build misses something, install it by hand" >&2
}
if ! command -v dpkg-query >/dev/null 2>&1; then
  other_system "$@"
  exit 0
fi

have=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "${want[@]}" 2>/dev/null |
  sed -n 's/ installed$//p' || true)
missing=()
for package in "${want[@]}"; do
  grep -qxF -- "$package" <<<"$have" || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

echo "Installing ${#missing[@]} package(s): ${missing[*]}" >&2
# The first try may meet an empty or outdated package index.
install "${missing[@]}" >&2 || { update >&2; install "${missing[@]}" >&2; }
