/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "core/crud/crud.h"
#include "core/resource/draft.h"
#include "core/resource/permission.h"

/* The words for a resource that is not there; `-1` always. */
int crud_missing(struct ctx *c, const struct resource *r, const char *name, struct err *e)
{
	if (r->parent && crud_need_parent(c, r, resource_parent(c, r, name), e))
		return -1;
	return err_say(e, SAY_ID_NOT_FOUND, r->label, ctx_trace(c));
}

int crud_hidden(struct ctx *c, const struct resource *r, const char *name, struct err *e)
{
	enum level level = LEVEL_CAN_USE;
	const char *project = name_project(c, name);
	struct draft d;
	int found;

	if (caller_is_admin(c))
		return 0;
	if (!project[0]) { /* what its name does not tell, it may say */
		found = draft_look(c, r, name, &d, e);
		if (found < 0)
			return -1;
		project = found ? doc_str(d.status, "project") : NULL;
	}
	if (project && project[0] && permission_level(c, project, &level, e))
		return -1;
	return level < LEVEL_CAN_USE;
}

/* A gap of the service that was seen. */
static bool is_open(const struct ctx *c, const struct resource *r)
{
	return streq(r->kind, "endpoint") &&
	       setting_bool(&c->world->settings, SETTING_OPEN_ENDPOINTS);
}

int crud_get(struct ctx *c, const struct resource *r, const struct params *p, struct buf *out,
	struct err *e)
{
	int found = is_open(c, r) ? 0 : crud_hidden(c, r, p->name, e);

	if (found)
		return found == 1 ? crud_missing(c, r, p->name, e) : -1;
	found = store_copy_doc(c->world->store, c->ws->state, p->name, r->kind, out, e);
	if (found < 0)
		return -1;
	if (!found && (r->flags & R_VIRTUAL) && !crud_need_parent(c, r, resource_parent(c, r, p->name), e)) {
		buf_adds(out, "{\"name\":");
		buf_add_json_string(out, p->name);
		buf_adds(out, "}");
		return 0;
	}
	return found ? 0 : crud_missing(c, r, p->name, e);
}

/* ---- lists ---- */

struct lister {
	struct ctx *c;
	struct buf *out;
	int64_t left;      /* items that the page still takes */
	int64_t last;      /* seq of the last item on the page */
	int64_t num;       /* items on the page */
	bool more;         /* there is at least one after it */
	bool check_access; /* projects that the caller may not see are left out */
	struct err *e;
	bool failed;
};

static bool visible(struct lister *l, const char *name)
{
	enum level level;

	if (!l->check_access)
		return true;
	if (permission_level(l->c, name, &level, l->e)) {
		l->failed = true;
		return false;
	}
	return level >= LEVEL_CAN_USE;
}

static int add_item(void *arg, const struct object *o)
{
	struct lister *l = arg;

	if (!visible(l, o->name))
		return l->failed;
	if (l->left == 0) {
		l->more = true;
		return 1;
	}
	if (l->num++)
		buf_add(l->out, ",", 1);
	buf_adds(l->out, o->doc);
	l->last = o->seq;
	l->left--;
	return 0;
}

/* Opaque to clients: the sequence number of the last item, sealed for this list alone. */
static uint32_t token_seal(struct ctx *c, const struct resource *r, const struct params *p,
	int64_t after)
{
	const char *what = arena_printf(c->arena, "%s|%s|%d", r->kind, p->name, p->show_deleted);

	return (uint32_t)text_prf(c->world->seed, what ? what : "", (uint64_t)after, 0);
}

void page_token(struct ctx *c, const struct resource *r, const struct params *p, int64_t last,
	struct buf *out)
{
	buf_addf(out, "\"next_page_token\":\"pt%lld.%08x\"", (long long)last,
		token_seal(c, r, p, last));
}

static int read_token(struct ctx *c, const struct resource *r, const struct params *p,
	int64_t *after, struct err *e)
{
	const char *t = p->page_token, *dot;
	char number[24] = "", expected[16];
	int64_t seq;

	*after = 0;
	if (!t || !t[0])
		return 0;
	dot = strchr(t, '.');
	if (!text_starts(t, "pt", &t) || !dot || (size_t)(dot - t) >= sizeof number)
		return err_say(e, SAY_PAGE_TOKEN);
	memcpy(number, t, (size_t)(dot - t));
	if (!text_int(number, 0, INT64_MAX, &seq))
		return err_say(e, SAY_PAGE_TOKEN);
	snprintf(expected, sizeof expected, "%08x", token_seal(c, r, p, seq));
	if (!streq(dot + 1, expected))
		return err_say(e, SAY_PAGE_TOKEN);
	*after = seq;
	return 0;
}

static int read_page_size(struct ctx *c, const struct resource *r, const struct params *p,
	int64_t *ret, struct err *e)
{
	int64_t least = streq(r->kind, "endpoint")
				? setting_int(&c->world->settings, SETTING_ENDPOINT_PAGE_MIN)
				: 1;
	int64_t n = 0;

	if (p->page_size_text && !text_int(p->page_size_text, 0, INT32_MAX, &n))
		return err_say(e, SAY_PAGE_SIZE, "0", p->page_size_text);
	if (n > 0 && n < least)
		return err_say(e, SAY_PAGE_SIZE, arena_printf(c->arena, "%d", (int)least),
			p->page_size_text);
	*ret = n == 0 ? r->default_page : n > r->max_page ? r->max_page : n;
	return 0;
}

int page_read(struct ctx *c, const struct resource *r, const struct params *p, struct slice *ret,
	struct err *e)
{
	return read_page_size(c, r, p, &ret->size, e) || read_token(c, r, p, &ret->after, e) ? -1 : 0;
}

int crud_list(struct ctx *c, const struct resource *r, const struct params *p, struct buf *out,
	struct err *e)
{
	struct page_query q = {
		.parent = p->name, .kind = r->kind, .limit = INT64_MAX, .deleted = p->show_deleted};
	struct lister l = {
		.c = c, .out = out, .e = e, .check_access = !r->parent && !caller_is_admin(c)};
	struct slice page;

	if (crud_need_parent(c, r, p->name, e))
		return -1;
	if (page_read(c, r, p, &page, e))
		return -1;
	l.left = page.size;
	q.after = page.after;
	buf_addf(out, "{\"%s\":[", r->list_key ? r->list_key : r->collection);
	if (store_page(c->world->store, c->ws->state, &q, add_item, &l, e) || l.failed)
		return -1;
	if (l.num == 0 && q.after == 0 && r->flags & R_EMPTY_IS_MISSING)
		return err_say(e, SAY_ID_NOT_FOUND, r->label, ctx_trace(c));
	if (l.num == 0) { /* the service leaves empty lists out */
		buf_clear(out);
		buf_adds(out, "{}");
		return 0;
	}
	buf_adds(out, "]");
	if (l.more) {
		buf_adds(out, ",");
		page_token(c, r, p, l.last, out);
	}
	buf_adds(out, "}");
	return 0;
}
