# SPDX-License-Identifier: Apache-2.0
# What meson needs to build for another processor or C library. Sourced.

# cross_file DIR CPU ENDIAN: DIR/cross.ini, of what is read and the machine. It comes last and whole: where it is, DIR is
# complete.
cross_file() {
  { cat; printf "\n[host_machine]\nsystem = 'linux'\ncpu_family = '%s'\ncpu = '%s'\nendian = '%s'\n" "$2" "$2" "$3"; } >"$1/cross.ini.part"
  mv "$1/cross.ini.part" "$1/cross.ini"
}
