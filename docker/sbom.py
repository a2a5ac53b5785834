#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints the software bill of materials as SPDX 2.3 JSON.

sbom.py [--foreign] VERSION NAME=VERSION=LICENCE...

--foreign: built for another processor, from packages that are not installed here.

The same inputs give the same bytes: the date is SOURCE_DATE_EPOCH or that of the last commit, and
the name of the document follows from its content.
"""
import datetime
import hashlib
import json
import os
import platform
import subprocess
import sys


def out(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def package(name, version, licence, **more):
    return {"SPDXID": f"SPDXRef-{name}", "name": name, "versionInfo": version,
            "downloadLocation": "NOASSERTION", "filesAnalyzed": False,
            "licenseConcluded": licence, "licenseDeclared": licence,
            "copyrightText": "NOASSERTION", **more}


DEBIAN = {"libevent": "libevent-dev", "jansson": "libjansson-dev", "sqlite3": "libsqlite3-dev",
          "openssl": "libssl-dev", "glibc": "libc6-dev"}


def debian(name):
    """Which distribution package the headers and the archive came from, where there is one."""
    version = out("dpkg-query", "-W", "-f", "${Version}", DEBIAN[name])
    if foreign or not version:
        return {}
    distro = platform.freedesktop_os_release().get("ID", "debian")
    return {"externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
                              "referenceLocator": f"pkg:deb/{distro}/{DEBIAN[name]}@{version}"}]}


foreign = sys.argv[1] == "--foreign"
version, *parts = sys.argv[2 if foreign else 1:]
top = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
epoch = os.environ.get("SOURCE_DATE_EPOCH") or out("git", "-C", top, "log", "-1", "--format=%ct") or "0"
packages = [package("lakebase-mock", version, "Apache-2.0", primaryPackagePurpose="APPLICATION")]
parts.append(f"glibc={platform.libc_ver()[1]}=LGPL-2.1-or-later")
for part in parts:
    name, found, licence = part.split("=")
    packages.append(package(name, found, licence, **debian(name)))
links = [{"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES",
          "relatedSpdxElement": "SPDXRef-lakebase-mock"}]
links += [{"spdxElementId": "SPDXRef-lakebase-mock", "relationshipType": "STATIC_LINK",
           "relatedSpdxElement": p["SPDXID"]} for p in packages[1:]]
digest = hashlib.sha256(json.dumps(packages, sort_keys=True).encode()).hexdigest()[:16]
when = datetime.datetime.fromtimestamp(int(epoch), datetime.timezone.utc)
print(json.dumps({
    "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT",
    "name": f"lakebase-mock-{version}",
    "documentNamespace": f"urn:lakebase-mock:{version}:{digest}",
    "creationInfo": {"created": when.strftime("%Y-%m-%dT%H:%M:%SZ"),
                     "creators": ["Tool: docker/sbom.py"]},
    "packages": packages, "relationships": links}, indent=2))
