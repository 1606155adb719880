"""Scenarios B: packs, singles, numbering, airing shows, per-file progress."""

from datetime import UTC, datetime

import msgspec
import pytest

from tests.reconcile.given import GB, MB, House, at, episodes, item, request, torrent
from tracker_tui.model.arr import Command
from tracker_tui.model.states import Attention, State
from tracker_tui.model.text import clean, clean_path
from tracker_tui.model.torrents import TorrentFile


def a_season(house: House, count: int = 12, *, anime: bool = False, season: int = 1) -> None:
    """One series 40 with a season of `count` episodes, ids 4001…, requested."""
    house.requests = [request(75, tmdb_id=800040, tvdb_id=900040, seasons=(season,))]
    house.sonarr.add_series(
        40, "Station Nine", episodes(40, season, range(1, count + 1), first_id=4001), tvdb_id=900040,
        series_type="anime" if anime else "standard",
    )  # fmt: skip


def file(index: int, name: str, progress: float, size: int = GB) -> TorrentFile:
    return TorrentFile(index=index, name=clean_path(name), size_bytes=size, progress=progress)


def test_b1_each_episode_of_a_pack_has_the_progress_of_its_own_file() -> None:
    house = House()
    a_season(house, anime=True)
    house.sonarr.grab(40, range(4001, 4013), "ht", at("11:00"))
    house.download(torrent("ht", progress=0.1667, size_bytes=83_966_000_000, speed_bytes_s=30_513_561, eta_s=2280))
    done = [1.0, 0.67, 0.33] + [0.0] * 9
    house.torrent_files["ht"] = [
        file(n, f"Station Nine S01/Station Nine S01E{n + 1:02}.mkv", done[n]) for n in range(12)
    ]
    house.tick()
    assert house.states() == [State.DOWNLOADED] + [State.DOWNLOADING] * 11
    assert [one.progress for one in house.shown()] == done
    assert not any(one.progress_is_estimate for one in house.shown())
    assert house.row().state is State.DOWNLOADING
    assert house.summary() == "Downloading · 1/12 downloaded, 0/12 ready · 16.7 % of 78.2 GB · 29.1 MB/s · ETA 38m"
    assert house.row().attention is Attention.WAIT
    assert house.shown()[0].attention is Attention.WAIT


def test_a_file_of_a_pack_waits_for_its_import_from_when_the_whole_pack_is_complete() -> None:
    house = House()
    a_season(house, 2)
    house.sonarr.grab(40, [4001, 4002], "ht", at("11:00"))
    done = [1.0, 0.5]
    names = [f"Station Nine S01/Station Nine S01E0{n}.mkv" for n in (1, 2)]
    house.download(torrent("ht", progress=0.75, size_bytes=2 * GB))
    house.torrent_files["ht"] = [file(n, names[n], done[n]) for n in range(2)]
    house.tick()
    assert house.states() == [State.DOWNLOADED, State.DOWNLOADING]
    house.tick(40 * 60)
    house.download(torrent("ht", "complete", 1.0, size_bytes=2 * GB, completed_at=house.now))
    house.torrent_files["ht"] = [file(n, names[n], 1.0) for n in range(2)]
    house.tick()
    assert house.states() == [State.DOWNLOADED] * 2
    assert [one.attention for one in house.shown()] == [Attention.WAIT] * 2, "Sonarr could not import it before"
    house.tick(29 * 60)
    assert [one.attention for one in house.shown()] == [Attention.WAIT] * 2
    house.tick(2 * 60)
    assert [one.attention for one in house.shown()] == [Attention.WARN] * 2


def test_b3_pack_and_singles_add_up_by_size_speed_and_longest_eta() -> None:
    house = House()
    a_season(house)
    house.sonarr.grab(40, range(4001, 4011), "hp", at("11:00"))
    house.sonarr.grab(40, [4011], "hq", at("11:01"))
    house.sonarr.grab(40, [4012], "hr", at("11:02"))
    house.download(
        torrent("hp", progress=0.5, size_bytes=10 * GB, speed_bytes_s=4 * MB, eta_s=1200),
        torrent("hq", "complete", 1.0, size_bytes=GB),
        torrent("hr", progress=0.2, size_bytes=GB, speed_bytes_s=MB, eta_s=800),
    )
    house.tick()
    assert house.states() == [State.DOWNLOADING] * 10 + [State.DOWNLOADED, State.DOWNLOADING]
    assert house.summary() == ("Downloading · 1/12 downloaded, 0/12 ready · 51.7 % of 12.0 GB · 5.0 MB/s · ETA 20m")
    assert house.row().torrents == ("hp", "hq", "hr")
    assert house.row().speed_bytes_s == 5 * MB


def test_b6_specials_are_listed_never_counted() -> None:
    house = House()
    a_season(house, 13)
    house.sonarr.episodes[40] += episodes(40, 0, range(1, 5), first_id=4100, monitored=False)
    house.sonarr.event("imported", at("11:00"), series_id=40, episode_id=4001)
    house.sonarr.place(40, range(1, 14), "/data/tv/Station Nine/Season 1", added=at("11:00"))
    house.sonarr.place(40, [2], "/data/tv/Station Nine/Specials", season=0, added=at("11:00"))
    house.items = [item("show", "Series", "/data/tv/Station Nine", tvdb_id="900040")] + [
        item(f"e{n}", path=f"/data/tv/Station Nine/Season 1/S01E{n:02}.mkv", series_id="show", season=1, number=n)
        for n in range(1, 14)
    ]
    house.items.append(item("s2", path="/data/tv/Station Nine/Specials/S00E02.mkv", series_id="show"))
    house.tick()
    assert house.row().state is State.AVAILABLE
    assert house.summary() == "Ready · 13/13"
    assert house.states(season=0) == [State.SKIPPED, State.AVAILABLE, State.SKIPPED, State.SKIPPED]
    assert not any(one.counted for one in house.shown(season=0))
    assert [flag.value for flag in house.shown(season=0)[1].flags] == ["extra"]


def test_b8_one_file_with_two_episodes_serves_both() -> None:
    house = House()
    a_season(house, 6)
    house.sonarr.grab(40, range(4001, 4007), "hb8", at("11:00"))
    house.download(torrent("hb8", progress=0.5))
    names = ["S01E01E02"] + [f"S01E{n:02}" for n in range(3, 7)]
    house.torrent_files["hb8"] = [
        file(n, f"Station Nine/Station Nine {name}.mkv", 0.25 * n) for n, name in enumerate(names)
    ]
    assert [one.progress for one in house.tick().shown()] == [0.0, 0.0, 0.25, 0.5, 0.75, 1.0]

    house.sonarr.place(40, range(1, 7), "/data/tv/Station Nine/Season 1", added=house.now)
    shared = msgspec.structs.replace(
        house.sonarr.files[40][0], path=clean_path("/data/tv/Station Nine/Season 1/S01E01E02.mkv")
    )
    house.sonarr.files[40] = [shared, *house.sonarr.files[40][2:]]
    house.sonarr.edit(40, [1, 2], file_id=shared.id)
    house.items = [item("show", "Series", "/data/tv/Station Nine", tvdb_id="900040")] + [
        item(
            f"e{n}", path=f"/data/tv/Station Nine/Season 1/{name}.mkv", series_id="show", season=1, number=n,
            number_end=2 if n == 1 else None,
        )
        for n, name in zip((1, 3, 4, 5, 6), names, strict=True)
    ]  # fmt: skip
    assert house.tick().states() == [State.AVAILABLE] * 6
    assert house.summary() == "Ready · 6/6"


def test_b10_unaired_episodes_wait_outside_the_denominator() -> None:
    house = House()
    a_season(house, 12)
    first = datetime(2026, 1, 31, 15, 30, tzinfo=UTC)
    for offset, number in enumerate(range(4, 12)):
        house.sonarr.edit(
            40, [number], air_at=first.replace(month=1 if offset == 0 else 2, day=31 if offset == 0 else offset)
        )
    house.sonarr.edit(40, [12], air_at=None)
    for number in (1, 2, 3):
        house.sonarr.grab(40, [4000 + number], f"h{number}", at("11:00"))
        house.download(torrent(f"h{number}", progress=0.5))
    house.tick()
    assert house.states() == [State.DOWNLOADING] * 3 + [State.UNAIRED] * 9
    assert house.row().total == 3
    text = house.summary()
    assert text.startswith("Downloading · 0/3 aired ready")
    assert text.endswith("9 upcoming, next 31 Jan")
    assert all(one.attention is Attention.NONE for one in house.shown()[3:])


def test_b10_an_episode_becomes_wanted_the_moment_it_airs() -> None:
    house = House()
    a_season(house, 2)
    house.sonarr.edit(40, [2], air_at=at("12:10"))
    assert house.tick().states() == [State.PENDING, State.UNAIRED]
    assert house.last is not None
    assert house.last.next_at == at("12:10")
    assert house.wait(600).states() == [State.PENDING, State.PENDING]


def test_b12_three_single_grabs_of_twelve() -> None:
    house = House()
    a_season(house)
    for number in (1, 2, 3):
        house.sonarr.grab(40, [4000 + number], f"h{number}", at("11:59"))
        house.sonarr.enqueue(f"h{number}", status="queued", series_id=40, episode_id=4000 + number)
        house.download(torrent(f"h{number}", "queued"))
    house.sonarr.commands = [
        Command(id=1, name=clean("EpisodeSearch"), status=clean("started"), episode_ids=tuple(range(4004, 4013)))
    ]
    house.tick()
    assert house.states() == [State.GRABBING] * 3 + [State.PENDING] * 9
    assert house.row().state is State.GRABBING
    assert house.summary() == "Grabbing 3/12 · 9 searching"
    assert {one.note for one in house.shown()[3:]} == {"search running"}


def test_b13_later_grabs_never_pull_the_headline_back() -> None:
    house = House()
    a_season(house)
    house.sonarr.grab(40, [4001], "h1", at("11:00"))
    house.download(torrent("h1", progress=0.6))
    assert house.tick().states()[:2] == [State.DOWNLOADING, State.PENDING]

    house.sonarr.grab(40, [4002], "h2", house.now)
    house.tick()
    assert house.states()[:3] == [State.DOWNLOADING, State.GRABBING, State.PENDING]
    assert house.row().state is State.DOWNLOADING
    assert "1 downloading, 1 queued, 10 searching" in house.summary()

    house.download(torrent("h2", progress=0.1), torrent("h1", "complete", 1.0))
    assert house.tick().states()[:2] == [State.DOWNLOADED, State.DOWNLOADING]
    assert house.row().state is State.DOWNLOADING


def test_b14_absolute_numbers_belong_to_the_second_season() -> None:
    house = House()
    a_season(house, season=2)
    for number in range(1, 13):
        house.sonarr.edit(40, [number], season=2, absolute=12 + number)
    house.sonarr.episodes[40] += episodes(40, 1, range(1, 13), first_id=3001, monitored=False)
    house.sonarr.episodes[40] = [
        msgspec.structs.replace(one, absolute=one.number) if one.season == 1 else one
        for one in house.sonarr.episodes[40]
    ]
    house.sonarr.grab(40, range(4001, 4013), "habs", at("11:00"))
    house.download(torrent("habs", progress=0.3))
    names = [f"[Grp] Station Nine - {n}.mkv" for n in range(13, 24)] + ["[Grp] Station Nine - 24v2.mkv"]
    house.torrent_files["habs"] = [file(n, name, n / 20) for n, name in enumerate(names)]
    house.tick()
    assert [one.progress for one in house.shown(season=2)] == [n / 20 for n in range(12)]
    assert house.states(season=2) == [State.DOWNLOADING] * 12
    assert house.row().total == 12
    assert not house.cases["seerr:seerr:75"].packs["habs"].unmapped


def test_b4_extra_content_is_told_not_counted() -> None:
    house = House()
    a_season(house, 13)
    house.sonarr.episodes[40] += episodes(40, 2, range(1, 14), first_id=4201, monitored=False)
    house.sonarr.grab(40, range(4001, 4014), "hs", at("11:00"))
    house.download(torrent("hs", progress=0.3))
    names = [f"Station Nine/Season 1/Station Nine S01E{n:02}.mkv" for n in range(1, 14)]
    names += [f"Station Nine/Season 2/Station Nine S02E{n:02}.mkv" for n in range(1, 14)]
    names += ["Station Nine/OVA/Station Nine OVA.mkv"]
    house.torrent_files["hs"] = [file(n, name, 0.3 if n < 13 else 0.9) for n, name in enumerate(names)]
    house.tick()
    assert house.states() == [State.DOWNLOADING] * 13
    assert {one.progress for one in house.shown()} == {0.3}
    assert house.row().total == 13
    assert "0/13 ready" in house.summary()
    assert house.summary().endswith("14 extra files in the torrent")


@pytest.mark.parametrize(
    ("season_flag", "states", "total"),
    [("some", [State.PENDING, State.SKIPPED, State.PENDING], 2), ("whole", [State.PENDING] * 3, 3)],
)
def test_an_unmonitored_episode_counts_only_if_its_whole_season_is(
    season_flag: str, states: list[State], total: int
) -> None:
    house = House()
    a_season(house, 3)
    house.sonarr.edit(40, [2] if season_flag == "some" else [1, 2, 3], monitored=False)
    assert house.tick().states() == states
    assert house.row().total == total
    assert house.row().state is State.APPROVED
    if season_flag == "whole":
        assert house.summary() == "0/3 · not monitored in Sonarr"


def test_a_series_without_episodes_is_never_ready() -> None:
    house = House()
    a_season(house, 0)
    house.tick()
    assert house.row().state is State.APPROVED
    assert (house.row().ready, house.row().total) == (0, 0)
    assert house.summary() == "No episode list yet"
