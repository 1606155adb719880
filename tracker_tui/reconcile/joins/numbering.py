"""Decide what the episode numbers of a whole set of files mean: TVDB, scene, absolute, season-relative, or dates.

One reading per group of files that are numbered alike, chosen by what fits the grabbed episodes and then the series;
two readings that fit equally and disagree leave the group without a place. Never decided file by file.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from datetime import date, timedelta

from tracker_tui.model.arr import Episode
from tracker_tui.model.record import Fact
from tracker_tui.reconcile.joins.filenames import NameFacts, comparable

Ids = tuple[int, ...]
Reading = Callable[[int], Ids]
"""One way to understand a number: number -> ids of the episodes it names."""

_ROMAN = {"ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10}
_MOST_SEASONS = 20
"""A number behind a title is a season up to here: `Area 88` is not in its 88th."""


class Placement(Fact):
    """The episodes a name means. `rank` = how well the name fits the series, `group` = the files judged with it."""

    episode_ids: Ids
    rank: int
    group: Hashable


class Catalogue:
    """The episodes of a series, by every number they go by."""

    def __init__(self, episodes: Iterable[Episode]) -> None:
        self.episodes = {episode.id: episode for episode in episodes}
        self._by: dict[tuple[str, int | None, int | None], list[int]] = defaultdict(list)
        self._days: dict[date, list[int]] = defaultdict(list)
        for episode in self.episodes.values():
            scene_season = episode.season if episode.scene_season is None else episode.scene_season
            self._by["tvdb", episode.season, episode.number].append(episode.id)
            self._by["scene", scene_season, episode.scene_number].append(episode.id)
            self._by["absolute in", episode.season, episode.absolute].append(episode.id)
            self._by["scene absolute in", scene_season, episode.scene_absolute].append(episode.id)
            if episode.season:
                self._by["absolute", None, episode.absolute].append(episode.id)
                self._by["scene absolute", None, episode.scene_absolute].append(episode.id)
            if episode.air_at is not None:
                self._days[episode.air_at.date()].append(episode.id)
        self.seasons = {episode.season for episode in self.episodes.values()} | {
            episode.scene_season for episode in self.episodes.values() if episode.scene_season is not None
        }

    def reading(self, way: str, season: int | None = None) -> Reading:
        """Return how numbers read that way, in that season."""
        return lambda number: tuple(self._by.get((way, season, number), ()))

    def compact(self, number: int) -> Ids:
        """Return the episode of an old scene number: 105 is S01E05."""
        return tuple(self._by.get(("tvdb", number // 100, number % 100), ())) if number >= 100 else ()

    def aired(self, day: date) -> Ids:
        """Return the only episode of a UTC day; two on one day are told apart by nothing in a dated name."""
        found = self._days.get(day, [])
        return (found[0],) if len(found) == 1 else ()


class Titles:
    """What a release's title says against the known titles of the series."""

    def __init__(self, titles: Iterable[str]) -> None:
        self._titles = frozenset(comparable(title) for title in titles) - {""}

    def rank(self, prefix: str) -> int:
        """Return 2 for a known title, its beginning or no title at all, 1 for one with more behind it, else 0."""
        if not self._titles or not prefix or self.season(prefix) is not None:
            return 2
        padded = prefix + " "
        if any((title + " ").startswith(padded) for title in self._titles):
            return 2
        return 1 if any(padded.startswith(title + " ") for title in self._titles) else 0

    def season(self, prefix: str) -> int | None:
        """Return the season of a known title followed by nothing but a numeral: `Show 2`, `Show II`."""
        title, _, numeral = prefix.rpartition(" ")
        if title not in self._titles:
            return None
        number = int(numeral) if numeral.isdecimal() else _ROMAN.get(numeral, 0)
        return number if 2 <= number <= _MOST_SEASONS else None


def place(
    names: Mapping[int, tuple[str, NameFacts]],
    catalogue: Catalogue,
    grabbed: Collection[int] | None,
    titles: Titles,
) -> dict[int, Placement]:
    """Return the placement of each name that has one; `names` maps a file's index to its folder and facts."""
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for index, (folder, facts) in names.items():
        groups[_group(folder, facts, titles)].append(index)
    wanted = frozenset(catalogue.episodes if grabbed is None else grabbed)
    placed: dict[int, Placement] = {}
    for key, members in groups.items():
        facts_of = {index: names[index][1] for index in members}
        first = facts_of[members[0]]
        if first.air_date is not None:
            found = _read_days(facts_of, catalogue, wanted)
        else:
            found = _read_numbers(facts_of, catalogue, wanted, titles.season(first.prefix))
        rank = titles.rank(first.prefix)
        placed |= {index: Placement(episode_ids=ids, rank=rank, group=key) for index, ids in found.items() if ids}
    return placed


def _group(folder: str, facts: NameFacts, titles: Titles) -> Hashable:
    """Return the key of the files numbered alike: one season's, one folder's under one title, or all dated ones."""
    rank = titles.rank(facts.prefix)
    if facts.air_date is not None:
        return "dated", rank
    if facts.season is not None:
        return "season", facts.season, rank
    return "bare", folder, rank, titles.season(facts.prefix), "" if rank == 2 else facts.prefix


def _read_numbers(
    facts_of: Mapping[int, NameFacts], catalogue: Catalogue, wanted: Collection[int], behind_title: int | None
) -> dict[int, Ids]:
    """Return what the numbers of one group mean; {} when nothing fits or two readings fit equally and disagree."""
    numbers = {index: facts.episodes or facts.numbers for index, facts in facts_of.items()}
    distinct = sorted({number for several in numbers.values() for number in several})
    named = next(iter(facts_of.values())).season
    season = behind_title if named is None else named
    foreign = season is not None and season not in catalogue.seasons
    if foreign and named is not None:
        return {}
    families = _bare_readings(catalogue, wanted) if season is None or foreign else [_season_readings(catalogue, season)]
    best = [_best(family, distinct, wanted) for family in families]
    top = max(fit for fit, _ in best)
    meanings = [meaning for fit, meaning in best if fit == top]
    if any(meaning != meanings[0] for meaning in meanings) or (foreign and top[0] < len(distinct)):
        return {}
    return {
        index: tuple(dict.fromkeys(one for number in several for one in meanings[0][number]))
        for index, several in numbers.items()
    }


def _season_readings(catalogue: Catalogue, season: int) -> list[Reading]:
    """Return how numbers under a season label may be meant; Sonarr, too, takes scene numbers first where it has them.

    Season 1 may run on over several of TVDB's seasons: S01E13 is S02E01 there.
    """
    ways = ("scene", "tvdb", "absolute in", "scene absolute in")
    running_on = ("scene absolute", "absolute") if season == 1 else ()
    return [catalogue.reading(way, season) for way in ways] + [catalogue.reading(way) for way in running_on]


def _bare_readings(catalogue: Catalogue, wanted: Collection[int]) -> list[list[Reading]]:
    """Return how bare numbers may be meant: absolute, relative to the only wanted season, or compact (105)."""
    seasons = {catalogue.episodes[one].season for one in wanted if one in catalogue.episodes} - {0}
    families: list[list[Reading]] = [
        [catalogue.reading("scene absolute"), catalogue.reading("absolute")],
        [catalogue.compact],
    ]
    if len(seasons) == 1:
        season = seasons.pop()
        families.append([catalogue.reading("scene", season), catalogue.reading("tvdb", season)])
    return families


_Fit = tuple[int, int]
"""Numbers that mean a wanted episode, numbers that mean any."""


def _best(family: Iterable[Reading], numbers: Sequence[int], wanted: Collection[int]) -> tuple[_Fit, dict[int, Ids]]:
    """Return the reading of a family that fits best, the first of equals, as its fit and its meaning."""
    fits = []
    for reading in family:
        meaning = {number: reading(number) for number in numbers}
        hits = sum(any(one in wanted for one in ids) for ids in meaning.values())
        fits.append(((hits, sum(bool(ids) for ids in meaning.values())), meaning))
    return max(fits, key=lambda fit: fit[0])


def _read_days(facts_of: Mapping[int, NameFacts], catalogue: Catalogue, wanted: Collection[int]) -> dict[int, Ids]:
    """Return the episodes of dated names: a local date is the UTC date of `air_at` or a neighbour, alike for all."""
    days = {index: facts.air_date for index, facts in facts_of.items() if facts.air_date is not None}

    def shifted(offset: int) -> dict[int, Ids]:
        return {index: catalogue.aired(day + timedelta(days=offset)) for index, day in days.items()}

    def fit(found: dict[int, Ids]) -> _Fit:
        return sum(any(one in wanted for one in ids) for ids in found.values()), sum(map(bool, found.values()))

    return max((shifted(offset) for offset in (0, 1, -1)), key=fit)
