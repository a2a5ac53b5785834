# SPDX-License-Identifier: Apache-2.0
"""One server process, or the address of one that already runs."""
import http.client
import json
import os
import subprocess
import tempfile
import threading
from types import TracebackType
from typing import IO, Any, Dict, List, Optional, Type

from ._programs import find
from .workspace import MockError, Workspace, call


class Mock:
    """A running lakebase-mock. Use `Mock.start()` or, for one that runs already, `Mock(url)`."""

    def __init__(self, url: str, process: "Optional[subprocess.Popen[bytes]]" = None,
                 log: Optional[IO[bytes]] = None) -> None:
        self.url = url.rstrip("/")
        self._process, self._log = process, log

    @classmethod
    def start(cls, *flags: object, binary: Optional[str] = None, timeout: float = 10.0) -> "Mock":
        """Starts a server on a free port and returns when it is ready.

        `flags` go to the server as they are: `Mock.start("--lro", "sync")`. The program is `binary`,
        $LAKEBASE_MOCK, the one of this wheel, or `lakebase-mock` on the PATH.
        """
        program = _program(binary)
        log = tempfile.TemporaryFile()
        try:
            process = subprocess.Popen(
                # Its standard input ends with this process, however that ends, and takes it along.
                [program, "serve", "--listen", "127.0.0.1:0", "--end-with-stdin", *map(str, flags)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log)
        except OSError as e:
            log.close()
            raise MockError(f"{program} cannot be started: {e.strerror}. Give `binary=`, or put the path of "
                            "a lakebase-mock for this machine into LAKEBASE_MOCK") from None
        line = _first_line(process, timeout)
        try:
            url = json.loads(line)["url"]
        except (ValueError, KeyError, TypeError):
            process.kill()
            process.wait()
            _close(process)
            log.seek(0)
            text = log.read().decode(errors="replace").strip()
            log.close()
            raise MockError(f"{program} did not get ready: {text or 'it gave no reason'}. Is it a "
                            "lakebase-mock? LAKEBASE_MOCK or `binary=` names the one to start") from None
        return cls(url, process, log)

    def workspace(self, name: str = "default", user: str = "admin") -> Workspace:
        """The workspace of that name; it comes into being with the first request."""
        return Workspace(self.url, name, user)

    def health(self) -> Dict[str, Any]:
        """What the server says of itself; MockError with the address when nobody answers there."""
        try:
            return call(self.url, "GET", "/_mock/health")
        except (OSError, http.client.HTTPException, ValueError) as e:
            reason = getattr(e, "reason", e)
            raise MockError(f"no lakebase-mock answers at {self.url} ({reason}). Start one there, or correct "
                            "LAKEBASE_MOCK or --lakebase-mock-url") from None

    def workspaces(self) -> List[str]:
        """The names of the workspaces that exist."""
        return [w["name"] for w in call(self.url, "GET", "/_mock/workspaces")["workspaces"]]

    def log(self) -> str:
        """What the server wrote to stderr so far; empty for a server that was not started here."""
        if not self._log:
            return ""
        self._log.seek(0)
        return self._log.read().decode(errors="replace")

    def stop(self) -> Optional[int]:
        """Ends the server, if it was started here, and returns its exit code."""
        if not self._process:
            return None
        self._process.terminate()
        try:
            status = self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            status = self._process.wait()
        _close(self._process)
        self._process = None
        return status

    def __enter__(self) -> "Mock":
        return self

    def __exit__(self, kind: Optional[Type[BaseException]], error: Optional[BaseException],
                 trace: Optional[TracebackType]) -> None:
        self.stop()


def _close(process: "subprocess.Popen[bytes]") -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe:
            pipe.close()


def _program(binary: Optional[str]) -> str:
    """Which program to start, or MockError that says how to get one."""
    named = binary or os.environ.get("LAKEBASE_MOCK")
    if named and named.startswith(("http:", "https:")):
        raise MockError(f"LAKEBASE_MOCK is the address {named}: Mock(url) uses a running server, Mock.start() "
                        "needs the path of a program")
    if named and not os.path.isfile(named):
        raise MockError(f"there is no program {named}; correct {'`binary=`' if binary else 'LAKEBASE_MOCK'}, or "
                        "leave it out to use the one of this package")
    program = named or find("lakebase-mock")
    if not program:
        raise MockError("there is no lakebase-mock: this package came without one for this machine. Build it "
                        "(./run) and put its path, or the address of a running one, into LAKEBASE_MOCK")
    if not named and not os.access(program, os.X_OK):
        os.chmod(program, 0o755)
    return program


def _first_line(process: "subprocess.Popen[bytes]", timeout: float) -> bytes:
    """The ready line, or b'' when it does not come in time or the process ends."""
    lines: List[bytes] = []
    out = process.stdout
    assert out is not None
    reader = threading.Thread(target=lambda: lines.append(out.readline()), daemon=True)
    reader.start()
    reader.join(timeout)
    if not lines:
        process.kill()
        reader.join()
    return lines[0]
