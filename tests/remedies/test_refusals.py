"""Every reason to refuse, and that a refusal sends nothing (F13)."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from tests.remedies.house import HARBOR_LIGHTS, LYCORIS_RECOIL, Desk, House
from tracker_tui.config.settings import Secret
from tracker_tui.model.ids import Kind
from tracker_tui.model.jellyfin import CLEANUP_KEY
from tracker_tui.remedies.proposal import LibraryTarget, RequestTarget, WaitingTarget, Why
from tracker_tui.simulate.faults import Fault
from tracker_tui.simulate.household.services import ANIME_MOVIES, ANIME_SHOWS
from tracker_tui.simulate.jellyfin.shokofin_vfs import Rules


def _scan(house: House) -> None:
    house.home.scan(lasts_s=160)
    house.wait(60)


def _refresh_elsewhere(house: House) -> None:
    house.home.refresh_library("TV-Shows")
    house.wait(5)


def _queued_elsewhere(house: House) -> None:
    house.home.refresh_library("TV-Shows")
    house.home.refresh_library("Movies")
    house.home.refresh_library(ANIME_MOVIES)
    house.jellyfin.scanner.queue[0].started_at = None


def _not_permitted(house: House) -> None:
    house.jellyfin.faults["/Library/VirtualFolders"] = Fault.STATUS_403


def _state_hidden(house: House) -> None:
    house.jellyfin.scanner.task.key = "SomethingElse"


def _unmapped(house: House) -> None:
    house.home.shokofin.break_mapping(house.home.libraries[ANIME_SHOWS])


def _other_folder(house: House) -> None:
    house.home.shokofin.map_folder(house.home.libraries[ANIME_SHOWS], "/media/anime/shows", 2)


def _unlinked(house: House) -> None:
    for number in list(house.home.shoko.files):
        house.home.shoko.unlink(number)


def _no_series(house: House) -> None:
    shoko = house.home.shoko
    shoko.series.clear()
    shoko.episodes.clear()
    shoko._series_by_anime.clear()
    shoko._episode_by_anidb.clear()


def _hidden(house: House) -> None:
    for number in list(house.home.shoko.episodes):
        house.home.shoko.hide_episode(number)


def _plugin_cannot_reach_shoko(house: House) -> None:
    house.home.shokofin.host_fault = 502


def _plugin_gone(house: House) -> None:
    house.home.shokofin.plugin_id = "0" * 31 + "1"
    house.home.shokofin.name = "Other"


def _in_jellyfin(house: House) -> None:
    house.jellyfin.finish_scan()
    house.wait(120)


def _emptied_root(house: House) -> None:
    root = house.home.shokofin.adopted[house.home.libraries[ANIME_SHOWS].id].root
    house.jellyfin.disk.remove(f"{root}/.keep")
    house.home.shokofin.tasks = [one for one in house.home.shokofin.tasks if one.key != CLEANUP_KEY]


@pytest.mark.parametrize(
    ("trouble", "why", "words"),
    [
        (_scan, Why.RUNNING, "a scan is running (38 %); starting another would cancel it"),
        (_refresh_elsewhere, Why.RUNNING, "a refresh of TV-Shows runs (25 %)"),
        (_queued_elsewhere, Why.RUNNING, "is queued; another would only wait behind it"),
        (_not_permitted, Why.NOT_PERMITTED, "does not allow it"),
        (_state_hidden, Why.NOT_PERMITTED, "does not say whether a library scan runs"),
        (_unmapped, Why.NOTHING_TO_GAIN, "to no Shoko folder"),
        (_other_folder, Why.NOTHING_TO_GAIN, "no library of Jellyfin maps"),
        (_unlinked, Why.NOTHING_TO_GAIN, "Shoko"),
        (_no_series, Why.NOTHING_TO_GAIN, "Shoko"),
        (_hidden, Why.NOTHING_TO_GAIN, "Shoko hides"),
        (_plugin_cannot_reach_shoko, Why.NOTHING_TO_GAIN, "cannot reach Shoko"),
        (_plugin_gone, Why.NOTHING_TO_GAIN, "no Shokofin"),
        (_in_jellyfin, Why.NOTHING_TO_GAIN, "is in Jellyfin already"),
        (_emptied_root, Why.NOTHING_TO_GAIN, "skips an empty library folder"),
    ],
    ids=lambda value: value.__name__.strip("_") if callable(value) else "",
)
async def test_a_refusal_says_why_and_sends_nothing(
    house: House, desk: Desk, trouble: Callable[[House], None], why: Why, words: str
) -> None:
    trouble(house)
    refusal = await desk.refusal()
    assert refusal.why is why, refusal
    assert words in refusal.message
    assert house.posts() == []


@pytest.mark.parametrize("fault", [Fault.RESET, Fault.STATUS_503, Fault.STATUS_502, Fault.HTML, Fault.TRUNCATED])
async def test_a_jellyfin_that_does_not_answer(house: House, desk: Desk, fault: Fault) -> None:
    world = await house.world()
    house.jellyfin.fault = fault
    refusal = await desk.remedy.propose(WaitingTarget(), world)
    assert (refusal.why, refusal.message.startswith("jellyfin is unreachable")) == (Why.UNREACHABLE, True)  # type: ignore[union-attr]
    assert house.posts() == []


async def test_a_wrong_key(house: House, desk: Desk) -> None:
    world = await house.world()
    house.jellyfin.api_key = "another"
    refusal = await desk.remedy.propose(WaitingTarget(), world)
    assert refusal.why is Why.NOT_PERMITTED  # type: ignore[union-attr]
    assert house.posts() == []


async def test_a_film_that_the_filter_drops(house: House, desk: Desk) -> None:
    """F8: Shokofin's movie filter, and an anime that Shoko does not take for a film."""
    house.home.shokofin.rules = Rules(filter_movies=True)
    from tracker_tui.simulate.story.opening import arrives, wanted_by
    from tracker_tui.simulate.story.titles import GARDEN_OF_WORDS, GARDEN_RELEASE

    wanted_by(GARDEN_OF_WORDS, "mia")(house.home)
    anime = house.home.shoko.anime[9541]
    anime.type, anime.tmdb_movies = "Web", ()
    arrives(GARDEN_OF_WORDS, GARDEN_RELEASE)(house.home)
    house.home.shoko.finish_jobs()
    house.wait(1200)
    refusal = await desk.refusal(wanted=GARDEN_OF_WORDS)
    assert (refusal.why, refusal.code) == (Why.NOTHING_TO_GAIN, "VFS_FILTERED")
    assert "movie filter" in refusal.message
    assert house.posts() == []


async def test_a_request_without_a_file(house: House, desk: Desk) -> None:
    house.home.request(HARBOR_LIGHTS, by="mia")
    house.home.approve(HARBOR_LIGHTS)
    house.home.arr_adds(HARBOR_LIGHTS)
    refusal = await desk.refusal(wanted=HARBOR_LIGHTS)
    assert (refusal.why, refusal.message) == (
        Why.NOTHING_TO_GAIN,
        "Harbor Lights has no imported file that Jellyfin lacks",
    )


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (RequestTarget(request_id="seerr:seerr:999"), "there is no request"),
        (LibraryTarget(name="Anime"), "has no library Anime"),
    ],
    ids=["request", "library"],
)
async def test_an_unknown_target(house: House, desk: Desk, target: RequestTarget | LibraryTarget, words: str) -> None:
    refusal = await desk.refusal(target)
    assert refusal.why is Why.UNKNOWN_TARGET
    assert words in refusal.message


async def test_a_library_that_is_not_mapped(house: House, desk: Desk) -> None:
    _unmapped(house)
    refusal = await desk.refusal(LibraryTarget(name="anime shows"))
    assert (refusal.why, refusal.code) == (Why.NOTHING_TO_GAIN, "VFS_UNMAPPED")


async def test_nothing_waits(house: House, desk: Desk) -> None:
    _in_jellyfin(house)
    refusal = await desk.refusal(WaitingTarget())
    assert (refusal.why, refusal.next_step) == (
        Why.NOTHING_TO_GAIN,
        "name a library to refresh it all the same",
    )


async def test_without_a_jellyfin(house: House, tmp_path: Path) -> None:
    settings = house.settings
    without = msgspec.structs.replace(
        settings, instances=tuple(one for one in settings.instances if one.kind is not Kind.JELLYFIN)
    )
    from tracker_tui.remedies.vfs_refresh import VfsRefresh

    remedy = VfsRefresh(without)
    refusal = await remedy.propose(WaitingTarget(), await house.world())
    assert refusal.why is Why.NOT_CONFIGURED  # type: ignore[union-attr]
    await remedy.aclose()


# ---- the cooldown


@pytest.mark.parametrize(("ago", "left"), [(0, 60), (20, 40), (59, 1)])
async def test_sixty_seconds_after_a_scan(house: House, desk: Desk, ago: int, left: int) -> None:
    house.home.shokofin.break_mapping(house.home.libraries[ANIME_SHOWS])
    house.jellyfin.finish_scan()
    house.home.shokofin.map_folder(house.home.libraries[ANIME_SHOWS], "/media/anime/shows", 1)
    house.home.shokofin._keep(house.home.shokofin.adopted[house.home.libraries[ANIME_SHOWS].id])
    house.wait(ago)
    refusal = await desk.refusal()
    assert (refusal.why, refusal.wait_s) == (Why.COOLDOWN, left)
    assert refusal.message == f"wait {left} s: Shokofin still remembers its last run"
    house.wait(left)
    await desk.proposal()
    assert house.posts() == []


async def test_sixty_seconds_after_our_own_refresh_for_every_process(house: House, desk: Desk, journal: Path) -> None:
    proposal = await desk.proposal()
    await desk.carry_out(proposal)
    later = Desk(house, journal)  # another process, or this one after a restart
    house.home.shokofin.lose_vfs(house.home.libraries[ANIME_SHOWS])
    house.home.shokofin._keep(house.home.shokofin.adopted[house.home.libraries[ANIME_SHOWS].id])
    refusal = await later.refusal(LibraryTarget(name=ANIME_SHOWS))
    assert refusal.why is Why.COOLDOWN
    assert refusal.wait_s is not None
    assert 0 < refusal.wait_s <= 60
    sent = house.refreshes()
    house.wait(refusal.wait_s + 1)
    assert (await later.proposal(LibraryTarget(name=ANIME_SHOWS))).library == ANIME_SHOWS
    assert house.refreshes() == sent
    await later.aclose()


async def test_where_the_task_is_missing_the_plugin_must_have_forgotten_by_itself(house: House, desk: Desk) -> None:
    house.home.shokofin.tasks = []
    house.home.shokofin.stalled_s = 180
    house.home.shokofin.break_mapping(house.home.libraries[ANIME_SHOWS])
    house.jellyfin.finish_scan()
    house.home.shokofin.map_folder(house.home.libraries[ANIME_SHOWS], "/media/anime/shows", 1)
    house.home.shokofin._keep(house.home.shokofin.adopted[house.home.libraries[ANIME_SHOWS].id])
    house.wait(100)
    refusal = await desk.refusal()
    assert (refusal.why, refusal.wait_s) == (Why.COOLDOWN, 81)


async def test_a_clock_that_was_set_back_bars_nothing(house: House, desk: Desk) -> None:
    house.jellyfin.finish_scan = lambda: None  # type: ignore[method-assign]
    ahead = house.clock.now() + timedelta(hours=3)
    house.jellyfin.scanner.task.last = (ahead, ahead, "Completed")
    assert (await desk.proposal()).library == ANIME_SHOWS


async def test_no_secret_in_what_is_said(house: House, desk: Desk) -> None:
    proposal = await desk.proposal()
    secrets = [house.jellyfin.api_key, *house.home.shokofin.secrets.values(), *house.home.shoko.keys]
    assert not [one for one in secrets if one in repr(proposal)]
    assert isinstance(desk.remedy._servers["jellyfin"].client.link.instance.api_key, Secret)
    assert LYCORIS_RECOIL.name in repr(proposal)
