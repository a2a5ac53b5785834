# SPDX-License-Identifier: Apache-2.0
# Test Anything Protocol for shell: sourced. Each check is one case; the plan comes last.
cases=0 bad=0 said=$(mktemp)
# check 'what must hold' COMMAND...: runs it in this shell, and shows what it printed if it fails.
check() {
	local what=$1
	shift
	cases=$((cases + 1))
	if "$@" >"$said" 2>&1; then
		echo "ok $cases - $what"
	else
		echo "not ok $cases - $what"
		sed 's/^/# /' "$said"
		bad=$((bad + 1))
	fi
}
skip() {
	cases=$((cases + 1))
	echo "ok $cases - $1 # SKIP $2"
}
finish() {
	rm -f "$said"
	echo "1..$cases"
	[ "$bad" = 0 ]
}
# serves SERVER... [-- COMMAND...]: on a port of its own it says that it serves, COMMAND succeeds with $DATABRICKS_HOST,
# and it ends when told.
serves() {
	local line='' pid status=0 server=()
	while [ $# -gt 0 ] && [ "$1" != -- ]; do server+=("$1"); shift; done
	coproc SERVER { exec "${server[@]}" --listen 127.0.0.1:0 --log off; }
	pid=$SERVER_PID
	read -r -t 120 -u "${SERVER[0]}" line
	[[ $line == *'"ready":true'* ]] || status=1
	if [ $# -gt 1 ] && [ "$status" = 0 ]; then
		DATABRICKS_HOST=$(sed 's/.*"url":"\([^"]*\)".*/\1/' <<<"$line") DATABRICKS_TOKEN=mock-package "${@:2}" || status=1
	fi
	kill "$pid"
	wait "$pid" 2>/dev/null
	return "$status"
}
