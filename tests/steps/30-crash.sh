# SPDX-License-Identifier: Apache-2.0
# title: kill -9 while clients write, again and again: nothing that was answered is lost
# tier: all
# lane: light
# limit: 900
. tests/steps/lib.sh

configure "$OUT" --buildtype=debugoptimized
if python3 tests/crash/crash.py "$OUT/server/lakebase-mock" --seconds 20; then
  echo "1 0 0" >"$COUNTS"
else
  echo "0 1 0" >"$COUNTS"
  exit 1
fi
