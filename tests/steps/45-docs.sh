# SPDX-License-Identifier: Apache-2.0
# title: the examples of README and docs, run as they stand
# needs: tests/sdk/requirements.txt
# tier: all
# limit: 600
. tests/steps/lib.sh

configure "$OUT" --buildtype=debugoptimized
venv tests/sdk/requirements.txt
export PYTHON LAKEBASE_MOCK=$OUT/server/lakebase-mock LAKEBASECTL=$OUT/client/lakebasectl
[ -x "$LAKEBASECTL" ] || unset LAKEBASECTL
status=0
python3 tests/docs/run.py --junit "$OUT/logs/docs.xml" README.md docs/*.md || status=$?
python3 tests/steps/count.py junit "$OUT/logs/docs.xml" >"$COUNTS"
exit "$status"
