// there are no quotas
// file: core/crud/create.c
// guard: lakebase.branch.undelete.quota
@@
@@
crud_quota(...)
{
<+...
- n < max
+ 1
...+>
}
