#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Kills the server while it is being written to, starts it on the same file, and looks.

    crash.py BINARY [--seconds N] [--seed N] [--writers N]

After each kill: the file is sound; whatever was answered 200 is there, whatever was not is there as a
whole or not at all; each operation that was spoken of ends; and the resources fit together.
"""
import argparse
import collections
import json
import os
import pathlib
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

from writer import API, MAYBE, Writer

PLANS = ["first-poll", "after:20ms", "after:150ms", "sync"]
SETTLE = 60  # seconds that operations in flight may take after a restart


class Server:
    def __init__(self, binary, folder, plan):
        port_file = folder / "port"
        port_file.unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [binary, "serve", "--listen", "127.0.0.1:0", "--port-file", str(port_file),
             "--db", str(folder / "state.db"), "--log", "off", "--journal", "100", "--lro", plan,
             "--set", "max_projects=100000", "--set", "max_root_branches=500"],
            stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 120
        while not port_file.exists():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"the server did not start: exit {self.process.poll()}")
            time.sleep(0.005)
        self.port = int(port_file.read_text(encoding="utf-8"))

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def get(self, path, token):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}",
                                         headers={"Authorization": f"Bearer {token}"})
        try:
            with urllib.request.urlopen(request, timeout=120) as reply:
                return reply.status, json.loads(reply.read())
        except urllib.error.HTTPError as e:
            return e.code, json.loads(e.read())


class Checks:
    """What is wrong after a restart, and how much was looked at."""

    def __init__(self):
        self.wrong, self.looked = [], collections.Counter()

    def that(self, what, right, why):
        self.looked[what] += 1
        if not right:
            self.wrong.append(f"{what}: {why}")

    # ---- the file ----

    def file(self, path):
        with sqlite3.connect(path) as db:
            answer = db.execute("PRAGMA integrity_check").fetchall()
        db.close()
        self.that("the file is sound", answer == [("ok",)], answer[:3])

    # ---- promises ----

    def operations(self, server, writers):
        """Each operation that an answer spoke of is there, and ends."""
        deadline = time.monotonic() + SETTLE
        for writer in writers:
            for name in writer.operations[-20:]:
                while True:
                    status, document = server.get(API + name, writer.tag)
                    if status != 200 or document["done"] or time.monotonic() > deadline:
                        break
                    time.sleep(0.02)
                # The operations of a purged project go with it; nothing here purges.
                self.that("an operation ends", status == 200 and document["done"], f"{name}: {document}")

    def promises(self, server, writers):
        for writer in writers:
            for name, x in writer.known.items():
                if x.state == MAYBE:
                    status, _ = server.get(API + name, writer.tag)
                    # Known from now on, for the rounds that follow.
                    x.state = "live" if status == 200 and not self.deleted(server, name, writer) else "gone"
                    self.that("what was not answered is whole or absent", status in (200, 404),
                              f"{name}: {status}")
                    continue
                status, document = server.get(API + name, writer.tag)
                if x.state == "gone":
                    self.that("what was deleted is gone",
                              status == 404 or "delete_time" in document, f"{name}: {document}")
                    continue
                self.that("what was created is there",
                          status == 200 and "delete_time" not in document, f"{name}: {document}")
                for field, values in x.values.items():
                    found = document.get("status", {}).get(field)
                    self.that("what was changed has its new value", found in values,
                              f"{name}: {field} is {found!r}, not one of {sorted(values)}")
                    x.values[field] = {found}

    @staticmethod
    def deleted(server, name, writer):
        return "delete_time" in server.get(API + name, writer.tag)[1]

    # ---- how things fit together ----

    def structure(self, server, tag):
        status, state = server.get(f"/_mock/state?workspace={tag.removeprefix('mock-')}", tag)
        self.that("the state can be read", status == 200, state)
        rows = state["resources"]
        live = {r["name"]: r for r in rows if r["deleted"] == 0}
        seqs, uids = collections.Counter(), collections.Counter()
        defaults, writable = collections.Counter(), collections.Counter()
        for r in rows:
            seqs[r["seq"]] += 1
            uids[r["doc"].get("uid")] += "uid" in r["doc"]
        for name, r in live.items():
            self.that("a child has a live parent", not r["parent"] or r["parent"] in live, name)
            shown = r["doc"].get("status", {})
            self.that("nothing is left pending", "pending_state" not in shown, f"{name}: {shown}")
            if r["kind"] == "branch":
                defaults[r["parent"]] += bool(shown.get("default"))
            if r["kind"] == "endpoint":
                writable[r["parent"]] += shown["endpoint_type"] == "ENDPOINT_TYPE_READ_WRITE"
        for name, r in live.items():
            if r["kind"] == "project":
                self.that("a project has one default branch", defaults[name] == 1, name)
                self.that("which the project names",
                          live.get(r["doc"]["status"]["default_branch"], {}).get("parent") == name, name)
            if r["kind"] == "branch":
                self.that("a branch has one read-write endpoint", writable[name] == 1, name)
        twice = [u for u, n in uids.items() if n > 1] + [s for s, n in seqs.items() if n > 1]
        self.that("ids are unique", not twice, twice[:5])
        for o in state["operations"]:
            self.that("no operation is left open", o["doc"]["done"], o["doc"]["name"])


def one_round(args, folder, rng, known, number, checks):
    """Start, write, kill, start again, look. Returns the number of answers."""
    server = Server(args.binary, folder, rng.choice(PLANS))
    # The last two share a workspace, and so its counters and its clock.
    tags = [f"mock-w{i}" for i in range(args.writers - 1)] + [f"mock-w{args.writers - 2}.second"]
    writers = [Writer(server.port, tag, random.Random(f"{args.seed} {number} {tag}"),
                      known.setdefault(tag, {})) for tag in tags]
    try:
        for w in writers:
            w.start()
        time.sleep(rng.uniform(0.02, 0.6))  # allowed: the moment is chance
    finally:
        server.kill()
    for w in writers:
        w.join(300)
        checks.that("a writer stops when the server does", not w.is_alive(), w.tag)
        for text in w.wrong:
            checks.that("an answer is one that a client may get", False, text)
    checks.file(folder / "state.db")
    server = Server(args.binary, folder, "first-poll")
    try:
        checks.operations(server, writers)
        checks.promises(server, writers)
        for workspace in sorted({t.split(".")[0] for t in tags}):
            checks.structure(server, workspace)
    finally:
        server.kill()
    return sum(w.answered for w in writers), sum(w.refused for w in writers)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("binary")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(4), "big"))
    parser.add_argument("--writers", type=int, default=4)
    args = parser.parse_args()
    print(f"seed {args.seed}")
    rng, checks, known = random.Random(args.seed), Checks(), {}
    answered = refused = rounds = 0
    with tempfile.TemporaryDirectory(prefix="crash-") as folder:
        ends = time.monotonic() + args.seconds
        while time.monotonic() < ends and not checks.wrong:
            # A fresh file now and then: what it holds makes looking slow.
            if rounds % 6 == 0:
                for file in pathlib.Path(folder).glob("state.db*"):
                    file.unlink()
                known = {}
            a, r = one_round(args, pathlib.Path(folder), rng, known, rounds, checks)
            answered, refused, rounds = answered + a, refused + r, rounds + 1
    for what, n in sorted(checks.looked.items()):
        print(f"{n:7} {what}")
    print(f"{rounds} kills, {answered} changes answered, {refused} refused")
    for text in checks.wrong[:20]:
        print(f"WRONG: {text}")
    if not answered or not refused:
        print("WRONG: the writers did nothing, or were never refused")
        return 1
    return 1 if checks.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
