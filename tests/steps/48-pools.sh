# SPDX-License-Identifier: Apache-2.0
# title: connection pools (psycopg, SQLAlchemy, asyncpg, node, @databricks/lakebase, HikariCP, pgx) in trouble
# needs: tests/sdk/pools
# tier: asked
# shares: maven
# limit: 900
. tests/steps/lib.sh

docker/deps.sh postgres sdk
configure "$OUT" --buildtype=debugoptimized
export LAKEBASE_MOCK=$OUT/server/lakebase-mock SDK_OUT=$OUT/logs/pools SDK_CACHE=$TOP/build-sdk
status=0
tests/sdk/run.sh pools || status=$?
python3 tests/steps/count.py junit "$OUT/logs/pools/pools.xml" >"$COUNTS"
exit "$status"
