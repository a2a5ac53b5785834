/* SPDX-License-Identifier: Apache-2.0 */
/* The web page. */
#include "admin/admin.h"
#include "lab/state/embed.h"

int admin_ui(struct admin *a, struct err *e)
{
	const struct embedded *page = embedded_find("page/ui.html");

	if (!page)
		return err_set(e, ERR_INTERNAL, "The page is not built in");
	a->resp->content_type = "text/html; charset=utf-8";
	buf_add(&a->resp->body, page->text, page->len);
	return 0;
}
