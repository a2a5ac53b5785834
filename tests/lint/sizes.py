#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""60 lines a function, 500 a file. Exceptions, each with its reason, are in sizes.allow."""
import pathlib
import re
import sys

FUNCTION, FILE = 60, 500
allow = {}
for line in pathlib.Path("tests/lint/sizes.allow").read_text().splitlines():
    if line and not line.startswith("#"):
        what, limit, reason = line.split(None, 2)
        allow[what] = int(limit)
bad, used = [], set()


def check(what, where, lines, limit):
    if lines <= limit:
        return
    used.add(what)
    if lines > allow.get(what, limit):
        bad.append(f"{where}: {what} has {lines} lines, {allow.get(what, limit)} are allowed")


for path in sorted(p for d in ("server", "client", "tests") for p in pathlib.Path(d).rglob("*.[ch]")):
    lines = path.read_text(encoding="utf-8").splitlines()
    check(str(path), f"{path}:1", len(lines), FILE)
    start, name = None, "?"
    for number, line in enumerate(lines, 1):
        if start is None and (found := re.match(r"[A-Za-z_].*?(\w+)\(", line)):
            name = found[1] if found[1] != "START_TEST" else line[11:].rstrip(")")
        if line == "{":
            start = number
        elif line == "}" and start:
            check(f"{path}:{name}", f"{path}:{start}", number - start + 1, FUNCTION)
            start = None
bad += [f"tests/lint/sizes.allow: {what} needs no exception any more" for what in allow if what not in used]
print("\n".join(bad))
sys.exit(bool(bad))
