#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Read-only endpoints, and the readable secondaries of a group, are hot standbys."""
import time

import front
import rig


class Replicas(rig.Case):
    def replica(self, name="reader", **spec):
        main = self.server.project()
        self.server.psql(main, "CREATE TABLE t AS SELECT 1 AS x")
        self.server.lro("POST", f"{main}/endpoints?endpoint_id={name}",
                        {"spec": {"endpoint_type": "ENDPOINT_TYPE_READ_ONLY", **spec}})
        return main

    def rows(self, main, endpoint="reader"):
        return self.server.psql(main, "SELECT string_agg(x::text, ',' ORDER BY x) FROM t", endpoint=endpoint)[0][0]

    def test_follows_and_refuses_writes(self):
        main = self.replica()
        self.assertEqual(self.rows(main), "1")
        self.server.psql(main, "INSERT INTO t VALUES (2)")
        self.await_("1,2", self.rows, main)
        for text in ("INSERT INTO t VALUES (3)", "CREATE ROLE x"):
            self.refused("read-only transaction", self.server.psql, main, text, endpoint="reader")

    def test_sleeps_on_its_own_and_catches_up(self):
        main = self.replica()
        self.rows(main)
        self.server.suspend(main, "reader")
        states = {e["role"]: e["state"] for e in self.server.clusters()[main]["endpoints"]}
        self.assertEqual(states, {"primary": "awake", "replica": "asleep"})
        self.server.psql(main, "INSERT INTO t SELECT generate_series(2, 9)")
        self.server.psql(main, "SELECT pg_switch_wal()", user="cloud_admin")
        self.await_("1,2,3,4,5,6,7,8,9", self.rows, main)
        self.server.suspend(main)
        self.assertEqual(self.server.state(main), "awake")  # its server is still needed
        self.server.suspend(main, "reader")
        self.assertEqual(self.server.state(main), "asleep")
        self.await_("1,2,3,4,5,6,7,8,9", self.rows, main)

    def test_lag(self):
        main = self.replica()
        self.assertEqual(self.rows(main), "1")
        self.server.lro("PATCH", f"{main}/endpoints/reader?update_mask=spec.settings",
                        {"spec": {"settings": {"pg_settings": {"recovery_min_apply_delay": "6s"}}}})
        self.await_("6s", lambda: self.server.psql(main, "SHOW recovery_min_apply_delay", endpoint="reader")[0][0])
        began = time.time()
        self.server.psql(main, "INSERT INTO t VALUES (2)")
        seen = self.rows(main)
        if time.time() - began < 6:  # else the machine was too busy to look in time
            self.assertEqual(seen, "1")
        self.await_("1,2", self.rows, main)
        self.assertGreater(time.time() - began, 5.9)

    def test_deleted_endpoint_has_no_server(self):
        main = self.replica()
        self.rows(main)
        self.server.lro("DELETE", f"{main}/endpoints/reader")
        self.await_(["primary"], lambda: [e["role"] for e in self.server.clusters()[main]["endpoints"]])
        self.refused("no endpoint", self.server.wake, main, "reader")


class Secondaries(front.Login):
    """Through the front, at the hosts that the API tells."""

    def change(self, mask, **spec):
        self.server.lro("PATCH", f"{self.endpoint}?update_mask={mask}", {"spec": spec})

    def group(self, size, readable=True):
        self.change("spec.suspension,spec.group", no_suspension=True,
                    group={"min": size, "max": size, "enable_readable_secondaries": readable})

    def roles(self):
        return [e["role"] for e in self.server.clusters()[self.main]["endpoints"] if e["name"] == self.endpoint]

    def ask(self, session, text):
        return session.query(text)[0][0]

    def test_reads_of_a_group(self):
        self.group(3)
        writer = self.enter()
        writer.query("CREATE TABLE g AS SELECT 1 AS x")
        host = self.host(key="read_only_host")
        self.assertNotEqual(host, self.host())
        readers = [self.enter(host=host) for _ in range(4)]
        self.assertEqual({self.ask(r, "SELECT pg_is_in_recovery()") for r in readers}, {"t"})
        # two secondaries, and they take turns
        ports = [self.ask(r, "SHOW port") for r in readers]
        self.assertEqual((len(set(ports)), ports[:2]), (2, ports[2:]))
        self.assertNotIn(self.ask(writer, "SHOW port"), ports)
        self.assertEqual(self.roles(), ["primary", "replica", "replica"])
        writer.query("INSERT INTO g VALUES (2)")
        for r in readers:
            self.await_("2", self.ask, r, "SELECT count(*) FROM g")
        self.turned_away("25006", "cannot execute INSERT in a read-only transaction", readers[0].query,
                         "INSERT INTO g VALUES (3)")
        self.group(2)
        self.await_(["primary", "replica"], self.roles)
        self.assertEqual({self.ask(self.enter(host=host), "SHOW port") for _ in range(3)}, {ports[0]})
        self.group(2, readable=False)
        self.assertNotIn("read_only_host", self.server.api("GET", self.endpoint)["status"]["hosts"])
        self.turned_away("28000", "External authorization failed.", self.enter, host=host)
        self.assertEqual(self.ask(writer, "SELECT count(*) FROM g"), "2")

    def test_read_only_endpoint_and_its_pooled_host(self):
        reader = f"{self.main}/endpoints/reader"
        self.server.lro("POST", f"{self.main}/endpoints?endpoint_id=reader",
                        {"spec": {"endpoint_type": "ENDPOINT_TYPE_READ_ONLY"}})
        self.enter().query("CREATE TABLE IF NOT EXISTS r ()")
        for key in "host", "read_only_host", "read_only_pooled_host":
            session = self.enter(host=self.host(reader, key), password=self.token(reader))
            self.assertEqual(self.ask(session, "SELECT pg_is_in_recovery()"), "t", key)
            self.await_("t", self.ask, session, "SELECT to_regclass('r') IS NOT NULL")


if __name__ == "__main__":
    rig.main()
