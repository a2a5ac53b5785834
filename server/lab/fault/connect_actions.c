/* SPDX-License-Identifier: Apache-2.0 */
/* What rules can do to connections to databases: the tables beside those of actions.c. */
#include "lab/connect.h"
#include "lab/fault/actions.h"

#define TYPE                                                                                       \
	{                                                                                          \
		"type", T_STRING, F_REQUIRED, .doc = "The kind of action."                         \
	}
#define DELAY                                                                                      \
	{                                                                                          \
		"delay", T_ANY, .doc = "How long the answer is held back."                         \
	}
#define AFTER                                                                                      \
	{                                                                                          \
		"after", T_ANY,                                                                    \
			.doc = "A duration after the login, or a number of bytes sent to the "     \
			       "client since; when absent, those that are open now, or the first to "       \
			       "come, at once."                                \
	}
#define WORDS                                                                                      \
	{"sqlstate", T_STRING, .min = 5, .max = 5, .doc = "XX000 when absent."},                   \
		{"severity", T_ENUM, .choices = severities, .doc = "FATAL when absent."},          \
	{                                                                                          \
		"message", T_STRING, .max = 2000, .doc = "What the error says."                    \
	}
#define FOR                                                                                        \
	{                                                                                          \
		"for", T_STRING, .doc = "Then the connection is closed."                           \
	}

static const char *const severities[] = {"ERROR", "FATAL", "PANIC", NULL};

static const struct field bare[] = {TYPE, DELAY, {0}};
static const struct field error[] = {TYPE, DELAY, WORDS, {0}};
static const struct field hang[] = {TYPE, DELAY, FOR, {0}};
static const struct field cut[] = {TYPE, AFTER, {0}};
static const struct field cut_error[] = {TYPE, AFTER, WORDS, {0}};
static const struct field cut_hang[] = {TYPE, AFTER, FOR, {0}};
static const struct message m_bare = {"ConnectAction", bare}, m_error = {"ConnectError", error},
			    m_hang = {"ConnectHang", hang}, m_cut = {"SessionAction", cut},
			    m_cut_error = {"SessionError", cut_error},
			    m_cut_hang = {"SessionHang", cut_hang};

#define BOTH (1U << PHASE_BEFORE | 1U << PHASE_AFTER_COMMIT)
#define LOGINS "before (no database is touched) and after_commit (the login has succeeded)"

static const struct action_kind connect_kinds[] = {
	{"error", BOTH, ACT_REPLACES, &m_error, LOGINS, read_sql_error},
	{"reset", BOTH, ACT_REPLACES, &m_bare, LOGINS},
	{"close", BOTH, ACT_REPLACES, &m_bare, LOGINS},
	{"hang", BOTH, ACT_REPLACES, &m_hang, LOGINS, read_hang},
	{"delay", BOTH, 0, &fault_delay_message, LOGINS, read_delay},
	{NULL},
};

static const struct action_kind session_kinds[] = {
	{"error", 0, ACT_CUTS, &m_cut_error, "", read_sql_error},
	{"reset", 0, ACT_CUTS, &m_cut, ""},
	{"close", 0, ACT_CUTS, &m_cut, ""},
	{"hang", 0, ACT_CUTS, &m_cut_hang, "", read_hang},
	{NULL},
};

const struct action_kind *const connect_action_kinds[RPC__N] = {
	[RPC_CONNECT] = connect_kinds,
	[RPC_SESSION] = session_kinds,
};
