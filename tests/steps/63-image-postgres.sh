# SPDX-License-Identifier: Apache-2.0
# title: the image with PostgreSQL, made without an engine, unpacked, run as its user: a table, a branch
# needs: docker/image-postgres.sh
# tier: asked
# limit: 1800
. tests/steps/lib.sh

if [ "$(id -u)" != 0 ]; then
  echo "left out: only root can make a root file system"
  echo "0 0 1" >"$COUNTS"
  exit 0
fi
docker/deps.sh image chroot test
configure "$OUT" --buildtype=debugoptimized
docker/image-postgres.sh --binary "$OUT/server/lakebase-mock" --output "$OUT/image-postgres.tar"
status=0
tests/package/image-postgres.sh "$OUT/image-postgres.tar" | tee "$OUT/logs/image-postgres.tap" || status=$?
python3 tests/steps/count.py tap "$OUT/logs/image-postgres.tap" >"$COUNTS"
exit "$status"
