# SPDX-License-Identifier: Apache-2.0
"""One server process, or the address of one that already runs."""
import json
import os
import shutil
import subprocess
import tempfile
import threading

from .workspace import MockError, Workspace, call


class Mock:
    """A running lakebase-mock. Use `Mock.start()` or, for one that runs already, `Mock(url)`."""

    def __init__(self, url, process=None, log=None):
        self.url = url.rstrip("/")
        self._process, self._log = process, log

    @classmethod
    def start(cls, *flags, binary=None, timeout=10.0):
        """Starts a server on a free port and returns when it is ready.

        `flags` go to the server as they are: `Mock.start("--lro", "sync")`. The binary is `binary`,
        $LAKEBASE_MOCK, or `lakebase-mock` on the PATH.
        """
        binary = binary or os.environ.get("LAKEBASE_MOCK") or shutil.which("lakebase-mock")
        if not binary:
            raise MockError("lakebase-mock is not on the PATH: install it, or put the path of the "
                            "program, or the address of a running one, into LAKEBASE_MOCK")
        log = tempfile.TemporaryFile()
        process = subprocess.Popen(
            [binary, "serve", "--listen", "127.0.0.1:0", *map(str, flags)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log)
        line = _first_line(process, timeout)
        try:
            url = json.loads(line)["url"]
        except (ValueError, KeyError, TypeError):
            process.kill()
            process.wait()
            process.stdout.close()
            log.seek(0)
            text = log.read().decode(errors="replace").strip()
            log.close()
            raise MockError(f"lakebase-mock did not get ready: {text or 'no reason given'}") from None
        return cls(url, process, log)

    def workspace(self, name="default", user="admin"):
        """The workspace of that name; it comes into being with the first request."""
        return Workspace(self.url, name, user)

    def health(self):
        return call(self.url, "GET", "/_mock/health")

    def workspaces(self):
        """The names of the workspaces that exist."""
        return [w["name"] for w in call(self.url, "GET", "/_mock/workspaces")["workspaces"]]

    def log(self):
        """What the server wrote to stderr so far; empty for a server that was not started here."""
        if not self._log:
            return ""
        self._log.seek(0)
        return self._log.read().decode(errors="replace")

    def stop(self):
        """Ends the server, if it was started here, and returns its exit code."""
        if not self._process:
            return None
        self._process.terminate()
        try:
            status = self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            status = self._process.wait()
        self._process.stdout.close()
        self._process = None
        return status

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.stop()


def _first_line(process, timeout):
    """The ready line, or b'' when it does not come in time or the process ends."""
    lines = []
    reader = threading.Thread(target=lambda: lines.append(process.stdout.readline()), daemon=True)
    reader.start()
    reader.join(timeout)
    if not lines:
        process.kill()
        reader.join()
    return lines[0]
