/* SPDX-License-Identifier: Apache-2.0 */
/* GET /_mock/metrics: Prometheus text. Names of workspaces, rules and rpcs need no escaping. */
#include "admin/admin.h"

static void head(struct buf *b, const char *name, const char *type, const char *help)
{
	buf_addf(b, "# HELP lakebase_mock_%s %s\n# TYPE lakebase_mock_%s %s\n", name, help, name,
		type);
}

static void one(struct buf *b, const char *name, const char *type, const char *help, double value)
{
	head(b, name, type, help);
	buf_addf(b, "lakebase_mock_%s %.10g\n", name, value);
}

static void requests(const struct lab *lab, struct buf *b)
{
	static const char *const classes[ANSWER_CLASSES] = {
		"none", "1xx", "2xx", "3xx", "4xx", "5xx"};
	const struct routes *all = &lab->app->routes;

	head(b, "requests_total", "counter",
		"Requests of the API, by what the handler or a fault said.");
	for (size_t i = 0; i < all->num; i++)
		for (int c = 0; c < ANSWER_CLASSES; c++)
			if (lab->answered[i * ANSWER_CLASSES + (size_t)c])
				buf_addf(b,
					"lakebase_mock_requests_total{rpc=\"%s\",status=\"%s\"} "
					"%llu\n",
					all->all[i].rpc, classes[c],
					(unsigned long long)
						lab->answered[i * ANSWER_CLASSES + (size_t)c]);
}

static void each_space(const struct lab *lab, struct buf *b, const char *name,
	void (*line)(struct buf *b, const char *name, const struct space *s))
{
	for (size_t i = 0; i < SPACE_SLOTS; i++)
		for (const struct space *s = lab->spaces[i]; s; s = s->next)
			line(b, name, s);
}

static void rows(struct buf *b, const char *name, const struct space *s)
{
	buf_addf(b, "lakebase_mock_%s{workspace=\"%s\"} %llu\n", name, s->name,
		(unsigned long long)journal_len(&s->journal));
}

static void dropped(struct buf *b, const char *name, const struct space *s)
{
	buf_addf(b, "lakebase_mock_%s{workspace=\"%s\"} %llu\n", name, s->name,
		(unsigned long long)s->journal.dropped);
}

static void fired(struct buf *b, const char *name, const struct space *s)
{
	for (size_t i = 0; i < s->faults.num; i++)
		buf_addf(b, "lakebase_mock_%s{workspace=\"%s\",rule=\"%s\"} %llu\n", name, s->name,
			s->faults.all[i]->id, (unsigned long long)s->faults.all[i]->fired);
}

int admin_metrics(struct admin *a, struct err *e)
{
	const struct lab *lab = a->lab;
	struct buf *b = &a->resp->body;

	(void)e;
	a->resp->content_type = "text/plain; version=0.0.4; charset=utf-8";
	one(b, "up_seconds", "gauge", "Since the start.",
		(double)(monotonic_now() - lab->started) / 1e6);
	one(b, "workspaces", "gauge", "In use.", app_num_workspaces(a->app));
	one(b, "faulted_requests_total", "counter", "Requests that a fault rule acted on.",
		(double)lab->faulted);
	requests(lab, b);
	head(b, "journal_rows", "gauge", "Requests kept in the journal.");
	each_space(lab, b, "journal_rows", rows);
	head(b, "journal_dropped_total", "counter", "Requests that the journal no longer has.");
	each_space(lab, b, "journal_dropped_total", dropped);
	head(b, "fault_fired_total", "counter", "How often a rule acted.");
	each_space(lab, b, "fault_fired_total", fired);
	return 0;
}
