# SPDX-License-Identifier: Apache-2.0
# title: the conformance suite in bad weather, and eight times in random order
# needs: tests/conformance/weather.py
# tier: all
# lane: light
# limit: 900
. tests/steps/lib.sh

configure "$OUT" --buildtype=debugoptimized
status=0
tests/conformance/weather.py "$OUT/tests/conformance/lakebase-conformance" "$OUT/server/lakebase-mock" fixtures |
  tee "$OUT/logs/weather.tap" || status=$?
python3 tests/steps/count.py tap "$OUT/logs/weather.tap" >"$COUNTS"
exit "$status"
