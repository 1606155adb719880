"""The strip of services fits every width, and says first what is wrong."""

import pytest
from msgspec.structs import replace

from tests.tui.worlds import NOON, household, services
from tracker_tui.model.ids import Kind
from tracker_tui.model.states import ServiceStatus
from tracker_tui.model.world import ServiceRow
from tracker_tui.present.services import memory_words, strip


def shown(rows: tuple[ServiceRow, ...], width: int) -> str:
    return "".join(span.text for span in strip(rows, NOON, width, len, plain=True))


def one_down() -> tuple[ServiceRow, ...]:
    return tuple(
        replace(one, status=ServiceStatus.UNREACHABLE, last_ok_at=None) if one.kind is Kind.JELLYFIN else one
        for one in services()
    )


@pytest.mark.parametrize("width", range(10, 160, 7))
@pytest.mark.parametrize("rows", [services(), one_down(), ()], ids=["all well", "one down", "none"])
def test_it_fits(rows: tuple[ServiceRow, ...], width: int) -> None:
    assert len(shown(rows, width)) <= width


@pytest.mark.parametrize(
    ("width", "start"),
    [(120, "* Seerr ok 15s  "), (80, "* Seerr  * Sonarr  "), (30, "o Jellyfin  ")],
    ids=["everything", "no words", "the worst first"],
)
def test_what_falls_away(width: int, start: str) -> None:
    assert shown(one_down(), width).startswith(start)
    assert "Jellyfin" in shown(one_down(), width)


def test_an_age_stands_only_at_what_is_old() -> None:
    rows = tuple(replace(one, stale=one.kind is Kind.SHOKO) for one in services(age_s=130))
    text = shown(rows, 200)
    assert "Shoko ok 2 min old" in text
    assert text.count("old") == 1


def test_several_of_a_kind_go_by_their_names() -> None:
    rows = (*services(), replace(services()[1], name="sonarr-4k"))
    assert "* sonarr-4k ok" in shown(rows, 200)


def test_what_is_not_configured_is_named_while_there_is_room() -> None:
    rows = (*services()[:5], ServiceRow(kind=Kind.JELLYFIN, name=None, status=ServiceStatus.NOT_CONFIGURED))
    assert "- Jellyfin not configured" in shown(rows, 200)
    assert "Jellyfin" not in shown(rows, 70)


def test_rows_without_any_answer_say_where_they_come_from() -> None:
    assert memory_words(household(), NOON) == ""
    silent = replace(household(), services=services(ServiceStatus.UNREACHABLE, error="x"))
    assert memory_words(silent, NOON) == "from the last run"
    assert memory_words(replace(silent, remembered_at=NOON.replace(hour=7)), NOON) == "from the last run, 5 h old"
    answered = tuple(replace(one, last_ok_at=NOON.replace(hour=9)) for one in silent.services)
    assert memory_words(replace(silent, services=answered), NOON) == "no service answers, 3 h old"
