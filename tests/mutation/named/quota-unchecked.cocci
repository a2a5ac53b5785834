// there are no quotas
// file: core/crud/create.c
@@
@@
crud_quota(...)
{
<+...
- n < max
+ 1
...+>
}
