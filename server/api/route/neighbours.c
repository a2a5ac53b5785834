/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two other APIs that programs ask before this one, and go on only when the answer is that there is
 * nothing: the older one of database instances, and apps. There is none of either, ever.
 */
#include "api/handlers.h"

static int no_instance(struct call *call, struct err *e)
{
	return err_say(e, SAY_NO_INSTANCE, call_arg(call, "name"));
}

static int no_app(struct call *call, struct err *e)
{
	return err_say(e, SAY_NO_APP, call_arg(call, "name"));
}

static int none(struct call *call, struct err *e)
{
	return call_reply(call, json_object(), e);
}

static const struct query_param pages[] = {
	{ "page_size", T_INT32, "Accepted and ignored." },
	{ "page_token", T_STRING, "Accepted and ignored." },
	{ 0 },
};

const struct route neighbour_routes[] = {
	{ "GetDatabaseInstance", "GET", "/api/2.0/database/instances/{name}", no_instance,
		.evidence = EVIDENCE_VERIFIED, .doc = "The older API: there are no instances." },
	{ "ListDatabaseInstances", "GET", "/api/2.0/database/instances", none, .query = pages,
		.reply = &any_message, .evidence = EVIDENCE_TYPED,
		.doc = "The older API: there are no instances." },
	{ "GetApp", "GET", "/api/2.0/apps/{name}", no_app, .evidence = EVIDENCE_VERIFIED,
		.doc = "There is none." },
	{ "ListApps", "GET", "/api/2.0/apps", none, .query = pages, .reply = &any_message,
		.evidence = EVIDENCE_TYPED, .doc = "None." },
	{ 0 },
};
