#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A layer has rooms, which are its folders: none is crowded, nor is one of the tests, and no two see each other, not by
a third one either.
A room sees another when a file of it includes a header of that one, or names a function, a table, a constant or a macro
that is defined there, by whatever way it has come to know of it: a header that all share hides no arrow. What lies at
the head of a layer sees its rooms and is seen by them. No two headers mean something else by the same tag."""
import collections
import pathlib
import re
import sys

MOST = 15  # files of C; a header beside its source counts as well
INCLUDE = re.compile(r'^ *# *include "([\w/.-]+)"', re.M)
NO_CODE = re.compile(r"""/\*.*?\*/ | //[^\n]* | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*'""", re.S | re.X)
FUNCTION = re.compile(r"^(static )?(?!typedef|struct \w+ \{|#)[A-Za-z_][^;{}=#]*?\b(\w+)\([^;{}=]*\)\s*\n\{", re.M)
DATA = re.compile(r"^(?!static|extern|typedef)[a-z][\w \t*]*?\b(\w+)(?:\[\w*\])* = ", re.M)
MACRO = re.compile(r"^ *# *define (\w+)", re.M)
ENUM = re.compile(r"^enum \w* ?\{(.*?)\}", re.S | re.M)
CONSTANT = re.compile(r"\b[A-Z]\w+\b(?=[^,]*(?:,|\Z))")
TAG = re.compile(r"^(?:struct|enum|union) (\w+) \{", re.M)
NAME = re.compile(r"(?<![\w.>])[A-Za-z_]\w*")


def room_of(path):
    return path.parent if len(path.parts) > 2 else None


def defined(path, text):
    """What is defined in a file: for all, for itself."""
    found = FUNCTION.findall(text)
    words = {*MACRO.findall(text), *(name for body in ENUM.findall(text) for name in CONSTANT.findall(body))}
    if path.suffix == ".h":
        return words | {name for _, name in found}, words
    for_all = {name for static, name in found if not static} | set(DATA.findall(text))
    return for_all, words | {name for static, name in found if static}


bad, texts, codes, own = [], {}, {}, {}
home, tags = collections.defaultdict(dict), collections.defaultdict(list)
for top in ("server", "client", "tests"):
    files = {path.relative_to(top): path for path in sorted(pathlib.Path(top).rglob("*.[ch]"))}
    for folder, number in collections.Counter(path.parent for path in files).items():
        if number > MOST:
            bad.append(f"{top}/{folder} has {number} files; {MOST} are the most")
    if top == "tests":  # programs, which say the same names
        continue
    for path, file in files.items():
        texts[path] = file.read_text(encoding="utf-8")
        codes[path] = NO_CODE.sub(" ", texts[path])
        for tag in TAG.findall(codes[path]) if path.suffix == ".h" else ():
            tags[top, tag].append(f"{top}/{path}")
        for_all, own[path] = defined(path, codes[path])
        home[path.parts[0]].update(dict.fromkeys(for_all, path))

bad += [f"{' and '.join(headers)} have a {tag} each" for (_, tag), headers in tags.items() if len(headers) > 1]
sees = collections.defaultdict(dict)  # room: {room that it sees: why}
for path, text in texts.items():
    room, layer = room_of(path), path.parts[0]
    if not room:
        continue
    for header in map(pathlib.Path, INCLUDE.findall(text)):
        if header.parts[0] == layer:
            sees[room].setdefault(room_of(header), f"{path} includes {header}")
    for name in NAME.findall(codes[path]):
        if name in home[layer] and name not in own[path] and (path.suffix == ".c" or not name.islower()):
            sees[room].setdefault(room_of(home[layer][name]), f"{path} uses {name} of {home[layer][name]}")
    for nothing in (None, room):
        sees[room].pop(nothing, None)


def circle(room, way):
    """The rooms from `room` to one that is on the way already; None when there is no circle."""
    if room in way:
        return [*way[way.index(room):], room]
    return next(filter(None, (circle(other, [*way, room]) for other in sees.get(room, ()))), None)


found = next(filter(None, (circle(room, []) for room in list(sees))), [])
bad += [f"{sees[a][b]}: {a} sees {b}, which sees it" for a, b in zip(found, found[1:])]
print("\n".join(bad))
sys.exit(bool(bad))
