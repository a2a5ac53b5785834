# SPDX-License-Identifier: Apache-2.0
# title: the source compiles for macOS and for musl, on two processors each (nothing is run)
# needs: tests/package/elsewhere.py
# tier: all
# lane: light
# limit: 900
. tests/steps/lib.sh

configure "$OUT" --buildtype=debugoptimized
venv tests/package/requirements-elsewhere.txt
status=0
"$PYTHON" tests/package/elsewhere.py "$OUT" | tee "$OUT/logs/elsewhere.tap" || status=$?
python3 tests/steps/count.py tap "$OUT/logs/elsewhere.tap" >"$COUNTS"
exit "$status"
