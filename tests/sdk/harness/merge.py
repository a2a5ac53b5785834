# SPDX-License-Identifier: Apache-2.0
"""merge.py OUT JUNIT...: several JUnit files as one."""

import sys
import xml.etree.ElementTree as ET

suites = ET.Element("testsuites")
for name in sys.argv[2:]:
    root = ET.parse(name).getroot()
    suites.extend(root if root.tag == "testsuites" else [root])
ET.ElementTree(suites).write(sys.argv[1], encoding="unicode", xml_declaration=True)
