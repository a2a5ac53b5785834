#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the examples of Markdown pages and compares what they print with what the pages show."""
import argparse
import collections
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

import compare
import page

TOP = pathlib.Path(__file__).resolve().parents[2]
READER = "127.0.0.1:4610"  # where a reader's server listens
END = "--end-of-block--"
LIMIT = 600  # seconds for one block; the first Go program is compiled


def program(variable, path):
    """A program to test: named by the environment, or the first that is built."""
    if os.environ.get(variable):
        return os.environ[variable]
    for build in ("build", "build-test", "build-release"):
        if os.access(TOP / build / path, os.X_OK):
            return str(TOP / build / path)
    return None


Program = collections.namedtuple("Program", "file tools packages install command")
# Programs that need packages, which are those of tests/sdk. `install` knows the caches of this machine, `command` runs as the reader.
PROGRAMS = {
    "go": Program("main.go", ["go"], ["go/go.mod", "go/go.sum"], "go env GOMODCACHE GOCACHE >.caches && go mod download",
                  "GOMODCACHE=$(sed -n 1p .caches) GOCACHE=$(sed -n 2p .caches) GOFLAGS=-mod=mod go run ."),
    "js": Program("example.mjs", ["node", "npm"], ["node/package.json", "node/package-lock.json"],
                  "npm ci --ignore-scripts --no-audit --no-fund --loglevel=error", "node example.mjs"),
    "java": Program("Main.java", ["java", "mvn"], ["java/pom.xml"],
                    "mvn -q -B dependency:copy-dependencies -DbuildFolder=build -DoutputDirectory=lib",
                    "java -cp 'lib/*' Main.java 2>errors || { cat errors; false; }"),
}


# What a page tells to install in a line of text: the packages that its programs are run with here.
INSTALLS = [(re.compile(r"`[^`]*\bgo get ([^\s`]+)`"), "go/go.mod", "%s v"),
            (re.compile(r"`npm install (@?[\w-]+(?:/[\w-]+)?)`"), "node/package.json", '"%s":'),
            (re.compile(r"`[\w.]+:(databricks-[\w-]+)`"), "java/pom.xml", "<artifactId>%s</artifactId>")]


class Failure(Exception):
    pass


class Place:
    """A fresh server, an empty folder and a shell, for the blocks up to the next `server:` line."""

    def __init__(self, flags, python):
        self.folder = tempfile.mkdtemp(prefix="examples-")
        self.python = python
        self.bin = pathlib.Path(self.folder, ".bin")
        self.home = pathlib.Path(self.folder, ".home")
        self.work = pathlib.Path(self.folder, "work")
        for d in (self.bin, self.home, self.work):
            d.mkdir()
        mock = program("LAKEBASE_MOCK", "server/lakebase-mock")
        for name, path in (("lakebase-mock", mock),
                           ("lakebasectl", program("LAKEBASECTL", "client/lakebasectl")),
                           ("python3", python)):
            if path:
                self.wrap(name, path)
        self.shell = None
        self.start_server(mock, flags)
        env = {k: v for k, v in os.environ.items() if not k.startswith(
            ("DATABRICKS", "LAKEBASE", "PG", "XDG_", "HTTP_PROXY", "http_proxy"))}
        self.env = env | {
            "HOME": str(self.home), "PATH": f"{self.bin}:{os.environ['PATH']}", "NO_COLOR": "1",
            "PYTHONUNBUFFERED": "1", "PIP_CONSTRAINT": str(TOP / "tests/sdk/requirements.txt"), "PIP_QUIET": "1",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_CACHE_DIR": str(TOP / "build-test/pip-cache"),
        }

    def wrap(self, name, path):
        # A link would do for the programs, but Python finds its packages by its own path.
        wrapper = self.bin / name
        wrapper.write_text(f'#!/bin/sh\nexec "{path}" "$@"\n', encoding="utf-8")
        wrapper.chmod(0o755)

    def start_server(self, mock, flags):
        with open(pathlib.Path(self.folder, "server.log"), "wb") as log:
            self.server = subprocess.Popen([mock, "serve", "--listen", "127.0.0.1:0", *flags],
                                           stdout=subprocess.PIPE, stderr=log, cwd=TOP)
        ready = self.server.stdout.readline()
        if not ready:
            raise Failure("the server did not start: " +
                          pathlib.Path(self.folder, "server.log").read_text(encoding="utf-8"))
        self.at = json.loads(ready)["url"].partition("//")[2]

    def here(self, text):
        return text.replace(READER, self.at)

    def there(self, text):
        return text.replace(self.at, READER).replace(str(self.work), "~")

    def run_sh(self, text):
        """One shell for all, as in a reader's terminal."""
        if not self.shell:
            self.shell = subprocess.Popen(
                ["bash", "--norc"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, cwd=self.work, env=self.env, text=True,
                start_new_session=True)
        script = pathlib.Path(self.folder, "block.sh")
        script.write_text(text + "\n", encoding="utf-8")
        os.chmod(script, 0o600)
        self.shell.stdin.write(f"set -e; . {script}; set +e; printf '\\n{END}\\n'\n")
        self.shell.stdin.flush()
        signal.alarm(LIMIT)
        got = []
        for line in self.shell.stdout:
            if line.rstrip("\n") == END:
                signal.alarm(0)
                # the newline before the mark is ours
                return "".join(got)[:-1]
            got.append(line)
        signal.alarm(0)
        self.shell = None
        raise Failure("a command of this block failed; it printed\n" + "".join(got))

    def run_program(self, name, text, command, where):
        """In the reader's shell, so that what an earlier block exported is there."""
        pathlib.Path(where, name).write_text(text + "\n", encoding="utf-8")
        return self.run_sh(f"(cd '{where}' && {command})")

    def run(self, block):
        text = self.here(block.text)
        if block.language == "sh":
            return self.there(self.run_sh(text))
        if block.language == "python":
            return self.there(self.run_program("example.py", text, "python3 example.py", self.work))
        kind = PROGRAMS[block.language]
        where = pathlib.Path(self.folder, block.language)
        if not where.exists():
            where.mkdir()
            for name in kind.packages:
                shutil.copy(TOP / "tests/sdk" / name, where)
            for _ in range(2):  # a network may fail, or another step use Maven's repository
                done = subprocess.run(kind.install, shell=True, cwd=where, capture_output=True, text=True, timeout=LIMIT)
                if not done.returncode:
                    break
                print(f"It failed, and is tried once more: {kind.install}", flush=True)
            if done.returncode:
                raise Failure(f"{kind.install}: {done.stdout}{done.stderr}")
        return self.there(self.run_program(kind.file, text, kind.command, where))

    def close(self):
        if self.shell:
            os.killpg(self.shell.pid, signal.SIGKILL)
            self.shell.wait()
        if hasattr(self, "server"):
            self.server.terminate()
            try:
                self.server.wait(120)
            except subprocess.TimeoutExpired:
                self.server.kill()
                self.server.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def lacks(block):
    """Why this block cannot be run on this machine; None if it can."""
    kind = PROGRAMS.get(block.language)
    absent = [tool for tool in kind.tools if not shutil.which(tool)] if kind else []
    return f"no {' and no '.join(absent)} here" if absent else None


class Report:
    def __init__(self):
        self.cases, self.failed, self.skipped = [], 0, 0

    def add(self, where, state, text=""):
        print(f"{state:7} {where}" + (f"\n{text}" if text else ""), flush=True)
        self.cases.append((where, state, text))
        self.failed += state == "failed"
        self.skipped += state == "skipped"

    def write(self, path):
        suite = ET.Element("testsuite", name="docs", tests=str(len(self.cases)),
                           failures=str(self.failed), skipped=str(self.skipped))
        for where, state, text in self.cases:
            case = ET.SubElement(suite, "testcase", classname="docs", name=where)
            if state != "passed":
                tag = "failure" if state == "failed" else "skipped"
                ET.SubElement(case, tag, message=text.split("\n")[0]).text = text
        ET.ElementTree(suite).write(path, encoding="utf-8", xml_declaration=True)


def shown(language, got):
    """What --update writes into the page."""
    if language != "json":
        return got.strip("\n")
    try:
        return json.dumps(json.loads(got), indent=2, ensure_ascii=False)
    except ValueError:
        return got.strip("\n")


def check_installs(name, text, report):
    for pattern, manifest, entry in INSTALLS:
        for what in pattern.findall(text):
            known = entry % what in (TOP / "tests/sdk" / manifest).read_text(encoding="utf-8")
            report.add(f"{name}: {what}", "passed" if known else "failed",
                       "" if known else f"tests/sdk/{manifest} has no such package")


def run_page(path, report, python, update):
    text = path.read_text(encoding="utf-8")
    steps = page.read(text)
    name = str(path.resolve().relative_to(TOP))
    if steps:
        check_installs(name, text, report)
    place, broken, changes = None, None, []
    try:
        for step in steps:
            where = f"{name}:{step.line}"
            if isinstance(step, page.Server):
                if place:
                    place.close()
                place, broken = None, None
                try:
                    place = Place(step.flags, python)
                except Failure as e:
                    broken = str(e)
                    report.add(where, "failed", broken)
                continue
            why = lacks(step)
            if broken or why:
                report.add(where, "skipped", "a block before it failed" if broken else why)
                continue
            try:
                got = place.run(step)
            except (Failure, subprocess.TimeoutExpired, OSError) as e:
                broken = str(e)
                report.add(where, "failed", broken)
                continue
            if not step.output:
                report.add(where, "passed")
                continue
            language, want, first, end = step.output
            different = compare.difference(language, want, got)
            if different and update:
                changes.append((first, end, shown(language, got)))
                different = None
            report.add(where, "failed" if different else "passed", different or "")
    finally:
        if place:
            place.close()
    if changes:
        lines = text.splitlines()
        for first, end, new in reversed(changes):
            lines[first:end] = new.splitlines()
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def too_long(*_):
    raise Failure(f"it did not end within {LIMIT} s")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--update", action="store_true", help="write what was printed into the pages")
    parser.add_argument("--junit", help="write a JUnit report there")
    parser.add_argument("pages", nargs="+", type=pathlib.Path)
    args = parser.parse_args()
    if not program("LAKEBASE_MOCK", "server/lakebase-mock"):
        sys.exit("run.py: no server; build it, or set LAKEBASE_MOCK")
    signal.signal(signal.SIGALRM, too_long)
    report = Report()
    for path in args.pages:
        run_page(path, report, os.environ.get("PYTHON", sys.executable), args.update)
    if args.junit:
        report.write(args.junit)
    print(f"{len(report.cases) - report.failed - report.skipped} passed, {report.failed} failed, "
          f"{report.skipped} skipped")
    return 1 if report.failed or not report.cases else 0


if __name__ == "__main__":
    sys.exit(main())
