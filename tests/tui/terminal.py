"""A program on a pseudo-terminal whose other end the test holds: it reads, or refuses to."""

import contextlib
import fcntl
import os
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE_S = 30.0
QUIET_S = 0.25
IDLE_S = 0.02
"""CPU in so long a silence: one that works spends more of it, however busy the machine is."""


class Terminal:
    """Runs `python *arguments`; `out` is everything it has written so far."""

    def __init__(self, *arguments: str, width: int = 120, height: int = 40, **environment: str) -> None:
        self.master, self.slave = os.openpty()
        self.before = termios.tcgetattr(self.slave)
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        clean = {key: value for key, value in os.environ.items() if key not in {"NO_COLOR", "COLORTERM"}}
        self.process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=clean | {"TERM": "xterm-256color", "TZ": "UTC"} | environment,
            stdin=self.slave,
            stdout=self.slave,
            stderr=self.slave,
            start_new_session=True,
        )
        self.out = b""

    def read(self, seconds: float = 0.1) -> bool:
        """Read what comes within `seconds`; return whether anything came."""
        if not select.select([self.master], [], [], seconds)[0]:
            return False
        self.out += os.read(self.master, 1 << 16)
        return True

    def until(self, text: str, since: int = 0) -> None:
        """Read until `text` has been written after position `since`."""
        deadline = time.monotonic() + PATIENCE_S
        while text.encode() not in self.out[since:]:
            assert time.monotonic() < deadline, self.out[-2000:]
            assert self.process.poll() is None, self.out[-4000:].decode(errors="replace")
            self.read()

    def until_quiet(self) -> int:
        """Read until nothing comes for a while, all that was typed being taken; return how much has come in all."""
        while self.read(QUIET_S) or self.unread():
            pass
        return len(self.out)

    def until_idle(self) -> int:
        """Read until nothing comes and the program has nothing to do, for a while; return how much has come in all."""
        while True:
            before = self.cpu_s()
            if not self.read(QUIET_S) and not self.unread() and self.cpu_s() - before < IDLE_S:
                return len(self.out)

    def unread(self) -> bool:
        """Return whether something that was typed waits for the program to read it."""
        if self.process.poll() is not None or self.master < 0:
            return False
        waiting = fcntl.ioctl(self.slave, termios.FIONREAD, struct.pack("i", 0))
        return waiting != struct.pack("i", 0)

    def send(self, keys: str) -> None:
        """Type."""
        os.write(self.master, keys.encode(errors="surrogateescape"))

    def resize(self, width: int, height: int) -> None:
        """Become another size; the program is told by a signal."""
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGWINCH)

    def cpu_s(self) -> float:
        """Return the CPU time of the program so far, all its threads together (Linux: the clock of a process)."""
        return time.clock_gettime(~self.process.pid << 3 | 2)

    def until_stopped(self) -> None:
        """Read until the program has been stopped (job control)."""
        deadline = time.monotonic() + PATIENCE_S
        while os.waitid(os.P_PID, self.process.pid, os.WSTOPPED | os.WNOHANG | os.WNOWAIT) is None:
            assert time.monotonic() < deadline, "it is not stopped"
            self.read(0.05)
        self.until_quiet()

    def end(self, *, reading: bool = True) -> int:
        """Wait for the end of the program; return its exit code (negative: killed by a signal)."""
        deadline = time.monotonic() + PATIENCE_S
        while self.process.poll() is None:
            assert time.monotonic() < deadline, "it does not end"
            if reading:
                self.read(0.05)
            else:
                time.sleep(0.05)
        while reading and self.read(0.1):
            pass
        return self.process.returncode

    def full(self) -> bool:
        """Return whether the terminal takes nothing more until somebody reads."""
        return not select.select([], [self.slave], [], 0)[1]

    def restored(self) -> bool:
        """Return whether the terminal's modes are what they were before the program."""
        return termios.tcgetattr(self.slave)[:4] == self.before[:4]

    def go_away(self) -> None:
        """Take the terminal away; it is nobody's controlling one, so no signal tells."""
        os.close(self.master)
        self.master = -1

    def close(self) -> None:
        """End the program, whatever it does, and the terminal."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self.master >= 0:
            os.close(self.master)
        os.close(self.slave)
