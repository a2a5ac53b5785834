#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""lakebase(3) and a page for each group of functions, from lakebase.h: its comments are the manual.
header2man.py HEADER FOLDER writes the pages; with --list it prints their names, one a line."""
import pathlib
import re
import sys
import textwrap

text = open(sys.argv[1], encoding="utf-8").read()
version = re.search(r'LAKEBASE_VERSION "([^"]+)"', text)[1]
# the preprocessor is no part of a manual, nor are the ready-made values of structs
plain = re.sub(r"(?m)^#(.*\\\n)*.*\n|^extern \"C\" \{\n", "", text)
NOTE = r"(/\*(?:(?!\*/).)*?\*/\n)?"
DECLARATION = re.compile(NOTE + r"((?:struct|enum) \w+ \{\n.*?\n\};|LAKEBASE_API [^;]*;|struct \w+;)(?=\s)", re.S)
PAGES = {"Version": None, "Errors": "errors", "Documents": "documents", "Connecting": "connecting", "Calls": "calls",
         "Lists": "lists", "Update masks": "masks", "Names": "names", "Without blocking": "multi"}


def troff(s):
    s = s.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("`", "\\(ga")
    return re.sub(r"(?m)^\.", r"\\&.", s)


def code(s):
    return ".PP\n.nf\n.RS 4\n" + troff(textwrap.dedent(s.expandtabs(4))) + "\n.RE\n.fi"


def comment(s):
    lines = [re.sub(r"^\s*(/\*+|\*/|\*)?\s?", "", line) for line in s.strip().removesuffix("*/").splitlines()]
    return "\n".join(line.rstrip() for line in lines).strip()


def prose(s):
    """Paragraphs; indented lines are code, `Word<tab>text` a list."""
    out = []
    for block in re.split(r"\n\s*\n", s):
        if block.startswith(("\t", "    ")) or block.lstrip().startswith(("if (", "while (", "struct ")):
            out.append(code(block))
        elif re.match(r"[A-Z][a-z]+\t", block):
            for item in re.split(r"\n(?=\S)", block):
                word, _, rest = item.partition("\t")
                out.append(f".TP\n.B {word}\n" + troff(re.sub(r"\s+", " ", rest.strip())))
        else:
            out.append(".PP\n" + troff(re.sub(r"\s*\n\s*", "\n", block)))
    return "\n".join(out)


MEMBER = re.compile(r"(?:\s*/\*((?:(?!\*/).)*)\*/\s*\n)?(\s*[^/\n][^/]*?[,;])[ \t]*(?:/\*((?:(?!\*/).)*)\*/)?(?=\n)", re.S)


def members(declaration):
    """The members of a struct or enum as a list: each with its comment beside or above it."""
    body = declaration[declaration.index("{\n") + 2:declaration.rindex("}")]
    for above, member, beside in MEMBER.findall("\n" + body):
        words = re.sub(r"\s+", " ", f"{above} {beside}").strip()
        words = re.sub(r" \* ", " ", words)
        member = re.sub(r"\s+", " ", member.strip().rstrip(",;"))
        yield f".TP\n.B \"{troff(member)}\"\n" + (troff(words) if words else "\\&")


def declaration_of(note, declaration):
    declaration = re.sub(r"\s+", " ", declaration.removeprefix("LAKEBASE_API ")) if "{" not in declaration else declaration
    out = []
    if "{" in declaration:
        out.append(f".PP\n.B \"{declaration.split('{')[0].strip()}\"")
        if note.strip():
            out.append(prose(comment(note)))
        out += [".RS 4", *members(declaration), ".RE"]
    else:
        out.append(".PP\n.nh\n.ad l\n.HP 4\n.B \"" + troff(declaration) + "\"\n.ad b\n.hy")
        if note.strip():
            out.append(".RS 4\n" + prose(comment(note)) + "\n.RE")
    return "\n".join(out)


def heading(name, about):
    return (f'.TH {name.upper()} 3 "" "lakebase {version}" "Lakebase"\n.SH NAME\n{name} \\- {troff(about)}\n'
            ".SH SYNOPSIS\n.nf\n#include <lakebase.h>\n.fi\n"
            + ("\nLink with the flags of $(pkg\\-config \\-\\-libs lakebase)." if name == "lakebase" else ""))


def pages():
    head = re.search(r"/\*\n \* liblakebase: (.*?)\*/", plain, re.S)
    about, _, rest = "\n".join(re.sub(r"^ \* ?", "", line) for line in head[1].splitlines()).strip().partition("\n")
    sections = re.split(r"/\* ---- ", plain[head.end():])
    sections[0] = "Version -" + sections[0]
    own, groups = [heading("lakebase", about.rstrip(".")), ".SH DESCRIPTION", prose(rest.strip("\n"))], []
    for section in sections:
        title, _, body = section.partition(" -")
        # what stands between title and declarations
        body = body.partition("*/\n")[2] if title != "Version" else body
        short = PAGES[title]
        declarations = DECLARATION.findall(body)
        blocks = [declaration_of(n, d) for n, d in declarations if not d.startswith("struct ") or "{" in d or n.strip()]
        first = re.match(r"\s*/\*\n((?: \*.*\n)+?) \*/\n\n", body)
        intro = [prose(comment(first[0]))] if first else []
        functions = re.findall(r"\b(lakebase_\w+)\(", "\n".join(d for _, d in declarations if d.startswith("LAKEBASE_API")))
        if not short:
            own += ['.SH "VERSION"', *blocks]
            yield from ((function, ".so man3/lakebase.3\n") for function in functions)
            continue
        name = f"lakebase_{short}"
        groups.append((name, title))
        yield name, "\n".join([heading(name, f"{title[0].lower()}{title[1:]}: a part of liblakebase"),
                               ".SH DESCRIPTION", *intro, *blocks, '.SH "SEE ALSO"\n.BR lakebase (3)\n'])
        for function in dict.fromkeys(functions):
            if function not in (name, "lakebase_and_wait"):
                yield function, f".so man3/{name}.3\n"
    own.append('.SH "PAGES"\nThe functions are described by group:')
    own += [f".TP\n.BR {name} (3)\n{title}" for name, title in groups]
    own.append('.SH "SEE ALSO"\n.BR lakebasectl (1)\n')
    yield "lakebase", "\n".join(own)


if sys.argv[2] == "--list":
    print("\n".join(f"{name}.3" for name, _ in pages()))
else:
    for name, page in pages():
        (pathlib.Path(sys.argv[2]) / f"{name}.3").write_text(page, encoding="utf-8")
