/* SPDX-License-Identifier: Apache-2.0 */
/* What a client of a database says first, and the bounds of what a server says. */
#include <string.h>

#include "base/text.h"
#include "fuzz/fuzz.h"
#include "postgres/protocol/wire.h"

static void same_params(const char *const *a, const char *const *b)
{
	for (; *a && *b; a++, b++)
		PROMISE(streq(*a, *b));
	PROMISE(!*a && !*b);
}

/* What goes on to the server says the same, without what was meant for the front. */
static void passed_on(const struct startup *s, struct arena *arena)
{
	struct startup again;
	struct buf b = { 0 };

	wire_add_startup(&b, s);
	PROMISE(!b.failed && wire_u32(b.data) == b.len);
	if (*s->user && b.len <= WIRE_MAX_STARTUP) {
		PROMISE(!wire_startup(&again, b.data, b.len, arena));
		PROMISE(again.major == 3 && !again.minor && !*again.unknown);
		PROMISE(!again.endpoint && !again.project);
		PROMISE(streq(again.user, s->user) && streq(again.database, s->database));
		same_params(again.params, s->params);
	}
	buf_clear(&b);
	wire_add_negotiation(&b, s);
	PROMISE(!b.failed && wire_u32(b.data + 1) == b.len - 1);
	buf_done(&b);
}

static void startup(const uint8_t *data, size_t len)
{
	struct arena arena = { 0 };
	struct startup s;
	size_t need;
	enum wanted wanted = wire_wanted(data, len < WIRE_FIRST ? len : WIRE_FIRST, &need);

	PROMISE(wanted != WANT_MORE || len < WIRE_FIRST);
	PROMISE(wanted != WANT_SESSION || (need >= WIRE_FIRST && need <= WIRE_MAX_STARTUP));
	PROMISE(wanted != WANT_CANCEL || need == WIRE_CANCEL);
	if (wanted == WANT_SESSION && need <= len && !wire_startup(&s, data, need, &arena))
		passed_on(&s, &arena);
	arena_done(&arena);
}

/* In pieces or in one: the same bounds. */
static void follow(const uint8_t *data, size_t len)
{
	struct bounds one = { 0 }, many = { 0 };
	size_t whole = wire_follow(&one, data, len), last = 0;

	PROMISE(whole <= len);
	for (size_t at = 0, n; at < len; at += n) {
		size_t w;

		n = 1 + data[at] % 7;
		n = n < len - at ? n : len - at;
		w = wire_follow(&many, data + at, n);
		last = w ? at + w : last;
	}
	PROMISE(one.lost == many.lost);
	PROMISE(one.lost || (whole == last && one.left == many.left && one.num == many.num &&
				    one.status == many.status));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct sasl_first first;
	const char *field;

	startup(data, len);
	follow(data, len);
	if (!wire_sasl_first(&first, (const char *)data, len))
		PROMISE(first.data + first.len == (const char *)data + len);
	field = wire_error_field((const char *)data, len, 'C');
	PROMISE(!field || (field > (const char *)data && field + strlen(field) < (const char *)data + len));
	return 0;
}
