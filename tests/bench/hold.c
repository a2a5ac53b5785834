/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keeps connections waiting for an answer. Usage: hold PORT N REQUEST-LINE-TARGET TOKEN
 * Sends N requests on N connections, prints "held", and keeps them until standard input ends.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

static int hold_one(int port, const char *target, const char *token)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM, 0), n;
	char request[1024];

	n = snprintf(request, sizeof request,
		"GET %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n", target,
		token);
	return fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) == 0 &&
			write(fd, request, (size_t)n) == n
		? 0
		: -1;
}

int main(int argc, char **argv)
{
	struct rlimit rl;
	char c;

	if (argc != 5)
		return 2;
	getrlimit(RLIMIT_NOFILE, &rl);
	rl.rlim_cur = rl.rlim_max;
	setrlimit(RLIMIT_NOFILE, &rl);
	for (int i = 0; i < atoi(argv[2]); i++)
		if (hold_one(atoi(argv[1]), argv[3], argv[4]) < 0) {
			perror("hold");
			return 1;
		}
	puts("held");
	fflush(stdout);
	while (read(STDIN_FILENO, &c, 1) > 0)
		;
	return 0;
}
