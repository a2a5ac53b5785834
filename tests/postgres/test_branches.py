#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A branch has its parent's data, and then goes its own way; snapshots keep it."""
import os
import subprocess
import threading
import time

import rig


class Branches(rig.Case):
    def both(self, a, b, text="SELECT string_agg(x::text, ',' ORDER BY x) FROM t"):
        return self.server.psql(a, text)[0][0], self.server.psql(b, text)[0][0]

    def test_branch_of_one_that_is_awake(self):
        main = self.server.project()
        self.server.psql(main, "CREATE TABLE t AS SELECT 1 AS x")
        dev = self.server.branch("dev", main)
        self.assertEqual(self.server.state(main), "awake")
        self.assertEqual(self.server.state(dev), "asleep")
        self.server.psql(main, "INSERT INTO t VALUES (2)")
        self.server.psql(dev, "INSERT INTO t VALUES (3)")
        self.assertEqual(self.both(main, dev), ("1,2", "1,3"))

    def test_branch_of_one_that_sleeps_and_of_that_again(self):
        main = self.server.project()
        self.server.psql(main, "CREATE TABLE t AS SELECT 1 AS x")
        self.server.suspend(main)
        dev = self.server.branch("dev", main)
        below = self.server.branch("below", dev)
        self.server.psql(dev, "INSERT INTO t VALUES (2)")
        self.assertEqual(self.both(dev, below), ("1,2", "1"))
        self.assertEqual(self.server.state(main), "asleep")

    def test_sessions_are_untouched_while_a_branch_is_made(self):
        main = self.server.project()
        self.server.psql(main, "CREATE TABLE t (x int)")
        one = self.server.psql(main, "DO $$ BEGIN FOR i IN 1..40 LOOP INSERT INTO t VALUES (i); "
                               "COMMIT; PERFORM pg_sleep(0.05); END LOOP; END $$", start=True)
        dev = self.server.branch("dev", main)
        self.assertEqual(one.communicate()[1], "")
        self.assertEqual(self.server.psql(main, "SELECT count(*) FROM t"), [["40"]])
        here = int(self.server.psql(dev, "SELECT count(*) FROM t")[0][0])
        self.assertEqual(self.server.psql(dev, "SELECT max(x) FROM t"), [[str(here) if here else ""]])

    def test_operation_is_pending_until_the_data_is_there(self):
        main = self.server.project()
        self.server.psql(main, "CREATE TABLE t AS SELECT * FROM generate_series(1, 300000) x")
        operation = self.server.api("POST", "projects/p/branches?branch_id=dev",
                                    {"spec": {"no_expiry": True, "source_branch": main}})
        self.assertFalse(operation["done"])
        branch = self.server.api("GET", "projects/p/branches/dev")
        polled = self.server.api("GET", operation["name"])
        if not polled["done"]:  # a very fast machine may be through
            self.assertEqual(branch["status"]["current_state"], "INIT")
        self.await_(True, lambda: self.server.api("GET", operation["name"])["done"])
        self.assertEqual(self.server.psql("projects/p/branches/dev", "SELECT count(*) FROM t"), [["300000"]])

    def test_sync_answers_when_the_data_is_there(self):
        main = self.server.project()
        self.server.psql(main, "CREATE TABLE t AS SELECT 1 AS x")
        self.server.call("PUT", f"/_mock/lro?workspace={self.server.workspace}", {"default": "sync"})
        operation = self.server.api("POST", "projects/p/branches?branch_id=dev",
                                    {"spec": {"no_expiry": True, "source_branch": main}})
        self.assertTrue(operation["done"])
        self.assertEqual(operation["response"]["status"]["current_state"], "READY")
        self.assertEqual(self.server.state("projects/p/branches/dev"), "asleep")

    def test_roles_go_along_and_then_do_not_spread(self):
        main = self.server.project()
        self.server.psql(main, "CREATE ROLE app LOGIN PASSWORD 'secret-1'")
        dev = self.server.branch("dev", main)
        self.server.psql(main, "CREATE ROLE later")
        names = {r["status"]["postgres_role"] for r in self.server.api("GET", f"{dev}/roles")["roles"]}
        self.server.psql(dev, "SELECT 1")
        self.assertIn(["app"], self.server.psql(dev, "SELECT rolname FROM pg_roles"))
        self.assertNotIn(["later"], self.server.psql(dev, "SELECT rolname FROM pg_roles"))
        names = {r["status"]["postgres_role"] for r in self.server.api("GET", f"{dev}/roles")["roles"]}
        self.assertEqual(names, {"admin@example.com", "app"})

    def test_snapshot_and_restore(self):
        main = self.server.project()
        self.server.psql(main, "CREATE TABLE t AS SELECT 1 AS x")
        self.server.lro("POST", "projects/p/snapshots?snapshot_id=s", {"spec": {"source_branch": main}})
        self.server.psql(main, "DROP TABLE t")
        old = self.server.branch("old", source_snapshot="projects/p/snapshots/s")
        self.assertEqual(self.server.psql(old, "SELECT x FROM t"), [["1"]])
        folder = f"{self.server.data}/ws/{self.server.workspace}"
        self.assertEqual(len([f for f in os.listdir(folder) if f.startswith("snap-")]), 1)
        self.server.lro("DELETE", "projects/p/snapshots/s")
        self.await_([], lambda: [f for f in os.listdir(folder) if f.startswith("snap-")])
        self.assertEqual(self.server.psql(old, "SELECT x FROM t"), [["1"]])

    def test_a_branch_that_never_woke_is_as_new(self):
        self.server.project()
        dev = self.server.branch("dev")
        self.assertEqual(self.server.clusters(), {})
        self.assertEqual(self.server.psql(dev, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"), [["0"]])

    def reset(self, name, **spec):
        return self.server.lro("POST", f"projects/p/branches?branch_id={name}&replace_existing=true",
                               {"spec": {"no_expiry": True, **spec}})

    def test_replace_with_the_same_source_keeps_the_data(self):
        main = self.server.project()
        dev = self.server.branch("dev", main)
        self.server.psql(dev, "CREATE TABLE mine AS SELECT 1 AS x")
        status = self.server.api("GET", dev)["status"]
        self.reset("dev")
        self.reset("dev", source_branch=main, source_branch_time=status["source_branch_time"])
        self.assertEqual(self.server.psql(dev, "SELECT x FROM mine"), [["1"]])

    def test_replace_with_another_source_copies_anew(self):
        main = self.server.project()
        self.server.psql(main, "CREATE TABLE t AS SELECT 1 AS x")
        other = self.server.branch("other", main)
        self.server.psql(other, "INSERT INTO t VALUES (2); CREATE ROLE of_other LOGIN PASSWORD 'secret-1'")
        dev = self.server.branch("dev", main)
        self.server.psql(dev, "CREATE TABLE mine (); CREATE ROLE of_dev")
        session = self.server.psql(dev, "SELECT pg_sleep(30)", start=True)
        self.await_("1", lambda: self.server.psql(dev, "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%sleep(30)%' "
                                                  "AND state = 'active' AND pid <> pg_backend_pid()")[0][0])
        before = self.server.api("GET", f"{dev}/endpoints/primary")
        answer = self.reset("dev", source_branch=other)
        self.assertEqual(answer["status"]["source_branch"], other)
        self.assertIn("terminating connection due to administrator command", session.communicate()[1])
        after = self.server.api("GET", f"{dev}/endpoints/primary")
        self.assertEqual((after["uid"], after["status"]["hosts"]), (before["uid"], before["status"]["hosts"]))
        self.assertEqual(self.server.psql(dev, "SELECT string_agg(x::text, ',' ORDER BY x) FROM t"), [["1,2"]])
        self.assertEqual(self.server.psql(dev, "SELECT to_regclass('mine') IS NULL"), [["t"]])
        here = {r for [r] in self.server.psql(dev, "SELECT rolname FROM pg_roles")}
        self.assertIn("of_other", here)
        self.assertNotIn("of_dev", here)
        names = {r["status"]["postgres_role"] for r in self.server.api("GET", f"{dev}/roles")["roles"]}
        self.assertEqual(names, {"admin@example.com", "of_other"})
        self.server.psql(other, "INSERT INTO t VALUES (3)")
        self.assertEqual(self.both(other, dev), ("1,2,3", "1,2"))

    def test_replace_with_an_instant_and_with_a_snapshot(self):
        main = self.server.project()
        self.server.psql(main, "CREATE TABLE t AS SELECT 1 AS x; CREATE ROLE early")
        dev = self.server.branch("dev", main)
        self.server.lro("POST", "projects/p/snapshots?snapshot_id=s", {"spec": {"source_branch": main}})
        time.sleep(1.2)  # allowed: an instant that is between them
        then = time.strftime("%Y-%m-%dT%H:%M:%S.5Z", time.gmtime())
        time.sleep(1.2)  # allowed: an instant that is between them
        self.server.psql(main, "INSERT INTO t VALUES (2); CREATE ROLE late")
        self.server.psql(dev, "DROP TABLE t")
        self.reset("dev", source_branch_time=then)
        self.assertEqual(self.both(main, dev), ("1,2", "1"))
        names = {r["status"]["postgres_role"] for r in self.server.api("GET", f"{dev}/roles")["roles"]}
        self.assertEqual(names, {"admin@example.com", "early"})
        self.server.psql(dev, "DROP TABLE t")
        self.server.suspend(dev)
        self.reset("dev", source_snapshot="projects/p/snapshots/s")
        self.assertEqual(self.both(main, dev), ("1,2", "1"))
        self.assertNotIn("source_branch", self.server.api("GET", dev)["status"])

    def test_replace_with_what_has_no_data_is_as_new(self):
        main = self.server.project()
        dev = self.server.branch("dev", main)
        other = self.server.branch("other", main)
        self.server.psql(dev, "CREATE TABLE mine ()")
        self.reset("dev", source_branch=other)
        self.assertEqual(self.server.state(dev), "absent")
        self.assertEqual(self.server.psql(dev, "SELECT to_regclass('mine') IS NULL"), [["t"]])

    def test_replace_of_what_has_no_data_and_one_that_fails(self):
        main = self.server.project()
        dev = self.server.branch("dev", main)
        self.server.psql(main, "CREATE TABLE t AS SELECT 1 AS x")
        then = self.server.psql(main, "SELECT pg_current_wal_insert_lsn()")[0][0]
        self.server.psql(main, "INSERT INTO t VALUES (2)")
        self.reset("dev", source_branch_lsn=then)
        self.assertEqual(self.server.psql(dev, "SELECT x FROM t"), [["1"]])
        with self.assertRaises(rig.Failed):
            self.reset("dev", source_branch_lsn="7777/0")
        self.assertEqual(self.server.api("GET", dev)["status"]["current_state"], "READY")
        self.assertEqual(self.server.psql(dev, "SELECT x FROM t"), [["1"]])

    def test_several_at_once(self):
        main = self.server.project()
        self.server.psql(main, "CREATE TABLE t AS SELECT 1 AS x")
        made = [threading.Thread(target=self.server.branch, args=(f"b{i}", main)) for i in range(4)]
        for t in made:
            t.start()
        for t in made:
            t.join()
        for i in range(4):
            self.assertEqual(self.server.psql(f"projects/p/branches/b{i}", "SELECT x FROM t"), [["1"]])

    def test_full_disk_fails_the_operation_and_leaves_nothing(self):
        if os.geteuid() != 0:
            self.skipTest("needs root to mount a small file system")
        small = f"{self.whole.folder}/small"
        os.mkdir(small)
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=130m", "none", small], capture_output=True).returncode:
            self.skipTest("cannot mount here")
        self.addCleanup(subprocess.run, ["umount", "-l", small])
        server = rig.Server(data=f"{small}/data")
        self.addCleanup(server.close)
        main = server.project()
        server.psql(main, "CREATE TABLE t AS SELECT 1 AS x")
        failed = None
        for i in range(5):
            try:
                server.branch(f"b{i}", main)
            except rig.Failed as error:
                failed = error
                break
        self.assertIn("No space left", str(failed))
        self.refused("not found", server.api, "GET", f"projects/p/branches/b{i}")
        self.await_([], os.listdir, f"{small}/data/tmp")
        self.assertEqual(server.psql(main, "SELECT x FROM t"), [["1"]])


if __name__ == "__main__":
    rig.main()
