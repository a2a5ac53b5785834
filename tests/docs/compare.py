# SPDX-License-Identifier: Apache-2.0
"""What a page shows against what was printed."""
import difflib
import json
import re

# What differs from run to run and says nothing: replaced on both sides, in this order.
VARIES = [
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "<time>"),
    (r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", "<uuid>"),
    (r"\b(br|ep|db|ss)-[a-z]+-[a-z]+-[a-z0-9]{8}\b", r"\1-<slug>"),
    (r"(TraceId|ReqId): [0-9a-f-]+", r"\1: <id>"),
    (r"\b\d+(\.\d+)? ?ms\b", "<ms>"),
    (r"\bpid(\"?[ :=]+)\d+", r"pid\1<pid>"),
]
# In JSON, by key: how long something took.
MEASURED = re.compile(r"(_ms|_us|^wall|^pid|_sha256)$")
HOLES = {
    "any": ".*?", "str": ".+?", "int": r"-?\d+", "num": r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?",
    "hex": "[0-9a-f]+", "HEX": "[0-9A-F]+", "word": "[a-z]+", "alnum": "[a-z0-9]+", "id": "[^/\\s\"]+",
    "uuid": "<uuid>", "time": "<time>", "ms": "<ms>", "jwt": r"[\w-]+\.[\w-]+\.[\w-]+",
}
HOLE = re.compile("<(" + "|".join(HOLES) + ")>")


def plain(text):
    for pattern, by in VARIES:
        text = re.sub(pattern, by, text)
    return text


def line_matches(want, got):
    if want == got:
        return True
    parts = HOLE.split(want)
    pattern = "".join(HOLES[p] if i % 2 else re.escape(p) for i, p in enumerate(parts))
    return re.fullmatch(pattern, got) is not None


def lines_match(want, got):
    """Lists of lines; a lone `...` stands for any lines."""
    if not want:
        return not got
    if want[0].strip() == "...":
        return any(lines_match(want[1:], got[i:]) for i in range(len(got) + 1))
    return bool(got) and line_matches(want[0], got[0]) and lines_match(want[1:], got[1:])


def tidy(text):
    return [line.rstrip() for line in plain(text).strip("\n").splitlines()]


def text_difference(want, got):
    if lines_match(tidy(want), tidy(got)):
        return None
    return "\n".join(difflib.unified_diff(tidy(want), tidy(got), "shown", "printed", lineterm=""))


MORE = "\u2026more"


def loads_shown(text):
    """JSON in which a bare `...` means that there is more."""
    text = re.sub(r",?(\s*)\.\.\.(\s*)\}", lambda m: _tail(text, m, f'"{MORE}": 0', "}"), text)
    text = re.sub(r",?(\s*)\.\.\.(\s*)\]", lambda m: _tail(text, m, f'"{MORE}"', "]"), text)
    return json.loads(text)


def _tail(text, m, marker, closing):
    first = text[:m.start()].rstrip()[-1:] in "{["
    return f"{'' if first else ','}{m.group(1)}{marker}{m.group(2)}{closing}"


def values(want, got, where, out):
    if isinstance(want, dict) and isinstance(got, dict):
        more = MORE in want
        for key in want:
            if key == MORE:
                continue
            if key not in got:
                out.append(f"{where}.{key}: shown, not printed")
            elif not MEASURED.search(key) or (want[key] is None) != (got[key] is None):
                values(want[key], got[key], f"{where}.{key}", out)
        if not more:
            out.extend(f"{where}.{key}: printed, not shown" for key in got if key not in want)
    elif isinstance(want, list) and isinstance(got, list):
        more = want[-1:] == [MORE]
        want = want[:-1] if more else want
        if len(got) < len(want) or (len(got) > len(want) and not more):
            out.append(f"{where}: {len(want)} items shown, {len(got)} printed")
        for i, (w, g) in enumerate(zip(want, got)):
            values(w, g, f"{where}[{i}]", out)
    elif isinstance(want, str) and HOLE.fullmatch(want):
        shown = json.dumps(got) if not isinstance(got, str) else plain(got)
        if not line_matches(want, shown):
            out.append(f"{where}: {want} shown, {shown} printed")
    elif isinstance(want, str) and isinstance(got, str):
        if not line_matches(plain(want), plain(got)):
            out.append(f"{where}: {want!r} shown, {got!r} printed")
    elif want != got or isinstance(want, bool) != isinstance(got, bool):
        out.append(f"{where}: {want!r} shown, {got!r} printed")


def json_difference(want, got):
    try:
        shown = loads_shown(want)
    except ValueError as e:
        return f"what is shown is not JSON: {e}"
    try:
        printed = json.loads(got)
    except ValueError as e:
        return f"what was printed is not JSON: {e}\n{got}"
    out = []
    values(shown, printed, "$", out)
    return "\n".join(out) or None


def difference(language, want, got):
    """None, or what to tell the author."""
    return json_difference(want, got) if language == "json" else text_difference(want, got)
