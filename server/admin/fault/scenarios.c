/* SPDX-License-Identifier: Apache-2.0 */
/* /_mock/scenarios. */
#include "admin/admin.h"
#include "lab/state/embed.h"
#include "lab/state/scenarios.h"

int admin_scenario_load(struct admin *a, struct err *e)
{
	json_t *doc;

	if (scenario_load(a->lab, a->ws, a->args[0], a->arena, e))
		return -1;
	doc = scenario_doc(a->args[0], a->arena, e);
	if (!doc)
		return -1;
	a->resp->status = 201;
	return admin_reply(a,
		json_pack("{s:s, s:O*, s:O*, s:O*}", "name", a->args[0], "title",
			json_object_get(doc, "title"), "teaches", json_object_get(doc, "teaches"),
			"faults", json_object_get(doc, "faults")),
		e);
}

int admin_scenario_list(struct admin *a, struct err *e)
{
	json_auto_t *list = json_array();

	for (const struct embedded *f = embedded_files; f->name; f++) {
		const char *name = scenario_name(f, a->arena);
		json_t *doc = name ? scenario_doc(name, a->arena, e) : NULL;

		if (!name)
			continue;
		if (!doc)
			return -1;
		if (json_array_append_new(
			    list, json_pack("{s:s, s:O*, s:O*, s:O*, s:O*, s:O*}", "name", name,
					  "title", json_object_get(doc, "title"), "teaches",
					  json_object_get(doc, "teaches"), "source",
					  json_object_get(doc, "source"), "outcome",
					  json_object_get(doc, "outcome"), "faults",
					  json_object_get(doc, "faults"))))
			return err_oom(e);
	}
	return admin_reply(a, json_pack("{s:O}", "scenarios", list), e);
}
