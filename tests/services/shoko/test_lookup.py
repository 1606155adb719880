"""Which file is this path: the order of questions, and what the answers say, over HTTP."""

import json
from pathlib import Path

import pytest

from tests.services.conftest import NOW
from tests.services.shoko.conftest import (
    SONARR,
    Connect,
    Serve,
    appear,
    calls,
    episode_path,
    every_release,
    since_5,
)
from tracker_tui.model.shoko import lookup_tail
from tracker_tui.model.text import clean_path
from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.shoko.records import V4_2, V5_2, V5_3, V6, ShokoRelease

BLEACH = Path(__file__).parents[3].parent / "shared" / "captures" / "shoko" / "shokoserver-testdata__anidb_file.json"


@every_release
async def test_a_file_is_found_by_the_last_three_names(serve: Serve, connect: Connect, release: ShokoRelease) -> None:
    shoko = serve(release)
    appear(shoko, 1, 2)
    shoko.finish_jobs()
    shoko.calls.clear()
    (lookup,) = (await connect(shoko).lookup([(SONARR.format(1), 1001)])).lookups
    assert lookup.tail == lookup_tail(SONARR.format(1))
    (file,) = lookup.hits
    assert (file.id, file.size_bytes, file.hashed, file.ignored, file.matched) == (301, 1001, True, False, True)
    (location,) = file.locations
    assert (location.folder_id, location.accessible) == (1, True)
    assert f"/mnt/anime/{location.relative_path}" == episode_path(1)
    assert (file.links[0].series_id, file.links[0].anidb_id) == (12, 17097)
    assert file.imported_at == (None if release is V4_2 else NOW)
    assert len(calls(shoko)) == 1


@pytest.mark.parametrize(
    ("asked", "size", "found"),
    [
        pytest.param("/tv/Lycoris Recoil/Season 1/Lycoris Recoil - S01E01.mkv", 1001, ([301], 1), id="three names"),
        pytest.param("/tv/Lycoris/Season 1/Lycoris Recoil - S01E01.mkv", 1001, ([301], 2), id="two names"),
        pytest.param("/tv/LR/S1/Lycoris Recoil - S01E01.mkv", 1001, ([301], 3), id="only the file name"),
        pytest.param("D:\\tv\\Lycoris Recoil\\Season 1\\Lycoris Recoil - S01E01.mkv", 1001, ([301], 1), id="Windows"),
        pytest.param("/tv/LYCORIS RECOIL/season 1/lycoris recoil - s01e01.MKV", 1001, ([301], 1), id="another case"),
        pytest.param("/tv/Lycoris Recoil/Season 1/Lycoris Recoil - S01E09.mkv", 9, ([], 3), id="never seen"),
        pytest.param("Lycoris Recoil - S01E01.mkv", 1001, ([301], 1), id="a bare name"),
        pytest.param("/", 1, ([], 0), id="no name at all"),
        pytest.param(
            "/tv/Other/Season 1/01.mkv", 7, ([501, 502], 2), id="two shows have it, neither says no: both stay"
        ),
        pytest.param("/tv/B/Season 1/01.mkv", 8, ([502], 3), id="of another size: looks further, keeps the nearest"),
        pytest.param("/tv/B/Season 1/01.mkv", None, ([502], 1), id="size unknown: any hit ends it"),
        pytest.param(
            "/tv/B/Season 1/01.mkv", 99, ([501, 502, 503], 3), id="only the loosest tail has the size: all of it stays"
        ),
    ],
)
async def test_the_order_of_look_ups(
    serve: Serve, connect: Connect, asked: str, size: int | None, found: tuple[list[int], int]
) -> None:
    hits, asks = found
    shoko = serve(V5_2)
    appear(shoko, 1)
    for file_id, path, bytes_ in [
        (501, "/mnt/anime/A/Season 1/01.mkv", 7),
        (502, "/mnt/anime/B/Season 1/01.mkv", 7),
        (503, "/mnt/anime/C/S2/01.mkv", 99),
    ]:
        shoko.file_appears(path, bytes_, file_id=file_id, content=path)
    shoko.finish_jobs()
    (lookup,) = (await connect(shoko).lookup([(asked, size)])).lookups
    assert sorted(file.id for file in lookup.hits) == hits
    assert len(calls(shoko)) == asks


async def test_look_ups_together_keep_their_order_and_ask_each_path_once(serve: Serve, connect: Connect) -> None:
    shoko = serve(V6)
    appear(shoko, 1, 2, 3)
    shoko.finish_jobs()
    wanted = [(SONARR.format(n), 1000 + n) for n in (3, 1, 2, 1)]
    read = await connect(shoko).lookup(wanted)
    assert [[file.id for file in one.hits] for one in read.lookups] == [[303], [301], [302]]
    assert len(calls(shoko)) == 3
    assert (await connect(shoko).lookup([])).lookups == ()


@pytest.mark.skipif(not BLEACH.exists(), reason="the captures are not beside the project")
async def test_real_names_survive_the_query(serve: Serve, connect: Connect) -> None:
    shoko = serve(V5_2)
    rows = json.loads(BLEACH.read_text())
    names = [(row["FileName"], row["FileSize"]) for row in rows]
    names += [("100% + more & #1 = [x]?;,'\N{HIRAGANA LETTER A}.mkv", 5), ("a\N{COMBINING ACUTE ACCENT} %20%2F.mkv", 6)]
    for name, size in names:
        shoko.file_appears(f"/mnt/anime/Bleach/{name}", size, content=name)
    shoko.finish_jobs()
    read = await connect(shoko).lookup([(f"/tv/Bleach/{name}", size) for name, size in names])
    assert all(
        size in {file.size_bytes for file in one.hits} for one, (_, size) in zip(read.lookups, names, strict=True)
    )


@since_5
async def test_the_stages_of_a_file(serve: Serve, connect: Connect, release: ShokoRelease, clock: SimClock) -> None:
    shoko = serve(release)
    client = connect(shoko)

    async def file() -> list[tuple[bool | None, int, bool]]:
        (lookup,) = (await client.lookup([(SONARR.format(1), 1001)])).lookups
        return [(hit.hashed, len(hit.links), hit.matched) for hit in lookup.hits]

    shoko.set_ban(http=True)
    appear(shoko, 1)
    assert await file() == [], "a file that is not hashed has no record"
    clock.jump(seconds=10)
    assert await file() == [(True, 0, False)], "hashed, not yet identified"
    clock.jump(seconds=10)
    assert await file() == [(True, 1, False)], "limbo: AniDB data cannot be fetched"
    shoko.set_ban(http=False)
    clock.jump(seconds=10)
    assert await file() == [(True, 1, True)]


async def test_a_record_without_hashes_is_not_hashed(serve: Serve, connect: Connect) -> None:
    shoko = serve(V5_2)
    shoko.early_records = True
    shoko.pause_queue()
    appear(shoko, 1)
    shoko.pause_queue(paused=False)
    shoko.clock.jump(seconds=2)
    (lookup,) = (await connect(shoko).lookup([(SONARR.format(1), 1001)])).lookups
    assert [(file.id, file.hashed, file.links) for file in lookup.hits] == [(301, False, ())]


async def test_a_path_with_a_character_made_safe_is_still_found(serve: Serve, connect: Connect) -> None:
    shoko = serve(V5_2)
    real = "/mnt/anime/Show/Season 1/So\u200bft - 01.mkv"
    shoko.file_appears(real, 77, file_id=601)
    shoko.finish_jobs()
    shown = clean_path(real.replace("/mnt/anime", "/tv"))
    (lookup,) = (await connect(shoko).lookup([(shown, 77)])).lookups
    assert [file.locations[0].relative_path for file in lookup.hits] == [shown.removeprefix("/tv/")]
    assert len(calls(shoko)) == 1


async def test_limbo_on_4_2_is_not_taken_for_unrecognised(serve: Serve, connect: Connect) -> None:
    shoko = serve(V4_2)
    shoko.set_ban(http=True)
    appear(shoko, 1)
    shoko.file_appears("/mnt/anime/Unknown/Season 1/x.mkv", 5)
    shoko.finish_jobs()
    read = await connect(shoko).lookup([(SONARR.format(1), 1001), ("/tv/Unknown/Season 1/x.mkv", 5)])
    limbo, unknown = (one.hits[0] for one in read.lookups)
    assert (len(limbo.links), limbo.matched) == (1, False)
    assert unknown.links == ()


async def test_a_file_of_several_places_ignored_and_out_of_sight(serve: Serve, connect: Connect) -> None:
    shoko = serve(V5_3)
    shoko.add_folder("/mnt/downloads", folder_id=7)
    appear(shoko, 1)
    shoko.file_appears(
        "/mnt/downloads/LR/1.mkv", 1001, content=shoko.disk[episode_path(1)].content, links=shoko.link(17097, 1)
    )
    shoko.finish_jobs()
    shoko.ignore(301)
    shoko.file_vanishes(episode_path(1))
    (lookup,) = (await connect(shoko).lookup([(SONARR.format(1), 1001)])).lookups
    (file,) = lookup.hits
    assert file.ignored
    assert [(one.folder_id, one.accessible) for one in file.locations] == [(1, False), (7, True)]


PLACE = (1, "Lycoris Recoil/Season 1")


@every_release
async def test_files_of_one_directory_are_answered_by_one_listing_where_it_can_be_listed(
    serve: Serve, connect: Connect, release: ShokoRelease
) -> None:
    shoko = serve(release)
    appear(shoko, 1, 2, 3)
    shoko.file_appears("/mnt/anime/Another/x.mkv", 5)
    shoko.finish_jobs()
    client = connect(shoko)
    await client.folders()
    shoko.calls.clear()
    wanted = [(SONARR.format(n), 1000 + n) for n in (1, 2, 3)]
    read = await client.lookup(wanted, PLACE)
    assert read == await client.lookup(wanted), "a listing teaches what single look-ups teach"
    assert [[file.id for file in one.hits] for one in read.lookups] == [[301], [302], [303]]
    listings = [one for one in calls(shoko) if one.endswith("/1/File")]
    single = [one for one in calls(shoko) if "PathEndsWith" in one]
    assert (len(listings), len(single)) == (1, 6 if release is V4_2 else 3)


async def test_what_is_no_longer_in_the_directory_is_looked_up_by_itself(serve: Serve, connect: Connect) -> None:
    shoko = serve(V5_2)
    appear(shoko, 1, 2)
    shoko.finish_jobs()
    client = connect(shoko)
    await client.folders()
    wanted = [(SONARR.format(1), 1001), (SONARR.format(2), 77), (SONARR.format(9), 1009)]
    read = await client.lookup(wanted, PLACE)
    assert {one.tail: [file.id for file in one.hits] for one in read.lookups} == {
        lookup_tail(SONARR.format(1)): [301],
        lookup_tail(SONARR.format(2)): [302],
        lookup_tail(SONARR.format(9)): [],
    }
    assert len([one for one in calls(shoko) if "PathEndsWith" in one]) == 6
    shoko.calls.clear()
    await client.lookup(wanted[2:])
    assert len(calls(shoko)) == 1, "nothing ends with its name: that one question is enough until something does"
    shoko.file_appears(episode_path(9), 1009, file_id=309)
    shoko.finish_jobs()
    (found,) = (await client.lookup(wanted[2:])).lookups
    assert [file.id for file in found.hits] == [309]


@pytest.mark.parametrize("place", [(99, "Lycoris Recoil/Season 1"), (1, "No such directory")])
async def test_a_place_that_is_wrong_costs_a_call_and_nothing_else(
    serve: Serve, connect: Connect, place: tuple[int, str]
) -> None:
    shoko = serve(V5_2)
    appear(shoko, 1)
    shoko.finish_jobs()
    client = connect(shoko)
    await client.folders()
    (lookup,) = (await client.lookup([(SONARR.format(1), 1001)], place)).lookups
    assert [file.id for file in lookup.hits] == [301]
