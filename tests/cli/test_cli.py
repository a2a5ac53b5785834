#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Command lines that cannot be used: the exit code, and what is said about it."""
import json
import os
import socket
import subprocess
import sys
import tempfile

SERVER = os.path.abspath(sys.argv[1])
LISTEN = ["--listen", "127.0.0.1:0"]

# exit code, arguments, what standard error says
REFUSED = [
    (2, ["--listen"], "--listen needs ADDR:PORT"),
    (2, ["--listen", "127.0.0.1"], "ADDR:PORT"),
    (2, ["--listen", "127.0.0.1:99999"], "ADDR:PORT"),
    (3, ["--listen", "192.0.2.1:1"], "cannot listen on 192.0.2.1:1"),
    (2, ["--listne", "1"], "unknown flag '--listne'; did you mean '--listen ADDR:PORT'?"),
    (2, ["--strikt"], "did you mean '--strict'?"),
    (2, ["--gibberish"], "unknown flag '--gibberish'; see lakebase-mock --help"),
    (2, ["--port-file", "/nonexistent/x"] + LISTEN, "/nonexistent/x"),
    (70, ["--db", "/nonexistent/x"], "its folder must exist"),
    (70, ["--db", "/etc/passwd"], "is no database"),
    (2, ["--fixture", "dmo"] + LISTEN, "dmo: neither a file nor one of the fixtures that are built in: demo, empty, large"),
    (2, ["--fixture", "/etc/passwd"] + LISTEN, "/etc/passwd: not valid JSON: line 1"),
    (2, ["--scenario", "nope"] + LISTEN, "nope"),
    (2, ["--scenario", "lost-creat"] + LISTEN, "'lost-creat'. Did you mean 'lost-create'? GET"),
    (2, ["--port", "4611"], "did you mean '--listen ADDR:PORT'?"),
    (2, ["-p", "4611"], "unknown flag '-p'; see lakebase-mock --help"),
    (2, ["--admin-token", ""] + LISTEN, "--admin-token is empty"),
    (2, ["--seed", "-1"], "--seed"),
    (2, ["--profile", "2026-01-01"], "2026-11-01"),
    (2, ["--set", "max_project=1"], "max_projects"),
    (2, ["--set", "max_projects=-1"], "max_projects"),
    (2, ["--set", "max_projects"], "max_projects=1000"),
    (2, ["--set", "echo_spec=yes"], "1, 0, true or false"),
    (2, ["--clock", "slow"], "real, manual"),
    (2, ["--clock", "scaled:0"], "factor"),
    (2, ["--lro", "after"], "after:5s"),
    (2, ["--auth", "none"], "--auth is open, any or strict, not 'none'"),
    (2, ["--log", "xml"], "--log is off, text or json"),
    (2, ["--log-level", "loud"], "error, warn, info or debug"),
    (2, ["--strict=maybe"], "1, 0, true or false"),
    (2, ["--strict", "false"], "unexpected argument 'false'"),
    (2, ["--journal", "0"], "--journal"),
    (2, ["--max-workspaces", "0"], "--max-workspaces"),
    (2, ["--tls-cert", "x"] + LISTEN, "--tls-key"),
    (2, ["--config", "/nonexistent/x"], "cannot read config: unable to open /nonexistent/x"),
    (2, ["serv"], "serve"),
    (2, ["version", "--yaml"], "version takes --json"),
    (2, ["wait", "--timeout", "soon"], "--timeout"),
    (2, ["wait", "--url"], "--url"),
    (2, ["wait", "--url", "here", "--timeout", "10ms"], "'here' is not a URL"),
    (3, ["wait", "--url", "http://127.0.0.1:1", "--timeout", "10ms"], "nothing answers"),
]

CONFIG = [
    ([], "must be a JSON object"),
    ({"listne": 1}, "listen"),
    ({"strict": "yes"}, "1, 0, true or false"),
    ({"set": {"max_projects": 1}}, "'set'"),
    ({"seed": None}, "'seed'"),
]

ENVIRONMENT = [
    ("LAKEBASE_MOCK_LISTNE", "1", "unknown variable LAKEBASE_MOCK_LISTNE; did you mean LAKEBASE_MOCK_LISTEN\n"),
    ("LAKEBASE_MOCK_PORT", "4611", "did you mean LAKEBASE_MOCK_LISTEN"),
    ("LAKEBASE_MOCK_STRICT", "maybe", "1, 0, true or false"),
    ("LAKEBASE_MOCK_SET", "x=1", "unknown setting 'x'"),
]

failed = 0
number = 0


def check(code, args, says, **env):
    global failed, number
    run = subprocess.run(
        [SERVER] + args, env={**os.environ, **env}, capture_output=True, text=True, timeout=300
    )
    good = run.returncode == code and says in run.stderr
    number += 1
    failed += not good
    print(f"{'ok' if good else 'not ok'} {number} - {' '.join(args)} {env or ''}")
    if not good:
        print(f"# wanted {code} and {says!r}, saw {run.returncode} and {run.stderr!r}")


def reaches():
    """wait finds a server at an IPv6 address that is written as in a URL."""
    global failed, number
    number += 1
    server = subprocess.Popen([SERVER, "--listen", "[::1]:0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    ready = server.stdout.readline()
    if not ready:
        print(f"ok {number} - wait at [::1] # SKIP no IPv6 here")
        return
    url = json.loads(ready)["url"]
    run = subprocess.run([SERVER, "wait", "--url", url, "--timeout", "60s"], capture_output=True, text=True, timeout=300)
    server.terminate()
    server.wait()
    failed += run.returncode != 0
    print(f"{'not ok' if run.returncode else 'ok'} {number} - wait at {url} {run.stderr.strip()}")


print(f"1..{3 + len(REFUSED) + len(CONFIG) + len(ENVIRONMENT)}")
for code, args, says in REFUSED:
    check(code, args, says)
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "config.json")
    for document, says in CONFIG:
        with open(path, "w", encoding="utf-8") as f:
            json.dump(document, f)
        check(2, ["--config", path], says)
for name, value, says in ENVIRONMENT:
    check(2, LISTEN, says, **{name: value})
with socket.create_server(("127.0.0.1", 0)) as taken:
    who = f"(process {os.getpid()}, " if os.path.exists("/proc/net/tcp") else ""
    listen = f"127.0.0.1:{taken.getsockname()[1]}"
    check(3, ["--listen", listen], f"{listen}: Address already in use{' ' if who else '.'}{who}")
    check(3, ["--listen", listen], "or choose another port with --listen ADDR:PORT")
reaches()
sys.exit(failed > 0)
