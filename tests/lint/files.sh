# SPDX-License-Identifier: Apache-2.0
# files DIR... -- FIND-TESTS...: the project's own files, without build folders and caches.
files() {
	dirs=
	while [ $# -gt 0 ] && [ "$1" != -- ]; do [ ! -e "$1" ] || dirs="$dirs $1"; shift; done
	shift
	find $dirs \( -name 'build*' -o -name .git -o -name .venv -o -name node_modules \
		-o -name __pycache__ -o -name target -o -name .cache -o -name '*.egg-info' \
		-o -name .pytest_cache \) -type d -prune -o -type f \( "$@" \) -print | sort
}
