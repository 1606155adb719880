"""The program as a process of its own: `python -m tracker_tui` is the same as `tracker-tui`."""

import gc
import os
import sys

from tracker_tui.cli import main


def run() -> None:
    """Run the program and end the process with its exit code.

    Everything is closed by then. To take the interpreter down as well, module by module, costs a sixth of a snapshot's
    CPU and frees what the system frees anyway; Python's development mode does it, to tell of what was left open.
    """
    if "--once" in sys.argv:
        gc.disable()  # it lives for a second, a twentieth of which went into looking for garbage in what was loaded
    code = main()
    if sys.flags.dev_mode or _threads_at_work():
        sys.exit(code)
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    os._exit(code)


def _threads_at_work() -> bool:
    """Return whether a thread runs that an interpreter's end waits for."""
    threading = sys.modules.get("threading")
    return threading is not None and any(
        not one.daemon and one is not threading.main_thread() for one in threading.enumerate()
    )


if __name__ == "__main__":
    run()
