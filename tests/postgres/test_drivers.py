#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Real drivers log in: with a token, and with a password where they have channel binding.

DRIVERS is a folder that tests/steps/46-drivers.sh fills: node/, pgxlogin, java/postgresql-*.jar.
"""
import asyncio
import glob
import os
import shutil
import subprocess
import sys
import threading
import unittest

import rig
from front import ADMIN, Login

DRIVERS = os.environ.get("DRIVERS", "")
HERE = os.path.dirname(os.path.abspath(__file__))


def module(name):
    try:
        return __import__(name)
    except ImportError:
        raise unittest.SkipTest(f"no {name}") from None


class Drivers(Login):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server.lro("PATCH", "projects/p?update_mask=spec.enable_pg_native_login",
                       {"name": "projects/p", "spec": {"enable_pg_native_login": True}})
        cls.server.lro("POST", f"{cls.main}/roles?role_id=app", {"spec": {"postgres_role": "app"}})
        login = cls("test_psql")
        with login.enter() as c:
            c.query("ALTER ROLE app PASSWORD 'Correct-horse-1'")
        cls.where, cls.secrets = login.host(), ((ADMIN, login.token()), ("app", "Correct-horse-1"))

    def dsn(self, user, **more):
        words = {"host": self.where, "port": self.port, "user": user, "dbname": "databricks_postgres",
                 "sslmode": "verify-full", "sslrootcert": self.ca, **more}
        return " ".join(f"{k}={v}" for k, v in words.items())

    def program(self, *command, password, **env):
        done = subprocess.run([str(x) for x in command], env={**os.environ, "PGPASSWORD": password, **env},
                              capture_output=True, text=True, timeout=600)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.strip()

    def test_psycopg(self):
        psycopg = module("psycopg")
        for user, secret in self.secrets:
            binding = {} if user == ADMIN else {"channel_binding": "require"}
            with psycopg.connect(self.dsn(user, **binding), password=secret) as c:
                self.assertEqual(c.execute("SELECT current_user").fetchone(), (user,))
        with self.assertRaises(psycopg.OperationalError) as caught:
            psycopg.connect(self.dsn(ADMIN), password="dapi1234")
        self.assertIn("Provided authentication token is not a valid JWT encoding", str(caught.exception))

    def test_url_of_the_python_package(self):
        psycopg = module("psycopg")
        sys.path.insert(0, f"{HERE}/../../client/python/src")
        from lakebase_mock import Workspace
        url = Workspace(self.server.url, "default").postgres(self.endpoint, self.server.folder)
        with psycopg.connect(url) as c:
            self.assertEqual(c.execute("SELECT current_user").fetchone(), (ADMIN,))

    def test_psycopg_cancels(self):
        psycopg = module("psycopg")
        look = self.enter()
        active = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(600)'"
        with psycopg.connect(self.dsn(ADMIN), password=self.secrets[0][1]) as c:

            def once_it_runs():
                self.await_([["1"]], look.query, active + " AND pid <> pg_backend_pid()")
                c.cancel_safe()

            canceller = threading.Thread(target=once_it_runs)
            canceller.start()
            with self.assertRaises(psycopg.errors.QueryCanceled):
                c.execute("SELECT pg_sleep(600)")
            canceller.join()

    def test_asyncpg(self):
        asyncpg = module("asyncpg")

        async def who(user, secret, **how):
            c = await asyncpg.connect(host=self.where, port=self.port, user=user, password=secret,
                                      database="databricks_postgres", ssl="require", **how)
            try:
                return await c.fetchval("SELECT current_user")
            finally:
                await c.close()

        for user, secret in self.secrets:
            self.assertEqual(asyncio.run(who(user, secret)), user)
            self.assertEqual(asyncio.run(who(user, secret, direct_tls=True)), user)
        with self.assertRaises(asyncpg.InvalidPasswordError) as caught:
            asyncio.run(who("app", "wrong"))
        self.assertEqual(str(caught.exception), "password authentication failed for user 'app'")

    def test_pg8000(self):
        pg8000 = module("pg8000")
        import pg8000.dbapi
        for user, secret in self.secrets:
            c = pg8000.dbapi.connect(user, host=self.where, port=self.port, password=secret,
                                     database="databricks_postgres", ssl_context=True)
            cursor = c.cursor()
            cursor.execute("SELECT current_user")
            self.assertEqual(cursor.fetchone()[0], user)
            c.close()

    @unittest.skipUnless(os.path.isdir(f"{DRIVERS}/node/node_modules"), "no node-postgres")
    def test_node(self):
        shutil.copy(f"{HERE}/drivers/node/login.mjs", f"{DRIVERS}/node")
        for user, secret in self.secrets:
            said = self.program("node", f"{DRIVERS}/node/login.mjs", self.where, self.port, user,
                                password=secret, NODE_EXTRA_CA_CERTS=self.ca)
            self.assertEqual(said, user)

    @unittest.skipUnless(os.path.exists(f"{DRIVERS}/pgxlogin"), "no pgx")
    def test_pgx(self):
        for user, secret in self.secrets:
            self.assertEqual(self.program(f"{DRIVERS}/pgxlogin", self.dsn(user), password=secret), user)

    @unittest.skipUnless(glob.glob(f"{DRIVERS}/java/postgresql-*.jar"), "no pgjdbc")
    def test_jdbc(self):
        jar, = glob.glob(f"{DRIVERS}/java/postgresql-*.jar")
        url = (f"jdbc:postgresql://{self.where}:{self.port}/databricks_postgres"
               f"?sslmode=verify-full&sslrootcert={self.ca}")
        for user, secret in self.secrets:
            binding = "" if user == ADMIN else "&channelBinding=require"
            said = self.program("java", "-cp", jar, f"{HERE}/drivers/java/Login.java", url + binding, user,
                                password=secret)
            self.assertEqual(said, user)

    def test_psql(self):
        for user, secret in self.secrets:
            self.assertEqual(self.program("psql", "-XAtc", "SELECT current_user", self.dsn(user),
                                          password=secret), user)


if __name__ == "__main__":
    rig.main()
