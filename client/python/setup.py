# SPDX-License-Identifier: Apache-2.0
"""The programs of a wheel: they are in src/lakebase_mock/bin already, or meson builds them from the folder
`source`, which only a source archive has. Without either it is the Python code alone, for a server that is
elsewhere."""
import pathlib
import shutil
import subprocess

from setuptools import setup
from setuptools.command.build_py import build_py
from setuptools.dist import Distribution

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE / "source"
PACKAGE = HERE / "src" / "lakebase_mock"
PROGRAMS = ["server/lakebase-mock", "client/lakebasectl", "tests/conformance/lakebase-conformance"]


def with_programs():
    return SOURCE.is_dir() or (PACKAGE / "bin").is_dir()


class Build(build_py):
    def run(self):
        if SOURCE.is_dir() and not (PACKAGE / "bin").is_dir():
            build = HERE / "build-programs"
            subprocess.run(["meson", "setup", str(build), str(SOURCE), "--buildtype=release", "-Dpostgres=disabled"],
                           check=True)
            subprocess.run(["ninja", "-C", str(build), *PROGRAMS], check=True)
            (PACKAGE / "bin").mkdir()
            for program in PROGRAMS:
                shutil.copy2(build / program, PACKAGE / "bin")
            shutil.copytree(SOURCE / "fixtures" / "scenarios", PACKAGE / "scenarios")
        super().run()


class Programs(Distribution):
    def has_ext_modules(self):
        return with_programs()


setup(cmdclass={"build_py": Build}, distclass=Programs)
