#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Shell and Python parse, JSON is JSON, and what starts with #! may be executed.
. tests/lint/files.sh
bad=0
for file in $(files . -- ! -name '*.raw' -size -200k); do
	IFS= read -r first <"$file" 2>/dev/null
	case $first in
	'#!'*bash) bash -n "$file" || bad=1 ;;
	'#!'*sh) sh -n "$file" || bad=1 ;;
	'#!'*) ;;
	*) case $file in *.sh) bash -n "$file" || bad=1 ;; esac; continue ;;
	esac
	[ -x "$file" ] || { echo "$file: starts with #! but is not executable"; bad=1; }
done
python3 - $(files . -- -name '*.py' -o -name '*.json') <<'EOF' || bad=1
import json, sys
bad = False
for name in sys.argv[1:]:
    try:
        text = open(name, encoding="utf-8").read()
        json.loads(text) if name.endswith(".json") else compile(text, name, "exec")
    except (SyntaxError, ValueError) as e:
        bad = True
        print(f"{name}: {e}")
sys.exit(bad)
EOF
exit $bad
