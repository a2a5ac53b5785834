#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""embed.py OUTPUT FILE...: writes the files as constants of C; names are FOLDER/FILE."""
import pathlib
import sys


def literal(data):
    """Lines of string literals; a string too long for one literal is an array of bytes."""
    rows = [data[i:i + 20] for i in range(0, len(data), 20)]
    return ",\n".join("\t" + ", ".join(str(b) for b in row) for row in rows + [b"\0"])


out, files = pathlib.Path(sys.argv[1]), sorted(map(pathlib.Path, sys.argv[2:]))
text = ["/* Written by embed.py. */", '#include "lab/state/embed.h"', ""]
for i, path in enumerate(files):
    text.append(f"static const char file_{i}[] = {{\n{literal(path.read_bytes())}\n}};\n")
text.append("const struct embedded embedded_files[] = {")
for i, path in enumerate(files):
    text.append(f'\t{{ "{path.parent.name}/{path.name}", file_{i}, sizeof file_{i} - 1 }},')
text.append("\t{ 0 },\n};\n")
out.write_text("\n".join(text))
