// endpoints do not take the defaults of the project
// file: resources/endpoint.c
// guard: lakebase.branch.create.own-endpoint
@@
@@
inherit_defaults(...)
{
<+...
- doc_at(project.status, "default_endpoint_settings")
+ NULL
...+>
}
