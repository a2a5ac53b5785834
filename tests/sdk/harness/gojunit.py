# SPDX-License-Identifier: Apache-2.0
"""gojunit.py OUT JUNIT: what a Go test binary printed with -test.v, as a JUnit file."""

import re
import sys
import xml.etree.ElementTree as ET

RESULT = re.compile(r"^\x16?\s*--- (PASS|FAIL|SKIP): (\S+) \(([\d.]+)s\)$")

lines = open(sys.argv[1], encoding="utf-8", errors="replace").read().splitlines()
results = [m.groups() for m in map(RESULT.match, lines) if m]
suite = ET.Element("testsuite", name="go")
for verdict, name, seconds in results:
    # A test that has subtests is counted by them, unless only it failed.
    subtests = [r for r in results if r[1].startswith(name + "/")]
    if subtests and (verdict != "FAIL" or any(r[0] == "FAIL" for r in subtests)):
        continue
    case = ET.SubElement(suite, "testcase", classname="go", name=name, time=seconds)
    if verdict == "FAIL":
        ET.SubElement(case, "failure", message="see go.txt")
    elif verdict == "SKIP":
        ET.SubElement(case, "skipped")
if not any(line.strip("\x16") in ("PASS", "FAIL") for line in lines):
    case = ET.SubElement(suite, "testcase", classname="go", name="the test program ends")
    ET.SubElement(case, "failure", message="it crashed or ran out of time: " + "\n".join(lines[-20:]))
ET.ElementTree(suite).write(sys.argv[2], encoding="unicode", xml_declaration=True)
