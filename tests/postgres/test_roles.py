#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Roles and databases of the API are there in SQL, those of SQL in the API."""
import rig


class Roles(rig.Case):
    def setUp(self):
        super().setUp()
        self.main = self.server.project()
        self.server.psql(self.main, "SELECT 1")

    def role(self, name, **spec):
        return self.server.lro("POST", f"{self.main}/roles?role_id={name}", {"spec": spec or {"postgres_role": name}})

    def attributes(self, name):
        rows = self.server.psql(self.main, "SELECT rolcanlogin, rolcreatedb, rolcreaterole, rolbypassrls, "
                                f"pg_has_role(oid, 'databricks_superuser', 'MEMBER') FROM pg_roles WHERE rolname = '{name}'")
        return "".join(rows[0]) if rows else None

    def listed(self, what="roles"):
        key = "postgres_role" if what == "roles" else "postgres_database"
        return {x["status"][key]: x for x in self.server.api("GET", f"{self.main}/{what}").get(what, [])}

    def test_owner(self):
        self.assertEqual(self.attributes("admin@example.com"), "ttttt")
        self.assertEqual(self.server.psql(self.main, "SELECT pg_get_userbyid(datdba) FROM pg_database "
                                          "WHERE datname = 'databricks_postgres'"), [["admin@example.com"]])
        self.server.psql(self.main, "CREATE ROLE x; GRANT databricks_superuser TO x")

    def test_api_to_sql_at_once(self):
        self.role("app", postgres_role="app", attributes={"createdb": True})
        self.assertEqual(self.attributes("app"), "ttfff")
        self.server.lro("PATCH", f"{self.main}/roles/app?update_mask=spec.attributes.createrole,spec.membership_roles",
                        {"spec": {"attributes": {"createrole": True}, "membership_roles": ["DATABRICKS_SUPERUSER"]}})
        self.assertEqual(self.attributes("app"), "tttft")
        self.server.lro("POST", f"{self.main}/databases?database_id=shop",
                        {"spec": {"postgres_database": "shop", "role": f"{self.main}/roles/app"}})
        self.assertEqual(self.server.psql(self.main, "SELECT current_user", user="app", database="shop"), [["app"]])
        self.assertEqual(self.server.psql(self.main, "SELECT role_name FROM databricks_list_roles", database="shop"),
                         [["admin@example.com"]])
        self.server.lro("DELETE", f"{self.main}/databases/shop")
        self.assertNotIn(["shop"], self.server.psql(self.main, "SELECT datname FROM pg_database"))
        self.server.lro("DELETE", f"{self.main}/roles/app")
        self.assertIsNone(self.attributes("app"))

    def test_what_a_deleted_role_owned_stays(self):
        self.role("app")
        self.server.psql(self.main, "CREATE TABLE t AS SELECT 1 AS x; ALTER TABLE t OWNER TO app", user="cloud_admin")
        self.server.lro("DELETE", f"{self.main}/roles/app")
        self.assertEqual(self.server.psql(self.main, "SELECT x FROM t"), [["1"]])
        self.assertIsNone(self.attributes("app"))

    def test_what_a_deleted_role_owned_is_its_heirs(self):
        for asleep in False, True:
            self.role("app")
            self.role("heir")
            self.role("other")
            self.server.lro("POST", f"{self.main}/databases?database_id=shop",
                            {"spec": {"postgres_database": "shop", "role": f"{self.main}/roles/other"}})
            for database in "databricks_postgres", "shop":
                self.server.psql(self.main, "CREATE SCHEMA s AUTHORIZATION app; CREATE TABLE s.t AS SELECT 1 AS x; "
                                 "ALTER TABLE s.t OWNER TO app; GRANT SELECT ON s.t TO other; GRANT CREATE ON SCHEMA public TO app",
                                 user="cloud_admin", database=database)
            self.server.psql(self.main, "CREATE DATABASE raw OWNER app", user="cloud_admin")
            self.refused("while it still owns objects", self.server.lro, "DELETE", f"{self.main}/roles/app")
            if asleep:
                self.server.suspend(self.main)
            self.server.lro("DELETE", f"{self.main}/roles/app?reassign_owned_to={self.main}/roles/heir")
            self.assertIsNone(self.attributes("app"))
            for database in "databricks_postgres", "shop":
                self.assertEqual(self.server.psql(
                    self.main, "SELECT tableowner, (SELECT nspowner::regrole FROM pg_namespace WHERE nspname = 's') "
                    "FROM pg_tables WHERE schemaname = 's'", database=database), [["heir", "heir"]])
            self.assertEqual(self.server.psql(self.main, "SELECT x FROM s.t", user="heir"), [["1"]])
            self.assertEqual(self.listed("databases")["raw"]["status"]["role"], f"{self.main}/roles/heir")
            self.assertEqual(self.server.psql(self.main, "SELECT datdba::regrole FROM pg_database WHERE datname = 'raw'"), [["heir"]])
            for name in "shop", self.listed("databases")["raw"]["database_id"]:
                self.server.lro("DELETE", f"{self.main}/databases/{name}")
            self.server.psql(self.main, "DROP SCHEMA s CASCADE", user="cloud_admin")
            for name in "heir", "other":
                self.server.lro("DELETE", f"{self.main}/roles/{name}")

    def test_while_it_sleeps(self):
        self.role("old")
        self.server.suspend(self.main)
        self.role("app")
        self.server.lro("DELETE", f"{self.main}/roles/old")
        self.assertEqual((self.attributes("app"), self.attributes("old")), ("tffff", None))

    def test_sql_to_api(self):
        self.server.psql(self.main, "CREATE ROLE plain; CREATE ROLE app LOGIN PASSWORD 'x-1'; "
                         "SELECT databricks_create_role('jane@example.com', 'user')")
        self.server.psql(self.main, "CREATE DATABASE shop OWNER app", user="cloud_admin")
        roles = self.listed()
        self.assertRegex(roles["plain"]["role_id"], r"^rol-[0-9a-f]{4}-[0-9a-f]{10}$")
        self.assertEqual({n: r["status"]["auth_method"] for n, r in roles.items()},
                         {"admin@example.com": "LAKEBASE_OAUTH_V1", "plain": "NO_LOGIN", "app": "PG_PASSWORD_SCRAM_SHA_256",
                          "jane@example.com": "LAKEBASE_OAUTH_V1"})
        self.assertEqual(self.listed("databases")["shop"]["status"]["role"], roles["app"]["name"])
        self.server.psql(self.main, "ALTER ROLE plain CREATEDB; ALTER DATABASE shop OWNER TO plain", user="cloud_admin")
        self.assertTrue(self.listed()["plain"]["status"]["attributes"]["createdb"])
        self.assertEqual(self.listed("databases")["shop"]["status"]["role"], roles["plain"]["name"])
        self.server.psql(self.main, "DROP DATABASE shop", user="cloud_admin")
        self.server.psql(self.main, "DROP ROLE plain", user="cloud_admin")
        self.assertNotIn("plain", self.listed())
        self.assertNotIn("shop", self.listed("databases"))

    def test_sql_is_remembered_while_it_sleeps_and_a_name_is_taken(self):
        self.server.psql(self.main, "CREATE ROLE plain")
        self.server.suspend(self.main)
        self.assertIn("plain", self.listed())
        self.assertEqual(self.server.state(self.main), "asleep")
        self.server.wake(self.main)
        self.server.psql(self.main, "CREATE ROLE more")
        self.refused("already exists", self.role, "x", postgres_role="more")

    def test_create_role_wants_an_identity(self):
        self.server.psql(self.main, "CREATE ROLE app LOGIN CREATEROLE", user="cloud_admin")
        self.refused("Databricks identity", self.server.psql, self.main,
                     "SELECT databricks_create_role('x@example.com', 'USER')", user="app")
        self.refused("already exists", self.server.psql, self.main,
                     "SELECT databricks_create_role('admin@example.com', 'USER')")
        self.server.psql(self.main, "CREATE DATABASE raw")
        self.server.psql(self.main, "CREATE EXTENSION IF NOT EXISTS databricks_auth", database="raw")
        self.assertEqual(self.server.psql(self.main, "SELECT databricks_create_role('sp-1', 'service_principal')", database="raw"),
                         [["sp-1"]])
        self.assertEqual(self.listed()["sp-1"]["status"]["identity_type"], "SERVICE_PRINCIPAL")

    def test_tables_of_a_feed(self):
        database = next(d["name"] for d in self.server.api("GET", f"{self.main}/databases")["databases"])
        self.server.lro("POST", f"{database}/cdf-configs?cdf_config_id=feed",
                        {"catalog": "main", "schema": "history", "postgres_schema": "s"})
        feed = f"{database}/cdf-configs/feed/cdf-statuses"

        def tables():
            return [t["postgres_table"] for t in self.server.api("GET", feed).get("cdf_statuses", [])]

        self.assertEqual(tables(), [])
        self.server.psql(self.main, "CREATE SCHEMA s; CREATE TABLE s.b (); CREATE TABLE s.a (); CREATE TABLE other ()")
        self.assertEqual(tables(), ["a", "b"])
        self.assertEqual(self.server.api("GET", f"{feed}/b")["uc_table"], "main.history.b")
        self.server.psql(self.main, "DROP TABLE s.b")
        self.refused("not found", self.server.api, "GET", f"{feed}/b")
        self.server.suspend(self.main)
        self.assertEqual(tables(), ["a"])
        self.assertEqual(self.server.state(self.main), "asleep")

    def test_blocked(self):
        for database in ("databricks_postgres", "raw"):
            if database == "raw":
                self.server.psql(self.main, "CREATE DATABASE raw")
            self.refused("CREATE PUBLICATION is not enabled on this Lakebase instance", self.server.psql, self.main,
                         "CREATE PUBLICATION p", database=database)


if __name__ == "__main__":
    rig.main()
