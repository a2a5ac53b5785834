# SPDX-License-Identifier: Apache-2.0
# An apt of its own, so that the machine's list of sources stays as it is. Sourced.

# own_apt FOLDER TYPE ARCH...: sets $apt to the options with which apt-get knows the sources of this machine as TYPE
# (deb or deb-src), for a processor that may be another, and keeps all it fetches in FOLDER.
own_apt() {
  local work=$1 type=$2 arch=$3 file
  mkdir -p "$work"/{lists/partial,cache/archives/partial,parts}
  for file in /etc/apt/sources.list.d/*.sources; do
    [ ! -f "$file" ] || sed "/^Architectures:/d; s/^Types:.*/Types: $type/" "$file" >"$work/parts/$(basename "$file")"
  done
  sed -n "s/^deb /$type /p" /etc/apt/sources.list /etc/apt/sources.list.d/*.list >"$work/sources.list" 2>/dev/null || true
  : >"$work/status"
  apt=(-o "Dir::Etc::SourceList=$work/sources.list" -o "Dir::Etc::SourceParts=$work/parts"
    -o "Dir::State::Lists=$work/lists" -o "Dir::State::Status=$work/status" -o "Dir::Cache=$work/cache"
    -o "APT::Architecture=$arch" -o "APT::Architectures=$arch" -o APT::Sandbox::User=root -o Acquire::Retries=3)
  apt-get "${apt[@]}" update >"$work/log" 2>&1 || true
}

# source_of PACKAGE: its source, unpacked into a folder here, with the options of own_apt. Where a mirror lacks a file of
# the newest version, the one before will do.
source_of() {
  local each
  for each in $(apt-cache "${apt[@]}" showsrc "$1" |
    sed -n 's/^Package: //p; s/^Version: //p' | paste -d= - - | sort -Vru); do
    ! apt-get "${apt[@]}" source "$each" || return 0
  done
  return 1
}
