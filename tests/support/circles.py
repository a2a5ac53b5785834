#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""No circle of calls between the files of a program: circles.py NAME... where NAME is an archive or the
folder of a program's objects. A file calls another when it needs a symbol that the other defines."""
import collections
import pathlib
import re
import subprocess
import sys

defines, needs = {}, collections.defaultdict(set)
for name in sys.argv[1:]:
    path = pathlib.Path(name)
    objects = sorted(path.glob("*.o")) if path.is_dir() else [path]
    for line in subprocess.check_output(["nm", "-A", *objects], text=True).splitlines():
        where, kind, symbol = re.match(r"(.*?):[0-9a-f ]*([A-Za-z]) (\S+)$", line).groups()
        file = re.search(r"([^/:]+?)\.c\.o$", where)[1]
        if kind in "TDBRVC":
            defines[symbol] = file
        elif kind == "U":
            needs[file].add(symbol)
calls = {f: {defines[s] for s in symbols if s in defines} - {f} for f, symbols in needs.items()}
if len(calls) < 5:
    sys.exit(f"only {len(calls)} files: are these the objects?")


def circle(file, way):
    if file in way:
        return way[way.index(file):] + [file]
    if file in done:
        return None
    for other in sorted(calls.get(file, ())):
        found = circle(other, way + [file])
        if found:
            return found
    done.add(file)
    return None


done = set()
for start in sorted(calls):
    found = circle(start, [])
    if found:
        for a, b in zip(found, found[1:]):
            print(f"{a} calls {b}:", *sorted(s for s in needs[a] if defines.get(s) == b))
        sys.exit(1)
