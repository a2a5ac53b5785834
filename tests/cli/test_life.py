#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A server's life beside its requests: files, environment, health checks, a disk that fails. Prints TAP."""
import http.client
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile

SERVER = os.path.abspath(sys.argv[1])
PROJECTS = "/api/2.0/postgres/projects"


class Server:
    """A server on a free port; its ready line is `ready`."""

    def __init__(self, *args, **env):
        self.log = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen([SERVER, *args], stdout=subprocess.PIPE, stderr=self.log, text=True,
                                        env={**os.environ, **env})
        line = self.process.stdout.readline()
        self.ready = json.loads(line) if line else None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def end(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(120)

    def said(self):
        self.log.seek(0)
        return self.log.read()

    def ask(self, method, path, body=None):
        """Status, reason phrase, document."""
        host = self.ready["url"].split("//")[1]
        c = http.client.HTTPConnection(host, timeout=60)
        c.request(method, path, body, {"Authorization": "Bearer any"})
        answer = c.getresponse()
        text = answer.read()
        c.close()
        try:
            return answer.status, answer.reason, json.loads(text)
        except ValueError:
            return answer.status, answer.reason, text.decode()


LOCAL = ["--listen", "127.0.0.1:0"]


def wait(*args, **env):
    return subprocess.run([SERVER, "wait", "--timeout", "60s", *args], env={**os.environ, **env},
                          capture_output=True, text=True, timeout=300)


def port_file_goes_away(folder):
    path = folder + "/port"
    with Server("--port-file", path, *LOCAL) as s:
        assert os.path.exists(path), s.said()
    assert not os.path.exists(path)


def an_ipv6_address_gets_its_brackets(_):
    with Server("--listen", "::1:0") as s:
        if s.ready is None and "cannot listen" in s.said():
            return  # no IPv6 here
        assert s.ready["url"].startswith("http://[::1]:"), s.ready


def the_ready_line_is_json_whatever_the_path(folder):
    path = folder + '/a "b" \\c.pem'
    with Server("--tls-self-signed", path, *LOCAL) as s:
        assert s.ready and s.ready["certificate"] == path, s.ready


def marks_of_encoding_are_skipped(folder):
    with open(folder + "/f.json", "wb") as f:
        f.write(b"\xef\xbb\xbf{\"faults\":[]}")
    with open(folder + "/c.json", "wb") as f:
        f.write(b"\xef\xbb\xbf{\"seed\":7}")
    with Server("--fixture", folder + "/f.json", "--config", folder + "/c.json", *LOCAL) as s:
        assert s.ready and s.ready["seed"] == 7, s.said()


def control_characters_of_values_are_shown(_):
    run = subprocess.run([SERVER, *LOCAL], env={**os.environ, "LAKEBASE_MOCK_SEED": "42\r"},
                         capture_output=True, timeout=300)
    assert run.returncode == 2 and b"42\\r'" in run.stderr and b"\r" not in run.stderr, run.stderr
    run = subprocess.run([SERVER, *LOCAL], env={**os.environ, "LAKEBASE_MOCK_SEED": "\x1b[31m4"},
                         capture_output=True, timeout=300)
    assert b"\x1b" not in run.stderr, run.stderr


def wait_follows_environment_and_config(folder):
    path = folder + "/port"
    env = {"LAKEBASE_MOCK_LISTEN": "127.0.0.1:0", "LAKEBASE_MOCK_PORT_FILE": path}
    with Server(**env):
        run = wait(**env)
        assert run.returncode == 0, run.stderr
    with open(folder + "/c.json", "w", encoding="utf-8") as f:
        json.dump({"listen": "127.0.0.1:0", "port-file": path, "tls-self-signed": folder + "/cert.pem"}, f)
    with Server("--config", folder + "/c.json"):
        run = wait("--config", folder + "/c.json")
        assert run.returncode == 0, run.stderr
        with open(path, encoding="utf-8") as f:
            port = f.read().strip()
        run = wait(LAKEBASE_MOCK_LISTEN=f":{port}", LAKEBASE_MOCK_TLS_SELF_SIGNED=folder + "/other.pem")
        assert run.returncode == 0, run.stderr


def health_answers_head(_):
    with Server(*LOCAL) as s:
        for path in ("/_mock/health", "/_mock/ready", "/_mock/state", "/_mock/faults"):
            assert s.ask("HEAD", path) == (200, "OK", ""), path
        assert s.ask("GET", "/")[:2] == (302, "Found")
        assert s.ask("HEAD", "/_mock/reset")[0] == 404


def what_a_restart_loses_is_told(folder):
    args = ["--db", folder + "/x.db", *LOCAL]
    with Server(*args) as s:
        s.ask("POST", PROJECTS + "?project_id=p", "{}")
        assert "gone" not in s.said()
    with Server(*args) as s:
        assert s.ask("GET", PROJECTS + "/p")[0] == 200
        s.end()
        assert "fault rules and journals" in s.said(), s.said()


def a_folder_that_is_gone_degrades(folder):
    os.mkdir(folder + "/d")
    with Server("--db", folder + "/d/x.db", *LOCAL) as s:
        assert s.ask("POST", PROJECTS + "?project_id=p", "{}")[0] == 200
        assert s.ask("GET", "/_mock/health")[2]["status"] == "ok"
        shutil.rmtree(folder + "/d")
        health = s.ask("GET", "/_mock/health")[2]
        assert health["status"] == "degraded" and "gone" in health["reason"], health
        assert s.ask("GET", PROJECTS + "/p")[0] == 200


def a_disk_that_is_full_degrades_and_recovers(folder):
    db = folder + "/x.db"
    with Server("--db", db, "--clock", "real", *LOCAL) as s:
        assert s.ask("POST", PROJECTS + "?project_id=p", "{}")[0] == 200
        assert s.ask("POST", PROJECTS + "/p/branches?branch_id=b", '{"spec":{"no_expiry":true}}')[0] == 200
        full = os.path.getsize(db + "-wal")
        resource.prlimit(s.process.pid, resource.RLIMIT_FSIZE, (full, resource.RLIM_INFINITY))
        # what is due cannot be written down, and is answered all the same
        status, _, branch = s.ask("GET", PROJECTS + "/p/branches/b")
        assert status == 200, branch
        status, _, operations = s.ask("GET", PROJECTS + "/p")
        assert status == 200, operations
        status, _, refusal = s.ask("POST", PROJECTS + "?project_id=q", "{}")
        assert status == 503 and "not an error" not in refusal["message"], refusal
        health = s.ask("GET", "/_mock/health")
        assert health[0] == 200 and health[2]["status"] == "degraded", health
        assert "nothing was changed" in health[2]["reason"], health
        resource.prlimit(s.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert s.ask("POST", PROJECTS + "?project_id=q", "{}")[0] == 200
        health = s.ask("GET", "/_mock/health")[2]
        assert health["status"] == "ok" and "reason" not in health, health


def what_is_not_ascii_is_quoted_in_the_log(_):
    with Server("--log-bodies", *LOCAL) as s:
        assert s.ask("POST", PROJECTS + "?project_id=p", "h\u00e9".encode())[0] == 400
        s.end()
        assert ' body="h\u00e9" ' in s.said(), s.said()


def it_ends_with_its_standard_input(_):
    for words in (b"", b"what is said there is not read\n"):
        s = subprocess.Popen([SERVER, "--end-with-stdin", *LOCAL], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        with s:
            assert s.stdout.readline()
            s.stdin.write(words)
            s.stdin.flush()
            assert s.poll() is None
            s.stdin.close()
            assert s.wait(120) == 0
    run = subprocess.run([SERVER, "--end-with-stdin", *LOCAL], stdin=subprocess.DEVNULL, capture_output=True, timeout=300)
    assert run.returncode == 2 and b"is no pipe" in run.stderr, run.stderr


TESTS = [port_file_goes_away, an_ipv6_address_gets_its_brackets, the_ready_line_is_json_whatever_the_path, marks_of_encoding_are_skipped,
         control_characters_of_values_are_shown, wait_follows_environment_and_config, health_answers_head,
         what_a_restart_loses_is_told, a_folder_that_is_gone_degrades, a_disk_that_is_full_degrades_and_recovers,
         what_is_not_ascii_is_quoted_in_the_log, it_ends_with_its_standard_input]
failed = 0
print(f"1..{len(TESTS)}")
for number, test in enumerate(TESTS, 1):
    try:
        with tempfile.TemporaryDirectory() as place:
            test(place)
        print(f"ok {number} - {test.__name__}")
    except Exception as e:  # whatever it was, the rest goes on
        failed += 1
        print(f"not ok {number} - {test.__name__}: {type(e).__name__} {e}")
sys.exit(failed > 0)
