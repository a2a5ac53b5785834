# SPDX-License-Identifier: Apache-2.0
"""pip install testcontainers databricks-sdk pytest"""
import time
import urllib.request

import pytest

pytest.importorskip("testcontainers", reason="pip install testcontainers")
sdk = pytest.importorskip("databricks.sdk", reason="pip install databricks-sdk")

from testcontainers.core.container import DockerContainer  # noqa: E402


@pytest.fixture(scope="module")
def host():
    try:
        container = DockerContainer("lakebase-mock:0.1.0").with_exposed_ports(4610)
        container.with_env("LAKEBASE_MOCK_LRO", "sync").start()
    except Exception as e:
        pytest.skip(f"no container engine: {e}")
    url = f"http://{container.get_container_host_ip()}:{container.get_exposed_port(4610)}"
    for _ in range(100):
        try:
            urllib.request.urlopen(url + "/_mock/ready").close()
            break
        except OSError:
            time.sleep(0.05)
    yield url
    container.stop()


def test_it_lists_nothing(host):
    w = sdk.WorkspaceClient(host=host, token="mock-containers")
    assert list(w.postgres.list_projects()) == []
