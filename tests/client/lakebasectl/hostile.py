#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A server whose every text holds ESC, BEL, CR, U+009B and more: none of it reaches a terminal raw.
hostile.py LAKEBASECTL runs every command in every format against it, on a terminal and in a pipe."""
import concurrent.futures
import http.server
import json
import os
import re
import subprocess
import sys
import tempfile
import threading

import screen

ctl = sys.argv[1]
EVIL = "x\x1b]0;evil\x07\r\x9b2J\x7f\u202e\u2028y"
PAGES = "projects branches endpoints roles databases snapshots cdf_configs requests calls faults scenarios " \
        "snapshots workspaces routes warnings rules clusters events access_control_list".split()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        item = {"name": EVIL, "uid": EVIL, EVIL: EVIL, "id": EVIL, "rule": EVIL, "verdict": EVIL, "rpc": EVIL,
                "seq": 1, "call": 1, "why": EVIL, "status": {"current_state": EVIL, "hosts": {"host": EVIL},
                "default_branch": EVIL, "list": [EVIL]}, "permission_level": EVIL, "user_name": EVIL}
        body = dict(item, token=EVIL, userName=EVIL, summary=EVIL, request=item, done=True,
                    response=item, now=EVIL, **{p: [item, item] for p in PAGES})
        code = 200
        if failing:
            code, body = 400, {"error_code": EVIL, "message": EVIL}
        data = json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")
        self.send_response(code)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

    def log_message(self, *_):
        pass


failing = False
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
env = dict(os.environ, DATABRICKS_HOST=f"http://127.0.0.1:{server.server_port}", DATABRICKS_TOKEN="t",
           TERM="xterm", HOME=tempfile.gettempdir(), COLUMNS="100")
ARGUMENTS = {"PARENT": "", "RULE": "Any reset", "SEQ": "1", "PLAN": "sync", "METHOD": "GET", "ROUTE": "/x",
             "OPERATION": "projects/p/operations/1", "GRANT": "user:a=CAN_USE", "SHELL": "bash", "TIME": "1h",
             "PROJECT": "shop", "ENDPOINT": "shop/dev/e", "TARGET": "shop/dev/e", "BRANCH": "shop/dev",
             "OTHER": "shop/dev"}
KINDS = {"project": "s", "branch": "s/d", "endpoint": "s/d/e", "role": "s/d/r", "database": "s/d/o",
         "catalog": "c", "synced-table": "a.b.c", "snapshot": "s/n", "cdf-config": "s/d/o/p"}
with tempfile.NamedTemporaryFile("w", suffix=".json", delete=False) as f:
    f.write('{"project_id":"p","spec":{"display_name":"x"},"branches":[{"branch_id":"b"}]}')


def commands():
    """Each command with arguments that fit."""
    page = subprocess.check_output([ctl, "man"], text=True)
    for line in re.findall(r"^\.SS (.*)$", page, re.M):
        words = line.replace("\\-", "-").replace("\\&", "").split()
        path = [w for w in words if w == w.lower()]
        rest = [w.strip("[].") for w in words if w != w.lower()]
        yield path, [str(given(path, w)) for w in rest if given(path, w) != ""]


def given(path, word):
    kind = path[0]
    if word in ("NAME", "BRANCH", "OTHER") and kind in KINDS:
        return KINDS[kind]
    if word == "PARENT" and kind in KINDS:
        return KINDS[kind].rpartition("/")[0]
    return f.name if word == "FILE" else ARGUMENTS.get(word, "w")


OPTIONS = {"update": ["--set", "display_name=x"], "wait": ["--for", "deleted", "--timeout", "50ms"],
           "connect": ["--print"], "grade": ["--junit", os.devnull], "apply": ["--dry-run"]}
SKIP = {"export", "import"}  # files are files
RAW = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xa8-\xae]|\r(?![\n\x1b])|\x1b(?!\[(0|1|3[123])?m|\[K)")


def run(argv, terminal):
    if not terminal:
        done = subprocess.run(argv, env=env, capture_output=True, stdin=subprocess.DEVNULL, timeout=300)
        return done.stdout + done.stderr
    return screen.play(argv, env=env, stdin=subprocess.DEVNULL)[0]


def attempts():
    for path, arguments in commands():
        if SKIP & set(path):
            continue
        extra = list(OPTIONS.get(path[-1], []))
        if path == ["operation", "wait"]:
            extra = ["--timeout", "50ms"]
        # An error is told in the same words whatever the format of the answer would have been.
        formats = [["-o", "json"]] if failing else [["-o", f] for f in ("table", "json", "yaml", "name", "uid,name")]
        for output in ([], *formats, ["-v"]):
            argv = [ctl, *path, *arguments, *extra, *output, "--retry-attempts", "1"]
            yield argv, False
            if output in ([], ["-v"]):
                yield argv, True


def attempt(case):
    """What went wrong, or None."""
    argv, terminal = case
    out = run(argv, terminal).replace(b"\r\r\n", b"\n").replace(b"\r\n", b"\n")
    found = RAW.search(out)
    if not found:
        return None
    at = out[max(0, found.start() - 40):found.end() + 40]
    return f"a raw control character: {' '.join(argv[1:])}{' (terminal)' if terminal else ''} {at}"


bad = tried = 0
with concurrent.futures.ThreadPoolExecutor(4) as pool:
    for failing in (False, True):
        for wrong in pool.map(attempt, list(attempts())):
            tried += 1
            if wrong:
                bad = 1
                print(wrong)
os.unlink(f.name)
print(f"{tried} runs")
sys.exit(bad or tried < 500)
