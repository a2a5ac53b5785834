# SPDX-License-Identifier: Apache-2.0
# title: built and run with musl, the C library of Alpine: the quick tests, databases, the SDK, lakebasectl
# needs: tests/package/musl.sh
# tier: asked
# limit: 2400
. tests/steps/lib.sh

. tests/package/tap.sh

libraries=$TOP/build-musl-libs build=$TOP/build-musl status=0
tests/package/musl.sh "$libraries"
CC_LD='' configure "$build" --cross-file "$libraries/cross.ini" -Dprefer_static=true
venv tests/sdk/requirements.txt
meson_tests "$build" --no-suite lint || status=$?
counts=$(cat "$COUNTS")
docker/deps.sh postgres
meson_tests "$build" --suite slow --timeout-multiplier 2 client-lab life roles login front || status=$?
counts+=" $(cat "$COUNTS")"

of_musl() { readelf -lW "$build/$1" | grep -o 'ld-musl-.*\.so' && ! readelf -dW "$build/$1" | grep 'NEEDED.*libc\.so\.6'; }
smoke() { DATABRICKS_TOKEN=mock-static timeout 60 "$PYTHON" tests/package/client.py; }
ctl() { DATABRICKS_TOKEN=mock-static "$build/client/lakebasectl" "$@"; }
creates() { ctl project create by-hand && ctl project get by-hand; }
log=$OUT/logs/musl.tap
{
  for program in server/lakebase-mock client/lakebasectl tests/conformance/lakebase-conformance; do
    check "$program runs with musl alone" of_musl "$program"
  done
  MOCK_BINARY=$build/server/lakebase-mock check 'the server comes to its ready line' start_mock --log off
  check 'the Python SDK works against it' smoke
  check 'lakebasectl --version' ctl --version
  check 'lakebasectl makes a project' creates
  finish || status=1
} >"$log"
cat "$log"
counts+=" $(python3 tests/steps/count.py tap "$log")"
awk '{ print $1 + $4 + $7, $2 + $5 + $8, $3 + $6 + $9 }' <<<"$counts" >"$COUNTS"
exit "$status"
