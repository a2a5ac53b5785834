#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the front makes of odd bytes, of what is copied through it, and of rules."""
import os
import select
import socket
import ssl
import struct
import subprocess
import time
import urllib.request

import rig
import wire
from front import ADMIN, Login


def rest(sock):
    """All that comes until the end."""
    all_ = b""
    try:
        while piece := sock.recv(65536):
            all_ += piece
    except ConnectionResetError:
        pass
    return all_


class Bytes(Login):
    """Nothing here logs in; a login afterwards shows that no harm was done."""

    flags = ("--set", "postgres_handshake_timeout=4s")

    def tearDown(self):
        self.assertEqual(self.enter().query("SELECT 1"), [["1"]])

    def raw(self):
        s = wire.raw(self.host(), self.port)
        self.addCleanup(s.close)
        return s

    def test_without_tls(self):
        s = self.raw()
        s.sendall(wire.startup(ADMIN, "x"))
        said = rest(s)
        self.assertIn(b"SFATAL\0", said)
        self.assertIn(b"C08P01\0", said)
        self.assertIn(b"MInvalid protocol version. Protocol version: 196608\0", said)
        self.assertIn(b"DEnsure that connection is using SSL. Try using `sslmode=require` in the connection"
                      b" string.\0", said)

    def test_gss_then_tls(self):
        s = self.raw()
        s.sendall(struct.pack("!II", 8, wire.GSS_REQUEST))
        self.assertEqual(s.recv(1), b"N")
        s.sendall(struct.pack("!II", 8, wire.SSL_REQUEST))
        self.assertEqual(s.recv(1), b"S")
        s = ssl._create_unverified_context().wrap_socket(s)
        self.assertTrue(s.version())

    def test_bytes_behind_the_request_are_not_part_of_the_session(self):
        s = self.raw()
        s.sendall(struct.pack("!II", 8, wire.SSL_REQUEST) + wire.startup(ADMIN, "databricks_postgres"))
        self.assertEqual(s.recv(1), b"S")
        self.assertNotIn(b"R\0\0\0", rest(s))

    def test_garbage(self):
        for junk in (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"\0" * 64, b"\xff" * 64, b"\x16" + os.urandom(200),
                     struct.pack("!II", 9, wire.SSL_REQUEST), struct.pack("!II", 2 ** 31, 3 << 16),
                     struct.pack("!II", 16, wire.CANCEL) + b"\1" * 8, os.urandom(4000)):
            s = self.raw()
            try:
                s.sendall(junk)
                s.shutdown(socket.SHUT_WR)
            except OSError:
                pass
            rest(s)

    def test_garbage_inside_tls(self):
        for junk in (b"\0\0\0\4\0\0\0\0", struct.pack("!II", 8, wire.SSL_REQUEST), b"\xff" * 100,
                     struct.pack("!II", 20, 3 << 16) + b"user\0x\0\0" * 5, wire.startup("", ""),
                     struct.pack("!II", 9999, 3 << 16) + b"a" * 9991,
                     struct.pack("!II", 12, 2 << 16) + b"\0" * 4):
            with self.assertRaises((wire.Refused, OSError)):
                c = self.open()
                c.send(junk)
                c.until("Z")

    def test_odd_messages_in_a_login(self):
        for letter, body in (("Q", b"SELECT 1\0"), ("p", b""), ("p", b"no end"), ("p", b"\0"), ("p", b"a\0b\0"),
                             ("X", b""), ("p", b"x" * 70000), ("p", b"x" * 65535)):
            c = self.open()
            c.send(wire.startup(ADMIN, "databricks_postgres"))
            c.until("R")
            with self.assertRaises((wire.Refused, OSError)):
                c.say(letter, body)
                c.until("Z")

    def test_slow_ones_are_closed(self):
        half = wire.startup(ADMIN, "databricks_postgres")[:11]
        silent, begun, inside = self.raw(), self.raw(), self.open()
        begun.sendall(b"\0\0\0")
        inside.send(half)
        asked = self.open()
        asked.send(wire.startup(ADMIN, "databricks_postgres"))
        asked.until("R")
        since = time.time()
        self.assertEqual(rest(silent), b"")
        self.assertEqual(rest(begun), b"")
        for c in inside, asked:
            self.turned_away("08006", "Client handshake timeout.", c.message)
        self.assertLess(time.time() - since, 9.5)  # 10 s is the default

    def test_a_thousand_that_say_nothing(self):
        host = self.host()
        crowd = [wire.raw(host, self.port) for _ in range(1000)]
        try:
            self.assertEqual(self.enter(host=host).query("SELECT 1"), [["1"]])
            until = time.time() + 60
            left = crowd
            while left and time.time() < until:
                ready, _, _ = select.select(left[:500], [], [], 1)
                for s in ready:
                    self.assertEqual(s.recv(1), b"")
                left = [s for s in left if s not in ready]
            self.assertEqual(left, [])
        finally:
            for s in crowd:
                s.close()

    def test_direct_tls(self):
        for alpn in None, ["postgresql"], ["h2"]:
            c = self.enter(tls={"direct": True, "alpn": alpn})
            self.assertEqual(c.query("SELECT 1"), [["1"]])
            self.assertEqual(c.sock.selected_alpn_protocol(), "postgresql" if alpn == ["postgresql"] else None)

    def test_tls_1_2(self):
        c = self.enter(tls={"tls": ssl.TLSVersion.TLSv1_2})
        self.assertEqual(c.sock.version(), "TLSv1.2")


class Strict(Login):
    flags = ("--set", "postgres_strict=true", "--set", "postgres_handshake_timeout=4s",
             "--set", "postgres_pooler=refuse", "--set", "postgres_workspace_tokens=false")

    def test_what_the_source_refuses(self):
        self.turned_away("08P01", "Unsupported frontend protocol 3.2. Server supports 3.0 to 3.0",
                         self.enter, version=3 << 16 | 2)
        with self.assertRaises((OSError, wire.Refused)):
            self.enter(tls={"direct": True})
        self.turned_away("28000", "SASL authentication failed", self.enter,
                         host=self.host(key="read_write_pooled_host"))
        self.turned_away("XX000", "Provided authentication token is not a valid JWT encoding",
                         self.enter, password="mock-default")


class Copied(Login):
    def test_large_results_and_back_pressure(self):
        c = self.enter()
        before = self.memory()
        c.say("Q", b"SELECT repeat('x', 1000) FROM generate_series(1, 60000)\0")
        time.sleep(1)  # allowed: nobody reads: what waits in the front is bounded
        self.assertLess(self.memory() - before, 10_000)
        self.assertEqual(sum(letter == "D" for letter, _ in c.until("Z")), 60000)

    def memory(self):
        """KiB of the server itself."""
        with open(f"/proc/{self.server.process.pid}/status") as f:
            return next(int(line.split()[1]) for line in f if line.startswith("VmRSS"))

    def test_copy_both_ways(self):
        c = self.enter()
        c.query("DROP TABLE IF EXISTS copied; CREATE TABLE copied (x text)")
        c.say("Q", b"COPY copied FROM STDIN\0")
        c.until("G")
        for i in range(2000):
            c.say("d", b"y" * 5000 + b"\n")
        c.say("c")
        c.until("Z")
        self.assertEqual(c.query("SELECT count(*), sum(length(x)) FROM copied"), [["2000", "10000000"]])
        c.say("Q", b"COPY copied TO STDOUT\0")
        self.assertEqual(sum(len(body) for letter, body in c.until("Z") if letter == "d"), 2000 * 5001)

    def test_listen(self):
        a, b = self.enter(), self.enter()
        a.query("LISTEN news")
        b.query("NOTIFY news, 'hello'")
        letter, body = a.message()
        self.assertEqual((letter, body[4:]), ("A", b"news\0hello\0"))

    def test_cancel(self):
        c = self.enter()
        self.assertNotEqual(struct.unpack("!I", c.key[:4])[0], int(c.query("SELECT pg_backend_pid()")[0][0]))
        look = self.enter()
        for how in "plain", "tls", "direct":
            c.say("Q", f"SELECT pg_sleep(60) AS {how}\0".encode())
            self.await_([["1"]], look.query, f"SELECT count(*) FROM pg_stat_activity WHERE state = 'active' "
                        f"AND query LIKE '%pg_sleep(60) AS {how}' AND pid <> pg_backend_pid()")
            self.cancel(how, c.key)
            self.turned_away("57014", "canceling statement due to user request", c.until, "Z")
            c.until("Z")
        self.cancel("plain", b"\1" * 8)  # of nobody
        self.assertEqual(c.query("SELECT 1"), [["1"]])

    def cancel(self, how, key):
        if how == "plain":
            return wire.cancel(self.host(), self.port, key)
        with wire.Connection(self.host(), self.port, direct=how == "direct") as c:
            c.send(struct.pack("!II", 8 + len(key), wire.CANCEL) + key)
            self.assertEqual(c.sock.recv(1), b"")  # close_notify: an end without it is an error here

    def test_what_was_sent_before_leaving_counts(self):
        c = self.enter()
        c.query("DROP TABLE IF EXISTS left_behind; CREATE TABLE left_behind (x int)")
        other = self.enter()
        other.say("Q", b"INSERT INTO left_behind VALUES (1)\0")
        other.say("X")
        other.close()
        self.await_([["1"]], c.query, "SELECT count(*) FROM left_behind")

    def test_password_of_a_server_that_dies(self):
        c = self.enter()
        os.kill(self.server.clusters()[self.main]["pid"], 9)
        with self.assertRaises((wire.Refused, OSError)):
            c.query("SELECT pg_sleep(5)")
        self.assertEqual(self.enter().query("SELECT 1"), [["1"]])

    def test_suspend_says_why(self):
        c = self.enter()
        self.server.suspend(self.main)
        self.turned_away("57P01", "terminating connection due to administrator command", c.message)

    def test_ending_connections(self):
        idle, busy = self.enter(), self.enter()
        busy.say("Q", b"SELECT pg_sleep(30)\0")
        self.assertEqual(self.server.call("DELETE", "/_mock/postgres/connections?endpoint=projects/none")["ended"], 0)
        ended = self.server.call("DELETE", f"/_mock/postgres/connections?endpoint={self.endpoint}")["ended"]
        self.assertGreaterEqual(ended, 2)
        for c in idle, busy:
            self.turned_away("57P01", "terminating connection due to administrator command", c.message)
        look = self.enter()
        self.await_([["0"]], look.query,
                    "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)' AND pid <> pg_backend_pid()")

    def test_authority(self):
        with urllib.request.urlopen(self.server.url + "/_mock/ca.pem") as reply:
            self.assertEqual(reply.read().decode(), open(self.ca).read())
        self.assertEqual(os.stat(self.ca).st_mode & 0o777, 0o644)
        self.assertEqual(os.stat(f"{self.server.data}/ca.key").st_mode & 0o777, 0o600)
        self.enter(tls={"ca": self.ca})
        self.enter(tls={"ca": self.ca, "sni": "ep-any-name-12345678.database.mock.invalid"})


class Rules(Login):
    def rule(self, rpc, action, **more):
        self.server.call("POST", "/_mock/faults", {"match": {"rpc": rpc}, "action": action, **more})

    def test_refused_twice(self):
        self.rule("Connect", {"type": "error", "sqlstate": "53300", "message": "too many"}, when={"times": 2})
        since = self.newest()
        for _ in range(2):
            self.turned_away("53300", "too many", self.enter)
        self.enter()
        rows = self.rows(since)
        self.assertEqual([r["error_code"] for r in rows], ["53300", "53300", None])
        self.assertEqual([r["attempt"] for r in rows], [1, 2, 3])
        self.assertEqual([bool(r["fault"]) for r in rows], [True, True, False])

    def test_before_touches_no_database(self):
        self.server.suspend(self.main)
        for action in {"type": "reset"}, {"type": "close"}, {"type": "hang", "for": "200ms"}:
            self.server.call("PUT", "/_mock/faults", {"faults": [{"match": {"rpc": "Connect"}, "action": action}]})
            with self.assertRaises((wire.Refused, OSError)):
                self.enter()
        self.assertEqual(self.server.state(self.main), "asleep")

    def test_after_commit(self):
        since = self.newest()
        self.rule("Connect", {"type": "close"}, phase="after_commit", when={"times": 1})
        with self.assertRaises((wire.Refused, OSError)):
            self.enter()
        row, = self.rows(since)
        self.assertEqual((row["applied"], row["delivered"], row["phase"]), (True, "none", "after_commit"))
        self.enter()

    def test_delay(self):
        self.enter()
        self.rule("Connect", {"type": "delay", "fixed": "700ms"})
        since = time.time()
        self.enter()
        self.assertGreater(time.time() - since, 0.7)

    def test_session_cut_after_bytes(self):
        self.rule("Session", {"type": "reset", "after": 65536})
        since = self.newest()
        c = self.enter()
        c.say("Q", b"SELECT repeat('x', 1000) FROM generate_series(1, 1000)\0")
        got = 0
        with self.assertRaises((OSError, wire.Refused)):  # Python takes a reset inside TLS for an end
            while True:
                got += len(c.message()[1])
        self.assertGreater(got, 60000)
        self.assertLess(got, 65536)
        rows = self.rows(since)
        self.assertEqual([r["rpc"] for r in rows], ["Connect", "Session"])
        self.assertEqual(rows[1]["delivered"], "partial")

    def test_session_cut_in_a_transaction_that_is_open_already(self):
        c, look = self.enter(), self.enter(database="postgres")
        c.query("DROP TABLE IF EXISTS cut; CREATE TABLE cut (x int)")
        c.query("BEGIN")
        c.query("INSERT INTO cut VALUES (1)")
        self.rule("Session", {"type": "error", "sqlstate": "57P01", "message": "going down"},
                  match={"rpc": "Session", "path": "*/primary"})
        for s in c, look:
            self.turned_away("57P01", "going down", s.message)
        self.server.call("DELETE", "/_mock/faults")
        self.assertEqual(self.enter().query("SELECT count(*) FROM cut"), [["0"]])

    def test_session_cut_after_a_while(self):
        self.rule("Session", {"type": "close", "after": "500ms"})
        since = time.time()
        c = self.enter()
        with self.assertRaises((wire.Refused, OSError)):
            c.query("SELECT pg_sleep(20)")
        self.assertGreater(time.time() - since, 0.5)

    def test_scenarios(self):
        for name, code in ("slots-exhausted", "53300"), ("expired-token", "28000"), ("fresh-endpoint", "28000"):
            self.server.call("POST", f"/_mock/scenarios/{name}")
            with self.assertRaises(wire.Refused) as caught:
                self.enter(password="mock-default")
            self.assertEqual(caught.exception.code, code)
            self.server.call("DELETE", "/_mock/faults")
        c = self.enter()
        self.server.call("POST", "/_mock/scenarios/failover")
        with self.assertRaises(wire.Refused) as caught:
            c.query("SELECT pg_sleep(20)")
        self.assertEqual(caught.exception.code, "57P01")


class Names(Login):
    """One name for all."""

    def open_server(self, *flags):
        server = rig.Server("--postgres-hosts", "name:db.test", *flags, token="mock-default")
        self.addCleanup(server.close)
        return server

    def test_name_mode(self):
        server = self.open_server()
        port = server.ready["postgres"]["port"]
        main = server.project()
        endpoint = f"{main}/endpoints/primary"
        doc = server.api("GET", endpoint)
        self.assertEqual(set(doc["status"]["hosts"].values()), {"db.test"})
        token = server.api("POST", "credentials", {"endpoint": endpoint})["token"]

        def enter(user=ADMIN, password=token, sni=None, **params):
            with wire.Connection("127.0.0.1", port, sni=sni, ca=server.ready["postgres"]["ca"] if sni else None) as c:
                return c.login(user, password, "databricks_postgres", **params).query("SELECT current_user")[0][0]

        self.assertEqual(enter(sni=f"{doc['uid']}.database.example"), ADMIN)
        self.assertEqual(enter(options=f"endpoint={doc['uid']}"), ADMIN)
        self.assertEqual(enter(), ADMIN)  # the claim tells
        self.assertEqual(enter(sni="db.test"), ADMIN)
        e = self.turned_away("08006", "The endpoint is not known: the connection has neither SNI nor"
                             " options=endpoint%3D<uid>.", enter, "app", "x")
        self.assertIn("options=endpoint%3D<uid>", e.detail)
        self.turned_away("XX000", "The requested endpoint could not be found, or you don't have access to it."
                         " Please check the provided ID and try again.", enter, sni="ep-no-such-one.x.y")

    def test_forks_have_hosts_of_their_own(self):
        self.server.call("POST", "/_mock/workspaces", {"name": "fork", "fork_of": "default"})
        there = self.host(token="mock-fork")
        self.assertNotEqual(there, self.host())
        token = self.token(token="mock-fork")
        self.turned_away("28000", "OAuth: User is not authorized", self.enter, password=token)
        self.enter(host=there, password=token).query("CREATE TABLE only_here (x int)")
        self.assertEqual(self.enter().query("SELECT to_regclass('only_here')"), [[None]])

    def test_addresses_outlive_the_server(self):
        db = f"{self.server.folder}/state.db"
        one = rig.Server("--db", db, data=f"{self.server.folder}/kept", token="mock-default")
        self.addCleanup(one.close)
        main = one.project()
        before = one.api("GET", f"{main}/endpoints/primary")["status"]["hosts"]
        ca = open(one.ready["postgres"]["ca"]).read()
        one.stop()
        one.start()
        self.assertEqual(one.api("GET", f"{main}/endpoints/primary")["status"]["hosts"], before)
        self.assertEqual(open(one.ready["postgres"]["ca"]).read(), ca)

    def test_port_taken(self):
        with socket.socket() as s:
            s.bind(("0.0.0.0", 0))
            s.listen()
            port = s.getsockname()[1]
            done = subprocess.run([rig.SERVER, "--listen", "127.0.0.1:0", "--postgres", "auto",
                                   "--postgres-port", str(port)], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 3)
        self.assertIn(f"process {os.getpid()}, python", done.stderr)
        self.assertIn("--postgres-port", done.stderr)

    def test_port_0(self):
        done = subprocess.run([rig.SERVER, "--listen", "127.0.0.1:0", "--postgres", "auto", "--postgres-port", "0"],
                              capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 2)
        self.assertIn("--postgres-hosts name:NAME", done.stderr)


if __name__ == "__main__":
    rig.main()
