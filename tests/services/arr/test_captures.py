"""Every recorded answer of real Sonarr and Radarr servers goes through the decoders."""

import json
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest

from tracker_tui.services.arr.radarr import MovieWire
from tracker_tui.services.arr.setup_wire import HealthWire
from tracker_tui.services.arr.sonarr import EpisodeWire, SeriesWire
from tracker_tui.services.arr.wire import CommandWire, FileWire, HistoryWire, QueueWire, StatusWire
from tracker_tui.services.decode import each

CAPTURES = Path(__file__).parents[4] / "shared" / "captures"
pytestmark = pytest.mark.skipif(not CAPTURES.is_dir(), reason="the folder of captures is not here")


class Case(NamedTuple):
    file: str
    wire: type[Any]
    good: int
    skipped: int = 0
    why: str = ""


READ = [
    Case("sonarr/arr-stack__series_2026-05-14.json", SeriesWire, 8),
    Case("sonarr/arr-stack__system_status.json", StatusWire, 1),
    Case("sonarr/arrsync__series.json", SeriesWire, 4),
    Case("sonarr/exportarr__episodefile_min.json", FileWire, 0, 3, "cut down by its author: no id"),
    Case("sonarr/flexget__series_after_add.json", SeriesWire, 2),
    Case("sonarr/home-assistant__commands.json", CommandWire, 2),
    Case("sonarr/home-assistant__queue.json", QueueWire, 1),
    Case("sonarr/home-assistant__system_status.json", StatusWire, 1),
    Case("sonarr/home-assistant__wanted_missing.json", EpisodeWire, 2),
    Case("sonarr/oraclarr__history_series.json", HistoryWire, 0, 2, "cut down by its author: no id"),
    Case("sonarr/pearlarr__commands.json", CommandWire, 5),
    Case("sonarr/pearlarr__episodes_yamada_anime.json", EpisodeWire, 15),
    Case("sonarr/pearlarr__series_anime_subset.json", SeriesWire, 3),
    Case("sonarr/prunerr__queue.json", QueueWire, 2),
    Case("sonarr/ruddarr__calendar.json", EpisodeWire, 87),
    Case("sonarr/ruddarr__episodes_one_series.json", EpisodeWire, 38),
    Case("sonarr/ruddarr__queue.json", QueueWire, 48),
    Case("sonarr/seekarr__queue_mixed_states.json", QueueWire, 6),
    Case("radarr/arr-stack__system_status.json", StatusWire, 1),
    Case("radarr/autobrr__system_status.json", StatusWire, 1),
    Case("radarr/exportarr__movie_min.json", MovieWire, 0, 8, "cut down by its author: no id, no title"),
    Case("radarr/exportarr__queue.json", QueueWire, 3),
    Case("radarr/flexget__movies_after_add.json", MovieWire, 4),
    Case("radarr/homarr__calendar_item.json", MovieWire, 1),
    Case("radarr/home-assistant__commands.json", CommandWire, 1),
    Case("radarr/home-assistant__health.json", HealthWire, 1),
    Case("radarr/python-sonarr__movies_v3.json", MovieWire, 1),
    Case("radarr/ruddarr__calendar.json", MovieWire, 11),
    Case("radarr/ruddarr__movie_history.json", HistoryWire, 5),
    Case("radarr/ruddarr__moviefile.json", FileWire, 1),
    Case("radarr/ruddarr__system_status.json", StatusWire, 1),
]
UNREAD = {
    "sonarr/arr-stack__remotepathmapping_2026-05-27.json": "paths are joined by their tails",
    "sonarr/pearlarr__manualimport_yamada_anime.json": "the queue's messages say why an import is refused",
    "sonarr/pearlarr__parse_special.json": "Sonarr's parser is not asked",
    "sonarr/status-tracker__webhook_grab_anime_season_pack.json": "a webhook; the program polls",
    "radarr/ruddarr__rootfolder.json": "walks the server's disks; every series and film names its root folder",
    "radarr/status-tracker__webhook_import_anime_movie.json": "a webhook; the program polls",
}
"""Answers of endpoints that no client method reads, and why."""


def records(file: str) -> list[msgspec.Raw]:
    body = (CAPTURES / file).read_bytes()
    answer = json.loads(body)
    if isinstance(answer, dict):
        answer = answer.get("records", [answer])
    return msgspec.json.decode(msgspec.json.encode(answer), type=list[msgspec.Raw])


def test_every_capture_is_accounted_for() -> None:
    files = {f"{folder}/{file.name}" for folder in ("sonarr", "radarr") for file in (CAPTURES / folder).iterdir()}
    assert files == {case.file for case in READ} | set(UNREAD)


@pytest.mark.parametrize("case", READ, ids=lambda case: case.file)
def test_records_decode(case: Case) -> None:
    wires, skipped = each(records(case.file), case.wire)
    assert (len(wires), skipped) == (case.good, case.skipped)
    for wire in wires:
        if not isinstance(wire, StatusWire):
            wire.fact()


def facts(file: str, wire: type[Any]) -> list[Any]:
    return [one.fact() for one in each(records(file), wire)[0]]


def test_an_old_server_capitalises_its_words() -> None:
    (record,) = facts("sonarr/home-assistant__queue.json", QueueWire)
    assert (record.status, record.tracked_status, record.tracked_state) == ("downloading", "ok", None)


def test_a_season_pack_is_many_records_of_one_download() -> None:
    packs: dict[str, set[int]] = {}
    for record in facts("sonarr/ruddarr__queue.json", QueueWire):
        packs.setdefault(record.download_key, set()).add(record.episode_id)
    assert max(len(episodes) for episodes in packs.values()) == 20


def test_reasons_of_a_refused_import_are_kept_verbatim() -> None:
    record = facts("sonarr/ruddarr__queue.json", QueueWire)[0]
    assert record.tracked_state == "importpending"
    assert record.messages[1].messages == (
        "Not an upgrade for existing episode file(s). Existing quality: HDTV-1080p. New Quality SDTV.",
    )


def test_an_empty_error_message_is_no_message() -> None:
    assert all(record.error_message is None for record in facts("radarr/exportarr__queue.json", QueueWire))


def test_a_film_is_known_by_its_original_title_too() -> None:
    (film,) = facts("radarr/homarr__calendar_item.json", MovieWire)
    assert film.original_title == "夏へのトンネル、さよならの出口"
    assert "Natsu e no Tunnel, Sayonara no Deguchi" in film.titles


def test_old_scene_numbers_zero_mean_none() -> None:
    episode = facts("sonarr/home-assistant__wanted_missing.json", EpisodeWire)[0]
    assert (episode.scene_season, episode.scene_number, episode.tvdb_id) == (None, None, None)


def test_a_manual_import_names_its_episodes() -> None:
    first = facts("sonarr/pearlarr__commands.json", CommandWire)[0]
    assert (first.name, first.running, first.series_ids, first.episode_ids) == (
        "ManualImport",
        True,
        (169,),
        (6605, 6606),
    )


def test_deletion_and_import_of_an_upgrade() -> None:
    history = facts("radarr/ruddarr__movie_history.json", HistoryWire)
    assert [record.kind for record in history[:3]] == ["imported", "deleted", "grabbed"]
    assert history[1].reason == "Upgrade"
    assert history[0].size_bytes == 9270651722
    assert history[2].protocol == "torrent"
