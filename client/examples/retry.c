/* SPDX-License-Identifier: Apache-2.0 */
/* Retries of one's own measure, and a callback that tells what the library decides. */
#include <lakebase.h>
#include <stdio.h>

static int tell(void *context, const struct lakebase_decision *d)
{
	int *patience = context;

	printf("%s %s, try %d: %s; next in %lld ms\n", d->method, d->path, d->attempt, d->reason,
		(long long)d->delay_ms);
	/* a result other than 0 ends the call: here, after so many decisions */
	return --*patience <= 0;
}

int main(void)
{
	struct lakebase_options options = LAKEBASE_OPTIONS_INIT;
	struct lakebase_doc *project = NULL;
	struct lakebase *lb = NULL;
	int patience = 50, rc;

	options.retry.attempts = 8;
	options.retry.base_delay_ms = 20;
	options.retry.max_delay_ms = 2000;
	options.retry.deadline_ms = 20000;
	options.on_decision = tell;
	options.context = &patience;
	rc = lakebase_new(&lb, &options);
	if (!rc)
		rc = lakebase_create(&project, lb, "projects/patient", "{\"spec\":{}}", LAKEBASE_AND_WAIT);
	if (!rc)
		printf("made %s\n", lakebase_doc_string(project, "name"));
	else if (rc == LAKEBASE_EEXISTS)
		printf("taken: %s\n", lakebase_last_error()->message);
	else
		fprintf(stderr, "%s: %s\n", lakebase_code_name(rc), lakebase_last_error()->message);
	lakebase_doc_free(project);
	lakebase_free(lb);
	return rc ? 1 : 0;
}
