#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Completion completes, in the shells that are here; the man page is one; --help says it all."""
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

DOCS = pathlib.Path(__file__).resolve().parents[2] / "docs"
BASH = DOCS / "completion/lakebase-mock.bash"
MAN = DOCS / "lakebase-mock.1"
BINARY = sys.argv.pop(1)


def run(*command, check=True):
    return subprocess.run(command, capture_output=True, text=True, check=check)


def complete(*words):
    """What bash offers for the last word."""
    script = (f"compopt() {{ :; }}; . {BASH}; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); "
              "_lakebase_mock; printf '%s\\n' \"${COMPREPLY[@]}\"")
    return run("bash", "--norc", "-c", script, "bash", *words).stdout.split()


HELP = run(BINARY, "--help").stdout
FLAGS = re.findall(r"^  (--[\w-]+)", HELP, re.M)


class Completion(unittest.TestCase):
    def test_commands(self):
        self.assertEqual(complete("lakebase-mock", ""), ["serve", "wait", "version", "reference", "help"])
        self.assertEqual(complete("lakebase-mock", "w"), ["wait"])

    def test_every_flag(self):
        self.assertGreater(len(FLAGS), 20)
        self.assertEqual(complete("lakebase-mock", "--"), FLAGS)
        self.assertEqual(complete("lakebase-mock", "serve", "--"), FLAGS)
        self.assertEqual(complete("lakebase-mock", "--db", "x", "--por"), ["--port-file"])

    def test_values(self):
        self.assertEqual(complete("lakebase-mock", "serve", "--auth", ""), ["open", "any", "strict"])
        self.assertEqual(complete("lakebase-mock", "--set", "max_rol"), ["max_roles="])
        self.assertIn("2026-11-01", complete("lakebase-mock", "--profile", ""))
        self.assertEqual(complete("lakebase-mock", "reference", "o"), ["openapi"])
        self.assertEqual(complete("lakebase-mock", "wait", "--u"), ["--url"])

    def test_shells_can_read_theirs(self):
        for shell, file in (("zsh", "_lakebase-mock"), ("fish", "lakebase-mock.fish")):
            if shutil.which(shell):
                run(shell, "-n", str(DOCS / "completion" / file))

    def test_each_names_every_flag(self):
        for file, form in (("_lakebase-mock", "'{}["), ("lakebase-mock.fish", " -l {} ")):
            text = (DOCS / "completion" / file).read_text(encoding="utf-8")
            for flag in FLAGS:
                word = form.format(flag if file[0] == "_" else flag[2:])
                self.assertIn(word.replace("'", ""), text.replace("'", "").replace("*--", "--"), file)


class Man(unittest.TestCase):
    def test_it_formats_without_a_warning(self):
        if not shutil.which("groff"):
            self.skipTest("no groff")
        done = run("groff", "-man", "-ww", "-z", "-Tutf8", str(MAN))
        self.assertEqual(done.stderr, "")

    def test_it_names_every_flag_and_command(self):
        text = MAN.read_text(encoding="utf-8").replace("\\-", "-")
        for flag in FLAGS:
            self.assertIn(f"\\fB{flag}\\fR", text)
        for command in complete("lakebase-mock", ""):
            self.assertIn(f"\\fB{command}\\fR", text)


class Reference(unittest.TestCase):
    def test_an_unknown_page_is_a_usage_error(self):
        done = run(BINARY, "reference", "nothing", check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("one of api openapi", done.stderr)

    def test_the_default_page_is_the_api(self):
        self.assertEqual(run(BINARY, "reference").stdout, run(BINARY, "reference", "api").stdout)


if __name__ == "__main__":
    unittest.main()
