# SPDX-License-Identifier: Apache-2.0
# title: the source compiles for macOS, on both processors (nothing is run)
# needs: tests/package/macos.py
# tier: asked
# limit: 900
. tests/steps/lib.sh

configure "$OUT" --buildtype=debugoptimized
venv tests/package/requirements-macos.txt
status=0
"$PYTHON" tests/package/macos.py "$OUT" | tee "$OUT/logs/macos.tap" || status=$?
python3 tests/steps/count.py tap "$OUT/logs/macos.tap" >"$COUNTS"
exit "$status"
