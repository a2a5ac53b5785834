# SPDX-License-Identifier: Apache-2.0
"""The colours of the drawings, for a light page and for a dark one."""

COLOURS = {
    "light": {"ink": "#1d2733", "dim": "#55606e", "fill": "#eef3fa", "edge": "#5b7aa6",
              "warm": "#fdf3ee", "hot": "#b3401f", "chip": "#fbdfd4"},
    "dark": {"ink": "#e6ebf2", "dim": "#a3afbd", "fill": "#1e2a3a", "edge": "#7f9cc4",
             "warm": "#2b211d", "hot": "#f0926f", "chip": "#4a2c21"},
}


def style(scheme):
    rules = ("text{font:12px Helvetica,Arial,sans-serif;fill:%(ink)s}.title{font-weight:bold;font-size:13px}"
             ".small{font-size:11px;fill:%(dim)s}.name{font:bold 14px monospace;fill:%(hot)s}.code{font:11px monospace}"
             ".box{fill:%(fill)s;stroke:%(edge)s}.phase{fill:%(warm)s;stroke:%(hot)s}.chip{fill:%(chip)s}"
             ".way{fill:none;stroke:%(edge)s;stroke-width:1.6}.lead{fill:none;stroke:%(hot)s;stroke-dasharray:3 3}"
             ".mark{fill:%(hot)s}")
    return rules % COLOURS[scheme]
