"""The strip of services and the line of counts: what is asked, how often, and how old the answers are."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

from tracker_tui.model.ids import Kind
from tracker_tui.model.states import Attention, ServiceStatus
from tracker_tui.model.world import Counts, Problem, ServiceRow, World
from tracker_tui.present import numbers
from tracker_tui.present.labels import SERVICES
from tracker_tui.present.lines import Span

Fit = Callable[[str], int]
"""How many terminal cells a text takes."""

_GAP = Span("  ")


def strip(services: Sequence[ServiceRow], now: datetime, width: int, cells: Fit, *, plain: bool) -> tuple[Span, ...]:
    """Return the strip in the fullest form that fits `width`; the last form says how many it leaves out.

    What falls away first: services that are not configured, the word "ok", the cadence, every other word. The lamp's
    glyph stays.
    """
    several = Counter(one.kind for one in services)
    present = [one for one in services if one.status is not ServiceStatus.NOT_CONFIGURED]
    forms = (
        [_service(one, now, several, plain, cadence=True, word=True) for one in services],
        [_service(one, now, several, plain, cadence=True, word=True) for one in present],
        [_service(one, now, several, plain, cadence=True, word=False) for one in present],
        [_service(one, now, several, plain, cadence=False, word=False) for one in present],
        [_service(one, now, several, plain, cadence=False, word=False, age=False) for one in present],
        [_service(one, now, several, plain, cadence=False, word=False)[:2] for one in present],
    )
    for form in forms:
        if _width(form, cells) <= width:
            return _joined(form)
    worst_first = sorted(zip(present, forms[-1], strict=True), key=lambda pair: pair[0].status is ServiceStatus.OK)
    kept = [shown for _, shown in worst_first]
    left_out = 0
    while kept and _width([*kept, (Span(f"+{left_out}"),)], cells) > width:
        kept.pop()
        left_out += 1
    return _joined([*kept, (Span(f"+{left_out}", "muted"),)])


def _service(
    one: ServiceRow, now: datetime, several: Counter[Kind], plain: bool, *, cadence: bool, word: bool, age: bool = True
) -> tuple[Span, ...]:
    label = SERVICES[one.status]
    name = one.name if one.name and several[one.kind] > 1 else one.kind.title
    old = one.stale and one.status is not ServiceStatus.NOT_CONFIGURED
    tone = "hand" if old and one.status is ServiceStatus.OK else label.tone
    spans = [Span(label.plain if plain else label.glyph, tone), Span(f" {name}")]
    if word or one.status is not ServiceStatus.OK:
        spans.append(Span(f" {label.word}", tone))
    if old and age:
        words = f"{numbers.stale_age(one.last_ok_at, now)} old" if one.last_ok_at is not None else "never answered"
        spans.append(Span(f" {words}", "hand"))
    elif cadence and one.interval_s is not None and one.status is ServiceStatus.OK:
        spans.append(Span(f" {one.interval_s:g}s", "muted"))
    return tuple(spans)


def _joined(form: Sequence[tuple[Span, ...]]) -> tuple[Span, ...]:
    spans: list[Span] = []
    for one in form:
        spans.extend([_GAP, *one] if spans else one)
    return tuple(spans)


def _width(form: Sequence[tuple[Span, ...]], cells: Fit) -> int:
    return sum(cells(span.text) for span in _joined(form))


def memory_words(world: World, now: datetime) -> str:
    """Return what to say while no service answers: where the rows come from, and how old they are."""
    asked = [one for one in world.services if one.status is not ServiceStatus.NOT_CONFIGURED]
    if not world.requests or not asked or any(one.status is ServiceStatus.OK for one in asked):
        return ""
    answered = max((one.last_ok_at for one in asked if one.last_ok_at is not None), default=None)
    if answered is not None:
        return f"no service answers, {numbers.age(answered, now)} old"
    age = f", {numbers.age(world.remembered_at, now)} old" if world.remembered_at is not None else ""
    return f"from the last run{age}"


def counts_line(counts: Counts, problems: Sequence[Problem]) -> tuple[Span, ...]:
    """Return the header's numbers (before any filter), what wants a person first."""
    grave = [one for one in problems if one.diagnosis.attention >= Attention.WARN]
    spans: list[Span] = []
    if counts.attention:
        spans += [Span(f"{counts.attention} {'needs' if counts.attention == 1 else 'need'} attention", "hand")]
    if grave:
        worst = max(one.diagnosis.attention for one in grave)
        words = f"{len(grave)} {'problem' if len(grave) == 1 else 'problems'}"
        spans += [*_dot(spans), Span(words, "failed" if worst is Attention.ERROR else "hand")]
    return (*spans, *_dot(spans), Span(f"{counts.in_progress} open · {counts.ready} ready"))


def _dot(before: Sequence[Span]) -> Sequence[Span]:
    return (Span(" · "),) if before else ()
