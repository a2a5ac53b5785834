/* SPDX-License-Identifier: Apache-2.0 */
/* What the lab's rules do to a login, and to a session that is established. */
#include "postgres/front/session.h"

void rules_fault(struct session *s, const struct connect_fault *fault)
{
	switch (fault->kind) {
	case CONNECT_GO:
		break;
	case CONNECT_ERROR:
		session_say(s, fault->severity, fault->sqlstate, fault->message, NULL);
		break;
	case CONNECT_RESET:
		session_drop(s, true);
		break;
	case CONNECT_HANG: /* its time is over */
	case CONNECT_CLOSE:
		session_drop(s, false);
		break;
	}
}

static void drop_it(struct session *s)
{
	session_drop(s, false);
}

static void hang(struct session *s, usec most)
{
	pump_hang(s);
	session_after(s, most, drop_it);
}

/* The rule acts: its row is written, and then it is done. */
void rules_act(struct session *s)
{
	const struct connect_fault rule = *connect_fault(s->rule);
	const char *sqlstate = rule.kind == CONNECT_ERROR ? rule.sqlstate : NULL;
	const char *severity = arena_strdup(&s->arena, rule.severity);
	const char *message = arena_strdup(&s->arena, rule.message);
	const char *code = arena_strdup(&s->arena, rule.sqlstate);

	s->attempt = STEAL(s->rule);
	front_answered(s, &(struct connect_end){ .sqlstate = sqlstate, .applied = true,
				  .answered = true, .cut = true });
	switch (rule.kind) {
	case CONNECT_ERROR:
		relay_cut(s, severity, code, message);
		break;
	case CONNECT_RESET:
		session_drop(s, true);
		break;
	case CONNECT_HANG:
		hang(s, rule.hang);
		break;
	case CONNECT_CLOSE:
	case CONNECT_GO:
		session_drop(s, false);
		break;
	}
}

void rules_look(struct session *s, bool open)
{
	const struct connect_request req = { .endpoint = s->endpoint,
		.user = s->startup.user,
		.database = s->startup.database,
		.connection = s->number };
	struct workspace *ws = session_workspace(s);
	const struct connect_fault *rule;

	if (s->rule || !ws || s->stage != STAGE_OPEN || s->cut.due || s->hung)
		return;
	s->rule = lab_session(s->front->o.lab, ws, &req, open);
	rule = connect_fault(s->rule);
	if (!rule)
		return;
	s->to_client = 0;
	if (!rule->by_bytes)
		session_after(s, rule->delay, rules_act);
	else if (!rule->bytes)
		session_after(s, 0, rules_act);
}

size_t rules_allow(struct session *s, size_t n, bool *cut)
{
	const struct connect_fault *rule = connect_fault(s->rule);

	*cut = rule && rule->by_bytes && s->to_client + n >= rule->bytes;
	if (*cut)
		n = rule->bytes - s->to_client;
	s->to_client += n;
	return n;
}
