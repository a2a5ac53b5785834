#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Who may come in: addresses, certificates, tokens, passwords, and the words of refusals."""
import base64
import json
import os
import struct
import subprocess

import rig
import wire
from front import ADMIN, Login


class Token(Login):
    def test_psql_with_verify_full(self):
        done = subprocess.run(
            ["psql", "-XAtc", "SELECT current_user, current_database()",
             f"host={self.host()} port={self.port} user={ADMIN} dbname=databricks_postgres"
             f" sslmode=verify-full sslrootcert={self.ca}"],
            env={**os.environ, "PGPASSWORD": self.token()}, capture_output=True, text=True, timeout=60)
        self.assertEqual((done.stderr, done.stdout), ("", f"{ADMIN}|databricks_postgres\n"))

    def test_each_endpoint_has_an_address(self):
        self.server.branch("addresses")
        hosts = {self.host(), self.host(key="read_write_pooled_host"),
                 self.host("projects/p/branches/addresses/endpoints/primary")}
        self.assertEqual(len(hosts), 3)
        for host in hosts:
            self.assertRegex(host, r"^127\.\d+\.\d+\.\d+$")
        self.assertEqual(self.host(), self.host())
        listed = self.server.api("GET", f"{self.main}/endpoints")["endpoints"][0]
        self.assertEqual(listed["status"]["hosts"]["host"], self.host())

    def test_branches_are_apart(self):
        self.server.branch("apart", self.main)
        other = "projects/p/branches/apart/endpoints/primary"
        self.enter().query("CREATE TABLE here (x int)")
        inside = self.enter(host=self.host(other), password=self.token(other))
        with self.assertRaises(wire.Refused) as caught:
            inside.query("SELECT * FROM here")
        self.assertEqual(caught.exception.code, "42P01")
        # a token is for its branch
        self.turned_away("28000", "OAuth: User is not authorized", self.enter, host=self.host(other))

    def test_sessions_are_counted(self):
        main = self.server.branch("counted")
        token = self.token(f"{main}/endpoints/primary")

        def count():
            return self.server.clusters()[main]["connections"]

        first, second = (self.enter(host=self.host(f"{main}/endpoints/primary"), password=token) for _ in range(2))
        self.assertEqual(count(), 2)
        first.close()
        self.await_(1, count)
        second.close()
        self.await_(0, count)

    def test_pooled_host(self):
        c = self.enter(host=self.host(key="read_write_pooled_host"))
        self.assertEqual(c.query("SELECT 1"), [["1"]])

    def test_workspace_token(self):
        self.assertEqual(self.enter(password="mock-default").query("SELECT current_user"), [[ADMIN]])
        self.turned_away("28000", "OAuth: User is not authorized", self.enter, password="mock-other")
        self.turned_away("28000", "OAuth: User is not authorized", self.enter, password="mock-default.ada")

    def test_no_token(self):
        for password in "dapi0123456789abcdef", "secret", "a.b", "x" * 60000:
            e = self.turned_away("XX000", "Provided authentication token is not a valid JWT encoding",
                                 self.enter, password=password)
            self.assertEqual(e.severity, "ERROR")

    def test_foreign_signature(self):
        head, body, seal = self.token().split(".")
        for other in (seal[:-4] + "AAAA", base64.urlsafe_b64encode(b"x" * 256).decode().rstrip("=")):
            self.turned_away("28000", "OAuth: User is not authorized", self.enter,
                             password=f"{head}.{body}.{other}")

    def test_of_another_principal(self):
        ada = self.token(token="mock-default.ada")
        self.turned_away("28000", "OAuth: User is not authorized", self.enter, password=ada)

    def test_role_of_another(self):
        self.server.lro("POST", f"{self.main}/roles?role_id=ada", {
            "spec": {"identity_type": "USER", "postgres_role": "ada@example.com"}})
        ada = self.token(token="mock-default.ada")
        self.assertEqual(self.enter("ada@example.com", ada).query("SELECT current_user"), [["ada@example.com"]])
        self.turned_away("28000", "OAuth: User is not authorized", self.enter, "ada@example.com")

    def test_wrong_identity_type(self):
        self.server.lro("POST", f"{self.main}/roles?role_id=bob", {
            "spec": {"identity_type": "SERVICE_PRINCIPAL", "postgres_role": "bob@example.com"}})
        self.turned_away("28000", "OAuth: User is not authorized", self.enter, "bob@example.com",
                         self.token(token="mock-default.bob"))

    def test_unknown_database(self):
        self.turned_away("3D000", 'database "nope" does not exist', self.enter, database="nope")

    def test_startup_parameters(self):
        c = self.enter(options="-c statement_timeout=7s endpoint=ep-x project=y", application_name="me",
                       default_transaction_read_only="on")
        self.assertEqual(c.query("SHOW statement_timeout"), [["7s"]])
        self.assertEqual(c.query("SHOW default_transaction_read_only"), [["on"]])
        self.assertEqual(c.query("SHOW application_name"), [["me"]])

    def test_protocol_3_2_is_negotiated(self):
        c = self.enter(version=3 << 16 | 2, **{"_pq_.x": "1"})
        self.assertEqual(c.negotiated[:8], struct.pack("!II", 3 << 16, 1))
        self.assertEqual(c.query("SELECT 1"), [["1"]])

    def test_gone_and_disabled(self):
        self.server.branch("gone")
        endpoint = "projects/p/branches/gone/endpoints/primary"
        host, token = self.host(endpoint), self.token(endpoint)
        self.server.lro("PATCH", f"{endpoint}?update_mask=spec.disabled", {"name": endpoint, "spec": {"disabled": True}})
        e = self.turned_away("28000", "External authorization failed.", self.enter, host=host, password=token)
        self.assertIn("paused instances", e.detail)
        self.server.lro("DELETE", "projects/p/branches/gone")
        e = self.turned_away("XX000", "The requested endpoint could not be found, or you don't have access to it."
                             " Please check the provided ID and try again.", self.enter, host=host, password=token)
        self.assertEqual(e.severity, "ERROR")

    def test_rows_and_calls(self):
        since = self.newest()
        for password in "nonsense", None:
            try:
                self.enter(password=password, application_name="tester")
            except wire.Refused:
                pass
        refused, entered = self.rows(since)
        self.assertEqual((refused["error_code"], refused["applied"], refused["status"]), ("XX000", False, None))
        self.assertEqual((entered["error_code"], entered["applied"], entered["path"], entered["caller"],
                          entered["user_agent"]), (None, True, self.endpoint, ADMIN, "tester"))
        self.assertEqual(entered["call"], refused["call"])
        self.assertEqual(entered["attempt"], 2)


class Clock(Login):
    flags = ("--clock", "manual:2026-01-01T00:00:00Z")

    def test_expiry_by_the_clock_of_the_workspace(self):
        token = self.token(ttl="300s")
        inside = self.enter(password=token)
        self.server.call("POST", "/_mock/clock/advance", {"by": "299s"})
        self.enter(password=token)
        self.server.call("POST", "/_mock/clock/advance", {"by": "1s"})
        self.turned_away("28000", "OAuth: User is not authorized", self.enter, password=token)
        self.assertEqual(inside.query("SELECT 1"), [["1"]])  # looked at only when logging in


class Principals(Login):
    def test_groups_and_service_principals(self):
        fixture = {"principals": [
            {"name": "eve@example.com", "token": "eve", "admin": True, "groups": ["writers"]},
            {"name": "mal@example.com", "token": "mal", "admin": True},
            {"name": "6f0c1c1e-0000-4000-8000-000000000001", "kind": "service_principal", "admin": True,
             "token": "sp-token"}]}
        path = f"{self.server.folder}/fixture.json"
        with open(path, "w") as f:
            json.dump(fixture, f)
        server = rig.Server("--fixture", path, token="mock-default")
        self.addCleanup(server.close)
        main = server.project()
        endpoint = f"{main}/endpoints/primary"
        host = server.api("GET", endpoint)["status"]["hosts"]["host"]
        uuid = fixture["principals"][2]["name"]
        for name, kind in ("writers", "GROUP"), (uuid, "SERVICE_PRINCIPAL"):
            server.lro("POST", f"{main}/roles", {"spec": {"identity_type": kind, "postgres_role": name}})

        def enter(user, bearer):
            token = server.api("POST", "credentials", {"endpoint": endpoint}, bearer)["token"]
            with wire.Connection(host, server.ready["postgres"]["port"]) as c:
                return c.login(user, token).query("SELECT current_user")[0][0]

        self.assertEqual(enter("writers", "eve"), "writers")
        self.turned_away("28000", "OAuth: User is not authorized", enter, "writers", "mal")
        self.assertEqual(enter(uuid, "sp-token"), uuid)
        self.turned_away("28000", "OAuth: User is not authorized", enter, uuid, "eve")


class Password(Login):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server.lro("POST", f"{cls.main}/roles?role_id=app", {"spec": {"postgres_role": "app"}})

    def setUp(self):
        super().setUp()
        self.native(True)
        with self.enter() as c:
            c.query("ALTER ROLE app PASSWORD 'correct horse 1!'")

    def native(self, on):
        self.server.lro("PATCH", "projects/p?update_mask=spec.enable_pg_native_login",
                        {"name": "projects/p", "spec": {"enable_pg_native_login": on}})

    def test_scram(self):
        for plus in False, True:
            c = self.enter("app", "correct horse 1!", plus=plus)
            self.assertEqual(c.asked, ["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"])
            self.assertEqual(c.query("SELECT current_user"), [["app"]])

    def test_psql_with_channel_binding(self):
        done = subprocess.run(
            ["psql", "-XAtc", "SELECT current_user",
             f"host={self.host()} port={self.port} user=app dbname=databricks_postgres channel_binding=require"],
            env={**os.environ, "PGPASSWORD": "correct horse 1!"}, capture_output=True, text=True, timeout=60)
        self.assertEqual((done.stderr, done.stdout), ("", "app\n"))

    def test_wrong_password_and_unknown_role_look_alike(self):
        for user in "app", "nobody":
            self.turned_away("28P01", f"password authentication failed for user '{user}'",
                             self.enter, user, "wrong")

    def test_native_login_off(self):
        self.native(False)
        self.turned_away("28000", "native postgres login is disabled for this endpoint",
                         self.enter, "app", "correct horse 1!")
        self.turned_away("28P01", "password authentication failed for user 'nobody'", self.enter, "nobody", "x")

    def test_refusal_wakes_nothing(self):
        self.server.suspend(self.main)
        self.turned_away("28P01", "password authentication failed for user 'app'", self.enter, "app", "wrong")
        self.assertEqual(self.server.state(self.main), "asleep")
        self.enter("app", "correct horse 1!")

    def test_role_of_sql_alone(self):
        with self.enter() as c:
            c.query("CREATE ROLE plain LOGIN")
        self.turned_away("28P01", "password authentication failed for user 'plain'", self.enter, "plain", "x")


if __name__ == "__main__":
    rig.main()
