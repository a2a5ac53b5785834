/* SPDX-License-Identifier: Apache-2.0 */
/* `lakebase-mock reference [page]` */
#include <jansson.h>
#include <stdio.h>

#include "api/app.h"
#include "api/openapi/openapi.h"
#include "base/text.h"
#include "manual/manual.h"

enum { EXIT_PAGE = 2, EXIT_FAILED = 70 };

/* Indented, so that a change of the golden file reads as one. */
static void openapi(struct app *a, struct buf *out)
{
	json_auto_t *doc = openapi_document(a);

	if (!doc || json_dump_callback(doc, buf_dump_cb, out, JSON_INDENT(1) | JSON_SORT_KEYS))
		out->failed = true;
	buf_adds(out, "\n");
}

static const struct page {
	const char *name;
	void (*of_tables)(struct buf *out);
	void (*of_api)(struct app *a, struct buf *out);
} pages[] = {
	{ "api", NULL, reference_markdown },
	{ "openapi", NULL, openapi },
	{ "configuration", manual_configuration, NULL },
	{ "man", manual_man, NULL },
	{ "bash", manual_bash, NULL },
	{ "zsh", manual_zsh, NULL },
	{ "fish", manual_fish, NULL },
};

static int write_page(const struct page *p, struct buf *out, struct err *e)
{
	struct app_options o = { .seed = 42 };
	struct app *app;

	if (p->of_tables) {
		p->of_tables(out);
		return 0;
	}
	if (app_open(&app, &o, e))
		return -1;
	p->of_api(app, out);
	app_close(app);
	return 0;
}

int reference(int argc, char **argv)
{
	const struct page *page = argc ? NULL : &pages[0];
	struct buf out = { 0 };
	struct err e = { .message = "out of memory" };
	int bad;

	for (size_t i = 0; i < ARRAY_SIZE(pages) && argc == 1; i++)
		if (streq(pages[i].name, argv[0]))
			page = &pages[i];
	if (!page) {
		fputs("lakebase-mock: reference takes one of", stderr);
		for (size_t i = 0; i < ARRAY_SIZE(pages); i++)
			fprintf(stderr, " %s", pages[i].name);
		fputc('\n', stderr);
		return EXIT_PAGE;
	}
	bad = write_page(page, &out, &e) || out.failed ||
	      fwrite(out.data, 1, out.len, stdout) != out.len;
	buf_done(&out);
	if (bad)
		fprintf(stderr, "lakebase-mock: %s\n", e.message);
	return bad ? EXIT_FAILED : 0;
}
