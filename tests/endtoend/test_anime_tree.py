"""Why an anime season is not in Jellyfin: each reading of the decision tree, from the services' own answers over HTTP.

The season is imported, half an hour passes, and one thing is wrong. Every case has a twin in which it is not.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

import pytest

from tests.endtoend.stage import Look, Stage
from tracker_tui.model.ids import Kind
from tracker_tui.simulate.household.household import Household
from tracker_tui.simulate.household.services import ANIME_SHOWS
from tracker_tui.simulate.household.titles import jellyfin_path, shoko_path
from tracker_tui.simulate.jellyfin.shokofin_vfs import Rules
from tracker_tui.simulate.shoko.records import SimJob, SimLink, Work
from tracker_tui.simulate.story.titles import LYCORIS_PACK, LYCORIS_RECOIL

LATE_S = 35 * 60
WARM = "the plugin remembers an older list"
Happens = Callable[[Household], None]


class Reading(NamedTuple):
    """One reading: what happens before and after the import, and what is said of it.

    `says` = code -> attention among request and problems; `steps` = words of the verdict's next step.
    """

    check: str
    says: dict[str, str]
    before: Happens = lambda _: None
    after: Happens = lambda _: None
    summary: str = ""
    step: str = ""
    state: str = "ANIME_MATCHING"
    refreshes: bool = False
    """A refresh is recommended first: nothing rules it out."""


def late(stage: Stage, reading: Reading) -> None:
    """Let the season arrive, with what happens, and grow late."""
    home = stage.household
    stage.asked(LYCORIS_RECOIL)
    home.shokofin.drops_events = True
    reading.before(home)
    stage.arrived(LYCORIS_RECOIL, LYCORIS_PACK)
    reading.after(home)
    stage.passes(LATE_S, step=150)


def done(home: Household) -> None:
    home.shoko.finish_jobs()


def then(*all_of: Happens) -> Happens:
    def each(home: Household) -> None:
        for one in all_of:
            one(home)

    return each


# ---- what can be wrong, in the order of the tree


def setup_screen(home: Household) -> None:
    home.shoko.state = "Waiting"


def blocked_database(home: Household) -> None:
    home.shoko.database_blocked = True


def renamed(home: Household) -> None:
    done(home)
    for number, file in enumerate(sorted(home.shoko.files.values(), key=lambda one: one.id), 1):
        name = f"Ririko/Episode {number}.mkv"
        home.jellyfin.disk.add_file(jellyfin_path(f"/data/anime/shows/{name}"), home.clock.now())
        home.shoko.file_moves(file.id, name)


def sizes_of_their_own(home: Household) -> None:
    """Let no two files of the pack be of one size."""
    files = home.sonarr.series[LYCORIS_RECOIL.series_id].files.values()
    for number, file in enumerate(files):
        shoko = next(one for one in home.shoko.files.values() if one.size == file.size)
        shoko.size = file.size = file.size + number * 64


def renamed_with_own_sizes(home: Household) -> None:
    done(home)
    sizes_of_their_own(home)
    renamed(home)


def paused(home: Household) -> None:
    home.shoko.pause_queue()


def unwatched(home: Household) -> None:
    home.shoko.folders[1].watched = False


def others_jobs(home: Household) -> None:
    home.shoko.folders[1].watched = False
    paths = [shoko_path(f"/data/anime/movies/Film {number}/Film.mkv") for number in range(3)]
    home.shoko.jobs += [SimJob(None, "Hash File", 86400.0, path=path) for path in paths]


def no_such_folder(home: Household) -> None:
    del home.shoko.folders[1]


def elsewhere(home: Household) -> None:
    """Let Shoko see the disk as Sonarr does, but for this folder."""
    del home.shoko.folders[1]
    for number, folder in home.shoko.folders.items():
        folder.path = f"/data/anime/{number}/"


def ignored(home: Household) -> None:
    done(home)
    for file_id in home.shoko.files:
        home.shoko.ignore(file_id)


def unreadable(home: Household) -> None:
    done(home)
    for path in list(home.shoko.disk):
        home.shoko.file_vanishes(path)


def unknown_to_anidb(home: Household) -> None:
    home.anidb_does_not_know(LYCORIS_RECOIL)


def udp_banned(home: Household) -> None:
    home.shoko.set_ban(udp=True)


def offline(home: Household) -> None:
    home.shoko.set_network("LocalOnly")


def http_banned(home: Household) -> None:
    home.shoko.set_ban(http=True)


def data_on_its_way(home: Household) -> None:
    home.shoko.takes_s[Work.ANIME] = 86400.0


def data_lost(home: Household) -> None:
    home.shoko.finish_jobs()
    home.shoko.series.clear()
    home.shoko.episodes.clear()
    home.shoko._series_by_anime.clear()
    home.shoko._episode_by_anidb.clear()


def announced(home: Household) -> None:
    """Let Jellyfin list the episodes without a file, as Shokofin announces what is missing."""
    listed(home, lambda number: None)


def another_version(home: Household) -> None:
    """Let Jellyfin play other files of the same episodes."""
    listed(home, lambda number: number + 5000)


def listed(home: Household, file_of: Callable[[int], int | None]) -> None:
    library = home.libraries[ANIME_SHOWS]
    folder = f"{home.shokofin.adopted[library.id].root}/LR [Shoko Series=12]"
    ids = {"Shoko Series": "12"}
    show = home.jellyfin.add_item(library, "Series", "Lycoris Recoil", folder, provider_ids=ids)
    for episode, number in enumerate(home.shoko.episodes, 1):
        file = file_of(number)
        path = f"{folder}/Season 01/LR [Shoko File={file}].mkv" if file else None
        told = {"Shoko Episode": str(number)} | ({"Shoko File": str(file)} if file else {})
        home.jellyfin.add_item(
            library, "Episode", f"E{episode}", path, series_id=show.id, season=1, number=episode, provider_ids=told
        )


def scanning(home: Household) -> None:
    home.scan(lasts_s=86400)


def plugin_disabled(home: Household) -> None:
    home.jellyfin.plugin_status = "Disabled"


def no_fetcher(home: Household) -> None:
    for library in home.libraries.values():
        library.fetchers = ()


def plugin_cannot_reach_shoko(home: Household) -> None:
    home.shokofin.host_fault = 502


def unmapped(home: Household) -> None:
    home.shokofin.break_mapping(home.libraries[ANIME_SHOWS])


def other_folder(home: Household) -> None:
    home.shoko.add_folder(shoko_path("/data/elsewhere"), "elsewhere", folder_id=9)
    home.shokofin.map_folder(home.libraries[ANIME_SHOWS], jellyfin_path("/data/anime/shows"), 9)


def shoko_ignore(home: Household) -> None:
    for mapping in home.shokofin.adopted[home.libraries[ANIME_SHOWS].id].mappings:
        mapping.ignored = True


def shown_as_it_is(home: Household) -> None:
    """Let Shokofin show the library's own folder, without links, and nobody watch it."""
    library = home.libraries[ANIME_SHOWS]
    home.shokofin.adopted[library.id].mode = "Strict"
    library.locations, library.realtime = [jellyfin_path("/data/anime/shows")], False


def media_folder_empty(home: Household) -> None:
    folder = jellyfin_path("/data/anime/shows")
    home.jellyfin.disk.remove(folder)
    home.jellyfin.disk.add_folder(folder)


def file_unseen(home: Household) -> None:
    home.jellyfin.disk.add_file(jellyfin_path("/data/anime/shows/Another Show/Season 01/x.mkv"), home.clock.now())
    home.jellyfin.disk.remove(jellyfin_path(LYCORIS_RECOIL.folder))


def shared_by_two_series(home: Household) -> None:
    home.shoko.add_anime(9900, "Another", 13, series_id=99)
    numbers = range(1, 14)
    for number, file in zip(numbers, sorted(home.shoko.files.values(), key=lambda one: one.id), strict=True):
        home.shoko.link_manually(file.id, (*file.links, SimLink(9900, 9900 * 10 + number)))
    done(home)


def hidden(home: Household) -> None:
    for number in home.shoko.episodes:
        home.shoko.hide_episode(number)


def separate_movies(home: Household) -> None:
    home.shokofin.rules = Rules(filter_movies=False, separate_movies=True)
    anime = next(one for one in home.shoko.anime.values() if one.title.startswith("Lycoris"))
    anime.type = "Movie"


def credits_only(home: Household) -> None:
    for episode in home.shoko.episodes.values():
        episode.anidb.type = "Credits"


def ordered_by_tmdb(home: Household) -> None:
    home.shokofin.rules = Rules(filter_movies=False, structure="TMDB_SeriesAndMovies")
    for episode in home.shoko.episodes.values():
        episode.anidb.tmdb_episodes = ()


def iterative(home: Household) -> None:
    adopted = home.shokofin.adopted[home.libraries[ANIME_SHOWS].id]
    adopted.iterative, adopted.last_generated_at = True, home.clock.now() + timedelta(minutes=1)


def signalr_lost(home: Household) -> None:
    home.shokofin.signalr = "Disconnected"


def virtual_folder_lost(home: Household) -> None:
    home.shokofin.lose_vfs(home.libraries[ANIME_SHOWS])


FOUND = (
    Reading("0 offline", {"SERVICE_DOWN": "error"}, after=then(done, lambda home: home.goes_down(Kind.SHOKO))),
    Reading("0 first-run set-up", {"SERVICE_STARTING": "wait"}, after=then(done, setup_screen)),
    Reading("0 database blocked", {"SERVICE_STARTING": "wait"}, after=then(done, blocked_database)),
    Reading("2 renamed by Shoko", {"VFS_MISSING_ENTRY": "warn"}, after=renamed_with_own_sizes, refreshes=True),
    Reading("2 sizes alike", {"AMBIGUOUS_PATH": "warn", "VFS_MISSING_ENTRY": "warn"}, after=renamed, refreshes=True),
    Reading("3 discovered", {"SHOKO_HASHING": "wait"}, before=paused),
    Reading("3 jobs of others", {"SHOKO_NOT_SEEN": "warn"}, before=others_jobs, step="enable watching"),
    Reading("4 outside", {"OUTSIDE_SHOKO": "error"}, before=elsewhere, step="add the folder"),
    Reading("4 perhaps outside", {"SHOKO_NOT_SEEN": "warn"}, before=no_such_folder, step="if none of them is it"),
    Reading("4 not watched", {"SHOKO_NOT_SEEN": "warn"}, before=unwatched, step="enable watching"),
    Reading("5 ignored", {"SHOKO_IGNORED": "warn"}, before=unknown_to_anidb, after=ignored, step="un-ignore"),
    Reading("5 lost", {"SHOKO_INACCESSIBLE": "error"}, after=unreadable, step="mounted in Shoko"),
    Reading("6 banned", {"ANIDB_BANNED": "warn"}, before=udp_banned),
    Reading("6 offline", {"SHOKO_NO_INTERNET": "warn"}, before=offline),
    Reading("6 unknown", {"SHOKO_UNRECOGNIZED": "error"}, before=unknown_to_anidb, after=done, state="MATCH_FAILED"),
    Reading("7 banned", {"ANIDB_BANNED": "warn", "SHOKO_LIMBO": "wait"}, before=http_banned),
    Reading("7 data on its way", {"SHOKO_LIMBO": "wait", "STUCK": "warn"}, before=data_on_its_way),
    Reading("7 series missing", {"SHOKO_LIMBO": "warn"}, after=data_lost, step="CreateMissingSeries"),
    Reading("8 announced", {"VFS_MISSING_ENTRY": "warn"}, after=then(done, announced), refreshes=True),
    Reading("17 another file of it", {}, after=then(done, another_version), state="AVAILABLE"),
    Reading("9 scanning", {"JF_SCAN_RUNNING": "wait"}, after=then(done, scanning)),
    Reading("10 plugin off", {"SHOKOFIN_MISSING": "error"}, after=then(done, plugin_disabled)),
    Reading("10 no library", {"SHOKOFIN_NO_LIBRARY": "error"}, after=then(done, no_fetcher)),
    Reading("11 no Shoko", {"SHOKOFIN_NO_SHOKO": "error"}, after=then(done, plugin_cannot_reach_shoko)),
    Reading("12 unmapped", {"VFS_UNMAPPED": "error"}, after=then(done, unmapped), step="map Anime Shows"),
    Reading("13 other folder", {"VFS_OTHER_FOLDER": "error"}, after=then(done, other_folder), step="add that folder"),
    Reading("14 no virtual files", {"NOT_SCANNED": "warn"}, before=shown_as_it_is, after=done, refreshes=True),
    Reading("14 ignored by the plugin", {"VFS_IGNORED": "error"}, after=then(done, shoko_ignore)),
    Reading("15 media folder", {"VFS_FOLDER_MISSING": "error"}, after=then(done, media_folder_empty), step="mount"),
    Reading("15 file", {"VFS_FILE_UNSEEN": "error"}, after=then(done, file_unseen), step="mounts the folder"),
    Reading("16 two series", {"VFS_SEVERAL_SERIES": "warn"}, after=then(done, shared_by_two_series)),
    Reading("16 hidden", {"VFS_HIDDEN": "warn"}, after=then(done, hidden), step="unhide"),
    Reading("16 film among series", {"VFS_FILTERED": "error"}, before=separate_movies, after=done),
    Reading("16 extras only", {"VFS_EXTRAS": "warn"}, after=then(done, credits_only), step="correct its link"),
    Reading("16 ordered by TMDB", {"VFS_NO_TMDB": "warn"}, after=then(done, ordered_by_tmdb), step="link it to TMDB"),
    Reading("18 iterative", {"VFS_ITERATIVE": "warn"}, after=then(done, iterative), step="force a full generation"),
    Reading("19 not connected", {"SIGNALR_DOWN": "error"}, after=then(done, signalr_lost), step="meanwhile press v"),
    Reading("20 not generated since", {"VFS_MISSING_ENTRY": "warn"}, after=done, step="press v", refreshes=True),
    Reading("21 empty root", {"VFS_ROOT_EMPTY": "error"}, after=then(done, virtual_folder_lost), refreshes=True),
)  # fmt: skip


@pytest.mark.parametrize("reading", FOUND, ids=lambda reading: reading.check)
async def test_each_reading_gives_its_verdict_and_no_other(stage: Stage, reading: Reading) -> None:
    late(stage, reading)
    look = await settled(stage)
    assert said(look) == reading.says, told(look)
    assert set(look.states()) == {reading.state}
    steps = [str(one["next_step"]) for one in told(look)]
    assert any(reading.step in step for step in steps) or not reading.step, steps
    first = [step for step in steps if step.startswith("press v")]
    assert bool(first) == reading.refreshes, "a refresh only where it can help"


CANDIDATES: dict[str, tuple[Happens, dict[str, str]]] = {
    "13 in another Shoko folder": (then(done, other_folder), {"VFS_OTHER_FOLDER": "error"}),
    "12 unmapped": (then(done, unmapped), {"VFS_UNMAPPED": "error"}),
    "15 a media folder is empty": (then(done, media_folder_empty), {"VFS_FOLDER_MISSING": "error"}),
    "7 limbo": (data_lost, {"SHOKO_LIMBO": "warn"}),
    "16 two series": (then(done, shared_by_two_series), {"VFS_SEVERAL_SERIES": "warn"}),
    "16 hidden": (then(done, hidden), {"VFS_HIDDEN": "warn"}),
    "16 ordered by TMDB": (then(done, ordered_by_tmdb), {"VFS_NO_TMDB": "warn"}),
    WARM: (done, {"VFS_MISSING_ENTRY": "warn"}),
    "18 iterative": (then(done, iterative), {"VFS_ITERATIVE": "warn"}),
    "21 empty virtual folder": (then(done, virtual_folder_lost), {"VFS_ROOT_EMPTY": "error"}),
}
"""What can be behind 13 matched files, an idle queue, a connected plugin, and generations that link nothing new."""


@pytest.mark.parametrize("cause", CANDIDATES)
async def test_a_generation_in_vain_is_explained_by_its_true_cause(stage: Stage, cause: str) -> None:
    happens, says = CANDIDATES[cause]
    home = stage.household
    late(stage, Reading(cause, says, after=happens))
    for adopted in home.shokofin.adopted.values():
        adopted.remembered = cause == WARM
    home.shokofin.stalled_s = 86400 if cause == WARM else 60
    stage.scanned()
    stage.passes(12 * 60, step=60)
    assert home.playable(LYCORIS_RECOIL) == 0, "the scan brought nothing"
    look = await settled(stage)
    assert said(look) == says, told(look)
    again = [one for one in told(look) if str(one["next_step"]).startswith("press v")]
    assert not again or "VFS_ROOT_EMPTY" in says, "it was in vain once, and only a repair would make it another"


async def settled(stage: Stage) -> Look:
    """Look twice: what a first look finds late is asked about, and the answers tell more."""
    await stage.look()
    stage.clock.jump(seconds=30)
    return await stage.look()


def said(look: Look) -> dict[str, str]:
    return look.verdicts() | look.problems()


def told(look: Look) -> list[dict[str, object]]:
    return [*look.diagnoses().values(), *look.content["problems"]]
