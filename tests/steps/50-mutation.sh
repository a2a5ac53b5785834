# SPDX-License-Identifier: Apache-2.0
# title: the conformance suite notices deliberate defects
# needs: tests/conformance/mutation.sh
# tier: all
# limit: 1200
. tests/steps/lib.sh

# Optimised as the release is: a hundred runs of the whole suite.
configure "$OUT/mutants" --buildtype=release -Dmutants=true
status=0
tests/conformance/mutation.sh "$OUT/mutants" | tee "$OUT/logs/mutation.txt" || status=$?
caught=$(grep -c ' caught by ' "$OUT/logs/mutation.txt" || true)
failed=$(grep -cE ' SURVIVES: not explained| could not be run ' "$OUT/logs/mutation.txt" || true)
skipped=$(grep -cE ' SURVIVES: ' "$OUT/logs/mutation.txt" || true)
echo "$caught $failed $((skipped - failed > 0 ? skipped - failed : 0))" >"$COUNTS"
exit "$status"
