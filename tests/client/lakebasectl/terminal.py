#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""lakebasectl on a terminal: tables fit it, and what is lost is asked for. terminal.py SERVER LAKEBASECTL"""
import json
import os
import re
import subprocess
import sys
import tempfile

import screen

server, ctl = sys.argv[1:]
home = tempfile.mkdtemp()
mock = subprocess.Popen([server, "--listen", "127.0.0.1:0", "--log", "off"], stdout=subprocess.PIPE, text=True)
env = dict(os.environ, HOME=home, TERM="xterm", DATABRICKS_TOKEN="mock-default",
           DATABRICKS_HOST=json.loads(mock.stdout.readline())["url"])
env.pop("COLUMNS", None)
bad = 0


def run(*argv, columns=80, typed=None):
    """On a terminal; what it shows, and the exit code."""
    out, code = screen.play([ctl, *argv], columns=columns, typed=typed, env=env, start_new_session=True)
    return out.decode(), code


def want(condition, *what):
    global bad
    if not condition:
        print(*what)
        bad = 1


try:
    quiet = lambda *argv: subprocess.run([ctl, *argv], env=env, check=True, stdout=subprocess.DEVNULL,
                                         stderr=subprocess.DEVNULL)
    quiet("project", "create", "shop", "-w")
    long = "a-branch-whose-name-is-as-long-as-a-name-may-be-which-is-a-lot"
    quiet("branch", "create", f"shop/{long}", "--no-expiry", "-w")
    for columns in (200, 120, 80, 60, 40, 20):
        for argv in (["branch", "list", "shop"], ["endpoint", "list", f"shop/{long}"], ["mock", "journal"],
                     ["mock", "routes"], ["mock", "grade"], ["project", "list", "-o", "name,uid,create_time"]):
            out, _ = run(*argv, columns=columns)
            for line in re.sub(r"\x1b\[[0-9;]*[mK]", "", out).replace("\r", "\n").split("\n"):
                want(len(line) <= columns, f"{' '.join(argv)}: {len(line)} columns on a terminal of {columns}:", line)
    out, _ = run("branch", "list", "shop", columns=60)
    want("\u2026" in out, "nothing shows that a name was cut:", out)
    out = subprocess.check_output([ctl, "branch", "list", "shop", "-o", "table"], env=env, text=True)
    want(long in out, "a name is cut in a pipe")

    # asked for, and nothing happens without a yes
    for answer, code in (("n\n", 1), ("\n", 1), ("\x04", 1)):
        out, rc = run("branch", "delete", f"shop/{long}", "--wait", typed=answer)
        want("Delete the branch" in out and rc == code, f"delete, answered {answer!r}:", out, rc)
    quiet("branch", "get", f"shop/{long}")
    out, rc = run("branch", "delete", f"shop/{long}", "--wait", typed="y\n")
    want("deleted projects/shop" in out and rc == 0, "delete, answered y:", out, rc)
    out, rc = run("branch", "undelete", f"shop/{long}", "--wait")
    out, rc = run("branch", "delete", f"shop/{long}", "--wait", "--yes")
    want("[y/N]" not in out and rc == 0, "delete --yes:", out, rc)
    document = os.path.join(home, "shop.json")
    with open(document, "w") as f:
        f.write('{"id":"shop","branches":[{"id":"production"}]}')
    quiet("branch", "create", "shop/more", "--no-expiry", "-w")
    out, rc = run("apply", document, "--prune", typed="n\n")
    want("extra      projects/shop/branches/more" in out and "Delete it? [y/N]" in out and rc == 1, out, rc)
    out, rc = run("apply", document, "--prune", typed="y\n")
    want("deleted    projects/shop/branches/more" in out and rc == 0, out, rc)
    for argv in (["mock", "reset"], ["mock", "workspace", "delete", "w"], ["mock", "snapshot", "delete", "s"],
                 ["mock", "snapshot", "restore", "s"], ["mock", "state", "import", document]):
        out, rc = run(*argv, typed="n\n")
        want("[y/N]" in out and rc == 1, "not asked:", *argv, out)
    quiet("project", "get", "shop")
finally:
    mock.terminate()
    mock.wait()
sys.exit(bad)
