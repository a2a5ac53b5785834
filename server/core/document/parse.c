/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "core/document/doc.h"
#include "core/wording/wording.h"

enum { PARSE_FLAGS = JSON_REJECT_DUPLICATES | JSON_DECODE_ANY };

static int fault(struct doc_fault *f, enum doc_fault_kind kind, int line, int column, const char *why)
{
	f->kind = kind;
	f->line = line;
	f->column = column;
	snprintf(f->why, sizeof f->why, "%s", why);
	return -1;
}

/* Length of the string that begins at s, its quotes included; more than len when it does not end. */
static size_t string_length(const char *s, size_t len)
{
	size_t i = 1;

	while (i < len && s[i] != '"')
		i += s[i] == '\\' ? 2 : 1;
	return i + 1;
}

/*
 * jansson's own ceiling is 2048 levels. A text that is not JSON may be refused here for its
 * brackets where the parser would have named another reason; it is refused either way.
 */
static int check_depth(const char *text, size_t len, struct doc_fault *f)
{
	int depth = 0, line = 1;
	size_t line_start = 0;

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '"') {
			i += string_length(text + i, len - i) - 1;
		} else if (text[i] == '\n') {
			line++;
			line_start = i + 1;
		} else if (text[i] == ']' || text[i] == '}') {
			depth--;
		} else if ((text[i] == '[' || text[i] == '{') && ++depth > MAX_JSON_DEPTH) {
			char why[48];

			snprintf(why, sizeof why, "nested deeper than %d levels", MAX_JSON_DEPTH);
			return fault(f, DOC_BROKEN, line, (int)(i - line_start) + 1, why);
		}
	}
	return 0;
}

/* The parser quotes what it saw, which may be cut or may not be UTF-8. */
const char *doc_parse_reason(const json_error_t *error)
{
	switch (json_error_code(error)) {
	case json_error_invalid_utf8:
		return "not valid UTF-8";
	case json_error_null_character:
	case json_error_null_byte_in_key:
		return "NUL characters are not allowed";
	case json_error_numeric_overflow:
		return "number out of range";
	case json_error_premature_end_of_input:
		return "the text ends too early";
	case json_error_end_of_input_expected:
		return "something follows the end of the document";
	default: /* a foreign enum that grows */
		return text_utf8_ok(error->text, strlen(error->text)) ? error->text : "syntax error";
	}
}

static bool blank(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!memchr(" \t\r\n", text[i], 4))
			return false;
	return true;
}

int doc_read(json_t **ret, const char *text, size_t len, struct doc_fault *f)
{
	json_auto_t *doc = NULL;
	json_error_t error;

	if (blank(text, len))
		return fault(f, DOC_MISSING, 0, 0, doc_kind(NULL));
	if (check_depth(text, len, f))
		return -1;
	doc = json_loadb(text, len, PARSE_FLAGS, &error);
	/* inside a token, jansson calls it an error of syntax */
	if (!doc && (!error.text[0] || json_error_code(&error) == json_error_out_of_memory))
		return fault(f, DOC_NO_MEMORY, 0, 0, "");
	if (!doc)
		return fault(f, DOC_BROKEN, error.line, error.column, doc_parse_reason(&error));
	if (!json_is_object(doc))
		return fault(f, DOC_NOT_OBJECT, 0, 0, doc_kind(doc));
	*ret = STEAL(doc);
	return 0;
}

int doc_parse(json_t **ret, const char *text, size_t len, struct err *e)
{
	struct doc_fault f;
	char line[16], column[16];

	if (!doc_read(ret, text, len, &f))
		return 0;
	switch (f.kind) {
	case DOC_NO_MEMORY:
		return err_oom(e);
	case DOC_MISSING: /* in words that the service was seen to use */
		return err_say(e, SAY_BODY_MISSING);
	case DOC_NOT_OBJECT:
		return err_say(e, SAY_BODY_NOT_OBJECT, f.why);
	case DOC_BROKEN:
		break;
	}
	snprintf(line, sizeof line, "%d", f.line);
	snprintf(column, sizeof column, "%d", f.column);
	return err_say(e, SAY_BODY_SYNTAX, line, column, f.why);
}
