#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Links in Markdown lead to files and headings that exist; so does each page that code names, and each source that
a comment in C names. Rows of a table have as many cells as its head."""
import pathlib
import re
import subprocess
import sys

LIST = ". tests/lint/files.sh; files . -- -name '*.md' -o -name '*.[ch]' -o -name '*.py' -o -name '*.sh'"
names = subprocess.run(["sh", "-c", LIST], capture_output=True, text=True, check=True).stdout.split()
pages = {pathlib.Path(n).name for n in names if n.endswith(".md")}
sources = [f"/{n}" for n in names if not n.endswith(".md")]
bad = []


def anchors(path):
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.M | re.S)
    for title in re.findall(r"^#+ +(.*)$", text, re.M):
        yield re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


for name in names:
    path = pathlib.Path(name)
    fenced, cells = False, 0
    text = path.read_text(encoding="utf-8", errors="replace")
    for comment in re.finditer(r"/\*.*?\*/", text, re.S) if path.suffix in (".c", ".h") else ():
        for source in re.findall(r"(?<![\w/.<])(?:\w+/)*\w+\.(?:[ch]|py)\b", comment[0]):
            if not any(name.endswith(f"/{source}") for name in sources):
                bad.append(f"{name}:{text.count(chr(10), 0, comment.start()) + 1}: there is no {source}")
    for number, line in enumerate(text.splitlines(), 1):
        where = f"{name}:{number}"
        for page in re.findall(r"\b[A-Z]{4,}\.md\b", line):
            if page not in pages:
                bad.append(f"{where}: there is no {page}")
        fenced ^= line.lstrip().startswith("```")
        if path.suffix != ".md" or fenced:
            continue
        # A bar ends a cell in code, too; what is over in a row is not shown.
        bars = len(re.findall(r"(?<!\\)\|", line.rstrip())) if line.startswith("|") else 0
        if bars and cells and bars != cells:
            bad.append(f"{where}: this row has {bars - 1} cells, its table {cells - 1}; write a bar as \\|")
        cells = bars and (cells or bars)
        for target in re.findall(r"\]\(([^)\s]+)\)", line):
            file, _, anchor = target.partition("#")
            if re.match(r"[a-z]+:", target):
                continue
            to = (path.parent / file) if file else path
            if not to.exists():
                bad.append(f"{where}: {target} does not exist")
            elif anchor and to.suffix == ".md" and anchor not in anchors(to):
                bad.append(f"{where}: {target}: no such heading")
print("\n".join(bad))
sys.exit(bool(bad))
