#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""postgres.py SERVER: what clusters cost; a figure a line: name, value."""
import os
import pathlib
import statistics
import sys
import time

os.environ["LAKEBASE_MOCK"] = sys.argv[1]
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "postgres"))
import rig  # noqa: E402


def pss(pid):
    """Bytes of a process and of all below it, shared memory counted once."""
    kids = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    own = next(int(line.split()[1]) for line in open(f"/proc/{pid}/smaps_rollup") if line.startswith("Pss:"))
    return own * 1024 + sum(pss(k) for k in kids)


def timed(do, *args, times=5, before=lambda: None):
    taken = []
    for _ in range(times):
        before()
        began = time.monotonic()
        do(*args)
        taken.append(time.monotonic() - began)
    return statistics.median(taken) * 1000


why = rig.missing()
if why:
    sys.exit(f"left out: {why}")
server = rig.Server()
try:
    main = server.project()
    server.wake(main)
    print("wake", round(timed(server.wake, main, before=lambda: server.suspend(main))))
    server.psql(main, "CREATE TABLE t AS SELECT * FROM generate_series(1, 100000) x")
    names = iter(range(1000))
    print("branch-awake", round(timed(lambda: server.branch(f"a{next(names)}", main))))
    server.suspend(main)
    print("branch-asleep", round(timed(lambda: server.branch(f"b{next(names)}", main))))
    folder = f"{server.data}/ws/default"
    before = len(os.listdir(folder))
    server.project("untouched")
    for i in range(20):
        server.branch(f"n{i}", project="untouched")
    print("untouched-bytes", (len(os.listdir(folder)) - before))
    for i in range(100 - 10):
        server.branch(f"c{i}", main)
    for i in range(20):
        server.wake(f"projects/p/branches/c{i}")
    print("awake-20-pss-mib", round(pss(server.process.pid) / 2**20))
finally:
    server.close()
