#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Which room of server/ may include which: layers.tsv says so.
table=$PWD/tests/lint/layers.tsv
bad=0 rooms=

cd server || exit 1
# A generated list (`registry.inc`) has no folder.
may() { # may ROOM 'rooms it sees' 'system headers it must not see'
	[ -d "$1" ] || return 0
	out=$(grep -rnE '^ *# *include "' --include='*.[ch]' "$1" |
		grep -vE "include \"(($2)/|[a-z]+\.inc\"\$)")
	sys=$(grep -rnE "^ *# *include <($3)" --include='*.[ch]' "$1")
	[ -z "$out$sys" ] || { printf '%s sees too much:\n%s\n' "$1" "$out$sys"; bad=1; }
}

tab=$(printf '\t')
while IFS=$tab read -r room sees hidden what; do
	case $room in '#'*) continue ;; esac
	may "$room" "$(echo "$sees" | tr ' ' '|')" "$hidden"
	rooms=$rooms${rooms:+|}$room
done <"$table"

for folder in */; do
	case "|$rooms|manual|" in
	*"|${folder%/}|"*) ;;
	*) echo "server/$folder has no row in tests/lint/layers.tsv"; bad=1 ;;
	esac
done

cd ..
client=$(grep -rnE "^ *# *include (\"($rooms)/|<(event|sqlite3))" --include='*.[ch]' client)
[ -z "$client" ] || { printf 'client depends on nothing in server:\n%s\n' "$client"; bad=1; }
exit $bad
