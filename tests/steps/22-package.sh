# SPDX-License-Identifier: Apache-2.0
# title: the static programs in an empty root, the image, installation, source archive, packages
# needs: server/main.c tests/sdk/requirements.txt
# tier: all
# lane: light
# shares: static
# limit: 1500
. tests/steps/lib.sh

. tests/package/tap.sh

export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-1700000000}
mkdir -p "$OUT/logs"
status=0 logs=("$OUT/logs/package-made.tap")
exec 3>"${logs[0]}"
# made WHAT COMMAND...: what cannot be made is a failed check, and takes with it only what needs it.
made() { check "$@" >&3; }
# part NAME COMMAND...: one script, one log.
part() {
  logs+=("$OUT/logs/package-$1.tap")
  "${@:2}" 2>&1 | tee "$OUT/logs/package-$1.tap" || status=1
}

made 'the tools are there' docker/deps.sh build image static
static=(-Dstatic=true) targets=(server/lakebase-mock)
made 'a static libcurl is built from the source of the distribution' docker/curl.sh "$TOP/build-curl"
if [ -f "$TOP/build-curl/lib/pkgconfig/libcurl.pc" ]; then
  static+=(--pkg-config-path "$TOP/build-curl/lib/pkgconfig")
  targets+=(client/lakebasectl tests/conformance/lakebase-conformance)
fi
# Linked as a release is.
in_static() { CC_LD='' configure_only "$TOP/build-static" "${static[@]}" && ninja -C "$TOP/build-static" "${targets[@]}"; }
made 'the static programs are built' in_static
# The same again from nothing, elsewhere: what differs would be a path, a date or chance. The path has blanks in it.
elsewhere="$OUT/from nothing"
again() {
  rm -rf "$elsewhere" && mkdir -p "$elsewhere" && docker/curl.sh "$elsewhere/curl" &&
    CC_LD='' configure_only "$elsewhere/build" -Dstatic=true --pkg-config-path "$elsewhere/curl/lib/pkgconfig" &&
    ninja -C "$elsewhere/build" server/lakebase-mock client/lakebasectl
}
made 'and again, elsewhere' again
made 'an image' docker/image.sh --binary build-static/server/lakebase-mock --output "$OUT/image-1.tar"
made 'another image' docker/image.sh --binary "$elsewhere/build/server/lakebase-mock" --output "$OUT/image-2.tar"
made 'a build to install' configure "$OUT" --buildtype=debugoptimized
made 'the Python SDK' venv tests/sdk/requirements.txt
kinds=(tarball wheel sdist deb image)
! command -v npm >/dev/null || kinds+=(npm)
rm -rf "$OUT/packages"
# Without libcurl there is no lakebasectl, and no package without that.
if [ ${#targets[@]} -gt 1 ]; then
  for kind in "${kinds[@]}"; do made "packed: $kind" env PACKAGES="$OUT/packages" docker/packages.sh "$kind"; done
fi
finish >&3 || status=1
exec 3>&-
cat "${logs[0]}"

more=("${targets[@]:1}")
part static tests/package/static.sh build-static/server/lakebase-mock "${PYTHON:-python3}" "${more[@]/#/build-static/}"
part image tests/package/image.sh "$OUT/image-1.tar" "$OUT/image-2.tar"
part install tests/package/install.sh "$OUT"
part others tests/package/others.sh "$OUT/server/lakebase-mock"
[ ${#targets[@]} = 1 ] || part packages tests/package/packages.sh "$OUT/packages"
python3 tests/steps/count.py tap "${logs[@]}" >"$COUNTS"
exit "$status"
