/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The commands. Everything that is said about one is said here: the parser, `--help`, the man page,
 * and the completion of three shells read this table.
 *
 * In examples {name} is a sample name of the kind, {parent} that of its parent, {sets} and {change} are
 * sample fields.
 */
#include "lakebasectl/table.h"
#include "lakebasectl/command/apply.h"
#include "lakebasectl/manual/complete.h"
#include "lakebasectl/command/connect.h"
#include "lakebasectl/command/diff.h"
#include "lakebasectl/document/document.h"
#include "lakebasectl/lab/explain.h"
#include "lakebasectl/lab/grade.h"
#include "lakebasectl/lab/journal.h"
#include "lakebasectl/lab/lab.h"
#include "lakebasectl/manual/man.h"
#include "lakebasectl/lab/mock.h"
#include "lakebasectl/command/permissions.h"
#include "lakebasectl/command/resources.h"
#include "lakebasectl/command/survey.h"

#define WAITING OPT_WAIT, OPT_TIMEOUT
#define FILTERS                                                                                    \
	OPT_RPC, OPT_METHOD, OPT_PATH, OPT_STATUS, OPT_CALLER, OPT_CALL, OPT_FAULT, OPT_SINCE,     \
		OPT_LIMIT, OPT_WORKSPACE
#define TAKES(...) OPTION_SET(__VA_ARGS__)
#define MOCK(method_, route_) .run = run_mock, .method = method_, .route = route_
#define LIST(list_, columns_) .list = list_, .columns = columns_
#define JOURNAL_COLUMNS                                                                            \
	"SEQ=seq,TIME=time,CALL=call,TRY=attempt,RPC=rpc,STATUS=status,SENT=sent_status,FAULT=fault," \
	"APPLIED=applied,DELIVERED=delivered,PATH=path"
#define RULE_COLUMNS                                                                               \
	"ID=id,RPC=match.rpc,CALL=match.call,TRY=match.attempt,PHASE=phase,ACTION=action.type"

const struct command command_table[] = {
	/* ---- the API ---- */
	{ "KIND create", "NAME", "create a KIND",
		"The spec comes from --set or --body. If the answer is lost, the command reads back what "
		"was created.",
		"{path} {name} {sets} --wait",
		TAKES(WAITING, OPT_SET, OPT_BODY, OPT_TTL, OPT_NO_EXPIRY, OPT_REPLACE), run_create },
	{ "KIND get", "NAME", "show a KIND", NULL, "{path} {name}\n{path} {name} --json\n{path} {name} -o name,create_time",
		TAKES(OPT_WATCH, OPT_EVERY), run_get },
	{ "KIND list", "[PARENT]", "list KINDs", NULL, "{path} {parent}\n{path} {parent} -o name",
		TAKES(OPT_SHOW_DELETED, OPT_PAGE_SIZE, OPT_WATCH, OPT_EVERY), run_list },
	{ "KIND update", "NAME", "change fields of a KIND",
		"Only the fields in --mask change. Without --mask these are the fields of --set or --body.",
		"{path} {name} {change} --wait",
		TAKES(WAITING, OPT_SET, OPT_BODY, OPT_MASK, OPT_TTL, OPT_NO_EXPIRY),
		run_update },
	{ "KIND delete", "NAME", "delete a KIND", NULL, "{path} {name} --wait",
		TAKES(WAITING, OPT_PURGE, OPT_ALLOW_MISSING, OPT_REASSIGN, OPT_YES), run_delete,
		.loses = "Delete the KIND" },
	{ "KIND describe", "NAME", "show a KIND and everything in it",
		"On a mock it also shows operations and the last changes.",
		"{path} {name}",
		NULL, run_describe },
	{ "KIND wait", "NAME", "wait until a KIND is as you want it",
		"--for takes FIELD=VALUE or deleted. Write the field as `get` shows it; you can leave out "
		"status. at its start. Exits with 1 if that does not happen within --timeout.",
		"{path} {name} --for deleted --timeout 1s || true", TAKES(OPT_UNTIL, OPT_TIMEOUT, OPT_EVERY),
		run_wait },
	{ "KIND undelete", "NAME", "restore a deleted KIND", NULL, "{path} {name} --wait", TAKES(WAITING),
		run_undelete },
	{ "credential create", "ENDPOINT", "create a Postgres password for an endpoint",
		"Prints a token. It is valid as a password for at most an hour.",
		"credential create shop/production/primary\n"
		"credential create shop/production/primary --ttl 5m -o name",
		TAKES(OPT_TTL), run_credential },
	{ "operation get", "OPERATION", "show the state of an operation", NULL,
		"operation get projects/shop/operations/1", NULL, run_operation_get },
	{ "operation wait", "OPERATION", "wait until an operation is done", NULL,
		"operation wait projects/shop/operations/1 --timeout 2m",
		TAKES(OPT_TIMEOUT), run_operation_wait },
	{ "permission get", "PROJECT", "show who may do what with a project", NULL, "permission get shop", NULL,
		run_permission_get },
	{ "permission update", "PROJECT GRANT [GRANT...]", "grant a permission",
		"GRANT is user:NAME=LEVEL, group:NAME=LEVEL or sp:NAME=LEVEL, with LEVEL CAN_USE or "
		"CAN_MANAGE. Existing grants stay, unless you add --replace.",
		"permission update shop user:jane@example.com=CAN_USE\n"
		"permission update shop group:data-team=CAN_MANAGE --replace",
		TAKES(OPT_REPLACE_ALL), run_permission_update },
	{ "apply", "FILE", "create and update what a document describes",
		"FILE is JSON: a project, or several under \"projects\". The command creates "
		"what is missing, updates what differs, and leaves the rest alone. A second run does "
		"nothing. With --prune it also deletes resources that a list in the document leaves out, "
		"except those that the service makes by itself.\n"
		"An entry has its id (\"branch_id\" or \"id\"), \"spec\", and lists of what is in it: "
		"\"branches\" and \"snapshots\" in a project, \"endpoints\", \"roles\" and "
		"\"databases\" in a "
		"branch, \"cdf-configs\" in a database. A project can also have \"permissions\" and the "
		"fields for its creation (\"initial_endpoint_spec\", ...). Names can be short; "
		"times are like 7d.\n"
		"{\"project_id\":\"shop\", \"spec\":{\"pg_version\":17}, "
		"\"branches\":[{\"branch_id\":\"dev\", \"spec\":{\"ttl\":\"7d\"}}]}",
		"apply shop.json\napply shop.json --dry-run\napply shop.json --prune --yes\n"
		"apply - < shop.json",
		TAKES(OPT_DRY_RUN, OPT_PRUNE, OPT_YES, OPT_TIMEOUT), run_apply },
	{ "branch diff", "BRANCH OTHER", "list the settings that differ between two branches",
		"Compares the settings of the branches, and those of their endpoints, roles and databases. "
		"Exits with 1 when something differs.",
		"branch diff shop/production shop/dev || true", NULL, run_diff },
	{ "tree", "[TARGET]", "show projects and what is in them as a tree",
		"TARGET is a project or a branch. Without it, all projects are shown.",
		"tree\ntree shop", NULL, run_tree },
	{ "schema", "", "print the JSON schema of the documents of apply",
		"Name it as \"$schema\" in a document, and your editor completes and checks it.",
		"schema > apply.schema.json", NULL, run_schema },
	{ "connect", "TARGET [ARGUMENT...]", "open a session with Postgres",
		"TARGET is an endpoint, a branch (its read-write endpoint) or a project (its default "
		"branch). Runs psql with a new password, which is valid for an hour. Arguments after -- "
		"go to psql. On a mock with --postgres, the certificate is checked against the CA of the "
		"mock.",
		"connect shop\nconnect shop/dev -- -c 'select 1'\nconnect shop/dev --dsn\n"
		"connect shop/dev/primary --print",
		TAKES(OPT_DATABASE, OPT_USER, OPT_DSN, OPT_PRINT, OPT_POOLED, OPT_TTL), run_connect },
	{ "request", "METHOD ROUTE", "send any other request",
		"ROUTE begins with /. The body comes from --body.",
		"request GET /api/2.0/preview/scim/v2/Me\n"
		"request POST /api/2.0/postgres/projects?project_id=shop --body '{}'",
		TAKES(OPT_BODY), run_request },

	/* ---- the mock ---- */
	{ "mock health", "", "show that the mock runs, and its version", NULL, "mock health", NULL,
		MOCK("GET", "/_mock/health") },
	{ "mock wait", "", "wait until the mock is ready", NULL, "mock wait --timeout 10s", TAKES(OPT_TIMEOUT),
		run_mock_wait },
	{ "mock env", "", "print the variables that lead clients to the mock",
		"Each workspace has its own token, and its own state.",
		"eval \"$(lakebasectl mock env)\"\nmock env --workspace test-7",
		TAKES(OPT_WORKSPACE), run_mock_env },
	{ "mock reset", "", "empty a workspace", NULL,
		"mock reset\nmock reset --keep faults,clock\nmock reset --all",
		TAKES(OPT_WORKSPACE, OPT_ALL, OPT_KEEP, OPT_YES), MOCK("POST", "/_mock/reset"),
		.loses = "Empty the workspace" },
	{ "mock state export", "[FILE]", "write a workspace to one document", NULL,
		"mock state export shop.json", TAKES(OPT_WORKSPACE), run_state_export, .method = "GET",
		.route = "/_mock/state" },
	{ "mock state import", "FILE", "replace a workspace with such a document", NULL,
		"mock state import shop.json", TAKES(OPT_WORKSPACE, OPT_YES), run_state_import,
		.method = "PUT", .route = "/_mock/state",
		.loses = "Replace the workspace by" },
	{ "mock snapshot create", "SNAPSHOT", "save the state of a workspace", NULL,
		"mock snapshot create base", TAKES(OPT_WORKSPACE), MOCK("POST", "/_mock/snapshots"),
		.body = "name=$1" },
	{ "mock snapshot list", "", "list the snapshots", NULL, "mock snapshot list", TAKES(OPT_WORKSPACE),
		MOCK("GET", "/_mock/snapshots"),
		LIST("snapshots", "NAME=name,TIME=time,RESOURCES=resources,BYTES=bytes") },
	{ "mock snapshot restore", "SNAPSHOT", "go back to a snapshot", NULL, "mock snapshot restore base",
		TAKES(OPT_WORKSPACE, OPT_YES), MOCK("POST", "/_mock/snapshots/$1/restore"),
		.loses = "Replace the workspace by snapshot" },
	{ "mock snapshot delete", "SNAPSHOT", "delete a snapshot", NULL, "mock snapshot delete base",
		TAKES(OPT_WORKSPACE, OPT_YES), MOCK("DELETE", "/_mock/snapshots/$1"),
		.loses = "Forget the snapshot" },
	{ "mock fork", "SOURCE WORKSPACE", "copy a workspace, or a snapshot, to a new one",
		"SOURCE is a workspace or snapshot:NAME. Unfinished operations are copied, too.",
		"mock fork default test-7\nmock fork snapshot:base test-8", NULL,
		MOCK("POST", "/_mock/workspaces"), .body = "fork_of=$1 name=$2" },
	{ "mock workspace list", "", "list the workspaces", NULL, "mock workspace list", NULL,
		MOCK("GET", "/_mock/workspaces"),
		LIST("workspaces", "NAME=name,REQUESTS=requests,RULES=faults,CLOCK=clock,NOW=now") },
	{ "mock workspace create", "WORKSPACE", "make a workspace", NULL,
		"mock workspace create test-7\nmock workspace create test-8 --fork-of test-7",
		TAKES(OPT_FORK_OF),
		MOCK("POST", "/_mock/workspaces"), .body = "name=$1 fork_of=--fork-of" },
	{ "mock workspace delete", "WORKSPACE", "delete a workspace", NULL, "mock workspace delete test-7",
		TAKES(OPT_YES), MOCK("DELETE", "/_mock/workspaces/$1"), .loses = "Drop the workspace" },
	{ "mock clock get", "", "show the clock of a workspace", NULL, "mock clock get", TAKES(OPT_WORKSPACE),
		MOCK("GET", "/_mock/clock") },
	{ "mock clock set", "", "choose the kind of clock, or set it", NULL,
		"mock clock set --mode manual --now 2026-01-01T00:00:00Z\n"
		"mock clock set --mode scaled --factor 60",
		TAKES(OPT_WORKSPACE, OPT_MODE, OPT_NOW, OPT_FACTOR), MOCK("PUT", "/_mock/clock"),
		.body = "mode=--mode now=--now factor:=--factor" },
	{ "mock clock advance", "[TIME]", "move a manual clock forward",
		"Shows what happened in that time, in order.",
		"mock clock advance 26h\nmock clock advance --to 2026-02-01T00:00:00Z\n"
		"mock clock advance --until-idle",
		TAKES(OPT_WORKSPACE, OPT_TO, OPT_UNTIL_IDLE), .run = run_clock_advance, .method = "POST",
		.route = "/_mock/clock/advance", LIST("events", "TIME=time,EVENT=event,NAME=name") },
	{ "mock fault add", "RULE", "make the mock misbehave",
		"RULE is RPC[#CALL[.TRY]] [PHASE] ACTION[:ARGUMENTS] [xTIMES] [skip:N] [p:PROBABILITY], or "
		"the rule as JSON (also @FILE). CALL is the n-th logical call, TRY the n-th attempt of it. "
		"PHASE is before (default), after_commit (it happens, but the answer is lost) or mid_body. "
		"Actions: error:STATUS[:CODE[:MESSAGE]] conflict throttle[:RETRY_AFTER] "
		"unavailable[:RETRY_AFTER] reset close hang[:TIME] truncate:BYTES dribble:BYTES:EVERY "
		"delay:TIME garbage[:KIND] stale expire_token operation:PLAN.",
		"mock fault add 'CreateProject#1 after_commit reset'\n"
		"mock fault add 'CreateBranch#1.1-2 throttle:3'\n"
		"mock fault add 'Any unavailable x5 p:0.2' --id weather",
		TAKES(OPT_WORKSPACE, OPT_ID), run_fault_add, .method = "POST", .route = "/_mock/faults",
		LIST("faults", RULE_COLUMNS) },
	{ "mock fault list", "", "list the rules and how often each fired", NULL,
		"mock fault list\nmock fault list --unfired", TAKES(OPT_WORKSPACE, OPT_UNFIRED),
		MOCK("GET", "/_mock/faults"),
		LIST("faults", RULE_COLUMNS ",MATCHED=matched,SKIPPED=skipped,FIRED=fired") },
	{ "mock fault delete", "[FAULT]", "delete one rule, or all", NULL,
		"mock fault delete weather\nmock fault delete", TAKES(OPT_WORKSPACE),
		MOCK("DELETE", "/_mock/faults/$1") },
	{ "mock scenario list", "", "list the scenarios that can be loaded", NULL, "mock scenario list", NULL,
		MOCK("GET", "/_mock/scenarios"), LIST("scenarios", "NAME=name,TITLE=title,TEACHES=teaches") },
	{ "mock scenario load", "SCENARIO", "load a named set of fault rules", NULL,
		"mock scenario load lost-create",
		TAKES(OPT_WORKSPACE), MOCK("POST", "/_mock/scenarios/$1") },
	{ "mock lro get", "", "show how long operations take", NULL, "mock lro get", TAKES(OPT_WORKSPACE),
		MOCK("GET", "/_mock/lro") },
	{ "mock lro set", "PLAN", "choose how long operations take",
		"PLAN is sync, first-poll, after:TIME, after-polls:N, fail:CODE:MESSAGE[:TIME], stuck, "
		"vanish:TIME, late-visible:N, done-not-ready:TIME or no-response. With --rpc or --project "
		"the plan is only for those, and it comes before the existing plans.",
		"mock lro set after:30s\nmock lro set stuck --rpc CreateBranch",
		TAKES(OPT_WORKSPACE, OPT_RPC, OPT_PROJECT), run_lro_set, .method = "PUT",
		.route = "/_mock/lro" },
	{ "mock maintenance", "PROJECT", "run an internal operation in a project",
		"While it runs, calls that change something get 409.",
		"mock maintenance shop --for 5s\nmock maintenance shop --for '3 calls'",
		TAKES(OPT_WORKSPACE, OPT_FOR),
		MOCK("POST", "/_mock/projects/$1/maintenance"), .body = "for=--for|5s" },
	{ "mock journal", "", "list the requests that arrived", NULL,
		"mock journal --status 4xx\nmock journal --follow --rpc CreateProject\n"
		"mock journal --json --since 100",
		TAKES(FILTERS, OPT_FOLLOW), run_journal, .method = "GET", .route = "/_mock/journal",
		LIST("requests", JOURNAL_COLUMNS) },
	{ "mock calls", "", "list calls, each with its attempts and outcome", NULL,
		"mock calls --rpc CreateProject",
		TAKES(FILTERS, OPT_PARTIAL), MOCK("GET", "/_mock/calls"),
		LIST("calls", "CALL=call,RPC=rpc,TRIES=attempts,OUTCOME=outcome,APPLIED=applied,"
			"AMBIGUOUS=ambiguous,PATH=path") },
	{ "mock explain", "SEQ", "explain one request",
		"Tells what the client asked, what the mock did and why, and what the client did next.",
		"mock explain 7", TAKES(OPT_WORKSPACE), run_explain },
	{ "mock warnings", "", "list what other versions of the service refuse", NULL,
		"mock warnings", TAKES(OPT_WORKSPACE), MOCK("GET", "/_mock/warnings"),
		LIST("warnings", "SEQ=seq,RPC=rpc,KIND=kind,WHERE=where,TEXT=text") },
	{ "mock grade", "", "judge how well the client retried",
		"Exits with 1 when a rule is broken. With --final it judges every rule, even if the client "
		"could still do something; use it in a pipeline. --junit writes a report for the pipeline.",
		"mock grade\nmock grade --json\nmock grade --final --junit grade.xml",
		TAKES(OPT_WORKSPACE, OPT_PARTIAL, OPT_FINAL, OPT_JUNIT), run_grade },
	{ "mock routes", "", "list the routes, and the evidence for each", NULL, "mock routes", NULL,
		MOCK("GET", "/_mock/routes"),
		LIST("routes", "RPC=rpc,METHOD=method,PATH=path,EVIDENCE=evidence,"
			"IMPLEMENTED=implemented") },

	/* ---- Postgres behind a mock ---- */
	{ "postgres status", "", "list the Postgres servers behind the endpoints of a mock",
		"One row for each branch that has its own data.", "postgres status",
		TAKES(OPT_WORKSPACE), MOCK("GET", "/_mock/postgres"),
		LIST("clusters", "BRANCH=branch,VERSION=version,STATE=state,PID=pid,BYTES=bytes,"
			"CONNECTIONS=connections") },
	{ "postgres suspend", "TARGET", "put the server behind an endpoint to sleep",
		"Sessions end, as they do when an idle endpoint is suspended.", "postgres suspend shop",
		TAKES(OPT_WORKSPACE), .run = run_postgres, .method = "POST",
		.route = "/_mock/postgres/suspend" },
	{ "postgres wake", "TARGET", "wake the server behind an endpoint", NULL, "postgres wake shop/dev",
		TAKES(OPT_WORKSPACE), .run = run_postgres, .method = "POST",
		.route = "/_mock/postgres/wake" },

	/* ---- about itself ---- */
	{ "completion", "SHELL", "print the completion script for bash, zsh or fish", NULL,
		"source <(lakebasectl completion bash)\nlakebasectl completion fish | source", NULL,
		run_completion },
	{ "man", "", "print the manual page as troff source", NULL, "lakebasectl man | man -l -", NULL, run_man },
	{ NULL },
};
