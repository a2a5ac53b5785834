# SPDX-License-Identifier: Apache-2.0
"""A Markdown page as a list of what its author wants run."""
import re

FENCE = re.compile(r"^(\s*)(`{3,}|~{3,})\s*([\w-]*)\s*$")
START = re.compile(r"^(?:\./run|lakebase-mock serve)((?: +[^\s|&;<>$`]+)*)$")
EXAMPLES = re.compile(r"^<!--\s*examples\s*-->\s*$")
NOT_RUN = re.compile(r"^<!--\s*not run:\s*(\S.*?)\s*-->\s*$")
NOT_OUTPUT = re.compile(r"^<!--\s*not output\s*-->\s*$")
RUN = {"sh", "python", "go", "java", "js"}
OUTPUT = {"text", "json"}


class Server:
    """A block that starts a server, alone: from here on a fresh one with these flags."""

    def __init__(self, line, flags):
        self.line, self.flags = line, flags


class Block:
    """A block to run, with the block that shows what it prints, if there is one."""

    def __init__(self, line, language, text):
        self.line, self.language, self.text = line, language, text
        self.output = None  # (language, text, index of its first line, index after its last)


def fences(lines):
    """(index of the opening line, language, index after the closing one) for each fence."""
    i = 0
    while i < len(lines):
        m = FENCE.match(lines[i])
        if not m:
            i += 1
            continue
        end = i + 1
        while end < len(lines) and lines[end].strip() != m.group(2):
            end += 1
        if end == len(lines):
            raise SystemExit(f"line {i + 1}: this block has no end")
        yield i, m.group(3), end + 1
        i = end + 1


def read(text):
    """The steps of a page: Server and Block, in order. Empty when it takes no part."""
    lines = text.splitlines()
    inside = {}
    for start, language, end in fences(lines):
        for i in range(start, end):
            inside[i] = (start, language, end)
    steps, last, excused, foreign, started = [], None, False, False, False
    i = 0
    while i < len(lines):
        if i in inside:
            start, language, end = inside[i]
            body = "\n".join(lines[start + 1:end - 1])
            if language == "sh" and not excused and (start_of := START.match(body)):
                steps.append(Server(start + 1, start_of.group(1).split()))
                started, last = True, None
            elif language in RUN and started and not excused:
                last = Block(start + 1, language, body)
                steps.append(last)
            elif language in RUN:
                last = None
            elif language in OUTPUT and last and not last.output and not foreign:
                last.output = (language, body, start + 1, end - 1)
            excused = foreign = False
            i = end
            continue
        if EXAMPLES.match(lines[i]):
            steps.append(Server(i + 1, []))
            started, last = True, None
        elif lines[i].startswith("#"):
            last = None
        excused = bool(NOT_RUN.match(lines[i])) or (excused and not lines[i].strip())
        foreign = bool(NOT_OUTPUT.match(lines[i])) or (foreign and not lines[i].strip())
        i += 1
    return steps
