#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Read-only endpoints, and the readable secondaries of a group, are hot standbys."""
import time

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
                        {"spec": {"settings": {"pg_settings": {"recovery_min_apply_delay": "3s"}}}})
        self.await_("3s", lambda: self.server.psql(main, "SHOW recovery_min_apply_delay", endpoint="reader")[0][0])
        self.server.psql(main, "INSERT INTO t VALUES (2)")
        began = time.time()
        self.assertEqual(self.rows(main), "1")
        self.await_("1,2", self.rows, main)
        self.assertGreater(time.time() - began, 1.5)

    def test_deleted_endpoint_has_no_server(self):
        main = self.replica()
        self.rows(main)
        self.server.lro("DELETE", f"{main}/endpoints/reader")
        self.await_(["primary"], lambda: [e["role"] for e in self.server.clusters()[main]["endpoints"]])
        self.refused("no endpoint", self.server.wake, main, "reader")


if __name__ == "__main__":
    rig.main()
