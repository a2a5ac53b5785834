#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the generated pages of docs/: from the tables of the program, with examples from the scenarios.

    docs/make.py BINARY           write them
    docs/make.py --check BINARY   only tell which are stale; exit 1 if any is
"""
import json
import pathlib
import re
import subprocess
import sys
import urllib.request

import chain
import fidelity
import pipeline
import reference

DOCS = pathlib.Path(__file__).resolve().parent
SCENARIOS = DOCS.parent / "fixtures/scenarios"
GENERATED = {  # file: page of `lakebase-mock reference`
    "configuration.md": "configuration",
    "openapi.json": "openapi",
    "lakebase-mock.1": "man",
    "completion/lakebase-mock.bash": "bash",
    "completion/_lakebase-mock": "zsh",
    "completion/lakebase-mock.fish": "fish",
}
REQUEST = re.compile(r"^(GET|POST|PUT|PATCH|DELETE) (/\S+)$")
REPLY = re.compile(r"^=> (\d+)(.*)$")

# What the setups of the scenarios keep, as a reader would see it.
BRANCH = "projects/app/branches/dev"
VARIABLES = {
    "prefix": "", "admin": "admin@example.com", "project": "app", "branch": BRANCH,
    "replica": f"{BRANCH}/endpoints/replica", "role": f"{BRANCH}/roles/app-owner",
    "database": f"{BRANCH}/databases/app-db",
}


def fill(text):
    def value(m):
        name = m.group(1)
        if name.startswith("user "):
            return f"{name[5:]}@example.com"
        return VARIABLES.get(name, f"<{name}>")
    return re.sub(r"\{\{([^{}]+)\}\}", value, text)


class Step:
    """A request of a scenario and the reply that it expects."""

    def __init__(self, case, title, method, target):
        self.case, self.title, self.method, self.target = case, title, method, target
        self.head, self.body, self.status, self.short, self.reply = [], [], 0, "", []


def read_scenario(path):
    """The steps of a file. The full grammar is the test runner's business; this reads what is shown."""
    case, title, step, part, found = None, "", None, None, []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("### "):
            case, title, step = line[4:].strip(), "", None
        elif m := REQUEST.match(fill(line)):
            step, part = Step(case, title, m.group(1), m.group(2)), "head"
            if case and not case.startswith("setup."):
                found.append(step)
        elif line.startswith(("#", "> ")):
            text = line[1:].strip()
            if line[0] == "#" and case and not step and not title and not re.match(r"[a-z]+:", text):
                title = text
            part = None
        elif step and (m := REPLY.match(line)):
            step.status, step.short, part = int(m.group(1)), fill(m.group(2)).strip(), "reply"
        elif step and part == "head" and re.match(r"[\w-]+: ", line):
            step.head.append(line)
        elif step and part in ("head", "body"):
            part = "body"
            step.body.append(fill(line))
        elif step and part == "reply" and not re.match(r"[\w-]+: ", line):
            step.reply.append(fill(line))
    return found


def steps():
    for path in sorted(SCENARIOS.glob("*/*.http")):
        yield from read_scenario(path)


def routes(openapi):
    """(rpc, method, pattern, number of literal segments) for each route, most literal first."""
    found = []
    for path, item in openapi["paths"].items():
        pattern = re.compile(re.sub(r"\\{\w+\\}", "[^/?]+", re.escape(path)) + r"(\?.*)?$")
        for method, operation in item.items():
            found.append((operation["operationId"], method.upper(), pattern, path.count("{")))
    return sorted(found, key=lambda r: r[3])


def likeness(rpc, case):
    """How far a case is from being about that rpc: 0 is its own, as by the ids of the scenarios."""
    verb, noun = re.match(r"([A-Z][a-z]+)(\w*)", rpc).groups()
    noun = re.sub(r"(?<=ch)es$|s$", "", noun)
    noun = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", noun).lower()
    _, resource, act, *_ = case.split(".")
    return 2 * (resource != noun) + (act not in (verb.lower(), "read" if verb in ("Get", "List") else ""))


def rpc_of(table, step):
    return next((rpc for rpc, method, pattern, _ in table if method == step.method and pattern.match(step.target)), None)


def examples(table, played):
    """For each rpc the step that is most about it and shows a whole, successful reply."""
    best = {}
    for step in played:
        if step.status != 200 or not "".join(step.reply).strip() or step.head:
            continue
        if rpc := rpc_of(table, step):
            distance = likeness(rpc, step.case)
            if rpc not in best or distance < best[rpc][0]:
                best[rpc] = (distance, step)
    return {rpc: step for rpc, (_, step) in best.items()}


def show(rpc, step):
    body = "\n".join(step.body).strip()
    reply = "\n".join(step.reply).strip()
    return (f"### {rpc}\n\n{step.title} From `{step.case}`.\n\n```http\n{step.method} {step.target}\n"
            + (f"\n{body}\n" if body else "") + f"```\n```text\n{step.status}\n{reply}\n```")


def page(binary, name):
    return subprocess.run([binary, "reference", name], check=True, capture_output=True,
                          text=True).stdout


def ask(binary, path):
    """What a running server answers."""
    with subprocess.Popen([binary, "serve", "--listen", "127.0.0.1:0", "--log", "off"], stdout=subprocess.PIPE, text=True) as server:
        try:
            url = json.loads(server.stdout.readline())["url"]
            return json.load(urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url + path, timeout=30))
        finally:
            server.terminate()


def generate(binary):
    texts = {file: page(binary, name) for file, name in GENERATED.items()}
    openapi, played = json.loads(texts["openapi.json"]), list(steps())
    table = routes(openapi)
    shown = examples(table, played)

    if len(shown) < len(table) / 2:
        sys.exit("most routes have no example: did the format of the scenarios change?")

    def example(m):
        rpc = m.group(1)  # routes of the same name share one example
        return show(rpc, shown.pop(rpc)) + "\n\n" if rpc in shown else ""
    api = re.sub(r"<!-- example: (\w+) -->\n\n?", example, page(binary, "api"))
    texts.update(reference.files(api, played, lambda step: fidelity.base(rpc_of(table, step) or ""),
                                 {fidelity.base(rpc) for rpc, *_ in table}))
    texts.update(chain.pictures())
    texts.update(pipeline.pictures(ask(binary, "/_mock/schema/fault")))
    texts.update(fidelity.pages(DOCS, SCENARIOS, table, api.count("501: not built")))
    return texts


def main(argv):
    check = argv[:1] == ["--check"]
    if len(argv) != 1 + check:
        sys.exit(__doc__)
    stale = []
    texts = generate(argv[-1])
    for path in sorted([*DOCS.glob("api/*.md"), *DOCS.glob("fidelity/*.md")]):
        if str(path.relative_to(DOCS)) not in texts:
            stale.append(f"{path.relative_to(DOCS)}, which is not a page any more,")
            if not check:
                path.unlink()
    for file, text in texts.items():
        path = DOCS / file
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(file)
        if not check:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    for file in stale:
        print(f"docs/{file} {'is stale' if check else 'written'}")
    if check and stale:
        print("write them anew: ninja -C build docs (then look at the difference)")
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
