# SPDX-License-Identifier: Apache-2.0
"""How the SDK takes faults: the scenarios of tests/sdk/faults, and what was seen."""

import json
import os
import pathlib

import pytest
import verdicts
from databricks.sdk.service.postgres import Branch, BranchSpec, Project, ProjectSpec

SCENARIOS = verdicts.load()["scenarios"]

# call: what runs, the name it makes, and the rpc whose requests are its attempts
CALLS = {
    "create_project": (lambda w: w.postgres.create_project(Project(spec=ProjectSpec()), "made"),
                       "projects/made", "CreateProject"),
    "create_branch": (lambda w: w.postgres.create_branch(
        "projects/shop", Branch(spec=BranchSpec(no_expiry=True)), "made"),
        "projects/shop/branches/made", "CreateBranch"),
    "wait_branch": (lambda w: CALLS["create_branch"][0](w).wait(),
                    "projects/shop/branches/made", "GetOperation"),
}


def verdict_of(call):
    try:
        call()
        return "ok"
    except Exception as e:  # whatever the SDK lets through is its verdict
        return type(e).__name__


def exists(lab, name):
    return any(r.get("name") == name or r.get("doc", {}).get("name") == name
               for r in lab.call("GET", "/state")["resources"])


@pytest.mark.parametrize("scenario", SCENARIOS, ids=[s["id"] for s in SCENARIOS])
def test_scenario(scenario, lab, client_as, project):
    call, name, rpc = CALLS[scenario["call"]]
    w = client_as(**scenario.get("config", {}))
    if "plan" in scenario:
        lab.plan(plans=[{"rpc": "CreateBranch", "plan": scenario["plan"]}])
    for rule in scenario.get("faults", []):
        lab.fault(**rule)
    lab.call("DELETE", "/journal")

    verdict = verdict_of(lambda: call(w))
    attempts = len(lab.requests(rpc=rpc))
    assert lab.call("GET", "/faults", unfired=1)["faults"] == []
    # How often somebody tries who gives up by the clock is not for a test to say.
    many = "retry_timeout_seconds" in scenario.get("config", {})
    seen = {"verdict": verdict, "attempts": ">1" if many and attempts > 1 else str(attempts),
            "exists": exists(lab, name)}

    out = pathlib.Path(os.environ.get("SDK_OUT", "."), "verdicts", "python")
    if "SDK_OUT" in os.environ:
        out.mkdir(parents=True, exist_ok=True)
        (out / f"{scenario['id']}.json").write_text(json.dumps(seen))
    if not os.environ.get("SDK_UPDATE"):
        assert seen == scenario.get("seen", {}).get("python")


@pytest.mark.skipif(bool(os.environ.get("SDK_UPDATE")), reason="the page is being written")
def test_the_page_shows_what_was_seen():
    assert verdicts.stale() == ""
