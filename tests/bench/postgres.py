#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""postgres.py SERVER: what clusters and their front cost; a figure a line: name, value."""
import contextlib
import http.client
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys
import time
import urllib.parse

os.environ["LAKEBASE_MOCK"] = sys.argv[1]
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "postgres"))
import rig  # noqa: E402
import wire  # noqa: E402

USER, DATABASE = "admin@example.com", "databricks_postgres"
SECONDS = int(os.environ.get("BENCH_SECONDS", "3"))
TICK_US = 1e6 / os.sysconf("SC_CLK_TCK")


def pss(pid):
    """Bytes of a process and of all below it, shared memory counted once."""
    kids = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    own = next(int(line.split()[1]) for line in open(f"/proc/{pid}/smaps_rollup") if line.startswith("Pss:"))
    return own * 1024 + sum(pss(k) for k in kids)


def processor(pid):
    """Microseconds of a process and of those below it that have ended."""
    return sum(map(int, open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()[11:15])) * TICK_US


def clients():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (used.ru_utime + used.ru_stime) * 1e6


def timed(do, *args, times=5, before=lambda: None):
    taken = []
    for _ in range(times):
        before()
        began = time.monotonic()
        do(*args)
        taken.append(time.monotonic() - began)
    return statistics.median(taken) * 1000


class Place:
    """Where to connect to, how, and the process behind it."""

    def __init__(self, host, port, password, pids):
        self.host, self.port, self.password, self.pids = host, port, password, pids

    def first_row(self):
        c = wire.Connection(self.host, self.port)
        c.login(USER, self.password)
        c.query("SELECT 1")
        c.close()

    def pgbench(self, *args, start=False):
        command = ["pgbench", "-n", "-h", self.host, "-p", str(self.port), "-U", USER, *args, DATABASE]
        env = {**os.environ, "PGPASSWORD": self.password, "PGSSLMODE": "require"}
        if start:
            return subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        said = subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout
        return next((float(line.split()[2]) for line in said.splitlines() if line.startswith("tps")), None)

    def selects(self):
        """Transactions a second, and microseconds of processor time for each, on all sides."""
        before = sum(map(processor, self.pids)) + clients()
        rate = self.pgbench("-S", "-c", "8", "-T", str(SECONDS))
        time.sleep(0.3)  # the last backends end
        return rate, (sum(map(processor, self.pids)) + clients() - before) / (rate * SECONDS)


@contextlib.contextmanager
def direct(server, branch):
    """The same PostgreSQL on a copy of the same data, with its own TLS."""
    port, copy = rig.free_port(), f"{server.folder}/direct"
    uid = server.api("GET", branch)["uid"]
    server.suspend(branch)
    data = f"{server.data}/ws/default/{uid}/data"
    subprocess.run(["cp", "-a", data, copy], check=True)
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-keyout", f"{copy}/server.key", "-out", f"{copy}/server.crt", "-days", "2", "-subj", "/CN=x"],
                   check=True, capture_output=True)
    with open(f"{copy}/postgresql.conf", "a") as f:
        f.write(f"\nlisten_addresses = '127.0.0.1'\nport = {port}\nssl = on\narchive_mode = off\n"
                f"unix_socket_directories = '{copy}'\n")
    with open(f"{copy}/pg_hba.conf", "w") as f:
        f.write("hostssl all all all trust\n")
    owner = os.stat(data)
    for name in "server.key", "server.crt", "pg_hba.conf":
        os.chown(f"{copy}/{name}", owner.st_uid, owner.st_gid)
    os.chmod(f"{copy}/server.key", 0o600)
    server.wake(branch)
    program = os.readlink(f"/proc/{server.clusters()[branch]['pid']}/exe")
    process = subprocess.Popen([program, "-D", copy], stderr=subprocess.DEVNULL, user=owner.st_uid, group=owner.st_gid)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError):
                rig.socket.create_connection(("127.0.0.1", port)).close()
                break
            time.sleep(0.05)
        yield Place("127.0.0.1", port, "", [process.pid])
    finally:
        process.terminate()
        process.wait()


def slowest(server, path):
    """99 of 100 GETs take no longer: milliseconds."""
    at = urllib.parse.urlsplit(server.url)
    c, taken = http.client.HTTPConnection(at.hostname, at.port), []
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        began = time.monotonic()
        c.request("GET", path, headers={"Authorization": f"Bearer {server.token}"})
        c.getresponse().read()
        taken.append(time.monotonic() - began)
        time.sleep(0.001)
    c.close()
    return statistics.quantiles(taken, n=100)[98] * 1000


def pumped(server, place, path):
    """The same while 50 sessions fetch a megabyte after the other."""
    script = f"{server.folder}/pump.sql"
    pathlib.Path(script).write_text("SELECT repeat('x', 10000) FROM generate_series(1, 100);\n")
    sessions = place.pgbench("-f", script, "-c", "50", "-T", str(SECONDS + 4), start=True)
    time.sleep(2)
    try:
        return slowest(server, path)
    finally:
        sessions.terminate()
        sessions.wait()


def front(server, main):
    """What stands between a client and its server."""
    endpoint = f"{main}/endpoints/primary"
    host = server.api("GET", endpoint)["status"]["hosts"]["host"]
    token = server.api("POST", "credentials", {"endpoint": endpoint})["token"]
    place = Place(host, server.ready["postgres"]["port"], token, [])
    print("first-row", round(timed(place.first_row, before=lambda: server.suspend(main))))
    if not shutil.which("pgbench"):
        return
    place.pgbench("-i", "-q")
    with direct(server, main) as bare:
        place.pids = [server.process.pid, server.clusters()[main]["pid"]]
        print("awake", round(timed(place.first_row, times=25) / timed(bare.first_row, times=25), 2))
        pairs = [(place.selects(), bare.selects()) for _ in range(5)]
        print("selects", round(statistics.median(a[0] / b[0] for a, b in pairs), 2))
        print("selects-processor", round(statistics.median(b[1] / a[1] for a, b in pairs), 2))
        print("p99-quiet", round(slowest(server, f"/api/2.0/postgres/{main}"), 1))
        print("p99-front", round(pumped(server, place, f"/api/2.0/postgres/{main}"), 1))
        print("p99-direct", round(pumped(server, bare, f"/api/2.0/postgres/{main}"), 1), flush=True)


why = rig.missing()
if why:
    sys.exit(f"left out: {why}")
server = rig.Server(token="mock-default")
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
    print("untouched-bytes", (len(os.listdir(folder)) - before), flush=True)
    front(server, main)
    for i in range(100 - 10):
        server.branch(f"c{i}", main)
    for i in range(20):
        server.wake(f"projects/p/branches/c{i}")
    print("awake-20-pss-mib", round(pss(server.process.pid) / 2**20))
finally:
    server.close()
