# SPDX-License-Identifier: Apache-2.0
"""pools.py run FOLDER JUNIT | check: how connection pools take what databases do to them.

Each pool of pools.json meets each scenario in a workspace of its own, as an application that asks,
and asks again when the trouble is over. What it told the application, and what the mock's grade says
of its logins, is compared with pools.json; with SDK_UPDATE=1 it is written there, and into
docs/clients.md. `check` only looks whether that page shows what pools.json holds.
"""

import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import time
import xml.etree.ElementTree as ET

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parents[2]
FILE = HERE / "pools.json"
PAGE = TOP / "docs" / "clients.md"
PRIMARY = "projects/p/branches/production/endpoints/primary"
sys.path[:0] = [str(TOP / "tests" / "postgres"), str(TOP / "tests" / "sdk" / "harness")]

from marked import filled  # pylint: disable=wrong-import-position


class Program:
    """The application: a line in, a query, a line out."""

    def __init__(self, command, env, log):
        self.process = subprocess.Popen(command, env={**os.environ, **env}, text=True, stderr=log,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self):
        try:
            self.process.stdin.write("\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass
        line = self.process.stdout.readline()
        return json.loads(line) if line else {"verdict": "the process ended", "code": ""}

    def close(self):
        self.process.kill()
        self.process.communicate()


class Run:
    """One pool, one scenario."""

    def __init__(self, server, folder, pool, scenario):
        self.name, self.scenario = f"{pool['id']}-{scenario['id']}", scenario
        self.server, self.folder, self.pool = server.view(self.name), folder, pool

    def command(self):
        kind, *words = self.pool["program"]
        return [*{"python": [f"{self.folder}/venv/bin/python", f"{HERE}/python/pool.py"],
                  "node": ["node", f"{self.folder}/node/pool.mjs"],
                  "java": ["java", "-XX:TieredStopAtLevel=1", "-cp", f"{self.folder}/java:{self.folder}/jars/*", "Pool"],
                  "go": [f"{self.folder}/pgxpool"]}[kind], *words]

    def lab(self, method, path, body=None):
        join = "&" if "?" in path else "?"
        return self.server.call(method, f"/_mock/{path}{join}workspace={self.name}", body)

    def step_scenario(self):
        rules = json.loads((TOP / "fixtures" / "faults" / f"{self.scenario['id']}.json").read_text())["faults"]
        if "times" in self.scenario:
            rules[0]["when"]["times"] = self.scenario["times"]
        self.lab("POST", "faults", {"faults": rules})

    def step_open(self):
        first = self.program.ask()
        if first["verdict"] != "ok":
            raise RuntimeError(f"there is no trouble yet: {first}")

    def step_expire(self):
        self.lab("PUT", "clock", {"mode": "manual"})
        self.lab("POST", "clock/advance", {"by": "2h"})

    def step_end(self):
        self.lab("DELETE", "postgres/connections")

    def step_pause(self):
        time.sleep(1.2)  # allowed: longer than the time in which pools trust a connection blindly

    def step_ask(self):
        self.first = self.program.ask()

    def marks(self, *rules):
        graded = self.lab("GET", "grade?final=1")["rules"]
        return {r["rule"]: r["verdict"] for r in graded if r["rule"] in rules and r["verdict"] != "N-A"}

    def __call__(self):
        started = time.time()
        self.server.project()
        host = self.server.api("GET", PRIMARY)["status"]["hosts"]["host"]
        ca = self.server.ready["postgres"]["ca"]
        env = {"DATABRICKS_HOST": self.server.url, "DATABRICKS_TOKEN": self.server.token, "LAKEBASE_ENDPOINT": PRIMARY,
               "PGHOST": host, "PGPORT": str(self.server.port), "PGUSER": "admin@example.com", "PGSSLROOTCERT": ca,
               "NODE_EXTRA_CA_CERTS": ca}
        with open(f"{self.folder}/{self.name}.log", "w") as log:
            self.program = Program(self.command(), env, log)
            try:
                for step in self.scenario["steps"]:
                    getattr(self, "step_" + step)()
                marks = self.marks("L1", "L2")
                self.lab("DELETE", "faults")
                then = self.program.ask()
                marks.update(self.marks("L3", "L4"))
            finally:
                self.program.close()
        self.server.call("DELETE", f"/_mock/workspaces/{self.name}")
        return {**self.first, "then": then["verdict"], "marks": marks}, time.time() - started


def load():
    data = json.loads(FILE.read_text())
    for name, pool in data["pools"].items():
        pool["id"] = name
    return data


def dump(data):
    """One line a verdict: a change is then one line in a diff."""
    def block(value, end):
        if isinstance(value, dict):
            return "{\n" + ",\n".join(f"    {json.dumps(k)}: {json.dumps(v)}" for k, v in value.items()) + "}" + end
        return "[\n" + ",\n".join(f"    {json.dumps(v)}" for v in value) + "]" + end
    pools = {k: {x: y for x, y in v.items() if x != "id"} for k, v in data["pools"].items()}
    FILE.write_text('{\n  "pools": ' + block(pools, ",\n") + '  "versions": ' + block(data["versions"], ",\n")
                    + '  "scenarios": ' + block(data["scenarios"], ",\n")
                    + f'  "rules": {json.dumps(data["rules"])},\n'
                    + '  "seen": ' + block(dict(sorted(data["seen"].items())), "\n}\n"))


def key(pool, scenario):
    return f"{pool['id']} {scenario['id']}"


def essence(seen):
    """What has to be the same each time. A PASS may be missing: some pools log in from a thread of their own, and
    whether one of those logins was in the way is chance."""
    if not isinstance(seen, dict):
        return seen
    return {**seen, "marks": {k: v for k, v in seen["marks"].items() if v != "PASS"}}


def cell(seen):
    if not seen:
        return "–"
    if seen["verdict"] == "ok":
        return "**ok**"
    code = f" {seen['code']}" if seen["code"] else ""
    return f"`{seen['verdict']}`{code}, then " + ("ok" if seen["then"] == "ok" else f"`{seen['then']}`")


def worst(data, pool, rule):
    order = ("PASS", "WARN", "FAIL")
    marks = [(order.index(seen["marks"][rule]), s["id"]) for s in data["scenarios"]
             for seen in [data["seen"].get(key(pool, s), {"marks": {}})] if rule in seen["marks"]]
    if not marks:
        return "–"
    rank, scenario = max(marks, key=lambda m: m[0])
    return "PASS" if rank == 0 else f"**{order[rank]}**: {scenario}"


def rows(head, lines):
    return "\n".join("| " + " | ".join(line) + " |" for line in [head, ["---"] * len(head), *lines])


def page(data):
    pools, scenarios, rules = data["pools"].values(), data["scenarios"], data["rules"]
    versions = [[n, re.search(p, (HERE / f).read_text())[1]] for n, f, p in data["versions"]]
    return filled(PAGE, (
        ("pool versions", rows(["library", "version"], versions)),
        ("pools", rows(["pool", *(s["title"] for s in scenarios)],
                       [[p["title"], *(cell(data["seen"].get(key(p, s))) for s in scenarios)] for p in pools])),
        ("pool grades", rows(["pool", *(f"`{r}` {t}" for r, t in rules.items())],
                             [[p["title"], *(worst(data, p, r) for r in rules)] for p in pools]))))


def one(server, folder, pool, scenario):
    if not os.path.exists(f"{folder}/.{pool['program'][0]}"):
        return None
    return Run(server, folder, pool, scenario)()


def run(folder, junit):
    import rig
    data, suite, update = load(), ET.Element("testsuite", name="pools"), os.environ.get("SDK_UPDATE")
    why = rig.missing()
    if why:
        ET.SubElement(ET.SubElement(suite, "testcase", name="pools"), "skipped", message=why)
        ET.ElementTree(suite).write(junit)
        return 0
    wrong = 0
    server = rig.Server("--set", "postgres_handshake_timeout=60s")  # a busy machine starts Java slowly
    try:
        server.wake(server.project())  # makes the template of all clusters
        with concurrent.futures.ThreadPoolExecutor(12) as lanes:
            jobs = [(p, s, lanes.submit(one, server, folder, p, s)) for s in data["scenarios"] for p in data["pools"].values()]
            for pool, scenario, job in jobs:
                name = key(pool, scenario)
                case = ET.SubElement(suite, "testcase", classname="pools", name=name)
                try:
                    found = job.result()
                except Exception as e:
                    found, seen, took = True, repr(e), 0
                if found is None:
                    ET.SubElement(case, "skipped", message="not installed")
                    continue
                if found is not True:
                    seen, took = found
                case.set("time", f"{took:.1f}")
                print(f"{name}: {seen} in {took:.1f} s", flush=True)
                if essence(seen) == essence(data["seen"].get(name)):
                    continue
                if update and isinstance(seen, dict):
                    data["seen"][name] = seen
                else:
                    wrong += 1
                    ET.SubElement(case, "failure", message=f"{seen}, not {data['seen'].get(name)}")
    finally:
        server.close()
    if update:
        dump(data)
        PAGE.write_text(page(data))
    ET.ElementTree(suite).write(junit)
    return 1 if wrong else 0


def check():
    if PAGE.read_text() != page(load()):
        print("docs/clients.md is stale: run SDK_UPDATE=1 tests/sdk/run.sh pools")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(check() if sys.argv[1] == "check" else run(sys.argv[2], sys.argv[3]))
