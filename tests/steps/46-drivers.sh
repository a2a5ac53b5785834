# SPDX-License-Identifier: Apache-2.0
# title: database drivers through the front (psycopg, asyncpg, pg8000, node-postgres, pgx, pgjdbc, psql)
# needs: tests/postgres/test_drivers.py
# tier: all
# lane: light
# shares: maven
# limit: 900
. tests/steps/lib.sh

docker/deps.sh postgres sdk
configure "$OUT" --buildtype=debugoptimized
venv tests/postgres/drivers/requirements.txt
export LAKEBASE_MOCK=$OUT/server/lakebase-mock DRIVERS=$OUT/drivers
mkdir -p "$DRIVERS/node"
# What cannot be fetched or built here is left out, and its test says so.
if command -v npm >/dev/null; then
  cp tests/postgres/drivers/node/package*.json "$DRIVERS/node"
  fetched npm ci --prefix "$DRIVERS/node" --ignore-scripts --no-audit --no-fund --loglevel=error || echo "left out: node-postgres"
fi
(cd tests/postgres/drivers/go && fetched go build -o "$DRIVERS/pgxlogin" .) || echo "left out: pgx"
if command -v mvn >/dev/null && ! ls "$DRIVERS"/java/*.jar >/dev/null 2>&1; then
  fetched mvn -q -B dependency:copy -Dartifact=org.postgresql:postgresql:42.7.8 -DoutputDirectory="$DRIVERS/java" ||
    echo "left out: pgjdbc"
fi
status=0
"$PYTHON" tests/postgres/test_drivers.py >"$OUT/logs/drivers.tap" || status=$?
cat "$OUT/logs/drivers.tap"
python3 tests/steps/count.py tap "$OUT/logs/drivers.tap" >"$COUNTS"
exit "$status"
