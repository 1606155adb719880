"""What a command runs on: settings, store and time; of the real world, of the simulated one, or of a recording."""

import contextlib
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from tracker_tui.config.loader import load_for
from tracker_tui.config.log import kept
from tracker_tui.config.options import Options
from tracker_tui.config.problems import ConfigError, Problem
from tracker_tui.config.settings import Settings
from tracker_tui.engine.now import CorrectedClock
from tracker_tui.store.store import Store

if TYPE_CHECKING:
    from tracker_tui.engine.events import Event
    from tracker_tui.engine.recording.reader import Recording
    from tracker_tui.simulate.demo import Demo


_INSTANTS = {"once", "check"}
"""Commands that show one instant, however slow the machine: no simulated time passes meanwhile."""


class Session(NamedTuple):
    """Settings, an open store (closed by who uses it) and the clock. `record` is told everything that happens."""

    settings: Settings
    store: Store
    clock: CorrectedClock
    simulated: bool = False
    record: "Callable[[Event], None]" = lambda _: None
    story: "Demo | None" = None
    """What is being played, where nothing is real."""

    def forgetful(self) -> "Session":
        """Return the same with nothing remembered."""
        return self._replace(store=Store.in_memory())


@contextlib.contextmanager
def session(options: Options, *, write: bool = True) -> Iterator[Session]:
    """Open what `options` ask for. Raises ConfigError; simulated world and recording end with the context."""
    with _recorder(options) as record:
        if options.demo:
            with _demo(options) as found:
                yield found._replace(record=record)
            return
        with _real(options, write=write) as found:
            yield found._replace(record=record)


@contextlib.contextmanager
def _real(options: Options, *, write: bool) -> Iterator[Session]:
    settings = load_for(options)
    path = settings.store.path
    log = settings.log.path if options.command == "tui" else None  # the others have stderr to themselves
    with kept(log, options.log_level or settings.log.level) as complaint:
        store = Store.in_memory() if options.no_store or path is None else Store.open(path, write=write)
        if complaint is not None:
            store.notes.append(complaint)
        yield Session(settings, store, CorrectedClock())


@contextlib.contextmanager
def _demo(options: Options) -> Iterator[Session]:
    from tracker_tui.simulate.demo import Demo
    from tracker_tui.simulate.story.script import LYCORIS_STUCK_S

    at_s = LYCORIS_STUCK_S if options.command == "vfs-refresh" else 0.0  # before that nothing needs a refresh
    demo = Demo(at_s=at_s, still=options.command in _INSTANTS)
    with demo, TemporaryDirectory(prefix="tracker-tui-demo-") as folder:
        store = Store.in_memory() if options.no_store else Store.open(Path(folder) / "state.json")
        yield Session(demo.settings, store, CorrectedClock(demo.clock.now), simulated=True, story=demo)


@contextlib.contextmanager
def _recorder(options: Options) -> "Iterator[Callable[[Event], None]]":
    path = options.record
    if path is None:
        yield lambda _: None
        return
    from tracker_tui.engine.recording.recorder import Recorder

    try:
        recorder = Recorder(path)
    except FileExistsError:
        raise _refused(path, "there is such a file already", "record into a new one") from None
    except OSError as fault:
        raise _refused(path, f"it cannot be written: {fault.strerror}", "record somewhere else") from None
    try:
        yield recorder
    finally:
        recorder.close()
        if recorder.ended is not None and options.command == "tui":  # the others' log is on stderr already
            sys.stderr.write(f"tracker-tui: {recorder.ended}\n")


def recording(options: Options) -> "tuple[Recording, datetime | None]":
    """Open what `--replay` names, and return it with the instant of `--at`. Raises ConfigError."""
    from tracker_tui.engine.recording.reader import Recording, RecordingError, instant

    path = options.replay or Path()
    try:
        found = Recording(path)
        return found, None if options.at is None else instant(found, options.at)
    except RecordingError as wrong:
        raise _refused(path, wrong.why, wrong.fix) from None
    except OSError as fault:
        raise _refused(path, f"it cannot be read: {fault.strerror}", "name a file made with --record") from None


def _refused(path: Path, message: str, fix: str) -> ConfigError:
    return ConfigError([Problem(message=message, fix=fix, file=path)])
