/* SPDX-License-Identifier: Apache-2.0 */
/* What a run leaves behind: nothing, or what it says. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "conformance/cleanup/cleanup.h"
#include "conformance/run/run.h"

static void note_removed(struct run *r, const char *name)
{
	struct err e;

	if (r->shared.journal && journal_removed(r->shared.journal, name, &e))
		fprintf(stderr, "%s\n", e.message);
}

static void note_left(struct run *r, const char *name, const char *why)
{
	pthread_mutex_lock(&r->lock);
	fprintf(stderr, "still there: %s: %s\n", name, why);
	if (!created_has(&r->left, name) && created_add(&r->left, name))
		r->unproven = true;
	pthread_mutex_unlock(&r->lock);
}

static bool remove_all(struct run *r, struct cleaner *c, const struct created *made)
{
	bool all = true;

	for (size_t i = made->num; i-- > 0;) {
		const char *name = made->names[i];

		if (!created_alone(made, name))
			continue; /* goes with what it is in */
		if (cleaner_remove(c, name))
			note_removed(r, name);
		else
			note_left(r, name, c->why), all = false;
	}
	return all;
}

bool run_remove(struct run *r, struct created *made, const char *token)
{
	struct cleaner c = {0};
	bool all = false;
	struct err e;

	if (!made->num) {
		created_done(made);
		return true;
	}
	if (cleaner_open(&c, &r->shared, r->url, token, r->mock, &e) == 0)
		all = remove_all(r, &c, made);
	else
		for (size_t i = 0; i < made->num; i++)
			note_left(r, made->names[i], e.message);
	cleaner_close(&c);
	created_done(made);
	return all;
}

/* Workspaces are called like the run, but for what comes after its number. */
static void stem_of(const struct run *r, char *out, size_t size)
{
	snprintf(out, size, "%.*s", (int)strlen(r->prefix) - (r->mock ? 1 : 0), r->prefix);
}

static void find(struct run *r, struct cleaner *c, struct created *found)
{
	char stem[32];

	stem_of(r, stem, sizeof(stem));
	r->unproven = cleaner_find(c, r->mock, stem, found) != 0;
	if (r->unproven)
		fprintf(stderr, "what is left was not told: %s\n", c->why);
}

void run_prove(struct run *r)
{
	const char *token = r->options->token ? r->options->token : "conformance";
	struct created again = r->left, found = {0};
	struct cleaner c = {0};
	struct err e;

	/* a mock of ours ends now; with a token for each case there is nobody who sees all */
	if (r->own || (r->options->token_each && !r->left.num))
		return;
	if (cleaner_open(&c, &r->shared, r->url, token, r->mock, &e)) {
		fprintf(stderr, "%s\n", e.message);
		r->unproven = true;
		return;
	}
	find(r, &c, &found);
	for (size_t i = 0; i < again.num; i++)
		if (!created_has(&found, again.names[i]) && created_add(&found, again.names[i]))
			r->unproven = true;
	r->left = (struct created){0};
	remove_all(r, &c, &found);
	created_done(&found);
	created_done(&again);
	cleaner_close(&c);
}
