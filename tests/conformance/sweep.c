/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/sweep.h"

#include <stdio.h>

#include "conformance/created.h"
#include "conformance/http.h"
#include "base/text.h"

static void remove_one(struct play *p, const char *name)
{
	struct err e;

	if (name[0] == '/') {
		if (play_send(p, "DELETE", name, NULL, &e))
			fprintf(stderr, "%s\n", e.message);
	} else {
		play_delete(p, name);
	}
}

/* Gone, or still there. */
static bool gone(struct play *p, const char *name)
{
	char path[1200];
	struct err e;

	snprintf(path, sizeof(path), "%s%s", name[0] == '/' ? "" : "/api/2.0/postgres/", name);
	return play_send(p, "GET", path, NULL, &e) == 0 &&
	       (p->last.status == 404 || p->last.status == 405);
}

int sweep(const struct options *o)
{
	struct shared shared = {.options = o};
	struct created left = {0};
	struct suite none = {0};
	struct journal j = {0};
	struct http_target h;
	char url[512];
	size_t stay = 0;
	struct play p;
	struct err e;

	if (journal_read(o->args[0], &left, url, sizeof(url), &e) ||
		journal_open(&j, o->args[0], o->target ? o->target : url, "", &e) ||
		http_target_init(&h, &shared, o->target ? o->target : url, false, &e) ||
		play_init(&p, &h.target, &none, "sweep")) {
		fprintf(stderr, "%s\n", e.message);
		return EXIT_USAGE;
	}
	for (size_t i = left.num; i-- > 0;) {
		if (created_alone(&left, left.names[i]))
			remove_one(&p, left.names[i]);
		if (created_alone(&left, left.names[i]) && !gone(&p, left.names[i])) {
			fprintf(stderr, "still there: %s (the last answer was %d)\n", left.names[i],
				p.last.status);
			stay++;
		} else if (journal_removed(&j, left.names[i], &e)) {
			fprintf(stderr, "%s\n", e.message);
		}
	}
	printf("%zu were left behind, %zu still are\n", left.num, stay);
	play_done(&p);
	http_target_done(&h);
	journal_close(&j);
	created_done(&left);
	return stay ? EXIT_NOT_AS_EXPECTED : EXIT_AS_EXPECTED;
}
