"""Everything known about one row: diagnosis first, next step, evidence with ages, timeline, releases, ids, links."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, tzinfo
from typing import NamedTuple

from tracker_tui.model import fractions, moments
from tracker_tui.model.states import Attention, State
from tracker_tui.model.world import (
    Diagnosis,
    EpisodeRow,
    Evidence,
    Problem,
    Release,
    RequestRow,
    SeasonRow,
    TimelineEntry,
    World,
)
from tracker_tui.present import numbers
from tracker_tui.present.cells import episode_code, flag_words, season_title, titled
from tracker_tui.present.labels import ATTENTION, FLAGS, STATES
from tracker_tui.present.lines import EMPTY, Line, Span, heading, line
from tracker_tui.present.links import Link
from tracker_tui.present.phrases import SEPARATOR, summary_line
from tracker_tui.present.rows import GROUP_WORDS, Fold, Group, Headline, Row, by_season
from tracker_tui.present.verdicts import causes

MAX_FILES = 30
"""Files listed per release; the rest is counted."""

_GROUPS = {
    Group.PROBLEMS: "What is wrong with a service or a library, and so concerns many titles at once.",
    Group.ATTENTION: "What does not get any further by itself. Each says why, and what to do next.",
    Group.IN_PROGRESS: "What is on its way: grabbed, downloading, importing or matching.",
    Group.WAITING: "What has yet to begin: to be approved, released, aired or found.",
    Group.RECENT: "What became ready lately, and what was declined or removed.",
}


class Moment(NamedTuple):
    """When and where the reader is."""

    now: datetime
    zone: tzinfo
    plain: bool = False


def details(row: Row | None, at: Moment, links: Sequence[Link] = (), problems: Sequence[Problem] = ()) -> list[Line]:
    """Return the details of `row`, paragraphs not yet wrapped; of `problems` those that its summary speaks of."""
    if row is None:
        return []
    item, request = row.item, row.request
    if isinstance(item, Problem):
        return [line(Span(_problem_title(item), "strong")), *diagnosis_lines(item.diagnosis, at)]
    if isinstance(item, Headline):
        return [line(Span(f"{GROUP_WORDS[item.group]} ({item.size})", "strong")), line(_GROUPS[item.group])]
    if request is None:
        return []
    common = causes(request, problems)
    if isinstance(item, EpisodeRow):
        return list(_episode(request, item, common, at))
    if isinstance(item, SeasonRow):
        return list(_season(request, item, common, at))
    if isinstance(item, Fold):
        return list(_fold(request, item, at))
    return list(_request(request, common, at, links))


def _problem_title(item: Problem) -> str:
    return " · ".join(item.place)


def _request(item: RequestRow, common: Sequence[Diagnosis], at: Moment, links: Sequence[Link]) -> Iterator[Line]:
    original = [Span(f"  {item.original_title}", "muted")] if item.original_title not in {None, item.title} else []
    yield line(Span(titled(item), "strong"), *original)
    yield _state_line(item.state, summary_line(item.phrases, at.now, at.zone), at, flag_words(item.flags))
    said = [*_here((*item.diagnoses, *common)), *_below(item.seasons, named=by_season(item))]
    yield from _verdicts([one for one in said if one.grave], at)
    if item.eta_watchable_s is not None:
        yield line(f"Watchable in {numbers.between(*item.eta_watchable_s)}")
    yield from _verdicts([one for one in said if not one.grave], at)
    yield from _timeline(item.timeline, at)
    yield from _releases(item.releases)
    yield from _facts(item, at)
    yield from _links(links)


def _season(request: RequestRow, item: SeasonRow, common: Sequence[Diagnosis], at: Moment) -> Iterator[Line]:
    yield line(Span(f"{titled(request)} · {season_title(item.number)}", "strong"))
    yield _state_line(item.state, summary_line(item.phrases, at.now, at.zone), at)
    yield from _verdicts([*_below((item,), named=False), *_above(request, item, common)], at)
    ids = {one for episode in item.episodes for one in episode.torrents}
    yield from _releases([release for release in request.releases if release.id in ids])


def _episode(request: RequestRow, item: EpisodeRow, common: Sequence[Diagnosis], at: Moment) -> Iterator[Line]:
    place = f"{titled(request)} · {season_title(item.season)} · {episode_code(item)}"
    yield line(Span(place, "strong"), f"  {item.title}" if item.title else "")
    yield _state_line(item.state, " · ".join(_episode_words(item, at)), at)
    yield from _verdicts([*_here(item.diagnoses), *_above(request, item, common)], at)
    yield from _releases([release for release in request.releases if release.id in item.torrents])


def _fold(request: RequestRow, item: Fold, at: Moment) -> Iterator[Line]:
    yield line(Span(titled(request), "strong"))
    for season in item.seasons:
        words = Span(summary_line(season.phrases, at.now, at.zone), "muted")
        yield line(f"{season_title(season.number)}  ", words)
    for episode in item.episodes:
        when = f"airs {moments.clock(episode.air_at, at.now, at.zone)}" if episode.air_at is not None else "no date yet"
        yield line(
            f"S{episode.season:02}{episode_code(episode)}  ",
            Span(when, "muted"),
            f"  {episode.title}" if episode.title else "",
        )


def _episode_words(item: EpisodeRow, at: Moment) -> Iterator[str]:
    yield STATES[item.state].word
    if item.note:
        yield item.note
    if item.progress is not None and item.state is not State.AVAILABLE:
        estimate = "≈" if item.progress_is_estimate else ""
        whole = f" of {numbers.size(item.size_bytes)}" if item.size_bytes else ""
        yield f"{estimate}{fractions.percent(item.progress)}{whole}"
    if item.quality:
        yield item.quality
    if item.air_at is not None:
        yield f"{'airs' if item.air_at > at.now else 'aired'} {moments.clock(item.air_at, at.now, at.zone)}"
    if item.since is not None:
        yield f"since {moments.clock(item.since, at.now, at.zone)}"
    yield from (FLAGS[flag] for flag in item.flags)
    if not item.counted:
        yield "not counted"


class _Said(NamedTuple):
    """A verdict as it is read at some row; `place` names where it stands, "" = there."""

    verdict: Diagnosis
    place: str = ""

    @property
    def grave(self) -> bool:
        return self.verdict.attention >= Attention.WARN


def _here(verdicts: Iterable[Diagnosis]) -> list[_Said]:
    return [_Said(one) for one in verdicts]


def _below(seasons: Sequence[SeasonRow], *, named: bool) -> Iterator[_Said]:
    """Yield what stands at seasons and their episodes."""
    for season in seasons:
        yield from (_Said(one, season_title(season.number) if named else "") for one in season.diagnoses)
        for episode in season.episodes:
            yield from (_Said(one, f"S{episode.season:02}E{episode.number:02}") for one in episode.diagnoses)


def _above(request: RequestRow, item: SeasonRow | EpisodeRow, common: Sequence[Diagnosis]) -> Iterator[_Said]:
    """Yield what stands above a part of a request and concerns it: nothing, once it is ready."""
    if item.state is State.AVAILABLE:
        return
    if isinstance(item, EpisodeRow):
        yield from _here(one for season in request.seasons if season.number == item.season for one in season.diagnoses)
    yield from _here((*request.diagnoses, *common))


def _verdicts(said: Iterable[_Said], at: Moment) -> Iterator[Line]:
    """Yield verdicts, the gravest first."""
    for one in sorted(said, key=lambda one: -one.verdict.attention):
        yield from diagnosis_lines(one.verdict, at, one.place)


def _state_line(state: State, words: str, at: Moment, remarks: Sequence[str] = ()) -> Line:
    label = STATES[state]
    glyph = Span(f"{label.plain if at.plain else label.glyph} ", label.tone)
    said = Span("".join(f"{SEPARATOR}{one}" for one in remarks), "muted")
    return line(glyph, words or label.word, said, indent=2)


def diagnosis_lines(one: Diagnosis, at: Moment, place: str = "") -> Iterator[Line]:
    """Return a verdict, its next step, its evidence with ages and its code; `place` names what it is about."""
    label = ATTENTION[one.attention]
    tone = label.tone if one.attention >= Attention.WARN else ""
    mark = (label.plain if at.plain else label.glyph).strip() or "·"
    yield line(Span(f"{mark} ", label.tone), Span(f"{place}: " if place else ""), Span(one.message, tone), indent=2)
    if one.next_step:
        yield line(Span("→ ", "strong"), Span(one.next_step, "strong"), indent=2)
    for evidence in one.evidence:
        yield _evidence(evidence, at)
    yield line(Span(f"  {one.code}", "muted"))


def _evidence(one: Evidence, at: Moment) -> Line:
    who = one.service.titled(one.instance)
    age = f" ({numbers.age(one.observed_at, at.now)} ago)" if one.observed_at is not None else ""
    return line(Span(f"  {who}: ", "muted"), f"{one.fact} ", Span(one.value, "strong"), Span(age, "muted"), indent=4)


def _timeline(entries: Sequence[TimelineEntry], at: Moment) -> Iterator[Line]:
    if not entries:
        return
    yield EMPTY
    yield heading("Timeline")
    for entry in sorted(entries, key=lambda one: one.at)[::-1]:
        yield timeline_line(entry, at)


def timeline_line(entry: TimelineEntry, at: Moment) -> Line:
    """Return one event of a request."""
    when = f"{moments.clock(entry.at, at.now, at.zone):>12}"
    return line(*event_spans(entry, at, when), indent=16)


def event_spans(entry: TimelineEntry, at: Moment, when: str, title: str = "") -> tuple[Span, ...]:
    """Return an event in words; `title` names the request where several stand together."""
    label = STATES[entry.state]
    return (
        Span(f"{when}  ", "muted"),
        Span(f"{label.plain if at.plain else label.glyph} ", label.tone),
        *((Span(f"{title}  ", "strong"),) if title else ()),
        Span(entry.text),
        Span(f"  {entry.service.title}", "muted"),
    )


def _releases(releases: Sequence[Release]) -> Iterator[Line]:
    if not releases:
        return
    yield EMPTY
    yield heading("Releases")
    for one in releases:
        yield line(one.title or one.id, indent=2)
        yield line(Span(f"  {' · '.join(_release_words(one))}", "muted"), indent=4)
        for name, progress in one.files[:MAX_FILES]:
            yield line(Span(f"  {fractions.percent(progress):>6}  ", "downloading"), name, indent=10)
        if len(one.files) > MAX_FILES:
            yield line(Span(f"  and {len(one.files) - MAX_FILES} more files", "muted"))


def _release_words(one: Release) -> Iterator[str]:
    if one.state_word:
        yield one.state_word
    if one.progress is not None:
        yield fractions.percent(one.progress)
    if one.size_bytes is not None:
        yield numbers.size(one.size_bytes)
    yield from (text for text in (one.quality, one.group, one.indexer) if text)
    if one.client is not None:
        yield one.client.name
    if one.title:
        yield one.id


def _facts(item: RequestRow, at: Moment) -> Iterator[Line]:
    yield EMPTY
    yield heading("Request")
    who = f"by {item.requested_by} " if item.requested_by else ""
    when = moments.clock(item.requested_at, at.now, at.zone) if item.requested_at is not None else ""
    if who or when:
        yield line(f"Requested {who}{when}".rstrip())
    if item.seasons_requested:
        yield line(f"Seasons {', '.join(map(str, item.seasons_requested))}")
    ids = item.ids
    known = [
        *(f"{name} {value}" for name, value in (("TMDB", ids.tmdb), ("TVDB", ids.tvdb), ("IMDb", ids.imdb)) if value),
        *(f"{name} {number}" for name, number in (*ids.sonarr, *ids.radarr)),
        *(f"Shoko {number}" for number in ids.shoko_series),
        *(f"Jellyfin {one}" for one in ids.jellyfin),
    ]
    if known:
        yield line(" · ".join(known))
    yield line(Span(item.id, "muted"))


def _links(links: Sequence[Link]) -> Iterator[Line]:
    if links:
        yield EMPTY
        yield heading("Links")
    for one in links:
        yield line(Span(f"{one.ref.kind.title}  ", "muted"), one.url, indent=2)


def unassigned_lines(world: World) -> list[Line]:
    """Return the list of torrents and queue records that belong to nothing known."""
    found, titles = world.unassigned, {str(row.id): row.title for row in world.requests}
    if not found:
        return [line("Every torrent and queue record of Sonarr's and Radarr's categories belongs to a known request.")]
    shown: list[Line] = []
    for one in found:
        shown.append(line(Span(one.name, "strong"), Span(f"  {one.kind}", "muted"), indent=2))
        shown.append(line(f"  {one.reason}", indent=2))
        if one.candidate is not None:
            shown.append(line(f"  perhaps {titles.get(one.candidate, one.candidate)}", indent=2))
        if one.next_step:
            shown.append(line(Span("  → ", "strong"), one.next_step, indent=4))
        if one.hash:
            shown.append(line(Span(f"  {one.hash}", "muted")))
        shown.append(EMPTY)
    return shown
