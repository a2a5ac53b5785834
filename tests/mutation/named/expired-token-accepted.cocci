// an OAuth token never expires
// file: api/auth.c
@@
@@
auth_identify(...)
{
<+...
- issued < 0
+ 0
...+>
}
