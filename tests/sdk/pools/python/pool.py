# SPDX-License-Identifier: Apache-2.0
"""pool.py psycopg|sqlalchemy|sqlalchemy-ping|asyncpg: a pool that asks for a token at each login, as
Databricks' documentation shows it. Each line on stdin is one query of an application; its result is a
line on stdout."""

import asyncio
import json
import os
import ssl
import sys
import urllib.request

HOW = {"host": os.environ["PGHOST"], "port": int(os.environ["PGPORT"]), "user": os.environ["PGUSER"]}
CA = os.environ["PGSSLROOTCERT"]


def token():
    request = urllib.request.Request(
        os.environ["DATABRICKS_HOST"] + "/api/2.0/postgres/credentials",
        json.dumps({"endpoint": os.environ["LAKEBASE_ENDPOINT"]}).encode(),
        {"Authorization": "Bearer " + os.environ["DATABRICKS_TOKEN"], "Content-Type": "application/json"})
    with urllib.request.urlopen(request) as reply:
        return json.load(reply)["token"]


def say(error=None):
    """The exception's name, and the SQLSTATE if it carries one."""
    if error:
        print(error, file=sys.stderr)
    code = getattr(error, "sqlstate", None) or getattr(getattr(error, "orig", None), "sqlstate", None)
    print(json.dumps({"verdict": type(error).__name__ if error else "ok", "code": code or ""}), flush=True)


def psycopg_pool():
    import psycopg
    from psycopg_pool import ConnectionPool

    class Connection(psycopg.Connection):
        @classmethod
        def connect(cls, conninfo="", **how):
            return super().connect(conninfo, password=token(), **how)

    pool = ConnectionPool(min_size=1, connection_class=Connection, open=True,
                          kwargs={**HOW, "dbname": "databricks_postgres", "sslmode": "verify-full", "sslrootcert": CA})

    def query():
        with pool.connection() as c:
            c.execute("SELECT 1")
    return query


def sqlalchemy_pool(**how):
    import sqlalchemy as sa

    engine = sa.create_engine(
        sa.URL.create("postgresql+psycopg", HOW["user"], None, HOW["host"], HOW["port"], "databricks_postgres",
                      {"sslmode": "verify-full", "sslrootcert": CA}), **how)

    @sa.event.listens_for(engine, "do_connect")
    def give_token(dialect, record, args, params):
        params["password"] = token()

    def query():
        with engine.connect() as c:
            c.execute(sa.text("SELECT 1"))
    return query


async def asyncpg_pool():
    import asyncpg

    pool = None
    context = ssl.create_default_context(cafile=CA)

    async def fresh_token():
        return await asyncio.to_thread(token)

    async def query():
        nonlocal pool
        if not pool:
            pool = await asyncpg.create_pool(min_size=1, **HOW, database="databricks_postgres", ssl=context, password=fresh_token)
        await pool.fetchval("SELECT 1")

    while await asyncio.to_thread(sys.stdin.readline):
        try:
            await query()
            say()
        except Exception as e:  # whatever the pool lets through is its verdict
            say(e)


def serve(query):
    for _ in sys.stdin:
        try:
            query()
            say()
        except Exception as e:
            say(e)


if __name__ == "__main__":
    if sys.argv[1] == "asyncpg":
        asyncio.run(asyncpg_pool())
    elif sys.argv[1] == "psycopg":
        serve(psycopg_pool())
    else:
        serve(sqlalchemy_pool(pool_pre_ping=sys.argv[1] == "sqlalchemy-ping"))
    os._exit(0)
