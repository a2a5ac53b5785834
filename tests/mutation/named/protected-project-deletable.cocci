// projects with protected branches can be deleted
// file: resources/project.c
@@
@@
deletable(...)
{
<+...
- d->deleted != OBJECT_LIVE
+ 1
...+>
}
