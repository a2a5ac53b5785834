# SPDX-License-Identifier: Apache-2.0
"""A short life of two projects by the published SDK; one of them is kept."""
from databricks.sdk import WorkspaceClient
from databricks.sdk.service.postgres import Project, ProjectSpec

w = WorkspaceClient()
for name in ("kept", "gone"):
    spec = ProjectSpec(display_name=name)
    if f"projects/{name}" in [p.name for p in w.postgres.list_projects()]:
        w.postgres.delete_project(name=f"projects/{name}", purge=True).wait()
    project = w.postgres.create_project(project=Project(spec=spec), project_id=name).wait()
    assert project.status.display_name == name, project
w.postgres.delete_project(name="projects/gone").wait()
assert [p.name for p in w.postgres.list_projects()] == ["projects/kept"]
