#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What makes a test fail now and then, on a busy machine, beside others, or at some hour.
The way out is on the same line: allowed: why"""
import pathlib
import re
import sys

# A pause between two looks is short; what is longer hopes that something has happened meanwhile.
LONGEST = {".sh": 0.25, ".py": 0.1, ".mjs": 0.1, ".js": 0.1, ".java": 0.1, ".c": 0.01}
SLEEP = {".sh": r'(?<![\w(.-])sleep "?\$?([\w.]+)', ".py": r"\b(?:time|asyncio)\.sleep\(([\w.]+)", ".c": r"\busleep\(([\w.]+|\(.*)",
         ".java": r"\bThread\.sleep\(([\w.]+)", ".mjs": r"(?<![\w.])sleep\(([\w.]+)", ".js": r"(?<![\w.])sleep\(([\w.]+)"}
TICKS = {".mjs": 1e3, ".js": 1e3, ".java": 1e3, ".c": 1e6}  # of their numbers in a second
RULES = [  # (what, kinds of files, what to do instead)
    (r"def \w*(free|find|unused)_?port\b|\bgetsockname\(\)\[1\]\); *s\.close|print\(.*getsockname\(\)", ".py .sh",
     "a port that was free a moment ago: use port 0 and the ready line, or tests/support/ports.py"),
    (r"(?<![\w-])date (?!-u)[^|;)]*(-d |\+[\"']?%(?!s))", ".sh", "a date of some zone: use date -u"),
    (r"(?<![\w.])(datetime\.(now|today)\(\)|date\.today\(|utcnow\(|time\.(localtime|ctime)\()", ".py",
     "a date of some zone: use time.gmtime() or an aware datetime"),
    (r"(?<![\w-])(killall|pkill(?! +(-\w+ +)?-[sP]\b))", ".sh .py", "another's process may have that name: end one by its id"),
]
bad = []


def slept(kind, line):
    """A sleep that is too long, or whose length nobody sees."""
    found = re.search(SLEEP[kind], line)
    if not found:
        return None
    try:
        seconds = float(found[1]) / TICKS.get(kind, 1)
    except ValueError:
        seconds = None
    return found[0] if seconds is None or seconds > LONGEST[kind] else None


def files():
    for top in ("tests", "docker", "docs/recipes", "client"):
        for path in sorted(pathlib.Path(top).rglob("*")):
            if path.is_file() and not {"lint", "bench", "build", "node_modules", "target", "scale"} & set(path.parts):
                yield path


PIPE = "what is still writing when grep -q has seen enough is killed, and the pipe fails: use grep ... >/dev/null"
for path in files():
    kind = path.suffix
    if kind not in LONGEST or (path.parts[0] == "client" and "test" not in str(path)):
        continue
    text = path.read_text(encoding="utf-8", errors="replace")
    fails = kind == ".sh" and ("pipefail" in text or path.parts[1] == "steps")
    for number, line in enumerate(text.splitlines(), 1):
        if re.search(r"allowed: \S", line) or re.match(r"\s*(#|//|\*|/\*)", line):
            continue
        if long := slept(kind, line):
            bad.append(f"{path}:{number}: {long}: who hopes that this is long enough? Wait for what is to happen")
        for what, kinds, instead in RULES:
            if kind in kinds.split() and re.search(what, line) and path.name != "ports.py":
                bad.append(f"{path}:{number}: {instead}")
        if fails and re.search(r"\| *grep -\w*q", line):
            bad.append(f"{path}:{number}: {PIPE}")
print("\n".join(bad))
sys.exit(bool(bad))
