/* SPDX-License-Identifier: Apache-2.0 */
/* What Linux and its C library have, and other systems lack or do otherwise. */
#pragma once

#include <stdint.h>

/* pipe() with ends that a new program does not inherit. -1 with errno. */
int system_pipe(int ends[static 2]);

/* The same, and no end blocks: something to wake a loop with, from a signal handler, too. */
int system_wake_pipe(int ends[static 2]);

/* Closes that descriptor and all above it. */
void system_close_from(int fd);

/* This process gets the signal when its parent ends. Where a system cannot do that, it lives on. */
void system_end_with_parent(int signal);

/* Memory: one heap for all threads, and freed pieces back to the system. Where the C library knows no
 * such wish, it does as it likes. */
void system_one_heap(void);
void system_give_back_memory(void);

/* " (process 4711, postgres)": who listens on that port of that IPv4 address (in network order, as in
 * a struct in_addr) or of all, as far as it can be seen; else "". For a message about a port in use. */
void system_who_listens(uint32_t address, int port, char who[static 96]);
