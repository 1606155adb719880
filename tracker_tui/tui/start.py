"""Starting the interface: over the user's services, the demo or a recording; and leaving it whole."""

import logging
import os
import sys
from functools import partial
from typing import TYPE_CHECKING

from tracker_tui.config.log import report
from tracker_tui.config.options import Options
from tracker_tui.config.settings import Settings, UiSettings
from tracker_tui.model.ids import InstanceRef
from tracker_tui.model.states import ServiceStatus
from tracker_tui.model.world import ServiceRow, World
from tracker_tui.present.narrow import shows_glyphs
from tracker_tui.tui.app import TrackerApp
from tracker_tui.tui.departure import Departure
from tracker_tui.tui.errand import Errands, asker, vfs_remedy
from tracker_tui.tui.feed import EngineFeed, Feed
from tracker_tui.tui.logbook import Logbook, logbook

if TYPE_CHECKING:
    from tracker_tui.session import Session

log = logging.getLogger(__name__)

INTERNAL_ERROR = 70


def run(options: Options) -> int:
    """Show the interface until the user leaves; return the exit code. Raises ConfigError."""
    from tracker_tui.session import session

    with logbook(options.log_level) as book:
        if options.replay is not None:
            return _replay(options, book)
        with session(options) as opened:
            return _run(opened, options, book)


def _run(opened: "Session", options: Options, book: Logbook) -> int:
    ui = _ui(opened.settings.ui, options)
    feed = EngineFeed(opened)
    app = TrackerApp(
        feed,
        _remembered(opened),
        opened.clock.now,
        ui=ui,
        web_urls=_web_urls(opened.settings),
        book=book,
        errands=Errands(partial(vfs_remedy, opened.settings), partial(asker, opened.settings)),
        mutes=feed.mutes(),
        keep_mutes=feed.keep_mutes,
        tell=feed.tell,
        traffic=feed.traffic,
        notes=[*map(str, opened.settings.warnings), *opened.store.notes],
        playback=opened.story,
        start_over=feed.start_over,
    )
    if options.record is not None:
        from tracker_tui.engine.recording.recorder import Recorder

        if isinstance(opened.record, Recorder):
            opened.record.when_ended(app.tell)
    return conduct(app, feed, Departure(feed.flush_now), mouse=ui.mouse)


def _replay(options: Options, book: Logbook) -> int:
    from tracker_tui.engine.recording.player import Player
    from tracker_tui.session import recording

    tape, at = recording(options)
    player = Player(tape, at)
    ui = _ui(UiSettings(), options)
    first = World(generated_at=tape.start.now, simulated=tape.start.simulated)
    app = TrackerApp(
        player, first, player.clock.now, ui=ui, book=book, notes=player.notes, playback=player, zone=player.zone
    )
    return conduct(app, player, Departure(player.flush_now), mouse=ui.mouse)


def _ui(settings: UiSettings, options: Options) -> UiSettings:
    """Return the settings with what the command line says instead."""
    from msgspec.structs import replace

    over = {name: getattr(options, name) for name in ("ascii", "mouse", "color", "theme")}
    ui = replace(settings, **{name: value for name, value in over.items() if value is not None})
    if sys.stderr is not None and not shows_glyphs(sys.stderr.encoding):
        ui = replace(ui, ascii=True)
    if not ui.color:
        os.environ["NO_COLOR"] = "1"
    return ui


def conduct(app: TrackerApp, feed: Feed, departure: Departure, *, mouse: bool) -> int:
    """Run `app` until the user or a signal ends it, then end `feed`; return the exit code."""
    departure.ask(lambda: app.call_later(app.exit))
    app.leaving = lambda: departure.begun(0 if app.fault is None else INTERNAL_ERROR)
    with departure.prepared():
        try:
            app.run(mouse=mouse)
        finally:
            departure.screen_gone()
            feed.stop()
    if app.fault is not None:
        log.critical("the interface failed", exc_info=app.fault)
        print(f"tracker-tui: internal error, please report it:\n{report(app.fault)}", file=sys.stderr)  # noqa: T201
    if departure.code is not None:
        return departure.code
    return INTERNAL_ERROR if app.return_code else 0


def _remembered(opened: "Session") -> World:
    """Return the world of the first frame: what the store holds, nobody asked yet. No service library is loaded."""
    if opened.store.requests():
        from tracker_tui.engine.worlds import Worlds, beginning

        start = beginning(opened.settings, opened.store, opened.clock.now(), simulated=opened.simulated)
        worlds = Worlds(start, opened.clock)
        worlds.advance()
        return worlds.world
    services = tuple(
        ServiceRow(kind=one.kind, name=one.name, status=ServiceStatus.STARTING) for one in opened.settings.instances
    )
    return World(generated_at=opened.clock.now(), simulated=opened.simulated, services=services)


def _web_urls(settings: Settings) -> dict[InstanceRef, str]:
    return {one.ref: one.web_url or one.url for one in settings.instances}
