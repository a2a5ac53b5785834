// a bad page token starts anew
// file: core/crud/read.c
// guard: lakebase.list.page-token.made-up
@@
@@
read_token(...)
{
<+...
- !t || !t[0]
+ !t || !text_starts(t, "pt", NULL)
...+>
}
