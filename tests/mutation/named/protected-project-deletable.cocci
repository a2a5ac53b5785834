// projects with protected branches can be deleted
// file: resources/project.c
// guard: lakebase.project.delete.protected-branch
@@
@@
deletable(...)
{
<+...
- d->deleted != OBJECT_LIVE
+ 1
...+>
}
