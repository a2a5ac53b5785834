/* SPDX-License-Identifier: Apache-2.0 */
#include "lab/fault/actions.h"

#include "base/text.h"
#include "lab/fault/apply.h"

/* What every action takes, and what those that send something take. */
#define COMMON                                                                                     \
	{"type", T_STRING, F_REQUIRED, .doc = "The kind of action."},                              \
	{                                                                                          \
		"delay", T_ANY, .doc = "How long the answer is held back."                         \
	}
#define HEADERS                                                                                    \
	{                                                                                          \
		"headers", T_STRING, F_MAP,                                                        \
			.doc = "More headers of the answer, or others instead."                    \
	}

static const char *const garbage_kinds[] = {"html", "half_json", "wrong_length", NULL};

static const struct field bare[] = {COMMON, {0}};
static const struct field plain[] = {COMMON, HEADERS, {0}};
static const struct field error[] = {
	COMMON,
	HEADERS,
	{"status", T_INT32, .min = 400, .max = 599, .doc = "HTTP status; 500 when absent."},
	{"error_code", T_STRING, .min = 1, .max = 63,
		.doc = "Follows from the status when absent."},
	{"message", T_STRING, .max = 2000, .doc = "What the error says."},
	{"details", T_ANY, F_LIST, .doc = "Details of the error, sent as they are."},
	{0},
};
static const struct field retry_after[] = {
	COMMON,
	HEADERS,
	{"retry_after", T_ANY, .doc = "Seconds, or any text, sent as it is."},
	{0},
};
static const struct field hang[] = {
	COMMON,
	{"for", T_STRING, .doc = "Then the connection is closed."},
	{0},
};
static const struct field truncate[] = {
	COMMON,
	HEADERS,
	{"bytes", T_INT64, .min = 0, .max = 1e9,
		.doc = "Of the body that are sent; half of it when absent."},
	{0},
};
static const struct field dribble[] = {
	COMMON,
	HEADERS,
	{"bytes", T_INT64, .min = 1, .max = 1e9, .doc = "Sent at once; 1 when absent."},
	{"every", T_STRING, .doc = "Time between two pieces; 100ms when absent."},
	{0},
};
static const struct field lognormal[] = {
	{"median", T_STRING, F_REQUIRED, .doc = "Half of the answers come sooner."},
	{"sigma", T_DOUBLE, F_REQUIRED, .min = 0.001, .max = 5, .doc = "Of the logarithm."},
	{0},
};
static const struct message lognormal_message = {"Lognormal", lognormal};
static const struct field delay[] = {
	{"type", T_STRING},
	HEADERS,
	{"fixed", T_STRING, .oneof = "delay", .doc = "Always so long."},
	{"uniform", T_STRING, F_LIST, .oneof = "delay", .min = 2, .max = 2, .doc = "Between two."},
	{"lognormal", T_MESSAGE, .message = &lognormal_message, .oneof = "delay"},
	{0},
};
static const struct field garbage[] = {
	COMMON,
	HEADERS,
	{"kind", T_ENUM, F_REQUIRED, .choices = garbage_kinds,
		.doc = "What is wrong with the body."},
	{0},
};
static const struct field operation[] = {
	COMMON,
	HEADERS,
	{"plan", T_STRING, F_REQUIRED, .doc = "How the operation goes on."},
	{0},
};

static const struct message m_bare = {"Action", bare}, m_plain = {"Action", plain},
			    m_error = {"Error", error}, m_retry_after = {"RetryAfter", retry_after},
			    m_hang = {"Hang", hang}, m_truncate = {"Truncate", truncate},
			    m_dribble = {"Dribble", dribble}, m_garbage = {"Garbage", garbage},
			    m_operation = {"OperationPlan", operation};
const struct message fault_delay_message = {"Delay", delay};

#define BEFORE (1U << PHASE_BEFORE)
#define AFTER (1U << PHASE_AFTER_COMMIT)
#define MID (1U << PHASE_MID_BODY)

#define ANSWERS                                                                                    \
	"before (the handler does not run) and after_commit (it has run, and its answer is lost)"
#define BODIES "after_commit and mid_body, since there must be an answer to spoil"
#define HOLDS "before and after_commit; dribble is what slows a body down"

const struct action_kind action_kinds[] = {
	{"error", BEFORE | AFTER, ACT_REPLACES | ACT_ANSWERS, &m_error, ANSWERS, read_error,
		apply_error},
	{"conflict", BEFORE | AFTER, ACT_REPLACES | ACT_ANSWERS, &m_plain, ANSWERS, NULL,
		apply_conflict},
	{"throttle", BEFORE | AFTER, ACT_REPLACES | ACT_ANSWERS, &m_retry_after, ANSWERS,
		read_retry_after, apply_throttle},
	{"unavailable", BEFORE | AFTER, ACT_REPLACES | ACT_ANSWERS, &m_retry_after, ANSWERS,
		read_retry_after, apply_unavailable},
	{"expire_token", BEFORE | AFTER, ACT_REPLACES | ACT_ANSWERS, &m_plain, ANSWERS, NULL,
		apply_expire_token},
	{"reset", BEFORE | AFTER | MID, ACT_REPLACES, &m_bare, "any phase", NULL, apply_reset},
	{"close", BEFORE | AFTER | MID, ACT_REPLACES, &m_bare, "any phase", NULL, apply_close},
	{"hang", BEFORE | AFTER | MID, ACT_REPLACES, &m_hang, "any phase", read_hang, apply_hang},
	{"truncate", AFTER | MID, ACT_ANSWERS, &m_truncate, BODIES, read_bytes, apply_truncate},
	{"dribble", AFTER | MID, ACT_ANSWERS, &m_dribble, BODIES, read_dribble, apply_dribble},
	{"delay", BEFORE | AFTER, ACT_ANSWERS, &fault_delay_message, HOLDS, read_delay,
		apply_nothing},
	{"garbage", BEFORE | AFTER | MID, ACT_REPLACES | ACT_ANSWERS | ACT_GARBLES, &m_garbage,
		BODIES, read_garbage, apply_garbage},
	{"stale", BEFORE | AFTER, ACT_READS | ACT_ANSWERS, &m_plain,
		"before and after_commit, of requests that read", NULL, apply_nothing},
	{"operation", BEFORE | AFTER, ACT_STARTS | ACT_ANSWERS, &m_operation,
		"before and after_commit, of requests that start an operation", read_plan,
		apply_nothing},
	{NULL},
};

const struct action_kind *action_kind(const struct action_kind *kinds, const char *name)
{
	for (const struct action_kind *k = kinds; k->name; k++)
		if (streq(k->name, name))
			return k;
	return NULL;
}
