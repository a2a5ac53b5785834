# SPDX-License-Identifier: Apache-2.0
"""A server with databases for a test, its API, and SQL in its clusters past the front."""
import atexit
import copy
import glob
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from ports import free_port

SERVER = os.environ.get("LAKEBASE_MOCK", "build/server/lakebase-mock")
POSTGRES = os.environ.get("TEST_POSTGRES", "auto")  # or folders, joined by colons


def missing():
    """Why there can be no tests here, or None."""
    probe = subprocess.run([SERVER, "--postgres", "/nonexistent", "--listen", "127.0.0.1:0"],
                           capture_output=True, text=True)
    if "built without databases" in probe.stderr:
        return "built without libpq"
    if not shutil.which("psql"):
        return "no psql"
    if POSTGRES == "auto" and not any(os.path.exists(f"{p}/initdb") for p in
                                      [*glob.glob("/usr/lib/postgresql/*/bin"),
                                       *os.environ["PATH"].split(":")]):
        return "no PostgreSQL"
    return None


class Failed(Exception):
    def __init__(self, status, body):
        super().__init__(f"{status}: {body}")
        self.status, self.body = status, body


def _scratch():
    """In memory where there is room: thousands of files are made and deleted here."""
    shm = shutil.disk_usage("/dev/shm") if os.access("/dev/shm", os.W_OK) else None
    return "/dev/shm" if shm and shm.free > 4 << 30 else None


def _template_cache():
    """One for all the servers of a test: the first makes it, the others start with a copy."""
    folder = tempfile.mkdtemp(prefix="pg-templates-", dir=_scratch())
    os.chmod(folder, 0o755)
    atexit.register(shutil.rmtree, folder, True)
    return folder


TEMPLATES = _template_cache()


class Server:
    def __init__(self, *flags, data=None, token="x", **env):
        self.folder = tempfile.mkdtemp(prefix="pg-test-", dir=_scratch())
        os.chmod(self.folder, 0o755)
        self.data = data or f"{self.folder}/data"
        self.token, self.workspace, self.flags, self.env = token, "default", flags, env
        self.port = free_port()
        if os.path.exists(f"{TEMPLATES}/templates") and not os.path.exists(self.data):
            os.mkdir(self.data)
            subprocess.run(["cp", "-a", f"{TEMPLATES}/templates", self.data], check=True)
        self.start()

    def start(self):
        ports = f"{self.folder}/port"
        if os.path.exists(ports):
            os.unlink(ports)
        chosen = [x for p in POSTGRES.split(":") for x in ("--postgres", p)]
        self.log = open(f"{self.folder}/log", "a")
        self.process = subprocess.Popen(
            [SERVER, "--listen", "127.0.0.1:0", "--port-file", ports, "--postgres-data", self.data,
             "--postgres-port", str(self.port),
             "--check-replies", "--log", "off", *chosen, *self.flags],
            stdout=subprocess.PIPE, stderr=self.log, text=True, env={**os.environ, **self.env})
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(open(f"{self.folder}/log").read())
        self.ready = json.loads(line)
        self.url = self.ready["url"]

    def view(self, workspace):
        """The same server, seen from another workspace."""
        other = copy.copy(self)
        other.workspace, other.token = workspace, f"mock-{workspace}.admin"
        return other

    def stop(self, sig=signal.SIGTERM):
        alive = self.process.poll() is None
        if alive:
            self.process.send_signal(sig)
        self.process.wait(120)
        self.process.stdout.close()
        self.log.close()
        if alive and sig == signal.SIGTERM and self.process.returncode:
            raise RuntimeError(f"the server ended with {self.process.returncode}: {self.said()[-4000:]}")

    def close(self):
        self.stop()
        if not os.path.exists(f"{TEMPLATES}/templates") and glob.glob(f"{self.data}/templates/*"):
            subprocess.run(["cp", "-a", f"{self.data}/templates", TEMPLATES], check=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def said(self):
        return open(f"{self.folder}/log").read()

    def call(self, method, path, body=None, token=None):
        request = urllib.request.Request(
            self.url + path, method=method, data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {token or self.token}", "Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=60) as reply:
                return json.loads(reply.read() or "null")
        except urllib.error.HTTPError as error:
            raise Failed(error.code, json.loads(error.read() or "null")) from None

    def api(self, method, path, body=None, token=None):
        return self.call(method, "/api/2.0/postgres/" + path, body, token)

    def lro(self, method, path, body=None, limit=120, token=None):
        """The operation's response, once it is done."""
        operation = self.api(method, path, body, token)
        end = time.time() + limit
        while not operation.get("done"):
            if time.time() > end:
                raise TimeoutError(operation)
            operation = self.api("GET", operation["name"], token=token)
            if not operation.get("done"):
                time.sleep(0.02)
        if "error" in operation:
            raise Failed(200, operation["error"])
        return operation.get("response")

    def project(self, name="p", **spec):
        self.lro("POST", f"projects?project_id={name}", {"spec": spec} if spec else {})
        return f"projects/{name}/branches/production"

    def branch(self, name, parent=None, project="p", **spec):
        spec = {"no_expiry": True, **({"source_branch": parent} if parent else {}), **spec}
        self.lro("POST", f"projects/{project}/branches?branch_id={name}", {"spec": spec})
        return f"projects/{project}/branches/{name}"

    def wake(self, branch, endpoint="primary", workspace=None):
        return self.call("POST", f"/_mock/postgres/wake?workspace={workspace or self.workspace}",
                         {"endpoint": f"{branch}/endpoints/{endpoint}"})

    def suspend(self, branch, endpoint="primary", workspace=None):
        return self.call("POST", f"/_mock/postgres/suspend?workspace={workspace or self.workspace}",
                         {"endpoint": f"{branch}/endpoints/{endpoint}"})

    def clusters(self, workspace=None):
        doc = self.call("GET", f"/_mock/postgres?workspace={workspace or self.workspace}")
        return {c["branch"]: c for c in doc["clusters"]}

    def state(self, branch, workspace=None):
        return self.clusters(workspace).get(branch, {"state": "absent"})["state"]

    def psql(self, branch, text, user="admin@example.com", database="databricks_postgres",
             workspace=None, endpoint="primary", start=False):
        """Rows of the last statement, as lists of texts; past the front."""
        self.wake(branch, endpoint, workspace)
        cluster = self.clusters(workspace)[branch]
        socket = cluster["socket"]
        for e in cluster.get("endpoints", []):
            if e["name"].endswith(f"/{endpoint}") and e.get("socket"):
                socket = e["socket"]
        folder, port = os.path.dirname(socket), socket.rsplit(".", 1)[1]
        command = ["psql", "-XqAt", "-F", "|", "-v", "ON_ERROR_STOP=1", "-h", folder, "-p", port, "-U", user,
                   "-d", database, "-c", text]
        if start:
            return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise Failed(done.returncode, done.stderr)
        return [line.split("|") for line in done.stdout.splitlines()]


class Case(unittest.TestCase):
    """One server for the class, a workspace for each test."""
    flags = ()

    @classmethod
    def setUpClass(cls):
        cls.whole = Server(*cls.flags)
        cls.addClassCleanup(cls.whole.close)

    def setUp(self):
        self.server = self.whole.view(self._testMethodName)

    def own(self, *flags, **env):
        """A server of its own, with a database."""
        server = Server(*flags, **env)
        self.addCleanup(server.close)
        return server

    def await_(self, wanted, look, *args, limit=60):
        """What look() says becomes what is wanted; a busy machine may take its time."""
        end = time.time() + limit
        while (seen := look(*args)) != wanted and time.time() < end:
            time.sleep(0.02)
        self.assertEqual(seen, wanted)

    def refused(self, words, do, *args, **kwargs):
        with self.assertRaises(Failed) as caught:
            do(*args, **kwargs)
        self.assertIn(words, str(caught.exception))
        return caught.exception


class _Tap(unittest.TextTestResult):
    count = 0

    def _say(self, word, test, note=""):
        _Tap.count += 1
        print(f"{word} {_Tap.count} - {test}{note}", flush=True)

    def addSuccess(self, test):
        super().addSuccess(test)
        self._say("ok", test)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self._say("ok", test, f" # SKIP {reason}")

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._say("not ok", test)

    def addError(self, test, err):
        super().addError(test, err)
        self._say("not ok", test)


def main():
    why = missing()
    if why:
        print(f"1..0 # SKIP {why}")
        sys.exit(0)
    program = unittest.main(exit=False, testRunner=unittest.TextTestRunner(stream=sys.stderr, resultclass=_Tap))
    print(f"1..{_Tap.count}")
    sys.exit(not program.result.wasSuccessful())
