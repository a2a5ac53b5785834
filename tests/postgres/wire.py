# SPDX-License-Identifier: Apache-2.0
"""The client's side of the PostgreSQL protocol, by hand: what drivers would never send, too."""
import base64
import hashlib
import hmac
import os
import socket
import ssl
import struct

SSL_REQUEST, GSS_REQUEST, CANCEL = 80877103, 80877104, 80877102


class Refused(Exception):
    """An ErrorResponse, or (with code None) an end without one."""

    def __init__(self, fields):
        super().__init__(fields.get("M", "the connection was closed"))
        self.fields = fields
        self.severity, self.code, self.detail = (fields.get(k) for k in "SCD")


def raw(host, port, timeout=60):
    s = socket.create_connection((host, port), timeout)
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return s


def startup(user, database, version=3 << 16, **params):
    words = {"user": user, **({"database": database} if database else {}), **params}
    body = b"".join(f"{k}\0{v}\0".encode() for k, v in words.items()) + b"\0"
    return struct.pack("!II", len(body) + 8, version) + body


class Connection:
    """TLS up to the startup packet; login() does the rest."""

    def __init__(self, host, port, ca=None, sni=None, direct=False, alpn=None, tls=None, timeout=60):
        self.sock = raw(host, port, timeout)
        self.buffer = b""
        context = ssl.create_default_context(cafile=ca) if ca else ssl._create_unverified_context()
        context.maximum_version = tls or ssl.TLSVersion.MAXIMUM_SUPPORTED
        if alpn:
            context.set_alpn_protocols(alpn)
        if not direct:
            self.sock.sendall(struct.pack("!II", 8, SSL_REQUEST))
            letter = self.sock.recv(1)
            if letter != b"S":
                raise Refused({"M": f"{letter!r} in the place of S"})
        self.sock = context.wrap_socket(self.sock, server_hostname=sni or (host if ca else None))

    def send(self, data):
        self.sock.sendall(data)

    def say(self, letter, body=b""):
        self.send(letter.encode() + struct.pack("!I", len(body) + 4) + body)

    def message(self):
        while len(self.buffer) < 5 or len(self.buffer) < 1 + struct.unpack("!I", self.buffer[1:5])[0]:
            piece = self.sock.recv(65536)
            if not piece:
                raise Refused({})
            self.buffer += piece
        end = 1 + struct.unpack("!I", self.buffer[1:5])[0]
        letter, body, self.buffer = chr(self.buffer[0]), self.buffer[5:end], self.buffer[end:]
        if letter == "E":
            raise Refused({chr(f[0]): f[1:].decode() for f in body.split(b"\0") if f})
        return letter, body

    def until(self, letter):
        """Messages up to one of that letter."""
        all_ = []
        while not all_ or all_[-1][0] != letter:
            all_.append(self.message())
        return all_

    def login(self, user, password="", database="databricks_postgres", plus=None, **params):
        self.send(startup(user, database, **params))
        self.negotiated = self.key = None
        while True:
            letter, body = self.message()
            if letter == "R":
                self.answer(struct.unpack("!I", body[:4])[0], body[4:], user, password, plus)
            elif letter == "v":
                self.negotiated = body
            elif letter == "K":
                self.key = body
            elif letter == "Z":
                return self

    def answer(self, code, body, user, password, plus):
        if code == 3:
            self.asked = "cleartext"
            self.say("p", password.encode() + b"\0")
        elif code == 10:
            self.asked = body.rstrip(b"\0").decode().split("\0")
            self.scram_first(plus)
        elif code == 11:
            self.scram_final(body.decode(), password)
        elif code == 12:
            assert body.decode() == "v=" + self.signature, "the server does not know the password"

    def scram_first(self, plus):
        der = self.sock.getpeercert(binary_form=True)
        self.binding = hashlib.sha256(der).digest() if plus else b""
        self.gs2 = "p=tls-server-end-point,," if plus else "n,,"
        self.bare = "n=,r=" + base64.b64encode(os.urandom(18)).decode()
        first = (self.gs2 + self.bare).encode()
        name = b"SCRAM-SHA-256-PLUS\0" if plus else b"SCRAM-SHA-256\0"
        self.say("p", name + struct.pack("!I", len(first)) + first)

    def scram_final(self, challenge, password):
        parts = dict(p.split("=", 1) for p in challenge.split(","))
        salted = hashlib.pbkdf2_hmac("sha256", password.encode(), base64.b64decode(parts["s"]), int(parts["i"]))
        sign = lambda key, text: hmac.new(key, text.encode(), hashlib.sha256).digest()
        client = sign(salted, "Client Key")
        plain = f"c={base64.b64encode(self.gs2.encode() + self.binding).decode()},r={parts['r']}"
        auth = f"{self.bare},{challenge},{plain}"
        proof = bytes(a ^ b for a, b in zip(client, sign(hashlib.sha256(client).digest(), auth)))
        self.signature = base64.b64encode(sign(sign(salted, "Server Key"), auth)).decode()
        self.say("p", f"{plain},p={base64.b64encode(proof).decode()}".encode())

    def query(self, text):
        """Rows as lists of texts."""
        self.say("Q", text.encode() + b"\0")
        return [self.row(body) for letter, body in self.until("Z") if letter == "D"]

    @staticmethod
    def row(body):
        values, at = [], 2
        for _ in range(struct.unpack("!H", body[:2])[0]):
            n = struct.unpack("!i", body[at:at + 4])[0]
            at += 4
            values.append(None if n < 0 else body[at:at + n].decode())
            at += max(n, 0)
        return values

    def close(self):
        self.sock.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def cancel(host, port, key):
    s = raw(host, port)
    s.sendall(struct.pack("!II", 8 + len(key), CANCEL) + key)
    s.recv(1)
    s.close()
