"""What a request is called and what kind of thing it is."""

from datetime import datetime

from tracker_tui.model.arr import Movie
from tracker_tui.model.text import SafeText, clean
from tracker_tui.reconcile.case import Route
from tracker_tui.reconcile.joins.homes import holds
from tracker_tui.reconcile.joins.paths import segments
from tracker_tui.reconcile.request.sight import Sight
from tracker_tui.reconcile.unit.findings import hinted, route_of


def title_of(sight: Sight) -> SafeText:
    """Return its title, from whoever knows it best."""
    title, request = sight.tracked.title, sight.tracked.request
    if sight.one is not None:
        return sight.one.title
    if title is not None and title.title is not None:
        return title.title
    if sight.known is not None:
        return sight.known.title
    if request is not None and request.slug is not None and not request.slug.isdigit():
        return clean(request.slug.replace("-", " ").title())
    return clean(f"TMDB {request.tmdb_id}" if request is not None and request.tmdb_id else sight.tracked.id)


def original_title_of(sight: Sight) -> SafeText | None:
    """Return its title in the original language, where that is another one."""
    original = sight.one.original_title if isinstance(sight.one, Movie) else None
    if original is None and sight.tracked.title is not None:
        original = sight.tracked.title.original_title
    if original is None and sight.known is not None:
        original = sight.known.original_title
    return original if original != title_of(sight) else None


def titles_of(sight: Sight) -> tuple[SafeText, ...]:
    """Return every title it is known by, Jellyfin's included."""
    found: list[SafeText] = [title_of(sight)]
    if (original := original_title_of(sight)) is not None:
        found.append(original)
    if sight.one is not None:
        found += sight.one.titles
    elif sight.known is not None:
        found += sight.known.titles
    for unit in sight.units:
        item = unit.jellyfin.found.item if unit.jellyfin is not None else None
        name = None if item is None else item.series_name if unit.episode is not None else item.name
        if name is not None:
            found.append(name)
    return tuple(dict.fromkeys(found))


def is_4k(sight: Sight) -> bool:
    """Return whether it was asked for in 4K."""
    request = sight.tracked.request
    return request.is_4k if request is not None else sight.known.is_4k if sight.known is not None else False


def requested_at(sight: Sight) -> datetime | None:
    """Return when it was asked for; without a request, when it was added."""
    request = sight.tracked.request
    if request is not None and request.created_at is not None:
        return request.created_at
    if sight.known is not None and sight.known.requested_at is not None:
        return sight.known.requested_at
    return sight.one.added_at if sight.one is not None else None


def is_anime(sight: Sight) -> bool | None:
    """Return whether it takes the anime route; None while nothing says so."""
    if any(unit.route is Route.ANIME for unit in sight.units):
        return True
    if sight.arr is not None and sight.one is not None:
        if not sight.facts.shokos:
            return hinted(sight.facts, sight.arr, sight.one)
        hint = hinted(sight.facts, sight.arr, sight.one)
        return route_of(sight.facts, sight.look.places, sight.arr, sight.one, None, hint=hint) is Route.ANIME
    if sight.known is not None:
        return sight.known.anime
    return sight.tracked.title.anime_keyword if sight.tracked.title is not None else None


def library_of(sight: Sight) -> str | None:
    """Return the Jellyfin library that holds its items."""
    for unit in sight.units:
        item = unit.jellyfin.found.item if unit.jellyfin is not None else None
        if item is None or item.path is None or unit.jellyfin is None:
            continue
        place = segments(item.path)
        for library in sight.facts.jellyfins[unit.jellyfin.ref].libraries or ():
            if holds(library, place):
                return library.id or library.name
    return None
