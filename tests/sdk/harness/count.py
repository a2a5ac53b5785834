# SPDX-License-Identifier: Apache-2.0
"""count.py JUNIT SECONDS: one line that sums a JUnit file up; exit 1 if it holds no test."""

import sys
import xml.etree.ElementTree as ET

cases = list(ET.parse(sys.argv[1]).iter("testcase"))
failed = sum(c.find("failure") is not None or c.find("error") is not None for c in cases)
skipped = sum(c.find("skipped") is not None for c in cases)
print(f"   {len(cases) - failed - skipped} passed, {failed} failed, {skipped} skipped "
      f"in {sys.argv[2]} s")
sys.exit(not cases or failed > 0)
