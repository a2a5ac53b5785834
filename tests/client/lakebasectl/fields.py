#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The fields that lakebasectl knows are those of the OpenAPI document, both ways: fields.py LAKEBASECTL OPENAPI"""
import json
import subprocess
import sys

schema = json.loads(subprocess.check_output([sys.argv[1], "schema"]))
api = json.load(open(sys.argv[2], encoding="utf-8"))["components"]["schemas"]
TYPES = {"projects": "Project", "branches": "Branch", "endpoints": "Endpoint", "roles": "Role",
         "databases": "Database", "snapshots": "Snapshot", "cdf-configs": "CdfConfig"}
OURS = {"$schema", "id", "permissions"}  # of the document, not of the resource
READ = {"create_time", "delete_time", "purge_time", "name", "parent", "status", "uid", "update_time"}
bad = []


def resolve(s):
    while "$ref" in s:
        s = api[s["$ref"].rpartition("/")[2]]
    return s


def compare(where, ours, theirs, skip=()):
    theirs = resolve(theirs)
    for name in sorted(set(ours.get("properties", {})) ^ set(theirs.get("properties", {})) - set(skip)):
        if name not in skip:
            bad.append(f"{where}.{name} is only {'ours' if name in ours.get('properties', {}) else 'in the API'}")
    for name, theirs_below in theirs.get("properties", {}).items():
        ours_below = ours.get("properties", {}).get(name)
        if not ours_below or name in skip:
            continue
        below = resolve(theirs_below)
        kind = "object" if ours_below.get("properties") else ours_below.get("type")
        if kind != below.get("type"):
            bad.append(f"{where}.{name}: {kind} is {below.get('type')} in the API")
        words = ours_below.get("enum") or ours_below.get("items", {}).get("enum")
        theirs_words = below.get("enum") or resolve(below.get("items", {})).get("enum")
        if words != theirs_words:
            bad.append(f"{where}.{name}: {words} is {theirs_words} in the API")
        compare(f"{where}.{name}", ours_below, below)
        if "items" in ours_below and "items" in below:
            compare(f"{where}.{name}[]", ours_below["items"], below["items"])


def walk(collection, node):
    children = {c for c in node["properties"] if c in TYPES}
    compare(collection, node, api[TYPES[collection]], READ | OURS | children)
    for child in children:
        walk(child, node["properties"][child]["items"])


walk("projects", schema["$defs"]["project"])
print("\n".join(bad))
sys.exit(bool(bad))
