#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""lakebase-conformance as people use it: exit codes, states, formats, signals, sweeping, recordings.

driver.py CONFORMANCE MOCK FIXTURES; TAP on stdout. `driver.py ... --write-golden` records anew.
"""
import json
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

import harness
from harness import ENV, FIXTURES, TOOL, Server, expect, run, test, until

GOLDEN = FIXTURES / "golden" / "recordings"
LEDGER = FIXTURES.parent / "docs" / "fidelity"  # an index of that name beside the folder of its pages

WRONG = """# A case that cannot pass, one that can, and one that needs what nobody has.
### lakebase.demo.get.wrong
# It expects what is not so.
# evidence: typed
GET /api/2.0/postgres/projects/none
Authorization: Bearer mock-secret-token
=> 200
{ "name": "x" }

### lakebase.demo.get.right
# It expects what is so.
# evidence: typed
GET /api/2.0/postgres/projects/none
=> 404

### lakebase.demo.create.project
# It makes something.
# evidence: typed
# needs: project
GET /api/2.0/postgres/projects/{{project}}
=> 200
"""


def own_cases(folder):
    cases = pathlib.Path(folder) / "cases"
    cases.mkdir()
    (cases / "demo.http").write_text(WRONG)
    (cases / "setup.http").write_text((FIXTURES / "scenarios" / "setup.http").read_text())
    return cases


@test
def mistakes_are_exit_2_and_name_the_nearest(_):
    for args, word in ([["--tagret", "x"], "did you mean --target?"], [["--run", "nothing*"], "no case is called"],
                       [["--skip", "*"], "no case is selected"], [["--known-failing", "/nowhere"], "/nowhere"]):
        r = run(*args)
        expect(r.returncode == 2 and word in r.stderr, (args, r))


@test
def in_a_package_the_mock_and_the_cases_are_those_beside_it(folder):
    package = pathlib.Path(folder)
    for program in TOOL, harness.MOCK:
        (package / "bin").mkdir(exist_ok=True)
        shutil.copy(program, package / "bin" / pathlib.Path(program).name)
    (package / "share").mkdir()
    shutil.copytree(own_cases(folder), package / "share" / "lakebase-mock" / "scenarios")
    r = subprocess.run([package / "bin" / pathlib.Path(TOOL).name, "--run", "*.demo.get.right"], capture_output=True, text=True,
                       env=ENV, timeout=60, check=False)
    expect(r.returncode == 0 and "1 pass" in r.stdout, r)


@test
def nobody_there_is_exit_3_and_named(_):
    r = run("--target", "http://127.0.0.1:9")
    expect(r.returncode == 3 and "cannot reach http://127.0.0.1:9" in r.stderr, r)


@test
def a_proxy_is_not_asked_for_a_mock_of_this_machine(folder):
    nobody = dict.fromkeys(("http_proxy", "HTTP_PROXY", "all_proxy"), "http://127.0.0.1:9")
    r = run("--scenarios", own_cases(folder), "--run", "*.demo.get.right", env=nobody)
    expect(r.returncode == 0 and "1 pass" in r.stdout, r)


@test
def elsewhere_needs_two_agreements(_):
    # .invalid resolves nowhere: exit 2 proves that nothing was asked
    for args, word in ([[], "--yes-this-is-real"], [["--yes-this-is-real"], "--workspace-allow host.invalid"],
                       [["--yes-this-is-real", "--workspace-allow", "other.invalid"], "--workspace-allow host.invalid"]):
        r = run("--target", "https://host.invalid", *args)
        expect(r.returncode == 2 and word in r.stderr, r)


@test
def the_plan_is_told_before_anything_happens(_):
    r = run("--dry-run", "--target", "https://host.invalid")  # nothing is asked, so nothing has to be agreed to
    expect(r.returncode == 0 and "projects (at most 2 at a time)" in r.stdout, r)


@test
def a_failure_shows_both_sides_and_how_to_see_it_again(folder):
    r = run("--scenarios", own_cases(folder), "--run", "lakebase.demo.*")
    expect(r.returncode == 1 and "2 pass, 1 fail" in r.stdout, r)
    expect("status: expected 200, saw 404" in r.stdout and 'name: expected "x", saw nothing' in r.stdout, r)
    expect("GET /api/2.0/postgres/projects/none" in r.stdout and "curl" not in r.stdout, r)
    expect("again: lakebase-conformance --run lakebase.demo.get.wrong\n" in r.stdout, r)
    expect("secret" not in r.stdout, "the token is shown: " + r.stdout)


@test
def patterns_are_those_of_a_shell(folder):
    cases = own_cases(folder)
    for patterns, chosen in ((["lakebase.demo.get.*"], {"right", "wrong"}), (["lakebase.demo.get.?r*"], {"wrong"}),
                             (["*.[rw]*"], {"right", "wrong"}), (["*.right,*.project"], {"right", "project"}),
                             (["*.right", "--run", "*.wrong"], {"right", "wrong"}), (["!*.wrong"], {"right", "project"}),
                             (["*.get.*,!*.wrong"], {"right"}), (["*.get.*", "--run", "!*.wrong"], {"right"})):
        r = run("--scenarios", cases, "--list", "--run", *patterns, "--skip", "!lakebase.demo.*,lakebase.*")
        listed = {line.split()[0].rsplit(".", 1)[1] for line in r.stdout.splitlines()}
        expect(r.returncode == 0 and listed == chosen, (patterns, listed, r.stderr))


@test
def known_failures_are_played_and_must_go_on_failing(folder):
    cases, known = own_cases(folder), pathlib.Path(folder) / "known"
    known.write_text("lakebase.demo.get.wrong  # ours is different\n")
    r = run("--scenarios", cases, "--run", "lakebase.demo.*", "--known-failing", known)
    expect(r.returncode == 0 and "1 xfail" in r.stdout, r)
    known.write_text("lakebase.demo.get.*\n")
    r = run("--scenarios", cases, "--run", "lakebase.demo.*", "--known-failing", known)
    expect(r.returncode == 1 and "xpass lakebase.demo.get.right" in r.stdout, r)


@test
def all_formats_say_the_same(folder):
    out = pathlib.Path(folder) / "out"
    run("--scenarios", own_cases(folder), "--run", "lakebase.demo.*", "--out", out)
    result = json.loads((out / "results.json").read_text())
    states = {c["id"]: c["state"] for c in result["cases"]}
    expect(states == {"lakebase.demo.get.wrong": "fail", "lakebase.demo.get.right": "pass",
                      "lakebase.demo.create.project": "pass"}, states)
    suite = ET.parse(out / "junit.xml").getroot().find("testsuite")
    expect((suite.get("tests"), suite.get("failures")) == ("3", "1"), suite.attrib)
    expect([c.find("failure") is not None for c in suite.iter("testcase")] == [True, False, False], "junit")
    tap = (out / "results.tap").read_text()
    expect("1..3\nnot ok 1 - lakebase.demo.get.wrong" in tap and "ok 2 - lakebase.demo.get.right" in tap, tap)


@test
def ctrl_c_still_writes_results_and_cleans_up(folder):
    out = pathlib.Path(folder) / "out"
    with Server("--lro", "after:200ms") as server:
        tool = subprocess.Popen([TOOL, "--target", server.url, "--plain", "--out", out, "--parallel", "2"],
                                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                env={**ENV, "DATABRICKS_TOKEN": "mock-default"})
        until(lambda: len(server.get("/_mock/journal?limit=10000")["requests"]) > 100)
        tool.send_signal(signal.SIGINT)
        tool.communicate(timeout=600)
        expect(tool.returncode == 130, tool.returncode)
        result = json.loads((out / "results.json").read_text())
        expect(result["interrupted"] and result["counts"]["pass"] > 0, result["counts"])
        ET.parse(out / "junit.xml")
        left = server.get("/api/2.0/postgres/projects?show_deleted=true")
        expect(left == {}, left)


def stopped_with_projects(tool, server):
    """Holds the tool up while the workspace has projects of it, or lets it go on."""
    tool.send_signal(signal.SIGSTOP)
    if len(server.projects()) > 0:
        return True
    tool.send_signal(signal.SIGCONT)
    return False


@test
def sweep_removes_what_a_killed_run_left(folder):
    out = pathlib.Path(folder) / "out"
    env = {**ENV, "DATABRICKS_TOKEN": "mock-default"}
    with Server("--lro", "after:200ms") as server:
        tool = subprocess.Popen([TOOL, "--target", server.url, "--plain", "--out", out, "--parallel", "2"],
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env)
        until(lambda: stopped_with_projects(tool, server))
        tool.kill()
        tool.wait()
        expect(server.projects(), "nothing was left behind: the test proves nothing")
        r = subprocess.run([TOOL, "sweep", out], capture_output=True, text=True, env=env, timeout=600, check=False)
        expect(r.returncode == 0 and "0 still are" in r.stdout, r)
        left = server.get("/api/2.0/postgres/projects?show_deleted=true")
        expect(left == {}, left)
        r = subprocess.run([TOOL, "sweep", out], capture_output=True, text=True, env=env, timeout=600, check=False)
        expect(r.returncode == 0 and "0 were left behind" in r.stdout, r)


@test
def a_mock_elsewhere_keeps_no_workspace(folder):
    with Server() as server:
        before = [w["name"] for w in server.get("/_mock/workspaces")["workspaces"]]
        r = run("--target", server.url, "--out", pathlib.Path(folder) / "out")
        expect(r.returncode == 0, r)
        after = [w["name"] for w in server.get("/_mock/workspaces")["workspaces"]]
        expect(before == after, after)


@test
def what_no_mock_has_is_skipped_there(_):
    with Server() as server:
        r = run("--target", server.url, "--plain", "--format", "json", "--out", "/dev/null/x",
                env={"DATABRICKS_TOKEN": "mock-default"})
        # an --out that cannot be written is told, and the results are on stdout all the same
        expect(r.returncode == 3, r)
        r = run("--target", server.url, "--plain", "--format", "json", "--out", tempfile.mkdtemp(),
                env={"DATABRICKS_TOKEN": "mock-default"})
        result = json.loads(r.stdout)
        expect(r.returncode == 0, r.stderr)
        played = [c for c in result["cases"] if c["state"] == "pass"]
        expect(len(played) > 200, len(played))
        expect(not [c for c in played if c["level"] == "mock"], "a mock case was played")


@test
def a_budget_ends_a_run_inconclusively(_):
    with Server() as server:
        r = run("--target", server.url, "--plain", "--budget", "60", "--format", "json", "--out", tempfile.mkdtemp(),
                env={"DATABRICKS_TOKEN": "mock-default"})
        counts = json.loads(r.stdout)["counts"]
        expect(r.returncode == 1 and counts["inconclusive"] > 0 and counts["fail"] == 0, (r.returncode, counts))
        expect(server.get("/api/2.0/postgres/projects?show_deleted=true") == {}, "something is left")


@test
def the_mock_is_as_it_was_recorded(folder):
    """Golden recordings; --write-golden after a change that was meant."""
    seen = pathlib.Path(folder) / "seen"
    r = run("--record", seen, "--seed", "5", "--shuffle", "--mock-arg", "--seed", "--mock-arg", "7")
    expect(r.returncode == 0, r.stdout)
    r = run("diff", GOLDEN, seen)
    expect(r.returncode == 0, r.stdout + r.stderr + "\nif this was meant: tests/conformance/driver.py ... --write-golden")
    ids = {line["id"] for f in GOLDEN.glob("*.ndjson") for line in map(json.loads, f.open())}
    new = {line["id"] for f in seen.glob("*.ndjson") for line in map(json.loads, f.open())}
    expect(ids == new, "not recorded, or gone: %s" % sorted(ids ^ new))


@test
def the_ledger_knows_every_case(_):
    rows = {}
    for line in "".join(page.read_text() for page in LEDGER.glob("*.md")).splitlines():
        cells = line.split(" | ")
        if line.startswith("| `lakebase."):
            rows[cells[0].strip("| `")] = (cells[-1].strip(" |"), cells[2].split()[0])
    listed = {}
    for line in run("--list").stdout.splitlines():
        name, level, evidence = line.split()[:3]
        listed[name] = (level, evidence)
    code = set(listed) - set(rows)  # cases in C are not in the scenarios
    expect(len(rows) > 500 and all(listed.get(k) == v for k, v in rows.items()) and len(code) < 10,
           [(k, v, listed.get(k)) for k, v in rows.items() if listed.get(k) != v][:5])


@test
def every_case_cites_a_source_of_the_ledger(folder):
    index = LEDGER.with_suffix(".md").read_text()
    part = index[index.index("## Sources"):]
    rows = {line.split(" | ")[0].strip("| ") for line in part.splitlines() if line.startswith("| ")} - {"source"}
    expect(len(rows) > 20 and "the API guide" in rows, rows)
    with Server() as server:
        run("--target", server.url, "--budget", "1", "--out", folder)
    cases = json.loads((pathlib.Path(folder) / "results.json").read_text())["cases"]
    wrong = [(c["id"], c.get("source")) for c in cases if (c.get("source") or "").split(";")[0] not in rows]
    expect(len(cases) > 500 and not wrong, wrong[:10])


@test
def differences_are_a_table_and_a_patch(folder):
    other = pathlib.Path(folder) / "other"
    other.mkdir()
    for f in GOLDEN.glob("branch.ndjson"):
        (other / f.name).write_text(f.read_text().replace("cannot delete protected branch", "no"))
    r = run("diff", GOLDEN, other)
    expect(r.returncode == 1 and "lakebase.branch.delete.protected" in r.stdout, r)
    expect('"cannot delete protected branch"' in r.stdout and '"no"' in r.stdout, r.stdout)
    r = run("diff", "--patch", GOLDEN, other)
    expect("+=> 400 BAD_REQUEST: no\n" in r.stdout and "-=> 400 BAD_REQUEST: cannot delete protected branch\n" in r.stdout,
           r.stdout)
    tree = pathlib.Path(folder) / "tree" / "fixtures"
    tree.parent.mkdir()
    subprocess.run(["cp", "-r", FIXTURES, tree], check=True)
    applied = subprocess.run(["patch", "-p1", "--dry-run"], input=r.stdout, text=True, cwd=tree.parent,
                             capture_output=True, check=False)
    expect(applied.returncode == 0, applied.stdout + applied.stderr)


if "--write-golden" in sys.argv:
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for old in GOLDEN.glob("*.ndjson"):
        old.unlink()
    sys.exit(run("--record", GOLDEN).returncode)
harness.main()
