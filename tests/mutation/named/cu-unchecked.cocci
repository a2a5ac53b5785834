// compute sizes and timeouts are not checked
// file: resources/shared.c
// guard: lakebase.endpoint.update.unmasked-suspension
@@
statement S;
@@
compute_check(...)
{
<+...
- if (check_limits(...)) S
+ return 0;
...+>
}
