/* SPDX-License-Identifier: Apache-2.0 */
/* The generated half of docs/api.md. */
#include "api/handlers.h"
#include "api/openapi.h"

static void add_routes(struct app *a, struct buf *out)
{
	buf_adds(out, "## Routes\n\n| rpc | method | path | evidence |\n|---|---|---|---|\n");
	for (size_t i = 0; i < a->routes.num; i++) {
		const struct route *r = &a->routes.all[i];

		buf_addf(out, "| %s | %s | `%s` | %s |\n", r->rpc, r->method, r->path,
			r->fn ? evidence_name(r->evidence) : "501: not built");
	}
}

static const char *type_of(const struct field *f)
{
	static const char *const names[] = { [T_BOOL] = "bool", [T_INT32] = "int32",
		[T_INT64] = "int64", [T_DOUBLE] = "number", [T_STRING] = "string", [T_ENUM] = "enum",
		[T_TIME] = "timestamp", [T_DURATION] = "duration", [T_ANY] = "any" };

	return f->type == T_MESSAGE ? f->message->name : names[f->type];
}

static void add_message(void *arg, const struct message *m)
{
	struct buf *out = arg;

	if (!m->fields || !m->fields->name)
		return;
	buf_addf(out, "\n### %s\n\n| field | type | | evidence | |\n|---|---|---|---|---|\n", m->name);
	for (const struct field *f = m->fields; f->name; f++)
		buf_addf(out, "| `%s` | %s%s | %s | %s | %s |\n", f->name,
			f->flags & F_LIST    ? "list of "
			: f->flags & F_MAP ? "map to "
					   : "",
			type_of(f),
			f->flags & F_OUTPUT      ? "output"
			: f->flags & F_REQUIRED  ? "required"
			: f->flags & F_IMMUTABLE ? "immutable"
						 : "",
			evidence_name(f->evidence), f->doc ? f->doc : "");
}

static void add_wordings(struct buf *out)
{
	buf_adds(out, "\n## Refusals\n\n| status | error_code | message | evidence |\n|---|---|---|---|\n");
	for (int w = 0; w < SAY__N; w++) {
		enum err_code code = wording_code((enum wording)w);

		buf_addf(out, "| %d | %s | `%s` | %s |\n", err_status(code), err_name(code),
			wording_text((enum wording)w), evidence_name(wording_evidence((enum wording)w)));
	}
}

static void add_settings(struct buf *out)
{
	buf_adds(out, "\n## Settings\n\nEach is `--set KEY=VALUE`.\n\n| key | default | evidence | "
		      "|\n|---|---|---|---|\n");
	for (int i = 0; i < SETTING__N; i++) {
		const struct setting_info *s = setting_info((enum setting)i);

		buf_addf(out, "| `%s` | `%s` | %s | %s |\n", s->key, s->def, evidence_name(s->evidence),
			s->doc);
	}
}

void reference_markdown(struct app *a, struct buf *out)
{
	add_routes(a, out);
	buf_adds(out, "\n## Messages\n");
	for (const struct resource *const *r = a->world.resources; *r; r++)
		fields_each_message((*r)->message, add_message, out);
	add_wordings(out);
	add_settings(out);
}
