/* SPDX-License-Identifier: Apache-2.0 */
#include "lab/journal/filter.h"

#include "base/text.h"

static bool glob_matches(const char *glob, const char *s)
{
	return !glob || (s && text_glob(glob, s));
}

bool filter_matches(const struct filter *f, const struct row *r)
{
	if (f->status_to && (r->status < f->status_from || r->status > f->status_to))
		return false;
	if (f->call && r->call != f->call)
		return false;
	if (f->method && !streq(f->method, atom_text(r->method)))
		return false;
	return glob_matches(f->rpc, r->route ? r->route->rpc : NULL) &&
	       glob_matches(f->path, atom_text(r->path)) &&
	       glob_matches(f->caller, atom_text(r->caller)) &&
	       glob_matches(f->fault, atom_text(r->fault));
}

uint64_t filter_first(const struct filter *f, const struct journal *j)
{
	uint64_t after = f->since >= 0 ? (uint64_t)f->since + 1 : 1;

	if (f->from > after)
		after = f->from;
	return after > j->first ? after : j->first;
}

int filter_complete(const struct filter *f, const struct journal *j, struct err *e)
{
	if (f->partial || !j->dropped || (f->since >= 0 && (uint64_t)f->since + 1 >= j->first))
		return 0;
	return err_set(e, ERR_JOURNAL,
		"%llu requests were dropped from the journal; ask for ?since=%llu, take "
		"what there is with ?partial=1, or start with a larger --journal",
		(unsigned long long)j->dropped, (unsigned long long)(j->first - 1));
}
