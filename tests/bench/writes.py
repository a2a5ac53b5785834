#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What writes cost, as ratios to a bare program that commits the same rows over HTTP.

    tests/bench/writes.py SERVER BARE [REQUESTS [ROUNDS]]
    tests/bench/writes.py --count SERVER BARE [REQUESTS [ROUNDS]]

A sample of each write is made on a server with a database; what its rows were before and after is the
plan of the bare program. Then both do the same requests in turn, in memory and with a file, and the
kernel tells what processor time each has used. Prints a line for each figure:
STEP STORE ROWS MICROSECONDS-OF-THE-SERVER MICROSECONDS-OF-THE-BARE-PROGRAM RATIO.
With --count, valgrind counts the instructions outside of the kernel, in thousands, where a machine is
too busy to be timed.
"""
import json
import pathlib
import re
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

SAMPLE, CONNECTIONS = "0000000", 16
API = "/api/2.0/postgres/"
PROJECT = f"projects/bench-{SAMPLE}"
SPEC = {"spec": {"display_name": "Bench"}}
STEPS = [  # what it is called, method, path, body
    ("create-project", "POST", f"projects?project_id=bench-{SAMPLE}", SPEC),
    ("create-branch", "POST", f"{PROJECT}/branches?branch_id=b", {"spec": {"no_expiry": True}}),
    ("create-role", "POST", f"{PROJECT}/branches/production/roles?role_id=reader",
     {"spec": {"postgres_role": "reader"}}),
    ("patch-project", "PATCH", f"{PROJECT}?update_mask=spec.display_name", {"spec": {"display_name": "Other"}}),
    ("poll-operation", "GET", None, None),  # of the step before
    ("delete-branch", "DELETE", f"{PROJECT}/branches/b", None),
]
FLAGS = ["--listen", "127.0.0.1:0", "--log", "off", "--set", "max_projects=1000000"]


class Program:
    """A server under measurement: where it listens, and what processor time it has used."""

    def __init__(self, *argv):
        self.process = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        self.port = int(line) if line.strip().isdigit() else int(json.loads(line)["url"].rsplit(":", 1)[1])
        self.sockets = [socket.create_connection(("127.0.0.1", self.port)) for _ in range(CONNECTIONS)]

    def used(self):
        """Nanoseconds of its first thread: the one that serves."""
        return int(pathlib.Path(f"/proc/{self.process.pid}/schedstat").read_text().split()[0])

    def stop(self):
        for s in self.sockets:
            s.close()
        self.process.terminate()
        self.process.wait()


class Counted(Program):
    """The same under valgrind: what it has used are instructions of its first thread."""

    def __init__(self, *argv):
        self.folder, self.dumps, self.total = tempfile.TemporaryDirectory(), 0, 0
        super().__init__("valgrind", "-q", "--tool=callgrind", "--separate-threads=yes",
                         f"--callgrind-out-file={self.folder.name}/out", *argv)

    def used(self):
        subprocess.run(["callgrind_control", "--dump", str(self.process.pid)], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.dumps += 1
        text = pathlib.Path(f"{self.folder.name}/out.{self.dumps}-01").read_text(errors="replace")
        self.total += int(re.search(r"^totals: (\d+)", text, re.M)[1])
        return self.total


def request(method, path, body):
    text = json.dumps(body).encode() if body else b""
    return (f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer t\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n").encode() + text


def receive(s):
    data = s.recv(65536)
    while b"\r\n\r\n" not in data:
        data += s.recv(65536)
    head, body = data.split(b"\r\n\r\n", 1)
    length = int(re.search(rb"(?i)content-length: *(\d+)", head)[1])
    while len(body) < length:
        body += s.recv(65536)
    if b" 200 " not in head.split(b"\r\n", 1)[0]:
        sys.exit(f"writes.py: {head.decode()}\n{body.decode()}")
    return body


def send_all(program, requests):
    """All of them, on all connections at a time; returns the answers."""
    answers, n = [], len(program.sockets)
    for i in range(0, len(requests), n):
        for s, r in zip(program.sockets, requests[i:i + n]):
            s.sendall(r)
        answers += [receive(s) for s, _ in zip(program.sockets, requests[i:i + n])]
    return answers


def rows(path):
    db = sqlite3.connect(path)
    db.row_factory = sqlite3.Row
    found = {r["id"]: dict(r) for r in db.execute("SELECT * FROM object ORDER BY id")}
    db.close()
    return found


def changes(before, after):
    """(verb, `deleted` of the row that is meant, the row)"""
    for i in before.keys() - after.keys():
        yield "delete", before[i]["deleted"], before[i]
    for i in sorted(after):
        if before.get(i) != after[i]:
            yield ("update", before[i]["deleted"], after[i]) if i in before else ("insert", 0, after[i])


def make_plan(server, path):
    """Each step once, on a server that is stopped to look at its file. Returns the answers by step."""
    answers, plan, before, name = {}, [], {}, None
    for step, method, target, body in STEPS:
        program = Program(server, *FLAGS, "--db", path)
        [answers[step]] = send_all(program, [request(method, API + (target or name), body)])
        name = json.loads(answers[step])["name"]
        send_all(program, [request("GET", API + name, None)])  # what is due then belongs to the step
        program.stop()
        after = rows(path)
        plan += [(step, *c) for c in changes(before, after)] if target else []
        before = after
    db = sqlite3.connect(path)
    columns = [c for c in plan[0][3] if c != "id"]
    db.execute("DELETE FROM object")
    db.execute("CREATE TABLE answer(step, body)")
    db.execute(f"CREATE TABLE plan(verb, key, {', '.join(columns)}, step)")
    db.executemany("INSERT INTO answer VALUES (?, ?)", [(s, a.decode()) for s, a in answers.items()])
    for step, verb, key, row in plan:
        db.execute(f"INSERT INTO plan VALUES (?, ?, {', '.join('?' * len(columns))}, ?)",
                   [verb, key, *(row[c] for c in columns), step])
    db.commit()
    db.close()
    return answers, {s: sum(p[0] == s for p in plan) for s, *_ in STEPS}


def numbered(text, i):
    return text.replace(SAMPLE, f"{i:07d}") if text else text


def measure(program, n, names=None):
    """Nanoseconds of a request of each step. `names`: what is polled of the bare program; the answers
    of the server tell it."""
    cost, answers = {}, []
    for step, method, target, body in STEPS:
        if names:
            send_all(program, [request("PUT", "/" + step, None)])
        paths = [numbered(target or names, i) or json.loads(answers[i])["name"] for i in range(n)]
        requests = [request(method, API + path, body) for path in paths]
        before = program.used()
        answers = send_all(program, requests)
        cost[step] = (program.used() - before) / n
    return cost


def main():
    counts = "--count" in sys.argv
    measured = Counted if counts else Program
    server, bare, *rest = (arg for arg in sys.argv[1:] if arg != "--count")
    n, rounds = [int(r) for r in rest] + ([300, 1] if counts else [2000, 3])[len(rest):]
    with tempfile.TemporaryDirectory() as folder:
        plan = f"{folder}/plan.db"
        answers, num = make_plan(server, plan)
        polled = json.loads(answers["poll-operation"])["name"]
        figures = {}
        for i in range(rounds):
            for store in ("memory", "file"):
                files = [f"{folder}/{who}-{i}.db" for who in ("server", "bare")]
                program = measured(server, *FLAGS, *(["--db", files[0]] if store == "file" else []))
                # after the first write a thread of it makes a key
                send_all(program, [request("POST", f"{API}projects?project_id=first", SPEC)])
                time.sleep(1)
                ours = measure(program, n)
                program.stop()
                program = measured(bare, plan, files[1] if store == "file" else ":memory:")
                theirs = measure(program, n, polled)
                program.stop()
                for step in ours:
                    figures.setdefault((step, store), []).append((ours[step], theirs[step]))
    for step, store in sorted(figures, key=lambda k: k[1], reverse=True):
        pairs = figures[step, store]
        us, them = (statistics.median(p[i] for p in pairs) / 1000 for i in (0, 1))
        print(f"{step} {store} {num[step]} {us:.1f} {them:.1f} {statistics.median(b / a for a, b in pairs):.3f}")


if __name__ == "__main__":
    main()
