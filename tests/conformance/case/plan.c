/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/case/plan.h"

#include <string.h>

#include "base/text.h"

#define API "/api/2.0/postgres/"

/* Seconds that the service takes: scripts wait one to two minutes for a project, and a bundle with a
 * tree of four branches is deployed in 24 s. */
static const double paces[PACE__N] = {[PACE_PROJECT] = 60, [PACE_BRANCH] = 10, [PACE_OTHER] = 5};

enum { MOST_DEPTH = 8 };
#define REQUEST_SECONDS 0.3

/* ---- one case ---- */

/* How much of the path is below its project: "projects/{{project}}/branches/dev" has four parts. */
static enum pace pace_of(const char *target)
{
	const char *end = strpbrk(target, "?"), *last;
	size_t len = end ? (size_t)(end - target) : strlen(target);
	int parts = 0;

	if (!text_starts(target, API "projects", NULL))
		return strstr(target, "/endpoints") ? PACE_BRANCH : PACE_OTHER;
	for (size_t i = strlen(API); i < len; i++)
		parts += target[i] == '/';
	for (last = target + len - 1; *last != '/'; last--)
		; /* the path begins with one */
	if (parts <= 1 || strncmp(last, "/undelete", 9) == 0)
		return PACE_PROJECT;
	return parts <= 3 || strstr(target, "/endpoints") ? PACE_BRANCH : PACE_OTHER;
}

static bool creates(const struct step *t)
{
	return streq(t->method, "POST") && t->status == 200 && text_starts(t->target, API, NULL);
}

/* What is in a branch or project that goes goes with it. */
static bool goes_alone(const struct step *t, bool shared)
{
	const char *path, *end = strchr(t->target, '?');

	if (!end || !strstr(end, "_id=") || !text_starts(t->target, API, &path))
		return false;
	if (!memchr(path, '/', (size_t)(end - path)))
		return true; /* of the workspace */
	return shared &&
	       (text_starts(path, "projects/{{project}}/branches?", NULL) ||
		       text_starts(path, "projects/{{project}}/snapshots?", NULL) ||
		       text_starts(path, "projects/{{project}}/branches/production/", NULL));
}

static void add_creation(struct cost *c, const struct step *t, bool shared)
{
	bool project = strstr(t->target, "project_id="), branch = strstr(t->target, "branch_id=");

	if (project)
		c->projects++;
	else if (branch)
		c->branches++;
	else if (strstr(t->target, "endpoint_id="))
		c->endpoints++;
	else if (strstr(t->target, "_id="))
		c->others++;
	if (goes_alone(t, shared))
		c->removals[project ? PACE_PROJECT : branch ? PACE_BRANCH : PACE_OTHER]++;
}

static void add_steps(struct cost *c, const struct scenario *s, bool shared)
{
	enum pace last = PACE_OTHER;

	for (size_t i = 0; i < s->num_steps; i++) {
		const struct step *t = &s->steps[i];

		if (t->kind == STEP_POLL)
			c->waits[last]++;
		else if (t->kind == STEP_READY)
			c->requests++; /* it is ready soon after its operation is done */
		if (t->kind != STEP_REQUEST)
			continue;
		c->requests++;
		if (!streq(t->method, "GET"))
			last = pace_of(t->target);
		if (creates(t))
			add_creation(c, t, shared);
	}
}

static void add(struct cost *c, const struct suite *suite, const struct scenario *s, bool shared,
	const char **done, size_t *num, int depth)
{
	for (size_t i = 0; i < s->num_needs && depth < MOST_DEPTH; i++) {
		const char *name = s->needs[i].setup;
		bool known = shared && streq(name, "project");

		for (size_t n = 0; n < *num; n++)
			known |= streq(done[n], name);
		if (known)
			continue;
		done[(*num)++] = name;
		add(c, suite, suite_setup(suite, name), shared, done, num, depth + 1);
	}
	add_steps(c, s, shared);
}

void cost_add(struct cost *c, const struct suite *suite, const struct scenario *s, bool shared)
{
	const char *done[64];
	size_t num = 0;

	add(c, suite, s, shared, done, &num, 0);
}

/* ---- in all ---- */

void cost_sum(struct cost *c, const struct cost *more)
{
	c->projects += more->projects;
	c->branches += more->branches;
	c->endpoints += more->endpoints;
	c->others += more->others;
	c->requests += more->requests;
	for (int i = 0; i < PACE__N; i++) {
		c->waits[i] += more->waits[i];
		c->removals[i] += more->removals[i];
	}
}

/* As pause_for() of http.c spaces them. */
static int polls(double seconds)
{
	double wait = 0.5, waited = 0;
	int n = 1;

	for (; waited < seconds; n++) {
		waited += wait;
		wait = wait < 10 ? 2 * wait : 10;
	}
	return n;
}

int cost_calls(const struct cost *c, bool near_by)
{
	int sum = c->requests;

	for (int i = 0; i < PACE__N; i++) {
		int each = near_by ? 1 : polls(paces[i]);

		/* a removal is the delete, its operation, and the look that finds nothing */
		sum += c->waits[i] * each + c->removals[i] * (2 + each);
	}
	return sum;
}

double cost_seconds(const struct cost *c, bool near_by)
{
	double sum = REQUEST_SECONDS * cost_calls(c, near_by);

	for (int i = 0; i < PACE__N && !near_by; i++)
		sum += paces[i] * (c->waits[i] + c->removals[i]);
	return sum;
}
