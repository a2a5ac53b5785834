/* SPDX-License-Identifier: Apache-2.0 */
#include "liblakebase/transport/ports.h"

#include <errno.h>
#include <stdatomic.h>
#include <sys/random.h>
#include <time.h>

static int64_t read_clock(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Since 1970, but deaf to changes of the wall clock after the first look at it. */
static int64_t system_now(void *context)
{
	static _Atomic int64_t origin;
	int64_t now = read_clock(CLOCK_MONOTONIC), none = 0;

	(void)context;
	if (!origin)
		atomic_compare_exchange_strong(&origin, &none, read_clock(CLOCK_REALTIME) - now);
	return origin + now;
}

static int system_sleep(void *context, int64_t ms)
{
	struct timespec t = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };

	(void)context;
	while (nanosleep(&t, &t) && errno == EINTR)
		;
	return 0;
}

/* At once, or not at all. */
static bool read_entropy(uint64_t *bits)
{
#ifdef __linux__
	return getrandom(bits, sizeof(*bits), GRND_NONBLOCK) == sizeof(*bits); /* allowed: jitter */
#else
	return getentropy(bits, sizeof(*bits)) == 0;
#endif
}

static double system_chance(void *context)
{
	uint64_t bits = 0;

	(void)context;
	/* no seed: clients must differ; and without entropy there is less jitter, nothing worse */
	if (!read_entropy(&bits))
		bits = (uint64_t)read_clock(CLOCK_MONOTONIC) * 0x9e3779b97f4a7c15;
	return (double)(bits >> 11) / 9007199254740992.0; /* 53 bits */
}

void lb_ports_fill(struct lakebase_ports *ports, const struct lakebase_ports *given)
{
	if (given)
		*ports = *given;
	else
		*ports = (struct lakebase_ports){ 0 };
	if (!ports->now)
		ports->now = system_now;
	if (!ports->sleep)
		ports->sleep = system_sleep;
	if (!ports->chance)
		ports->chance = system_chance;
}
