# SPDX-License-Identifier: Apache-2.0
"""Draws the way of a request through the server, and what a fault rule can do in each phase of it.

The phases and the actions are those that `GET /_mock/schema/fault` tells; docs/make.py asks for it.
"""
from xml.sax.saxutils import escape

import schemes

WIDTH, COLUMN, GAP = 900, 284, 24
STATIONS = [  # left edge, width, title, what happens there
    (0, 112, "your client", "sends a request"),
    (138, 134, "API", "who asks, which route"),
    (328, 120, "handler", "checks, changes"),
    (474, 90, "store", "commits"),
    (634, 90, "answer", "is written"),
    (788, 112, "your client", "reads it"),
]
PHASES = {  # where its mark stands on the way, what is true there
    "before": (299, "nothing has changed"),
    "after_commit": (598, "the change is stored"),
    "mid_body": (754, "the change is stored, half the answer is out"),
}
LINE, TOP, CHIPS = 34, 128, 196


def text(x, y, words, kind="", anchor="middle"):
    kind = f' class="{kind}"' if kind else ""
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}"{kind}>{escape(words)}</text>'


def station(x, width, title, what):
    middle = x + width / 2
    return [f'<rect class="box" x="{x}.5" y="{LINE - 22}.5" width="{width - 1}" height="46" rx="6"/>',
            text(middle, LINE - 2, title, "title"), text(middle, LINE + 14, what, "small")]


def arrow(x, to):
    return f'<path class="way" d="M{x} {LINE + 1}H{to - 6}m-4 -4l5 4l-5 4"/>'


def chips(x, width, y, names):
    out, at = [], x
    for name in names:
        wide = 14 + 6.7 * len(name)
        if at + wide > x + width:
            at, y = x, y + 27
        out += [f'<rect class="chip" x="{at:.1f}" y="{y - 15}" width="{wide:.1f}" height="21" rx="10"/>',
                text(at + wide / 2, y, name, "code")]
        at += wide + 6
    return out, y


def drawing(schema, scheme):
    out, columns, low = [], [], 0
    for i, (x, width, title, what) in enumerate(STATIONS):
        out += station(x, width, title, what)
        if i:
            out.append(arrow(STATIONS[i - 1][0] + STATIONS[i - 1][1] + 1, x))
    told = {phase for action in schema["actions"] for phase in action["phases"]}
    if told != set(PHASES):
        raise SystemExit(f"docs/pipeline.py knows the phases {sorted(PHASES)}, the server {sorted(told)}")
    for i, (phase, (mark, state)) in enumerate(PHASES.items()):
        x = i * (COLUMN + GAP)
        names = [a["type"] for a in schema["actions"] if phase in a["phases"]]
        out += [f'<path class="lead" d="M{mark} {LINE + 8}V{TOP - 34}H{x + COLUMN / 2:g}V{TOP}"/>',
                f'<circle class="mark" cx="{mark}" cy="{LINE + 1}" r="7"/>']
        row, y = chips(x + 14, COLUMN - 24, CHIPS, names)
        low = max(low, y)
        columns.append((x, phase, state, row))
    height = low + 24
    for x, phase, state, row in columns:
        out += [f'<rect class="phase" x="{x}.5" y="{TOP}.5" width="{COLUMN - 1}" height="{height - TOP - 1}" rx="8"/>',
                 text(x + 14, TOP + 22, phase, "name", "start"), text(x + 14, TOP + 39, state, "small", "start"), *row]
    about = "A request goes from the client to the handler, is committed and answered; faults act before, after the commit and in the body"
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
            f'role="img" aria-label="{about}">\n<style>{schemes.style(scheme)}</style>\n' + "\n".join(out) + "\n</svg>\n")


def pictures(schema):
    return {f"pictures/pipeline-{scheme}.svg": drawing(schema, scheme) for scheme in schemes.COLOURS}
