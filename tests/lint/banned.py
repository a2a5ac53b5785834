#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Functions with a better way. The way out is on the same line: /* allowed: why */"""
import pathlib
import re
import sys

RULES = [  # (functions, where the rule holds, its one home, what to use)
    ("strcpy|strcat|sprintf|vsprintf|gets|strtok|alloca", "server client tests", "", "snprintf, struct buf"),
    ("atoi|atol|atoll|atof|strtol|strtoll|strtoul|strtoull|strtod|sscanf", "server", "base/text.c", "text_int()"),
    ("atoi|atol|atoll|atof|strtol|strtoul|sscanf", "client", "", "a reader that refuses trailing text"),
    ("time|gettimeofday|clock_gettime|localtime|gmtime|ctime|mktime|localtime_r|gmtime_r|timegm", "server",
     "base/when.c", "the clock that was handed in"),
    ("rand|srand|random|srandom|drand48|getrandom|arc4random|RAND_bytes", "server client", "", "the seed"),
    ("json_decref", "server", "base/ core/document/doc.", "json_auto_t, STEAL"),
    ("sqlite3_exec", "server", "store/", "a prepared statement"),
    ("memrchr|rawmemchr|strchrnul|mempcpy|qsort_r", "server client", "", "what macOS has, too"),
    ("system|popen|getaddrinfo|gethostbyname", "server client", "", "nothing that runs or resolves names"),
]
bad = []


def code_of(text):
    """Blank out comments and strings, keep the lines."""
    blank = lambda m: re.sub(r"[^\n]", " ", m.group())
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', blank, text, flags=re.S)


for path in sorted(p for d in ("server", "client", "tests") for p in pathlib.Path(d).rglob("*.[ch]")):
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    for number, line in enumerate(code_of(text).splitlines(), 1):
        for names, where, homes, instead in RULES:
            if path.parts[0] not in where.split() or any(h in str(path) for h in homes.split()):
                continue
            hit = re.search(rf"(?<![\w.>])({names})\(", line)
            if hit and not re.search(r"/\* allowed: \S", lines[number - 1]):
                bad.append(f"{path}:{number}: {hit[1]}() is banned here; use {instead}")
print("\n".join(bad))
sys.exit(bool(bad))
