# SPDX-License-Identifier: Apache-2.0
# title: the helpers for Java, Go and Node.js, each in a project of its own
# needs: tests/package/helpers.sh
# tier: asked
# shares: static
# limit: 900
. tests/steps/lib.sh

docker/deps.sh image sdk
configure "$OUT" --buildtype=debugoptimized
kinds=()
! command -v npm >/dev/null || kinds=(npm)
rm -rf "$OUT/packages-helpers"
mkdir -p "$OUT/packages-helpers"
[ ${#kinds[@]} = 0 ] || PACKAGES=$OUT/packages-helpers docker/packages.sh "${kinds[@]}"
status=0
tests/package/helpers.sh "$OUT/server/lakebase-mock" "$OUT/helpers" "$OUT/packages-helpers" | tee "$OUT/logs/helpers.tap" || status=$?
python3 tests/steps/count.py tap "$OUT/logs/helpers.tap" >"$COUNTS"
exit "$status"
