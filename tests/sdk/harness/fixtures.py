# SPDX-License-Identifier: Apache-2.0
"""pytest fixtures that every Python-driven client shares: a server, and a workspace for each test."""

import hashlib
import os

import pytest

from mock import Lab, Mock


@pytest.fixture(scope="session")
def mock_url():
    """The server that the caller started, or one of our own."""
    given = os.environ.get("MOCK_URL")
    if given:
        yield given
        return
    with Mock() as mock:
        yield mock.url


@pytest.fixture
def lab(mock_url, request):
    """The lab routes of this test's workspace."""
    digest = hashlib.sha256(request.node.nodeid.encode()).hexdigest()[:12]
    lab = Lab(mock_url, f"sdk-{digest}")
    lab.call("POST", "/reset")
    return lab
