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
