# SPDX-License-Identifier: Apache-2.0
# title: the static programs in an empty root, the image, installation, source archive, packages
# needs: server/main.c tests/sdk/requirements.txt
# tier: all
# limit: 1200
. tests/steps/lib.sh

docker/deps.sh image static
docker/curl.sh "$TOP/build-curl"
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-1700000000}
static=(-Dstatic=true --pkg-config-path "$TOP/build-curl/lib/pkgconfig")
targets=(server/lakebase-mock client/lakebasectl)
configure_only "$TOP/build-static" "${static[@]}"
ninja -C "$TOP/build-static" "${targets[@]}"
# The same again from nothing, elsewhere: what differs would be a path, a date or chance.
rm -rf "$OUT/again"
mkdir -p "$OUT/again"
configure_only "$OUT/again/build" "${static[@]}"
ninja -C "$OUT/again/build" server/lakebase-mock
docker/image.sh --binary build-static/server/lakebase-mock --output "$OUT/image-1.tar"
docker/image.sh --binary "$OUT/again/build/server/lakebase-mock" --output "$OUT/image-2.tar"
configure "$OUT" --buildtype=debugoptimized
venv tests/sdk/requirements.txt

status=0 logs=()
# part NAME COMMAND...: one script, one log.
part() {
  logs+=("$OUT/logs/package-$1.tap")
  "${@:2}" 2>&1 | tee "$OUT/logs/package-$1.tap" || status=1
}
part static tests/package/static.sh build-static/server/lakebase-mock "$PYTHON" build-static/client/lakebasectl
part image tests/package/image.sh "$OUT/image-1.tar" "$OUT/image-2.tar"
part install tests/package/install.sh "$OUT"
kinds=(tarball wheel deb)
! command -v npm >/dev/null || kinds+=(npm)
rm -rf "$OUT/packages"
PACKAGES=$OUT/packages docker/packages.sh "${kinds[@]}"
part packages tests/package/packages.sh "$OUT/packages"
python3 tests/steps/count.py tap "${logs[@]}" >"$COUNTS"
exit "$status"
