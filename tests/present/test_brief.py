"""A row's summary: the reason first, nothing twice, nothing that ticks, and never cut into nonsense."""

from datetime import UTC, datetime, timedelta

import pytest

from tracker_tui.model.clauses import Clause
from tracker_tui.model.states import Attention, State
from tracker_tui.model.world import Phrase
from tracker_tui.present.brief import brief, fitted

NOW = datetime(2026, 1, 25, 12, 0, tzinfo=UTC)
QUALITY = Phrase(code=Clause.QUALITY, text="Bluray-1080p")
STALLED = Phrase(code=Clause.STALLED_FOR, at=NOW - timedelta(minutes=41), n=0)
LOADING = Phrase(code=Clause.DOWNLOADING)
NUMBERS = (
    Phrase(code=Clause.PROGRESS, fraction=0.4),
    Phrase(code=Clause.SPEED, speed_bytes_s=9),
    Phrase(code=Clause.ETA, seconds=9),
)


@pytest.mark.parametrize(
    ("state", "attention", "phrases", "clauses"),
    [
        (State.DOWNLOADING, Attention.NONE, (LOADING, *NUMBERS), ("Downloading",)),
        (State.DOWNLOADING, Attention.NONE, (LOADING, *NUMBERS, QUALITY), ("Bluray-1080p",)),
        (State.DOWNLOADING, Attention.WARN, (LOADING, QUALITY, STALLED), ("Stalled 41 min · 0 seeds", "Bluray-1080p")),
        (
            State.ANIME_MATCHING,
            Attention.WARN,
            (Phrase(code=Clause.MATCHED, n=13, of=13), Phrase(code=Clause.NOT_IN_JELLYFIN)),
            ("Not in Jellyfin", "matched 13/13"),
        ),
        (
            State.ANIME_MATCHING,
            Attention.NONE,
            (Phrase(code=Clause.MATCHED, n=13, of=13), Phrase(code=Clause.AWAITING_JELLYFIN)),
            ("Matched 13/13", "waiting for Jellyfin"),
        ),
        (
            State.AVAILABLE,
            Attention.NONE,
            (Phrase(code=Clause.READY, n=6, of=6), Phrase(code=Clause.UPGRADING, n=1, fraction=0.39)),
            ("6/6 ready", "upgrading 1"),
        ),
        (State.FAILED, Attention.ERROR, (Phrase(code=Clause.FAILED, text="no space left"),), ("No space left",)),
        (State.REQUESTED, Attention.NONE, (Phrase(code=Clause.REQUESTED, text="mia"),), ("Requested by mia",)),
        (State.APPROVED, Attention.NONE, (), ("Approved",)),
    ],
    ids=["numbers", "quality", "reason first", "waits too long", "waits", "ready", "failed", "requester", "nothing"],
)
def test_what_matters_stands_first(
    state: State, attention: Attention, phrases: tuple[Phrase, ...], clauses: tuple[str, ...]
) -> None:
    assert brief(phrases, state, attention, NOW, UTC) == clauses


def test_a_warning_that_no_clause_carries_follows_the_reason() -> None:
    phrases: tuple[Phrase, ...] = (Phrase(code=Clause.DOWNLOADED, n=1, of=2),)
    found = brief(phrases, State.DOWNLOADED, Attention.WARN, NOW, UTC, warning="Radarr says no", notes=["extra"])
    assert found == ("Radarr says no", "downloaded 1/2", "extra")
    phrases = (Phrase(code=Clause.DOWNLOADED), Phrase(code=Clause.IMPORT_BLOCKED))
    found = brief(phrases, State.DOWNLOADED, Attention.WARN, NOW, UTC, warning="Radarr says no", notes=["extra"])
    assert found == ("Import blocked", "Radarr says no", "extra")


def test_the_state_is_said_where_only_its_certainty_would_be() -> None:
    assert brief((), State.FAILED, Attention.ERROR, NOW, UTC, notes=["old data"]) == ("Failed", "old data")


SENTENCE = "Shoko matched 13 files, but Shokofin made no entry for them"


@pytest.mark.parametrize(
    ("clauses", "width", "text"),
    [
        (("one", "two"), 9, "one · two"),
        (("one", "two", "three"), 12, "one · two …"),
        (("one", "two", "three"), 10, "one …"),
        (("import blocked", "two"), 15, "import blocked"),
        (("not in Jellyfin",), 12, "not in…"),
        (("unsplittable",), 6, "unspl…"),
        (("short", SENTENCE), 40, "short · Shoko matched 13 files, but…"),
        (("short", SENTENCE), 20, "short …"),
        ((SENTENCE, "short"), 30, "Shoko matched 13 files, but…"),
        ((), 10, ""),
    ],
    ids=[
        "fits",
        "whole clauses",
        "one clause",
        "no room for more",
        "words",
        "letters",
        "sentence",
        "no beginning",
        "first",
        "nothing",
    ],
)
def test_a_summary_is_cut_between_clauses_and_words(clauses: tuple[str, ...], width: int, text: str) -> None:
    assert fitted(clauses, width, len) == text
    assert len(text) <= width


@pytest.mark.parametrize("width", range(1, 90))
def test_no_width_is_exceeded(width: int) -> None:
    assert len(fitted(("Import blocked", SENTENCE, "old data"), width, len)) <= width
    assert len(fitted(("Import blocked", SENTENCE, "old data"), width, len, "...")) <= max(3, width)
