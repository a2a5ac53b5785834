#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What cannot be: at the start, and when a cluster is made."""
import glob
import os
import shutil
import subprocess
import tempfile
import unittest

import rig


def programs(initdb):
    """A folder with the real postgres and an initdb of our own."""
    real = next(p for p in [*glob.glob("/usr/lib/postgresql/*/bin"), *os.environ["PATH"].split(":")]
                if os.path.exists(f"{p}/initdb")) if rig.POSTGRES == "auto" else rig.POSTGRES
    folder = tempfile.mkdtemp(prefix="pg-programs-")
    os.chmod(folder, 0o755)
    for name, text in (("postgres", f'exec "{real}/postgres" "$@"'), ("initdb", initdb)):
        with open(f"{folder}/{name}", "w") as f:
            f.write(f"#!/bin/sh\n{text}\n")
        os.chmod(f"{folder}/{name}", 0o755)
    return folder


class Refusals(unittest.TestCase):
    def refused(self, words, *flags):
        done = subprocess.run([rig.SERVER, "--listen", "127.0.0.1:0", "--postgres-port", str(rig.free_port()), *flags],
                              capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn(words, done.stderr)

    def test_values(self):
        self.refused("'/nonexistent' is not 'off', 'auto' or a folder", "--postgres", "/nonexistent")
        if os.geteuid() == 0:
            self.refused("there is no user 'nosuch'", "--postgres", "auto", "--postgres-user", "nosuch")
            self.refused("does not run as 'root'", "--postgres", "auto", "--postgres-user", "root")

    def test_closed_folder(self):
        if os.geteuid() != 0:
            self.skipTest("needs another user")
        with tempfile.TemporaryDirectory() as closed:
            self.refused(f"the folder {closed} is closed to the user", "--postgres", "auto", "--postgres-data", f"{closed}/pg")

    def test_folder_in_use(self):
        server = rig.Server()
        self.addCleanup(server.close)
        self.refused("in use by another lakebase-mock", "--postgres", "auto", "--postgres-data", server.data)

    def test_initdb_fails(self):
        folder = programs("echo 'initdb: error: no luck today' >&2; exit 1")
        self.addCleanup(shutil.rmtree, folder)
        was, rig.POSTGRES = rig.POSTGRES, folder
        self.addCleanup(setattr, rig, "POSTGRES", was)
        data = tempfile.mkdtemp(prefix="pg-test-")
        os.chmod(data, 0o755)
        self.addCleanup(shutil.rmtree, data, True)
        server = rig.Server(data=f"{data}/new")
        self.addCleanup(server.close)
        main = server.project()
        for _ in range(2):
            with self.assertRaises(rig.Failed) as caught:
                server.wake(main)
            self.assertEqual(caught.exception.status, 503)
            self.assertIn("no luck today", str(caught.exception))
        self.assertIn("no luck today", server.clusters()[main]["trouble"])
        self.assertIn("no luck today", server.said())
        self.assertEqual(os.listdir(f"{data}/new/tmp"), [])
        server.branch("dev", main)  # the control plane goes on


if __name__ == "__main__":
    rig.main()
