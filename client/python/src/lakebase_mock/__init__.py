# SPDX-License-Identifier: Apache-2.0
"""Starts lakebase-mock and turns its knobs: workspaces, faults, the clock, the journal.

Only the standard library is used. Code under test talks to the mock with whatever client it has;
this package is for the test around it.
"""
from .server import Mock
from .workspace import Clock, Faults, MockError, Workspace

__all__ = ["Clock", "Faults", "Mock", "MockError", "Workspace"]
