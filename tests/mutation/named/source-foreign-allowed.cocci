// a branch may come from another project
// file: resources/branch.c
@@
@@
find_source(...)
{
<+...
- !streq(name_project(c, name), d->parent)
+ 0
...+>
}
