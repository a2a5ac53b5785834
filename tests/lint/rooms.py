#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A layer has rooms, which are its folders: none is crowded, and no two include each other, not by a third one
either. What lies at the head of a layer sees its rooms and is seen by them."""
import collections
import pathlib
import re
import sys

MOST = 18  # files of C; a header beside its source counts as well
INCLUDE = re.compile(r'^ *# *include "([\w/.-]+)"', re.M)

files = collections.defaultdict(list)
sees = collections.defaultdict(dict)  # room: {room that it sees: the file that includes}
for top in (pathlib.Path("server"), pathlib.Path("client")):
    for path in sorted(top.rglob("*.[ch]")):
        room = path.parent.relative_to(top)
        files[top / room].append(path)
        for name in INCLUDE.findall(path.read_text(encoding="utf-8")):
            other = pathlib.Path(name).parent
            if room != other and len(room.parts) == len(other.parts) == 2 and room.parts[0] == other.parts[0]:
                sees[room].setdefault(other, path)

bad = [f"{room} has {len(inside)} files; {MOST} are the most" for room, inside in files.items() if len(inside) > MOST]


def circle(room, way):
    """The rooms from `room` to one that is on the way already; None when there is no circle."""
    if room in way:
        return [*way[way.index(room):], room]
    return next(filter(None, (circle(other, [*way, room]) for other in sees.get(room, ()))), None)


found = next(filter(None, (circle(room, []) for room in list(sees))), [])
bad += [f"{sees[a][b]}: {a} sees {b}, which sees it" for a, b in zip(found, found[1:])]
print("\n".join(bad))
sys.exit(bool(bad))
