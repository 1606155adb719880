"""What a command runs on: settings, store and time, of the real world or of the simulated one."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tracker_tui.config.loader import load_for
from tracker_tui.config.log import kept
from tracker_tui.config.options import Options
from tracker_tui.config.settings import Settings
from tracker_tui.engine.now import CorrectedClock
from tracker_tui.store.store import Store


class Session(NamedTuple):
    """Settings, an open store (closed by who uses it) and the clock."""

    settings: Settings
    store: Store
    clock: CorrectedClock
    simulated: bool = False


@contextlib.contextmanager
def session(options: Options, *, write: bool = True) -> Iterator[Session]:
    """Open what `options` ask for. Raises ConfigError; the simulated world ends with the context."""
    if options.demo:
        with _demo(options) as found:
            yield found
        return
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

    with Demo(still=options.command == "once") as demo, TemporaryDirectory(prefix="tracker-tui-demo-") as folder:
        store = Store.in_memory() if options.no_store else Store.open(Path(folder) / "state.json")
        yield Session(demo.settings, store, CorrectedClock(demo.clock.now), simulated=True)
