# SPDX-License-Identifier: Apache-2.0
"""Everything that the installed SDK knows is in our tables, or in known.json with a reason.

The tables are read as the server shows them, in /_mock/openapi.json and /_mock/routes. What is new is
reported with the line that adds it.
"""

import copy
import json
import pathlib
import re
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parents[2]
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent / "harness"))

import surface  # noqa: E402
from databricks.sdk.version import __version__  # noqa: E402
from mock import Lab, Mock  # noqa: E402

KNOWN = json.loads((HERE / "known.json").read_text())


@pytest.fixture(scope="session")
def tables():
    with Mock() as mock:
        lab = Lab(mock.url, None)
        return lab.call("GET", "/openapi.json"), lab.call("GET", "/routes")["routes"]


def home_of(message):
    """The file with the table of a message, as a hint."""
    for path in sorted((TOP / "server").rglob("*.c")):
        if re.search(rf'\{{ "{message}",', path.read_text()):
            return path.relative_to(TOP)
    return "a table that is still to be written"


def new_routes(openapi, routes):
    ours = {(r["method"], surface.template(r["path"])): r for r in routes}
    for (verb, path), (method, query) in surface.routes().items():
        row = ours.get((verb, path))
        if not row:
            rpc = "".join(word.capitalize() for word in method.split("_"))
            yield (f"{verb} {path}",
                   f'server/api/route/missing.c: ROW("{rpc}", "{verb}", "{path}"), or build it')
            continue
        if not row["implemented"]:
            yield f"{verb} {path}", f"{row['rpc']} answers 501: build it"
            continue
        item = openapi["paths"][row["path"]][verb.lower()]
        known = {p["name"] for p in item.get("parameters", ()) if p["in"] == "query"}
        for name in query:
            if name not in known:
                yield (f"{verb} {path}?{name}",
                       f'the query table of {row["rpc"]}: {{ "{name}", T_STRING, "..." }}')


def new_fields(openapi, _):
    schemas = openapi["components"]["schemas"]
    for message, fields in surface.messages().items():
        for field in fields:
            have = schemas.get(message, {}).get("properties", {})
            if field.name in have:
                continue
            extra = f", &{field.message}" if field.message else ""
            yield (f"{message}.{field.name}",
                   f'{home_of(message)}: {{ "{field.name}", {field.kind}, {field.flags}{extra}, '
                   f'.evidence = EVIDENCE_TYPED, .doc = "{field.doc}." }}')


def new_values(openapi, _):
    schemas = openapi["components"]["schemas"]
    for message, fields in surface.messages().items():
        for field in fields:
            shown = schemas.get(message, {}).get("properties", {}).get(field.name)
            if not field.values or not shown:
                continue
            have = shown.get("enum") or shown.get("items", {}).get("enum") or ()
            for value in field.values:
                if value not in have:
                    yield f"{message}.{field.name}={value}", f'{home_of(message)}: "{value}"'


CHECKS = {"routes": new_routes, "fields": new_fields, "values": new_values}


def drift(kind, tables):
    """What is new, and what known.json explains although it is not new any more."""
    known = KNOWN[kind]

    def explained(name):
        return next((k for k in known if name == k or k.endswith("*") and name.startswith(k[:-1])), None)

    new, used = [], set()
    for name, hint in CHECKS[kind](*tables):
        entry = explained(name)
        if entry:
            used.add(entry)
        else:
            new.append(f"{name}\n    add to {hint}")
    return new, sorted(set(known) - used)


@pytest.mark.parametrize("kind", CHECKS)
def test_nothing_is_new(kind, tables):
    new, _ = drift(kind, tables)
    assert not new, (f"databricks-sdk {__version__} has {kind} that the mock lacks; add them, or "
                     f"list them in tests/sdk/drift/known.json with a reason:\n" + "\n".join(new))


@pytest.mark.parametrize("kind", CHECKS)
def test_nothing_is_explained_in_vain(kind, tables):
    _, stale = drift(kind, tables)
    assert not stale, f"known.json explains what is there: {stale}"


def test_the_check_notices(tables):
    """One field, one value and one route less: each is told, with the place where it belongs."""
    openapi, routes = copy.deepcopy(tables)
    schemas = openapi["components"]["schemas"]
    del schemas["BranchSpec"]["properties"]["ttl"]
    schemas["BranchStatus"]["properties"]["current_state"]["enum"].remove("READY")
    routes = [r for r in routes if r["rpc"] != "UndeleteBranch"]
    broken = openapi, routes
    field, = drift("fields", broken)[0]
    assert field.startswith("BranchSpec.ttl\n    add to server/resources/branch") and "T_DURATION" in field
    assert drift("values", broken)[0][0].startswith("BranchStatus.current_state=READY\n")
    route, = drift("routes", broken)[0]
    assert route.startswith("POST /api/2.0/postgres/projects/{}/branches/{}/undelete\n")
