# SPDX-License-Identifier: Apache-2.0
"""A workspace of the mock, seen from a test: everything below /_mock."""
import json
import os
import urllib.error
import urllib.parse
import urllib.request
from typing import Any, Dict, List, Mapping, Optional, Union, cast

Document = Dict[str, Any]


class MockError(Exception):
    """The mock refused, with its own words; `status` is the HTTP status, `body` the document."""

    def __init__(self, message: str, status: Optional[int] = None, body: Optional[Document] = None) -> None:
        super().__init__(message)
        self.status, self.body = status, body


# No proxy from the environment may come between a test and its own machine.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def fetch(url: str, path: str) -> bytes:
    """What a GET answers, as it is."""
    with _opener.open(url + path, timeout=60) as reply:
        return cast(bytes, reply.read())


def call(url: str, method: str, path: str, body: Any = None, bearer: Optional[str] = None,
         **query: Any) -> Document:
    """One request; the decoded document, or MockError."""
    query = {k: v for k, v in query.items() if v is not None}
    if query:
        path += "?" + urllib.parse.urlencode(query)
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url + path, data, {"Content-Type": "application/json"},
                                     method=method)
    if bearer:
        request.add_header("Authorization", f"Bearer {bearer}")
    try:
        with _opener.open(request, timeout=60) as reply:
            text = reply.read()
    except urllib.error.HTTPError as e:
        text = e.read()
        try:
            document = json.loads(text)
        except ValueError:
            document = {}
        raise MockError(document.get("message") or f"{method} {path}: HTTP {e.code}",
                        e.code, document) from None
    return cast(Document, json.loads(text)) if text else {}


class Faults:
    """The fault rules of a workspace, in the order in which they are tried."""

    def __init__(self, workspace: "Workspace") -> None:
        self._ws = workspace

    def add(self, rpc: Optional[str] = None, type: str = "error", *, phase: Optional[str] = None,
            times: Optional[int] = None, skip: Optional[int] = None, call: Union[int, str, None] = None,
            attempt: Union[int, str, None] = None, id: Optional[str] = None, expect: Optional[int] = None,
            match: Optional[Mapping[str, Any]] = None, when: Optional[Mapping[str, Any]] = None,
            **action: Any) -> Document:
        """Adds one rule and returns it as the mock keeps it.

        `rpc`, `call` and `attempt` say which requests, `type` and the other keywords what happens to
        them: `faults.add("CreateBranch", "reset", phase="after_commit", times=1)`,
        `faults.add("Get*", "throttle", retry_after=2, attempt="1-2")`.
        """
        rule = _some(id=id, phase=phase)
        rule["match"] = {**(match or {}), **_some(rpc=rpc, call=_text(call), attempt=_text(attempt))}
        rule["action"] = {"type": type, **action}
        when = {**(when or {}), **_some(times=times, skip=skip)}
        if when:
            rule["when"] = when
        if expect is not None:
            rule["expect"] = {"fired": expect}
        self._ws.call("POST", "/_mock/faults", rule)
        return self.list()[-1]

    def list(self) -> "List[Document]":
        return cast("List[Document]", self._ws.call("GET", "/_mock/faults")["faults"])

    def unfired(self) -> "List[Document]":
        """Rules that fired less often than they should have: the test did not test what it meant."""
        return cast("List[Document]", self._ws.call("GET", "/_mock/faults", unfired=1)["faults"])

    def clear(self) -> None:
        self._ws.call("DELETE", "/_mock/faults")


class Clock:
    """The clock of a workspace. Only a manual one can be turned."""

    def __init__(self, workspace: "Workspace") -> None:
        self._ws = workspace

    @property
    def now(self) -> str:
        return str(self._ws.call("GET", "/_mock/clock")["now"])

    def freeze(self, now: Optional[str] = None) -> Document:
        """Stops it, at `now` (RFC 3339; it never goes back) or where it is."""
        return self._ws.call("PUT", "/_mock/clock",
                             {"mode": "manual", **({"now": now} if now else {})})

    def advance(self, by: Optional[str] = None, *, to: Optional[str] = None,
                until: Optional[str] = None) -> List[Document]:
        """Turns it on by `"26h"`, to an instant, or until nothing is due; the events in due order."""
        body = {k: v for k, v in (("by", by), ("to", to), ("until", until)) if v is not None}
        return cast(List[Document], self._ws.call("POST", "/_mock/clock/advance", body)["events"])

    def run(self) -> Document:
        """Lets it follow the real one again."""
        return self._ws.call("PUT", "/_mock/clock", {"mode": "real"})


class Workspace:
    """One isolated world: its own resources, clock, faults and journal."""

    def __init__(self, url: str, name: str, user: str = "admin") -> None:
        self.url, self.name, self.user = url, name, user
        self.faults, self.clock = Faults(self), Clock(self)

    @property
    def token(self) -> str:
        """The bearer token that leads here."""
        return f"mock-{self.name}.{self.user}"

    @property
    def env(self) -> Dict[str, str]:
        """What a Databricks client needs in its environment."""
        return {"DATABRICKS_HOST": self.url, "DATABRICKS_TOKEN": self.token}

    def as_user(self, user: str) -> "Workspace":
        """The same workspace, seen by somebody else."""
        return Workspace(self.url, self.name, user)

    def call(self, method: str, path: str, body: Any = None, **query: Any) -> Document:
        """Any /_mock route of this workspace."""
        return call(self.url, method, path, body, workspace=self.name, **query)

    def api(self, method: str, path: str, body: Any = None) -> Document:
        """One request to the service's own API: `api("GET", "projects/app")`."""
        return call(self.url, method, f"/api/2.0/postgres/{path}", body, bearer=self.token)

    def postgres(self, endpoint: str, folder: Union[str, "os.PathLike[str]"],
                 database: str = "databricks_postgres") -> str:
        """The URL of a database behind an endpoint, for libpq and what is like it.

        The certificate to verify with is written into `folder`.
        """
        host = self.api("GET", endpoint)["status"]["hosts"]["host"]
        port = self.call("GET", "/_mock/postgres")["port"]
        certificate = os.path.join(folder, "lakebase-mock-ca.pem")
        with open(certificate, "wb") as f:
            f.write(fetch(self.url, "/_mock/ca.pem"))
        user, secret = (urllib.parse.quote(text, safe="") for text in (f"{self.user}@example.com", self.token))
        return (f"postgresql://{user}:{secret}@{host}:{port}/{database}?sslmode=verify-full"
                f"&sslrootcert={urllib.parse.quote(certificate)}")

    def journal(self, **filters: Any) -> List[Document]:
        """The requests that arrived, oldest first: `journal(rpc="CreateProject", status="4xx")`."""
        return cast(List[Document], self.call("GET", "/_mock/journal", **filters)["requests"])

    def wait_for(self, count: int, timeout: str = "5s", **filters: Any) -> List[Document]:
        """Blocks until that many requests arrived and returns them; MockError if they do not."""
        return cast(List[Document], self.call("GET", "/_mock/journal", wait=f"count:{count}", timeout=timeout,
                                              **filters)["requests"])

    def calls(self, **filters: Any) -> List[Document]:
        """Logical calls: the attempts of one call belong together."""
        return cast(List[Document], self.call("GET", "/_mock/calls", **filters)["calls"])

    def grade(self, final: bool = True) -> Document:
        """How the client retried; `final`: what could still come counts as not having come."""
        return self.call("GET", "/_mock/grade", final=1 if final else None)

    def warnings(self) -> List[Document]:
        """What the service might refuse, and fields that nothing read."""
        return cast(List[Document], self.call("GET", "/_mock/warnings")["warnings"])

    def reset(self, keep: Optional[str] = None) -> Document:
        return self.call("POST", "/_mock/reset", keep=keep)

    def state(self) -> Document:
        return self.call("GET", "/_mock/state")

    def load(self, state: Document) -> Document:
        """Replaces everything by what `state()` returned."""
        return self.call("PUT", "/_mock/state", state)

    def snapshot(self, name: str) -> Document:
        return self.call("POST", "/_mock/snapshots", {"name": name})

    def restore(self, name: str) -> Document:
        return self.call("POST", f"/_mock/snapshots/{name}/restore")

    def fork(self, name: str) -> "Workspace":
        """A new workspace with the same state, clock and rules."""
        self.call("POST", "/_mock/workspaces", {"name": name, "fork_of": self.name})
        return Workspace(self.url, name, self.user)

    def drop(self) -> None:
        call(self.url, "DELETE", f"/_mock/workspaces/{self.name}")


def _some(**some: Any) -> Document:
    return {k: v for k, v in some.items() if v is not None}


def _text(value: Union[int, str, None]) -> Optional[str]:
    return None if value is None else str(value)
