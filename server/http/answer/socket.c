/* SPDX-License-Identifier: Apache-2.0 */
#include "http/answer/socket.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#ifdef __linux__
#include <linux/sockios.h>
#include <sys/ioctl.h>
#endif

enum { CLOSED_THERE = 0 }; /* macOS: TCPS_CLOSED */

bool socket_is_sending(int fd)
{
	int waiting = 0;
#if defined __linux__
	return ioctl(fd, SIOCOUTQ, &waiting) == 0 && waiting > 0;
#elif defined __APPLE__
	return getsockopt(fd, SOL_SOCKET, SO_NWRITE, &waiting, &(socklen_t){ sizeof waiting }) == 0 &&
		waiting > 0;
#else
	(void)fd;
	return waiting > 0;
#endif
}

bool socket_was_reset(int fd)
{
#if defined __linux__
	struct tcp_info info = { 0 };

	return getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &(socklen_t){ sizeof info }) == 0 &&
		info.tcpi_state == TCP_CLOSE;
#elif defined __APPLE__
	struct tcp_connection_info info = { 0 };
	socklen_t len = sizeof info;

	return getsockopt(fd, IPPROTO_TCP, TCP_CONNECTION_INFO, &info, &len) == 0 &&
		info.tcpi_state == CLOSED_THERE;
#else
	(void)fd;
	return false;
#endif
}
