"""What Shoko's records mean, version by version: pure tables."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tracker_tui.model.shoko import EpisodeLink, Job, SeriesLink, ShokoFolder, ShokoLocation, ShokoServer
from tracker_tui.services.decode import decode
from tracker_tui.services.errors import BadAnswer
from tracker_tui.services.shoko.server_wire import (
    FolderWire,
    JobWire,
    QueueWire,
    StatusWire,
    UserWire,
    bans_of,
    command_queue,
    version_of,
)
from tracker_tui.services.shoko.wire import EpisodeWire, FileWire, SeriesWire, instant, records_of

UTC_10 = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)


def as_bytes(body: object) -> bytes:
    return json.dumps(body).encode()


def file_of(**fields: Any) -> Any:
    return decode(as_bytes({"ID": 4567, **fields}), FileWire).fact()


@pytest.mark.parametrize(
    ("body", "version"),
    [
        pytest.param(
            [{"Name": "Server", "Version": "4.1.2.0"}, {"Name": "Commons", "Version": "1"}], "4.1.2.0", id="4.1"
        ),
        pytest.param({"Server": {"Version": "5.3.3.0", "Tag": None}, "WebUI": {}}, "5.3.3.0", id="5.3"),
        pytest.param({"Server": {"Version": "6.0.0-dev.425"}}, "6.0.0-dev.425", id="a daily's semver text"),
        pytest.param({"Server": {"Version": None}}, None, id="null"),
        pytest.param([], None, id="no parts"),
    ],
)
def test_the_version_is_an_opaque_text(body: object, version: str | None) -> None:
    assert version_of(as_bytes(body)) == version


@pytest.mark.parametrize("body", [42, "text", {"version": "4.0.1"}, [1]], ids=repr)
def test_another_services_version_is_not_shokos(body: object) -> None:
    with pytest.raises(BadAnswer):
        version_of(as_bytes(body))


@pytest.mark.parametrize(
    ("body", "server"),
    [
        pytest.param(
            {"State": 2, "StartupMessage": None, "DatabaseBlocked": {"Blocked": False, "Status": ""}},
            {"state": "Started", "database_blocked": False},
            id="4.2 to 5.1 send numbers",
        ),
        pytest.param(
            {"State": "Starting", "StartupMessage": "Initializing\x1b[2J Hasher...", "Uptime": None},
            {"state": "Starting", "message": "Initializing\N{REPLACEMENT CHARACTER}[2J Hasher..."},
            id="5.2, its words made safe",
        ),
        pytest.param({"State": "Waiting"}, {"state": "Waiting"}, id="6 without a key"),
        pytest.param(
            {"State": "Started", "DatabaseBlocked": {"Blocked": True, "Reason": "Migrating"}},
            {"state": "Started", "message": "Migrating", "database_blocked": True},
            id="6 blocked",
        ),
        pytest.param({"State": 9}, {}, id="a number nobody knows"),
    ],
)
def test_the_start_up_state(body: object, server: dict[str, Any]) -> None:
    assert decode(as_bytes(body), StatusWire).fact() == ShokoServer(**server)


@pytest.mark.parametrize(
    ("user", "note"),
    [
        ({"IsAdmin": True, "RestrictedTags": []}, None),
        ({"IsAdmin": False}, "not an admin: queue items stay hidden"),
        ({"IsAdmin": True, "RestrictedTags": [1, 2]}, "series of 2 tags stay hidden"),
    ],
    ids=["sees everything", "no admin", "hides tags"],
)
def test_what_the_keys_user_cannot_see(user: object, note: str | None) -> None:
    assert decode(as_bytes(user), UserWire).note() == note


@pytest.mark.parametrize(
    ("location", "fact"),
    [
        pytest.param(
            {"ImportFolderID": 1, "RelativePath": "Frieren/01.mkv", "IsAccessible": True},
            {"folder_id": 1, "relative_path": "Frieren/01.mkv", "accessible": True},
            id="4.2 to 5.3",
        ),
        pytest.param(
            {"ManagedFolderID": 2, "RelativePath": "/Frieren/01.mkv", "AbsolutePath": "/mnt/Frieren/01.mkv"},
            {"folder_id": 2, "relative_path": "Frieren/01.mkv", "absolute_path": "/mnt/Frieren/01.mkv"},
            id="6, with a leading slash",
        ),
        pytest.param(
            {"ImportFolderID": 1, "RelativePath": "\\Frieren\\01.mkv", "AbsolutePath": "D:\\a\\Frieren\\01.mkv"},
            {"folder_id": 1, "relative_path": "Frieren/01.mkv", "absolute_path": "D:\\a\\Frieren\\01.mkv"},
            id="on Windows",
        ),
        pytest.param({"ImportFolderID": 0, "RelativePath": None}, {}, id="nothing known"),
    ],
)
def test_where_a_file_is(location: object, fact: dict[str, Any]) -> None:
    assert file_of(Locations=[location]).locations == (ShokoLocation(**fact),)


@pytest.mark.parametrize(
    ("hashes", "hashed"),
    [
        ({"ED2K": "A2E1", "SHA1": None}, True),
        ({"ED2K": "", "SHA1": None}, False),
        ({"ED2K": None}, False),
        ([{"Type": "ED2K", "Value": "A2E1"}, {"Type": "CRC32", "Value": "1"}], True),
        ([{"Type": "ED2K", "Value": ""}], False),
        ([{"Type": "CRC32", "Value": "1"}], False),
        (None, None),
    ],
    ids=["5", "5 not yet", "5 null", "6", "6 not yet", "6 only another hash", "not told"],
)
def test_whether_a_file_is_hashed(hashes: object, hashed: bool | None) -> None:
    assert file_of(Hashes=hashes).hashed is hashed


TMDB = {"Movie": [], "Show": [209867]}
WHOLE = {"ID": 9001, "AniDB": 278001, "TMDB": {"Episode": [47], "Movie": [], "Show": [209867]}}
LINKED = EpisodeLink(episode_id=9001, anidb_id=278001, tmdb_episode_ids=(47,))


def cross(episodes: list[Any], series: Any = None) -> list[Any]:
    return [{"SeriesID": series or {"ID": 123, "AniDB": 17617, "TMDB": TMDB}, "EpisodeIDs": episodes}]


def link(*episodes: EpisodeLink) -> SeriesLink:
    return SeriesLink(series_id=123, anidb_id=17617, episodes=episodes)


@pytest.mark.parametrize(
    ("fields", "links", "matched"),
    [
        pytest.param({"SeriesIDs": cross([WHOLE])}, (link(LINKED),), True, id="matched"),
        pytest.param({"SeriesIDs": []}, (), False, id="unrecognised"),
        pytest.param({}, (), False, id="unrecognised, 4.2"),
        pytest.param(
            {"Imported": "2023-04-01T10:00:00"}, (SeriesLink(),), False, id="limbo, 4.2: matched, but no links"
        ),
        pytest.param(
            {"SeriesIDs": cross([{"ID": None, "AniDB": 278001}], {"ID": None, "AniDB": 17617})},
            (SeriesLink(anidb_id=17617, episodes=(EpisodeLink(anidb_id=278001),)),),
            False,
            id="limbo: AniDB knows it, Shoko has nothing local",
        ),
        pytest.param(
            {"SeriesIDs": cross([{"ID": None, "AniDB": 5}, WHOLE])},
            (link(EpisodeLink(anidb_id=5), LINKED),),
            False,
            id="limbo: one of two episodes is not there yet",
        ),
        pytest.param(
            {"SeriesIDs": cross([WHOLE, {"ID": 9002, "AniDB": 278002}])},
            (link(LINKED, EpisodeLink(episode_id=9002, anidb_id=278002)),),
            True,
            id="two episodes in one file",
        ),
        pytest.param(
            {"SeriesIDs": cross([WHOLE]) + cross([WHOLE], {"ID": 124, "AniDB": 2})},
            (link(LINKED), SeriesLink(series_id=124, anidb_id=2, episodes=(LINKED,))),
            True,
            id="one file of two series",
        ),
        pytest.param(
            {"SeriesIDs": cross([{"ID": 8, "AniDB": 6, "TvDB": [1]}], {"ID": 12, "AniDB": 0, "TvDB": []})},
            (SeriesLink(series_id=12, episodes=(EpisodeLink(episode_id=8, anidb_id=6),)),),
            True,
            id="4.2 has no TMDB ids; 0 is no AniDB id",
        ),
        pytest.param(
            {"SeriesIDs": [{"SeriesID": None, "EpisodeIDs": None}]}, (SeriesLink(),), False, id="4.2: series lost"
        ),
    ],
)
def test_what_a_file_is_linked_to(fields: dict[str, Any], links: tuple[SeriesLink, ...], matched: bool) -> None:
    file = file_of(**fields)
    assert file.links == links
    assert file.matched is matched


@pytest.mark.parametrize(
    ("percentage", "part"),
    [
        ({"Start": 0, "End": 100, "Size": 100, "Group": 1}, (0, 100)),
        ({"Start": 50, "End": 100, "Size": 50, "Group": 2}, (50, 100)),
        ({"Start": 0, "End": 50, "Size": 50, "Group": 2}, (0, 50)),
        ({"Start": 0, "End": 0, "Size": 50, "Group": 2}, (None, None)),
        (None, (None, None)),
    ],
    ids=["whole", "second half", "first half", "the server cannot tell", "not told"],
)
def test_which_part_of_an_episode(percentage: object, part: tuple[int | None, int | None]) -> None:
    episode = file_of(SeriesIDs=cross([{"ID": 1, "AniDB": 2, "Percentage": percentage}])).links[0].episodes[0]
    assert (episode.start_percent, episode.end_percent) == part


@pytest.mark.parametrize(
    ("tmdb", "movies"),
    [
        ({"Show": [1], "Movie": [2, 0]}, (2,)),
        ([198375], (198375,)),
        ([], ()),
        (None, ()),
    ],
    ids=["5: object", "4.2: a list of films", "4.2: none", "null"],
)
def test_tmdb_ids_of_a_series(tmdb: object, movies: tuple[int, ...]) -> None:
    body = {"IDs": {"ID": 29, "AniDB": 9, "TvDB": [3], "TMDB": tmdb}, "Name": "Kotonoha no Niwa"}
    series = decode(as_bytes(body), SeriesWire).fact()
    assert (series.tmdb_movie_ids, series.tvdb_ids) == (movies, (3,))


@pytest.mark.parametrize(
    ("word", "meant"),
    [("Movie", "Movie"), ("TV", "TV"), ("TVSeries", "TV"), ("Unknown", None), (None, None)],
    ids=repr,
)
def test_types_of_anime(word: str | None, meant: str | None) -> None:
    body = {"IDs": {"ID": 29}, "Name": "x", "AniDB": {"Type": word}}
    assert decode(as_bytes(body), SeriesWire).fact().type == meant


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("Normal", "Episode"),
        ("Episode", "Episode"),
        ("Special", "Special"),
        ("ThemeSong", "Credits"),
        ("OpeningSong", "Credits"),
        ("EndingSong", "Credits"),
        ("Credits", "Credits"),
        ("Extra", "Other"),
        ("Interview", "Other"),
        ("Trailer", "Trailer"),
        ("Unknown", None),
    ],
    ids=str,
)
def test_types_of_episodes_are_named_as_since_5_3_1(word: str, meant: str | None) -> None:
    body = {"IDs": {"ID": 1, "ParentSeries": 12, "AniDB": 7}, "Name": "", "IsHidden": True, "AniDB": {"Type": word}}
    episode = decode(as_bytes(body), EpisodeWire).fact()
    assert (episode.type, episode.title, episode.hidden, episode.series_id) == (meant, None, True, 12)


@pytest.mark.parametrize(
    ("body", "fact"),
    [
        pytest.param(
            {"ID": 1, "Name": "Anime", "Path": "/mnt/a/", "WatchForNewFiles": True, "DropFolderType": 3},
            {"id": 1, "name": "Anime", "path": "/mnt/a/", "watched": True, "drop_type": "Both"},
            id="4.2 to 5.1: a number",
        ),
        pytest.param(
            {"ID": 1, "Name": "", "Path": "D:\\a\\", "WatchForNewFiles": False, "DropFolderType": "None"},
            {"id": 1, "path": "D:\\a\\", "watched": False, "drop_type": "None"},
            id="5.2 and later: a word",
        ),
        pytest.param({"ID": 1, "Path": None}, {"id": 1}, id="nothing told is unknown, not off"),
    ],
)
def test_folders(body: object, fact: dict[str, Any]) -> None:
    assert decode(as_bytes(body), FolderWire).fact() == ShokoFolder(**fact)


@pytest.mark.parametrize(
    ("body", "job"),
    [
        pytest.param(
            {"Type": "Hash File", "Details": {"File Path": "Season 01/a.mkv", "Force": True}, "IsRunning": True},
            {"type": "Hash File", "file_tail": "Season 01/a.mkv", "running": True},
            id="details of other types are ignored",
        ),
        pytest.param(
            {"Type": "Hash File", "Details": {"File Path": "Season 01\\a.mkv"}, "IsBlocked": True},
            {"type": "Hash File", "file_tail": "Season 01/a.mkv", "blocked": True},
            id="on Windows",
        ),
        pytest.param(
            {"Type": "Get AniDB Anime Data", "Details": {"AnimeID": 5}}, {"type": "Get AniDB Anime Data"}, id="no file"
        ),
        pytest.param({"Type": None, "Title": "Hashing File", "Details": None}, {"type": "Hashing File"}, id="no type"),
        pytest.param({"Type": "X", "Details": {"File Path": 7}}, {"type": "X"}, id="a number for a path"),
    ],
)
def test_jobs(body: object, job: dict[str, Any]) -> None:
    assert decode(as_bytes(body), JobWire).fact() == Job(**job)


def test_a_queue_loses_a_bad_job_and_nothing_else() -> None:
    body = {"TotalCount": 4, "WaitingCount": 2, "BlockedCount": 1, "CurrentlyExecuting": [{"Type": 5}, {"Type": "A"}]}
    queue, skipped = decode(as_bytes(body), QueueWire).fact({"B": 1, "A": 3})
    assert (queue.total, queue.waiting, queue.blocked, queue.scheduled, skipped) == (4, 2, 1, None, 1)
    assert [job.type for job in queue.running] == ["A"]
    assert queue.by_type == (("A", 3), ("B", 1))
    assert not queue.idle


def test_the_command_counts_of_4_2_are_a_queue_that_does_not_tell_what_runs() -> None:
    queue = command_queue({"HashFile": 9, "ProcessFile": 2, "AniDB_GetAnimeHTTP": 1, "Plex_Sync": 1})
    assert (queue.total, queue.waiting, queue.running) == (13, None, ())
    assert queue.by_type == (
        ("Get AniDB Anime Data", 1),
        ("Get Cross-References for File", 2),
        ("Hash File", 9),
        ("Plex_Sync", 1),
    )
    assert command_queue({}).idle


def test_bans() -> None:
    body = {
        "UDP": {
            "Type": "UDPBan",
            "IsBanned": True,
            "BanDuration": "12:00:00",
            "LastUpdatedAt": "2026-03-01T11:00:00+01:00",
        },
        "HTTP": {"Type": "None", "IsBanned": False, "BanDuration": None, "LastUpdatedAt": "2026-03-01T10:00:00Z"},
        "Other": {"Type": 1},
    }
    (udp, http), skipped = bans_of(as_bytes(body))
    assert (udp.connection, udp.banned, udp.kind, udp.duration_s, udp.since) == ("UDP", True, "UDPBan", 43200, UTC_10)
    assert (http.banned, http.kind, http.duration_s, http.since) == (False, None, None, None)
    assert skipped == 1


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-01T10:00:00Z", UTC_10),
        ("2026-03-01T10:00:00.1234567Z", UTC_10.replace(microsecond=123456)),
        ("2026-03-01T11:00:00+01:00", UTC_10),
        ("2026-03-01T10:00:00", None),
        ("0001-01-01T00:00:00Z", None),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
    ids=["UTC", "7 digits", "a zone", "4.2: local, zone unknown", ".NET's zero", "words", "empty", "null"],
)
def test_times(text: str | None, moment: datetime | None) -> None:
    assert instant(text) == moment


@pytest.mark.parametrize(
    "wrap", [lambda rows: rows, lambda rows: {"Total": len(rows), "List": rows}], ids=["array", "envelope"]
)
def test_lists_come_bare_or_in_an_envelope_and_lose_only_bad_records(wrap: Any) -> None:
    rows = [{"ID": 1}, {"ID": "one"}, None, {"ID": 3, "Size": None}, {"Size": 3}]
    files, skipped = records_of(as_bytes(wrap(rows)), FileWire)
    assert [file.id for file in files] == [1, 3]
    assert skipped == 3


@pytest.mark.parametrize("body", [b"", b"42", b"{}", b"null", b'{"Total":1,"List":[{"ID":1}', b"[{"], ids=repr)
def test_what_is_no_list_is_a_bad_answer(body: bytes) -> None:
    with pytest.raises(BadAnswer):
        records_of(body, FileWire)


def test_hostile_names_are_made_safe() -> None:
    location = {"ImportFolderID": 1, "RelativePath": "a\u202e/\x1b]0;x\x07.mkv", "IsAccessible": True}
    body = {"IDs": {"ID": 1}, "Name": "x\u200b\x1b[31m"}
    shown = str(file_of(Locations=[location]).locations) + str(decode(as_bytes(body), SeriesWire).fact().name)
    assert not set(shown) & set("\x1b\x07\u202e\u200b")
