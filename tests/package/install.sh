#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# install.sh BUILD: `meson install` with DESTDIR, what is installed, the bill of materials, and the
# source archive.
set -u
build=$1
here=$(cd -P "$(dirname "$0")" && pwd)
. "$here/tap.sh"
top=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

install() { DESTDIR=$work/dest meson install -C "$build" --no-rebuild --quiet; }
only_below() { [ -z "$(find "$work/dest" -mindepth 1 -maxdepth 1 ! -name usr ! -name var)" ]; }
there() { [ -n "$(find "$work/dest" -path "*$1")" ] || { find "$work/dest" -type f; false; }; }
check 'meson install honours DESTDIR' install
check 'and stays below it' only_below
for file in bin/lakebase-mock bin/lakebasectl include/lakebase.h pkgconfig/lakebase.pc \
	doc/lakebase-mock/lakebase-mock.spdx.json man1/lakebase-mock.1 \
	bash-completion/completions/lakebase-mock zsh/site-functions/_lakebase-mock \
	fish/vendor_completions.d/lakebase-mock.fish; do
	check "it installs $file" there "/$file"
done

sbom=$(find "$work/dest" -name '*.spdx.json')
spdx() { jq -e "$1" "$sbom"; }
check 'the bill of materials is SPDX 2.3' spdx '.spdxVersion == "SPDX-2.3" and .dataLicense == "CC0-1.0"'
check 'each part has a version and a licence' spdx \
	'[.packages[] | select((.versionInfo | length) == 0 or .licenseDeclared == null)] == []'
check 'it names what is linked' spdx \
	'(["lakebase-mock", "libevent", "jansson", "sqlite3", "openssl", "glibc"] - [.packages[].name]) == []'
ids() { spdx '([.packages[].SPDXID] + ["SPDXRef-DOCUMENT"]) as $ids
	| [.relationships[] | .spdxElementId, .relatedSpdxElement] - $ids == []'; }
check 'its relations lead somewhere' ids

if git -C "$top" rev-parse HEAD >/dev/null 2>&1 && command -v xz >/dev/null; then
	dist() {
		rm -rf "$build/meson-dist"
		meson dist -C "$build" --no-tests --formats xztar --allow-dirty && mv "$build"/meson-dist/*.tar.xz "$work/$1"
	}
	check 'meson dist makes a source archive' dist one.tar.xz
	check 'and makes it again' dist two.tar.xz
	check 'the two are the same, byte for byte' cmp "$work/one.tar.xz" "$work/two.tar.xz"
	has_all() { tar -tf "$work/one.tar.xz" | grep -E "/($1)\$"; }
	for file in run test LICENSE server/main.c docker/deps.sh; do
		check "it holds $file" has_all "$file"
	done
else
	skip 'the source archive' 'not a git checkout'
fi
finish
