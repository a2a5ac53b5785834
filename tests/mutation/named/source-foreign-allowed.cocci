// a branch may come from another project
// file: resources/branch.c
// guard: lakebase.branch.create.source-foreign
@@
@@
find_source(...)
{
<+...
- !streq(name_project(c, name), d->parent)
+ 0
...+>
}
