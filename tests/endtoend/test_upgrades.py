"""Upgrades of what is ready: the state stands, the transfer and its trouble are told at low attention (D8, R2)."""

from typing import Any

import pytest

from tests.endtoend.canned.arrs import Sonarr
from tests.endtoend.canned.client import Client
from tests.endtoend.canned.house import House
from tests.endtoend.canned.reciter import guid, iso

HASH = "ab" * 20


def ready(house: House) -> tuple[Sonarr, Client]:
    """Let two playable episodes be asked for."""
    sonarr, client, seerr, jellyfin = house.sonarr(), house.client(), house.seerr(), house.jellyfin()
    seerr.asks(1, sonarr.series(40, "Station Nine", {1: 2}), [1])
    sonarr.has(sonarr.of(40))
    paths = [(1, one, f"/data/tv/Station Nine/Season 01/Station Nine - S01E0{one}.mkv") for one in (1, 2)]
    jellyfin.show(100, "Station Nine", 900040, paths)
    return sonarr, client


@pytest.mark.parametrize(
    ("record", "shown", "summary", "code"),
    [
        ({}, (0.3, "downloading"), "Ready · 2/2 · upgrading 1 (30 %)", "UPGRADE"),
        ({}, (0.99999, "downloading"), "Ready · 2/2 · upgrading 1 (99.9 %)", "UPGRADE"),
        (
            {"status": "completed", "trackedDownloadState": "importPending", "sizeleft": 0},
            (1.0, "stalledUP"),
            "Ready · 2/2 · upgrading 1 (100 %)",
            "UPGRADE",
        ),
        (
            {
                "status": "completed",
                "trackedDownloadState": "importBlocked",
                "trackedDownloadStatus": "warning",
                "sizeleft": 0,
                "statusMessages": [{"title": "x", "messages": ["Not an upgrade for existing episode file(s)"]}],
            },
            (1.0, "stalledUP"),
            "Ready · 2/2 · upgrade not imported",
            "IMPORT_BLOCKED",
        ),
        (
            {
                "status": "completed",
                "trackedDownloadState": "importPending",
                "trackedDownloadStatus": "warning",
                "sizeleft": 0,
                "statusMessages": [{"title": "x", "messages": ["Found matching series via grab history"]}],
            },
            (1.0, "stalledUP"),
            "Ready · 2/2 · upgrade not imported",
            "IMPORT_BLOCKED",
        ),
        ({}, (0.4, "error"), "Ready · 2/2 · upgrading 1 (40 %)", "UPGRADE"),
        ({}, (0.4, "stoppedDL"), "Ready · 2/2 · upgrading 1 (40 %)", "UPGRADE"),
    ],
    ids=["on its way", "nearly", "about to be imported", "no upgrade", "unsure", "in error", "stopped"],
)
async def test_an_upgrade_never_lowers_what_is_ready(
    house: House, record: dict[str, Any], shown: tuple[float, str], summary: str, code: str
) -> None:
    sonarr, client = ready(house)
    first = sonarr.of(40)[:1]
    sonarr.grabbed(first, HASH.upper())
    sonarr.queued(first, HASH.upper(), episodeHasFile=True, **record)
    client.torrent(HASH, shown[1], shown[0])
    for _ in range(2):
        look = await house.look()
        assert (look.states(), look.state(), look.code) == (["AVAILABLE"] * 2, "AVAILABLE", 0)
        assert look.summary() == summary
        assert look.row()["attention"] == "info"
        assert look.verdicts() == {code: "info"}
        assert [one["flags"] for one in look.episodes()] == [["upgrading"], []]
        assert look.episodes()[0]["progress"] == 1.0
        house.passes(2)


async def test_a_refused_upgrade_is_passed_on_word_for_word(house: House) -> None:
    sonarr, client = ready(house)
    words = "Not a Custom Format upgrade for existing episode file(s)"
    sonarr.grabbed(sonarr.of(40), HASH.upper())
    blocked = {"status": "completed", "trackedDownloadState": "importBlocked", "trackedDownloadStatus": "warning"}
    said = {"statusMessages": [{"title": "x", "messages": [words]}]}
    sonarr.queued(sonarr.of(40), HASH.upper(), sizeleft=0, **blocked, **said)
    client.torrent(HASH, "stalledUP", 1.0)
    look = await house.look()
    told = look.diagnoses()["IMPORT_BLOCKED"]
    assert words in told["message"]
    assert "Manual Import" in told["next_step"]
    assert [one["note"] for one in look.episodes()] == ["upgrade not imported"] * 2


async def test_an_upgrade_failed_in_sonarr_leaves_no_error_behind(house: House) -> None:
    sonarr, _ = ready(house)
    first = sonarr.of(40)[0]
    sonarr.event("grabbed", first, HASH, at=-60)
    sonarr.event("downloadFailed", first, HASH, at=-40, data={"message": "Aborted"})
    look = await house.look()
    assert (look.state(), look.verdicts(), look.code) == ("AVAILABLE", {}, 0)
    assert look.summary() == "Ready · 2/2"


@pytest.mark.parametrize("state", ["downloading", "importPending", "importBlocked"])
async def test_an_upgrade_that_only_the_queue_still_knows_is_one(house: House, state: str) -> None:
    sonarr, client = ready(house)
    blocked = state == "importBlocked"
    more = {"trackedDownloadState": state, "trackedDownloadStatus": "warning" if blocked else "ok"}
    sonarr.queued(sonarr.of(40)[:1], HASH.upper(), **more)
    client.torrent(HASH, "stalledUP", 1.0)
    look = await house.look()
    assert [one["flags"] for one in look.episodes()] == [["upgrading"], []], "its grab has left the history"
    assert look.verdicts() == {"IMPORT_BLOCKED" if blocked else "UPGRADE": "info"}


@pytest.mark.parametrize(("state", "minutes"), [("importBlocked", -1), ("importing", -30)])
async def test_the_record_of_what_was_just_imported_is_no_upgrade(house: House, state: str, minutes: int) -> None:
    sonarr, client = ready(house)
    sonarr.files[0]["dateAdded"] = iso(minutes)
    sonarr.queued(sonarr.of(40)[:1], HASH.upper(), trackedDownloadState=state)
    client.torrent(HASH, "stalledUP", 1.0)
    look = await house.look()
    assert (look.summary(), look.verdicts()) == ("Ready · 2/2", {})


async def test_a_film_item_that_is_replaced_with_a_proper_keeps_its_place(house: House) -> None:
    radarr, seerr, jellyfin = house.radarr(), house.seerr(), house.jellyfin()
    film = radarr.film(60, "Harbor Lights")
    seerr.asks(1, film)
    radarr.has(film)
    jellyfin.movie(200, "Harbor Lights", film["tmdbId"], film["movieFile"]["path"])
    assert (await house.look()).state() == "AVAILABLE"
    radarr.event("movieFileDeleted", film, at=-0.1, data={"reason": "Upgrade"})
    radarr.event("downloadFolderImported", film, HASH, at=-0.05)
    film["movieFile"] |= {
        "id": 60_002,
        "path": f"{film['path']}/Harbor Lights PROPER.mkv",
        "dateAdded": "2026-01-25T11:59:57Z",
    }
    jellyfin.items.clear()
    jellyfin.movie(201, "Another", 1, "/data/movies/Another/Another.mkv")
    house.passes(2)
    gap = await house.look()
    assert (gap.state(), gap.summary()) == ("AVAILABLE", "Ready · upgraded, waiting for Jellyfin to re-scan")
    house.passes(20)
    late = await house.look()
    assert late.state() == "IMPORTING"
    assert late.verdicts()["NOT_SCANNED"] == "warn"
    jellyfin.movie(200, "Harbor Lights", film["tmdbId"], film["movieFile"]["path"])
    back = await house.look()
    assert (back.state(), back.row()["ids"]["jellyfin"]) == ("AVAILABLE", [guid(200)])
