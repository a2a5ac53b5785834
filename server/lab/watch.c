/* SPDX-License-Identifier: Apache-2.0 */
#include "lab/watch.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "lab/space.h"

#define FORGOTTEN_AFTER (120 * USEC_SECOND)

static void release(struct lab *lab, size_t at)
{
	struct watch *w = lab->watches[at];

	for (size_t i = 0; i < WATCH_EVENTS; i++)
		free(w->events[i].name);
	w->space->watch = NULL;
	free(w);
	lab->watches[at] = lab->watches[--lab->num_watches];
}

static size_t longest_unasked(const struct lab *lab)
{
	size_t at = 0;

	for (size_t i = 1; i < lab->num_watches; i++)
		if (lab->watches[i]->asked < lab->watches[at]->asked)
			at = i;
	return at;
}

struct watch *watch_of(struct lab *lab, struct space *s, int64_t state)
{
	struct watch *w = s->watch;

	if (!w) {
		w = calloc(1, sizeof *w);
		if (!w)
			return NULL;
		if (lab->num_watches == MAX_WATCHES)
			release(lab, longest_unasked(lab));
		lab->watches[lab->num_watches++] = s->watch = w;
		w->space = s;
		w->id = ++lab->watch_id;
	}
	w->asked = monotonic_now();
	w->state = state;
	return w;
}

const struct watch_event *watch_event(const struct watch *w, uint64_t number)
{
	if (number >= w->next || number + WATCH_EVENTS < w->next)
		return NULL;
	return &w->events[number % WATCH_EVENTS];
}

/* An event that could not be noted empties the ring, so that nobody takes the rest for all. */
static void note(struct watch *w, const char *name, uint64_t row, bool below)
{
	struct watch_event *at = &w->events[w->next % WATCH_EVENTS];
	char *copy = name ? strdup(name) : NULL;

	free(at->name);
	*at = (struct watch_event){copy, row, below};
	w->next += name && !copy ? WATCH_EVENTS + 1 : 1;
}

void watch_row(struct space *s, uint64_t row)
{
	if (s->watch && row < s->watch->handed)
		note(s->watch, NULL, row, false);
}

/* One request often writes the same object twice. */
static bool just_noted(const struct watch *w, const char *name, bool below)
{
	const struct watch_event *last = w->next ? watch_event(w, w->next - 1) : NULL;

	return last && !last->row && last->below == below && last->name && name &&
	       streq(last->name, name);
}

void watch_wrote(void *arg, int64_t state, const char *name, bool below)
{
	struct lab *lab = arg;

	for (size_t i = 0; i < lab->num_watches; i++)
		if (lab->watches[i]->state == state &&
			!just_noted(lab->watches[i], name, below))
			note(lab->watches[i], name, 0, below);
}

void watch_end(struct lab *lab, struct space *s)
{
	for (size_t i = 0; i < lab->num_watches; i++)
		if (lab->watches[i]->space == s) {
			release(lab, i);
			return;
		}
}

void watch_tidy(struct lab *lab)
{
	usec now = lab->num_watches ? monotonic_now() : 0;

	for (size_t i = lab->num_watches; i-- > 0;)
		if (now - lab->watches[i]->asked > FORGOTTEN_AFTER)
			release(lab, i);
}
