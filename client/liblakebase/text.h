/* SPDX-License-Identifier: Apache-2.0 */
/* Strings that grow, and small questions about strings. */
#pragma once

#include "liblakebase/base.h"

/* A growing string with a ceiling. After a failed append `failed` stays set and text is kept. */
struct lb_buf {
	char *text;
	size_t size, room, ceiling;
	bool failed;
};

void lb_buf_add(struct lb_buf *b, const char *text, size_t size);
void lb_buf_puts(struct lb_buf *b, const char *text);
PRINTF(2, 3) void lb_buf_printf(struct lb_buf *b, const char *fmt, ...);
/* Percent-encodes all but unreserved characters and those of `keep`. */
void lb_buf_escape(struct lb_buf *b, const char *text, const char *keep);
/* The text, now the caller's; NULL when any append failed. The buffer is empty afterwards. */
char *lb_buf_take(struct lb_buf *b);
void lb_buf_done(struct lb_buf *b);

/* Makes text harmless for a terminal, in place: controls become blanks, what is no UTF-8 becomes '?'. */
void lb_tame(char *text);
void lb_free_string(char **s);
bool lb_same(const char *a, const char *b); /* both NULL, or equal */
bool lb_contains(const char *text, const char *word); /* without regard to case */
bool lb_starts(const char *text, const char *prefix);
/* RFC 4648, with padding. */
void lb_buf_base64(struct lb_buf *b, const char *data, size_t size);
