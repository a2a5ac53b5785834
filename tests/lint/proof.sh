#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Each lint notices what it is there for: a small tree that passes, then one defect at a time.
set -u
lints=$PWD/tests/lint
tree=$(mktemp -d) || exit 1
trap 'rm -rf "$tree"' EXIT
bad=0

plant() { # a tree that every lint accepts
	rm -rf "${tree:?}"/*
	mkdir -p "$tree"/{server/{base,core,store},client,tests/lint,docs}
	cp "$lints"/* "$tree/tests/lint/" && cp LICENSE "$tree/"
	rm -f "$tree/tests/lint/proof.sh"
	printf '# PATH LINES REASON\n' >"$tree/tests/lint/sizes.allow"
	printf '/* SPDX-License-Identifier: Apache-2.0 */\n#pragma once\n' >"$tree/server/core/a.h"
	printf '/* SPDX-License-Identifier: Apache-2.0 */\n#include "core/a.h"\n' >"$tree/server/core/a.c"
	mkdir -p "$tree"/server/core/{x,y}
	printf '/* SPDX-License-Identifier: Apache-2.0 */\n#pragma once\n' >"$tree/server/core/x/x.h"
	printf '/* SPDX-License-Identifier: Apache-2.0 */\n#pragma once\n#include "core/x/x.h"\n' >"$tree/server/core/y/y.h"
	printf 'enum y { Y_ONE };\n#define Y_TWO 2\n' >>"$tree/server/core/y/y.h"
	printf '/* SPDX-License-Identifier: Apache-2.0 */\nint y_do(void)\n{\n}\n\nconst int y_list[] = {1};\n' >"$tree/server/core/y/y.c"
	for name in {a..o}; do
		printf '/* SPDX-License-Identifier: Apache-2.0 */\n' >"$tree/server/store/$name.c"
	done
	printf '# Readme\n' >"$tree/README.md"
	printf '# Title\n\n[self](#title)\n' >"$tree/docs/page.md"
}
passes() { (cd "$tree" && "tests/lint/$1" >"$tree.out" 2>&1); }
notices() { # notices LINT FILE 'text that breaks the rule'
	plant
	passes "$1" || { echo "$1 refuses a clean tree:"; cat "$tree.out"; bad=1; }
	mkdir -p "$(dirname "$tree/$2")"
	printf "$3" >>"$tree/$2"
	! passes "$1" || { echo "$1 does not notice in $2: $3"; bad=1; }
	rm -f "$tree.out"
}

notices banned.py server/core/a.c 'int f(const char *s)\n{\n\treturn atoi(s);\n}\n'
notices banned.py server/core/a.c 'char *f(char *s)\n{\n\treturn memrchr(s, 1, 9);\n}\n'
notices headers.sh server/core/a.h 'size_t lonely(void);\n'
notices layers.sh server/core/a.c '#include <sqlite3.h>\n'
notices layers.sh server/core/a.c '#include "store/conn.h"\n'
notices layers.sh client/c.c '#include "core/a.h"\n'
notices licence.sh server/core/b.c 'int x;\n'
notices licence.sh stray.txt 'x\n'
notices links.py docs/page.md '[gone](nowhere.md)\n'
notices links.py docs/page.md '[gone](page.md#nothing)\n'
notices links.py server/core/a.c '/* as nowhere.c does */\n'
notices mentions.sh docs/page.md 'see /ho''me/me/notes\n'
notices rooms.py server/core/x/x.h '#include "core/y/y.h"\n'
for name in 'y_do()' 'y_list[0]' Y_ONE Y_TWO; do
	notices rooms.py server/core/x/x.c "void f(void)\n{\n\t$name;\n}\n"
done
notices rooms.py server/core/x/z.h '#pragma once\nenum y { P_ONE };\n'
notices rooms.py server/store/p.c 'int x;\n'
notices scripts.sh server/x.sh 'if true\n'
notices scripts.sh tests/x.py 'def f(:\n'
notices sizes.py server/core/a.c "int f(void)\n{\n$(printf '\\n%.0s' {1..60})}\n"
notices sizes.py server/core/a.c "$(printf '\\n%.0s' {1..500})"
notices tidy.sh server/core/a.c 'int x; \n'
notices timing.py tests/a.sh 'sleep 1\n'
notices timing.py tests/a.sh 'sleep "$n"\n'
notices timing.py tests/a.py 'time.sleep(0.5)\n'
notices timing.py tests/a.c 'usleep(50000);\n'
notices timing.py tests/a.mjs 'await sleep(700);\n'
notices timing.py tests/a.py 'def free_port():\n'
notices timing.py tests/a.sh "[ \$(date -d 'now + 7 days' +%%F) = x ]\n"
notices timing.py client/python/tests/a.py 'now = datetime.now()\n'
notices timing.py docker/a.sh 'pkill lakebase-mock\n'
notices timing.py docker/a.sh 'set -o pipefail\nlong --list | grep -q x\n'
exit $bad
