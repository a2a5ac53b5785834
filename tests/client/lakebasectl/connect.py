#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What `lakebasectl connect` hands to psql, and what `postgres suspend` asks for: connect.py LAKEBASECTL
A server and a psql are played; neither PostgreSQL nor a mock is needed."""
import http.server
import json
import os
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

ctl = sys.argv[1]
PEM = "-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----\n"
BRANCH = "projects/shop/branches/production"
ENDPOINT = BRANCH + "/endpoints/primary"
state = {"host": "127.77.1.9", "token": "eyJ.a'b.c", "user": "me@example.com", "mock": True}
seen = []


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        path = self.path.partition("?")[0].removeprefix("/api/2.0/postgres/")
        seen.append((self.command, path, body))
        endpoint = {"name": ENDPOINT, "status": {"endpoint_type": "ENDPOINT_TYPE_READ_WRITE",
                    "hosts": {"host": state["host"], "read_write_pooled_host": "127.77.1.10"}}}
        answers = {
            "projects/shop": {"name": "projects/shop", "status": {"default_branch": BRANCH}},
            BRANCH + "/endpoints": {"endpoints": [dict(endpoint, name=BRANCH + "/endpoints/other", status={}), endpoint]},
            ENDPOINT: endpoint, "credentials": {"token": state["token"]},
            "/api/2.0/preview/scim/v2/Me": {"userName": state["user"]},
        }
        if state["mock"]:
            answers |= {"/_mock/postgres": {"port": 5433, "clusters": [
                            {"branch": BRANCH, "version": "17.6", "state": "awake", "pid": 7, "bytes": 1, "connections": 2}]},
                        "/_mock/ca.pem": PEM, "/_mock/postgres/suspend": {"done": "suspend"},
                        "/_mock/postgres/wake": {"done": "wake"}}
        data = answers.get(path, {"error_code": "NOT_FOUND", "message": "none"})
        data = data if isinstance(data, str) else json.dumps(data)
        self.send_response(200 if path in answers else 404)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data.encode())

    do_GET = do_POST = answer

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
home = tempfile.mkdtemp()
with open(os.path.join(home, "psql"), "w") as f:
    f.write('#!/bin/sh\nprintf "%s\\n" "$@"\necho "$PGPASSWORD|$PGSSLMODE"\n'
            '[ -z "$PGSSLROOTCERT" ] || cat "$PGSSLROOTCERT"\nexit 5\n')
os.chmod(os.path.join(home, "psql"), 0o755)
env = dict(os.environ, HOME=home, DATABRICKS_TOKEN="t", DATABRICKS_HOST=f"http://127.0.0.1:{server.server_port}",
           PATH=home + ":/usr/bin:/bin")
for name in ("PGSSLROOTCERT", "PGPASSWORD", "PGSSLMODE"):
    env.pop(name, None)
bad = 0


def want(code, lines, *argv):
    global bad
    done = subprocess.run([ctl, *argv], env=env, capture_output=True, text=True, timeout=300)
    out = done.stdout + done.stderr
    if done.returncode != code or any(line not in out for line in lines):
        print(f"lakebasectl {' '.join(argv)}: exit {done.returncode} instead of {code}, or not all of {lines} in:\n{out}")
        bad = 1
    return out


ARGUMENTS = "-h\n127.77.1.9\n-p\n5433\n-U\nme@example.com\n-d\ndatabricks_postgres\n"
want(5, [ARGUMENTS, "eyJ.a'b.c|verify-full\n" + PEM], "connect", "shop")
want(5, [ARGUMENTS + "-c\nselect 1\n"], "connect", "shop/production", "--", "-c", "select 1")
want(5, ["127.77.1.10\n", "-U\nrole\n", "-d\norders\n"], "connect", ENDPOINT, "--pooled", "--user", "role", "-d", "orders")
want(0, ["PGPASSWORD='eyJ.a'\\''b.c' PGSSLMODE=require psql -h 127.77.1.9 -p 5433 -U 'me@example.com' -d 'databricks_postgres'"],
     "connect", "shop", "--print")
want(0, ["postgresql://me%40example.com:eyJ.a%27b.c@127.77.1.9:5433/databricks_postgres?sslmode=require"],
     "connect", "shop", "--dsn")
want(0, ["BRANCH", "17.6", "awake"], "postgres", "status", "-o", "table")
want(0, ['"done": "suspend"'], "postgres", "suspend", "shop")
want(0, ['"done": "wake"'], "postgres", "wake", "shop/production")
asked = [json.loads(body) for method, path, body in seen if path.startswith("/_mock/postgres/")]
if asked != [{"endpoint": ENDPOINT}] * 2:
    print("asked to suspend and wake:", asked)
    bad = 1

# elsewhere: the port of Postgres, and a certificate that psql need not know
state["mock"] = False
out = want(5, ["-p\n5432\n", "|require\n"], "connect", "shop")
if "BEGIN CERTIFICATE" in out:
    print("a CA is made up:", out)
    bad = 1

# nothing of the service becomes an option or a command
for key, value in (("host", "$(id)"), ("host", "-x;id"), ("host", "a b"), ("user", "-c id"), ("user", "a\x1bb"),
                   ("token", "a\nb"), ("host", "")):
    was, state[key] = state[key], value
    want(1, ["lakebasectl: "], "connect", "shop", "--print")
    state[key] = was
# a server that speaks TLS and says nothing else: it is told from one that is silent, at once
key = os.path.join(home, "key.pem")
subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key,
                "-out", key + ".crt", "-subj", "/CN=x"], check=True, capture_output=True)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(key + ".crt", key)
listener = socket.create_server(("127.0.0.1", 0))


def silent():
    while True:
        try:
            context.wrap_socket(listener.accept()[0], server_side=True).close()
        except OSError:
            pass


threading.Thread(target=silent, daemon=True).start()
began = time.monotonic()
want(3, ["speaks TLS: the host begins with https://, not http://"], "project", "list", "--host",
     f"http://127.0.0.1:{listener.getsockname()[1]}")
if time.monotonic() - began > 10:
    print("it took", time.monotonic() - began)
    bad = 1
sys.exit(bad)
