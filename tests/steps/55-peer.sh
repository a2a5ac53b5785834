# SPDX-License-Identifier: Apache-2.0
# title: the conformance suite against a server that is not ours
# needs: tests/conformance/peer/run.sh
# tier: all
# lane: light
# limit: 600
. tests/steps/lib.sh

if ! command -v go >/dev/null; then
  echo "left out: Go is not installed"
  echo "0 0 1" >"$COUNTS"
  exit 0
fi
configure "$OUT" --buildtype=debugoptimized
status=0
(cd tests/conformance/peer && fetched go mod download)
tests/conformance/peer/run.sh "$OUT" --out "$OUT/logs/peer" || status=$?
python3 tests/steps/count.py junit "$OUT/logs/peer/junit.xml" >"$COUNTS"
read -r _ _ skipped <"$COUNTS"
echo "left out: $skipped cases that it does not know, by name in tests/conformance/peer/skipped.txt and known-failing.txt"
exit "$status"
