/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the data plane share. */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <sys/queue.h>
#include <sys/types.h>

#include "api/app.h"
#include "base/text.h"
#include "core/resource/data_plane.h"
#include "postgres/cluster/ask.h"
#include "postgres/front/front.h"
#include "postgres/machine/child.h"
#include "postgres/pg.h"
#include "postgres/server/sql.h"

#define ADMIN_ROLE "cloud_admin"
#define FIRST_DATABASE "databricks_postgres"

struct event;
struct event_base;

/* ---- PostgreSQL on this machine ---- */

enum template_state { TEMPLATE_NONE, TEMPLATE_MAKING, TEMPLATE_READY };

STAILQ_HEAD(template_waits, template_wait);

struct version {
	char bin[PATH_MAX];  /* folder of initdb and postgres as they were found */
	char text[32];	     /* "17.6" */
	int major;
	/* the template (template.c) */
	enum template_state state;
	char template[PATH_MAX]; /* its data folder */
	char postgres[PATH_MAX]; /* the program to run: with our extension beside it */
	struct template_waits waits;
};

enum { MAX_VERSIONS = 16 };

struct template_wait {
	STAILQ_ENTRY(template_wait) link;
	void (*done)(void *arg, const char *why); /* NULL: it is there */
	void *arg;
	bool queued;
};

struct pg {
	struct pg_options o;
	struct app *app;
	struct event_base *base;
	struct data_plane plane;
	struct front *front;
	char dir[PATH_MAX]; /* the data folder */
	char run[PATH_MAX]; /* folder of the sockets */
	bool temporary, run_apart;
	int lock;
	bool other_user; /* the servers run as `user` */
	char user[64];
	uid_t uid;
	gid_t gid;
	struct version versions[MAX_VERSIONS];
	size_t num_versions;
	LIST_HEAD(, child) children;
	LIST_HEAD(, cluster) clusters;
	struct event *sigchld, *tick, *reconcile;
	LIST_HEAD(, transfer) transfers;
	LIST_HEAD(, carry) carries;
	LIST_HEAD(, luggage) luggage;
	LIST_HEAD(, waiter) waiters;
	LIST_HEAD(, trial) trials;
	json_t *told, *dirty; /* {workspace: {name: true}} of this transaction, of those before */
	LIST_HEAD(, job) jobs;
	uint64_t last_job;
	int last_port;
	struct template_wait prepared; /* nobody's */
	int64_t last_folder; /* of numbered folders */
};

/* The versions found, as a list of texts. New reference, NULL when out of memory. */
json_t *pg_versions(const struct pg *pg);

/* One line on stderr. */
PRINTF(1, 2) void pg_log(const char *fmt, ...);

/* ---- discover.c ---- */

/* Fills pg->versions, newest first. ERR_INVALID when there is none, or a folder holds none. */
MUST_CHECK int discover(struct pg *pg, struct err *e);

/* The one for a project's version: itself, the nearest newer, else the nearest. */
struct version *version_for(struct pg *pg, int major);

/* ---- files.c: the data folder ---- */

MUST_CHECK int files_open(struct pg *pg, struct err *e);
void files_close(struct pg *pg);

/* Makes a folder and those above it inside of the data folder, for the user of the servers. */
MUST_CHECK int files_make(const struct pg *pg, const char *path, struct err *e);
MUST_CHECK int files_write(const char *path, const char *text, struct err *e);

/* Measures a branch's folder, by and by. */
struct cluster;
void files_measure(struct cluster *c);

/* Out of the way, into the trash, where it stays: *path is where it is then. */
void files_move_away(struct pg *pg, char path[static PATH_MAX]);

/* Deletes it by and by. */
void files_remove(struct pg *pg, const char *path);

/* Takes a folder away at once and deletes it by and by. Absent is fine. */
void files_drop(struct pg *pg, const char *path);

/* A folder that nobody has, below "<data>/tmp"; its parent exists. */
void files_fresh(struct pg *pg, char path[static PATH_MAX]);

bool files_exist(const char *path);

/* Copies a cluster's folder, of a running server, too (copy.c); done(arg, NULL) or with the reason. */
MUST_CHECK int copy_start(struct pg *pg, const char *from, const char *to,
	void (*done)(void *arg, const char *why), void *arg, struct err *e);

/* The same for all that a branch has: data, past, what is remembered. */
MUST_CHECK int copy_branch_start(struct pg *pg, const char *from, const char *to,
	void (*done)(void *arg, const char *why), void *arg, struct err *e);

/* The log of a branch, for a backup of it: from that segment on. */
MUST_CHECK int copy_log_start(struct pg *pg, const char *first, const char *from, const char *to,
	void (*done)(void *arg, const char *why), void *arg, struct err *e);

/* The template `base` with the log of a branch, for a replay of it. */
MUST_CHECK int copy_instant_start(struct pg *pg, const char *base, const char *from, const char *to,
	void (*done)(void *arg, const char *why), void *arg, struct err *e);

/* ---- server.c ---- */

enum server_state { SERVER_DOWN, SERVER_STARTING, SERVER_UP, SERVER_STOPPING };

struct server {
	struct pg *pg;
	const struct version *version;
	char data[PATH_MAX], log[PATH_MAX];
	int port;
	enum server_state state;
	struct child *child;
	struct event *poll;
	usec started;
	/* Called when it is up (`why` NULL), when it has gone down (`why` says how, NULL: it was
	 * told to). */
	void (*changed)(void *arg, const char *why);
	void *arg;
};

/* `data` exists; nothing is started. */
MUST_CHECK int server_init(struct server *s, struct pg *pg, const struct version *v,
	const char *data, void (*changed)(void *arg, const char *why), void *arg, struct err *e);

/* `settings` are lines of postgresql.conf. */
MUST_CHECK int server_start(struct server *s, const char *settings, struct err *e);

/* Fast: sessions get 57P01. `at_once`: SIGQUIT. */
void server_stop(struct server *s, bool at_once);

/* Reads the settings again. */
MUST_CHECK int server_configure(struct server *s, const char *settings, struct err *e);
void server_reload(struct server *s);

/* Ends it, if it runs, and forgets it. */
void server_done(struct server *s);

/* ---- template.c ---- */

/* Calls w->done from the loop once the template of `v` is there. */
void template_need(struct pg *pg, struct version *v, struct template_wait *w);
void template_forget(struct version *v, struct template_wait *w);

/* Makes the one that most projects need, soon after the loop has begun. */
MUST_CHECK int template_prepare(struct pg *pg);

/* The name of its folder. 0. */
int template_name(const struct version *v, char out[static 128]);

/* What is installed into every database that the API makes. */
const char *template_database_sql(void);

/* ---- cluster.c ---- */

enum cluster_state {
	CLUSTER_ABSENT, /* it has no folder */
	CLUSTER_MAKING, /* its folder is being made or copied */
	CLUSTER_ASLEEP,
	CLUSTER_STARTING,
	CLUSTER_SYNCING, /* roles and databases are brought over */
	CLUSTER_AWAKE,
	CLUSTER_STOPPING,
};

/* A server that is awake, as our own session on it sees it (sleep.c). */
struct activity {
	struct cluster *cluster;
	struct sql *admin; /* NULL: it is not awake */
	bool looking, busy;
	usec last_active; /* of the workspace's clock */
	char seen[256];
};

/* It has the data of another source; its branch in the API does not know yet. */
enum resetting { RESET_NONE, RESET, RESET_TO_PAST };

LIST_HEAD(replicas, replica);
LIST_HEAD(wakes, pg_wake);
LIST_HEAD(asks, pg_ask);

struct cluster {
	LIST_ENTRY(cluster) link;
	struct pg *pg;
	char ws[WORKSPACE_NAME_MAX + 1];
	char *branch; /* its name */
	char uid[64];
	char dir[PATH_MAX];
	struct version *version;
	char template[128]; /* that it started as */
	char noted[32];	    /* the position that was written down last (instant.c) */
	enum cluster_state state;
	struct server server;
	bool server_ready; /* `server` is initialised */
	struct template_wait need;
	struct wakes wakes;
	struct asks asks; /* that `admin` answers */
	struct activity activity; /* while awake */
	struct replicas replicas;
	unsigned turn; /* of the replicas of a group */
	int64_t bytes; /* of its folder, as last measured */
	json_t *tables;	   /* {database: {schema: [table]}}, as last seen (tables.c) */
	json_t *known;	   /* roles and databases as API and SQL last agreed (roles.c) */
	uint64_t synced;   /* hash of what the API had then */
	struct role_sync *sync;
	char trouble[512]; /* why the last attempt failed; "" */
	int sessions;
	int readers;	    /* copies of it, asleep, are under way: it may not start */
	bool want_restart;  /* with other settings */
	char *lines;	    /* of settings that the server runs with */
	bool want_sync;	    /* roles and databases are to be looked at */
	bool want_down;	    /* it shall sleep */
	bool gone;	    /* its branch is: it shall go, with its data */
	bool hidden;	    /* its branch is deleted, and may come back */
	struct fill *fill;  /* the data that shall take the place of what it has */
	enum resetting resetting;
};

/* The cluster of a branch by its uid, or NULL: it has none. */
struct cluster *cluster_find(struct pg *pg, const char *ws, const char *uid);

/* The cluster of a live branch; made (absent) when there is none. NULL with *e. */
struct cluster *cluster_of(struct pg *pg, struct workspace *ws, const char *branch, struct err *e);

/* The settings of its endpoint have changed, perhaps: its server gets them. */
void cluster_configure(struct cluster *c);

/* Whatever there is to do next for it. */
void cluster_step(struct cluster *c);

/* Stops its server, softly: what SQL has changed is remembered before. */
void cluster_sleep(struct cluster *c);

/* Ends its server at once; with `data`, the folder goes, too. It is freed when it has ended. */
void cluster_end(struct cluster *c);

void cluster_free(struct cluster *c);
const char *cluster_state_name(const struct cluster *c);

/* Puts what it remembers beside its data, and reads that. */
void cluster_save(struct cluster *c);
void cluster_load(struct cluster *c);

/* ---- fill.c: data that comes from elsewhere ---- */

/* Its data is there, and it is asleep; or `why` not, and who waits for it is told. False when there is
 * no more to do: `c` may be gone then. */
bool cluster_arrived(struct cluster *c, const char *why);
/* Its folder was brought along, as of now or of the past: it is asleep. Or it was not. */
void cluster_filled(struct cluster *c, const char *why, bool past);

/* That folder takes the place of its own, as soon as its server is down; "": it has none, as a new
 * one. done() is called once, perhaps before this returns. */
void cluster_replace(struct cluster *c, const char *from, bool past,
	void (*done)(void *arg, const char *why), void *arg);

/* What is next for that; true: nothing else is. */
bool fill_step(struct cluster *c);

/* The branch is gone; the cluster is. */
void fill_lost(struct cluster *c);
void fill_forget(struct cluster *c);

/* The branch in the API is what its data is, again. */
void fill_agreed(struct cluster *c);

/* ---- transfer.c: data that goes to a branch, a snapshot, a workspace ---- */

struct transfer;

struct transfer_options {
	const char *ws;
	struct cluster *source; /* NULL: a folder at rest */
	const char *from;	/* the folder of the branch; of `source`, if there is one */
	const char *to;		/* what it becomes; not there */
	const char *lsn;	/* as it was at that position of its log; NULL: as it is */
	struct cluster *target; /* that it is the folder of, or NULL */
	/* Called once, from the loop; `why` NULL: the folder is there. */
	void (*done)(void *arg, const char *why);
	void *arg;
};

/* Copies it as it is now, or as soon as its server has come up or gone down. */
MUST_CHECK int transfer_start(struct pg *pg, const struct transfer_options *o, struct err *e);

/* The cluster has come to rest, or is up: copies that wait for that begin. */
void transfer_go(struct cluster *c);
/* It is gone, or its server is: copies of it while it was awake have failed. */
void transfer_lost(struct cluster *c);

/* Is a copy of it, awake, under way? */
bool transfer_reads(const struct cluster *c);

/* For struct data_plane (carry.c). */
bool carry_copies(void *pg, struct ctx *c, struct draft *d);
uint64_t carry_copy(void *pg, struct ctx *c, struct draft *d, const char *operation, struct err *e);
bool carry_copying(void *pg, struct workspace *ws, const char *operation);

/* The transaction is over: what was staged begins, or is forgotten. */
void carry_ended(struct pg *pg, struct workspace *ws, bool committed);

/* Snapshots below that name: the data of those that are gone goes, too. */
void carry_check_snapshots(struct pg *pg, struct workspace *ws, const char *name);

/* ---- instant.c ---- */

/* At `now` of the workspace's clock, its log was there. */
void instant_note(struct cluster *c, usec now, const char *lsn);
/* The position of the log of a branch's folder at an instant; false before its first. */
bool instant_find(const char *folder, usec at, char lsn[static 32]);

/* ---- workspaces.c: for struct data_plane ---- */

uint64_t workspaces_carry(void *pg, const char *ws, const char *snapshot);
void workspaces_place(void *pg, uint64_t job, const char *ws, const char *snapshot);
void workspaces_forget(void *pg, const char *ws, const char *snapshot);
void workspaces_dropped(void *pg, const char *ws);

/* ---- ask.c ---- */

/* `admin` is about to be closed: who asks it gets what is remembered. */
void asks_end(struct cluster *c);

/* ---- roles.c ---- */

/* Brings roles and databases of API and SQL together; the server is up. done(arg, NULL) or why. */
void roles_sync(struct cluster *c, void (*done)(struct cluster *c, const char *why));
void roles_forget(struct cluster *c);

/* What the API has of roles and databases is not what was brought over last. */
bool roles_stale(struct cluster *c);

/* For struct data_plane. */
void roles_bequeath(
	void *pg, struct workspace *ws, const char *branch, const char *role, const char *heir);

/* A hash of the API's roles and databases of the branch. */
MUST_CHECK int roles_hash(struct pg *pg, struct workspace *ws, const char *branch, uint64_t *ret,
	struct err *e);

/* ---- tables.c ---- */

/* Looks what tables the database above that path has, if its server is awake: the job, or 0. */
uint64_t tables_look(struct pg *pg, struct workspace *ws, const char *path);

/* For struct data_plane. */
json_t *tables_list(void *pg, struct workspace *ws, const char *branch, const char *database,
	const char *schema);

/* ---- jobs.c: what requests wait for ---- */

struct job;

/* NULL: out of memory. */
struct job *job_new(struct pg *pg);
uint64_t job_id(const struct job *j);
/* `why` NULL: it went well. */
void job_end(struct job *j, const char *why);
void jobs_free(struct pg *pg);

/* For struct data_plane. */
enum job_state job_look(void *pg, uint64_t id, struct err *e);

/* ---- wake.c ---- */

/* Tells everybody who waits for the cluster that it failed, or that it is awake. */
void wakes_fail(struct cluster *c, const char *why);
void wakes_tell(struct cluster *c);

struct pg_wake {
	LIST_ENTRY(pg_wake) link;
	struct pg *pg;
	struct cluster *cluster; /* NULL: it cannot be, `e` says why */
	struct event *later;
	char *endpoint;
	bool replica;
	struct err e;
	pg_wake_fn done;
	void *arg;
};

/* Tells one, and frees it: where the server is, or why it is not. */
void wake_tell(struct pg_wake *w, int port, const struct err *e);

/* ---- settings.c ---- */

struct buf;

/* Lines of postgresql.conf for an endpoint: its size, its settings. */
MUST_CHECK int settings_lines(struct ctx *c, const char *endpoint, struct buf *out, struct err *e);

/* What add(ctx, arg, text) writes about a workspace as it is now; to be freed. NULL with *e, also for a
 * workspace that is gone. */
typedef int (*settings_fn)(struct ctx *c, void *arg, struct buf *text, struct err *e);
char *settings_text(
	struct pg *pg, const char *ws, settings_fn add, void *arg, struct err *e);

/* Asks PostgreSQL whether it takes them: the job, 0 when that is known. */
uint64_t settings_try(struct pg *pg, int major, const json_t *settings);

/* For struct data_plane: refuses what may not be set, and what settings_try() has found bad. */
MUST_CHECK int settings_check(void *pg, int major, const json_t *settings, struct err *e);
void settings_free(struct pg *pg);

/* ---- waiter.c: what requests wait for ---- */

/* For struct data_plane. */
uint64_t waiter_settling(void *pg, struct workspace *ws);
uint64_t waiter_look(void *pg, struct workspace *ws);
uint64_t waiter_prepare(void *pg, struct workspace *ws, const char *rpc, const char *path,
	const char *body, size_t body_len);

/* Something has settled: ends the jobs for which it was the last. */
void waiters_check(struct pg *pg);
void waiters_free(struct pg *pg);

/* ---- sleep.c: what goes on, and what has changed ---- */

/* For struct data_plane. */
void sleep_changed(void *pg, struct workspace *ws, const char *name);
void sleep_ended(void *pg, struct workspace *ws, bool committed);
usec sleep_last_active(void *pg, struct workspace *ws, const char *endpoint, usec now);
uint64_t sleep_begin(void *pg, struct workspace *ws, const char *endpoint, struct err *e);

MUST_CHECK int sleep_open(struct pg *pg, struct err *e);
void sleep_close(struct pg *pg);

/* Asks what goes on now at a server and its replicas, if they are awake; `patient`: what ends just
 * now counts, too. */
void sleep_look(struct cluster *c, bool patient);

/* A server of the cluster has come up on that port: opens a session, looks at it every half
 * second. */
MUST_CHECK int sleep_watch(struct activity *a, struct cluster *c, int port);
void sleep_unwatch(struct activity *a);

/* ---- plane.c ---- */

/* No server of an earlier run is there any more: every endpoint of the database sleeps. */
MUST_CHECK int plane_restart(struct pg *pg, struct err *e);

/* Enters itself as the world's data plane. */
void plane_open(struct pg *pg);

/* "projects/p/branches/b" of the name of something in it. To be freed; NULL: out of memory. */
char *plane_branch_of(const char *name);

/* -1 when there is no such endpoint; or when it is disabled. */
MUST_CHECK int plane_is_endpoint(
	struct pg *pg, struct workspace *ws, const char *endpoint, struct err *e);
MUST_CHECK int plane_may_wake(struct pg *pg, struct workspace *ws, const char *endpoint, struct err *e);

bool plane_is_read_only(struct pg *pg, struct workspace *ws, const char *endpoint);

/* A connection has woken it: it is ACTIVE. */
void plane_woken(struct cluster *c, const char *endpoint);
