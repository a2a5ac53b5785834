#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Breaks the server on purpose, one small change at a time, and looks who notices.

Coccinelle writes the changes: named/ holds one semantic patch per behaviour, operators/ the generic
ones. For each mutant one file is compiled and linked into the scenario runner and the server; the
scenarios play in process, and what survives them meets the conformance suite.
"""
import argparse
import collections
import concurrent.futures
import dataclasses
import functools
import hashlib
import json
import os
import pathlib
import random
import re
import shlex
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parents[1]
SERVER = TOP / "server"
FOLDERS = ("core", "resources", "api")
SCENARIOS = "tests/api/test_scenarios"
MOCK = "server/lakebase-mock"
CONFORMANCE = "tests/conformance/lakebase-conformance"
KILLED, SURVIVED, TIMEOUT, BROKEN, EXPLAINED = "killed", "survived", "timed out", "does not compile", "explained"


@dataclasses.dataclass
class Mutant:
    name: str       # "spec-dropped", or "negate core/mask.c mask_parse 1f3a9c"
    operator: str   # "named" or the name of the operator
    file: str       # below server/
    what: str       # one line for people
    patch: str      # a unified diff against the tree
    verdict: str = ""
    by: str = ""


def spatch(rules, *where):
    """The unified diff of a semantic patch on one file of the server, or on `--dir` and a folder."""
    done = subprocess.run(["spatch", "--sp-file", rules, "--no-includes", "--very-quiet", "-U", "0", *where],
                          cwd=SERVER, capture_output=True, text=True, check=False)
    if done.returncode or "already tagged token" in done.stderr:
        raise SystemExit(f"{rules}: {done.stderr.strip()}")
    return done.stdout


def side_by_side(function, *lists):
    """map(), on all processors."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(function, *lists))


def header(path, key):
    found = re.search(rf"^// {key}: *(.*)$", path.read_text(), re.M)
    return found[1] if found else ""


def named():
    """The mutants of named/. One that no longer applies is an error, with its name."""
    paths = sorted((HERE / "named").glob("*.cocci"))
    files = [header(path, "file") for path in paths]
    patches = side_by_side(lambda path, file: (SERVER / file).exists() and spatch(path, file), paths, files)
    lost = [path.stem for path, patch in zip(paths, patches) if not patch]
    if lost:
        sys.exit("These patches of tests/mutation/named/ do not apply any more; rewrite them for the code as it "
                 "is now: " + ", ".join(lost))
    return [Mutant(path.stem, "named", file, path.read_text().split("\n", 1)[0].lstrip("/ "), patch)
            for path, file, patch in zip(paths, files, patches)]


@functools.lru_cache(maxsize=None)
def functions(file):
    """(first line, name) of each function of a file."""
    out = []
    for number, line in enumerate((SERVER / file).read_text().splitlines(), 1):
        if (found := re.match(r"[A-Za-z_].*?(\w+)\(", line)) and not line.rstrip().endswith(";"):
            out.append((number, found[1]))
    return out


def function_at(file, line):
    name = "?"
    for first, fn in functions(file):
        if first > line:
            break
        name = fn
    return name


def hunks(patch):
    """Splits a diff without context into (file, line, text), one for each change."""
    file = start = None
    lines = []
    for line in [*patch.splitlines(keepends=True), "diff "]:
        if line.startswith(("diff ", "--- ", "+++ ", "@@")):
            if start:
                yield file, start, "".join(lines)
            start, lines = None, []
            if line.startswith("--- "):
                file = line.split("/", 1)[1].strip()
            elif line.startswith("@@"):
                start = int(re.match(r"@@ -(\d+)", line)[1])
        lines.append(line)


def generic(operators):
    """The mutants of operators/ over the three folders: each place where one applies."""
    rules = [path for path in sorted((HERE / "operators").glob("*.cocci"))
             if not operators or path.stem in operators]
    jobs = [(path, folder) for path in rules for folder in FOLDERS]
    seen = collections.Counter()
    patches = side_by_side(lambda job: spatch(job[0], "--dir", job[1]), jobs)
    for (path, folder), patch in zip(jobs, patches):
        for name, line, text in hunks(patch):
            file = f"{folder}/{name}"
            fn, change = function_at(file, line), text.split("\n", 1)[1]
            key = hashlib.sha256(re.sub(r"\s+", "", change).encode()).hexdigest()[:6]
            name = f"{path.stem} {file} {fn} {key}"
            seen[name] += 1
            if seen[name] > 1:
                name += f"-{seen[name]}"
            yield Mutant(name, path.stem, file, f"server/{file}:{line} in {fn}()",
                         f"--- a/{file}\n+++ b/{file}\n{text}")


class Build:
    """A build folder whose commands are run again with one file changed."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder).resolve()
        subprocess.run(["ninja", "-C", self.folder, SCENARIOS, MOCK, CONFORMANCE], check=True,
                       stdout=subprocess.DEVNULL)
        rows = json.loads((self.folder / "compile_commands.json").read_text())
        self.compile = {str((self.folder / row["file"]).resolve()): shlex.split(row["command"])
                        for row in rows if row["output"].startswith("server/")}
        self.link = {target: self.link_command(target) for target in (SCENARIOS, MOCK)}

    def link_command(self, target):
        lines = subprocess.run(["ninja", "-C", self.folder, "-t", "commands", target], check=True,
                               capture_output=True, text=True).stdout.splitlines()
        return shlex.split(lines[-1])

    def run(self, words, **more):
        return subprocess.run(words, cwd=self.folder, capture_output=True, text=True, check=False, **more)

    def object(self, mutant, folder):
        """Compiles the file as the patch leaves it; NULL when that does not compile."""
        source, out = folder / pathlib.Path(mutant.file).name, folder / "mutant.o"
        source.write_bytes((SERVER / mutant.file).read_bytes())
        (folder / "patch").write_text(mutant.patch)
        done = self.run(["patch", "--quiet", "--force", source, folder / "patch"])
        if done.returncode:
            sys.exit(f"{mutant.name}: {done.stdout}{done.stderr}")
        words, fixed = self.compile[str(SERVER / mutant.file)], []
        skip = False
        for i, word in enumerate(words):
            if skip:
                skip = False
            elif word in ("-MF", "-MQ", "-o", "-c"):
                skip = True
            elif word != "-MD":
                fixed.append(word)
        done = self.run([*fixed, "-Wno-error", "-w", "-iquote", str((SERVER / mutant.file).parent),
                         "-c", source, "-o", out])
        return out if done.returncode == 0 else None

    def program(self, target, replaced, folder):
        """Links the target with one object put in front of the archives that hold the original."""
        words, out = list(self.link[target]), folder / pathlib.Path(target).name
        words[words.index("-o") + 1] = str(out)
        words.insert(words.index("-o") + 2, str(replaced))
        done = self.run(words)
        if done.returncode:
            sys.exit(f"cannot link {target}: {done.stderr[-2000:]}")
        return out


def play_scenarios(program, limit):
    """(verdict, who noticed) of the scenarios in process; the first failure is enough."""
    late = threading.Event()
    with subprocess.Popen(["stdbuf", "-oL", program, TOP / "fixtures/scenarios"], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True) as p:
        timer = threading.Timer(limit, lambda: (late.set(), p.kill()))
        timer.start()
        first = next((line for line in p.stdout if line.startswith(("not ok", "Bail out!"))), None)
        if first:
            p.kill()
        status = p.wait()
        timer.cancel()
    if first:
        return KILLED, first.split(" - ", 1)[-1].strip()
    if late.is_set():
        return TIMEOUT, "the scenarios"
    return (SURVIVED, "") if status == 0 else (KILLED, f"the scenarios ended with {status}")


def play_conformance(build, mock, limit):
    try:
        done = build.run([build.folder / CONFORMANCE, "--mock", mock, "--timeout", "0.3", "--seed", "1"],
                         timeout=limit)
    except subprocess.TimeoutExpired:
        return TIMEOUT, "the conformance suite"
    if done.returncode == 0:
        return SURVIVED, ""
    first = re.search(r"^(?:fail|error|inconclusive) +(\S+)", done.stdout, re.M)
    return KILLED, first[1] if first else f"the conformance suite ended with {done.returncode}"


def judge(build, mutant, limit):
    with tempfile.TemporaryDirectory(prefix="mutant-") as name:
        folder = pathlib.Path(name)
        replaced = build.object(mutant, folder)
        if not replaced:
            mutant.verdict, mutant.by = BROKEN, "the compiler"
            return mutant
        mutant.verdict, mutant.by = play_scenarios(build.program(SCENARIOS, replaced, folder), limit)
        if mutant.verdict == SURVIVED:
            mutant.verdict, mutant.by = play_conformance(build, build.program(MOCK, replaced, folder), limit)
    return mutant


def explained():
    """survivors.txt: "name: reason" for those that nobody can notice."""
    rows = (line.split(": ", 1) for line in (HERE / "survivors.txt").read_text().splitlines()
            if line and not line.startswith("#"))
    return {name: reason for name, reason in rows}


def score(mutants):
    """Noticed among those that could have been; None when there is none."""
    counted = [m for m in mutants if m.verdict in (KILLED, TIMEOUT, SURVIVED)]
    return 100 * sum(m.verdict != SURVIVED for m in counted) / len(counted) if counted else None


def report(mutants, reasons):
    for m in mutants:
        if m.verdict == SURVIVED:
            print(f"\nsurvived: {m.name}\n  {m.what}\n" + re.sub(r"(?m)^(?=[-+])", "  ", m.patch.split("\n", 2)[2]))
    stale = [m.name for m in mutants if m.name in reasons and m.verdict in (KILLED, TIMEOUT)]
    for name in stale:
        print(f"survivors.txt explains {name}, but it was noticed: take the line away")
    print(f"\n{'':22}{'mutants':>8}{'killed':>8}{'timeout':>8}{'survived':>9}{'explained':>10}{'score':>8}")
    rows = [("named", [m for m in mutants if m.operator == "named"])]
    rows += [(folder, [m for m in mutants if m.operator != "named" and m.file.startswith(folder + "/")])
             for folder in FOLDERS]
    rows += [(op, [m for m in mutants if m.operator == op])
             for op in sorted({m.operator for m in mutants} - {"named"})]
    for label, some in rows:
        if some:
            n = collections.Counter(m.verdict for m in some)
            percent = score(some)
            print(f"{label:22}{len(some) - n[BROKEN]:8}{n[KILLED]:8}{n[TIMEOUT]:8}{n[SURVIVED]:9}{n[EXPLAINED]:10}"
                  + (f"{percent:7.1f}%" if percent is not None else f"{'-':>8}"))
    return not stale


def main():
    ask = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    ask.add_argument("build", help="a build folder; run.sh makes one")
    ask.add_argument("--sample", type=int, metavar="N", help="only N generic mutants; 0: none")
    ask.add_argument("--seed", type=int, default=1, help="which ones (default %(default)s)")
    ask.add_argument("--operator", action="append", help="only these operators (or named); repeatable")
    ask.add_argument("--run", metavar="REGEX", help="only mutants with such a name")
    ask.add_argument("--jobs", type=int, default=os.cpu_count(), help="at a time (default: processors)")
    ask.add_argument("--limit", type=float, default=60, help="seconds for one run (default %(default)s)")
    ask.add_argument("--least", type=float, default=0, help="exit 1 when the generic score is lower")
    ask.add_argument("--counts", help="write 'passed failed skipped' there")
    ask.add_argument("--list", action="store_true", help="print their names and stop")
    o = ask.parse_args()
    operators = set(o.operator or ())
    mutants = list(named()) if not operators or "named" in operators else []
    some = [] if operators == {"named"} or o.sample == 0 else list(generic(operators - {"named"}))
    if o.sample and len(some) > o.sample:
        some = random.Random(o.seed).sample(some, o.sample)
    mutants = [m for m in mutants + some if not o.run or re.search(o.run, m.name)]
    if o.list:
        print("\n".join(f"{m.name}\t{m.what}" for m in mutants))
        return 0
    reasons, started = explained(), time.monotonic()
    build = Build(o.build)
    verdict, by = play_scenarios(build.folder / SCENARIOS, 10 * o.limit)
    if verdict != SURVIVED:
        sys.exit(f"the scenarios fail without any mutant: {by}")
    with concurrent.futures.ThreadPoolExecutor(o.jobs) as pool:
        for n, m in enumerate(pool.map(lambda m: judge(build, m, o.limit), mutants), 1):
            if m.verdict == SURVIVED and m.name in reasons:
                m.verdict, m.by = EXPLAINED, reasons[m.name]
            print(f"[{n}/{len(mutants)}] {m.name}: {m.verdict} ({m.by})" if m.by else
                  f"[{n}/{len(mutants)}] {m.name}: {m.verdict}", flush=True)
    good = report(mutants, reasons)
    unnoticed = [m for m in mutants if m.operator == "named" and m.verdict in (SURVIVED, BROKEN)]
    generic_score = score([m for m in mutants if m.operator != "named"])
    low = generic_score is not None and generic_score < o.least
    n = collections.Counter(m.verdict for m in mutants)
    failed = len(unnoticed) + (not good) + low
    print(f"\n{n[KILLED] + n[TIMEOUT]} noticed, {n[SURVIVED]} survived, {n[EXPLAINED]} explained, "
          f"{n[BROKEN]} do not compile, in {time.monotonic() - started:.0f} s")
    if o.counts:
        pathlib.Path(o.counts).write_text(f"{n[KILLED] + n[TIMEOUT]} {failed} {n[EXPLAINED]}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
