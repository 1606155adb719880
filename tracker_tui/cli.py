"""The program: takes the command line, hands it to the room that does the work, and ends in good order."""

from __future__ import annotations

import codecs
import contextlib
import importlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence

from tracker_tui.arguments import ASKING, PROG, USAGE, parse

TYPE_CHECKING = False  # as type checkers know it; importing typing would cost a tenth of --help
if TYPE_CHECKING:
    from typing import TextIO

    from tracker_tui.config.options import Options

INTERRUPTED = 130
PIPE_CLOSED = 141  # what a shell reports of a program that SIGPIPE ended
INTERNAL_ERROR = 70  # EX_SOFTWARE; 1 would say "something needs attention"

HANDLERS = {
    "tui": "tracker_tui.tui.start:run",
    "once": "tracker_tui.headless.once:run",
    "check": "tracker_tui.headless.check.command:run",
    "init": "tracker_tui.headless.init.command:run",
    "vfs-refresh": "tracker_tui.headless.vfs:run",
    "config": "tracker_tui.headless.config_command:run",
    "completion": "tracker_tui.completion:run",
}
"""Command -> `run(options: Options) -> int`, imported when it is asked for."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program with these arguments (without its name) and return the exit code."""
    _tolerate_narrow_encodings()
    try:
        try:
            return _dispatch(parse(argv))
        except SystemExit as stop:  # argparse, after --help, --version or an error
            return stop.code if isinstance(stop.code, int) else USAGE
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _forget_stdout()
        return PIPE_CLOSED


def _dispatch(options: Options) -> int:
    from tracker_tui.config.problems import ConfigError, ConfigMissing

    try:
        if options.command == "tui" and not (_is_terminal(sys.stdin) and _is_terminal(sys.stderr)):
            demo = " --demo" if options.demo else ""
            _say(f"{PROG}: this needs a terminal; for scripts and pipes there is `{PROG}{demo} --once`")
            return USAGE
        if options.command in ASKING and not options.demo and options.replay is None:
            from tracker_tui.first_start import configured

            if not configured(options):
                return USAGE
        if options.demo and options.command != "tui":
            _say(f"{PROG}: simulated services, nothing here is real")
        run = _handler(options.command)
        with contextlib.nullcontext() if options.command == "tui" else _log_on_stderr(options.log_level):
            return run(options)
    except ConfigMissing as missing:
        from tracker_tui.first_start import lines

        _say(lines(missing))
        return USAGE
    except ConfigError as wrong:
        _say("\n".join(str(problem) for problem in wrong.problems))
        return USAGE
    except (BrokenPipeError, KeyboardInterrupt, SystemExit):
        raise
    except Exception as fault:  # noqa: BLE001 - the last line of defence; the traceback follows
        from tracker_tui.config.log import report

        _say(f"{PROG}: internal error, please report it:\n{report(fault)}")
        return INTERNAL_ERROR


def _handler(command: str) -> Callable[[Options], int]:
    module, _, name = HANDLERS[command].partition(":")
    handler: Callable[[Options], int] = getattr(importlib.import_module(module), name)
    return handler


@contextlib.contextmanager
def _log_on_stderr(level: str | None) -> Iterator[None]:
    """Show the program's own log meanwhile."""
    import logging

    from tracker_tui.config.log import Line, collected

    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Line())
    with collected(handler, level or "warning"):
        yield


def _say(text: str) -> None:
    if sys.stderr is not None:
        sys.stderr.write(text + "\n")


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty()


def _tolerate_narrow_encodings() -> None:
    """Let titles through terminals that lack some of their characters instead of failing on them.

    Python writes UTF-8 under LC_ALL=C too; terminals and multiplexers take the user by his word.
    """
    encoding = "ascii" if os.environ.get("LC_ALL") in {"C", "POSIX"} else None
    codecs.register_error("stand-in", _stand_in)
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(encoding=encoding, errors="stand-in")


def _stand_in(fault: UnicodeError) -> tuple[str, int]:
    from tracker_tui.present.narrow import stand_in

    return stand_in(fault)


def _forget_stdout() -> None:
    """Nobody reads any more: keep the interpreter from complaining about it when it flushes at exit."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        return
