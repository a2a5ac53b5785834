#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# An installed copy is all that a user has: it is compiled against by pkg-config from outside the tree,
# in C and C++, with shared and static linking, and exports what the header names and nothing else.
# installed.sh MESON BUILD_DIR HEADER_TEST
set -eu
meson=$1 build=$2 source=$3
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
"$meson" install -C "$build" --destdir "$tmp/root" --no-rebuild --quiet
pc=$(find "$tmp/root" -name lakebase.pc)
[ -n "$pc" ] || { echo 'lakebase.pc is not installed'; exit 1; }
export PKG_CONFIG_PATH="${pc%/*}" PKG_CONFIG_SYSROOT_DIR="$tmp/root"
lib=$(pkg-config --variable=libdir lakebase)
case $lib in "$tmp"*) ;; *) lib=$tmp/root$lib ;; esac
# the sysroot is ours; the system's own folders are not in it. An option and its folder stay one word.
flags=$(pkg-config --cflags --libs lakebase | sed 's/-isystem  */-isystem/g' | tr ' ' '\n' | grep -E "lakebase|$tmp" | tr '\n' ' ')
cp "$source" "$tmp/user.c"
cp "$source" "$tmp/user.cpp"
cd "$tmp"
cc -std=c11 -Wall -Wextra -Wpedantic -Werror user.c -o user_c $flags
c++ -std=c++11 -Wall -Wextra -Wpedantic -Werror user.cpp -o user_cpp $flags
LD_LIBRARY_PATH=$lib ./user_c
LD_LIBRARY_PATH=$lib ./user_cpp
if [ -e "$lib/liblakebase.a" ]; then
	cc -std=c11 -I"$tmp/root$(PKG_CONFIG_SYSROOT_DIR= pkg-config --variable=includedir lakebase)" \
		user.c -o user_static "$lib/liblakebase.a" -lcurl -ljansson -lm
	./user_static
fi
# the manuals are installed, and the one of the library speaks of every function
for page in man3/lakebase.3 man1/lakebasectl.1; do
	[ -n "$(find "$tmp/root" -path "*/$page")" ] || { echo "$page is not installed"; exit 1; }
done
page=$(find "$tmp/root" -name lakebase.3)
pages=${page%/*}
for name in $(grep -ohE '\blakebase_[a-z_]+\(' "$(dirname "$source")/../../client/include/lakebase.h" |
		tr -d '(' | sort -u); do
	[ -e "$pages/$name.3" ] || { echo "there is no $name(3)"; exit 1; }
	group=$(sed -n 's|^\.so man3/||p' "$pages/$name.3")
	grep -q "$name" "$pages/${group:-lakebase.3}" || { echo "$name(3) does not speak of $name"; exit 1; }
done
# each page renders without a warning, within 80 columns
for page in "$pages"/*.3 "$tmp"/root/*/*/man/man1/lakebasectl.1 "$tmp"/root/*/*/*/man/man1/lakebasectl.1; do
	[ -e "$page" ] || continue
	(cd "${pages%/*}" && MANWIDTH=80 man --warnings -E UTF-8 -P cat -l "$page") >rendered 2>warned
	[ ! -s warned ] || { echo "$page:"; cat warned; exit 1; }
	[ "$(wc -l <rendered)" -gt 10 ] || { echo "$page renders to nothing"; exit 1; }
	[ "$(sed 's/[^ -~]\+/x/g' rendered | awk 'length > 80' | wc -l)" = 0 ] || {
		echo "$page: over 80 columns"; sed 's/[^ -~]\+/x/g' rendered | awk 'length > 80'; exit 1; }
done
# every symbol of the header, and no other
grep -ohE '\blakebase_[a-z_]+\(|lakebase_and_wait;' "$(dirname "$source")/../../client/include/lakebase.h" |
	tr -d '(;' | sort -u >named
nm -D --defined-only "$lib/liblakebase.so" | awk '{ sub(/@.*/, "", $3); print $3 }' |
	grep -v '^LAKEBASE_' | sort -u >exported
extra=$(comm -13 named exported)
[ -z "$extra" ] || { echo "exported, but not in the header: $extra"; exit 1; }
for symbol in lakebase_new lakebase_create lakebase_multi_action lakebase_and_wait; do
	grep -qx "$symbol" exported || { echo "$symbol is not exported"; exit 1; }
done
undefined=$(grep -oE 'LAKEBASE_API [^;]*' "$(dirname "$source")/../../client/include/lakebase.h" |
	grep -oE 'lakebase_[a-z_]+\(' | tr -d '(' | sort -u | comm -23 - exported)
[ -z "$undefined" ] || { echo "in the header, but not exported: $undefined"; exit 1; }
nm -D "$lib/liblakebase.so" | grep -q 'lakebase_new@@LAKEBASE_' || { echo 'symbols have no version'; exit 1; }
