"""Every event is told once: ready, stuck, a service down or up again."""

from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.tui.conftest import HandFeed, app_of
from tests.tui.worlds import NOON, film, household, matching, pack, services, stuck, with_row
from tracker_tui.model.ids import Kind
from tracker_tui.model.states import Attention, ServiceStatus, State
from tracker_tui.model.world import Problem, World
from tracker_tui.tui.notices import Herald

NOBODY: frozenset[str] = frozenset()


def told(*worlds: World, muted: frozenset[str] = NOBODY) -> list[list[str]]:
    herald = Herald()
    return [
        [one.text for one in herald.events(world, NOON + timedelta(minutes=2 * index), muted)]
        for index, world in enumerate(worlds)
    ]


def down(*kinds: Kind) -> World:
    rows = tuple(
        replace(one, status=ServiceStatus.UNREACHABLE) if one.kind in kinds else one for one in services()
    )  # fmt: skip
    causes = tuple(
        Problem(kind=kind, name=kind.value, diagnosis=stuck("SERVICE_DOWN", "no answer", "look", Attention.ERROR))
        for kind in kinds
    )
    return replace(household(), services=rows, problems=(*household().problems, *causes))


def failed_once() -> World:
    return replace(down(Kind.SONARR), problems=household().problems)


READY = with_row(household(), film(4, State.AVAILABLE))
STUCK = with_row(
    household(),
    replace(pack(), attention=Attention.WARN, diagnoses=(stuck("STALLED", "nobody sends data", "wait"),)),
)


@pytest.mark.parametrize(
    ("after", "text"),
    [
        (READY, "Film 4 (2004) is ready"),
        (STUCK, "Frieren: Beyond Journey's End (2023): nobody sends data"),
        (down(Kind.SONARR), "Sonarr: no answer"),
    ],
    ids=["ready", "stuck", "down"],
)
def test_an_event_is_told_once(after: World, text: str) -> None:
    assert told(household(), after, after, household(), after) == [[], [text], [], _back(after), []]


def _back(after: World) -> list[str]:
    return ["Sonarr answers again"] if after.services != household().services else []


def test_nothing_is_told_of_the_first_world() -> None:
    assert told(STUCK) == [[]]


def test_what_the_first_minute_brings_has_long_been_so() -> None:
    herald = Herald()
    for index, world in enumerate((household(), STUCK, household(), READY)):
        assert herald.events(world, NOON + timedelta(seconds=10 * index), NOBODY) == []


def test_a_clock_that_the_first_answers_set_back_holds_up_nothing() -> None:
    herald = Herald()
    assert herald.events(household(), NOON + timedelta(days=1), NOBODY) == []
    assert herald.events(household(), NOON, NOBODY) == []
    assert herald.events(STUCK, NOON + timedelta(seconds=61), NOBODY)


def test_a_muted_row_is_silent() -> None:
    assert told(household(), STUCK, muted=frozenset({pack().id})) == [[], []]
    gone = frozenset({"problem:SERVICE_DOWN:sonarr:sonarr:"})
    assert told(household(), down(Kind.SONARR), muted=gone) == [[], []]


def test_one_failed_call_is_no_outage() -> None:
    assert told(household(), failed_once(), household()) == [[], [], []]


def test_what_is_stuck_from_the_first_is_told() -> None:
    fresh = with_row(household(), film(50, State.FAILED))
    assert told(household(), fresh) == [[], ["Film 50 (2050): Failed"]]


def test_a_crowd_of_events_is_told_as_a_number() -> None:
    texts = told(household(), down(*Kind))[1]
    assert texts == [f"{len(Kind)} need attention"]


def test_a_deeper_diagnosis_is_the_one_told() -> None:
    calm = replace(matching(), attention=Attention.NONE, diagnoses=())
    assert told(with_row(household(), calm), household())[1] == [
        "Lycoris Recoil (2022): Shoko matched 13 files, but Shokofin made no entry for them in the library Anime Shows"
    ]


async def test_a_toast_a_bell_and_the_users_program(monkeypatch: pytest.MonkeyPatch) -> None:
    from tracker_tui.config.settings import Secret

    ran: list[tuple[list[str], str]] = []
    rang: list[bool] = []
    monkeypatch.setattr(
        "tracker_tui.tui.app.run_notifier", lambda command, text: ran.append(([one.reveal() for one in command], text))
    )
    feed = HandFeed()
    monkeypatch.setattr("tracker_tui.tui.notices.SETTLING", timedelta(0))
    monkeypatch.delenv("TMUX", raising=False)
    app = app_of(household(), feed, bell=True, terminal_notify=True, notify=(Secret("send"), Secret("token")))
    wrote: list[str] = []
    monkeypatch.setattr(app, "bell", lambda: rang.append(True))
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await pilot.pause()
        monkeypatch.setattr(app._driver, "write", wrote.append)
        for world in (household(), STUCK, STUCK, READY):
            feed.push(world)
            await pilot.pause()
        messages = [str(one.message) for one in app._notifications]
        assert messages == ["Frieren: Beyond Journey's End (2023): nobody sends data", "Film 4 (2004) is ready"]
        assert ran == [(["send", "token"], message) for message in messages]
        assert rang == [True, True]
        assert [text for text in wrote if "]9;" in text] == [f"\x1b]9;tracker-tui: {one}\x07" for one in messages]


def test_the_users_program_does_not_inherit_our_keys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from tracker_tui.config.settings import Secret
    from tracker_tui.tui import alerts

    key = Secret("0f9a4c1d2b7e46588d11aa22bb33cc44")
    monkeypatch.setenv("SONARR_KEY", key.reveal())
    monkeypatch.setenv("NTFY_TOPIC", "home")
    said = tmp_path / "said"
    command = ("sh", "-c", 'echo "$1:$NTFY_TOPIC:$SONARR_KEY" > "$0"', str(said))
    alerts._run([Secret(word, plain=True) for word in command], "Sonarr answers again")
    assert said.read_text() == "Sonarr answers again:home:\n"


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("4;1;50", "\x1b]9;tracker-tui: 4;1;50\x07"),
        ("a\x1b]52;c;aGk=\x07b\x9c\n", "\x1b]9;tracker-tui: a�]52;c;aGk=�b� \x07"),
    ],
    ids=["like a command", "hostile"],
)
def test_a_terminal_notification_is_only_text(monkeypatch: pytest.MonkeyPatch, text: str, sent: str) -> None:
    from tracker_tui.tui.alerts import terminal_notification

    monkeypatch.delenv("TMUX", raising=False)
    assert terminal_notification(text) == sent
    monkeypatch.setenv("TMUX", "/tmp/tmux,1,0")
    assert terminal_notification(text) == f"\x1bPtmux;\x1b{sent}\x1b\\"


def test_the_users_program_gets_the_text_as_last_argument(tmp_path: object) -> None:
    from pathlib import Path

    from tracker_tui.config.settings import Secret
    from tracker_tui.tui.alerts import _run

    assert isinstance(tmp_path, Path)
    file = tmp_path / "said"
    _run([Secret("sh"), Secret("-c"), Secret(f'printf "%s|%s" "$0" "$1" > {file}'), Secret("x")], "one; two $(three)")
    assert file.read_text() == "x|one; two $(three)"


def test_a_program_that_is_missing_is_logged_without_its_arguments(caplog: pytest.LogCaptureFixture) -> None:
    from tracker_tui.config.settings import Secret
    from tracker_tui.tui.alerts import _run

    _run([Secret("/nowhere/token-5678")], "text")
    assert "could not be run" in caplog.text
    assert "5678" not in caplog.text
