#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Scale to zero, on the workspace's clock."""
import rig


class Sleep(rig.Case):
    flags = ("--clock", "manual:2026-06-01T00:00:00Z")

    def advance(self, by):
        return self.server.call("POST", f"/_mock/clock/advance?workspace={self.server.workspace}", {"by": by})

    def endpoint(self, branch):
        return self.server.api("GET", f"{branch}/endpoints/primary")["status"]

    def short(self):
        main = self.server.project(default_endpoint_settings={"suspend_timeout_duration": "300s"})
        self.server.psql(main, "CREATE TABLE t (x int)")
        return main

    def test_sleeps_when_its_time_has_come(self):
        main = self.short()
        self.advance("299s")
        self.assertEqual(self.server.state(main), "awake")
        self.advance("1s")
        self.assertEqual(self.server.state(main), "asleep")
        self.assertEqual(self.endpoint(main)["current_state"], "IDLE")

    def test_what_was_done_counts_from_then(self):
        main = self.short()
        self.advance("200s")
        session = self.server.psql(main, "INSERT INTO t VALUES (1)")
        self.assertEqual(session, [])
        self.advance("200s")
        self.assertEqual(self.server.state(main), "awake")
        self.advance("100s")
        self.assertEqual(self.server.state(main), "asleep")

    def test_a_running_query_keeps_it_awake(self):
        main = self.short()
        running = self.server.psql(main, "SELECT pg_sleep(600)", start=True)
        here = "FROM pg_stat_activity WHERE query LIKE '%sleep(600)%' AND state = 'active' AND pid <> pg_backend_pid()"
        self.await_("1", lambda: self.server.psql(main, f"SELECT count(*) {here}")[0][0])
        self.advance("1h")
        self.assertEqual(self.server.state(main), "awake")
        self.assertEqual(self.server.psql(main, f"SELECT pg_cancel_backend(pid) {here}", user="cloud_admin"), [["t"]])
        self.assertIn("canceling statement due to user request", running.communicate()[1])

    def test_an_idle_session_does_not(self):
        main = self.short()
        cluster = self.server.clusters()[main]["socket"]
        folder, port = cluster.rsplit("/", 1)[0], cluster.rsplit(".", 1)[1]
        session = rig.subprocess.Popen(
            ["psql", "-XqAt", "-h", folder, "-p", port, "-U", "admin@example.com", "-d", "databricks_postgres"],
            stdin=rig.subprocess.PIPE, stdout=rig.subprocess.PIPE, stderr=rig.subprocess.PIPE, text=True)
        self.addCleanup(session.wait)
        self.addCleanup(session.kill)
        session.stdin.write("SELECT 1;\n")
        session.stdin.flush()
        session.stdout.readline()
        self.advance("1s")
        self.advance("1h")
        self.assertEqual(self.server.state(main), "asleep")
        said = session.communicate("SELECT 2;\n")[1]
        self.assertIn("terminating connection due to administrator command", said)

    def test_never_when_suspension_is_off(self):
        main = self.server.project(default_endpoint_settings={"no_suspension": True})
        self.server.psql(main, "SELECT 1")
        self.advance("240h")
        self.assertEqual(self.server.state(main), "awake")


class RealClock(rig.Case):
    def test_sleeps_by_itself(self):
        server = self.server
        main = server.project(default_endpoint_settings={"suspend_timeout_duration": "60s"})
        server.psql(main, "SELECT 1")
        server.call("PUT", f"/_mock/clock?workspace={server.workspace}", {"mode": "scaled", "factor": 100})
        self.await_("asleep", server.state, main)


if __name__ == "__main__":
    rig.main()
