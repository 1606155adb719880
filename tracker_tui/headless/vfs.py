"""`tracker-tui vfs-refresh`: propose, ask, refresh once, verify. The result on stdout, everything else on stderr.

Works beside a running TUI: the store is only read, the cooldown has a file of its own.
"""

import asyncio
import contextlib
import signal
import sys
from collections.abc import Sequence

from tracker_tui.config.options import Options
from tracker_tui.engine.watch import Watch
from tracker_tui.headless.asking import can_ask
from tracker_tui.headless.exit_codes import OK, USAGE
from tracker_tui.model.text import clean
from tracker_tui.model.world import RequestRow, World
from tracker_tui.present.cells import titled
from tracker_tui.present.find import folded, mentions
from tracker_tui.remedies.events import Ending, Outcome, Reached, Step
from tracker_tui.remedies.proposal import (
    LibraryTarget,
    Proposal,
    Refusal,
    RequestTarget,
    Target,
    WaitingTarget,
    Why,
)
from tracker_tui.remedies.refresh import Pace
from tracker_tui.remedies.vfs_refresh import VfsRefresh
from tracker_tui.session import Session, session
from tracker_tui.store.store import Store

NOTHING, UNREACHABLE = 1, 3
"""Exit codes beside 0 (verified) and 2 (usage)."""

PROG = "tracker-tui"
_LISTED = 5


def run(options: Options) -> int:
    """Refresh what `options` name and return the exit code. Raises ConfigError, KeyboardInterrupt."""
    if not options.yes and not can_ask():
        _say("this asks before it acts, which needs a terminal; for scripts there is --yes")
        return USAGE
    with session(options, write=False) as opened:
        return asyncio.run(command(opened, options))


async def command(opened: Session, options: Options, pace: Pace = Pace()) -> int:  # noqa: B008
    """Do it on an open session: snapshot, proposal, question, refresh. Raises KeyboardInterrupt."""
    world = await _snapshot(opened, options, opened.store)
    target = _target(world, options)
    if isinstance(target, str):
        _say(target)
        return USAGE
    remedy = VfsRefresh(opened.settings, pace=pace)
    try:
        answer = await remedy.propose(target, world)
        if isinstance(answer, Refusal):
            return _refused(answer)
        if not _agreed(answer, options):
            _say("nothing was sent")
            return NOTHING
        return await _carry_out(remedy, answer, opened, options)
    finally:
        await remedy.aclose()


async def _carry_out(remedy: VfsRefresh, proposal: Proposal, opened: Session, options: Options) -> int:
    async def fresh() -> World:
        path = opened.settings.store.path
        store = Store.open(path, write=False) if path is not None else Store.in_memory()
        return await _snapshot(opened, options, store)

    async with contextlib.aclosing(remedy.carry_out(proposal, fresh)) as events:
        async for event in events:
            match event:
                case Reached(step=step, text=text):
                    _say(text)
                    if step in {Step.REFRESHING, Step.QUEUED} and not options.wait:
                        _print("the refresh has begun; it goes on in Jellyfin (with --wait its result is verified)")
                        return OK
                case Outcome():
                    return _ended(event)
    return NOTHING


async def _snapshot(opened: Session, options: Options, store: Store) -> World:
    watch = Watch(opened.settings, store, clock=opened.clock, simulated=opened.simulated)
    try:
        return await watch.snapshot(options.timeout_s)
    finally:
        await watch.close()


# ---- what for


def _target(world: World, options: Options) -> Target | str:
    """Return the target, or the sentence that says why the words name none."""
    if options.library is not None:
        return LibraryTarget(name=options.library)
    if options.request is None:
        return WaitingTarget()
    found = _found(world.requests, options.request)
    if not found:
        return f"no request has “{clean(options.request)}” in its title"
    if len(found) > 1:
        titles = ", ".join(titled(row) for row in found[:_LISTED]) + (", …" if len(found) > _LISTED else "")
        return f"“{clean(options.request)}” fits {len(found)} requests ({titles}): write more of the title"
    return RequestTarget(request_id=found[0].id)


def _found(rows: Sequence[RequestRow], text: str) -> list[RequestRow]:
    """Return the requests meant by `text`: exact titles before parts of one."""
    wanted = folded(text)
    exact = [row for row in rows if wanted in {row.id, *map(folded, (row.title, *row.titles))}]
    return exact or [row for row in rows if mentions(row, text)]


# ---- talk


def _agreed(proposal: Proposal, options: Options) -> bool:
    _say(proposal.question)
    for effect in proposal.effects:
        _say(f"  {effect}")
    if options.yes:
        return True
    # asyncio's own handler would only note the first Ctrl-C and go on waiting for the line
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        sys.stderr.write("[y/N] ")
        sys.stderr.flush()
        return sys.stdin.readline().strip().lower() in {"y", "yes"}
    finally:
        signal.signal(signal.SIGINT, before)


def _refused(refusal: Refusal) -> int:
    _print(f"not refreshed: {refusal.message}", refusal.next_step)
    if refusal.why is Why.UNREACHABLE:
        return UNREACHABLE
    return USAGE if refusal.why in {Why.UNKNOWN_TARGET, Why.NOT_CONFIGURED} else NOTHING


def _ended(outcome: Outcome) -> int:
    word = "not refreshed: " if outcome.ending in {Ending.REFUSED, Ending.FAILED} else ""
    _print(f"{word}{outcome.text}", outcome.next_step)
    if outcome.ending is Ending.UNREACHABLE:
        return UNREACHABLE
    return OK if outcome.ending is Ending.VERIFIED else NOTHING


def _print(text: str, next_step: str | None = None) -> None:
    where = "in the interface, " if next_step and next_step.startswith("press ") else ""
    sys.stdout.write(text + "\n" + (f"  next: {where}{next_step}\n" if next_step else ""))
    sys.stdout.flush()


def _say(text: str) -> None:
    sys.stderr.write(f"{PROG}: {text}\n")
    sys.stderr.flush()
