# SPDX-License-Identifier: Apache-2.0
# title: four mocks behind HAProxy: 200 workspaces, a death, the conformance suite
# needs: server/main.c tests/sdk/requirements.txt
# tier: all
# lane: light
# limit: 900
. tests/steps/lib.sh

docker/deps.sh scale
configure "$OUT" --buildtype=debugoptimized
venv tests/sdk/requirements.txt
export LAKEBASE_MOCK=$OUT/server/lakebase-mock PYTHONPATH=client/python/src
conformance=$OUT/tests/conformance/lakebase-conformance
[ ! -x "$conformance" ] || export LAKEBASE_CONFORMANCE=$conformance
status=0
"$PYTHON" -m pytest -q -p no:cacheprovider --junitxml "$OUT/logs/scale.xml" tests/scale || status=$?
python3 tests/steps/count.py junit "$OUT/logs/scale.xml" >"$COUNTS"
exit "$status"
