# SPDX-License-Identifier: Apache-2.0
# title: the published Python SDK against the server
# needs: tests/sdk/python/requirements.txt
# tier: all
# limit: 600
. tests/steps/lib.sh

configure "$OUT" --buildtype=debugoptimized
venv tests/sdk/python/requirements.txt
start_mock
report=$OUT/logs/sdk-python.xml
rm -f "$report"
status=0
"$PYTHON" -m pytest -q -p no:cacheprovider --junitxml "$report" tests/sdk/python || status=$?
python3 tests/steps/count.py junit "$report" >"$COUNTS"
exit "$status"
