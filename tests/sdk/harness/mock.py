# SPDX-License-Identifier: Apache-2.0
"""A started lakebase-mock and its lab routes, for the tests that are written in Python."""

import json
import os
import pathlib
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

TOP = pathlib.Path(__file__).resolve().parents[3]


def binary():
    """The server to start: $LAKEBASE_MOCK, or what the nearest build folder holds."""
    given = os.environ.get("LAKEBASE_MOCK")
    if given:
        return given
    for folder in ("build", "build-test", "build-release"):
        path = TOP / folder / "server" / "lakebase-mock"
        if path.exists():
            return str(path)
    raise RuntimeError("build the server first (meson compile -C build), or set LAKEBASE_MOCK")


class Mock:
    """One server process on a free port; `with Mock("--auth", "strict") as mock:` ends it."""

    def __init__(self, *flags):
        self.flags = flags
        self.process = None
        self.url = None
        self.log = None

    def __enter__(self):
        # The server takes its settings from the environment as well; a test wants only its flags.
        env = {k: v for k, v in os.environ.items() if not k.startswith("LAKEBASE_MOCK")}
        self.log = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            [binary(), "serve", "--listen", "127.0.0.1:0", *self.flags],
            stdout=subprocess.PIPE, stderr=self.log, text=True, env=env)
        line = self.process.stdout.readline()
        if not line:
            self.process.wait(60)
            self.log.seek(0)
            raise RuntimeError(f"the server did not start (exit {self.process.returncode}):\n"
                               + self.log.read())
        self.url = json.loads(line)["url"]
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(120)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise
        finally:
            self.process.stdout.close()
            self.log.close()


class Lab:
    """The `/_mock` routes of one workspace; with None, those of the whole server."""

    def __init__(self, url, workspace="default"):
        self.url = url
        self.workspace = workspace

    def token(self, user=None):
        return f"mock-{self.workspace}" + (f".{user}" if user else "")

    def call(self, method, path, body=None, /, **query):
        """The decoded answer; an answer of 400 and more is raised with its text."""
        if self.workspace:
            query = {"workspace": self.workspace, **query}
        url = f"{self.url}/_mock{path}?" + urllib.parse.urlencode(query)
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, data, {"Content-Type": "application/json"},
                                         method=method)
        try:
            with urllib.request.urlopen(request, timeout=120) as reply:
                return json.loads(reply.read() or b"null")
        except urllib.error.HTTPError as e:
            raise AssertionError(f"{method} /_mock{path}: {e.code} {e.read().decode()}") from None

    def fault(self, **rule):
        return self.call("POST", "/faults", rule)

    def plan(self, default="first-poll", plans=()):
        return self.call("PUT", "/lro", {"default": default, "plans": list(plans)})

    def maintenance(self, project, how_long):
        return self.call("POST", f"/projects/{project}/maintenance", {"for": how_long})

    def requests(self, **filters):
        return self.call("GET", "/journal", **filters)["requests"]

    def calls(self, **filters):
        return self.call("GET", "/calls", **filters)["calls"]


def wait_until(condition, seconds=60.0):
    """What `condition` returns once that is true."""
    end = time.monotonic() + seconds
    while True:
        seen = condition()
        if seen:
            return seen
        if time.monotonic() > end:
            raise AssertionError(f"not true within {seconds} s: {condition}")
        time.sleep(0.02)
