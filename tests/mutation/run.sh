#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Breaks the server on purpose, one small change at a time, and counts what the suites notice.
#
#   tests/mutation/run.sh [--sample N] [--seed S] [--operator O] [--run REGEX] [--jobs N] [--list]
#
# Without arguments: all of them, which takes an hour. Prints each mutant, the diffs of those that
# survived, and the score of each folder. The build folder, of any kind but a sanitized one, is
# $MUTATION_BUILD, else build-mutation.
set -euo pipefail
top=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=${MUTATION_BUILD:-$top/build-mutation}

for tool in spatch patch mold; do
  command -v "$tool" >/dev/null || { echo "run.sh: $tool is missing; docker/deps.sh build test installs it" >&2; exit 2; }
done
[ -f "$build/build.ninja" ] || meson setup "$build" "$top" --buildtype=debugoptimized >&2
exec python3 "$top/tests/mutation/mutate.py" "$@" "$build"
