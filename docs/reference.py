# SPDX-License-Identifier: Apache-2.0
"""The reference of the API as files: one for each page of `lakebase-mock reference`, and an index of them."""
import json
import re

ACRONYMS = {"apis": "APIs", "cdf": "CDF"}
MOST = 5  # calls named beside a refusal


def words(title):
    """SyncedTables -> Synced tables"""
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", title)
    first, *rest = (ACRONYMS.get(w.lower(), w if i == 0 else w.lower()) for i, w in enumerate(text.split()))
    return " ".join([first, *rest])


def split(text):
    """[(title, file, text)] for each page; the first one is the introduction."""
    found = []
    for part in re.split(r"^(?=# )", text, flags=re.M):
        if part.strip():
            title, _, rest = part.partition("\n")
            title = words(title[2:])
            found.append((title, re.sub(r"\W+", "-", title.lower()) + ".md", rest.strip("\n")))
    return found


def without_empty(text):
    """Sections with nothing in them are left out."""
    return re.sub(r"^## [^\n]+\n*(?=^## |\Z)", "", re.sub(r"\n{3,}", "\n\n", text), flags=re.M).rstrip() + "\n"


def messages(step):
    """What the reply of a step says, if that is a refusal."""
    if step.status >= 400:
        yield step.short.partition(": ")[2]
        yield from (json.loads(m) for m in re.findall(r'"message": *("(?:[^"\\]|\\.)*")', "\n".join(step.reply)))


def seen(rows, steps, rpc_of):
    """message -> the calls that a scenario sees refused in those words. The wording with most words of its own wins."""
    patterns = sorted(((re.compile(".*".join(map(re.escape, m.split("%s"))) + r"\Z"), m) for m in rows),
                      key=lambda p: -len(p[1].replace("%s", "")))
    found = {}
    for step in steps:
        for said in messages(step):
            message = next((m for pattern, m in patterns if said and pattern.match(said)), None)
            if message and (rpc := rpc_of(step)):
                found.setdefault(message, set()).add(rpc)
    return found


def refusals(text, steps, rpc_of, page_of):
    """Sorted by message, each with the calls."""
    row = re.compile(r"^\| `(.*?)` \| .*<!-- where: \w+ -->.*\n?", re.M)
    calls = seen({m[1] for m in row.finditer(text)}, steps, rpc_of)

    def cell(message):
        named = sorted(rpc for rpc in calls.get(message, ()) if rpc in page_of)
        shown = ", ".join(f"[{rpc}]({page_of[rpc]})" for rpc in named[:MOST])
        return shown + (f" and {len(named) - MOST} others" if len(named) > MOST else "")
    by_message = {}
    for m in row.finditer(text):
        by_message.setdefault(m[1], []).append(m[0].split(" | ")[1])

    def line(m):
        means = " ".join(dict.fromkeys(by_message[m[1]]))
        filled = re.sub(r"<!-- where: \w+ -->", lambda _: cell(m[1]), m[0].rstrip("\n")).replace("|  |", "| |")
        return filled.replace(f" | {by_message[m[1]][0]} | ", f" | {means} | ", 1)
    first = {m[1]: m for m in reversed(list(row.finditer(text)))}.values()
    rows = sorted(first, key=lambda m: re.sub(r"[^a-z ]", "", m[1].replace("%s", "").lower()).strip())
    return row.sub("", text).rstrip() + "\n" + "\n".join(map(line, rows)) + "\n"


def index(intro, pages, routes):
    """The table of pages, and the table of routes by path."""
    by_page = {}
    for path, rpc, file in routes:
        by_page.setdefault(file, {})[rpc] = None
    out = ["# The API", "", intro, "", "## Pages", "", "| page | calls |", "|---|---|"]
    for title, file, _ in pages:
        calls = ", ".join(by_page.get(file, {"by message: what it means, and which calls answer it": None}))
        out.append(f"| [{title}](api/{file}) | {calls} |")
    out += ["", "## Routes by path", "", "| route | call |", "|---|---|"]
    out += [f"| `{path}` | [{rpc}](api/{file}) |" for path, rpc, file in sorted(routes, key=lambda r: r[0].split(" ")[::-1])]
    return "\n".join(out) + "\n"


def files(text, steps, rpc_of, known):
    """{file below docs/: its text}; every rpc that is known must be on a page."""
    (_, _, intro), *pages = split(text)
    routes = [(path, rpc, file) for _, file, body in pages
              for path, rpc in re.findall(r"^\| `([A-Z]+ /\S+)` \| (\w+) \|", body, flags=re.M)]
    page_of = {rpc: file for _, rpc, file in routes}
    if absent := known - set(page_of):
        raise SystemExit(f"server/api/openapi/reference.c shows no page with {', '.join(sorted(absent))}")
    texts = {"api.md": index(intro, pages, routes)}
    for title, file, body in pages:
        body = refusals(body, steps, rpc_of, page_of) if "<!-- where:" in body else body
        texts[f"api/{file}"] = f"# {title}\n\n[All pages of the API](../api.md)\n\n" + without_empty(body)
    return texts
