# SPDX-License-Identifier: Apache-2.0
"""What the tests of lakebase-conformance share: SCRIPT CONFORMANCE MOCK FIXTURES, TAP on stdout."""
import concurrent.futures
import contextlib
import http.client
import http.server
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

TOOL, MOCK, FIXTURES = (os.path.abspath(word) for word in sys.argv[1:4])
FIXTURES = pathlib.Path(FIXTURES)
TESTS = []
ENV = {k: v for k, v in os.environ.items() if not k.startswith(("DATABRICKS_", "LAKEBASE_"))}
API = "/api/2.0/postgres/"


def test(f):
    TESTS.append(f)
    return f


def expect(condition, what):
    if not condition:
        raise AssertionError(what)


def until(condition, limit=120):
    """What condition() says once that is true; a busy machine may take its time."""
    end = time.monotonic() + limit
    while not (seen := condition()):
        expect(time.monotonic() < end, f"not within {limit} s: {condition}")
        time.sleep(0.02)
    return seen


def run(*args, env=None, timeout=900):
    return subprocess.run([TOOL, "--mock", MOCK, *map(str, args)], capture_output=True, text=True,
                          timeout=timeout, env={**ENV, **(env or {})}, check=False)


def play_real(url, out, *args, token="mock-default.carl", timeout=900):
    """A run as against a real workspace; the process and what results.json says."""
    others = [word for name in ("alice", "bob", "stranger") for word in ("--token-of", f"{name}=mock-default.{name}")]
    r = run("--target", url, "--plain", "--out", out, *others, "--group", "data-team", "--source-table", "main.raw.orders",
            *args, env={"DATABRICKS_TOKEN": token}, timeout=timeout)
    path = pathlib.Path(out) / "results.json"
    return r, json.loads(path.read_text()) if path.exists() else None


def sweep(out, token="mock-default.carl"):
    return run("sweep", out, "--timeout", "3", env={"DATABRICKS_TOKEN": token})


def told(result):
    """The cases that did not come out as expected, for a message."""
    return [(c["id"], c["state"], (c.get("message") or "")[:400]) for c in result["cases"]
            if c["state"] not in ("pass", "skip")][:5]


class Server:
    """A mock that outlives the tool."""

    def __init__(self, *args, env=None):
        self.process = subprocess.Popen([MOCK, "serve", "--listen", "127.0.0.1:0", "--log", "off", *args],
                                        stdout=subprocess.PIPE, env={**ENV, **(env or {})})
        self.url = json.loads(self.process.stdout.readline())["url"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def ask(self, method, path, body=None, token="mock-default"):
        request = urllib.request.Request(self.url + path, method=method, data=json.dumps(body).encode() if body else None,
                                         headers={"Authorization": "Bearer " + token, "Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as reply:
            return json.load(reply)

    def get(self, path, token="mock-default"):
        return self.ask("GET", path, token=token)

    def projects(self, token="mock-default"):
        found, page = [], {"next_page_token": ""}
        while "next_page_token" in page:
            page = self.get(f"{API}projects?show_deleted=true&page_size=100&page_token={page['next_page_token']}", token)
            found += [p["name"] for p in page.get("projects", [])]
        return found

    def crowd(self, count, token="mock-default.eve", stem="team"):
        """Other people's projects, with their tags."""
        connection = http.client.HTTPConnection(self.url.split("/")[2])
        body = json.dumps({"spec": {"display_name": "Eve's secret", "custom_tags": [{"key": "cost", "value": "eves-tag"}]}})
        for n in range(count):
            connection.request("POST", f"{API}projects?project_id={stem}-{n}", body,
                               {"Authorization": "Bearer " + token, "Content-Type": "application/json"})
            reply = connection.getresponse()
            expect(reply.status == 200, reply.read())
            reply.read()
        connection.close()

    def fault(self, match, action, **more):
        """A rule of the fault lab in the workspace `default`; its id."""
        return self.ask("POST", "/_mock/faults", {"match": match, "action": action, **more})["id"]


class Relay:
    """A connection to somewhere else that takes its time."""

    def __init__(self, url, delay):
        self.to = (url.split("/")[2].split(":")[0], int(url.rsplit(":", 1)[1]))
        self.delay = delay
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = "http://127.0.0.1:%d" % self.listener.getsockname()[1]

    def __enter__(self):
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.listener.close()

    def accept(self):
        while True:
            try:
                near = self.listener.accept()[0]
            except OSError:
                return
            far = socket.create_connection(self.to)
            for ends, delay in (((near, far), self.delay), ((far, near), 0)):
                threading.Thread(target=self.pump, args=(*ends, delay), daemon=True).start()

    @staticmethod
    def pump(source, sink, delay):
        try:
            while data := source.recv(1 << 16):
                time.sleep(delay)  # allowed: it is what is asked for
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            for end in (source, sink):
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)  # a close alone would wait for the other thread


class Proxy:
    """An HTTP proxy, also for other names than its own; `answer(method, path)` may answer instead: (status, body)."""

    def __init__(self, url, answer=lambda method, path: None):
        to = url.split("/")[2]

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                path = "/" + self.path.split("/", 3)[3] if self.path.startswith("http://") else self.path
                own = answer(self.command, path)
                if own:
                    status, text, headers = own[0], json.dumps(own[1]).encode(), [("Content-Type", "application/json")]
                else:
                    far = http.client.HTTPConnection(to, timeout=60)
                    far.request(self.command, path, body, {k: v for k, v in self.headers.items()
                                                           if k.lower() not in ("proxy-connection", "connection")})
                    reply = far.getresponse()
                    status, text = reply.status, reply.read()
                    headers = [(k, v) for k, v in reply.getheaders()
                               if k.lower() not in ("content-length", "connection", "transfer-encoding")]
                    far.close()
                self.send_response(status)
                for name, value in headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(text)

            do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = do_HEAD = handle_any

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = "http://127.0.0.1:%d" % self.server.server_address[1]

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def attempt(f):
    """Runs one test; what went wrong, or None."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            f(folder)
            return None
        except Exception as e:  # pylint: disable=broad-except
            return str(e)[:4000] or type(e).__name__


def main(together=1):
    """Plays the chosen tests, so many at a time: more than one where they wait more than they work."""
    chosen = [f for f in TESTS if not sys.argv[4:] or f.__name__ in sys.argv[4:]]
    print(f"1..{len(chosen)}", flush=True)
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(together) as pool:
        for number, (f, wrong) in enumerate(zip(chosen, pool.map(attempt, chosen)), 1):
            failed += wrong is not None
            print(f"{'not ok' if wrong else 'ok'} {number} - {f.__name__.replace('_', ' ')}", flush=True)
            for line in (wrong or "").splitlines():
                print("#  ", line, flush=True)
    sys.exit(failed > 0)
