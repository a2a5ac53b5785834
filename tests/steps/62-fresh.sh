# SPDX-License-Identifier: Apache-2.0
# title: ./run and ./test --fast on a fresh Debian 13 (FRESH=noble: Ubuntu 24.04)
# needs: server/main.c
# tier: asked
# limit: 3600
. tests/steps/lib.sh

status=0
tests/package/chroot.sh "${FRESH:-trixie}" | tee "$OUT/logs/fresh.tap" || status=$?
python3 tests/steps/count.py tap "$OUT/logs/fresh.tap" >"$COUNTS"
exit "$status"
