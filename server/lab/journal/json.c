/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the journal as text. Written by hand: there may be a hundred thousand of them. */
#include "lab/journal/filter.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "lab/journal/retry.h"

#define X(id, name) name,
const char *const phase_names[] = {PHASE_TABLE(X) NULL};
#undef X

static void add_span(struct buf *b, const char *key, usec span, bool known)
{
	buf_addf(b, ",\"%s\":", key);
	if (known)
		buf_addf(b, "%lld", (long long)span);
	else
		buf_adds(b, "null");
}

static void add_status(struct buf *b, const char *key, unsigned status)
{
	if (status)
		buf_addf(b, ",\"%s\":%u", key, status);
	else
		buf_addf(b, ",\"%s\":null", key);
}

static void add_sha(struct buf *b, const unsigned char sha[static 32])
{
	static const char digits[] = "0123456789abcdef";
	char hex[65] = "";

	for (int i = 0; i < 32; i++) {
		hex[2 * i] = digits[sha[i] >> 4];
		hex[2 * i + 1] = digits[sha[i] & 15];
	}
	buf_addf(b, ",\"body_sha256\":\"%s\"", hex);
}

void row_json(const struct row *r, uint64_t seq, struct buf *b)
{
	char time[WHEN_SIZE], wall[WHEN_SIZE];

	buf_addf(b,
		"{\"seq\":%llu,\"time\":\"%s\",\"wall\":\"%s\",\"at_us\":%lld",
		(unsigned long long)seq, when_format(r->time, time), when_format(r->wall, wall),
		(long long)r->at);
	add_span(b, "took_us", r->took, !row_pending(r));
	add_span(b, "injected_us", r->injected, r->injected != UNTIL_LEFT);
	buf_addf(b, ",\"connection\":%llu,\"ordinal\":%u", (unsigned long long)r->connection,
		r->ordinal);
	buf_add_json_member(b, "caller", atom_text(r->caller));
	buf_add_json_member(b, "user_agent", atom_text(r->agent));
	buf_add_json_member(b, "rpc", r->route ? r->route->rpc : NULL);
	buf_add_json_member(b, "method", atom_text(r->method));
	buf_add_json_member(b, "path", atom_text(r->path));
	buf_add_json_member(b, "query", r->query ? atom_text(r->query) : "");
	add_sha(b, r->sha);
	buf_addf(b, ",\"request_bytes\":%u", r->request_bytes);
	add_status(b, "status", r->status);
	add_status(b, "sent_status", r->sent);
	buf_add_json_member(b, "error_code", atom_text(r->error));
	buf_addf(b, ",\"response_bytes\":%u", r->response_bytes);
	buf_add_json_member(b, "retry_after", atom_text(r->retry_after));
	buf_add_json_member(b, "fault", atom_text(r->fault));
	if (r->fault)
		buf_add_json_member(b, "phase", phase_names[r->phase]);
	buf_addf(b, ",\"applied\":%s", r->flags & ROW_APPLIED ? "true" : "false");
	buf_add_json_member(b, "delivered", delivered_name((enum delivered)r->delivered));
	buf_addf(b, ",\"call\":%u,\"attempt\":%u", r->call, r->attempt);
	if (r->gap_ms == GAP_NONE)
		buf_adds(b, ",\"gap_ms\":null");
	else
		buf_addf(b, ",\"gap_ms\":%u", r->gap_ms);
	if (r->flags & ROW_SHORTENED)
		buf_adds(b, ",\"cut\":true");
	buf_addf(b, ",\"ambiguous\":%s}", r->flags & ROW_AMBIGUOUS ? "true" : "false");
}

/* The name and value pairs of a query, as HAR wants them; what cannot be unescaped stays raw. */
static void har_query(struct buf *b, const char *query)
{
	bool first = true;

	while (query && *query) {
		size_t len = strcspn(query, "&"), key = strcspn(query, "=&");
		char text[1024];

		if (len && len < sizeof text) {
			buf_adds(b, first ? "{\"name\":" : ",{\"name\":");
			if (!text_unescape(query, key, true, text))
				text[0] = '\0';
			buf_add_json_string(b, text);
			buf_adds(b, ",\"value\":");
			if (key >= len ||
				!text_unescape(query + key + 1, len - key - 1, true, text))
				text[0] = '\0';
			buf_add_json_string(b, text);
			buf_adds(b, "}");
			first = false;
		}
		query += len + (query[len] == '&');
	}
}

static void har_entry(struct buf *b, const struct row *r)
{
	char wall[WHEN_SIZE], url[2 * ROW_TEXT_MAX + 64];
	const char *query = atom_text(r->query);

	buf_addf(b, "{\"startedDateTime\":\"%s\",\"time\":%.3f,\"request\":{\"method\":",
		when_format(r->wall, wall), (double)r->took / 1000);
	buf_add_json_string(b, r->method ? r->method->text : "");
	buf_adds(b, ",\"url\":");
	snprintf(url, sizeof url, "http://lakebase-mock%s%s%s", r->path ? r->path->text : "",
		query ? "?" : "", query ? query : "");
	buf_add_json_string(b, url);
	buf_adds(b, ",\"httpVersion\":\"HTTP/"
		    "1.1\",\"cookies\":[],\"headers\":[{\"name\":\"User-Agent\","
		    "\"value\":");
	buf_add_json_string(b, r->agent ? r->agent->text : "");
	buf_adds(b, "}],\"queryString\":[");
	har_query(b, query);
	buf_addf(b,
		"],\"headersSize\":-1,\"bodySize\":%u},\"response\":{\"status\":%u,\"statusText\":"
		"\"\","
		"\"httpVersion\":\"HTTP/"
		"1.1\",\"cookies\":[],\"headers\":[],\"content\":{\"size\":%u,"
		"\"mimeType\":\"application/json\"},\"redirectURL\":\"\",\"headersSize\":-1,"
		"\"bodySize\":%u},\"cache\":{},\"timings\":{\"send\":0,\"wait\":%.3f,\"receive\":0}"
		","
		"\"connection\":\"%llu\"",
		r->request_bytes, r->sent, r->response_bytes, r->response_bytes, (double)r->took / 1000,
		(unsigned long long)r->connection);
}

void journal_har(const struct journal *j, const struct filter *f, uint64_t first,
	const char *version, struct buf *b)
{
	bool any = false;

	buf_adds(b, "{\"log\":{\"version\":\"1.2\",\"creator\":{\"name\":\"lakebase-mock\","
		    "\"version\":");
	buf_add_json_string(b, version);
	buf_adds(b, "},\"entries\":[");
	for (uint64_t seq = first; seq < j->next; seq++) {
		const struct row *r = journal_row(j, seq);

		if (!filter_matches(f, r))
			continue;
		if (any)
			buf_adds(b, ",");
		har_entry(b, r);
		buf_adds(b, ",\"_mock\":");
		row_json(r, seq, b);
		buf_adds(b, "}");
		any = true;
	}
	buf_adds(b, "]}}\n");
}
