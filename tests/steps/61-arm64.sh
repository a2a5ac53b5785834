# SPDX-License-Identifier: Apache-2.0
# title: every package for arm64, cross-compiled, installed and used under qemu
# needs: server/main.c
# tier: asked
# limit: 1800
. tests/steps/lib.sh

rm -rf "$OUT/packages-arm64"
PACKAGES=$OUT/packages-arm64 docker/packages.sh --arch arm64 tarball wheel npm deb image
log=$OUT/logs/arm64.tap status=0
tests/package/foreign.sh tests/package/packages.sh "$OUT/packages-arm64" | tee "$log" || status=$?
if [ "$status" = 77 ]; then
  echo "left out: running the arm64 packages (the kernel starts no programs for other processors here)"
  echo "0 0 1" >"$COUNTS"
  exit 0
fi
python3 tests/steps/count.py tap "$log" >"$COUNTS"
exit "$status"
