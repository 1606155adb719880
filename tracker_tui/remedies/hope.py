"""Whether a refresh can help, as the diagnoses of the world say it."""

from collections.abc import Iterator

from tracker_tui.model.world import Diagnosis, Problem, RequestRow, World

HELPED = frozenset(
    {
        "VFS_MISSING_ENTRY",
        "NOT_SCANNED",
        "SIGNALR_DOWN",
        "VFS_LIBRARY_EMPTY",
        "VFS_NOT_INDEXED",
        "VFS_ROOT_EMPTY",
        "JF_SCAN_RUNNING",
        "JF_STUB",
    }
)
"""Verdicts about files that a refresh may bring; one of them outweighs all of the next."""

BARRED = frozenset(
    {
        "SHOKO_NOT_SEEN",
        "OUTSIDE_SHOKO",
        "SHOKO_HASHING",
        "SHOKO_QUEUE",
        "SHOKO_QUEUE_STALLED",
        "SHOKO_IDENTIFYING",
        "ANIDB_BANNED",
        "SHOKO_NO_INTERNET",
        "SHOKO_UNRECOGNIZED",
        "SHOKO_LIMBO",
        "SHOKO_IGNORED",
        "SHOKO_INACCESSIBLE",
        "SHOKOFIN_MISSING",
        "SHOKOFIN_NO_SHOKO",
        "VFS_UNMAPPED",
        "VFS_OTHER_FOLDER",
        "VFS_FILTERED",
        "VFS_HIDDEN",
        "VFS_EXTRAS",
        "VFS_NO_TMDB",
        "VFS_IGNORED",
        "SHOKOFIN_NO_LIBRARY",
        "VFS_SEVERAL_SERIES",
        "VFS_ITERATIVE",
        "VFS_FOLDER_MISSING",
        "VFS_FILE_UNSEEN",
    }
)
"""Verdicts about files that no refresh brings before somebody has done something else."""

_OF_LIBRARIES = frozenset({"VFS_UNMAPPED", "SHOKOFIN_MISSING", "SHOKOFIN_NO_SHOKO"})


def verdicts(row: RequestRow, problems: tuple[Problem, ...]) -> Iterator[Diagnosis]:
    """Yield what the world says about a request, gravest first: its own diagnoses, then the problems it shares.

    A problem stands apart from the rows it explains; they carry its words.
    """
    own = [
        *row.diagnoses,
        *(one for season in row.seasons for one in season.diagnoses),
        *(one for season in row.seasons for episode in season.episodes for one in episode.diagnoses),
    ]
    phrases = {phrase.text for phrase in row.phrases if phrase.text}
    phrases |= {phrase.text for season in row.seasons for phrase in season.phrases if phrase.text}
    shared = [
        one.diagnosis
        for one in problems
        if one.diagnosis.phrase is not None and one.diagnosis.phrase.text and one.diagnosis.phrase.text in phrases
    ]
    yield from sorted(dict.fromkeys([*own, *shared]), key=lambda one: -one.attention)


def barred(row: RequestRow, world: World) -> Diagnosis | None:
    """Return the gravest verdict that no refresh can change; None where one may help with a part."""
    said = list(verdicts(row, world.problems))
    if any(one.code in HELPED for one in said):
        return None
    return next((one for one in said if one.code in BARRED), None)


def barred_library(name: str, jellyfin: str, world: World) -> Diagnosis | None:
    """Return the verdict that keeps Shokofin from filling a library."""
    return next(
        (
            one.diagnosis
            for one in world.problems
            if one.diagnosis.code in _OF_LIBRARIES and one.name == jellyfin and one.scope in {None, name}
        ),
        None,
    )
