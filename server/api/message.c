/* SPDX-License-Identifier: Apache-2.0 */
#include "api/message.h"

#include <ctype.h>
#include <string.h>

void response_header(struct response *r, const char *name, const char *value)
{
	struct header h = { arena_strdup(&r->arena, name), arena_strdup(&r->arena, value) };

	if (!h.name || !h.value)
		r->body.failed = true;
	else if (r->num_headers < MAX_RESPONSE_HEADERS)
		r->headers[r->num_headers++] = h;
}

static void add_details(struct buf *b, enum err_detail detail)
{
	switch (detail) {
	case DETAIL_NONE:
		return;
	case DETAIL_MANAGED_BY_PARENT:
		buf_adds(b, ",\"details\":["
			    "{\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\","
			    "\"domain\":\"databricks.com\",\"reason\":\"RESOURCE_CONFLICT\","
			    "\"metadata\":{\"declarative_context\":\"MANAGED_BY_PARENT\"}},"
			    "{\"@type\":\"type.googleapis.com/google.rpc.RequestInfo\","
			    "\"request_id\":\"00000000-0000-8000-8000-000000000000\","
			    "\"serving_data\":\"\"}]");
		return;
	}
}

void response_error(struct response *r, const struct err *e)
{
	const char *name = err_name(e->code);

	r->status = err_status(e->code);
	r->content_type = NULL;
	buf_clear(&r->body);
	buf_adds(&r->body, "{\"error_code\":");
	if (isdigit((unsigned char)name[0])) /* the gateway's own errors carry a number */
		buf_adds(&r->body, name);
	else
		buf_add_json_string(&r->body, name);
	buf_adds(&r->body, ",\"message\":");
	buf_add_json_string(&r->body, e->message);
	add_details(&r->body, e->detail);
	buf_adds(&r->body, "}");
	if (e->code == ERR_UNAUTHENTICATED)
		response_header(r, "WWW-Authenticate", "Bearer realm=\"DatabricksRealm\"");
}

void response_reset(struct response *r)
{
	struct buf body = r->body;
	struct arena arena = r->arena;

	buf_clear(&body);
	arena_reset(&arena);
	*r = (struct response){ .status = 200, .body = body, .arena = arena };
}

void response_done(struct response *r)
{
	buf_done(&r->body);
	arena_done(&r->arena);
}
