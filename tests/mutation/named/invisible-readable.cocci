// GET shows projects that the caller may not see
// file: core/crud_read.c
@@
@@
crud_get(...)
{
<+...
- level < LEVEL_CAN_USE
+ 0
...+>
}
