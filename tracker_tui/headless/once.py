"""`--once`: ask everybody once, print, leave with a code that scripts can read. stdout is data, stderr is talk."""

import asyncio
import sys
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from tracker_tui.config.options import Options
from tracker_tui.engine.watch import Watch
from tracker_tui.session import Session, recording, session

if TYPE_CHECKING:
    from tracker_tui.model.world import World


def run(options: Options) -> int:
    """Print one snapshot and return its exit code. Raises ConfigError, KeyboardInterrupt."""
    if options.replay is not None:
        world, plain = _recorded(options), False
    else:
        with session(options) as opened:
            _talk(opened)
            world, plain = asyncio.run(_snapshot(opened, options)), opened.settings.ui.ascii
    return _printed(world, options, plain=plain)


def _printed(world: "World", options: Options, *, plain: bool) -> int:
    from tracker_tui.headless.choose import chosen
    from tracker_tui.headless.exit_codes import exit_code

    rows = chosen(world, options)
    if options.json:
        import msgspec

        from tracker_tui.headless.document import document

        # JSON is UTF-8 whatever the locale
        sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(document(world, rows)), indent=2) + b"\n")
    else:
        from tracker_tui.headless.text import write_text
        from tracker_tui.present.narrow import shows_glyphs

        plain = options.ascii or plain or not shows_glyphs(sys.stdout.encoding)
        write_text(world, rows, options, plain=plain)
    return exit_code(world)


def _recorded(options: Options) -> "World":
    """Return the world at the end of a recording, or at the instant that was asked for."""
    from tracker_tui.engine.recording.replay import Replay

    tape, at = recording(options)
    replay = Replay(tape)
    replay.seek(len(tape.instants) if at is None else replay.position_at(at))
    for note in tape.notes:
        sys.stderr.write(f"tracker-tui: {note}\n")
    sys.stderr.write(f"tracker-tui: a recording, made with version {tape.program}; this is how things were then\n")
    return replay.world


async def _snapshot(opened: Session, options: Options) -> "World":
    watch = Watch(opened.settings, opened.store, clock=opened.clock, simulated=opened.simulated, record=opened.record)
    try:
        printer = "tracker_tui.headless.document" if options.json else "tracker_tui.headless.text"
        return await watch.snapshot(options.timeout_s, partial(import_module, printer))
    finally:
        await watch.close()


def _talk(opened: Session) -> None:
    """Say what the user should know beside the data."""
    for note in (*map(str, opened.settings.warnings), *opened.store.notes):
        sys.stderr.write(f"tracker-tui: {note}\n")
