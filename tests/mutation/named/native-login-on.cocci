// native logins are on by default
// file: resources/project.c
// guard: lakebase.mask.spec.lenient
@@
@@
defaults(...)
{
<+...
- doc_bool(s, "enable_pg_native_login")
+ true
...+>
}
