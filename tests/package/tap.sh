# SPDX-License-Identifier: Apache-2.0
# Test Anything Protocol for shell: sourced. Each check is one case; plan at the end.
cases=0 bad=0
# check 'what must hold' COMMAND...: runs it, and shows what it printed if it fails.
check() {
	local what=$1 out
	shift
	cases=$((cases + 1))
	if out=$("$@" 2>&1); then
		echo "ok $cases - $what"
	else
		echo "not ok $cases - $what"
		printf '%s\n' "$out" | sed 's/^/# /'
		bad=$((bad + 1))
	fi
}
skip() {
	cases=$((cases + 1))
	echo "ok $cases - $1 # SKIP $2"
}
finish() {
	echo "1..$cases"
	[ "$bad" = 0 ]
}
