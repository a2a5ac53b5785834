# SPDX-License-Identifier: Apache-2.0
"""A program on a terminal."""
import fcntl
import os
import pty
import struct
import subprocess
import termios


def play(argv, *, columns=None, typed=None, **more):
    """What it shows, as bytes, and its exit code. It reads from the terminal, too, unless `stdin` is given."""
    main, side = pty.openpty()
    if columns:
        fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with subprocess.Popen(argv, **{"stdin": side, "stdout": side, "stderr": side, **more}) as process:
        os.close(side)
        if typed:
            os.write(main, typed.encode())
        out = b""
        while True:
            try:
                chunk = os.read(main, 65536)
            except OSError:
                break
            if not chunk:
                break
            out += chunk
        code = process.wait()
    os.close(main)
    return out, code
