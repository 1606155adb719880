"""The page of the services: how each answers, what it is asked, what it costs, what went wrong."""

from collections.abc import Iterator, Mapping, Sequence

from tracker_tui.model import moments
from tracker_tui.model.ids import InstanceRef
from tracker_tui.model.states import ServiceStatus
from tracker_tui.model.traffic import Traffic
from tracker_tui.model.world import Problem, ServiceRow
from tracker_tui.present import numbers
from tracker_tui.present.details import Moment, diagnosis_lines
from tracker_tui.present.labels import SERVICES
from tracker_tui.present.lines import EMPTY, Line, Span, line
from tracker_tui.present.phrases import SEPARATOR


def service_lines(
    services: Sequence[ServiceRow],
    problems: Sequence[Problem],
    traffic: Mapping[InstanceRef, Traffic],
    web_urls: Mapping[InstanceRef, str],
    at: Moment,
) -> list[Line]:
    """Return a section per instance, in the order of the strip."""
    found: list[Line] = []
    for one in services:
        ref = InstanceRef(one.kind, one.name) if one.name is not None else None
        found += [EMPTY] if found else []
        found += _head(one, at)
        if ref is None:
            continue
        own = [problem for problem in problems if (problem.kind, problem.name) == (one.kind, one.name)]
        for problem in own:
            found += diagnosis_lines(problem.diagnosis, at, problem.scope or "")
        if not own and one.error:
            found.append(line(Span(f"  {one.error}", "failed"), indent=2))
        if (url := web_urls.get(ref)) is not None:
            found.append(line(Span("  "), Span(url, "muted"), indent=2))
        if (known := traffic.get(ref)) is not None:
            found += _traffic(known, at)
    return found or [line("No service is configured.")]


def _head(one: ServiceRow, at: Moment) -> Iterator[Line]:
    label = SERVICES[one.status]
    yield line(
        Span(f"{label.plain if at.plain else label.glyph} ", label.tone),
        Span(f"{one.title}  ", "heading"),
        Span(label.word, label.tone),
    )
    if one.status is ServiceStatus.NOT_CONFIGURED:
        return
    words = [
        f"version {one.version}" if one.version else "",
        f"answers in {one.latency_ms:.0f} ms" if one.latency_ms is not None else "",
        f"asked every {numbers.rhythm(one.interval_s)}" if one.interval_s is not None else "",
        f"last answer {numbers.age(one.last_ok_at, at.now)} ago" if one.last_ok_at is not None else "no answer so far",
    ]
    yield line("  " + SEPARATOR.join(word for word in words if word), indent=2)


def _traffic(known: Traffic, at: Moment) -> Iterator[Line]:
    words = [f"{known.calls} {'call' if known.calls == 1 else 'calls'}", f"{numbers.size(known.bytes_in)} received"]
    if known.skipped:
        words.append(f"{known.skipped} unreadable {'record' if known.skipped == 1 else 'records'} passed over")
    yield line("  " + SEPARATOR.join(words), indent=2)
    for one in sorted(known.asked, key=lambda asked: (asked.every_s is None, asked.every_s or 0.0, asked.topic)):
        rhythm = f"every {numbers.rhythm(one.every_s)}" if one.every_s is not None else "when needed"
        topic = one.topic.replace("_", " ")
        yield line(
            Span(f"    {topic:<14} ", ""),
            f"{one.times:>6}x  ",
            Span(f"{rhythm:<13} last {moments.clock(one.last_at, at.now, at.zone)}", "muted"),
            indent=6,
        )
    if known.troubles:
        yield line(Span("  Last errors", "strong"))
    for trouble in reversed(known.troubles):
        when = moments.clock(trouble.at, at.now, at.zone)
        yield line(Span(f"    {when}  ", "muted"), f"{trouble.topic.replace('_', ' ')}: {trouble.message}", indent=11)
