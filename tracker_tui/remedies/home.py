"""Which Jellyfin library an imported file belongs to: by Shokofin's mapping, by what is there already, by its path."""

from collections.abc import Iterable, Sequence

from tracker_tui.diagnose.mapping import Target, library_at, mapped_folders, suits, target_of
from tracker_tui.model.jellyfin import JellyfinItem, Library
from tracker_tui.model.record import Fact
from tracker_tui.reconcile.joins.homes import holds
from tracker_tui.reconcile.joins.paths import segments
from tracker_tui.remedies.place import Place, WaitingFile
from tracker_tui.remedies.standing import Standing


class Home(Fact):
    """The libraries that can show the waiting files, the likeliest first.

    `together` = each of them can show all files. `barred` = Shokofin's mapping says that no library can; `candidates`
    are then the ones that should.
    """

    libraries: tuple[Library, ...] = ()
    together: bool = True
    barred: bool = False
    candidates: tuple[Library, ...] = ()


def anime_home(place: Place, standing: Standing, *, is_movie: bool) -> Home:
    """Return the libraries that Shokofin fills with the waiting files."""
    files = [one for one in place.files or () if one.shoko is not None and one.shoko.matched]
    targets = [target_of(one.shoko, standing.view, is_movie=is_movie) for one in files if one.shoko is not None]
    known = [one for one in targets if one.known]
    held = [one for one in known if one.holding]
    if known and not held:
        return Home(barred=True, candidates=_each(one.unmapped or one.others for one in known))
    if held:
        return _common(held, is_movie=is_movie)
    ours = [one for one in standing.libraries if one.uses_shoko]
    found = of_items(place.items, ours) or _by_paths(place.files or (), ours, standing, is_movie=is_movie)
    return Home(libraries=(found,) if found is not None else ())


def regular_home(place: Place, standing: Standing, *, is_movie: bool) -> Home:
    """Return the library that covers the waiting files, or the request's item, by path."""
    others = [one for one in standing.libraries if not one.uses_shoko]
    found = _by_paths(place.files or (), others, standing, is_movie=is_movie) or of_items(place.items, others)
    return Home(libraries=(found,) if found is not None else ())


def unmapped(library: Library, standing: Standing) -> bool:
    """Return whether Shokofin fills this library and its configuration maps it to no Shoko folder."""
    config = standing.shokofin.config
    if not library.uses_shoko or config is None or config.folders is None or library.id is None:
        return False
    if any(one.folder_id is None or one.library_id is None for one in config.folders):
        return False  # a shape that is not understood: nothing is said about it
    return not mapped_folders(config, library)


def of_items(items: Iterable[JellyfinItem], libraries: Sequence[Library]) -> Library | None:
    """Return the library in which an item lies."""
    for item in items:
        path = segments(item.path or "")
        for library in libraries:
            if holds(library, path):
                return library
    return None


def _common(targets: Sequence[Target], *, is_movie: bool) -> Home:
    choices = [
        [one for one in target.holding if suits(one, is_movie=is_movie)] or list(target.holding) for target in targets
    ]
    shared = [one for one in choices[0] if all(one in choice for choice in choices[1:])]
    return Home(libraries=tuple(shared)) if shared else Home(libraries=_each(choices), together=False)


def _each(groups: Iterable[Sequence[Library]]) -> tuple[Library, ...]:
    return tuple(dict.fromkeys(one for group in groups for one in group))


def _by_paths(
    files: Sequence[WaitingFile], libraries: Sequence[Library], standing: Standing, *, is_movie: bool
) -> Library | None:
    """Return the library to which the files' folders belong."""
    return library_at(files[0].path if files else "", libraries, standing.shokofin.config, is_movie=is_movie)
