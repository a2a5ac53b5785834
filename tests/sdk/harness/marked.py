# SPDX-License-Identifier: Apache-2.0
"""Parts of a page that a program writes, between two marks: <!-- NAME: begin --> and <!-- NAME: end -->."""
import re


def filled(page, parts):
    """The text of the page (a path), with each (name, body) of `parts` between its marks."""
    text = page.read_text()
    for name, body in parts:
        begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
        block = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.S)
        if not block.search(text):
            raise SystemExit(f"{page.name} has lost its markers {begin} and {end}")
        text = block.sub(lambda _, body=body: f"{begin}\n{body}\n{end}", text)
    return text
