/* SPDX-License-Identifier: Apache-2.0 */
/* What the kernel knows of a connection: each system has its own way to ask. */
#pragma once

#include <stdbool.h>

/* Are there bytes on their way that the peer has not acknowledged? False where nobody can tell. */
bool socket_is_sending(int fd);

/* Has the peer answered our bytes with a reset? Nobody was there to read them. */
bool socket_was_reset(int fd);
