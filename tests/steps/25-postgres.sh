# SPDX-License-Identifier: Apache-2.0
# title: the databases with PostgreSQL 16, 17 and 18
# needs: tests/postgres/fetch.py
# tier: all
# lane: light
# limit: 900
. tests/steps/lib.sh

configure "$OUT" --buildtype=debugoptimized
export LAKEBASE_MOCK=$OUT/server/lakebase-mock
p=0 f=0 s=0
# The user of the databases has to reach the programs.
programs=$(mktemp -d /var/tmp/lakebase-postgres.XXXXXX)
trap 'rm -rf "$programs"' EXIT
chmod 755 "$programs"
# The newest in full, as the one of this machine is in the step `slow`; of those between, what depends on a version.
for version in 16.14.0-beta.17 17.10.0-beta.17 18.4.0-beta.17; do
  case $version in
    18.*) suites='life branches roles replicas instants' ;;
    *) suites='life branches roles' ;;
  esac
  if ! bin=$(python3 tests/postgres/fetch.py "$programs/$version" "$version" 2>"$OUT/logs/fetch"); then
    echo "left out: PostgreSQL $version ($(head -1 "$OUT/logs/fetch"))"
    s=$((s + 1))
    continue
  fi
  echo "PostgreSQL $version"
  for name in $suites; do
    log=$OUT/logs/postgres-$version-$name
    TEST_POSTGRES=$bin python3 "tests/postgres/test_$name.py" >"$log" 2>"$log.err" || cat "$log.err"
    p=$((p + $(grep -c '^\.\?ok ' "$log" || true)))
    f=$((f + $(grep -c '^[EF]\?not ok ' "$log" || true)))
  done
done
echo "$p $f $s" >"$COUNTS"
[ "$f" = 0 ]
