"""What the world wants to know next: limited to what is in flight, and gone as soon as it is answered."""

from datetime import timedelta

from tests.reconcile.given import (
    JELLYFIN,
    NOON,
    QBIT,
    RADARR,
    SEERR,
    SHOKO,
    SONARR,
    House,
    at,
    episodes,
    item,
    request,
    torrent,
)
from tests.reconcile.titles import FOLDER, known_to_shoko, lycoris
from tracker_tui.model.arr import HistoryKind, HistoryRecord
from tracker_tui.model.observation import (
    HistoryRead,
    Observation,
    RequestsListed,
    SeriesListed,
    SeriesRead,
    TorrentsRead,
)
from tracker_tui.model.states import State
from tracker_tui.model.text import clean
from tracker_tui.model.torrents import TorrentState
from tracker_tui.reconcile.interest import Interest
from tracker_tui.reconcile.memory import Memory
from tracker_tui.reconcile.reconciler import Reconciler
from tracker_tui.reconcile.setup import ConfiguredInstance, Setup


def test_a_library_at_rest_wants_nothing() -> None:
    house = House()
    house.sonarr.add_series(40, "Old", episodes(40, 1, range(1, 7), first_id=4001), tvdb_id=1, added_at=at("1T00:00"))
    house.sonarr.place(40, range(1, 7), "/data/tv/Old/Season 1", added=at("1T00:00"))
    house.tick()
    interest = house.reconciler.interest()
    assert interest == Interest()


def test_each_stage_moves_its_own_services() -> None:
    house = House()
    lycoris(house)
    house.sonarr.grab(23, range(739, 752), "hlr", at("10:00"))
    house.download(torrent("hlr", progress=0.5))
    house.tick()
    assert house.reconciler.interest().moving == {SONARR, QBIT}
    assert [files.hash for files in house.reconciler.interest().torrent_files] == ["hlr"]

    house.torrents.clear()
    house.sonarr.place(23, range(1, 14), FOLDER)
    house.tick()
    assert house.reconciler.interest().moving == {SHOKO}
    assert len(house.reconciler.interest().shoko_files) == 13

    known_to_shoko(house, matched=13, hashed=13)
    house.tick()
    assert house.reconciler.interest().moving == {JELLYFIN}
    assert not house.reconciler.interest().shoko_files

    house.items = [
        item(f"j{n}", path=f"/vfs/shows/L/S01E{n:02} [Shoko File={300 + n}].mkv", shoko_file_ids=(300 + n,))
        for n in range(1, 14)
    ]
    house.tick()
    assert house.row().state is State.AVAILABLE
    assert not house.reconciler.interest().moving


def test_a_show_in_jellyfin_is_asked_for_its_episodes() -> None:
    house = House()
    house.requests = [request(75, tmdb_id=800040, tvdb_id=900040, seasons=(1,))]
    house.sonarr.add_series(40, "Station Nine", episodes(40, 1, [1], first_id=4001), tvdb_id=900040)
    house.sonarr.place(40, [1], "/data/tv/Station Nine/Season 1")
    house.items = [item("show", "Series", "/data/tv/Station Nine", tvdb_id="900040")]
    house.tick()
    assert house.reconciler.interest().jellyfin_series == ("show",)


def bare() -> Reconciler:
    refs = (SEERR, SONARR, RADARR, QBIT)
    return Reconciler(Setup(instances=tuple(ConfiguredInstance(ref=ref) for ref in refs)), Memory())


def test_details_are_wanted_once_and_again_after_a_file_event() -> None:
    house = House()
    house.sonarr.add_series(40, "Station Nine", episodes(40, 1, [1], first_id=4001), tvdb_id=900040)
    reconciler = bare()
    asked = request(75, tmdb_id=800040, tvdb_id=900040, seasons=(1,))
    series = tuple(house.sonarr.series.values())
    reconciler.absorb(Observation(ref=SEERR, at=NOON, payload=RequestsListed(requests=(asked,), complete=True)))
    reconciler.absorb(Observation(ref=SONARR, at=NOON, payload=SeriesListed(series=series)))
    (case,) = reconciler.advance(NOON).cases
    assert case.row.state is State.APPROVED
    assert [(one.ref, one.id) for one in reconciler.interest().series] == [(SONARR, 40)]

    for payload in house.sonarr.answers():
        reconciler.absorb(Observation(ref=SONARR, at=NOON, payload=payload))
    reconciler.advance(NOON)
    assert reconciler.interest().series == ()

    event = HistoryRecord(id=1, kind=HistoryKind.IMPORTED, at=NOON, series_id=40, episode_id=4001)
    told = HistoryRead(records=(event,), since=at("11:00"))
    reconciler.absorb(Observation(ref=SONARR, at=at("12:01"), payload=told))
    reconciler.advance(at("12:01"))
    assert [one.since for one in reconciler.interest().series] == [at("12:01")]
    assert reconciler.interest().queue_wanted == {SONARR}


def test_a_download_that_completes_makes_the_queue_worth_asking() -> None:
    house = House()
    house.requests = [request(71, movie=True, tmdb_id=700060)]
    house.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060)
    house.radarr.event("grabbed", at("11:00"), movie_id=60, download_id="HA")
    there = torrent("ha", progress=0.4, category="radarr")
    house.download(there)
    house.tick()
    rest = (QBIT, house.transfer)
    for change, wanted in (
        (torrent("ha", progress=0.5, category="radarr"), False),
        (torrent("other", progress=0.5, category="iso"), False),
        (torrent("ha", TorrentState.COMPLETE.value, 1.0, category="radarr"), True),
    ):
        told = TorrentsRead(full=False, changed=(change,), removed=(), transfer=rest[1])
        house.reconciler.absorb(Observation(ref=rest[0], at=house.now, payload=told))
        assert (house.reconciler.interest().queue_wanted == {RADARR}) is wanted
    house.download(torrent("ha", TorrentState.COMPLETE.value, 1.0, category="radarr"))
    house.tick()
    assert not house.reconciler.interest().queue_wanted


def test_an_old_request_asks_for_its_past_once() -> None:
    house = House()
    house.requests = [request(71, movie=True, tmdb_id=700060, created_at=at("1T00:00"))]
    house.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060, added_at=at("1T00:00"))
    house.tick()
    assert [(one.ref, one.id) for one in house.reconciler.interest().history] == [(RADARR, 60)]
    event = HistoryRecord(
        id=9, kind=HistoryKind.GRABBED, at=at("2T00:00"), movie_id=60, download_id=clean("HX"), quality=clean("HD")
    )
    house.reconciler.absorb(Observation(ref=RADARR, at=house.now, payload=HistoryRead(records=(event,))))
    house.reconciler.advance(house.now)
    assert not house.reconciler.interest().history


def test_a_library_at_rest_costs_nothing_however_often_it_is_listed() -> None:
    house = House(without=[SEERR])
    for number in range(1, 41):
        house.sonarr.add_series(number, f"Show {number}", [], tvdb_id=number, added_at=at("1T00:00"))
        house.radarr.add_movie(number, f"Film {number}", tmdb_id=number, has_file=True, added_at=at("1T00:00"))
    house.items = [item(f"s{n}", "Series", f"/data/tv/Show {n}", tvdb_id=str(n)) for n in range(1, 41)]
    told = [
        Observation(ref=ref, at=NOON, payload=payload)
        for ref, payload in house.answers()
        if not isinstance(payload, SeriesRead)
    ]
    reconciler = Reconciler(Setup(instances=tuple(ConfiguredInstance(ref=ref) for ref in house.refs)), Memory())
    for tick in range(3):
        for observation in told:
            reconciler.absorb(observation)
        step = reconciler.advance(NOON + tick * timedelta(seconds=15))
        assert (step.cases, step.memories, step.next_at) == ((), {}, None)
        assert reconciler.interest() == Interest()


def test_a_series_that_the_queue_names_and_the_list_did_not_hold_is_asked_for_at_once() -> None:
    house = House()
    house.tick()
    record = HistoryRecord(id=1, kind=HistoryKind.GRABBED, at=NOON, series_id=99, episode_id=990)
    house.reconciler.absorb(Observation(ref=SONARR, at=NOON, payload=HistoryRead(records=(record,))))
    house.reconciler.advance(NOON)
    assert [(entry.ref, entry.id) for entry in house.reconciler.interest().series] == [(SONARR, 99)]

    house.reconciler.absorb(Observation(ref=SONARR, at=NOON, payload=SeriesRead(series_id=99, series=None)))
    house.reconciler.advance(NOON)
    assert house.reconciler.interest().series == (), "it does not exist: no reason to ask again"
