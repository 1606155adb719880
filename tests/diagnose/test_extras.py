"""What comes along, what goes astray: B4, B6, B14, orphans, time alone."""

from typing import Any

from tests.diagnose.given import House
from tests.reconcile.given import GB, QBIT, at, episodes, request, torrent
from tracker_tui.model.ids import InstanceRef, Kind
from tracker_tui.model.observation import Payload
from tracker_tui.model.states import Attention, State
from tracker_tui.model.text import clean
from tracker_tui.model.torrents import TorrentFile

FILM: dict[str, Any] = {"movie": True, "tmdb_id": 700060}


def snafu(house: House, names: list[str]) -> None:
    house.requests = [request(75, tmdb_id=1, tvdb_id=2, seasons=(1,))]
    parts = episodes(24, 1, range(1, 14), first_id=100) + episodes(24, 2, range(1, 14), first_id=200, monitored=False)
    house.sonarr.add_series(24, "SNAFU", parts, tvdb_id=2)
    house.sonarr.grab(24, range(100, 113), "hs", at("11:30"))
    house.download(torrent("hs", progress=0.3, size_bytes=27 * GB, speed_bytes_s=1))
    house.torrent_files["hs"] = [
        TorrentFile(index=index, name=clean(name), size_bytes=GB, progress=0.3) for index, name in enumerate(names)
    ]
    house.tick()


def test_b4_the_release_holds_more_than_was_asked_for() -> None:
    house = House()
    season_1 = [f"SNAFU/S1/SNAFU S01E{n:02}.mkv" for n in range(1, 14)]
    season_2 = [f"SNAFU/S2/SNAFU S02E{n:02}.mkv" for n in range(1, 14)]
    snafu(house, [*season_1, *season_2, "SNAFU/OVA/SNAFU OVA.mkv"])
    (said,) = house.said()
    assert (said.code, said.attention) == ("EXTRA_CONTENT", Attention.INFO)
    assert said.message == (
        "The release also holds 13 files of season 2 and 1 special or OVA that Sonarr does not track for this request"
    )
    assert said.next_step == "nothing to do, or monitor season 2 in Sonarr"
    assert house.verdict().total == 13
    assert house.verdict().diagnoses == (said,)


def test_b14_a_file_without_an_episode() -> None:
    house = House()
    snafu(house, [f"SNAFU/SNAFU S01E{n:02}.mkv" for n in range(1, 13)] + ["SNAFU/qqq zzz.mkv"])
    for said in house.said():
        assert said.attention is Attention.INFO
        assert said.code in {"UNMAPPED_FILE", "EXTRA_CONTENT"}


def test_a_pack_as_it_should_be_needs_no_word() -> None:
    house = House()
    snafu(house, [f"SNAFU/SNAFU S01E{n:02}.mkv" for n in range(1, 14)])
    assert house.codes() == []


def test_an_orphan_that_probably_belongs_here() -> None:
    house = House()
    house.requests = [request(71, created_at=at("11:50"), **FILM)]
    house.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060, added_at=at("11:50"))
    house.tick()
    assert house.codes() == []
    house.download(
        torrent("ho", "complete", 1.0, category=clean("radarr"), name=clean("[Grp] Harbor.Lights.2024.1080p"))
    )
    house.tick()
    said = house.diagnosis("ORPHAN_TORRENT")
    assert said.attention is Attention.WARN
    assert '"[Grp] Harbor.Lights.2024.1080p"' in said.message
    assert said.next_step == "Radarr → Wanted → Manual Import"
    assert house.verdict().attention is Attention.WARN
    assert house.verdict().state is State.APPROVED
    house.torrents.clear()
    house.tick()
    assert house.codes() == [], "it is gone, and so is the verdict"


def test_an_orphan_is_told_of_the_client_that_has_it() -> None:
    class Two(House):
        """The first client has nothing."""

        def _of(self, ref: InstanceRef) -> list[Payload]:
            kept, self.torrents = self.torrents, {} if ref == QBIT else self.torrents
            told = super()._of(ref)
            self.torrents = kept
            return told

    house = Two(InstanceRef(Kind.QBITTORRENT, "seedbox"))
    house.requests = [request(71, created_at=at("11:50"), **FILM)]
    house.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060, added_at=at("11:50"))
    house.download(
        torrent("ho", "complete", 1.0, category=clean("radarr"), name=clean("[Grp] Harbor.Lights.2024.1080p"))
    )
    house.tick()
    said = house.diagnosis("ORPHAN_TORRENT")
    assert said.message.startswith("qBittorrent (seedbox) has the torrent")
    assert said.evidence[0].instance == "seedbox"


def test_time_alone_is_the_last_word() -> None:
    house = House()
    house.requests = [request(71, **FILM)]
    house.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060)
    house.tick()
    said = house.diagnosis("STUCK")
    assert said.attention is Attention.WARN
    assert said.message == "Radarr has wanted the film for 2 h and grabbed nothing"
