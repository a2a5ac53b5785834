/* SPDX-License-Identifier: Apache-2.0 */
/* For each rule of the rubric, clients that are nearly wrong and nearly right. */
#include "lab/cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "base/text.h"

#define P "/api/2.0/postgres/projects"
#define FAULT(rpc, more) "!{'match':{'rpc':'" rpc "'}," more "}"
#define FIRST(rpc, more) "!{'match':{'rpc':'" rpc "','attempt':'1'}," more "}"
#define ONCE(rpc, more) "!{'match':{'rpc':'" rpc "','call':'1'}," more "}"
#define UNAVAILABLE "'action':{'type':'unavailable'}"
#define LOST "'phase':'after_commit','action':{'type':'reset'}"
#define GARBAGE(kind) "'phase':'after_commit','action':{'type':'garbage','kind':'" kind "'}"

/*
 * What a client does: "!RULE" adds a fault rule, "+S" lets so many seconds pass, "*N" repeats the next
 * two steps N times, "#" keeps to one connection from now on, "poll" asks for the newest operation;
 * anything else is a request, "METHOD PATH BODY".
 */
static const struct habit {
	const char *rule, *verdict, *title;
	const char *steps[16];
} habits[] = {
	{"R1", "WARN", "repeats reads, and never a create",
		{FIRST("*", UNAVAILABLE), "GET " P, "+1", "GET " P, "POST " P "?project_id=p {}"}},
	{"R1", "PASS", "looks whether the create happened instead of sending it again",
		{FIRST("CreateProject", "'phase':'after_commit'," UNAVAILABLE),
			"POST " P "?project_id=p {}", "+1", "GET " P "/p"}},
	{"R2", "FAIL", "repeats a refusal, but slowly",
		{FAULT("CreateProject", "'action':{'type':'error','status':403}"),
			"POST " P "?project_id=p {}", "+40", "POST " P "?project_id=p {}"}},
	{"R2", "FAIL", "repeats a 400 until it passes",
		{FIRST("CreateProject", "'action':{'type':'error','status':400}"),
			"POST " P "?project_id=p {}", "+1", "POST " P "?project_id=p {}"}},
	{"R2", "PASS", "renews its token once",
		{FIRST("CreateProject", "'action':{'type':'expire_token'}"),
			"POST " P "?project_id=p {}", "+1", "POST " P "?project_id=p {}"}},
	{"R3", "FAIL", "counts the time that the answer took as waiting",
		{FIRST("GetProject", "'action':{'type':'unavailable','retry_after':3,'delay':'3s'}"),
			"GET " P "/p", "+3.1", "GET " P "/p"}},
	{"R3", "PASS", "waits after a slow answer",
		{FIRST("GetProject", "'action':{'type':'unavailable','retry_after':3,'delay':'3s'}"),
			"GET " P "/p", "+6.1", "GET " P "/p"}},
	{"R3d", "FAIL", "takes a date for a second",
		{FIRST("GetProject", "'action':{'type':'unavailable','retry_after':"
				     "'Thu, 01 Jan 2026 00:00:10 GMT'}"),
			"GET " P "/p", "+1", "GET " P "/p"}},
	{"R3d", "PASS", "waits until the date after a slow answer",
		{FIRST("GetProject", "'action':{'type':'unavailable','delay':'4s','retry_after':"
				     "'Thu, 01 Jan 2026 00:00:10 GMT'}"),
			"GET " P "/p", "+10", "GET " P "/p"}},
	{"R3c", "FAIL", "sleeps a day",
		{FIRST("GetProject", "'action':{'type':'unavailable','retry_after':86400}"), "GET " P,
			"GET " P "/p"}},
	{"R3c", "WARN", "gives up at once, and goes on with other things",
		{FIRST("GetProject", "'action':{'type':'unavailable','retry_after':86400}"),
			"GET " P "/p", "GET " P}},
	{"R3c", "PASS", "caps what it is asked",
		{FIRST("GetProject", "'action':{'type':'unavailable','retry_after':86400}"),
			"GET " P "/p", "+30", "GET " P "/p"}},
	{"R4", "FAIL", "never waits", {FAULT("GetProject", UNAVAILABLE), "*60", "GET " P "/p", "+0"}},
	{"R4", "FAIL", "waits as long each time",
		{FAULT("GetProject", UNAVAILABLE), "*60", "GET " P "/p", "+1.5"}},
	{"R4", "FAIL", "doubles from a millisecond on",
		{FAULT("GetProject", UNAVAILABLE), "GET " P "/p", "+.001", "GET " P "/p", "+.002",
			"GET " P "/p", "+.004", "GET " P "/p", "+.008", "GET " P "/p", "+.016",
			"GET " P "/p"}},
	{"R4", "FAIL", "comes back at once, then doubles",
		{FAULT("GetProject", UNAVAILABLE), "GET " P "/p", "+0", "GET " P "/p", "+2",
			"GET " P "/p", "+4", "GET " P "/p", "+8", "GET " P "/p", "+16",
			"GET " P "/p"}},
	{"R4", "FAIL", "has the slow server wait for it",
		{"!{'match':{'rpc':'GetProject'},'action':{'type':'unavailable','delay':'2s'}}", "*9",
			"GET " P "/p", "+2.01"}},
	{"R4", "FAIL", "hammers, and is silent for a minute at the end",
		{FAULT("GetProject", UNAVAILABLE), "*8", "GET " P "/p", "+1", "+60", "GET " P "/p"}},
	{"R4", "PASS", "doubles, up to 8 s",
		{FAULT("GetProject", UNAVAILABLE), "GET " P "/p", "+1", "GET " P "/p", "+2",
			"GET " P "/p", "+4", "*4", "GET " P "/p", "+8"}},
	{"R5", "FAIL", "is scattered only by what clocks cannot tell",
		{FIRST("GetProject", UNAVAILABLE), "GET " P "/a", "+.100", "GET " P "/a",
			"GET " P "/b", "+.110", "GET " P "/b", "GET " P "/c", "+.115",
			"GET " P "/c"}},
	{"R5", "PASS", "is scattered by a second",
		{FIRST("GetProject", UNAVAILABLE), "GET " P "/a", "+1.0", "GET " P "/a",
			"GET " P "/b", "+1.4", "GET " P "/b", "GET " P "/c", "+1.9",
			"GET " P "/c"}},
	{"R6", "FAIL", "tries a hundred times in a hundred seconds",
		{FAULT("GetProject", UNAVAILABLE), "*101", "GET " P "/p", "+1"}},
	{"R6", "PASS", "tries long, since it was asked to",
		{FAULT("GetProject", "'action':{'type':'unavailable','retry_after':300}"), "*4",
			"GET " P "/p", "+300"}},
	{"R7", "FAIL", "looks at another project",
		{FIRST("CreateProject", LOST), "POST " P "?project_id=p {}", "GET " P "/q"}},
	{"R7", "FAIL", "looks at a branch of it",
		{FIRST("CreateProject", LOST), "POST " P "?project_id=p {}",
			"GET " P "/p/branches/production"}},
	{"R7", "FAIL", "looks at its project, when a branch was to be made",
		{"POST " P "?project_id=p {}", FIRST("CreateBranch", LOST),
			"POST " P "/p/branches?branch_id=b {'spec':{'no_expiry':true}}",
			"GET " P "/p", "GET " P}},
	{"R7", "FAIL", "looks, and does not get to see",
		{FIRST("CreateProject", LOST), FAULT("GetProject", UNAVAILABLE),
			"POST " P "?project_id=p {}", "GET " P "/p"}},
	{"R7", "FAIL", "replaces another one",
		{ONCE("CreateBranch", LOST), "POST " P "?project_id=p {}",
			"POST " P "/p/branches?branch_id=b {'spec':{'no_expiry':true}}",
			"POST " P "/p/branches?branch_id=c&replace_existing=true "
			"{'spec':{'no_expiry':true}}"}},
	{"R7", "PASS", "looks at it",
		{FIRST("CreateProject", LOST), "POST " P "?project_id=p {}", "GET " P "/p"}},
	{"R7", "PASS", "lists what there is",
		{FIRST("CreateProject", LOST), "POST " P "?project_id=p {}", "GET " P "?page_size=5"}},
	{"R7", "PASS", "asks for its operation",
		{FIRST("CreateProject", LOST), "POST " P "?project_id=p {}", "poll"}},
	{"R7", "PASS", "looks after a 503 as after silence",
		{FIRST("CreateProject", "'phase':'after_commit'," UNAVAILABLE),
			"POST " P "?project_id=p {}", "GET " P "/p"}},
	{"R7", "PASS", "replaces it",
		{ONCE("CreateBranch", LOST), "POST " P "?project_id=p {}",
			"POST " P "/p/branches?branch_id=b {'spec':{'no_expiry':true}}",
			"POST " P "/p/branches?branch_id=b&replace_existing=true "
			"{'spec':{'no_expiry':true}}"}},
	{"R8", "FAIL", "goes on with another operation",
		{"POST " P "?project_id=p {}", FIRST("GetOperation", UNAVAILABLE), "poll",
			"POST " P "?project_id=q {}", "poll"}},
	{"R8", "PASS", "reads the resource instead",
		{"POST " P "?project_id=p {}", FIRST("GetOperation", UNAVAILABLE), "poll",
			"GET " P "/p"}},
	{"R9", "FAIL", "polls for hours",
		{FAULT("CreateProject", "'action':{'type':'operation','plan':'stuck'}"),
			"POST " P "?project_id=p {}", "*100", "poll", "+60"}},
	{"R9", "PASS", "polls for ten minutes",
		{FAULT("CreateProject", "'action':{'type':'operation','plan':'stuck'}"),
			"POST " P "?project_id=p {}", "*60", "poll", "+10"}},
	{"R10", "FAIL", "polls four times a second for long",
		{FAULT("CreateProject", "'action':{'type':'operation','plan':'stuck'}"),
			"POST " P "?project_id=p {}", "*40", "poll", "+.25"}},
	{"R10", "WARN", "begins with one quick poll",
		{FAULT("CreateProject", "'action':{'type':'operation','plan':'stuck'}"),
			"POST " P "?project_id=p {}", "poll", "+.05", "poll", "+1", "poll", "+2",
			"poll"}},
	{"R10", "PASS", "polls every second",
		{FAULT("CreateProject", "'action':{'type':'operation','plan':'stuck'}"),
			"POST " P "?project_id=p {}", "*9", "poll", "+1"}},
	{"R11", "WARN", "saves requests by giving up",
		{FAULT("GetProject", UNAVAILABLE), "GET " P "/p"}},
	{"R11", "WARN", "tries six times, ever more slowly",
		{"!{'match':{'rpc':'GetProject','attempt':'1-5'}," UNAVAILABLE "}", "GET " P "/p",
			"+2", "GET " P "/p", "+4", "GET " P "/p", "+8", "GET " P "/p", "+16",
			"GET " P "/p", "+32", "GET " P "/p"}},
	{"R11", "FAIL", "tries six times in three seconds",
		{"!{'match':{'rpc':'GetProject','attempt':'1-5'}," UNAVAILABLE "}", "*6",
			"GET " P "/p", "+.5"}},
	{"R12", "FAIL", "has used its body up, and reads something in between",
		{FIRST("CreateProject", UNAVAILABLE), "POST " P "?project_id=p {'spec':{}}", "GET " P,
			"+1", "POST " P "?project_id=p {}"}},
	{"R12", "PASS", "changes something else later on",
		{"POST " P "?project_id=p {}", FIRST("UpdateProject", UNAVAILABLE),
			"PATCH " P "/p?update_mask=spec.display_name {'spec':{'display_name':'a'}}",
			"+1",
			"PATCH " P "/p?update_mask=spec.display_name {'spec':{'display_name':'a'}}",
			"PATCH " P "/p?update_mask=spec.display_name {'spec':{'display_name':'b'}}"}},
	{"R13", "WARN", "opens a connection for each request", {"*8", "GET " P, "+1"}},
	{"R13", "PASS", "opens new ones, since all were cut",
		{FAULT("ListProjects", "'action':{'type':'close'}"), "*8", "GET " P, "+1"}},
	{"R13", "PASS", "keeps to one", {"#", "*8", "GET " P, "+1"}},
	{"R14", "FAIL", "takes a name out of half an answer",
		{FAULT("CreateProject", GARBAGE("half_json")), "POST " P "?project_id=p {}", "poll"}},
	{"R14", "FAIL", "takes a name out of a page of HTML",
		{FAULT("CreateProject", GARBAGE("html")), "POST " P "?project_id=p {}", "poll"}},
	{"R14", "FAIL", "turns a page that it could not read",
		{FAULT("ListProjects", GARBAGE("wrong_length")), "GET " P, "GET " P "?page_token=x"}},
	{"R14", "PASS", "tries again, then polls",
		{FIRST("CreateProject", "'action':{'type':'garbage','kind':'html'}"),
			"POST " P "?project_id=p {}", "+1", "POST " P "?project_id=p {}", "poll"}},
	{"R14", "PASS", "leaves it as failed",
		{FAULT("CreateProject", GARBAGE("half_json")), "POST " P "?project_id=p {}", "GET " P}},
};

static void pass(double s)
{
	r->now += (usec)(s * 1e6);
	rig_wall += (usec)(s * 1e6);
}

static void poll_newest(void)
{
	const json_t *all, *last;
	char what[512];

	rig_want(r, "GET /_mock/state", NULL, 200);
	all = rig_at(r, "operations");
	last = json_array_get(all, json_array_size(all) - 1);
	for (size_t i = 0; i < json_array_size(all); i++)
		if (json_integer_value(json_object_get(json_array_get(all, i), "seq")) >
			json_integer_value(json_object_get(last, "seq")))
			last = json_array_get(all, i);
	snprintf(what, sizeof what, "GET /api/2.0/postgres/%s",
		json_string_value(json_object_get(last, "name")));
	rig_ask(r, what, NULL);
}

static void step(const char *text, bool *one_connection)
{
	char what[512], *body;

	if (*text == '!') {
		rule(text + 1);
	} else if (*text == '+') {
		pass(atof(text + 1));
	} else if (*text == '#') {
		*one_connection = true;
	} else if (*one_connection) {
		r->connection = 0;
	}
	if (strchr("!+#", *text))
		return;
	if (streq(text, "poll")) {
		poll_newest();
		return;
	}
	snprintf(what, sizeof what, "%s", text);
	body = strstr(what, " {");
	if (body)
		*body++ = '\0';
	rig_ask(r, what, body);
}

static void act(const struct habit *h)
{
	bool one_connection = false;

	for (const char *const *s = h->steps; *s; s++) {
		int times = **s == '*' ? atoi(*s + 1) : 0;

		if (!times)
			step(*s, &one_connection);
		for (int i = 0; i < times; i++) {
			step(s[1], &one_connection);
			step(s[2], &one_connection);
		}
		s += times ? 2 : 0;
	}
}

static const json_t *verdict_on(const char *id, const char *how)
{
	char what[64];
	size_t i;
	json_t *v;

	snprintf(what, sizeof what, "GET /_mock/grade%s", how);
	rig_want(r, what, NULL, 200);
	json_array_foreach (rig_at(r, "rules"), i, v)
		if (streq(json_string_value(json_object_get(v, "rule")), id))
			return v;
	return NULL;
}

START_TEST(a_habit_is_seen_for_what_it_is)
{
	const struct habit *h = &habits[_i];
	const json_t *v;

	r->now = monotonic_now();
	r->user_agent = "client/1";
	act(h);
	v = verdict_on(h->rule, "?final=1");
	ck_assert_msg(streq(json_string_value(json_object_get(v, "verdict")), h->verdict),
		"a client that %s: %s is %s, not %s: %s", h->title, h->rule,
		json_string_value(json_object_get(v, "verdict")), h->verdict,
		json_string_value(json_object_get(v, "evidence")));
	ck_assert_int_eq(rig_int(r, "summary.inconclusive"), 0);
	ck_assert(json_is_true(rig_at(r, "final")));
}
END_TEST

START_TEST(what_is_on_its_way_is_judged_only_at_the_end)
{
	r->now = monotonic_now();
	rule("{'match':{'rpc':'CreateProject'},'action':{'type':'delay','fixed':'60s'}}");
	r->keep_pending = true;
	rig_ask(r, CREATE, "{}");
	ck_assert_str_eq(json_string_value(json_object_get(verdict_on("R7", ""), "verdict")), "N-A");
	ck_assert_str_eq(
		json_string_value(json_object_get(verdict_on("R7", "?final=1"), "verdict")), "FAIL");
}
END_TEST

int main(void)
{
	return CASES("lab-habits", NULL, {a_habit_is_seen_for_what_it_is, ARRAY_SIZE(habits)},
		{what_is_on_its_way_is_judged_only_at_the_end});
}
