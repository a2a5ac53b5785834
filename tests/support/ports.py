#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Ports for what must be told its own. Where the number is of no account, port 0 and the ready line are better.

A port that the kernel gave and got back may be anybody's a moment later: another server's, or the near end of some
connection. These lie below those that it gives, and a lock that ends with this process keeps others who ask here off.

    ports.py [COUNT]      prints as many; the lock ends with it
"""
import random
import socket
import sys

FIRST, LAST = 20000, 32000
_locks = []


def free_port():
    """A port that is free and that nobody else is told while this process lives."""
    for port in random.sample(range(FIRST, LAST), LAST - FIRST):
        lock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            lock.bind(f"\0lakebase-mock-port-{port}")
            with socket.socket() as s:
                s.bind(("0.0.0.0", port))
        except OSError:
            lock.close()
            continue
        _locks.append(lock)
        return port
    raise RuntimeError(f"no port from {FIRST} to {LAST} is free")


if __name__ == "__main__":
    print(*(free_port() for _ in range(int(sys.argv[1]) if sys.argv[1:] else 1)))
