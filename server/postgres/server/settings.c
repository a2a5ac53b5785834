/* SPDX-License-Identifier: Apache-2.0 */
/* Settings of endpoints: which there may be, and how they become lines of postgresql.conf. */
#include <stdlib.h>
#include <string.h>

#include "base/memory/buf.h"
#include "base/text.h"
#include "core/resource/resource.h"
#include "postgres/inside.h"
#include "postgres/server/settings.h"
#include "postgres/server/sql.h"

#define MAX_CONNECTIONS "max_connections"

enum { CONNECTIONS_PER_CU_X4 = 839, LEAST_CONNECTIONS = 20 };

/* ---- what may not be set ---- */

/* What reaches files, programs or the network of this machine, or what the server's life hangs on. */
static const char *const refused[] = {"*_command", "*_file", "*_libraries", "*_library_path",
	"*_directory", "*_directories", "listen_addresses", "port", "ssl", "ssl_*", "unix_socket_*",
	"krb_*", "db_user_namespace", "archive_mode", "wal_level", "wal_recycle", "primary_*",
	"hot_standby", "recovery_target*", "allow_system_table_mods",
	"log_destination", "logging_collector", "log_filename", "event_source", "bonjour*",
	"restart_after_crash", "ignore_system_indexes", "zero_damaged_pages", NULL};

int settings_check_name(const char *name, struct err *e)
{
	for (const char *const *r = refused; *r; r++)
		if (text_glob(*r, name))
			return err_set(
				e, ERR_INVALID, "The setting '%s' cannot be changed here.", name);
	return 0;
}

/* ---- as lines ---- */

/*
 * As the table of the service has it: 104 at 0.5 CU, 209 at 1, 419 at 2, 1678 at 8. The service accepts
 * the setting, too; that it counts when it asks for fewer, and not so few that no server would start, is
 * invented.
 */
static int connections(const json_t *status)
{
	int most = (int)(doc_num(status, "autoscaling_limit_max_cu", 1) * CONNECTIONS_PER_CU_X4 / 4);
	const char *asked = doc_str(status, "settings.pg_settings." MAX_CONNECTIONS);
	int64_t n;

	return asked && text_int(asked, LEAST_CONNECTIONS, most, &n) ? (int)n : most;
}

int settings_lines(struct ctx *c, const char *endpoint, struct buf *out, struct err *e)
{
	struct draft d;
	const char *name;
	json_t *value;
	int found = draft_load(c, resource_by_kind(c->world, "endpoint"), endpoint, &d, e);

	if (found < 0)
		return -1;
	buf_addf(out, MAX_CONNECTIONS " = %d\n", connections(found ? d.status : NULL));
	if (!found)
		return 0;
	json_object_foreach (doc_at(d.status, "settings.pg_settings"), name, value) {
		struct err refusal;

		if (streq(name, MAX_CONNECTIONS) ||
			settings_check_name(name, &refusal)) /* a fixture may hold anything */
			continue;
		buf_addf(out, "%s = ", name);
		sql_add_literal(out, json_string_value(value));
		buf_adds(out, "\n");
	}
	return 0;
}

char *settings_text(struct pg *pg, const char *ws_name, settings_fn add, void *arg, struct err *e)
{
	struct workspace *ws = app_workspace(pg->app, ws_name, false, e);
	struct arena arena = {0};
	struct buf text = {0};
	struct ctx ctx;
	char *lines = NULL;

	if (!ws)
		return NULL;
	ctx = app_ctx(pg->app, ws, &arena);
	if (add(&ctx, arg, &text, e) == 0) {
		lines = text.failed ? NULL : strdup(text.data);
		if (!lines)
			err_oom(e);
	}
	buf_done(&text);
	arena_done(&arena);
	return lines;
}
