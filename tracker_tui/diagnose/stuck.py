"""Time alone: a state that lasts too long, where nothing better explains it (R8)."""

from datetime import datetime, timedelta

from tracker_tui.diagnose.matter import Matter
from tracker_tui.diagnose.rule import Code, Said, over
from tracker_tui.diagnose.scene import Scene
from tracker_tui.diagnose.words import age_changes_at
from tracker_tui.model.arr import HistoryKind
from tracker_tui.model.ids import Kind
from tracker_tui.model.states import Attention, State
from tracker_tui.reconcile.case import Unit
from tracker_tui.reconcile.unit.verdict import Step

STUCK = Code(
    name="STUCK",
    levels=(Attention.WARN,),
    means="A state lasts longer than its threshold ([attention] in the configuration), and no service says why.",
)

_WANTED = (
    "{arr} has wanted {what} for {age} and grabbed nothing",
    "press x for the reasons (asks the indexers), or {app} → Interactive Search",
)
_IDLE = {State.PENDING, State.APPROVED}
_WORDS = {
    State.PENDING: _WANTED,
    State.APPROVED: _WANTED,
    State.GRABBING: (
        "{arr} grabbed {what} {age} ago and the download has not begun",
        "{app} → Activity → Queue: see what it waits for",
    ),
    State.DOWNLOADING: (
        "{what_has} been downloading for {age}, as {arr} grabbed {it}",
        "look at the torrent's peers and files in the download client",
    ),
    State.DOWNLOADED: (
        "{what_has} been complete for {age} and {arr} has not imported {it}",
        "{app} → Activity → Queue: see what it waits for",
    ),
    State.IMPORTING: (
        "{arr} has been importing {what} for {age}",
        "{app} → System → Log Files: see what the import does",
    ),
    State.ANIME_MATCHING: (
        "{what_was} imported {age} ago and Shoko has not matched {it}",
        "Shoko → look for the file by its name",
    ),
}

_UNTOLD = (
    "{what_was} imported {age} ago; what Shoko makes of {it} is not known",
    "press r to ask again; L shows what was asked and what came back",
)
"""Shoko has given no answer about the files themselves."""
_UNLOOKED = ("{what_was} imported {age} ago; whether Jellyfin has {it} is not known", _UNTOLD[1])
_UNLOOKED_MATCH = (
    "{what_was} imported {age} ago and matched in Shoko; whether Jellyfin has {it} is not known",
    _UNTOLD[1],
)
"""Jellyfin has given no answer that would show them."""
_BY_STEP = {
    Step.UNASKED: _UNTOLD,
    Step.MATCHED: _UNLOOKED_MATCH,
    Step.IMPORTED: _UNLOOKED,
    Step.REPLACED: _UNLOOKED,
}

_IN_JELLYFINS_HANDS = {Step.IMPORTED, Step.MATCHED, Step.REPLACED}

BEHIND = {
    State.PENDING: {Kind.SONARR, Kind.RADARR},
    State.APPROVED: {Kind.SONARR, Kind.RADARR},
    State.GRABBING: {Kind.SONARR, Kind.RADARR, Kind.QBITTORRENT},
    State.DOWNLOADING: {Kind.QBITTORRENT},
    State.DOWNLOADED: {Kind.SONARR, Kind.RADARR, Kind.QBITTORRENT},
    State.IMPORTING: {Kind.SONARR, Kind.RADARR, Kind.JELLYFIN},
    State.ANIME_MATCHING: {Kind.SHOKO, Kind.JELLYFIN},
}
"""The services a state waits for: while one of them is silent, that explains the wait."""


FIRST_ANSWERS = timedelta(minutes=2)
"""So long may a service that has begun to answer take until it has told about the files themselves."""


def answers_until(matter: Matter, scene: Scene, unit: Unit) -> datetime | None:
    """Return until when an answer may still come that explains its wait; None = none is due any more."""
    around, verdict = scene.around, unit.verdict
    behind = [ref for kind in BEHIND.get(verdict.state, ()) for ref in scene.of(kind)]
    ours = [ref for ref in behind if ref == matter.arr or ref.kind not in {Kind.SONARR, Kind.RADARR}]
    if scene.awaited(ours):
        return scene.now + FIRST_ANSWERS
    unlooked = verdict.step in _IN_JELLYFINS_HANDS and unit.jellyfin is not None and not unit.jellyfin.looked
    asked = Kind.SHOKO if verdict.step is Step.UNASKED else Kind.JELLYFIN if unlooked else None
    begun = [around.heard_at[ref] for ref in ours if ref.kind is asked and ref in around.heard_at]
    until = max(begun) + FIRST_ANSWERS if begun else scene.now
    return until if scene.now < until else None


def stuck(matter: Matter, scene: Scene, units: list[Unit]) -> list[Said]:
    """Return the verdicts about units whose state lasts too long; none where a silent service explains it."""
    groups: dict[tuple[State, Step], list[Unit]] = {}
    for unit in units:
        state = unit.verdict.state
        silent = {ref.kind for ref in scene.silent if ref.kind in BEHIND.get(state, set())}
        own = matter.arr.kind
        if state in _WORDS and not silent - ({Kind.SONARR, Kind.RADARR} - {own}):
            groups.setdefault((state, unit.verdict.step), []).append(unit)
    return [_said(matter, scene, state, some) for (state, _), some in groups.items()]


def _said(matter: Matter, scene: Scene, state: State, units: list[Unit]) -> Said:
    times = [unit.row.since if unit.row is not None else matter.row.since for unit in units]
    since = min((one for one in times if one is not None), default=scene.now)
    words, step = _BY_STEP.get(units[0].verdict.step, _WORDS[state])
    if state is State.DOWNLOADED and units[0].verdict.step is Step.FILE_COMPLETE:
        words = "{what_has} been complete for {age}; {arr} imports {it} with the rest of its release"
    if any(event.kind is HistoryKind.GRABBED for unit in units for event in unit.history) and state in _IDLE:
        words = "{arr} has wanted {what} for {age}, and what it grabbed came to nothing"
    told = words.format(
        arr=scene.name(matter.arr),
        what=matter.what(units),
        what_has=matter.does(units, "has"),
        what_was=matter.does(units, "was"),
        it=matter.it(units),
        age=scene.age(since),
    )
    return over(
        units,
        STUCK(
            told,
            step.format(app=matter.arr.kind.title),
            scene.saw(matter.arr, "state", f"{state.value} since {scene.clock(since)}", since),
        ),
        until=age_changes_at(since, scene.now),
    )


CODES = (STUCK,)
