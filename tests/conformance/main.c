/* SPDX-License-Identifier: Apache-2.0 */
/* lakebase-conformance: says, behaviour by behaviour, how a server matches the Lakebase API. */
#include <curl/curl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "conformance/cleanup/sweep.h"
#include "conformance/record/diff.h"
#include "conformance/record/record.h"
#include "conformance/run/run.h"
#include "conformance/target/weather.h"

static struct run run;
static volatile sig_atomic_t signals;

/* The first asks for an end with cleaning and results, the second insists. */
static void on_signal(int number)
{
	run_stop(&run);
	if (signals++)
		_exit(128 + number);
}

static void list_cases(const struct plan_cases *p)
{
	for (size_t i = 0; i < p->num; i++) {
		const struct test_case *c = &p->cases[i];
		size_t title = c->prose ? strcspn(c->prose, "\n") : 0;

		printf("%-52s %-6s %-10s %.*s\n", c->id, level_name(c->level), c->evidence,
			(int)title, c->prose ? c->prose : "");
	}
}

static int usage(const struct err *e)
{
	fprintf(stderr, "lakebase-conformance: %s\n", e->message);
	return EXIT_USAGE;
}

static int write_all(const struct options *o, const struct plan_cases *p,
	const struct run_facts *facts, struct err *e)
{
	report(stdout, o->format, p, facts);
	if (o->out && report_files(o->out, p, facts, e))
		return -1;
	return o->record ? record_write(o->record, p, e) : 0;
}

static int conclude(const struct plan_cases *p)
{
	if (signals)
		return 130;
	for (size_t i = 0; i < p->num; i++)
		if (!verdict_expected(p->cases[i].result.verdict))
			return EXIT_NOT_AS_EXPECTED;
	return EXIT_AS_EXPECTED;
}

static int play(const struct options *o, struct plan_cases *p)
{
	struct run_facts facts = {0};
	struct err e;
	int code;

	if (run_open(&run, o, p, &code, &e)) {
		fprintf(stderr, "lakebase-conformance: %s\n", e.message);
		run_close(&run);
		return code;
	}
	if (o->dry_run || !run.mock)
		run_plan(&run, o->dry_run ? stdout : stderr);
	if (o->dry_run) {
		run_close(&run);
		return EXIT_AS_EXPECTED;
	}
	signal(SIGINT, on_signal);
	signal(SIGTERM, on_signal);
	run.progress = o->format == FORMAT_TEXT ? stdout : NULL;
	run_cases(&run);
	facts = (struct run_facts){.target = run.url,
		.prefix = run.prefix,
		.mock = run.mock,
		.interrupted = signals != 0,
		.seed = run.seed,
		.seconds = seconds_now() - run.shared.started,
		.calls = atomic_load(&run.shared.calls),
		.left = &run.left,
		.unproven = run.unproven};
	code = conclude(p);
	if (run.left.num || run.unproven)
		code = EXIT_NOT_AS_EXPECTED;
	if (write_all(o, p, &facts, &e)) {
		fprintf(stderr, "lakebase-conformance: %s\n", e.message);
		code = EXIT_USAGE;
	}
	run_close(&run);
	return code;
}

int main(int argc, char **argv)
{
	struct options o;
	struct plan_cases p = {0};
	struct err e;
	int code;

	if (options_read(&o, argc, argv, &e))
		return usage(&e);
	signal(SIGPIPE, SIG_IGN);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	if (o.command == CMD_SWEEP)
		return sweep(&o);
	if (o.command == CMD_DIFF)
		return diff(&o);
	if (cases_read(&p, o.scenarios, &e) || cases_select(&p, &o, &e)) {
		code = usage(&e);
	} else if (o.list) {
		list_cases(&p);
		code = EXIT_AS_EXPECTED;
	} else {
		code = play(&o, &p);
	}
	cases_done(&p);
	curl_global_cleanup();
	return code;
}
