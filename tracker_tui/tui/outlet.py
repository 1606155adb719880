"""Whether the terminal takes what is written.

A terminal that stands still (ssh asleep, Ctrl-S) fills the kernel's buffer, then Textual's queue of writes, and then
the loop that should hear a key waits for it. So no frame is made for a terminal that does not take it; when it does
again, it gets the newest at once instead of all that passed.
"""

import select
import sys


class Outlet:
    """The way out to the terminal, which is stderr's (Textual writes there)."""

    def __init__(self) -> None:
        self._poll: select.poll | None = None
        if sys.__stderr__ is not None and sys.__stderr__.isatty():
            self._poll = select.poll()
            self._poll.register(sys.__stderr__, select.POLLOUT)

    def takes(self) -> bool:
        """Return whether a write would not wait; what is no terminal never makes wait."""
        return self._poll is None or bool(self._poll.poll(0))
