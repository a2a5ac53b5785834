/* SPDX-License-Identifier: Apache-2.0 */
/* The reader of one .http file: lines into cases and steps. */
#include "support/scenario/reader.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory/buf.h"
#include "base/text.h"
#include "support/match/match.h"

enum { MAX_PAIRS = 32 };

int reader_fail(struct reader *r, int line, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return err_set(r->e, ERR_INVALID, "%s:%d: %s", r->file, line, text);
}

const char *reader_line(const struct reader *r)
{
	return r->at < r->num ? r->lines[r->at] : NULL;
}

bool line_blank(const char *s)
{
	return s[strspn(s, " \t")] == '\0';
}

char *reader_dup(struct reader *r, const char *s, size_t len)
{
	while (len && isspace((unsigned char)*s))
		s++, len--;
	while (len && isspace((unsigned char)s[len - 1]))
		len--;
	return arena_strndup(&r->suite->arena, s, len);
}

const char *reader_take(struct reader *r, struct buf *b)
{
	const char *s = b->len ? reader_dup(r, b->data, b->len) : NULL;

	buf_clear(b);
	return s && *s ? s : NULL;
}

bool reader_pair(struct reader *r, const char *line, struct pair *ret)
{
	size_t n = strspn(line, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");

	if (n == 0 || line[n] != ':')
		return false;
	ret->name = arena_strndup(&r->suite->arena, line, n);
	ret->value = reader_dup(r, line + n + 1, strlen(line + n + 1));
	return true;
}

static const struct pair *keep_pairs(struct reader *r, const struct pair *pairs, size_t num)
{
	struct pair *kept = arena_alloc(&r->suite->arena, num * sizeof(*kept) + 1);

	if (kept && num)
		memcpy(kept, pairs, num * sizeof(*kept));
	return kept;
}

/* ---- steps ---- */

static struct step *add_step(struct reader *r, enum step_kind kind)
{
	struct scenario *s = r->now;
	struct step *t;

	if (s->num_steps % 16 == 0) {
		struct step *grown =
			arena_alloc(&r->suite->arena, (s->num_steps + 16) * sizeof(*grown));

		if (!grown)
			return NULL;
		if (s->num_steps)
			memcpy(grown, s->steps, s->num_steps * sizeof(*grown));
		s->steps = grown;
	}
	t = &s->steps[s->num_steps++];
	*t = (struct step){.kind = kind, .line = r->at + 1, .note = reader_take(r, &r->note)};
	return t;
}

/* How deep brackets are open after `line`, strings left out. */
static int nesting(const char *line, int depth)
{
	bool in = false;

	for (; *line; line++) {
		if (in && *line == '\\' && line[1])
			line++;
		else if (*line == '"')
			in = !in;
		else if (!in)
			depth += (*line == '{' || *line == '[') - (*line == '}' || *line == ']');
	}
	return depth;
}

/* The {{variables}} of a JSON text as 0, so that its shape can be checked before they are known. */
static void without_variables(const char *text, struct buf *out)
{
	const char *open, *end;

	while ((open = strstr(text, "{{")) && (end = strstr(open, "}}"))) {
		buf_add(out, text, (size_t)(open - text));
		buf_adds(out, "0");
		text = end + 2;
	}
	buf_adds(out, text);
}

static int check_shape(struct reader *r, const char *text, int line)
{
	struct buf plain = {0};
	json_t *v = NULL;
	struct err why;
	int rc;

	without_variables(text, &plain);
	rc = pattern_parse(plain.data ? plain.data : "", 1, &v, &why);
	buf_done(&plain);
	json_decref(v);
	return rc ? reader_fail(r, line, "not JSON: %s (counted from here)", why.message) : 0;
}

/* A JSON value over as many lines as its brackets need. */
static const char *read_json(struct reader *r)
{
	struct buf text = {0};
	const char *line, *all;
	int depth = 0;

	while ((line = reader_line(r)) && !text_starts(line, "=>", NULL) &&
		!text_starts(line, "###", NULL)) {
		buf_addf(&text, "%s\n", line);
		depth = nesting(line, depth);
		r->at++;
		if (depth <= 0)
			break;
	}
	all = reader_take(r, &text);
	buf_done(&text);
	return all;
}

/* "404 NOT_FOUND: project id not found", "200" */
static int read_status(struct reader *r, struct step *t, const char *s)
{
	char *end;
	long status = strtol(s, &end, 10);
	const char *colon;
	struct buf body = {0};

	if (status < 100 || status > 599 || (*end && *end != ' '))
		return reader_fail(r, r->at + 1, "after => comes a status, not '%s'", s);
	t->status = (int)status;
	s = end + strspn(end, " ");
	if (!*s)
		return 0;
	colon = strstr(s, ": ");
	if (!colon)
		return reader_fail(r, r->at + 1, "write => %ld ERROR_CODE: message", status);
	if (isdigit((unsigned char)*s))
		buf_addf(&body, "{\"error_code\":%.*s,\"message\":", (int)(colon - s), s);
	else
		buf_addf(&body, "{\"error_code\":\"%.*s\",\"message\":", (int)(colon - s), s);
	buf_add_json_string(&body, colon + 2);
	buf_adds(&body, "}");
	t->expect = reader_take(r, &body);
	t->is_error = true;
	buf_done(&body);
	return 0;
}

static int read_expectation(struct reader *r, struct step *t)
{
	struct pair pairs[MAX_PAIRS];
	const char *line = reader_line(r);
	size_t num = 0;
	int body_line;

	t->expect_line = t->expect_end = r->at + 1;
	if (read_status(r, t, line + 2 + strspn(line + 2, " ")))
		return -1;
	r->at++;
	while ((line = reader_line(r)) && num < MAX_PAIRS && reader_pair(r, line, &pairs[num])) {
		num++;
		r->at++;
	}
	t->expect_headers = keep_pairs(r, pairs, num);
	t->num_expect_headers = num;
	if (line && (*line == '{' || *line == '[')) {
		if (t->expect)
			return reader_fail(r, r->at + 1, "a body and a message on the => line");
		body_line = r->at + 1;
		t->expect = read_json(r);
		if (check_shape(r, t->expect, body_line))
			return -1;
	}
	t->expect_end = r->at;
	return 0;
}

/* Everything up to the `=>` line. "raw: yes" lets it be something else than JSON. */
static int read_body(struct reader *r, struct step *t, bool raw)
{
	struct buf body = {0};
	const char *line;
	int rc = 0;

	t->body_line = r->at + 1;
	while ((line = reader_line(r)) && !text_starts(line, "=>", NULL)) {
		if (text_starts(line, "###", NULL))
			break;
		buf_addf(&body, "%s\n", line);
		r->at++;
	}
	t->body = reader_take(r, &body);
	buf_done(&body);
	if (t->body && !raw)
		rc = check_shape(r, t->body, t->body_line);
	return rc;
}

static int read_request(struct reader *r, const char *line, size_t method)
{
	struct step *t = add_step(r, STEP_REQUEST);
	struct pair pairs[MAX_PAIRS];
	bool raw = false;
	size_t num = 0;

	if (!t)
		return err_oom(r->e);
	t->method = arena_strndup(&r->suite->arena, line, method);
	t->target = reader_dup(r, line + method, strlen(line + method));
	if (text_starts(t->target, "/_mock", NULL))
		r->now->mock_only = true;
	r->at++;
	while ((line = reader_line(r)) && num < MAX_PAIRS && reader_pair(r, line, &pairs[num])) {
		if (streq(pairs[num].name, "as"))
			t->as = pairs[num].value;
		else if (streq(pairs[num].name, "raw"))
			raw = true;
		else if (streq(pairs[num].name, "pages") && streq(pairs[num].value, "all"))
			t->all_pages = true;
		else
			num++;
		r->at++;
	}
	t->headers = keep_pairs(r, pairs, num);
	t->num_headers = num;
	if (read_body(r, t, raw))
		return -1;
	line = reader_line(r);
	if (!line || !text_starts(line, "=>", NULL))
		return reader_fail(r, t->line, "a request without the => line of its reply");
	return read_expectation(r, t);
}

static int read_save(struct reader *r, const char *rest)
{
	struct step *t = add_step(r, STEP_SAVE);
	const char *eq = strstr(rest, " = ");

	if (!t)
		return err_oom(r->e);
	if (!eq)
		return reader_fail(r, r->at + 1, "write > save VARIABLE = path.into.the.reply");
	t->var = reader_dup(r, rest, (size_t)(eq - rest));
	t->target = reader_dup(r, eq + 3, strlen(eq + 3));
	r->at++;
	return 0;
}

static int read_directive(struct reader *r, const char *line)
{
	struct step *t;
	const char *rest;
	enum step_kind kind;

	line += 1 + strspn(line + 1, " ");
	if (text_starts(line, "save ", &rest))
		return read_save(r, rest);
	if (text_starts(line, "poll", &rest) && (!*rest || *rest == ' '))
		kind = STEP_POLL;
	else if (text_starts(line, "ready ", &rest))
		kind = STEP_READY;
	else
		return reader_fail(
			r, r->at + 1, "there is > save, > poll and > ready, but no '%s'", line);
	t = add_step(r, kind);
	if (!t)
		return err_oom(r->e);
	t->target = *rest ? reader_dup(r, rest, strlen(rest)) : NULL;
	r->at++;
	line = reader_line(r);
	return line && text_starts(line, "=>", NULL) ? read_expectation(r, t) : 0;
}

static int read_line(struct reader *r)
{
	const char *line = reader_line(r);
	size_t method = strspn(line, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");

	if (line_blank(line)) {
		r->at++;
		return 0;
	}
	if (line[0] == '#') {
		buf_addf(&r->note, "%s\n", line + 1 + strspn(line + 1, " "));
		r->at++;
		return 0;
	}
	if (line[0] == '>')
		return read_directive(r, line);
	if (method && line[method] == ' ')
		return read_request(r, line, method);
	return reader_fail(r, r->at + 1,
		"expected a request, '> directive', '# comment' or '### id', not '%s'", line);
}

/* ---- cases ---- */

static bool good_id(const char *id)
{
	int words = 1;

	for (const char *s = id; *s; s++) {
		if (*s == '.' && (s == id || s[1] == '.' || !s[1]))
			return false;
		words += *s == '.';
		if (!islower((unsigned char)*s) && !isdigit((unsigned char)*s) && !strchr(".-", *s))
			return false;
	}
	return text_starts(id, "setup.", NULL) ? words == 2
					       : text_starts(id, "lakebase.", NULL) && words == 4;
}

static int finish_case(struct reader *r, const struct scenario *s)
{
	bool setup = text_starts(s->id, "setup.", NULL);
	struct scenario **list = setup ? &r->suite->setups : &r->suite->cases;
	size_t *num = setup ? &r->suite->num_setups : &r->suite->num_cases;
	struct scenario *grown;

	if (s->num_steps == 0)
		return reader_fail(r, s->line, "'%s' does nothing", s->id);
	if (!setup && !s->prose)
		return reader_fail(
			r, s->line, "'%s' needs a sentence that says what it shows", s->id);
	if (!setup && !s->evidence)
		return reader_fail(r, s->line,
			"'%s' needs '# evidence: verified|documented|typed|invented'", s->id);
	grown = realloc(*list, (*num + 1) * sizeof(*grown));
	if (!grown)
		return err_oom(r->e);
	*list = grown;
	grown[(*num)++] = *s;
	if (s->mock_only)
		grown[*num - 1].level = LEVEL_MOCK;
	return 0;
}

static int read_case(struct reader *r)
{
	struct scenario s = r->defaults;
	const char *line = reader_line(r);

	s.file = r->file;
	s.line = r->at + 1;
	s.id = reader_dup(r, line + 3, strlen(line + 3));
	if (!good_id(s.id))
		return reader_fail(r, s.line,
			"an id is lakebase.<resource>.<verb>.<what> or setup.<name>, not '%s'",
			s.id);
	r->at++;
	r->now = &s;
	if (reader_head(r, &s))
		return -1;
	while ((line = reader_line(r)) && !text_starts(line, "###", NULL))
		if (read_line(r))
			return -1;
	buf_clear(&r->note);
	return finish_case(r, &s);
}

static int split_lines(struct reader *r, const char *text)
{
	const char *s = text;

	for (r->num = 1; (s = strchr(s, '\n')); s++)
		r->num++;
	r->lines = arena_alloc(&r->suite->arena, (size_t)r->num * sizeof(*r->lines));
	if (!r->lines)
		return err_oom(r->e);
	for (int i = 0; i < r->num; i++) {
		size_t len = strcspn(text, "\n");

		r->lines[i] = arena_strndup(&r->suite->arena, text, len);
		text += len + (text[len] == '\n');
	}
	return 0;
}

int suite_add(struct suite *suite, const char *file, const char *text, struct err *e)
{
	struct reader r = {.suite = suite, .e = e};
	int rc;

	r.file = arena_strdup(&suite->arena, file);
	rc = r.file ? split_lines(&r, text) : err_oom(e);
	if (rc == 0)
		rc = reader_head(&r, &r.defaults);
	r.defaults.prose = NULL;
	while (rc == 0 && reader_line(&r))
		rc = text_starts(reader_line(&r), "###", NULL)
			     ? read_case(&r)
			     : reader_fail(&r, r.at + 1,
				       "a file begins with '# comments', then '### id'");
	buf_done(&r.note);
	return rc;
}
