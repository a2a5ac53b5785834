/* SPDX-License-Identifier: Apache-2.0 */
/* What one request reads of a resource while it changes it. */
#include "core/document/doc.h"
#include "core/resource/draft.h"
#include "lab/cases.h"

#define ENDPOINT "projects/p/branches/production/endpoints/primary"

static void prepare(void)
{
	rig_want(r, CREATE, "{}", 200);
}

/* Changes and removes what it has just looked at. */
static int look_again(struct ctx *c, const char *name, struct err *e)
{
	const struct resource *res = resource_by_kind(c->world, "endpoint");
	struct draft seen, mine;

	ck_assert_int_eq(draft_look(c, res, name, &seen, e), 1);
	ck_assert_int_eq(draft_load(c, res, name, &mine, e), 1);
	ck_assert_int_eq(doc_set_str(mine.status, "current_state", "IDLE"), 0);
	ck_assert_int_eq(draft_store(c, &mine, e), 0);
	ck_assert_int_eq(draft_look(c, res, name, &seen, e), 1);
	ck_assert_str_eq(doc_str(seen.status, "current_state"), "IDLE");
	ck_assert_int_eq(resource_remove(c, name, e), 0);
	ck_assert_int_eq(draft_look(c, res, name, &seen, e), 0);
	return 0;
}

START_TEST(what_was_looked_at_is_seen_as_it_is_now)
{
	by_itself(look_again, ENDPOINT);
}
END_TEST

int main(void)
{
	return CASES("lab-look", prepare, {what_was_looked_at_is_seen_as_it_is_now});
}
