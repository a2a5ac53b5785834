#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Forks, snapshots, restores and resets of a workspace carry its data."""
import os

import rig


class Workspaces(rig.Case):
    def lab(self, method, path, body=None):
        joint = "&" if "?" in path else "?"
        return self.server.call(method, f"/_mock/{path}{joint}workspace={self.server.workspace}", body)

    def rows(self, server, branch):
        return [r[0] for r in server.psql(branch, "SELECT x FROM t ORDER BY x")]

    def filled(self):
        main = self.server.project()
        self.server.psql(main, "CREATE TABLE t AS SELECT 1 AS x")
        return main

    def test_fork(self):
        main = self.filled()
        dev = self.server.branch("dev", main)
        self.server.psql(dev, "INSERT INTO t VALUES (2)")
        self.server.suspend(dev)
        self.lab("POST", "workspaces", {"name": "fork-1", "fork_of": self.server.workspace})
        fork = self.server.view("fork-1")
        fork.psql(main, "INSERT INTO t VALUES (9)")
        self.assertEqual(self.rows(fork, main), ["1", "9"])
        self.assertEqual(self.rows(fork, dev), ["1", "2"])
        self.assertEqual(self.rows(self.server, main), ["1"])
        self.server.call("DELETE", "/_mock/workspaces/fork-1")
        self.await_(False, os.path.exists, f"{self.server.data}/ws/fork-1")
        self.assertEqual(self.rows(self.server, main), ["1"])

    def test_snapshot_restore_and_fork_of_a_snapshot(self):
        main = self.filled()
        self.lab("POST", "snapshots", {"name": "s"})
        self.server.psql(main, "INSERT INTO t VALUES (2)")
        self.lab("POST", "workspaces", {"name": "fork-2", "fork_of": "snapshot:s"})
        self.assertEqual(self.rows(self.server.view("fork-2"), main), ["1"])
        for _ in range(2):
            self.lab("POST", "snapshots/s/restore")
            self.assertEqual(self.rows(self.server, main), ["1"])
            self.server.psql(main, "INSERT INTO t VALUES (3)")
        self.lab("DELETE", "snapshots/s")
        self.assertFalse(os.path.exists(f"{self.server.data}/saved/{self.server.workspace}/s"))

    def test_restore_ends_sessions(self):
        main = self.filled()
        self.lab("POST", "snapshots", {"name": "s"})
        open_one = self.server.psql(main, "SELECT pg_sleep(60)", start=True)
        self.await_("1", lambda: self.server.psql(main, "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%sleep(60)%' "
                                                  "AND pid <> pg_backend_pid()")[0][0])
        self.lab("POST", "snapshots/s/restore")
        self.assertIn("terminating connection", open_one.communicate()[1])

    def test_reset(self):
        main = self.filled()
        self.lab("POST", "reset")
        self.assertEqual(self.server.clusters(), {})
        self.await_(False, os.path.exists, f"{self.server.data}/ws/{self.server.workspace}")
        self.server.project()
        self.assertEqual(self.server.psql(main, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"), [["0"]])

    def test_reset_where_nothing_else_runs(self):
        """No step of another server tells that the last one has gone."""
        server = self.own()
        main = server.project()
        for branch in main, server.branch("dev", main):
            server.psql(branch, "CREATE TABLE t AS SELECT 1 AS x")
        server.call("POST", f"/_mock/reset?workspace={server.workspace}")
        self.assertEqual(server.clusters(), {})

    def test_import_has_no_data(self):
        main = self.filled()
        document = self.lab("GET", "state")
        self.lab("PUT", "state", document)
        self.assertEqual(self.server.psql(main, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"), [["0"]])

    def test_fork_of_an_untouched_workspace(self):
        self.server.project()
        self.lab("POST", "workspaces", {"name": "fork-3", "fork_of": self.server.workspace})
        self.assertEqual(self.server.view("fork-3").clusters(), {})


if __name__ == "__main__":
    rig.main()
