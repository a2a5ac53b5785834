#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Each header starts with the licence line, has `#pragma once`, and compiles alone.
. tests/lint/files.sh
flags=$(pkg-config --cflags libevent jansson sqlite3 openssl libcurl check 2>/dev/null)
bad=0
for header in $(files server client tests -- -name '*.h'); do
	read -r first <"$header"
	[ "$first" = '/* SPDX-License-Identifier: Apache-2.0 */' ] ||
		{ echo "$header:1: the first line must be the SPDX line"; bad=1; }
	grep -q '^#pragma once$' "$header" || { echo "$header:1: no #pragma once"; bad=1; }
	${CC:-cc} -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -fsyntax-only $flags \
		-Iserver -Iclient -Iclient/include -Itests -x c - <<-EOF || { echo "$header: does not compile alone"; bad=1; }
	#include "$PWD/$header"
	EOF
done
exit $bad
