// there are no quotas
// file: core/crud_create.c
@@
@@
crud_quota(...)
{
<+...
- n < max
+ 1
...+>
}
