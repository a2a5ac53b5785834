/* SPDX-License-Identifier: Apache-2.0 */
/* The database takes no writes for a while: what only reads goes on. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "lab/cases.h"
#include "store/db.h"

#define P PROJECTS "/p"

static char folder[64], db[96], operation[256];

/* As a file system does that is full or was made read-only. */
static void writable(bool yes)
{
	const char *sql = yes ? "PRAGMA query_only=0" : "PRAGMA query_only=1";

	ck_assert_int_eq(sqlite3_exec(r->app->world.store->db, sql, NULL, NULL, NULL), SQLITE_OK);
}

/* The rig of cases.c has no file, so here it gets another one that has. */
static void prepare(void)
{
	strcpy(folder, "/tmp/lab-busy-XXXXXX"); /* allowed: it fits */
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(db, sizeof db, "%s/lab.db", folder);
	rig_close(r);
	r = rig_open_with(42, 1000, db, "manual:2026-01-01T00:00:00Z");
	rig_want(r, "PUT /_mock/lro", "{'default':'after-polls:2'}", 200);
	rig_want(r, CREATE, "{}", 200);
	snprintf(operation, sizeof operation, "GET /api/2.0/postgres/%s", rig_str(r, "name"));
}

static void clean(void)
{
	rig_remove(db);
	rmdir(folder);
}

static void polled(bool done)
{
	rig_want(r, operation, NULL, 200);
	ck_assert_int_eq(json_is_true(json_object_get(r->doc, "done")), done);
}

START_TEST(a_poll_that_cannot_be_counted_is_answered)
{
	polled(false);
	writable(false);
	for (int i = 0; i < 5; i++)
		polled(false);
	rig_want(r, "GET " P, NULL, 200);
	rig_want(r, "GET " PROJECTS, NULL, 200);
	rig_want(r, "POST " PROJECTS "?project_id=q", "{}", 503);
	ck_assert_str_eq(rig_str(r, "error_code"), "TEMPORARILY_UNAVAILABLE");
	writable(true);
	polled(false);
	polled(true);
	rig_want(r, "GET " PROJECTS "/q", NULL, 404);
	rig_want(r, "POST " PROJECTS "?project_id=q", "{}", 200);
	clean();
}
END_TEST

START_TEST(what_has_fallen_due_waits)
{
	rig_want(r, "PUT /_mock/lro", "{'default':'sync'}", 200);
	rig_want(r, "POST " PROJECTS "?project_id=q", "{}", 200);
	rig_want(r, "POST " PROJECTS "/q/branches?branch_id=b", "{'spec':{'ttl':'60s'}}", 200);
	rig_close(r);
	rig_wall = RIG_START;
	r = rig_open_with(42, 1000, db, "real");
	rig_want(r, "PUT /_mock/clock", "{'mode':'real'}", 200);
	writable(false);
	rig_wall += 3600 * USEC_SECOND;
	rig_want(r, "GET " PROJECTS "/q/branches/b", NULL, 200); /* as it stands */
	writable(true);
	rig_want(r, "GET " PROJECTS "/q/branches/b", NULL, 404);
	clean();
}
END_TEST

int main(void)
{
	return CASES("lab-busy", prepare, {a_poll_that_cannot_be_counted_is_answered},
		{what_has_fallen_due_waits});
}
