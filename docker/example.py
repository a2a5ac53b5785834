# SPDX-License-Identifier: Apache-2.0
"""The published SDK, unchanged, against the mock: a project, its branch, its endpoint's host."""
from databricks.sdk import WorkspaceClient
from databricks.sdk.service.postgres import Project, ProjectSpec

w = WorkspaceClient()  # DATABRICKS_HOST and DATABRICKS_TOKEN
project = w.postgres.create_project(
    project=Project(spec=ProjectSpec(display_name="Hello")), project_id="hello").wait()
print(project.name, project.status.display_name)
for branch in w.postgres.list_branches(parent=project.name):
    print(branch.name)
    for endpoint in w.postgres.list_endpoints(parent=branch.name):
        print(endpoint.name, endpoint.status.hosts.host)
w.postgres.delete_project(name=project.name).wait()
