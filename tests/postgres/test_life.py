#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A cluster comes, sleeps, wakes, dies and goes."""
import glob
import os
import signal
import subprocess
import tempfile

import rig


def running(folder):
    """Processes that have to do with that folder."""
    return subprocess.run(["pgrep", "-f", f"-D {folder}"], capture_output=True, text=True).stdout.split()


class Life(rig.Case):
    def folder(self):
        return f"{self.server.data}/ws/{self.server.workspace}"

    def test_untouched_branch_costs_nothing(self):
        self.server.project()
        self.server.branch("dev")
        self.assertEqual(self.server.clusters(), {})
        self.assertFalse(os.path.exists(self.folder()))

    def test_wake_sleep_wake(self):
        main = self.server.project()
        self.server.psql(main, "CREATE TABLE t (x int); INSERT INTO t VALUES (1)")
        self.assertEqual(self.server.state(main), "awake")
        self.server.suspend(main)
        self.assertEqual(self.server.state(main), "asleep")
        self.assertEqual(running(self.folder()), [])
        endpoint = self.server.api("GET", f"{main}/endpoints/primary")
        self.assertEqual(endpoint["status"]["current_state"], "IDLE")
        self.assertEqual(self.server.psql(main, "SELECT x FROM t"), [["1"]])
        endpoint = self.server.api("GET", f"{main}/endpoints/primary")
        self.assertEqual(endpoint["status"]["current_state"], "ACTIVE")

    def test_runs_as_another_user_without_tcp(self):
        main = self.server.project()
        self.assertEqual(self.server.psql(main, "SHOW listen_addresses"), [[""]])
        if os.geteuid() == 0:
            pid = self.server.clusters()[main]["pid"]
            self.assertNotEqual(os.stat(f"/proc/{pid}").st_uid, 0)
            self.assertEqual(os.stat(f"{self.server.data}/run").st_mode & 0o777, 0o700)

    def test_a_server_that_dies_is_started_again(self):
        main = self.server.project()
        self.server.psql(main, "CREATE TABLE t (x int)")
        os.kill(self.server.clusters()[main]["pid"], signal.SIGKILL)
        self.await_("asleep", self.server.state, main)
        self.assertEqual(self.server.psql(main, "SELECT * FROM t"), [])

    def test_nothing_is_left_after_kill(self):
        server = self.own()
        server.psql(server.project(), "CREATE TABLE t (x int)")
        server.stop(signal.SIGKILL)
        self.await_([], running, server.data)

    def test_what_was_committed_is_there_after_kill(self):
        server = self.own("--db", f"{self.server.folder}/db")
        main = server.project()
        server.psql(main, "CREATE TABLE t (x int)")
        for i in range(20):
            server.psql(main, f"INSERT INTO t VALUES ({i})")
        server.stop(signal.SIGKILL)
        server.start()
        endpoint = server.api("GET", f"{main}/endpoints/primary")
        self.assertEqual(endpoint["status"]["current_state"], "IDLE")
        self.assertEqual(server.psql(main, "SELECT count(*) FROM t"), [["20"]])

    def temporary(self, folder):
        """A server whose data goes away with it."""
        process = subprocess.Popen(
            [rig.SERVER, "--listen", "127.0.0.1:0", "--postgres-port", str(rig.free_port()), "--log", "off",
             "--postgres", rig.POSTGRES.split(":")[0]],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ, "TMPDIR": folder})
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.assertIn(b"postgres", process.stdout.readline())
        return process

    def test_a_start_that_fails_late_says_why(self):
        # with so large a fixture that the template is due by then
        done = subprocess.run(
            [rig.SERVER, "--listen", "127.0.0.1:0", "--postgres-port", str(rig.free_port()), "--fixture", "large",
             "--postgres", rig.POSTGRES.split(":")[0], "--port-file", f"{self.whole.folder}/no/port"],
            capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("cannot write --port-file", done.stderr)

    def test_the_template_is_made_before_it_is_needed(self):
        folder = tempfile.mkdtemp(dir=self.whole.folder)
        os.chmod(folder, 0o755)
        server = self.temporary(folder)
        self.await_(True, lambda: bool(glob.glob(f"{folder}/*/templates/*/program")), limit=60)
        server.terminate()
        server.wait()
        server = self.temporary(folder)
        self.await_(True, lambda: bool(glob.glob(f"{folder}/*/tmp/*/files")), limit=60)
        server.terminate()  # in the middle of it
        server.wait()
        self.assertEqual(os.listdir(folder), [])
        # What initdb had started was killed with it, and is gone as soon as the kernel comes round to it.
        self.await_("", lambda: subprocess.run(["pgrep", "-f", folder], capture_output=True, text=True).stdout)

    def test_what_should_have_gone_goes_at_the_next_start(self):
        folder = tempfile.mkdtemp(prefix="t" * 60, dir=self.whole.folder)  # too long for sockets
        os.chmod(folder, 0o755)
        os.mkdir(f"{folder}/lakebase-mock-pg.notone")  # no lock: it may be coming into being
        sockets = set(glob.glob("/tmp/lakebase-mock-run.*"))
        dead = self.temporary(folder)
        here = set(os.listdir(folder)) - {"lakebase-mock-pg.notone"}
        self.assertEqual(len(here), 2)  # data, certificate
        own = set(glob.glob("/tmp/lakebase-mock-run.*")) - sockets
        dead.send_signal(signal.SIGKILL)
        dead.wait()
        lives = self.temporary(folder)
        self.await_(set(), lambda: here & set(os.listdir(folder)))
        self.await_(set(), lambda: own & set(glob.glob("/tmp/lakebase-mock-run.*")))
        here = set(os.listdir(folder))
        self.assertEqual(len(here), 3)
        last = self.temporary(folder)
        self.assertTrue(here < set(os.listdir(folder)))
        for process in last, lives:
            process.terminate()
            process.wait()
        self.assertEqual(os.listdir(folder), ["lakebase-mock-pg.notone"])

    def test_delete_and_undelete(self):
        self.server.project()
        dev = self.server.branch("dev")
        self.server.psql(dev, "CREATE TABLE t AS SELECT 7 AS x; CREATE ROLE app")
        self.server.psql(dev, "CREATE DATABASE more")
        self.server.lro("DELETE", dev)
        self.await_([], running, self.folder())
        self.server.lro("POST", f"{dev}/undelete", {})
        self.assertEqual(self.server.psql(dev, "SELECT x FROM t"), [["7"]])
        self.assertEqual(self.server.psql(dev, "SELECT 1", database="more"), [["1"]])
        self.server.lro("DELETE", f"{dev}?purge=true")
        self.await_([], os.listdir, self.folder())

    def test_disabled_endpoint_is_not_woken(self):
        main = self.server.project()
        self.server.psql(main, "SELECT 1")
        self.server.lro("PATCH", f"{main}/endpoints/primary?update_mask=spec.disabled", {"spec": {"disabled": True}})
        self.assertEqual(self.refused("disabled", self.server.wake, main).status, 409)
        self.await_("asleep", self.server.state, main)


if __name__ == "__main__":
    rig.main()
