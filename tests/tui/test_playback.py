"""Demo and recordings: their line, their keys, and silence where nothing is played."""

from datetime import timedelta, timezone

import pytest

from tests.tui.conftest import HandFeed, app_of
from tests.tui.grid import grid
from tests.tui.worlds import NOON, household
from tracker_tui.config.settings import UiSettings
from tracker_tui.tui.app import TrackerApp
from tracker_tui.tui.keys import KEYS


class Tape:
    """Something that plays, and notes what it is told."""

    def __init__(self, *, recorded: bool) -> None:
        self.recorded = recorded
        self.told: list[str] = []

    @property
    def paused(self) -> bool:
        return self.told.count("toggle") % 2 == 1

    def caption(self) -> str:
        return f"Tape · told {len(self.told)} times"

    def toggle(self) -> None:
        self.told.append("toggle")

    def step(self) -> None:
        self.told.append("step")

    def jump(self, direction: int) -> None:
        self.told.append(f"jump {direction}")

    def faster(self, direction: int) -> None:
        self.told.append(f"faster {direction}")

    def again(self) -> None:
        self.told.append("again")


def app_over(tape: Tape, begun: list[str]) -> TrackerApp:
    return TrackerApp(
        HandFeed(),
        household(),
        lambda: NOON,
        ui=UiSettings(),
        playback=tape,
        start_over=lambda: begun.append("over"),
    )


async def test_the_keys_steer_and_the_line_follows() -> None:
    tape, begun = Tape(recorded=True), []  # type: ignore[var-annotated]
    app = app_over(tape, begun)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        assert "Tape · told 0 times   p pause  . next  < back  > on  + faster  - slower  0 again" in grid(app)
        await pilot.press("p", "full_stop", "less_than_sign", "greater_than_sign", "plus", "minus")
        assert tape.told == ["toggle", "step", "jump -1", "jump 1", "faster 1", "faster -1"]
        assert "told 6 times" in grid(app)
        assert begun == []
        await pilot.press("0")
        assert tape.told[-1] == "again"
        assert begun == ["over"]


async def test_the_key_that_plays_on_says_so() -> None:
    app = app_over(Tape(recorded=False), [])
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "p pause" in grid(app)
        await pilot.press("p")
        assert "p play" in grid(app)
        await pilot.press("p")
        assert "p pause" in grid(app)


@pytest.mark.parametrize("key", ["v", "x", "r"])
async def test_a_recording_asks_nobody_and_says_so(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    app, said = app_over(Tape(recorded=True), []), list[str]()
    monkeypatch.setattr(app, "notify", lambda text, **_: said.append(text))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("n", "n", key)
        await pilot.pause()
    assert len(said) == 1
    assert "recording" in said[0]
    assert isinstance(app.feed, HandFeed)
    assert app.feed.calls == []


async def test_a_recording_is_read_in_the_time_zone_it_was_made_in() -> None:
    tokyo = timezone(timedelta(hours=9))
    app = TrackerApp(HandFeed(), household(), lambda: NOON, ui=UiSettings(), playback=Tape(recorded=True), zone=tokyo)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("H")
        await pilot.pause()
        there = grid(app)
    assert "20:40" in there
    assert "11:40" not in there


async def test_what_cannot_go_back_does_not_offer_it() -> None:
    app = app_over(Tape(recorded=False), [])
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        assert "< back" not in grid(app)
        assert "> on" in grid(app)


@pytest.mark.parametrize("width", [60, 80])
async def test_on_a_narrow_screen_the_line_keeps_what_is_played(width: int) -> None:
    app = app_over(Tape(recorded=True), [])
    async with app.run_test(size=(width, 24)) as pilot:
        await pilot.pause()
        assert "Tape · told 0 times   p pause" in grid(app)


async def test_without_anything_played_there_is_no_word_of_it() -> None:
    app = app_of(household())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        playing = {key.words for key in KEYS if key.where == "playback"}
        assert not playing & {command.title for command in app.get_system_commands(app.screen)}
        before = grid(app)
        await pilot.press("p", "0", "plus")
        assert grid(app) == before
        await pilot.press("question_mark")
        assert "play-again" not in grid(app)
