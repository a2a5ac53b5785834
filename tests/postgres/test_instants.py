#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A branch as its source was at an instant, or at a position of its log."""
import rig


class Instants(rig.Case):
    flags = ("--clock", "manual:2026-06-01T00:00:30Z")

    def advance(self, by):
        self.server.call("POST", f"/_mock/clock/advance?workspace={self.server.workspace}", {"by": by})

    def rows(self, branch):
        return self.server.psql(branch, "SELECT string_agg(x::text, ',' ORDER BY x) FROM t")[0][0]

    def grown(self):
        """One row at each of 00:00:30, 00:01:30, 00:02:30."""
        main = self.server.project()
        self.server.psql(main, "CREATE TABLE t AS SELECT 0 AS x")
        for i in (1, 2):
            self.advance("60s")
            self.server.psql(main, f"INSERT INTO t VALUES ({i})")
        self.advance("60s")
        return main

    def test_time(self):
        main = self.grown()
        for name, at, rows in (("a", "00:00:40", "0"), ("b", "00:01:40", "0,1"), ("c", "00:02:40", "0,1,2")):
            branch = self.server.branch(name, main, source_branch_time=f"2026-06-01T{at}Z")
            self.assertEqual(self.rows(branch), rows, at)
            self.server.psql(branch, "INSERT INTO t VALUES (7)")
        self.assertEqual(self.rows(main), "0,1,2")
        self.server.suspend(main)
        asleep = self.server.branch("d", main, source_branch_time="2026-06-01T00:01:40Z")
        self.assertEqual(self.rows(asleep), "0,1")
        self.assertEqual(self.server.state(main), "asleep")

    def test_before_it_was_first_used_it_is_as_new(self):
        main = self.server.project()
        self.advance("60s")
        self.server.psql(main, "CREATE TABLE t AS SELECT 0 AS x")
        branch = self.server.branch("a", main, source_branch_time="2026-06-01T00:00:40Z")
        self.assertEqual(self.server.psql(branch, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"), [["0"]])

    def test_position(self):
        main = self.server.project()
        self.server.psql(main, "CREATE TABLE t AS SELECT 0 AS x")
        lsn = self.server.psql(main, "SELECT pg_current_wal_insert_lsn()")[0][0]
        self.server.psql(main, "DROP TABLE t")
        branch = self.server.branch("a", main, source_branch_lsn=lsn)
        self.assertEqual(self.rows(branch), "0")
        error = self.refused("INTERNAL_ERROR", self.server.branch, "b", main, source_branch_lsn="7/FFFFFFFF")
        self.assertIn("recovery", str(error))
        self.refused("not found", self.server.api, "GET", "projects/p/branches/b")

    def test_of_a_branch_and_again(self):
        main = self.grown()
        a = self.server.branch("a", main, source_branch_time="2026-06-01T00:01:40Z")
        self.server.psql(a, "INSERT INTO t VALUES (11)")
        self.advance("60s")
        self.server.psql(a, "INSERT INTO t VALUES (12)")
        self.advance("60s")
        b = self.server.branch("b", a, source_branch_time="2026-06-01T00:03:40Z")
        self.assertEqual(self.rows(b), "0,1,11")
        c = self.server.branch("c", b)
        self.assertEqual(self.rows(c), "0,1,11")

    def test_much_log(self):
        main = self.server.project()
        self.server.psql(main, "CREATE TABLE t AS SELECT 0 AS x")
        self.server.psql(main, "CREATE TABLE u AS SELECT * FROM generate_series(1, 100000) x; DELETE FROM u; CHECKPOINT", user="cloud_admin")
        self.advance("60s")
        self.server.psql(main, "DROP TABLE t; CREATE TABLE v AS SELECT * FROM generate_series(1, 100000) x")
        self.server.psql(main, "CHECKPOINT", user="cloud_admin")
        branch = self.server.branch("a", main, source_branch_time="2026-06-01T00:00:40Z")
        self.assertEqual(self.rows(branch), "0")
        self.assertEqual(self.server.psql(branch, "SELECT count(*) FROM pg_tables WHERE tablename IN ('u', 'v')"), [["1"]])

    def test_roles_are_those_of_the_instant(self):
        main = self.server.project()
        self.server.psql(main, "CREATE TABLE t AS SELECT 0 AS x")
        self.advance("60s")
        self.server.psql(main, "CREATE ROLE later")
        self.server.api("GET", f"{main}/roles")
        branch = self.server.branch("a", main, source_branch_time="2026-06-01T00:00:40Z")
        self.server.psql(branch, "SELECT 1")
        names = {r["status"]["postgres_role"] for r in self.server.api("GET", f"{branch}/roles")["roles"]}
        self.assertEqual(names, {"admin@example.com"})


if __name__ == "__main__":
    rig.main()
