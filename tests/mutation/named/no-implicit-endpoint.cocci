// a new branch has no endpoint
// file: resources/branch.c
// guard: lakebase.branch.undelete.after-its-successor
@@
statement S;
@@
created(...)
{
<+...
- if (resource_make(c, &endpoint_resource, ...)) S
+ return 0;
...+>
}
