# SPDX-License-Identifier: Apache-2.0
"""`databricks auth login` with a stand-in for the browser, and programs that use its session."""

import json
import os
import pathlib
import subprocess

from databricks.sdk import WorkspaceClient
from databricks.sdk.service.postgres import Project, ProjectSpec
from test_cli import lab, mock_url  # noqa: F401  (fixtures)

BROWSER = pathlib.Path(__file__).resolve().parents[1] / "harness" / "browser.sh"


# One test, since the CLI always listens at the same port.
def test_login_token_refresh_and_a_program(lab, tmp_path, monkeypatch):  # noqa: F811
    for name in [n for n in os.environ if n.startswith("DATABRICKS_") and n != "DATABRICKS_CLI"]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("BROWSER", str(BROWSER))
    monkeypatch.setenv("LOGIN_HINT", lab.token("ann"))

    def cli(*args):
        done = subprocess.run([os.environ["DATABRICKS_CLI"], *args], cwd=tmp_path, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=300, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    cli("auth", "login", "--host", lab.url, "--profile", "mock")
    assert f"host         = {lab.url}" in (tmp_path / ".databrickscfg").read_text()
    me = json.loads(cli("current-user", "me", "--profile", "mock"))
    assert me["userName"] == "ann@example.com"
    first = json.loads(cli("auth", "token", "--host", lab.url))
    assert first["token_type"] == "Bearer" and first["access_token"]
    assert json.loads(cli("auth", "token", "--host", lab.url))["access_token"] == first["access_token"]

    # The session has expired as far as the CLI knows: it is refreshed.
    cache = tmp_path / ".databricks" / "token-cache.json"
    document = json.loads(cache.read_text())
    for token in document["tokens"].values():
        token["expiry"] = "2020-01-01T00:00:00Z"
    cache.write_text(json.dumps(document))
    lab.call("PUT", "/clock", {"mode": "manual"})
    lab.call("POST", "/clock/advance", {"by": "61m"})
    second = json.loads(cli("auth", "token", "--host", lab.url))
    assert second["access_token"] != first["access_token"]
    lab.call("PUT", "/lro", {"default": "first-poll"})

    # What the SDKs call `databricks-cli`.
    monkeypatch.setenv("DATABRICKS_CLI_PATH", os.environ["DATABRICKS_CLI"])
    client = WorkspaceClient(profile="mock")
    assert client.config.auth_type == "databricks-cli"
    assert client.current_user.me().user_name == "ann@example.com"
    made = client.postgres.create_project(Project(spec=ProjectSpec()), "mine").wait()
    assert made.status.owner == "ann@example.com"
    assert [r["caller"] for r in lab.requests(rpc="CreateProject")] == ["ann@example.com"]
