# SPDX-License-Identifier: Apache-2.0
"""The page docs/fidelity.md and the block of the README: what is proven, case by case, out of the scenarios."""
import collections
import json
import pathlib
import re
import sys

EVIDENCE = ("verified", "documented", "typed", "invented")
MEANS = {
    "verified": "seen on the live service by others, who published it: in recorded tests, issues, programs",
    "documented": "said by its documentation",
    "typed": "follows from the published SDKs",
    "invented": "ours: nothing is published about it",
}
LEVEL = {"verified": "must", "documented": "should", "typed": "should", "invented": "mock"}
Case = collections.namedtuple("Case", "id title evidence date source level file targets")


def keywords(lines):
    found, prose = {}, []
    for line in lines:
        text = line.lstrip("#").strip()
        if m := re.match(r"(evidence|level|needs|server): *(.*)$", text):
            found[m.group(1)] = m.group(2)
        elif text or prose:
            prose.append(text)
    return found, prose


def read_file(path, root):
    head, *cases = re.split(r"^### ", path.read_text(encoding="utf-8"), flags=re.M)
    defaults, _ = keywords([line for line in head.splitlines() if line.startswith("#")])
    for case in cases:
        name, *lines = case.splitlines()
        count = next((i for i, line in enumerate(lines) if not line.startswith("#")), len(lines))
        own, prose = keywords(lines[:count])
        if name.startswith("setup."):
            continue
        # An evidence line sets the level anew; a level line holds whatever comes before it.
        evidence, _, source = (own.get("evidence") or defaults["evidence"]).partition(",")
        word, _, date = evidence.partition(" ")
        level = own.get("level") or ("level" in defaults and "evidence" not in own and defaults["level"]) or LEVEL[word]
        targets = re.findall(r"^(GET|POST|PUT|PATCH|DELETE) (\S+)", case, flags=re.M)
        if "server" in own or "server" in defaults or any(t.startswith("/_mock") for _, t in targets):
            level = "mock"
        yield Case(name.strip(), prose[0] if prose else "", word, date.strip(), source.strip(), level,
                   str(path.relative_to(root)), targets)


def cases(scenarios):
    return [case for path in sorted(scenarios.glob("*/*.http")) for case in read_file(path, scenarios)]


def rpcs_of(case, routes):
    """The rpcs that a case asks, variables standing for one segment or for a whole name."""
    found = set()
    for method, target in case.targets:
        path = re.sub(r"\{\{(branch|replica|role|database|op)\}\}", lambda m: {
            "branch": "projects/p/branches/b", "replica": "projects/p/branches/b/endpoints/e",
            "role": "projects/p/branches/b/roles/r", "database": "projects/p/branches/b/databases/d",
            "op": "projects/p/operations/o"}[m.group(1)], target)
        path = re.sub(r"\{\{[^}]*\}\}", "x", path)
        for rpc, verb, pattern, _ in routes:
            deep = re.compile(pattern.pattern.replace(r"[^/?]+(\?", r"[^?]+(\?")) if "Workspace" in rpc else pattern
            if verb == method and deep.match(path):
                found.add(base(rpc))
                break
    return found


def base(rpc):
    """Routes of one rpc are numbered in the OpenAPI document: GetOperation_2."""
    return re.sub(r"_\d+$", "", rpc)


def sources(scenarios):
    """name -> (what it is, where); an issue of a repository needs no entry."""
    with open(scenarios.parent / "sources.json", encoding="utf-8") as file:
        return {s["name"]: (s["is"], s["at"]) for s in json.load(file)}


def resolve(case, known):
    """The source of a case, without the remark after the semicolon, and what is known of it."""
    name = case.source.partition(";")[0].strip()
    issue = re.fullmatch(r"([\w.-]+/[\w.-]+) issue (\d+)", name)
    if issue:
        return name, ("an issue or pull request", f"https://github.com/{issue[1]}/issues/{issue[2]}")
    if name not in known:
        sys.exit(f"fixtures/scenarios/{case.file}: {case.id}: there is no source '{name}'; write `# evidence: WORD DATE, "
                 "SOURCE; remark` with a SOURCE of fixtures/sources.json, or OWNER/REPOSITORY issue N")
    return name, known[name]


def source_rows(found, scenarios):
    known, cited, facts = sources(scenarios), collections.Counter(), {}
    for case in found:
        name, facts[name] = resolve(case, known)
        cited[name] += 1
    for name in [*(n for n in known if n in cited), *sorted(n for n in cited if n not in known)]:
        what, where = facts[name]
        yield f"| {name} | {what} | {f'<{where}>' if where else ''} | {cited[name]} |"


def readme_block(found, routes, missing):
    by = collections.Counter(case.evidence for case in found)
    newest = max(case.date for case in found if case.evidence == "verified")
    portable = sum(case.level != "mock" for case in found)
    proven = len(found) - by["invented"]
    return f"""\
| | what | how many |
|---|---|---|
| **real** | with `--postgres`: PostgreSQL behind each endpoint, with TLS, logins, data and branches of the data | [see there](docs/postgres.md) |
| **imitated** | behaviours of the API with evidence: {by["verified"]} seen on the live service by others, who published \
it (the last in {newest}), {by["documented"]} from its documentation, {by["typed"]} from the published SDKs | {proven} |
| **invented** | behaviours about which nothing is published: our choice, and marked so | {by["invented"]} |
| **missing** | known routes that answer 501; {len(routes)} are built | {missing} |

Each of the {len(found)} behaviours is a test, and [the ledger](docs/fidelity.md) lists them all. {portable} can also be played against \
a real workspace. Nobody has done that yet: all that is known of the service comes from what others have published."""


def table(head, rows):
    cells = [[str(cell).replace("|", "\\|") for cell in row] for row in rows]
    return ["| " + " | ".join(head) + " |", "|" + "---|" * len(head), *("| " + " | ".join(row) + " |" for row in cells)]


def by_route(found, routes):
    """The strongest evidence of the cases that ask it, and when that was last seen."""
    asked = collections.defaultdict(list)
    for case in found:
        for rpc in rpcs_of(case, routes):
            asked[rpc].append(case)
    for rpc in sorted({base(rpc) for rpc, *_ in routes}):
        best = min((c.evidence for c in asked[rpc]), key=EVIDENCE.index, default="")
        date = max((c.date for c in asked[rpc] if c.evidence == best), default="")
        yield rpc, best, date, len(asked[rpc])


def ledger(found, routes, scenarios):
    """The index, and a page for each group of cases."""
    groups = collections.defaultdict(list)
    for case in found:
        groups[case.id.split(".")[1]].append(case)
    by = collections.Counter(case.evidence for case in found)
    counted = {name: collections.Counter(case.evidence for case in held) for name, held in groups.items()}
    index = [
        "# Fidelity", "",
        "How well each behaviour of the mock is known. Each one is a case of [the scenarios](../fixtures/scenarios/README.md),",
        "which are tests, examples and conformance cases at once. This page is made from them.", "",
        *table(["evidence", "means", "cases"], [(word, MEANS[word], by[word]) for word in EVIDENCE]),
        "", "## Cases", "",
        *table(["cases of", *EVIDENCE], [(f"[{name}](fidelity/{name}.md)", *(counted[name][word] or "" for word in EVIDENCE))
                                         for name in sorted(groups)]),
        "", "## Routes", "", "The strongest evidence of the cases that call it, when that was last seen, and how many cases there are.", "",
        *table(["call", "evidence", "date", "cases"], by_route(found, routes)),
        "", "## Sources", "", "What the cases cite. After a semicolon, a case says what it takes from its source.", "",
        "| source | what it is | where | cases |", "|---|---|---|---|", *source_rows(found, scenarios)]
    texts = {"fidelity.md": "\n".join(index) + "\n"}
    for name, held in groups.items():
        rows = [(f"`{c.id}`", c.title, f"{c.evidence} {c.date}".strip(), c.source, c.level) for c in held]
        texts[f"fidelity/{name}.md"] = "\n".join([
            f"# Fidelity: {name}", "", "[All cases](../fidelity.md). On a real workspace `lakebase-conformance` plays the cases of the levels",
            "`must` and `should`; a `mock` case is only for mocks.", "",
            *table(["case", "shows", "evidence", "where seen", "level"], rows)]) + "\n"
    return texts


def pages(docs, scenarios, routes, missing):
    found = cases(scenarios)
    readme = (docs.parent / "README.md").read_text(encoding="utf-8")
    block = f"<!-- fidelity:begin -->\n{readme_block(found, routes, missing)}\n<!-- fidelity:end -->"
    readme = re.sub(r"<!-- fidelity:begin -->.*?<!-- fidelity:end -->", lambda _: block, readme, flags=re.S)
    return ledger(found, routes, scenarios) | {str(pathlib.Path("..") / "README.md"): readme}
