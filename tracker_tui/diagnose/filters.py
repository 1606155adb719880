"""What Shokofin leaves out on purpose: filters, hidden episodes, shared files, files from before a generation."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from tracker_tui.diagnose.mapping import is_for_films, settings_of, shoko_libraries
from tracker_tui.diagnose.rule import Code, Later, Word, over
from tracker_tui.diagnose.waiting import Waiting, file_of, overdue, says
from tracker_tui.diagnose.words import joined, listed
from tracker_tui.model.jellyfin import Library, ShokofinConfig
from tracker_tui.model.shoko import ShokoEpisode, ShokoFile, ShokoSeries
from tracker_tui.model.states import Attention
from tracker_tui.model.world import Diagnosis
from tracker_tui.reconcile.case import Unit
from tracker_tui.reconcile.joins.shokojoin import episode_ids, series_ids
from tracker_tui.reconcile.unit.verdict import Step

VFS_FILTERED = Code(
    name="VFS_FILTERED",
    levels=(Attention.ERROR,),
    means="A filter of Shokofin leaves the file out: the movie filter, or films kept apart from series.",
)
VFS_HIDDEN = Code(
    name="VFS_HIDDEN",
    levels=(Attention.WARN,),
    means="Every episode of the file is hidden in Shoko; Shokofin leaves it out.",
)
VFS_EXTRAS = Code(
    name="VFS_EXTRAS",
    levels=(Attention.WARN,),
    means="Shoko takes the file for credits or a trailer; Shokofin shows such files as extras at most.",
)
VFS_NO_TMDB = Code(
    name="VFS_NO_TMDB",
    levels=(Attention.WARN,),
    means="Shokofin builds libraries as TMDB orders them, and the episode has no TMDB link in Shoko: it is left out.",
)
VFS_SEVERAL_SERIES = Code(
    name="VFS_SEVERAL_SERIES",
    levels=(Attention.WARN,),
    means="The file is linked to several series, none of which has a file of its own here; Shokofin leaves it out.",
)
VFS_ITERATIVE = Code(
    name="VFS_ITERATIVE",
    levels=(Attention.WARN,),
    means="Iterative generation skips the file: it is older than the last generation and was not linked then.",
)


def filtered(waiting: Waiting, units: list[Unit]) -> Iterable[Word]:
    """Shokofin's movie filter drops what is not recognised as a movie (F8); with the filter off it is never said."""
    config = waiting.config
    if config is None:
        return
    for group in waiting.alike(units, lambda unit: waiting.series(file_of(unit)) or None):
        file = file_of(group[0])
        series, target = waiting.series(file), waiting.target(group[0])
        libraries = target.holding if target.known else tuple(shoko_libraries(waiting.view))
        if series is None or not libraries:
            continue
        films_only = all(is_for_films(one, is_movie=waiting.is_movie) for one in libraries)
        if config.filter_movie_libraries and films_only and not _is_movie(series, file, config):
            if _anidb(series, file) not in config.always_included_anidb_ids:
                yield over(group, _by_movie_filter(waiting, series, file))
        elif config.separate_movies and series.type == "Movie" and _only_shows(libraries):
            yield over(group, _by_separation(waiting, series))


def _only_shows(libraries: tuple[Library, ...]) -> bool:
    return all(one.collection_type == "tvshows" for one in libraries)


def _is_movie(series: ShokoSeries, file: ShokoFile, config: ShokofinConfig) -> bool:
    """Return whether Shokofin takes it for a film; ordered by TMDB, only a TMDB film is one."""
    linked = [number for link in file.links for number in link.tmdb_movie_ids]
    linked += [number for link in file.links for episode in link.episodes for number in episode.tmdb_movie_ids]
    by_type = series.type == "Movie" and not by_tmdb(config)
    return by_type or bool(series.tmdb_movie_ids) or bool(linked)


def _anidb(series: ShokoSeries, file: ShokoFile) -> int | None:
    return series.anidb_id or next((link.anidb_id for link in file.links if link.anidb_id is not None), None)


def _by_movie_filter(waiting: Waiting, series: ShokoSeries, file: ShokoFile) -> Diagnosis:
    anidb, scene = _anidb(series, file), waiting.scene
    allow = f"; else add AniDB {anidb} to Shokofin's always-include list" if anidb is not None else ""
    return VFS_FILTERED(
        f"Shokofin's movie filter in {scene.name(waiting.ref)} is on, and Shoko series {series.id} is not recognised "
        f"as a movie (AniDB type {series.type or 'unknown'}, no TMDB movie link)",
        f"Shoko → link the TMDB movie to series {series.id}{allow}; else switch the filter off, restart Jellyfin "
        "and refresh",
        scene.saw(waiting.ref, "FilterMovieLibraries", "true"),
        scene.saw(waiting.shoko, f"series {series.id}", f"type {series.type or 'unknown'}, TMDB movies: none"),
        phrase=says("filtered out by Shokofin"),
    )


def _by_separation(waiting: Waiting, series: ShokoSeries) -> Diagnosis:
    scene = waiting.scene
    return VFS_FILTERED(
        f"Shokofin in {scene.name(waiting.ref)} keeps films out of series libraries (SeparateMovies), and Shoko "
        f"series {series.id} is a film",
        "add the folder to a movie library of Shokofin, or switch SeparateMovies off",
        scene.saw(waiting.ref, "SeparateMovies", "true"),
        scene.saw(waiting.shoko, f"series {series.id}", "type Movie"),
        phrase=says("filtered out by Shokofin"),
    )


def hidden(waiting: Waiting, units: list[Unit]) -> Iterable[Word]:
    """Nothing is shown of a file all of whose episodes are hidden in Shoko."""
    known = waiting.scene.shoko(waiting.shoko).episodes
    found = [unit for unit in units if _all(file_of(unit), known, lambda episode: episode.hidden is True)]
    if found:
        yield over(
            found,
            VFS_HIDDEN(
                f"Shoko hides {waiting.matter.what(found)}, so Shokofin leaves {waiting.matter.it(found)} out",
                "Shoko → open the series → unhide the episode, then press v to refresh",
                *(waiting.scene.saw(waiting.shoko, f"file {file_of(unit).id}", "hidden") for unit in found[:5]),
                phrase=says("hidden in Shoko"),
            ),
        )


def extras_only(waiting: Waiting, units: list[Unit]) -> Iterable[Word]:
    """Credits and trailers are extras of a show, never episodes (check 16)."""
    known = waiting.scene.shoko(waiting.shoko).episodes
    found = [unit for unit in units if _all(file_of(unit), known, lambda episode: episode.type in _EXTRAS)]
    if found:
        kinds = {one.id: one.type for some in known.values() for one in some}
        words = sorted({kinds[number] or "" for unit in found for number in episode_ids(file_of(unit))})
        yield over(
            found,
            VFS_EXTRAS(
                f"Shoko takes {waiting.matter.what(found)} for {joined(words)}: Shokofin shows "
                f"{waiting.matter.it(found)} as extras at most",
                "Shoko → open the file → correct its link, if it is an episode",
                *(waiting.scene.saw(waiting.shoko, f"file {file_of(unit).id}", joined(words)) for unit in found[:5]),
                phrase=says("an extra in Shoko"),
            ),
        )


_EXTRAS = {"Credits", "Trailer"}


def _all(file: ShokoFile, known: Mapping[int, tuple[ShokoEpisode, ...]], holds: Callable[[ShokoEpisode], bool]) -> bool:
    """Return whether something holds for every episode of a file; False while one of them is unknown."""
    told = {one.id: holds(one) for number in series_ids(file) for one in known.get(number, ())}
    ids = episode_ids(file)
    return bool(ids) and all(told.get(number) is True for number in ids)


def no_tmdb(waiting: Waiting, units: list[Unit]) -> Iterable[Word]:
    """Ordered by TMDB, an episode without a TMDB link has no place; a series may be ordered otherwise, so it waits."""
    config = waiting.config
    if config is None or not by_tmdb(config):
        return
    bare = [unit for unit in units if not _in_tmdb(file_of(unit))]
    if not (yield from overdue(waiting, bare)):
        return
    yield over(
        bare,
        VFS_NO_TMDB(
            f"Shokofin orders its libraries by TMDB, and Shoko has no TMDB link for {waiting.matter.what(bare)}",
            "Shoko → open the series → link it to TMDB, or choose another structure for it in Shokofin, then press v",
            waiting.scene.saw(waiting.ref, "DefaultLibraryStructure", config.library_structure or ""),
            *(waiting.scene.saw(waiting.shoko, f"file {file_of(unit).id}", "no TMDB link") for unit in bare[:5]),
            phrase=says("no TMDB link in Shoko"),
        ),
    )


def by_tmdb(config: ShokofinConfig) -> bool:
    """Return whether Shokofin 6 orders its libraries as TMDB does."""
    return (config.library_structure or "").startswith("TMDB")


def _in_tmdb(file: ShokoFile) -> bool:
    return any(one.tmdb_episode_ids or one.tmdb_movie_ids for link in file.links for one in link.episodes)


def several_series(waiting: Waiting, units: list[Unit]) -> Iterable[Word]:
    """A file of several series counts only for those that own another file here (check 16).

    Said only where all files of these series were read and none is theirs alone.
    """
    alone = {
        ids[0]
        for unit in waiting.matter.units(Step.MATCHED, Step.PLAYABLE)
        if unit.shoko is not None and unit.shoko.match.file is not None
        if len(ids := series_ids(unit.shoko.match.file)) == 1
    }
    own, always = waiting.scene.shoko(waiting.shoko).series_with_own, _always_included(waiting)
    shared = [
        unit
        for unit in units
        if len(ids := series_ids(file_of(unit))) > 1
        and not alone.intersection(ids)
        and all(own.get(number) is False for number in ids)
        and not any(link.anidb_id in always for link in file_of(unit).links)
    ]
    if not (yield from overdue(waiting, shared)):
        return
    numbers = dict.fromkeys(number for unit in shared for number in series_ids(file_of(unit)))
    named = listed([str(number) for number in numbers])
    yield over(
        shared,
        VFS_SEVERAL_SERIES(
            f"Shoko links {waiting.matter.what(shared)} to several series ({named}), so Shokofin leaves "
            f"{waiting.matter.it(shared)} out",
            "correct the cross-references in Shoko, or add the series to Shokofin's always-include list",
            waiting.scene.saw(waiting.shoko, "series of the file", named),
            phrase=says("linked to several series in Shoko"),
        ),
    )


def _always_included(waiting: Waiting) -> frozenset[int]:
    return frozenset(waiting.config.always_included_anidb_ids) if waiting.config is not None else frozenset()


def iterative(waiting: Waiting, units: list[Unit]) -> Iterable[Word]:
    """Iterative generation never comes back to a file it could not link (check 18)."""
    config = waiting.config
    if config is None:
        return
    skipped: list[Unit] = []
    last: datetime | None = None
    for unit in units:
        file, target = file_of(unit), waiting.target(unit)
        settings = [one for library in target.holding if (one := settings_of(config, library)) is not None]
        dates = [one.last_generated_at for one in settings if one.iterative and not one.force_full_next]
        generated = max((one for one in dates if one is not None), default=None)
        came = file.imported_at or file.created_at
        if generated is None or came is None or len(dates) != len(target.holding) or came >= generated:
            continue
        late_at = generated + waiting.scene.limits.not_in_jellyfin
        if waiting.scene.now < late_at:
            yield Later(at=late_at)
            continue
        skipped.append(unit)
        last = max(last or generated, generated)
    if skipped and last is not None:
        when = waiting.scene.clock(last)
        yield over(
            skipped,
            VFS_ITERATIVE(
                f"Shokofin's iterative generation skips {waiting.matter.what(skipped)}: matched before the last "
                f"generation at {when}, not linked then",
                "Shokofin → Library settings → force a full generation, then press v to refresh",
                waiting.scene.saw(waiting.ref, "iterative generation", f"on, last {when}", last),
                phrase=says("skipped by Shokofin's iterative generation"),
            ),
        )


CODES = (VFS_FILTERED, VFS_HIDDEN, VFS_EXTRAS, VFS_NO_TMDB, VFS_SEVERAL_SERIES, VFS_ITERATIVE)
