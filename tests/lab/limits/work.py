#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Counts the instructions of the largest requests: work.py PROGRAM. Prints TAP."""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

# What a request may take: so many instructions for each of its bytes, and so many at any size. In a
# build without optimisation an honest one takes a third of it; one that is quadratic, many times as much.
PER_BYTE, ALWAYS = 6_000, 40_000_000
# What looks at more than it was sent: the bytes of rows, rules or documents that are there already.
PER_BYTE_THERE = 300
THERE = {"journal filter": 1500 * 4096, "request under 100 rules": 100 * 1000,
         "state of 5,000 operations, out": 1_000_000}

program = sys.argv[1]
with tempfile.TemporaryDirectory() as folder:
    run = subprocess.run(
        ["valgrind", "-q", "--tool=callgrind", "--instr-atstart=no",
         f"--callgrind-out-file={folder}/out", program],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, "CK_FORK": "no"})
    counted = []
    for path in sorted(pathlib.Path(folder).glob("out.*"), key=lambda p: int(p.suffix[1:])):
        text = path.read_text(errors="replace")
        name = re.search(r"desc: Trigger: Client Request: (.*):(\d+)", text)
        total = re.search(r"^totals: (\d+)", text, re.M)
        if name and total:
            counted.append((name[1], int(name[2]), int(total[1])))
print(f"1..{len(counted) + 1}")
print("ok 1 - all were answered" if run.returncode == 0 and len(counted) > 20
      else f"not ok 1 - {run.returncode}: {run.stdout[-500:]}")
for number, (name, size, took) in enumerate(counted, 2):
    most = ALWAYS + PER_BYTE * size + PER_BYTE_THERE * THERE.get(name, 0)
    print(f"{'ok' if took <= most else 'not ok'} {number} - {name}: {size} bytes, {took:,} instructions of {most:,}")
