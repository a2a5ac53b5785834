// a page_size may be anything
// file: core/crud/read.c
// guard: lakebase.list.page.negative
@@
@@
read_page_size(...)
{
<+...
- p->page_size_text && !text_int(p->page_size_text, 0, INT32_MAX, &n)
+ p->page_size_text && !text_int(p->page_size_text, 0, INT32_MAX, &n) && 0
...+>
}
