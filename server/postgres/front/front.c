/* SPDX-License-Identifier: Apache-2.0 */
#include "postgres/front/session.h"

#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void front_log(struct front *f, const char *fmt, ...)
{
	va_list ap;

	(void)f;
	fputs("lakebase-mock: postgres: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

static void make_secret(struct front *f)
{
	unsigned char bytes[32];

	RAND_bytes(bytes, sizeof bytes); /* allowed: nobody may guess it */
	for (size_t i = 0; i < sizeof bytes; i++)
		snprintf(f->decoy + 2 * i, 3, "%02x", bytes[i]);
}

static int check_settings(const struct settings *settings, struct err *e)
{
	const char *pooler = setting_str(settings, SETTING_PG_POOLER);

	if (streq(pooler, "pass") || streq(pooler, "refuse"))
		return 0;
	return err_set(
		e, ERR_INVALID, "setting postgres_pooler must be pass or refuse, got '%s'", pooler);
}

static void rules_changed(void *arg, const char *workspace)
{
	struct front *f = arg;
	struct session *s;

	TAILQ_FOREACH (s, &f->open, link)
		if (streq(s->workspace, workspace))
			rules_look(s, true);
}

int front_open(struct front **ret, const struct front_options *o, struct err *e)
{
	struct front *f = calloc(1, sizeof *f);
	const struct settings *settings;

	if (!f)
		return err_oom(e);
	f->o = *o;
	f->app = o->app;
	settings = &f->app->world.settings;
	f->max_listening = (int)setting_int(settings, SETTING_PG_LISTENERS);
	TAILQ_INIT(&f->coming);
	TAILQ_INIT(&f->open);
	TAILQ_INIT(&f->listening);
	make_secret(f);
	if (check_settings(settings, e) || listen_open(f, e) || hosts_open(&f->hosts, o->file, e) ||
		certs_open(&f->certs,
			&(struct certs_options){ .pem_dir = o->pem_dir, .key_dir = o->key_dir,
				.name = o->name, .suffix = setting_str(settings, SETTING_HOST_SUFFIX) },
			e)) {
		front_close(f);
		return -1;
	}
	lab_on_rules(o->lab, rules_changed, f);
	*ret = f;
	return 0;
}

void front_close(struct front *f)
{
	struct session *s;

	if (!f)
		return;
	lab_on_rules(f->o.lab, NULL, NULL);
	while ((s = TAILQ_FIRST(&f->coming)))
		session_drop(s, false);
	while ((s = TAILQ_FIRST(&f->open)))
		session_drop(s, false);
	listen_close(f);
	hosts_close(&f->hosts);
	certs_close(f->certs);
	free(f);
}

void front_answered(struct session *s, const struct connect_end *end)
{
	struct front *f = s->front;

	if (!s->attempt)
		return;
	lab_connected(f->o.lab, STEAL(s->attempt), end);
	if (f->o.poke)
		f->o.poke(f->o.poke_arg);
}

int front_port(const struct front *f)
{
	return f->port;
}

const char *front_ca_path(const struct front *f)
{
	return certs_path(f->certs);
}

const char *front_ca_pem(const struct front *f)
{
	return certs_pem(f->certs);
}

/* ---- sessions ---- */

static bool is_below(const char *name, const char *prefix)
{
	size_t n = prefix ? strlen(prefix) : 0;

	return !prefix || (name && !strncmp(name, prefix, n) && (!name[n] || name[n] == '/'));
}

static bool is_meant(const struct session *s, const char *workspace, const char *prefix)
{
	return s->endpoint && s->stage != STAGE_LAST && streq(s->workspace, workspace) &&
	       is_below(s->endpoint, prefix);
}

int front_count_sessions(const struct front *f, const char *workspace, const char *prefix)
{
	const struct session *s;
	int n = 0;

	TAILQ_FOREACH (s, &f->open, link)
		n += is_meant(s, workspace, prefix);
	TAILQ_FOREACH (s, &f->coming, link)
		n += is_meant(s, workspace, prefix) && s->stage >= STAGE_WAKING;
	return n;
}

int front_end_sessions(struct front *f, const char *workspace, const char *prefix,
	const char *sqlstate, const char *message)
{
	struct session *s, *next;
	int n = 0;

	for (s = TAILQ_FIRST(&f->open); s; s = next) {
		next = TAILQ_NEXT(s, link);
		if (!is_meant(s, workspace, prefix))
			continue;
		relay_cut(s, "FATAL", sqlstate, message);
		n++;
	}
	return n;
}

/* ---- hosts ---- */

const char *front_known_host(const struct front *f, const char *workspace, const char *label)
{
	enum host_kind kind;
	const struct host *host;
	char uid[64];

	if (!host_read(label, strlen(label), uid, &kind))
		return NULL;
	host = hosts_find(&f->hosts, workspace, uid, kind);
	return !host ? NULL : f->o.name ? f->o.name : host->address ? host->text : NULL;
}

const char *front_host(struct front *f, const char *workspace, const char *label)
{
	enum host_kind kind;
	struct host *host;
	char uid[64];

	if (!host_read(label, strlen(label), uid, &kind))
		return NULL;
	host = hosts_find(&f->hosts, workspace, uid, kind);
	if (!host)
		host = hosts_add(&f->hosts, workspace, uid, kind);
	if (!host)
		return NULL;
	if (f->o.name) {
		if (!host->kept)
			hosts_keep(&f->hosts, host);
		return f->o.name;
	}
	if (!host->address)
		hosts_place(&f->hosts, host);
	listen_on(f, host);
	return host->text;
}
