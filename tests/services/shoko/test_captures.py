"""Records of real servers, and of third parties' test data, read by our decoders.

The captures lie beside the project and are not part of it. No complete recording of most v3 answers exists; 4.2's own
OpenAPI document stands for its keys. Third parties' hand-written files are used for structure only.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from tracker_tui.services.decode import Wire, decode
from tracker_tui.services.errors import BadAnswer
from tracker_tui.services.shoko.server_wire import (
    BlockedWire,
    ComponentWire,
    FolderWire,
    QueueWire,
    StatusWire,
    UserWire,
    VersionsWire,
    command_queue,
)
from tracker_tui.services.shoko.wire import (
    AnimeEpisodeWire,
    AnimeWire,
    CrossReferenceWire,
    EpisodeIdsWire,
    EpisodeWire,
    FileWire,
    HashesWire,
    LinkIdsWire,
    LocationWire,
    PageWire,
    SeriesIdsWire,
    SeriesWire,
    records_of,
)

CAPTURES = Path(__file__).parents[3].parent / "shared" / "captures" / "shoko"

pytestmark = pytest.mark.skipif(not CAPTURES.is_dir(), reason="the captures are not beside the project")


def capture(name: str) -> bytes:
    return (CAPTURES / name).read_bytes()


@pytest.fixture(scope="module")
def schemas() -> dict[str, Any]:
    document = json.loads(capture("nakamori-lts__swagger_v3.json"))
    found: dict[str, Any] = document["components"]["schemas"]
    return found


@pytest.mark.parametrize(
    ("schema", "wire", "newer"),
    [
        ("Common.ComponentVersionSet", VersionsWire, set()),
        ("Common.ComponentVersion", ComponentWire, {"Name"}),  # older: up to 4.1
        ("Shoko.User", UserWire, set()),
        ("Shoko.ServerStatus", StatusWire, set()),
        ("ServerState.DatabaseBlockedInfo", BlockedWire, {"Reason"}),
        ("Shoko.ImportFolder", FolderWire, set()),
        ("Shoko.File", FileWire, {"IsIgnored"}),
        ("File.Location", LocationWire, {"ManagedFolderID", "AbsolutePath"}),
        ("Server.Hashes", HashesWire, set()),
        ("File.SeriesCrossReference", CrossReferenceWire, set()),
        ("File.CrossReferenceIDs", LinkIdsWire, {"TMDB", "Percentage"}),
        ("Shoko.Series", SeriesWire, set()),
        ("Shoko.SeriesIDs", SeriesIdsWire, set()),
        ("Series.AniDB", AnimeWire, set()),
        ("Shoko.Episode", EpisodeWire, set()),
        ("Episode.EpisodeIDs", EpisodeIdsWire, set()),
        ("Episode.AniDB", AnimeEpisodeWire, set()),
        ("ListResult[Shoko.File]", PageWire, set()),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_every_key_we_read_is_in_4_2_or_known_to_be_of_another_version(
    schemas: dict[str, Any], schema: str, wire: type[Wire], newer: set[str]
) -> None:
    if schema == "Server.Hashes":
        # written in capitals by the server, whatever the generator of the document made of it
        assert {key.upper() for key in schemas[schema]["properties"]} >= set(wire.__struct_encode_fields__)
        return
    assert set(wire.__struct_encode_fields__) - set(schemas[schema]["properties"]) == newer


def test_4_2_counts_its_commands_by_these_names() -> None:
    document = json.loads(capture("nakamori-lts__swagger_v3.json"))
    path = next(path for path in document["paths"] if path.endswith("Dashboard/QueueSummary"))
    answer = document["paths"][path]["get"]["responses"]["200"]["content"]["text/plain"]["schema"]
    names = list(answer["properties"])
    queue = command_queue(dict.fromkeys(names, 1))
    assert queue.total == len(names)
    assert queue.by_type is not None
    assert {"Hash File", "Get Cross-References for File", "Get AniDB Anime Data"} <= {name for name, _ in queue.by_type}


def test_a_real_file_with_its_cross_references() -> None:
    file = decode(capture("shokofin-issue-83__file_1_xrefs_excerpt.json"), FileWire).fact()
    assert (file.id, file.size_bytes, file.hashed, file.locations) == (1, 610439784, True, ())
    (series,) = file.links
    (episode,) = series.episodes
    assert (series.series_id, series.anidb_id, episode.episode_id, episode.anidb_id) == (1, 6107, 23, 104977)
    assert (episode.start_percent, episode.end_percent, file.matched) == (0, 100, True)


def test_a_real_series_excerpt() -> None:
    series, skipped = records_of(capture("shokoserver-issue-1152__filter_2_series_excerpt.json"), SeriesWire)
    fact = series[0].fact()
    assert (len(series), skipped) == (1, 0)
    assert (fact.id, fact.anidb_id, fact.tvdb_ids, fact.tmdb_movie_ids, fact.name) == (4188, 11690, (303730,), (), None)


def test_a_real_path_relative_to_the_folder_starts_with_a_slash() -> None:
    message = json.loads(capture("status-tracker__signalr_file_matched_excerpt.json"))
    location = decode(json.dumps({"RelativePath": message["RelativePath"]}).encode(), LocationWire).fact()
    assert location.relative_path == message["RelativePath"][1:]


def test_hand_written_series_and_folders() -> None:
    series, skipped = records_of(capture("swamp-workspace__series.json"), SeriesWire)
    folders, more = records_of(capture("swamp-workspace__import-folders.json"), FolderWire)
    assert [one.fact().id for one in series] == [101, 102]
    assert [(one.fact().id, one.fact().watched) for one in folders] == [(1, None), (2, None)]
    assert skipped == more == 0


@pytest.mark.parametrize(
    ("name", "wire"),
    [
        ("swamp-workspace__queue-single.json", QueueWire),
        ("swamp-workspace__dashboard.json", QueueWire),
        ("stash-issue-586__v2_episode_by_filename.json", EpisodeWire),
    ],
    ids=["no queue of any version", "a dashboard", "an episode of the v2 API"],
)
def test_what_is_not_v3_is_refused(name: str, wire: type[Wire]) -> None:
    with pytest.raises(BadAnswer):
        decode(capture(name), wire)


def _pascal(value: Any) -> Any:
    """Return hand-written camelCase with the keys a server sends."""
    if isinstance(value, list):
        return [_pascal(one) for one in value]
    if not isinstance(value, dict):
        return value
    names = {"id": "ID", "ids": "IDs", "animeID": "AnimeID"}
    return {names.get(key, key[0].upper() + key[1:]): _pascal(one) for key, one in value.items()}


def test_hand_written_episodes_have_the_structure_though_not_the_spelling() -> None:
    body = capture("silo-shoko-plugin__series_7_episodes.json")
    with pytest.raises(BadAnswer):
        records_of(body, EpisodeWire)
    episodes, skipped = records_of(json.dumps(_pascal(json.loads(body))).encode(), EpisodeWire)
    facts = [one.fact() for one in episodes]
    assert [(one.id, one.series_id, one.anidb_id, one.type, one.number) for one in facts] == [
        (42, 7, 7042, "Episode", 1),
        (43, 7, 7043, "Episode", 2),
        (44, 7, 7044, "Episode", 3),
    ]
    assert skipped == 0


def test_hand_written_managed_folders_have_the_structure_though_not_the_spelling() -> None:
    body = capture("silo-shoko-plugin__managed_folders.json")
    assert records_of(body, FolderWire) == ([], 1)
    folders, _ = records_of(json.dumps(_pascal(json.loads(body))).encode(), FolderWire)
    assert [(one.id, one.path) for one in folders] == [(1, "/redacted/media/anime")]
