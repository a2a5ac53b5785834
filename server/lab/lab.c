/* SPDX-License-Identifier: Apache-2.0 */
#include "lab/lab.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/auth/token.h"
#include "base/system.h"
#include "base/text.h"
#include "lab/fault/stale.h"
#include "lab/journal/retry.h"
#include "lab/serving.h"
#include "lab/state/workspaces.h"

enum { DEFAULT_ROWS = 100000, SWEEP_BUDGET = 500, MANY_DROPPED = 100 /* workspaces */ };

int lab_open(struct lab **ret, struct app *app, const struct lab_options *o, struct err *e)
{
	struct lab *lab = calloc(1, sizeof *lab);

	if (!lab)
		return err_oom(e);
	lab->app = app;
	lab->o = *o;
	if (!lab->o.journal_rows)
		lab->o.journal_rows = DEFAULT_ROWS;
	if (!lab->o.monotonic)
		lab->o.monotonic = monotonic_now;
	lab->started = lab->o.monotonic();
	lab->salt = secret_bits();
	lab->version = strdup(o->version ? o->version : "");
	lab->admin_token = o->admin_token ? strdup(o->admin_token) : NULL;
	lab->answered = calloc(app->routes.num * ANSWER_CLASSES + 1, sizeof *lab->answered);
	if (!lab->version || !lab->answered || (o->admin_token && !lab->admin_token)) {
		lab_close(lab);
		return err_oom(e);
	}
	journal_init(&lab->nowhere.journal, lab->o.journal_rows, lab->salt);
	faults_init(&lab->nowhere.faults, app);
	lab->watch_id = (uint64_t)wall_now(); /* a server before this one counted from less */
	store_listen(app->world.store, watch_wrote, lab);
	if (store_next_expiry(app->world.store, &lab->next_expiry, e)) {
		lab_close(lab);
		return -1;
	}
	*ret = lab;
	return 0;
}

void lab_close(struct lab *lab)
{
	if (!lab)
		return;
	for (size_t i = 0; i < SPACE_SLOTS; i++)
		while (lab->spaces[i])
			space_drop(lab, lab->spaces[i]->name);
	if (lab->app->world.store)
		store_listen(lab->app->world.store, NULL, NULL);
	transcripts_done(lab);
	faults_done(&lab->nowhere.faults);
	journal_done(&lab->nowhere.journal);
	free(lab->slots);
	free(lab->answered);
	free(lab->admin_token);
	free(lab->version);
	free(lab);
}

void lab_ready(struct lab *lab)
{
	lab->ready = true;
}

/* An answer that did not arrive opens its call again; one that did after all closes it. */
void lab_delivered(struct lab *lab, uint64_t ticket, enum delivered how, int status, size_t bytes)
{
	uint64_t seq;
	struct space *s = ticket ? space_of_ticket(lab, ticket, &seq) : NULL;
	struct row *r = s ? journal_row(&s->journal, seq) : NULL;

	if (!r)
		return;
	row_deliver(r, how, status, bytes, lab->o.monotonic() - lab->started);
	watch_row(s, seq);
	calls_note(&s->calls, r->key, seq, r);
}

bool lab_has_waiters(const struct lab *lab)
{
	return monotonic_now() < lab->waiting_until;
}

int lab_unfired(const struct lab *lab)
{
	int n = 0;

	for (size_t i = 0; i < SPACE_SLOTS; i++) {
		for (const struct space *s = lab->spaces[i]; s; s = s->next) {
			for (size_t k = 0; k < s->faults.num; k++) {
				const struct fault *f = s->faults.all[k];

				if (!fault_unfired(f))
					continue;
				fprintf(stderr,
					"lakebase-mock: fault rule '%s' of workspace '%s' fired "
					"%llu times, "
					"expected at least %lld; it matched %llu requests\n",
					f->id, s->name, (unsigned long long)f->fired,
					(long long)(f->expect > 0 ? f->expect : 1),
					(unsigned long long)f->matched);
				n++;
			}
		}
	}
	return n;
}

/* What was given back in small pieces goes back to the system, when it was much. */
static void give_back_memory(struct lab *lab)
{
	if (lab->dropped < MANY_DROPPED)
		return;
	lab->dropped = 0;
	system_give_back_memory();
}

bool lab_idle(struct lab *lab)
{
	struct err ignored;

	watch_tidy(lab);
	workspace_expire_all(lab);
	signer_prepare(lab->app->signer);
	if (store_sweep(lab->app->world.store, SWEEP_BUDGET, &ignored) > 0)
		return true;
	give_back_memory(lab);
	return false;
}
