# SPDX-License-Identifier: Apache-2.0
"""Draws the way of a session from a client to the databases, and says what of it is real.

The boxes are a table: left edge, top, width, height, whether it is real or imitated, title, lines below it.
docs/make.py writes the pictures.
"""
from xml.sax.saxutils import escape

import schemes

WIDTH, HEIGHT = 900, 322
BOXES = {
    "client": (0, 104, 128, 92, "box", "your code", ["psycopg, pg, JDBC,", "pgx, psql: as it is,", "port 5432"]),
    "api": (206, 24, 300, 52, "phase", "control plane", ["endpoints, roles, credentials, the clock"]),
    "front": (206, 104, 300, 150, "phase", "front", []),
    "production": (640, 24, 260, 66, "box", "branch production", ["PostgreSQL, started by the first login,", "stopped when nothing happens"]),
    "replica": (640, 132, 260, 50, "box", "its read-only endpoint", ["a hot standby"]),
    "dev": (640, 224, 260, 66, "box", "branch dev", ["a copy as of its creation; asleep", "it is a folder and no process"]),
}
CHECKS = ["TLS, with a certificate for each host", "which endpoint: address, SNI", "who: token, or SCRAM password", "awake? else it is woken"]
# points of each arrow, its words and where they stand
ARROWS = [
    ("128,150 200,150", "TLS", 166, 142),
    ("356,104 356,82", "asks", 376, 97),
    ("506,140 572,140 572,57 634,57", "private", 572, 196),
    ("506,157 634,157", "sockets", 572, 210),
    ("506,174 540,174 540,257 634,257", "", 0, 0),
    ("770,90 770,126", "streams", 800, 112),
]
COPY = "900,75 912,75 912,257 906,257"
FRAME = (186, 4, 340, 270)


def text(x, y, words, kind="", anchor="middle"):
    kind = f' class="{kind}"' if kind else ""
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}"{kind}>{escape(words)}</text>'


def box(x, y, width, height, kind, title, lines):
    middle = x + width / 2
    out = [f'<rect class="{kind}" x="{x}.5" y="{y}.5" width="{width - 1}" height="{height - 1}" rx="6"/>',
           text(middle, y + 20, title, "title")]
    return out + [text(middle, y + 37 + 16 * i, line, "small") for i, line in enumerate(lines)]


def arrow(points, kind="way"):
    (x0, y0), (x, y) = [tuple(map(int, p.split(","))) for p in points.split()[-2:]]
    dx, dy = (x > x0) - (x < x0), (y > y0) - (y < y0)
    head = f"M{x - 4 * dx - 4 * dy},{y - 4 * dy - 4 * dx}L{x},{y}L{x - 4 * dx + 4 * dy},{y - 4 * dy + 4 * dx}"
    return f'<path class="{kind}" d="M{points.replace(" ", "L")}"/><path class="way" d="{head}"/>'


def drawing(scheme):
    x, y, width, height = FRAME
    out = [f'<rect class="lead" style="stroke-dasharray:none;opacity:.5" x="{x}.5" y="{y}.5" width="{width}" height="{height}" rx="10"/>',
           text(x + width / 2, y + height - 6, "lakebase-mock", "small")]
    for how in BOXES.values():
        out += box(*how)
    x, y, width, *_ = BOXES["front"]
    for i, check in enumerate(CHECKS):
        out += [f'<rect class="chip" x="{x + 16}" y="{y + 32 + 28 * i}" width="{width - 32}" height="22" rx="11"/>',
                text(x + width / 2, y + 47 + 28 * i, f"{i + 1}. {check}", "small")]
    for points, words, at, down in ARROWS:
        out += [arrow(points)] + ([text(at, down, words, "small")] if words else [])
    out += [f'<rect class="box" x="206.5" y="296.5" width="14" height="14" rx="3"/>', text(228, 308, "real", "small", "start"),
            f'<rect class="phase" x="278.5" y="296.5" width="14" height="14" rx="3"/>', text(300, 308, "imitated: the service's words and rules", "small", "start")]
    about = "Client code speaks TLS with the front, which finds the endpoint, checks token or password, wakes the branch's PostgreSQL and passes the session on"
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH + 40}" height="{HEIGHT}" viewBox="0 0 {WIDTH + 40} {HEIGHT}" '
            f'role="img" aria-label="{about}">\n<style>{schemes.style(scheme)}</style>\n' + "\n".join(out)
            + "\n" + arrow(COPY, "lead") + "\n</svg>\n")


def pictures():
    return {f"pictures/chain-{scheme}.svg": drawing(scheme) for scheme in schemes.COLOURS}
