// endpoints do not take the defaults of the project
// file: resources/endpoint.c
@@
@@
inherit_defaults(...)
{
<+...
- doc_at(project.status, "default_endpoint_settings")
+ NULL
...+>
}
