"""Progress alone takes the short way: same row and verdicts as judging everything, which every tick compares."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.diagnose.given import House
from tests.reconcile.given import GB, MB, at, request, torrent
from tests.reconcile.test_packs import a_season, file
from tracker_tui.model.states import Attention, ServiceStatus
from tracker_tui.model.text import clean
from tracker_tui.model.torrents import TorrentState

PACK, SINGLE, FILM = "ht", "hs", "hf"
SEASON, FILM_REQUEST = "seerr:seerr:75", "seerr:seerr:76"
COUNT = 4


def under_way(*, listed: bool = True) -> House:
    """A pack of three and a single, both half done, and a film."""
    house = House()
    a_season(house, COUNT)
    house.sonarr.grab(40, range(4001, 4004), PACK, at("11:00"))
    house.sonarr.grab(40, [4004], SINGLE, at("11:00"))
    house.requests.append(request(76, movie=True, tmdb_id=76))
    house.radarr.add_movie(9, "A Film", tmdb_id=76)
    house.radarr.event("grabbed", at("11:30"), movie_id=9, download_id=FILM.upper())
    for key in (PACK, SINGLE, FILM):
        house.download(torrent(key, progress=0.5, size_bytes=4 * GB, speed_bytes_s=MB, eta_s=600))
    if listed:
        house.torrent_files[PACK] = [file(n, f"Station Nine S01E{n + 1:02}.mkv", 0.4 + n / 10) for n in range(3)]
    house.tick()
    for key in (PACK, SINGLE, FILM):
        change(key, eta_s=599)(house)
    return house.tick()  # looked at with the memory of the first look


def change(key: str, **fields: object) -> Callable[[House], None]:
    return lambda house: house.download(replace(house.torrents[key], **fields))


def each(*changes: Callable[[House], None]) -> Callable[[House], None]:
    def apply(house: House) -> None:
        for one in changes:
            one(house)

    return apply


def read_files(progress: Sequence[float | None]) -> Callable[[House], None]:
    """The file list of the pack as it comes now; None = not selected any more."""

    def apply(house: House) -> None:
        known = house.torrent_files.get(PACK) or [file(n, f"Station Nine S01E{n + 1:02}.mkv", 0) for n in range(3)]
        house.torrent_files[PACK] = [
            replace(one, wanted=now is not None, progress=now or 0.0) for one, now in zip(known, progress, strict=True)
        ]

    return apply


@pytest.mark.parametrize(
    ("happens", "expected"),
    [
        pytest.param(change(FILM, progress=0.6, speed_bytes_s=2 * MB, eta_s=60), {FILM_REQUEST}, id="a film's bytes"),
        pytest.param(change(SINGLE, progress=0.6), {SEASON}, id="an episode's bytes"),
        pytest.param(change(PACK, progress=0.6), {SEASON}, id="a pack's bytes"),
        pytest.param(read_files([0.5, 0.6, 0.7]), {SEASON}, id="the bytes of its files"),
        pytest.param(change(PACK, seeds=3, peers=9, availability=2.5), {SEASON}, id="the swarm"),
        pytest.param(read_files([1.0, 0.6, 0.7]), set(), id="one file of a pack is complete"),
        pytest.param(read_files([0.5, 0.6, None]), set(), id="one file is not wanted any more"),
        pytest.param(change(FILM, state=TorrentState.STALLED), set(), id="no data arrives"),
        pytest.param(change(FILM, state=TorrentState.STOPPED, progress=0.6), set(), id="paused"),
        pytest.param(change(FILM, size_bytes=5 * GB), set(), id="another size"),
        pytest.param(change(FILM, progress=0.6, category=clean("films")), set(), id="bytes and another category"),
        pytest.param(change(SINGLE, progress=0.6, name=clean("Other")), set(), id="bytes and another name"),
        pytest.param(
            change(FILM, state=TorrentState.COMPLETE, progress=1.0, left_bytes=0, completed_at=at("11:59")),
            set(),
            id="complete",
        ),
        pytest.param(
            each(change(FILM, progress=0.6), lambda house: house.radarr.enqueue(FILM, movie_id=9)),
            set(),
            id="bytes and a queue record",
        ),
    ],
)
def test_only_new_numbers_take_the_short_way(happens: Callable[[House], None], expected: set[str]) -> None:
    house = under_way()
    happens(house)
    house.tick()
    assert house.last is not None
    assert house.last.moved == expected
    assert {case.id for case in house.last.cases} >= expected


def test_the_short_way_brings_every_number_up_to_date() -> None:
    house = under_way()
    change(FILM, progress=0.75, speed_bytes_s=2 * MB, eta_s=60)(house)
    change(PACK, progress=0.6)(house)
    read_files([0.5, 0.6, 0.7])(house)
    house.tick()
    film, season = house.verdict(FILM_REQUEST), house.verdict(SEASON)
    assert (film.progress, film.speed_bytes_s, film.eta_s) == (0.75, 2 * MB, 60)
    assert film.releases[0].progress == 0.75
    assert [one.progress for one in season.seasons[0].episodes] == [0.5, 0.6, 0.7, 0.5]
    assert season.progress == 0.55
    assert [done for _, done in season.releases[0].files] == [0.5, 0.6, 0.7]


def test_numbers_that_a_verdict_cites_bring_a_new_verdict() -> None:
    house = under_way()
    for seeds in (1, 1, 2):
        change(FILM, state=TorrentState.STALLED, last_activity_at=at("11:10"), seeds=seeds)(house)
        change(SINGLE, progress=0.6 + seeds / 10)(house)
        house.tick()
    (said,) = house.verdict(FILM_REQUEST).diagnoses
    assert "2 seeds" in said.message


def test_what_time_does_is_not_missed_on_the_short_way() -> None:
    house = under_way()
    for hour in range(1, 25):
        change(FILM, progress=0.5 + hour / 100)(house)
        house.tick(timedelta(hours=1).total_seconds())
    assert house.verdict(FILM_REQUEST).attention is Attention.WARN, "a download of a day deserves a word"


FRACTIONS = st.sampled_from([0.0, 0.25, 0.5, 0.999, 1.0])
KEYS = st.sampled_from([PACK, SINGLE, FILM])
EVENTS = st.one_of(
    st.builds(lambda key, now, eta: change(key, progress=now, eta_s=eta), KEYS, FRACTIONS, st.sampled_from([None, 9])),
    st.builds(lambda key, now: change(key, state=now), KEYS, st.sampled_from(list(TorrentState))),
    st.builds(lambda key, now: change(key, size_bytes=now), KEYS, st.sampled_from([None, GB, 4 * GB])),
    st.builds(lambda key, now: change(key, last_activity_at=now), KEYS, st.sampled_from([None, at("11:10")])),
    st.builds(read_files, st.lists(st.one_of(st.none(), FRACTIONS), min_size=3, max_size=3)),
    st.sampled_from(
        [
            lambda house: house.torrents.pop(SINGLE, None) and None,
            lambda house: house.sonarr.enqueue(SINGLE, series_id=40, episode_id=4004),
            lambda house: house.sonarr.queue.clear(),
            lambda house: house.sonarr.place(40, [1], "/tv/Station Nine", added=house.now),
            lambda house: house.down.update({house.refs[0]: ServiceStatus.UNREACHABLE}),
            lambda house: house.down.clear(),
        ]
    ),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.lists(EVENTS, min_size=1, max_size=3), st.sampled_from([3, 61, 1900])), max_size=8))
def test_whatever_moves_and_changes_the_short_way_differs_from_judging_everything_in_nothing(
    story: list[tuple[list[Callable[[House], None]], int]],
) -> None:
    house = under_way(listed=False)
    for events, seconds in story:
        for happens in events:
            if happens is not None and {PACK, SINGLE, FILM} <= house.torrents.keys():
                happens(house)
        house.tick(seconds)  # compares with the twin that judges everything
