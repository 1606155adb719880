"""Every clause has words, every state a label, and the summary line holds the numbers."""

from datetime import UTC, datetime, timedelta

import pytest

from tracker_tui.model.clauses import REPLACEABLE, VOLATILE, Clause
from tracker_tui.model.states import Attention, Flag, ServiceStatus, State
from tracker_tui.model.world import Phrase
from tracker_tui.present.labels import ATTENTION, FLAGS, SERVICES, STATES
from tracker_tui.present.phrases import clause, summary_line
from tracker_tui.reconcile.request.summary import explain

NOW = datetime(2026, 1, 25, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("code", list(Clause))
def test_every_clause_has_words(code: Clause) -> None:
    phrase = Phrase(
        code=code, n=2, of=3, fraction=0.4, size_bytes=1024, speed_bytes_s=1024, seconds=60,
        at=NOW - timedelta(minutes=5), text="word",
    )  # fmt: skip
    text = clause(phrase, NOW)
    assert text
    assert "None" not in text
    assert "{" not in text


@pytest.mark.parametrize("code", list(Clause))
def test_a_clause_without_its_facts_never_says_none(code: Clause) -> None:
    if code in {Clause.READY, Clause.DOWNLOADED, Clause.IMPORTED, Clause.MATCHED, Clause.IMPORTING, Clause.REQUESTED,
                Clause.DECLINED, Clause.REMOVED, Clause.FAILED, Clause.PAUSED, Clause.DOWNLOAD_REMOVED,
                Clause.NOT_RELEASED, Clause.REQUESTED_BEFORE, Clause.CLIENT_WORD}:  # fmt: skip
        assert "None" not in clause(Phrase(code=code), NOW)


def test_an_unknown_code_says_its_own_text() -> None:
    assert clause(Phrase(code="from next year", text="something"), NOW) == "something"


def test_a_summary_holds_the_numbers() -> None:
    phrases = (
        Phrase(code=Clause.DOWNLOADING),
        Phrase(code=Clause.READY_OF, n=0, of=6),
        Phrase(code=Clause.PROGRESS, fraction=0.42, size_bytes=9_019_431_322),
        Phrase(code=Clause.SPEED, speed_bytes_s=13_002_342),
        Phrase(code=Clause.ETA, seconds=390),
    )
    assert summary_line(phrases, NOW) == "Downloading · 0/6 ready · 42 % of 8.4 GB · 12.4 MB/s · ETA 6m 30s"


def test_a_diagnosis_takes_the_place_of_the_waiting_clause() -> None:
    phrases = (Phrase(code=Clause.MATCHED, n=13, of=13), Phrase(code=Clause.AWAITING_JELLYFIN))
    told = Phrase(code=Clause.SAID, text="library not mapped in Shokofin")
    assert summary_line(explain(phrases, told), NOW) == "Matched 13/13 · library not mapped in Shokofin"
    assert summary_line(explain(phrases[:1], told), NOW) == "Matched 13/13 · library not mapped in Shokofin"


def test_what_ticks_is_never_what_is_replaced() -> None:
    assert not VOLATILE & REPLACEABLE


def test_every_word_of_the_model_has_a_label() -> None:
    assert set(STATES) == set(State)
    assert set(ATTENTION) == set(Attention)
    assert set(SERVICES) == set(ServiceStatus)
    assert set(FLAGS) == set(Flag)


def test_glyphs_are_one_cell_and_have_an_ascii_form() -> None:
    for label in STATES.values():
        assert len(label.glyph) == 1
        assert len(label.plain) == 1
        assert label.plain.isascii()
