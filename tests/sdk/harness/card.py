# SPDX-License-Identifier: Apache-2.0
"""card.py URL CLIENT: what the mock's grade says of a client, over the scenarios that it met.

Each scenario ran in a workspace of its own, which still holds its rules and its journal. The worst
mark of each rule of the rubric goes to $SDK_OUT/cards/CLIENT.json, with the scenario that shows it.
"""

import json
import os
import pathlib
import sys

from mock import Lab
import verdicts

WORST = ("N-A", "PASS", "WARN", "FAIL")


def essence(rules):
    return json.dumps([[r.get("match"), r.get("when"), r.get("phase"), r["action"]] for r in rules],
                      sort_keys=True)


def card(url):
    known = {essence(s["faults"]): s["id"] for s in verdicts.load()["scenarios"] if "faults" in s}
    marks = {}
    for space in Lab(url, None).call("GET", "/workspaces")["workspaces"]:
        lab = Lab(url, space["name"])
        scenario = known.get(essence(lab.call("GET", "/faults")["faults"]))
        if not scenario:
            continue
        for rule in lab.call("GET", "/grade", final=1)["rules"]:
            before = marks.get(rule["rule"], {"verdict": "N-A"})
            if WORST.index(rule["verdict"]) > WORST.index(before["verdict"]):
                marks[rule["rule"]] = {"verdict": rule["verdict"], "scenario": scenario}
    return marks


if __name__ == "__main__":
    out = pathlib.Path(os.environ["SDK_OUT"], "cards")
    out.mkdir(parents=True, exist_ok=True)
    (out / f"{sys.argv[2]}.json").write_text(json.dumps(card(sys.argv[1])))
