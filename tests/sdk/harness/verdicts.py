# SPDX-License-Identifier: Apache-2.0
"""verdicts.py check|update: the table of how the published clients take faults.

tests/sdk/faults/scenarios.json says what is done to a client and how each was seen to take it. The
tests of every client run the scenarios and compare. What they saw lies in $SDK_OUT/verdicts;
`update` writes it into the file. Both write or check docs/clients.md, which shows the same.
"""

import json
import os
import pathlib
import re
import sys

from marked import filled

SDK = pathlib.Path(__file__).resolve().parents[1]
TOP = SDK.parents[1]
SCENARIOS = SDK / "faults" / "scenarios.json"
PAGE = TOP / "docs" / "clients.md"


def load():
    return json.loads(SCENARIOS.read_text())


def dump(data):
    """One line a key of a scenario: a change is then one line in a diff."""
    def one(value):
        return json.dumps(value, ensure_ascii=False)

    blocks = []
    for scenario in data["scenarios"]:
        lines = []
        for key, value in scenario.items():
            if key == "seen":
                inner = "".join(f",\n     {one(c)}: {one(v)}" for c, v in sorted(value.items()))
                lines.append('    "seen": {' + inner[1:] + "}")
            else:
                lines.append(f"    {one(key)}: {one(value)}")
        blocks.append("   {\n" + ",\n".join(lines) + "}")
    clients = ",\n".join(f"    {one(k)}: {one(v)}" for k, v in data["clients"].items())
    cards = ",\n".join(f"    {one(k)}: {one(v)}" for k, v in sorted(data["cards"].items()))
    SCENARIOS.write_text('{\n  "clients": {\n' + clients + '},\n  "cards": {\n' + cards
                         + '},\n  "scenarios": [\n'
                         + ",\n".join(blocks) + "]\n}\n")


def cell(scenario, client):
    seen = scenario.get("seen", {}).get(client)
    if client in scenario.get("skip", {}):
        return scenario["skip"][client]
    if not seen:
        return "–"
    attempts = seen["attempts"]
    text = f"**{seen['verdict']}**" if seen["verdict"] == "ok" else f"`{seen['verdict']}`"
    if attempts != "1":
        text += f", {attempts} tries"
    return text + ("" if seen["exists"] == (seen["verdict"] == "ok") else
                   ", *it is there*" if seen["exists"] else ", *it is not there*")


def table(data):
    clients = data["clients"]
    rows = ["| what happens | " + " | ".join(clients[c]["title"] for c in clients) + " |",
            "|---" * (len(clients) + 1) + "|"]
    for scenario in data["scenarios"]:
        rows.append(f"| {scenario['title']} | "
                    + " | ".join(cell(scenario, c) for c in clients) + " |")
    return "\n".join(rows)


def card_cell(data, client, rule):
    mark = data["cards"].get(client, {}).get(rule)
    if not mark or mark["verdict"] == "PASS":
        return mark["verdict"] if mark else "–"
    title = next(s["title"] for s in data["scenarios"] if s["id"] == mark["scenario"])
    return f"**{mark['verdict']}**: {title}"


def cards(data):
    clients = data["clients"]
    rules = sorted({r for c in data["cards"].values() for r in c},
                   key=lambda r: (int(re.sub(r"\D", "", r)), r))
    rows = ["| rule | " + " | ".join(clients[c]["title"] for c in clients) + " |",
            "|---" * (len(clients) + 1) + "|"]
    rows += [f"| `{r}` | " + " | ".join(card_cell(data, c, r) for c in clients) + " |"
             for r in rules]
    return "\n".join(rows)


def versions(data):
    """The version of each client, from the file that pins it. The head is of the block: a comment inside a table would end it."""
    rows = ["| client | version |", "|---|---|"]
    for client in data["clients"].values():
        pinned = (SDK / client["file"]).read_text()
        found = re.search(client["pattern"], pinned)
        if not found:
            raise SystemExit(f"{client['file']}: nothing looks like {client['pattern']}")
        rows.append(f"| {client['title']}: `{client['package']}` | {found[1]} |")
    return "\n".join(rows)


def page(data):
    return filled(PAGE, (("versions", versions(data)), ("verdicts", table(data)), ("cards", cards(data))))


def update():
    data = load()
    for file in pathlib.Path(os.environ["SDK_OUT"], "verdicts").glob("*/*.json"):
        client, scenario_id = file.parent.name, file.stem
        for scenario in data["scenarios"]:
            if scenario["id"] == scenario_id:
                scenario.setdefault("seen", {})[client] = json.loads(file.read_text())
    for file in pathlib.Path(os.environ["SDK_OUT"], "cards").glob("*.json"):
        if file.stem in data["clients"]:
            data["cards"][file.stem] = json.loads(file.read_text())
    dump(data)
    PAGE.write_text(page(data))


def stale():
    """Why docs/clients.md does not show what scenarios.json says; '' when it does."""
    if PAGE.read_text() == page(load()):
        return ""
    return "docs/clients.md is stale: run SDK_UPDATE=1 tests/sdk/run.sh python go java"


if __name__ == "__main__":
    if sys.argv[1:] == ["update"]:
        update()
    else:
        sys.exit(stale() or None)
