#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Breaks the server on purpose, one small change at a time, and looks who notices.

Coccinelle writes the changes: named/ holds one semantic patch per behaviour, operators/ the generic
ones. For each mutant one file is compiled and linked into the suites, the most killing one first: the
scenarios in process, the check programs, and what only the conformance suite does over HTTP.
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
import signal
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
# What the scenarios, played before, do not hold: two requests at once, and a client that tries again.
OVER_HTTP = "lakebase.list.page.under-change,lakebase.branch.create.*,lakebase.conflict.retry.*"
# What the sanitized suites of ./test would notice is noticed here, too: leaks at once; what else there is, by
# these few, when nobody noticed anything, since it takes as long again. Traces are for people.
LEAKS = ("-fsanitize=leak",)
ALL = ("-U_FORTIFY_SOURCE", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")
TRACELESS = "malloc_context_size=2:hard_rss_limit_mb=2048" # with less of a trace than that no leak is found
AGAIN = re.compile(r"tests/(api|unit)/|tests/lab/test_lab_(bounds|edges|refusals)$")
# A sweep that takes as long as all the others together, and kills nothing that they leave.
SWEEPS = ("lab-masks",)
# How a line of TAP, of check or of the conformance suite begins that tells of a failure.
FAILED = re.compile(r"not ok \d+ - |Bail out! |(fail|error|inconclusive) +(?=lakebase)|.*/test_(?=\w+\.c:\d+:[FE]:)")
KILLED, SURVIVED, TIMEOUT, BROKEN, EXPLAINED = "killed", "survived", "timed out", "does not compile", "explained"


@dataclasses.dataclass
class Mutant:
    name: str       # "spec-dropped", or "negate core/mask/mask.c mask_parse 1f3a9c"
    operator: str   # "named" or the name of the operator
    file: str       # below server/
    what: str       # one line for people
    patch: str      # a unified diff against the tree
    guard: str = "" # the scenario or program that is known to notice it, and is asked first
    verdict: str = ""
    by: str = ""


def spatch(rules, file, cache):
    """The unified diff of a semantic patch on a file of the server; kept, since it takes a while."""
    path = SERVER / file
    key = hashlib.sha256(f"{rules}\0{file}\0".encode() + rules.read_bytes() + path.read_bytes()).hexdigest()
    kept = cache / key
    if not kept.exists():
        text = spatch_anew(rules, file)
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(text)
    return kept.read_text()


def spatch_anew(rules, file):
    done = subprocess.run(["spatch", "--sp-file", rules, "--no-includes", "--very-quiet", "-U", "0", file],
                          cwd=SERVER, capture_output=True, text=True, check=False)
    if "delete an expanded token" in done.stderr: # it applies inside of a macro, too: nothing can be said of this file
        return ""
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


def named(cache):
    """The mutants of named/. One that no longer applies is an error, with its name."""
    paths = sorted((HERE / "named").glob("*.cocci"))
    files = [header(path, "file") for path in paths]
    patches = side_by_side(lambda path, file: (SERVER / file).exists() and spatch(path, file, cache), paths, files)
    lost = [path.stem for path, patch in zip(paths, patches) if not patch]
    if lost:
        sys.exit("These patches of tests/mutation/named/ do not apply any more; rewrite them for the code as it "
                 "is now: " + ", ".join(lost))
    return [Mutant(path.stem, "named", file, path.read_text().split("\n", 1)[0].lstrip("/ "), patch,
                   header(path, "guard"))
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


def opened(line):
    """How many braces and parentheses a line of a diff opens for good, or closes: negative."""
    code = re.sub(r'"(\\.|[^"\\])*"|\'(\\.|[^\'\\])+\'', "", line[1:])
    return (1 if line[0] == "+" else -1) * (sum(map(code.count, "{(")) - sum(map(code.count, "})")))


def changes(patch):
    """Splits the diff without context of one file into (line, text), one for each change: a hunk, or several
    where the first opens something that the last one closes."""
    start, lines, depth = None, [], 0
    for line in patch.splitlines(keepends=True):
        if line.startswith("@@"):
            if start and not depth:
                yield start, "".join(lines)
                start, lines = None, []
            start = start or int(re.match(r"@@ -(\d+)", line)[1])
        elif not line.startswith(("+", "-")) or line.startswith(("--- ", "+++ ")):
            continue
        else:
            depth += opened(line)
        lines.append(line)
    if start:
        yield start, "".join(lines)


def mutants_of(rules, file, cache):
    """The mutants of one operator in one file, in its order."""
    seen = collections.Counter()
    out = []
    for line, text in changes(spatch(rules, file, cache)):
        fn, change = function_at(file, line), text.split("\n", 1)[1]
        key = hashlib.sha256(re.sub(r"\s+", "", change).encode()).hexdigest()[:6]
        name = f"{rules.stem} {file} {fn} {key}"
        seen[name] += 1
        if seen[name] > 1:
            name += f"-{seen[name]}"
        out.append(Mutant(name, rules.stem, file, f"server/{file}:{line} in {fn}()",
                          f"--- a/{file}\n+++ b/{file}\n{text}", header(rules, "guard")))
    return out


def generic(operators, cache, sample, seed):
    """The mutants of operators/ over the three folders: each place where one applies, or some of them. As many
    draws are put into the urn for a file as the operator has places there at most, which the file's text tells;
    the draw that is one too many says nothing. So only the files that are drawn need be looked at."""
    paths = [path for path in sorted((HERE / "operators").glob("*.cocci"))
             if not operators or path.stem in operators]
    files = sorted(str(file.relative_to(SERVER)) for folder in FOLDERS for file in (SERVER / folder).rglob("*.c"))
    texts = {file: (SERVER / file).read_text() for file in files}
    places = {path: re.compile(header(path, "places"), re.M) for path in paths}
    urn = [(path, file, n) for path in paths for file in files
           for n, _ in enumerate(places[path].finditer(texts[file]))]
    if sample:
        random.Random(seed).shuffle(urn)
    look = functools.lru_cache(maxsize=None)(lambda path, file: mutants_of(path, file, cache))
    pairs, some = sorted({(path, file) for path, file, _ in urn}), []
    if not sample:
        side_by_side(look, *zip(*pairs))
    for path, file, n in urn:
        found = look(path, file)
        if len(found) > sum(1 for _ in places[path].finditer(texts[file])):
            sys.exit(f"{path.name} has {len(found)} places in {file}, which its line \"places:\" does not see")
        if n < len(found):
            some.append(found[n])
        if len(some) == sample:
            break
    return some


@dataclasses.dataclass
class Suite:
    """What exits with 0 when it noticed nothing. In its command, None stands for the program it looks at."""
    name: str
    target: str
    words: list
    seconds: float = 0  # that it takes when it notices nothing

    def play(self, program, limit):
        return verdict_of(self.name, *play([program if word is None else word for word in self.words], limit))

    def first_of(self, guard):
        """What is asked before everything else: one scenario of the many, or the program of that name."""
        if self.target == SCENARIOS and guard.startswith("lakebase."):
            return [Suite(self.name, self.target, [*self.words, guard])]
        return [self] if self.name == guard else []


class Build:
    """A build folder whose commands are run again with one file changed."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder).resolve()
        checks = self.checks()
        targets = [SCENARIOS, *(suite.target for suite in checks), MOCK]
        subprocess.run(["ninja", "-C", self.folder, *targets, CONFORMANCE], check=True, stdout=subprocess.DEVNULL)
        rows = json.loads((self.folder / "compile_commands.json").read_text())
        self.compile = {str((self.folder / row["file"]).resolve()): shlex.split(row["command"])
                        for row in rows if row["output"].startswith("server/")}
        self.link = {target: self.link_command(target) for target in targets}
        self.suites = [
            Suite("the scenarios", SCENARIOS, [None, TOP / "fixtures/scenarios"]), *checks,
            Suite("the generated pages", MOCK, ["python3", TOP / "docs/make.py", "--check", None]),
            Suite("the conformance suite", MOCK,
                  [self.folder / CONFORMANCE, "--mock", None, "--run", OVER_HTTP, "--seed", "1"])]

    def checks(self):
        """The check programs of tests/unit and tests/lab."""
        tests = json.loads(self.run(["meson", "introspect", "--tests"]).stdout)
        return [Suite(test["name"], str(pathlib.Path(test["cmd"][0]).relative_to(self.folder)), [None])
                for test in tests
                if test["cmd"][0].startswith((f"{self.folder}/tests/unit/", f"{self.folder}/tests/lab/"))
                and test["name"] not in SWEEPS]

    def check(self, limit):
        """Nothing may fail without a mutant. What is quick is asked first from now on, after the scenarios,
        which notice most."""
        def one(suite):
            with tempfile.TemporaryDirectory(prefix="mutant-") as name:
                program, started = self.program(suite.target, None, pathlib.Path(name)), time.monotonic()
                verdict, by = suite.play(program, limit)
            suite.seconds = time.monotonic() - started
            return "" if verdict == SURVIVED else f"{suite.name} fails without any mutant: {by}"
        if wrong := "\n".join(filter(None, side_by_side(one, self.suites))):
            sys.exit(wrong)
        self.suites[1:] = sorted(self.suites[1:], key=lambda suite: suite.seconds)

    def link_command(self, target):
        lines = subprocess.run(["ninja", "-C", self.folder, "-t", "commands", target], check=True,
                               capture_output=True, text=True).stdout.splitlines()
        return shlex.split(lines[-1])

    def run(self, words, **more):
        return subprocess.run(words, cwd=self.folder, capture_output=True, text=True, check=False, **more)

    def object(self, mutant, folder, sanitize):
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
        done = self.run([*fixed, "-Wno-error", "-w", "-g0", "-O1", *sanitize, "-iquote", str((SERVER / mutant.file).parent),
                         "-c", source, "-o", out])
        return out if done.returncode == 0 else None

    def program(self, target, replaced, folder, sanitize=LEAKS):
        """Links the target with one object put in front of the archives that hold the original. NULL for a
        test of another file, which has not all that this one calls."""
        words, out = list(self.link[target]), folder / pathlib.Path(target).name
        words[words.index("-o") + 1] = str(out)
        words[words.index("-o") + 2:words.index("-o") + 2] = [str(replaced)] * bool(replaced)
        done = self.run([*words, "-fuse-ld=mold", *sanitize])
        if done.returncode and target in (SCENARIOS, MOCK):
            sys.exit(f"cannot link {target}: {done.stderr[-2000:]}")
        return out if done.returncode == 0 else None


def play(words, limit):
    """(exit status, first line that tells of a failure), which ends it; negative: killed by that signal."""
    # Processor time is what a loop without end eats, however busy the machine is.
    env = {**os.environ, "CK_FORK": "no", "LSAN_OPTIONS": TRACELESS, "ASAN_OPTIONS": TRACELESS}
    with subprocess.Popen(["bash", "-c", f'ulimit -t {limit}; exec "$@"', "-", *words], env=env, cwd=TOP,
                          text=True, errors="replace",  # a broken server may say what is no UTF-8
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          start_new_session=True) as p:
        late = threading.Timer(20 * limit, p.kill)
        late.start()
        first = next((line for line in p.stdout if FAILED.match(line)), "")
        if first:
            p.kill()
        status = p.wait()
        late.cancel()
    return status, first.strip()


def verdict_of(suite, status, first):
    if first:
        return KILLED, FAILED.sub("", first)
    if -status in (signal.SIGXCPU, signal.SIGKILL):
        return TIMEOUT, suite
    return (KILLED, f"{suite} ended with {status}") if status else (SURVIVED, "")


def ask(build, mutant, suites, sanitize, limit):
    """One suite after the other, until one notices. False when the mutant does not compile."""
    with tempfile.TemporaryDirectory(prefix="mutant-") as name:
        folder = pathlib.Path(name)
        replaced = build.object(mutant, folder, sanitize)
        if not replaced:
            return False
        for suite in suites:
            if f"server/{mutant.file.split('/')[0]}/lib" not in " ".join(build.link[suite.target]):
                continue
            if program := build.program(suite.target, replaced, folder, sanitize):
                mutant.verdict, mutant.by = suite.play(program, limit)
                if mutant.verdict != SURVIVED:
                    break
    return True


def judge(build, mutant, limit):
    """All suites, those that a guard names first, and a few of them again with more sanitizers."""
    first = [one for suite in build.suites for one in suite.first_of(mutant.guard)]
    suites = first + [suite for suite in build.suites if suite not in first]
    if not ask(build, mutant, suites, LEAKS, limit):
        mutant.verdict, mutant.by = BROKEN, "the compiler"
    elif mutant.verdict == SURVIVED:
        ask(build, mutant, [suite for suite in build.suites if AGAIN.match(suite.target)], ALL, limit)
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
    ask.add_argument("--limit", type=int, default=12,
                     help="seconds of processor time for one run (default %(default)s)")
    ask.add_argument("--least", type=float, default=0, help="exit 1 when the generic score is lower")
    ask.add_argument("--counts", help="write 'passed failed skipped' there")
    ask.add_argument("--list", action="store_true", help="print their names and stop")
    o = ask.parse_args()
    operators = set(o.operator or ())
    cache = pathlib.Path(o.build) / "patches"
    mutants = list(named(cache)) if not operators or "named" in operators else []
    some = [] if operators == {"named"} or o.sample == 0 else generic(operators - {"named"}, cache, o.sample, o.seed)
    mutants = [m for m in mutants + some if not o.run or re.search(o.run, m.name)]
    if o.list:
        print("\n".join(f"{m.name}\t{m.what}" for m in mutants))
        return 0
    reasons, started = explained(), time.monotonic()
    build = Build(o.build)
    build.check(o.limit)
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
