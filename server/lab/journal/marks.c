/* SPDX-License-Identifier: Apache-2.0 */
#include "lab/journal/marks.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"

static struct mark_at *find(const struct marks *m, const char *name)
{
	for (unsigned i = 0; i < m->num; i++)
		if (streq(m->all[i].name, name))
			return &m->all[i];
	return NULL;
}

void marks_set(struct marks *m, const char *name, uint64_t row)
{
	struct mark_at *at = find(m, name);

	if (!m->all)
		m->all = calloc(MARKS, sizeof *m->all);
	if (!m->all)
		return; /* a report that asks for it will say that there is none */
	if (!at)
		at = m->num < MARKS ? &m->all[m->num++] : &m->all[m->oldest++ % MARKS];
	snprintf(at->name, sizeof at->name, "%s", name);
	at->row = row;
}

uint64_t marks_row(const struct marks *m, const char *name)
{
	const struct mark_at *at = find(m, name);

	return at ? at->row : 0;
}

void marks_done(struct marks *m)
{
	free(m->all);
	*m = (struct marks){0};
}
