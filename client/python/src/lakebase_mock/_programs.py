# SPDX-License-Identifier: Apache-2.0
"""The programs that a wheel brings along, and the commands that run them."""
import os
import pathlib
import shutil
import signal
import sys
from typing import List, NoReturn, Optional

_HERE = pathlib.Path(__file__).resolve().parent


def bundled(name: str) -> Optional[str]:
    """The path of a program of this wheel; None when the package came without."""
    path = _HERE / "bin" / name
    return str(path) if path.is_file() else None


def find(name: str) -> Optional[str]:
    """The bundled program, or the first on the PATH."""
    on_path = (shutil.which(name, path=folder) for folder in os.get_exec_path())
    return bundled(name) or next((path for path in on_path if path and not _is_script(path)), None)


def _is_script(path: str) -> bool:
    """The command of this package or of one like it, which would look for the program itself, and might find us."""
    with open(path, "rb") as f:
        return f.read(2) == b"#!"


def _run(name: str, extra: Optional[List[str]] = None) -> NoReturn:
    program = find(name)
    if not program:
        sys.exit(f"{name}: this installation of the Python package has no {name} in it. Wheels for Linux on "
                 f"x86_64 and aarch64 bring it along; elsewhere build it (./run) and put it on the PATH.")
    # `pip` does not keep the executable bit of package data everywhere.
    if not os.access(program, os.X_OK):
        os.chmod(program, 0o755)
    # Python ignores it, and what is ignored stays so: the program would complain when `| head` has enough.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    os.execv(program, [name, *(extra or []), *sys.argv[1:]])


def server() -> NoReturn:
    """The command `lakebase-mock`."""
    _run("lakebase-mock")


def ctl() -> NoReturn:
    """The command `lakebasectl`."""
    _run("lakebasectl")


def conformance() -> NoReturn:
    """The command `lakebase-conformance`, which knows where its scenarios and its mock are."""
    words = sys.argv[1:]
    extra: List[str] = []
    mine, scenarios = bundled("lakebase-mock"), _HERE / "scenarios"
    if not words or words[0] not in ("sweep", "diff"):
        if scenarios.is_dir() and "--scenarios" not in words:
            extra += ["--scenarios", str(scenarios)]
        if mine and "--mock" not in words and "--target" not in words:
            extra += ["--mock", mine]
    _run("lakebase-conformance", extra)
