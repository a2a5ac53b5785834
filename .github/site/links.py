# SPDX-License-Identifier: Apache-2.0
"""Hooks of mkdocs: README.md is the first page, links out of docs/ lead to the repository, pictures follow the colours of the site."""
import os
import pathlib
import posixpath
import re

from mkdocs.structure.files import File

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parents[1]
REPOSITORY = os.environ.get("SITE_REPOSITORY")  # without one, the site is read beside its checkout
SHOWN = (".md", ".svg", ".webp", ".json")
CODE = re.compile(r"(^```.*?^```|`[^`\n]+`)", re.M | re.S)  # has brackets of its own
PICTURE = re.compile(r'''<picture>\s*<source media="[^"]*dark[^"]*" srcset="([^"]+)">\s*<img ([^>]*?)src="([^"]+)"([^>]*)>\s*</picture>''')
LINK = re.compile(r"""(\]\(|\b(?:href|src|srcset)=")([^)\s"]+)(\)|")""")


def on_files(files, config):
    files.append(File.generated(config, "index.md", content=(TOP / "README.md").read_text(encoding="utf-8")))
    for name in "site.css", "iframe-worker.js":
        files.append(File.generated(config, name, content=(HERE / name).read_text(encoding="utf-8")))
    return files


def outside(target, folder):
    """The address of a link that leaves docs/, or the link as it stands in the site."""
    path, mark, anchor = target.partition("#")
    if not path or re.match(r"[a-z]+:", path):
        return target
    whole = posixpath.normpath(posixpath.join(folder, path))
    if whole.startswith("docs/") and (TOP / whole).is_file() and whole.endswith(SHOWN) and whole != "docs/README.md":
        return posixpath.relpath(whole, folder if folder.startswith("docs") else "docs") + mark + anchor
    if not REPOSITORY:
        return (TOP / whole).as_uri() + mark + anchor
    kind = "tree" if (TOP / whole).is_dir() else "blob"
    return f"{REPOSITORY}/{kind}/main/{whole}{mark}{anchor}"


def on_post_page(output, page, config):
    # A dialog without a name is nothing to those who hear a page.
    return output.replace('role="dialog"', 'role="dialog" aria-label="Search"')


def both(m):
    """A picture for light and one for dark: the theme shows one of them, and follows its own switch, which <picture> cannot."""
    dark, before, light, after = m.groups()
    return "".join(['<span class="picture">', *(f'<img {before}src="{src}"{after}>' for src in (light + "#only-light", dark + "#only-dark")), "</span>"])


def on_page_markdown(markdown, page, config, files):
    first = page.file.src_uri == "index.md"
    folder = "" if first else posixpath.dirname("docs/" + page.file.src_uri)

    def link(m):
        target = outside(m[2], folder)
        if m[1][0] != "]":  # in HTML, which mkdocs leaves alone
            target = re.sub(r"^([^:]+)\.md\b", r"\1.html", target)
        return m[1] + target + m[3]
    parts = CODE.split(markdown.replace("<details>", '<details markdown="1">'))
    parts[::2] = [PICTURE.sub(both, LINK.sub(link, text)) for text in parts[::2]]
    return "".join(parts)
