# SPDX-License-Identifier: Apache-2.0
# title: the published clients (SDKs, command line, schema fuzzer) against the server
# needs: tests/sdk/run.sh
# tier: all
# lane: light
# shares: maven
# limit: 1500
. tests/steps/lib.sh

docker/deps.sh sdk
configure "$OUT" --buildtype=debugoptimized
export LAKEBASE_MOCK=$OUT/server/lakebase-mock SDK_OUT=$OUT/logs/sdk
rm -rf "$SDK_OUT"
status=0
tests/sdk/run.sh | tee "$OUT/logs/sdk.out" || status=$?
python3 tests/steps/count.py junit "$SDK_OUT"/*.xml >"$COUNTS"
# A client that could not run here is a skipped test, said aloud.
left=$(grep -c '^left out: [^ ]* (' "$OUT/logs/sdk.out" || true)
read -r p f s <"$COUNTS"
echo "$p $f $((s + left))" >"$COUNTS"
exit "$status"
