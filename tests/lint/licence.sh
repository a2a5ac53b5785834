#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The licence is there, each source names it, and the top of the tree holds what it should.
. tests/lint/files.sh
bad=0
grep -q 'Apache License' LICENSE || { echo 'LICENSE: not the Apache License'; bad=1; }
for file in $(files server client tests docker run test -- -name '*.c' -o -name '*.h' -o -name '*.sh' \
	-o -name '*.py' -o -name '*.go' -o -name '*.java' -o -name run -o -name test); do
	[ -s "$file" ] || continue
	head -n 4 "$file" | grep -q 'SPDX-License-Identifier: Apache-2.0' ||
		{ echo "$file:1: no SPDX line"; bad=1; }
done
for entry in *; do
	case $entry in
	meson.build | meson_options.txt | README.md | LICENSE | run | test) ;;
	server | fixtures | client | tests | docker | docs | build*) ;;
	*) echo "$entry: does not belong at the top"; bad=1 ;;
	esac
done
exit $bad
