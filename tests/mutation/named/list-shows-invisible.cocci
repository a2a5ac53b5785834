// lists show projects that the caller may not see
// file: core/crud/read.c
// guard: lakebase.permission.none.not-listed
@@
@@
crud_list(...)
{
<+...
- !r->parent && !caller_is_admin(c)
+ false
...+>
}
