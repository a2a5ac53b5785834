#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# How many deliberate defects the conformance suite notices.
#
#   tests/conformance/mutation.sh BUILD-DIR [MUTANT...]
#
# BUILD-DIR is a build with -Dmutants=true. The suite must pass without a mutant and fail with each of
# them. What survives is named, with its reason from survivors.txt; exit 1 when less than 95 % are
# caught, when a survivor has no reason, or when one with a reason is caught after all.
set -uo pipefail
here=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=${1:?usage: mutation.sh BUILD-DIR [MUTANT...]}
shift
mock=$build/server/lakebase-mock
tool=$build/tests/conformance/lakebase-conformance

# Patience is short: some mutants never get done.
suite() { "$tool" --mock "$mock" --timeout 0.3 --seed 1 "$@" >"$out" 2>&1; }
out=$(mktemp) || exit 1
trap 'rm -f "$out"' EXIT

names=("$@")
[ ${#names[@]} -gt 0 ] || mapfile -t names < <("$mock" serve --mutant list | cut -f1)
if [ ${#names[@]} = 0 ]; then
  echo "no mutants: build with -Dmutants=true" >&2
  exit 2
fi
suite || { cat "$out"; echo "the suite fails without any mutant" >&2; exit 2; }

caught=0 bad=0
for name in "${names[@]}"; do
  suite --mock-arg --mutant --mock-arg "$name"
  status=$?
  reason=$(sed -n "s/^$name: *//p" "$here/survivors.txt")
  if [ $status = 1 ]; then
    caught=$((caught + 1))
    printf '%-34s caught by %s\n' "$name" "$(grep -cE '^(fail|error|inconclusive) ' "$out")"
    [ -z "$reason" ] || { echo "  but survivors.txt explains why it survives"; bad=1; }
  elif [ $status = 0 ]; then
    printf '%-34s SURVIVES: %s\n' "$name" "${reason:-not explained}"
    [ -n "$reason" ] || bad=1
  else
    printf '%-34s could not be run (exit %s): %s\n' "$name" "$status" "$(tail -n 1 "$out")"
    bad=1
  fi
done
score=$((1000 * caught / ${#names[@]}))
printf '%d of %d mutants caught: %d.%d %%\n' "$caught" "${#names[@]}" $((score / 10)) $((score % 10))
[ $bad = 0 ] && [ $score -ge 950 ]
