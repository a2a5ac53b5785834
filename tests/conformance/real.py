#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""lakebase-conformance on a workspace that matters: nothing is left behind, and the weather is no verdict.

real.py CONFORMANCE MOCK FIXTURES [TEST...]; TAP on stdout. The workspace is a mock's, used as if it were none.
"""
import collections
import json
import pathlib
import re
import signal
import subprocess
import threading
import time

import harness
from harness import API, ENV, FIXTURES, TOOL, Proxy, Server, expect, play_real, run, sweep, test, told, until

SOME = ["--run", "lakebase.project.create.*", "--run", "lakebase.branch.delete.*", "--run", "lakebase.role.create.*"]


def created(out):
    return (pathlib.Path(out) / "created.ndjson").read_text()


@test
def what_cannot_be_deleted_is_told_and_swept_later(folder):
    with Server() as server:
        rule = server.fault({"rpc": "DeleteProject"}, {"type": "unavailable"})
        r, result = play_real(server.url, folder, "--timeout", "2", "--parallel", "4", "--run", "lakebase.project.create.*")
        left = server.projects()
        expect(left, "nothing was left behind: the test proves nothing")
        expect(r.returncode == 1 and sorted(result["left"]) == sorted(left), (r.returncode, result["left"], left))
        expect(all(f"still there: {name}: " in r.stderr for name in left) and "LEFT BEHIND" in r.stdout, r)
        expect(not any(json.loads(line).get("removed") in left for line in created(folder).splitlines()), "claimed as removed")
        r = sweep(folder)
        expect(r.returncode == 1 and f"{len(left)} still are" in r.stdout, r)
        expect(server.projects() == left, server.projects())
        server.ask("DELETE", "/_mock/faults/" + rule)
        r = sweep(folder)
        expect(r.returncode == 0 and f"{len(left)} were left behind, 0 still are" in r.stdout, r)
        expect(server.projects() == [], server.projects())


@test
def a_delete_that_is_refused_for_a_while_is_tried_again(folder):
    with Server() as server:
        server.fault({"rpc": "DeleteProject", "attempt": "1-3"}, {"type": "unavailable"})
        r, result = play_real(server.url, folder, *SOME)
        expect(r.returncode == 0 and result["left"] == [], (r.stdout, r.stderr))
        expect(server.projects() == [], server.projects())


@test
def a_sweep_asks_the_list_too(folder):
    """A delete that is acknowledged and not done; a project of the run that the journal does not know."""
    with Server() as server:
        with Proxy(server.url, lambda method, path: (404, {"error_code": "NOT_FOUND", "message": "no"})
                   if "/projects/lbc-0000aaaa-1-app" in path else None) as proxy:
            server.ask("POST", API + "projects?project_id=lbc-0000aaaa-1-app", {"spec": {}})
            server.ask("POST", API + "projects?project_id=somebody-s", {"spec": {}})
            pathlib.Path(folder, "created.ndjson").write_text("".join(json.dumps(line) + "\n" for line in (
                {"target": proxy.url}, {"prefix": "lbc-0000aaaa-"}, {"created": "projects/lbc-0000aaaa-1-app"})))
            r = sweep(folder, "mock-default")
            expect(r.returncode == 1 and "still listed: projects/lbc-0000aaaa-1-app" in r.stderr, r)
        pathlib.Path(folder, "created.ndjson").write_text("".join(json.dumps(line) + "\n" for line in (
            {"target": server.url}, {"prefix": "lbc-0000aaaa-"})))
        r = sweep(folder, "mock-default")
        expect(r.returncode == 0 and "1 were left behind, 0 still are" in r.stdout, r)
        expect(server.projects() == ["projects/somebody-s"], server.projects())


@test
def a_protected_branch_does_not_keep_a_project_alive(folder):
    """The case that protects one is cut short."""
    with Server() as server:
        server.fault({"rpc": "UpdateBranch"}, {"type": "error", "status": 500, "error_code": "INTERNAL_ERROR",
                                               "message": "no"}, phase="after_commit", when={"times": 1})
        r, result = play_real(server.url, folder, "--run", "lakebase.project.delete.protected-branch-refused")
        expect(result["cases"][0]["state"] in ("fail", "error"), told(result))
        expect(result["left"] == [] and server.projects() == [], (r.stderr, server.projects()))


@test
def a_retry_waits_as_long_as_it_is_told(folder):
    with Server() as server:
        server.fault({"rpc": "CreateProject", "attempt": "1"}, {"type": "throttle", "retry_after": 2})
        r, result = play_real(server.url, folder, "--run", "lakebase.branch.create.no-expiry")
        expect(r.returncode == 0, (r.stdout, told(result)))
        calls = [c for c in server.get("/_mock/calls")["calls"] if c["rpc"] == "CreateProject"]
        gaps = [a["gap_ms"] for c in calls for a in c["attempts"] if a["gap_ms"] is not None]
        expect(gaps and min(gaps) >= 2000, gaps)


@test
def what_could_not_be_played_is_no_failure(folder):
    for action in ({"type": "unavailable"}, {"type": "throttle"}, {"type": "reset"}):
        with Server() as server:
            server.fault({"rpc": "CreateBranch"}, action)
            r, result = play_real(server.url, folder, "--timeout", "2", "--run", "lakebase.branch.create.no-expiry",
                                  "--run", "lakebase.branch.create.source")
            states = {c["state"] for c in result["cases"]}
            expect(r.returncode == 1 and states == {"inconclusive"}, (action, told(result)))
            expect(server.projects() == [], server.projects())


@test
def a_lost_answer_makes_a_case_be_played_again(folder):
    """The create is applied, its answer lost; the retry meets it."""
    with Server() as server:
        server.fault({"rpc": "CreateBranch", "call": "1-2"}, {"type": "reset"}, phase="after_commit", when={"times": 2})
        r, result = play_real(server.url, folder, "--run", "lakebase.branch.create.no-expiry", "--run", "lakebase.branch.create.source")
        expect(r.returncode == 0, told(result))
        expect(server.get("/_mock/faults")["faults"][0]["fired"] == 2, "the rule did not act")


@test
def a_real_difference_is_told_in_any_weather(folder):
    with Server() as server:
        server.fault({"rpc": "GetBranch", "attempt": "1-2"}, {"type": "unavailable"})
        server.fault({"rpc": "ListBranches"}, {"type": "error", "status": 400, "error_code": "BAD_REQUEST", "message": "no"})
        _, result = play_real(server.url, folder, "--run", "lakebase.branch.list.*")
        expect("fail" in {c["state"] for c in result["cases"]}, told(result))


@test
def every_wait_ends_with_the_case_and_on_a_signal(folder):
    """The library waits for an operation that is never done."""
    asked = threading.Event()

    def stuck(method, path):
        if "/branches/late/operations/" not in path:
            return None
        asked.set()
        return 200, {"name": path[len(API):], "done": False}

    args = [TOOL, "--run", "lakebase.conflict.retry.library", "--out", folder, "--target"]
    with Server() as server, Proxy(server.url, stuck) as proxy:
        begin = time.monotonic()
        r = subprocess.run([*args, proxy.url, "--timeout", "1"], capture_output=True, text=True, env=ENV, timeout=600,
                           check=False)
        expect(r.returncode == 1 and "1 inconclusive" in r.stdout, r)
        expect(time.monotonic() - begin < 120, time.monotonic() - begin)  # not as long as by default
        for number in (signal.SIGTERM, signal.SIGINT):
            asked.clear()
            with subprocess.Popen([*args, proxy.url, "--timeout", "3000"], stdout=subprocess.PIPE, text=True, env=ENV) as tool:
                expect(asked.wait(120), "it never waited")
                tool.send_signal(number)
                out = tool.communicate(timeout=120)[0]  # far from its own limit
                expect(tool.returncode == 130 and "interrupted" in out, (tool.returncode, out))


@test
def a_signal_ends_a_request_that_is_never_answered(folder):
    with Server() as server:
        server.fault({"rpc": "CreateProject"}, {"type": "hang"})
        with subprocess.Popen([TOOL, "--target", server.url, "--plain", "--timeout", "3000", "--out", folder, *SOME],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                              env={**ENV, "DATABRICKS_TOKEN": "mock-default"}) as tool:
            until(lambda: server.get("/_mock/faults")["faults"][0]["fired"])
            tool.send_signal(signal.SIGTERM)
            tool.communicate(timeout=120)  # far from its own limit
            expect(tool.returncode == 130, tool.returncode)


def states(result):
    return {c["id"]: c["state"] for c in result["cases"]}


@test
def a_recording_holds_nothing_of_other_people(folder):
    seen = pathlib.Path(folder, "seen")
    with Server() as server:
        server.crowd(110)
        r, result = play_real(server.url, folder, "--record", seen, token="mock-default")
        expect(r.returncode == 0, told(result))
    text = "".join(f.read_text() for f in seen.glob("*.ndjson"))
    expect(len(text) > 100000 and "lakebase.list.page.too-large" in text, len(text))
    for word in ("team-", "eve@", "Eve's", "eves-tag"):
        expect(word not in text, (word, text[max(0, text.find(word) - 300):][:400]))


@test
def a_full_workspace_and_three_callers_change_no_verdict(folder):
    """5,000 projects of others, somebody who goes on creating, an admin and two who are none, all at once."""
    with Server() as server:
        _, result = play_real(server.url, pathlib.Path(folder, "alone"))
        alone = states(result)
        expect(set(alone.values()) == {"pass", "skip"}, told(result))
    with Server("--set", "max_projects=100000") as server:
        server.crowd(5000)
        results, stop = {}, threading.Event()

        def go_on():
            for n in range(100000):
                if stop.wait(0.02):
                    return
                server.crowd(1, stem=f"more-{n}")

        def play(name, token):
            results[name] = play_real(server.url, pathlib.Path(folder, name), "--parallel", "4", token=token)[1]
        callers = [("admin", "mock-default"), ("carl", "mock-default.carl"), ("dora", "mock-default.dora")]
        workers = [threading.Thread(target=play, args=caller) for caller in callers]
        other = threading.Thread(target=go_on)
        for worker in (other, *workers):
            worker.start()
        for worker in workers:
            worker.join()
        stop.set()
        other.join()
        for name, _ in callers:
            expect(states(results[name]) == alone, (name, told(results[name])))
            expect(results[name]["left"] == [], results[name]["left"])
        expect(not [p for p in server.projects() if "lbc-" in p], "something is left")


@test
def what_no_workspace_has_is_a_parameter(folder):
    with Server() as server:
        r = run("--target", server.url, "--plain", "--out", folder, "--run", "lakebase.synced-table.create.*",
                "--run", "lakebase.permission.use.reads", env={"DATABRICKS_TOKEN": "mock-default"})
        cases = {c["id"].split(".", 1)[1]: c for c in json.loads(pathlib.Path(folder, "results.json").read_text())["cases"]}
        expect(r.returncode == 0, r)
        for name, option in (("synced-table.create.branch", "--source-table CATALOG.SCHEMA.TABLE"),
                             ("permission.use.reads", "--token-of alice=TOKEN")):
            expect(cases[name]["state"] == "skip" and option in cases[name]["message"], cases[name])
        _, result = play_real(server.url, folder, "--run", "lakebase.synced-table.create.*", "--source-table", "their.own.table")
        expect({"pass", "skip"} == set(states(result).values()) and
               states(result)["lakebase.synced-table.create.branch"] == "pass", told(result))
        journal = [c for c in server.get("/_mock/journal")["requests"] if "synced_table_id=their.own.lbc-" in (c["query"] or "")]
        expect(journal, "not synced into the schema of the table")


def planned(text):
    """Projects, branches, endpoints, other objects and calls of a printed plan."""
    found = re.search(r"(\d+) projects \(.*?\), (\d+) branches,\s+(\d+) endpoints, (\d+) other\s+objects, about (\d+) calls", text)
    return dict(zip(("projects", "branches", "endpoints", "others", "calls"), map(int, found.groups())))


@test
def a_run_does_what_the_plan_says(folder):
    """Within a fifth, for both profiles and for a few cases."""
    for number, args in enumerate((["--profile", "full"], ["--profile", "cheap"],
                                   ["--profile", "full", "--run", "lakebase.project.*,lakebase.branch.*"])):
        with Server() as server:
            r, result = play_real(server.url, pathlib.Path(folder, str(number)), *args)
            made = collections.Counter(q["rpc"] for q in server.get("/_mock/journal?limit=100000")["requests"]
                                       if q["status"] == 200 and "_id=" in (q["query"] or ""))
        seen = {"projects": made["CreateProject"], "branches": made["CreateBranch"], "endpoints": made["CreateEndpoint"],
                "others": sum(n for rpc, n in made.items() if rpc.startswith("Create")), "calls": result["calls"]}
        seen["others"] -= seen["projects"] + seen["branches"] + seen["endpoints"]
        plan = planned(r.stderr)
        for what, n in seen.items():
            expect(abs(plan[what] - n) <= max(2, 0.2 * n), (args, what, "planned", plan, "seen", seen))


@test
def the_budget_of_the_readme_fits_its_plan(_):
    readme = (FIXTURES.parent / "tests" / "conformance" / "README.md").read_text()
    calls, minutes, profile = re.search(r"--budget (\d+):(\d+) --profile (\w+)", readme).groups()
    r = run("--dry-run", "--profile", profile, "--target", "https://host.invalid", "--yes-this-is-real",
            "--workspace-allow", "host.invalid")
    told_minutes = int(re.search(r"and (\d+) minutes", r.stdout)[1])
    expect(planned(r.stdout)["calls"] * 1.2 <= int(calls) <= planned(r.stdout)["calls"] * 2, r.stdout)
    expect(told_minutes * 1.2 <= int(minutes) <= told_minutes * 2, r.stdout)


def service(name):
    """The environment and the command of a service in docker/compose.yaml."""
    text = (FIXTURES.parent / "docker" / "compose.yaml").read_text()
    block = re.search(rf"^  {name}:\n((?:    .*\n|\n)*)", text, re.M)[1]
    environment = re.search(r"^    environment:.*\n((?:      .*\n)*)", block, re.M)[1]
    command = re.search(r"^    command: (\[.*\])", block, re.M)
    pairs = (line.strip().split(": ", 1) for line in environment.splitlines())
    return {k: v for k, v in pairs if "$" not in v}, json.loads(command[1]) if command else []


@test
def the_suite_in_compose_reaches_the_mock_in_compose(folder):
    """The environment and the words of docker/compose.yaml, without an engine: a proxy stands for the network."""
    (served, _), (environment, command) = service("mock"), service("conformance")
    with Server(env=served) as server, Proxy(server.url) as proxy:
        r = subprocess.run([TOOL, *command, "--run", "lakebase.branch.*"], capture_output=True, text=True,
                           env={**ENV, **environment, "http_proxy": proxy.url}, cwd=folder, timeout=120, check=False)
        expect(r.returncode == 0 and " 0 fail" in r.stdout and "http://mock:4610" in r.stdout, r)
        # what only a mock has is used: the suite has seen that it is one
        expect(" skip" not in r.stdout or int(re.search(r"(\d+) skip", r.stdout)[1]) < 20, r.stdout)


harness.main()
