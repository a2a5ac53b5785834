/* SPDX-License-Identifier: Apache-2.0 */
#include "api/gates.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "core/wording/wording.h"

/* Sentences that no request can provoke, each with the reason. */
static const struct {
	enum wording wording;
	const char *reason;
} unreachable[] = {
	{SAY__N, NULL},
};

static bool said[SAY__N];

/* The text of a sentence as a glob: each %s is a star. */
static void glob_of(enum wording w, char *out, size_t size)
{
	const char *s = wording_text(w);
	size_t n = 0;

	for (; *s && n + 1 < size; s++) {
		bool hole = s[0] == '%' && s[1] == 's';

		out[n++] = hole ? '*' : *s == '*' ? '?' : *s;
		s += hole;
	}
	out[n] = '\0';
}

void gates_seen(struct target *t, const struct scenario *s, const struct step *step,
	const struct outgoing *out, const struct incoming *in)
{
	const char *message = json_string_value(json_object_get(in->body, "message"));
	char glob[1024];

	(void)t, (void)s, (void)out;
	if (!message || !step->expect || !strstr(step->expect, "message"))
		return;
	for (int w = 0; w < SAY__N; w++) {
		glob_of((enum wording)w, glob, sizeof(glob));
		if (in->status == err_status(wording_code((enum wording)w)) &&
			text_glob(glob, message))
			said[w] = true;
	}
}

int gates_routes(const struct inproc *servers)
{
	const struct routes *first = &servers->app->routes;
	int missed = 0;

	for (size_t i = 0; i < first->num; i++) {
		unsigned long hits = 0;

		for (const struct inproc *p = servers; p; p = p->next)
			hits += p->app->routes.hits[i];
		if (hits || !first->all[i].fn)
			continue;
		printf("# no scenario asks for %s %s\n", first->all[i].method, first->all[i].path);
		missed++;
	}
	return missed;
}

int gates_wordings(void)
{
	int missed = 0;

	for (int w = 0; w < SAY__N; w++) {
		bool excused = false;

		for (size_t i = 0; unreachable[i].reason; i++)
			excused |= unreachable[i].wording == (enum wording)w;
		if (said[w] == excused) {
			printf("# %s: SAY_%s: %s\n",
				excused ? "is reachable" : "no scenario asserts",
				wording_id((enum wording)w), wording_text((enum wording)w));
			missed++;
		}
	}
	return missed;
}
