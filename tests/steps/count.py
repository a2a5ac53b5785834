#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints "passed failed skipped" for a test log.

count.py meson testlog.json | junit FILE... | gotest FILE | tap FILE...
"""
import json
import re
import sys
import xml.etree.ElementTree as ET

CHECK = re.compile(r"^\d+%: Checks: (\d+), Failures: (\d+), Errors: (\d+)$", re.M)
TAP = re.compile(r"^(not ok|ok)\b([^\n]*)", re.M)


def meson(path):
    """A test counts its cases where it prints them (libcheck, TAP), else as one."""
    for line in open(path, encoding="utf-8", errors="replace"):
        test = json.loads(line)
        out, result = test.get("stdout") or "", test["result"]
        good = result in ("OK", "EXPECTEDFAIL")
        cases = [list(map(int, m)) for m in CHECK.findall(out)]
        if result == "SKIP":
            yield 0, 0, 1
            continue
        counts = [(n - f - e, f + e, 0) for n, f, e in cases]
        if not counts and re.search(r"^1\.\.\d+", out, re.M):
            counts = list(tap_cases(out))
        p, f, s = (sum(column) for column in zip(*counts)) if counts else (0, 0, 0)
        if p + f + s == 0:
            p = int(good)
        if not good and f == 0:
            f = 1
        yield p, f, s


def tap_cases(out):
    for word, rest in TAP.findall(out):
        skip = "# SKIP" in rest.upper()
        yield int(word == "ok" and not skip), int(word == "not ok"), int(skip)


def tap(*paths):
    """A log that stops before its plan is a failure."""
    for path in paths:
        out = open(path, encoding="utf-8", errors="replace").read()
        yield from tap_cases(out)
        if not re.search(r"^1\.\.\d+$", out, re.M):
            yield 0, 1, 0


def junit(*paths):
    for path in paths:
        for case in ET.parse(path).iter("testcase"):
            tags = {child.tag for child in case}
            bad = bool(tags & {"failure", "error"})
            skip = "skipped" in tags and not bad
            yield int(not bad and not skip), int(bad), int(skip)


def gotest(path):
    """Leaves only: a test with subtests is counted by them. A package that does not build fails."""
    results = {}
    for line in open(path, encoding="utf-8", errors="replace"):
        if not line.startswith("{"):
            continue
        event = json.loads(line)
        if event["Action"] not in ("pass", "fail", "skip"):
            continue
        results[event.get("Package"), event.get("Test")] = event["Action"]
    for (package, test), action in results.items():
        inner = [a for (p, t), a in results.items() if p == package and t and test
                 and t.startswith(test + "/")]
        if inner and (action != "fail" or "fail" in inner):
            continue
        if test is None:
            alone = not any(t for p, t in results if p == package)
            if not (alone and action == "fail"):
                continue
        yield int(action == "pass"), int(action == "fail"), int(action == "skip")


kinds = {"meson": meson, "junit": junit, "gotest": gotest, "tap": tap}
rows = list(kinds[sys.argv[1]](*sys.argv[2:]))
print(*(sum(column) for column in zip(*rows)) if rows else (0, 0, 0))
