#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Breaks the server on purpose, one small change at a time, and counts what the suites notice.
#
#   tests/mutation/run.sh [--sample N] [--seed S] [--operator O] [--run REGEX] [--jobs N] [--list]
#
# Without arguments: all of them, which takes an hour. Prints each mutant, the diffs of those that
# survived, and the score of each folder. The build folder is $MUTATION_BUILD, else build-mutation.
set -euo pipefail
top=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=${MUTATION_BUILD:-$top/build-mutation}

for tool in spatch patch mold; do
  command -v "$tool" >/dev/null || { echo "run.sh: $tool is missing; docker/deps.sh build test mutation installs it" >&2; exit 2; }
done
# Fast to compile rather than fast: each mutant runs for a second. What a mutant leaks is noticed, too,
# as it would be by the step that runs the suites under sanitizers.
[ -f "$build/build.ninja" ] || meson setup "$build" "$top" --buildtype=plain "-Dc_args=-O1 -fsanitize=leak" \
  "-Dc_link_args=-fuse-ld=mold -fsanitize=leak" >&2
exec python3 "$top/tests/mutation/mutate.py" "$@" "$build"
