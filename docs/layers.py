#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws the rooms of server/ and their arrows, from the table that the lint reads.

    docs/layers.py           write docs/pictures/layers-*.svg; needs `dot` of Graphviz
    docs/layers.py --check   exit 1 when the pictures are not of the table as it is
"""
import pathlib
import re
import subprocess
import sys

import schemes

DOCS = pathlib.Path(__file__).resolve().parent
TABLE = DOCS.parent / "tests/lint/layers.tsv"


def rows():
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            room, sees, _, what = line.split("\t")
            yield room, set(sees.split()) - {room}, what


def nearest(room, seen):
    """The rooms that it sees directly: not also by way of another one that it sees."""
    return sorted(s for s in seen[room] if not any(s in seen[o] for o in seen[room] if o != s))


def drawing(colour):
    table = list(rows())
    seen = {room: sees for room, sees, _ in table}
    out = ["digraph layers {", "  bgcolor=transparent; rankdir=BT; nodesep=0.35; ranksep=0.4;",
           '  node [shape=box, style="rounded,filled", fillcolor="%(fill)s", color="%(edge)s", fontcolor="%(ink)s", '
           'fontname="Helvetica,Arial,sans-serif", fontsize=12, margin="0.16,0.09"];' % colour,
           '  edge [color="%(edge)s", arrowsize=0.7];' % colour]
    out += [f'  {room} [label=<<b>{room}</b><br/><font point-size="10">{what.replace("&", "&amp;")}</font>>];'
            for room, _, what in table]
    out += [f"  {room} -> {to};" for room, _, _ in table for to in nearest(room, seen)]
    return "\n".join(out + ["}"])


def picture(text):
    svg = subprocess.run(["dot", "-Tsvg"], input=text, capture_output=True, text=True, check=True).stdout
    svg = re.sub(r"<!--.*?-->\n?", "", svg, flags=re.S)
    svg = re.sub(r"<!DOCTYPE.*?>\n?", "", svg, count=1, flags=re.S)
    return re.sub(r"[ \t]+$", "", svg.rstrip(), flags=re.M) + "\n<!-- " + text.replace("->", "-&gt;") + " -->\n"


def main():
    for scheme, colour in schemes.COLOURS.items():
        text, path = drawing(colour), DOCS / f"pictures/layers-{scheme}.svg"
        if "--check" not in sys.argv:
            path.write_text(picture(text), encoding="utf-8")
        elif not path.exists() or f"<!-- {text} -->" not in path.read_text(encoding="utf-8").replace("-&gt;", "->"):
            sys.exit(f"{path.relative_to(DOCS.parent)} is not of tests/lint/layers.tsv; run docs/layers.py")


main()
