#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""lakebase(3) from lakebase.h: its comments are the manual. header2man.py HEADER > lakebase.3"""
import re
import sys

text = open(sys.argv[1], encoding="utf-8").read()
version = re.search(r'LAKEBASE_VERSION "([^"]+)"', text)[1]


def troff(s):
    s = s.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"(?m)^([.'])", r"\\&\1", s)


def comment(s):
    lines = [re.sub(r"^\s*(/\*+|\*/|\*)?\s?", "", line) for line in s.strip().removesuffix("*/").splitlines()]
    return "\n".join(line.rstrip() for line in lines).strip()


def prose(s):
    """Paragraphs; indented lines are code, `word<tab>text` a list."""
    out = []
    for block in re.split(r"\n\s*\n", s):
        if block.startswith(("\t", "    ")) or block.lstrip().startswith(("if (", "while (", "struct ")):
            out.append(".PP\n.nf\n.RS\n" + troff(block.expandtabs(4)) + "\n.RE\n.fi")
        elif re.match(r"[A-Z][a-z]+\t", block):
            for item in re.split(r"\n(?=\S)", block):
                word, _, rest = item.partition("\t")
                out.append(f".TP\n.B {word}\n" + troff(re.sub(r"\s+", " ", rest.strip())))
        else:
            out.append(".PP\n" + troff(re.sub(r"\s*\n\s*", "\n", block)))
    return "\n".join(out)


print(f'.TH LAKEBASE 3 "" "lakebase {version}" "Lakebase"')
print(".SH NAME\nlakebase \\- the Databricks Lakebase control plane from C")
print(".SH SYNOPSIS\n.nf\n#include <lakebase.h>\n\ncc ... $(pkg\\-config \\-\\-cflags \\-\\-libs lakebase)\n.fi")
head = re.search(r"/\*\n \* liblakebase: (.*?)\*/", text, re.S)
print(".SH DESCRIPTION")
body = "\n".join(re.sub(r"^ \* ?", "", line) for line in head[1].splitlines())
print(prose(body.strip()))
rest = text[head.end():]
NOTE = r"(/\*(?:(?!\*/).)*?\*/\n)?"
DECLARATION = re.compile(NOTE + r"((?:struct|enum) \w+ \{\n.*?\n\};|LAKEBASE_API [^;]*;)\n", re.S)
sections = re.split(r"/\* ---- ", rest)
sections[0] = "Version -" + sections[0]
for section in sections:
    title, _, section = section.partition(" -")
    print(f'.SH "{title.upper()}"')
    for note, declaration in DECLARATION.findall(section):
        declaration = declaration.removeprefix("LAKEBASE_API ")
        print(".PP\n.nf\n.B\n" + "\n".join(troff(l) for l in declaration.expandtabs(8).splitlines()) + "\n.fi")
        if note.strip():
            print(".RS\n" + prose(comment(note)) + "\n.RE")
print('.SH "SEE ALSO"\nlakebasectl(1)')
