#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does the source compile for macOS, and for a Linux with musl, as Alpine is? With warnings as errors, by the
clang and the headers of both in the PyPI package ziglang; nothing is linked or run. TAP.

    elsewhere.py BUILD     a build folder that is built: which files there are, and with which flags
"""
import collections
import concurrent.futures
import json
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile

import ziglang

ZIG = pathlib.Path(ziglang.__file__).parent
HEADERS = ZIG / "lib/libc/include"
# For each: its own headers, and a call that it lacks.
TARGETS = {
    "x86_64-apple-macos11": (["any-darwin-any"], "pipe2"),
    "arm64-apple-macos11": (["any-darwin-any"], "pipe2"),
    "x86_64-linux-musl": (["x86_64-linux-musl", "generic-musl", "x86-linux-any", "any-linux-any"], "gnu_get_libc_version"),
    "aarch64-linux-musl": (["aarch64-linux-musl", "generic-musl", "aarch64-linux-any", "any-linux-any"], "gnu_get_libc_version"),
}
FOLDERS = "server", "client", "tests/conformance", "tests/support"
# The libraries are taken from this machine. Their headers alone: beside them lie those of its C library.
LIBRARIES = ("event2", "openssl", "curl", "jansson.h", "jansson_config.h", "sqlite3.h", "check.h", "check_stdint.h",
             "libpq-fe.h", "postgres_ext.h", "pg_config_ext.h",
             "sys/queue.h")  # macOS has it, Alpine in its package bsd-compat-headers
LACKING = {
    "pipe2": "#include <unistd.h>\n#include <fcntl.h>\nint f(int *p);\nint f(int *p) { return pipe2(p, O_CLOEXEC); }\n",
    "gnu_get_libc_version": "#include <gnu/libc-version.h>\nconst char *f(void);\nconst char *f(void) { return gnu_get_libc_version(); }\n",
}


def gather(into):
    """A folder with the headers of the libraries, and no other."""
    triplet = subprocess.run(["cc", "-print-multiarch"], capture_output=True, text=True, check=True).stdout.strip()
    for place in ("/usr/include", f"/usr/include/{triplet}", "/usr/include/postgresql"):
        for path in (pathlib.Path(place, name) for name in LIBRARIES):
            for header in path.glob("*.h") if path.is_dir() else [path] if path.exists() else []:
                link = pathlib.Path(into, header.relative_to(place))
                link.parent.mkdir(parents=True, exist_ok=True)
                link.unlink(missing_ok=True)  # openssl/ stands in two places
                link.symlink_to(header)


def commands(build):
    """(path in the tree, folder to be in, name there, flags) of each file, once."""
    top, seen = pathlib.Path(__file__).resolve().parents[2], {}
    for entry in json.loads(pathlib.Path(build, "compile_commands.json").read_text(encoding="utf-8")):
        path = os.path.relpath(os.path.join(entry["directory"], entry["file"]), top)
        flags = [word for word in shlex.split(entry["command"])
                 if word.startswith(("-I", "-D", "-W", "-std=")) and not word.startswith(("-I/usr", "-D_FORTIFY"))]
        if path.endswith(".c") and path.startswith(tuple(f + "/" for f in FOLDERS)):
            seen.setdefault(path, (path, entry["directory"], entry["file"], flags))
    return sorted(seen.values())


def compiles(target, headers, where, name, flags):
    """Nothing, or what the compiler says."""
    system = [word for folder in TARGETS[target][0] for word in ("-isystem", HEADERS / folder)]
    own = ["-fsyntax-only", "-resource-dir", ZIG / "lib", "-nostdlibinc", *system, "-isystem", headers]
    done = subprocess.run([ZIG / "zig", "clang", "-target", target, *own, *flags, name], cwd=where,
                          capture_output=True, text=True)
    return done.stderr if done.returncode else ""


def main():
    number, bad = 0, 0
    with tempfile.TemporaryDirectory() as work, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        headers = pathlib.Path(work, "headers")
        headers.mkdir()
        gather(headers)
        todo = commands(sys.argv[1])
        for target, (_, lacking) in TARGETS.items():
            said = list(pool.map(lambda c: compiles(target, headers, *c[1:]), todo))
            by_folder = collections.defaultdict(list)
            for (path, *_), words in zip(todo, said):
                by_folder[next(f for f in FOLDERS if path.startswith(f + "/"))].append(words)
            results = [(f"{folder}: {len(by_folder[folder])} files compile", "".join(by_folder[folder]))
                       if by_folder[folder] else (folder, "there is no file of it") for folder in FOLDERS]
            foreign = pathlib.Path(work, f"{lacking}.c")
            foreign.write_text(LACKING[lacking], encoding="utf-8")
            refused = compiles(target, headers, work, foreign, ["-Werror"])
            results.append((f"{lacking}(), which it lacks, is refused", "" if refused else "it compiled"))
            for what, words in results:
                number += 1
                bad += bool(words)
                print(f"{'not ok' if words else 'ok'} {number} - {target}: {what}")
                print("".join(f"# {line}\n" for line in words.splitlines()), end="")
    print(f"1..{number}")
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
