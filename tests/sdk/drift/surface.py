# SPDX-License-Identifier: Apache-2.0
"""What the installed databricks-sdk knows of the Postgres API: routes, messages, enums."""

import dataclasses
import enum
import functools
import inspect
import re
import types
import typing
from unittest import mock

from databricks.sdk.service import postgres

BASE = "/api/2.0/postgres/"
FORMAT = re.compile(r":param (name|parent):.*?((?:projects|catalogs|synced_tables)/\{[^\s`\",]+)", re.S)
# Names whose format the documentation does not tell.
FORMATS = {"get_operation": "projects/{project_id}/operations/{operation_id}",
           "get_catalog": "catalogs/{catalog_id}", "delete_catalog": "catalogs/{catalog_id}",
           "get_synced_table": "synced_tables/{synced_table_id}",
           "delete_synced_table": "synced_tables/{synced_table_id}"}


SAMPLES = {"bool": True, "int": 1, "str": "x"}


def template(path):
    """A path with the names of its parameters left out: they are nobody's business."""
    return re.sub(r"\{[^}]*\}", "{}", path)


class Recorder:
    """Stands in for the SDK's HTTP client and remembers the one request."""

    def __init__(self):
        self._cfg = types.SimpleNamespace(workspace_id=None)
        self.seen = None

    def do(self, method, path, query=None, **_):
        self.seen = (method, path, sorted(query or {}))
        raise StopIteration


def name_format(method, function):
    """What {name} or {parent} of a method looks like, from its documentation."""
    found = FORMAT.search(inspect.getdoc(function) or "")
    if method in FORMATS:
        return FORMATS[method]
    if found:
        return found[2].rstrip(".")
    raise AssertionError(f"drift: the documentation of {method} does not tell the format of its "
                         "name; add it to FORMATS in surface.py")


@functools.cache
def routes():
    """{(METHOD, path template): (python method, query parameters)} of every call of the SDK."""
    found = {}
    for method, function in inspect.getmembers(postgres.PostgresAPI, inspect.isfunction):
        if method.startswith("_"):
            continue
        recorder = Recorder()
        args = {}
        for name, parameter in list(inspect.signature(function).parameters.items())[1:]:
            if name in ("name", "parent"):
                args[name] = name_format(method, function)
            elif name == "page_token":
                args[name] = "t"
            else:
                kind = re.sub(r"Optional\[(.*)\]", r"\1", str(parameter.annotation))
                args[name] = SAMPLES[kind] if kind in SAMPLES else mock.MagicMock()
        try:
            result = function(postgres.PostgresAPI(recorder), **args)
            for _ in result or ():  # lists ask when they are read
                pass
        except (StopIteration, RuntimeError):
            pass
        verb, path, query = recorder.seen
        found[verb, template(path)] = (method, query)
    return found


@dataclasses.dataclass
class Field:
    name: str
    kind: str  # of the tables: "T_STRING"
    flags: str
    values: tuple  # of an enum
    message: str  # of a message
    doc: str


KINDS = {str: "T_STRING", bool: "T_BOOL", int: "T_INT64", float: "T_DOUBLE", dict: "T_ANY",
         typing.Any: "T_ANY"}


def field(source, entry, hint):
    flags = "0"
    args = [a for a in typing.get_args(hint) if a is not type(None)]
    if typing.get_origin(hint) is typing.Union and args:
        hint = args[0]
    if typing.get_origin(hint) is list:
        hint, flags = typing.get_args(hint)[0], "F_LIST"
    elif typing.get_origin(hint) is dict:
        hint, flags = typing.get_args(hint)[1], "F_MAP"
    name = getattr(hint, "__name__", str(hint))
    is_enum = inspect.isclass(hint) and issubclass(hint, enum.Enum)
    is_message = dataclasses.is_dataclass(hint)
    kind = ("T_ENUM" if is_enum else "T_MESSAGE" if is_message else
            {"Timestamp": "T_TIME", "Duration": "T_DURATION"}.get(name) or KINDS[hint])
    doc = re.search(rf'^    {entry.name}: [^\n]*\n    """(.*?)(?:\.\s|\.?""")', source, re.S | re.M)
    return Field(entry.name, kind, flags, tuple(v.value for v in hint) if is_enum else (),
                 name if is_message else "", " ".join(doc[1].split()) if doc else "")


def sources():
    """{class: its text}; inspect.getsource() would parse the whole module for each."""
    text = inspect.getsource(postgres)
    parts = re.split(r"^class (\w+)", text, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


@functools.cache
def messages():
    """{message: [Field]} of every dataclass of the service."""
    found, source = {}, sources()
    for name, owner in vars(postgres).items():
        if not (dataclasses.is_dataclass(owner) and owner.__module__ == postgres.__name__):
            continue
        hints = typing.get_type_hints(owner, vars(postgres))
        found[name] = [field(source[name], e, hints[e.name]) for e in dataclasses.fields(owner)]
    return found
