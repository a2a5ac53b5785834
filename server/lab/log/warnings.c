/* SPDX-License-Identifier: Apache-2.0 */
#include "lab/log/warnings.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"

static void drop(struct warning *w)
{
	free(w->kind);
	free(w->where);
	free(w->text);
}

void warnings_add(struct warnings *w, uint64_t seq, const char *rpc, const char *kind,
	const char *where, const char *text)
{
	struct warning new;

	if (w->num == MAX_WARNINGS) {
		w->dropped++;
		return;
	}
	new = (struct warning){seq, rpc, strdup(kind), strdup(where), strdup(text)};
	if (w->num == w->cap && w->cap < MAX_WARNINGS) {
		size_t cap = w->cap ? w->cap * 2 : 16;
		struct warning *all;

		if (cap > MAX_WARNINGS)
			cap = MAX_WARNINGS;
		all = realloc(w->all, cap * sizeof *all);
		if (all) {
			w->all = all;
			w->cap = cap;
		}
	}
	if (w->num == w->cap || !new.kind || !new.where || !new.text) {
		w->dropped++;
		drop(&new);
		return;
	}
	w->all[w->num++] = new;
}

void warnings_done(struct warnings *w)
{
	for (size_t i = 0; i < w->num; i++)
		drop(&w->all[i]);
	free(w->all);
	*w = (struct warnings){0};
}
