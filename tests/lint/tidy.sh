#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# No trailing blanks, no carriage returns, no missing newline at the end, no tabs where spaces belong.
. tests/lint/files.sh
bad=0
cr=$(printf '\r')
list=$(files . -- -name '*.c' -o -name '*.h' -o -name '*.py' -o -name '*.sh' -o -name '*.go' \
	-o -name '*.java' -o -name '*.md' -o -name '*.json' -o -name '*.yaml' -o -name '*.yml' \
	-o -name meson.build -o -name run -o -name test)
for file in $list; do
	grep -nHE "[[:blank:]]+$|$cr" "$file" && bad=1
	[ -z "$(tail -c 1 "$file")" ] || { echo "$file: no newline at the end"; bad=1; }
done
for file in $(files server client tests -- -name '*.c' -o -name '*.h'); do
	grep -nHE '^ {8}' "$file" && { echo "$file: indent with tabs"; bad=1; }
	# A row of a table may be as long as it is.
	awk -v f="$file" '/^\t+(\[[A-Za-z0-9_]+\] = )?\{ ?[^ ]/ { next } { gsub(/\t/, "        ") } length > 110 { print f ":" NR ": over 110 columns (aim at 100)"; b = 1 }
		END { exit b }' "$file" || bad=1
done
exit $bad
