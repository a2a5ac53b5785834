# SPDX-License-Identifier: Apache-2.0
"""Configuration files say the same as what they configure."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import urllib.request

import pytest
import yaml

TOP = pathlib.Path(__file__).parents[2]
sys.path.append(str(TOP / "tests/support"))
import ports  # noqa: E402

FILES = sorted(p for pattern in ("docker/**/*.y*ml", ".github/workflows/*.yml", "docs/recipes/**/*.y*ml")
               for p in TOP.glob(pattern))
def image(name):
    return json.loads((TOP / "docker" / name).read_text())["config"]


IMAGE = image("image.json")


def documents(path):
    return [d for d in yaml.safe_load_all(path.read_text()) if d]


def test_there_are_files():
    assert len(FILES) >= 10


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(TOP)))
def test_yaml_parses(path):
    assert documents(path)


def instructions(name, start):
    text = (TOP / "docker" / name).read_text().replace("\\\n", " ")
    final = text[text.rindex(start):]
    return [line.split(None, 1) for line in final.splitlines() if line and line[0] not in "# "]


@pytest.mark.parametrize("file,start,settings", [
    ("Dockerfile", "FROM scratch", "image.json"),
    ("Dockerfile.postgres", "FROM debian", "image.postgres.json")])
def test_the_dockerfile_makes_the_same_image(file, start, settings):
    found, wanted = {}, image(settings)
    for word, rest in instructions(file, start):
        found.setdefault(word, []).append(rest)
    assert found["USER"] == [wanted["User"]]
    assert json.loads(found["ENTRYPOINT"][0]) == wanted["Entrypoint"]
    assert json.loads(found["CMD"][0]) == wanted["Cmd"]
    # The path of programs is what an engine gives an image of Debian by itself.
    assert " ".join(found["ENV"]).split() == [e for e in wanted["Env"] if not e.startswith("PATH=")]
    assert " ".join(found["EXPOSE"]).split() == [p.split("/")[0] for p in wanted["ExposedPorts"]]
    assert found["VOLUME"] == list(wanted["Volumes"])
    assert found["STOPSIGNAL"] == [wanted["StopSignal"]]
    assert json.loads(re.search(r"CMD (\[.*\])", found["HEALTHCHECK"][0])[1]) == wanted["Healthcheck"]["Test"][1:]
    assert len(found["COPY"]) <= 2
    for key, value in wanted["Labels"].items():
        assert f'{key}="{value}"' in found["LABEL"][0]


def containers():
    for path in FILES:
        for document in documents(path):
            kind = document.get("kind") if isinstance(document, dict) else None
            if kind in ("Deployment", "StatefulSet"):
                for container in document["spec"]["template"]["spec"]["containers"]:
                    yield pytest.param(document, container, id=f"{path.name}-{container['name']}")


@pytest.mark.parametrize("document,container", list(containers()))
def test_kubernetes_selectors_and_mounts_fit(document, container):
    spec = document["spec"]
    assert spec["selector"]["matchLabels"].items() <= spec["template"]["metadata"]["labels"].items()
    volumes = {v["name"] for v in spec["template"]["spec"].get("volumes", [])}
    volumes |= {v["metadata"]["name"] for v in spec.get("volumeClaimTemplates", [])}
    assert {m["name"] for m in container["volumeMounts"]} <= volumes
    ports = {p["name"] for p in container["ports"]}
    for probe in ("readinessProbe", "livenessProbe"):
        if probe in container:
            assert container[probe]["httpGet"]["port"] in ports


@pytest.mark.skipif(not shutil.which("actionlint"), reason="no actionlint")
def test_workflows_are_what_github_takes():
    files = sorted((TOP / ".github/workflows").glob("*.yml"))
    run = subprocess.run(["actionlint", "-shellcheck=", *files], capture_output=True, text=True)
    assert (run.returncode, run.stdout) == (0, "")


@pytest.mark.skipif(not shutil.which("kubectl"), reason="no kubectl")
def test_kustomize_builds():
    run = subprocess.run(["kubectl", "kustomize", str(TOP / "docker/scale")], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    kinds = [d["kind"] for d in yaml.safe_load_all(run.stdout)]
    assert sorted(kinds) == ["ConfigMap", "Deployment", "Service", "Service", "StatefulSet"]


@pytest.mark.skipif(not shutil.which("haproxy"), reason="no haproxy")
def test_haproxy_takes_its_configuration():
    run = subprocess.run(["haproxy", "-c", "-f", str(TOP / "docker/scale/haproxy.cfg")],
                         capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert "WARNING" not in run.stderr, run.stderr


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd")
def test_the_unit_of_the_service_is_one(tmp_path):
    unit = tmp_path / "lakebase-mock.service"
    unit.write_text((TOP / "docker/lakebase-mock.service").read_text().replace("/usr/bin/", "/bin/true /"))
    run = subprocess.run(["systemd-analyze", "verify", "--man=no", str(unit)], capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (0, "")


def flags_of_the_server():
    run = subprocess.run([os.environ["LAKEBASE_MOCK"], "--help"],
                         capture_output=True, text=True)
    return set(re.findall(r"--([a-z][a-z-]*)", run.stdout))


def test_every_variable_that_is_set_is_one_that_the_server_reads():
    flags = flags_of_the_server()
    assert "listen" in flags
    places = [p for p in (*FILES, TOP / "docker/image.json", *TOP.glob("docs/**/*.md"))]
    for path in places:
        for name in re.findall(r"LAKEBASE_MOCK_([A-Z][A-Z_]*[A-Z])\b", path.read_text()):
            assert name.lower().replace("_", "-") in flags, f"{path}: LAKEBASE_MOCK_{name}"


class Action:
    """The action's script, with `run` replaced by the server that is tested."""

    def __init__(self, folder):
        self.folder = folder
        fake = folder / "docker/action"
        fake.mkdir(parents=True)
        shutil.copy(TOP / "docker/action/start.sh", fake)
        (folder / "run").write_text(
            f'#!/bin/sh\necho $$ >"{folder}/pid"\nexec "{os.environ["LAKEBASE_MOCK"]}" serve "$@"\n')
        (folder / "run").chmod(0o755)

    def start(self, port, flags="", **more):
        env = {**os.environ, "MOCK_PORT": str(port), "MOCK_FLAGS": flags, "MOCK_TOKEN": "mock-x",
               "GITHUB_ENV": str(self.folder / "env"), "GITHUB_OUTPUT": str(self.folder / "out"),
               "RUNNER_TEMP": str(self.folder), **more}
        return subprocess.run([self.folder / "docker/action/start.sh"], env=env, capture_output=True, text=True,
                              timeout=300)

    def told(self):
        return (self.folder / "env").exists() or (self.folder / "out").exists()


@pytest.fixture(name="action")
def make_action(tmp_path):
    action = Action(tmp_path)
    yield action
    if (tmp_path / "pid").exists():
        try:
            os.kill(int((tmp_path / "pid").read_text()), 15)
        except ProcessLookupError:
            pass


@pytest.fixture(name="free_port")
def give_port():
    return ports.free_port()


def test_the_action_starts_a_server_and_tells_later_steps(action, free_port):
    run = action.start(free_port, "--lro sync")
    assert run.returncode == 0, run.stderr
    url = f"http://127.0.0.1:{free_port}"
    assert (action.folder / "env").read_text() == f"DATABRICKS_HOST={url}\nDATABRICKS_TOKEN=mock-x\n"
    assert (action.folder / "out").read_text() == f"url={url}\n"


def test_the_action_takes_flags_from_several_lines(action, free_port):
    run = action.start(free_port, "--lro sync\n--clock manual:2040-01-01T00:00:00Z\n")
    assert run.returncode == 0, run.stderr
    with urllib.request.urlopen(f"http://127.0.0.1:{free_port}/_mock/clock", timeout=60) as reply:
        assert json.load(reply)["now"].startswith("2040-01-01")


def test_the_action_says_at_once_that_a_flag_is_wrong(action, free_port):
    run = action.start(free_port, "--lor sync")
    assert run.returncode == 1 and "unknown flag '--lor'" in run.stderr, run.stderr
    assert not action.told()


def test_the_action_says_that_it_has_no_place_for_its_log(action, free_port):
    run = action.start(free_port, RUNNER_TEMP=str(action.folder / "none"))
    assert run.returncode == 1 and "RUNNER_TEMP must be a folder" in run.stderr, run.stderr
    assert not action.told()


def test_the_action_reads_no_log_of_an_earlier_server(action, free_port):
    (action.folder / "lakebase-mock.log").write_text('{"ready":true,"url":"http://127.0.0.1:1"}\n')
    run = action.start(free_port, "--lor sync")
    assert run.returncode == 1 and "unknown flag '--lor'" in run.stderr, run.stderr
    assert not action.told()


def test_the_action_never_takes_another_server_for_its_own(action):
    with subprocess.Popen([os.environ["LAKEBASE_MOCK"], "serve", "--listen", "127.0.0.1:0"],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as other:
        port = json.loads(other.stdout.readline())["url"].rsplit(":", 1)[1]
        run = action.start(port)
        other.kill()
    assert run.returncode == 1 and f"127.0.0.1:{port}" in run.stderr, run.stderr
    assert not action.told()


def test_the_action_says_that_its_container_ended(action, tmp_path):
    """An engine that starts a container which ends at once."""
    engine = tmp_path / "bin/docker"
    engine.parent.mkdir()
    engine.write_text("""#!/bin/sh
case $1 in
  run) echo 0123 ;;
  inspect) echo false ;;
  logs) echo last words >&2 ;;
  *) exit 1 ;;
esac
""")
    engine.chmod(0o755)
    run = action.start(1, MOCK_IMAGE="lakebase-mock", PATH=f"{engine.parent}:{os.environ['PATH']}")
    assert run.returncode == 1 and "last words" in run.stderr, run.stderr
    assert not action.told()


def databases_here():
    """Whether a server here can have databases: it says so at its start."""
    with subprocess.Popen([os.environ["LAKEBASE_MOCK"], "--postgres", "auto", "--listen", "127.0.0.1:0",
                           "--postgres-port", str(ports.free_port())],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        ready = server.stdout.readline()
        server.terminate()
    return bool(ready) and shutil.which("psql") and shutil.which("jq")


def test_the_commands_of_the_workflow_with_databases_work(tmp_path, free_port):
    """Each step of the job as a runner does it, against a server with the environment of its service."""
    if not databases_here():
        pytest.skip("no PostgreSQL, psql or jq")
    job = documents(TOP / "docs/recipes/github-actions/databases.yml")[0]["jobs"]["test"]
    variables, sql_port = tmp_path / "variables", ports.free_port()
    variables.touch()
    settings = {**job["services"]["lakebase"]["env"], "LAKEBASE_MOCK_POSTGRES": "auto", "LAKEBASE_MOCK_LISTEN": f"127.0.0.1:{free_port}",
                "LAKEBASE_MOCK_POSTGRES_PORT": str(sql_port)}
    server = subprocess.Popen([os.environ["LAKEBASE_MOCK"], "serve", "--log", "off"], stdout=subprocess.PIPE, text=True,
                              env={**os.environ, **settings})
    try:
        assert server.stdout.readline()
        said = {}
        for step in job["steps"]:
            if "run" not in step or "if" in step:
                continue
            told = dict(line.split("=", 1) for line in variables.read_text().splitlines())
            env = {k: v.replace("${{ github.job }}", "test").replace(":4610", f":{free_port}") for k, v in job["env"].items()}
            run = subprocess.run(["bash", "-e", "-o", "pipefail", "-c", step["run"]], capture_output=True, text=True,
                                 env={**os.environ, **env, **told, "PGPORT": str(sql_port), "GITHUB_ENV": str(variables)})
            assert run.returncode == 0, (step["name"], run.stderr)
            said[step["name"]] = run.stdout
        assert said["Tests"].splitlines()[0] == "apples"
    finally:
        server.terminate()
        server.wait(120)
        server.stdout.close()


@pytest.mark.skipif(not (shutil.which("jq") and shutil.which("meson")), reason="no jq or no meson")
def test_the_image_is_never_made_of_a_folder_that_was_configured_otherwise(tmp_path):
    """Only the question: a folder is configured, nothing is built."""
    script = (TOP / "docker/image.sh").read_text()
    functions = script[script.index("# options FOLDER"):script.index('if [ -z "$binary$root" ]')]

    def differs(*arguments):
        build = tmp_path / "-".join(arguments)
        # A C++ compiler of another make brings options of its own, which change no C program.
        subprocess.run(["meson", "setup", build, TOP, *arguments], check=True, capture_output=True,
                       env={**os.environ, "CXX": "clang++"})
        run = subprocess.run(["bash", "-c", f'set -euo pipefail; top={TOP}\n{functions}\notherwise "{build}"'],
                             capture_output=True, text=True, check=True)
        return run.stdout.split()
    assert differs("-Dstatic=true") == []
    assert differs("-Dbuildtype=debug", "-Db_sanitize=address") == \
        ["b_sanitize=address", "buildtype=debug", "optimization=0", "static=false"]


def test_versions_agree():
    version = re.search(r"version: '([^']+)'", (TOP / "meson.build").read_text())[1]
    for path in ("client/python/pyproject.toml", "client/npm/package.json", "client/java/pom.xml", "client/include/lakebase.h",
                 "client/meson.build", "docker/scale/kustomization.yaml", "docker/Dockerfile", "docker/Dockerfile.postgres"):
        assert version in (TOP / path).read_text(), path
    # Names of packages and images, wherever they are told; the changelog tells of earlier ones, too.
    files = subprocess.run(["git", "grep", "-lE", "lakebase-mock(-postgres)?[:-][0-9]"], cwd=TOP, capture_output=True,
                           text=True, check=True).stdout.split()
    for path in set(files) - {"docs/CHANGELOG.md"}:
        for told in re.findall(r"lakebase-mock(?:-postgres)?[:-](\d+\.\d+\.\d+)", (TOP / path).read_text()):
            assert told == version, path
