/* SPDX-License-Identifier: Apache-2.0 */
/* A mock of one's own for the length of a test. */
#pragma once

/* Starts the program on a free port and waits until it is ready; its address. Exits on failure. */
const char *server_start(const char *program);
void server_stop(void);
