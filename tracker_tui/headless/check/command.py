"""`tracker-tui check`: ask every configured service everything it depends on, and say what to fix.

All instances are asked at once, each under one deadline. The report goes to stdout in plain columns.
"""

import asyncio
import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence
from statistics import median

import msgspec

from tracker_tui.config.options import Options
from tracker_tui.config.settings import Instance
from tracker_tui.engine.clients import Client, Closing, connect
from tracker_tui.engine.refusals import login_refused, note_login
from tracker_tui.headless.check.findings import Finding, Level, Notes
from tracker_tui.headless.check.folders import compare
from tracker_tui.headless.check.services import examine
from tracker_tui.headless.exit_codes import ATTENTION, NO_ANSWER, OK, PARTIAL, USAGE
from tracker_tui.model.ids import Kind
from tracker_tui.services.http import Sessions, quiet_libraries
from tracker_tui.session import Session, session

CLOCK_LIMIT_S = 60
"""Clocks may differ by so much (SPEC 2.1.8)."""
SENTENCE = 40
"""A column of sentences is at least so wide."""


def run(options: Options) -> int:
    """Print the report and return the exit code. Raises ConfigError, KeyboardInterrupt."""
    quiet_libraries()
    with session(options) as opened:
        try:
            for note in opened.store.notes:
                sys.stderr.write(f"tracker-tui: {note}\n")
            if not opened.settings.instances:
                sys.stderr.write("tracker-tui: no service is configured\n")
                return USAGE
            notes = asyncio.run(examined(opened, options.timeout_s))
            here = _clocks(notes)
            compare(notes, opened.settings)
        finally:
            opened.store.close()
    findings = [*_config(opened), *(one for each in notes for one in each.findings)]
    findings += [here] if here is not None else []
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    sys.stdout.write("\n".join(report(findings, width)) + "\n")
    return code(notes, findings)


async def examined(opened: Session, timeout_s: float) -> list[Notes]:
    """Ask all instances at once; return what was found, in the order of the pipeline."""
    sessions = Sessions()
    try:
        return await asyncio.gather(*(_one(opened, one, sessions, timeout_s) for one in opened.settings.instances))
    finally:
        await sessions.aclose()


async def _one(opened: Session, instance: Instance, sessions: Sessions, timeout_s: float) -> Notes:
    notes = Notes(instance.ref)
    settings = opened.settings
    held = instance.kind is Kind.QBITTORRENT and login_refused(opened.store, instance.ref, settings.modified_ns)
    limited = msgspec.structs.replace(instance, timeout_s=min(instance.timeout_s, timeout_s))
    client = connect(limited, sessions, login_refused=held)
    try:
        async with asyncio.timeout(timeout_s):
            await examine(limited, client, settings, notes)
    except TimeoutError:
        text = f"no complete answer within {timeout_s:g} s"
        if notes.answered:
            notes.warn("deadline", f"{text}: the rest was not looked at", "raise --timeout")
        else:
            notes.fail("reachable", text, "check that the service runs, its load, or raise --timeout")
    finally:
        if isinstance(client, Closing):
            await client.aclose()
    _remember(opened, notes, client)
    return notes


def _remember(opened: Session, notes: Notes, client: Client) -> None:
    """Keep the server's time, and whether a qBittorrent login was refused: five refusals ban the address."""
    if client.meter.server_date is not None:
        notes.clock_offset_s = opened.clock.note(notes.ref, client.meter.server_date)
    if notes.ref.kind is Kind.QBITTORRENT and (notes.answered or notes.refused):
        note_login(
            opened.store,
            notes.ref,
            refused=notes.refused,
            config_mtime_ns=opened.settings.modified_ns,
            now=opened.clock.now(),
        )


def _clocks(notes: Iterable[Notes]) -> Finding | None:
    """Compare each clock with the common one, the median of all; return what is to say of this computer's."""
    known = {one.ref: (one, one.clock_offset_s) for one in notes if one.clock_offset_s is not None}
    if not known:
        return None
    common = round(median(offset for _, offset in known.values()))
    for one, offset in known.values():
        gap = offset - common
        if abs(gap) > CLOCK_LIMIT_S:
            text = f"its clock is {_span(gap)} the other services"
            one.warn("clock", text, f"set the clock of {one.ref.kind.title}'s host (NTP)")
        else:
            one.ok("clock", "agrees with the others")
    if abs(common) <= CLOCK_LIMIT_S:
        return None
    text = f"its clock is {_span(-common)} the services (they are believed)"
    return Finding(level=Level.NOTE, subject="here", topic="clock", text=text, fix="set this computer's clock (NTP)")


def _span(gap: int) -> str:
    size = abs(gap)
    amount = f"{size} s" if size < 120 else f"{round(size / 60)} min" if size < 7200 else f"{round(size / 3600)} h"
    return f"{amount} {'ahead of' if gap > 0 else 'behind'}"


# ---- the report


def report(findings: Sequence[Finding], width: int | None = None) -> list[str]:
    """Return the lines: level, whose, what, finding; below it the fix. Plain columns, as wide as their words.

    `width` = of the terminal, at which lines are broken; where it leaves no column for sentences, there is none.
    """
    subject = max((len(one.subject) for one in findings), default=0)
    topic = max((len(one.topic) for one in findings), default=0)
    lines: list[str] = []
    for one in findings:
        head = f"{one.level.word:<4}  {one.subject:<{subject}}  {one.topic:<{topic}}  "
        indent, text = " " * len(head), one.text
        if width is not None and width < len(head) + SENTENCE:
            head, indent, text = f"{one.level.word:<4}  ", " " * 6, f"{one.subject}, {one.topic}: {one.text}"
        lines += _broken(head, indent, text, width)
        if one.fix is not None:
            lines += _broken(indent, indent, f"fix: {one.fix}", width)
    return [*lines, "", _sum(findings)]


def _broken(head: str, indent: str, text: str, width: int | None) -> list[str]:
    if width is None:
        return [head + text]
    return textwrap.wrap(
        text,
        max(width - 1, 20),
        initial_indent=head,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _sum(findings: Sequence[Finding]) -> str:
    failed = sum(one.level is Level.FAIL for one in findings)
    warned = sum(one.level is Level.WARN for one in findings)
    if not failed and not warned:
        return "everything is in order"
    parts = [f"{failed} {'failure' if failed == 1 else 'failures'}"] if failed else []
    parts += [f"{warned} {'warning' if warned == 1 else 'warnings'}"] if warned else []
    return ", ".join(parts)


def code(notes: Sequence[Notes], findings: Sequence[Finding]) -> int:
    """Return the exit code: 4 none answered, 3 a part, 1 something is at warn or above, else 0."""
    answered = sum(one.answered for one in notes)
    if not answered:
        return NO_ANSWER
    if answered < len(notes):
        return PARTIAL
    return ATTENTION if any(one.level >= Level.WARN for one in findings) else OK


def _config(opened: Session) -> list[Finding]:
    """Return what is to say of the configuration itself."""
    found = [
        Finding(level=Level.WARN, subject="config", topic="file", text=one.message, fix=one.fix)
        for one in opened.settings.warnings
    ]
    missing = [kind.title for kind in Kind if not opened.settings.of_kind(kind)]
    if missing:
        text = f"not configured: {', '.join(missing)}"
        found.append(Finding(level=Level.NOTE, subject="config", topic="services", text=text))
    return found
