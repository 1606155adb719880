"""What Shoko and Jellyfin say about one imported file, and which route it takes (R4, R5, SPEC 2.1.6)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from tracker_tui.model.arr import Episode, MediaFile, Movie, Series
from tracker_tui.model.ids import InstanceRef, Kind
from tracker_tui.model.shoko import EpisodeLink, ShokoFile, ShokoLocation
from tracker_tui.reconcile.case import JellyfinFinding, Route, ShokoFinding
from tracker_tui.reconcile.facts.arr import ArrFacts
from tracker_tui.reconcile.facts.jellyfin import JellyfinFacts
from tracker_tui.reconcile.facts.ledger import Facts
from tracker_tui.reconcile.facts.shoko import ShokoFacts
from tracker_tui.reconcile.facts.subjects import (
    Subject,
    answer,
    entry,
    item_subject,
    jellyfin_key,
    shoko_episode,
    shoko_name,
    shoko_series,
    shoko_work,
)
from tracker_tui.reconcile.joins.jellyindex import Key
from tracker_tui.reconcile.joins.jellyjoin import Found, Sought, find_episode, find_movie, series_items
from tracker_tui.reconcile.joins.paths import Segments, common_suffix, segments
from tracker_tui.reconcile.joins.shokojoin import (
    Coverage,
    FolderMap,
    FolderVerdict,
    Inside,
    ShokoMatch,
    ShokoStep,
    coverage,
    episode_ids,
    series_ids,
    shoko_step,
)
from tracker_tui.reconcile.unit.kin import Kin
from tracker_tui.reconcile.unit.work import Work

JOB_SHOWS_WITHIN = timedelta(seconds=60)
"""So soon after it was hashed a file is not called unrecognised: the job that asks AniDB may not be seen yet."""


class Places:
    """Which paths of each Sonarr or Radarr lie in a Shoko folder; learns from files that both services know."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._maps: dict[tuple[InstanceRef, InstanceRef], tuple[object, FolderMap]] = {}
        self._verdicts: dict[tuple[InstanceRef, InstanceRef], dict[str, FolderVerdict]] = {}
        self.revision = 0
        self._pairs: dict[InstanceRef, dict[tuple[Segments, Segments], tuple[str, ShokoLocation]]] = {}
        self.learnt = False
        """Whether a place was learnt since this was last cleared: routes decided before may differ now."""

    def where(self, arr: ArrFacts, shoko: ShokoFacts, path: str) -> FolderVerdict:
        """Return whether `path`, as `arr` names it, lies in a folder of `shoko`."""
        path = self._facts.paths.between(arr.ref, shoko.ref, path)
        pairs = self._pairs.get(arr.ref, {})
        state = (shoko.folders, shoko.all_folders, arr.listed_at, len(arr.series) + len(arr.movies), len(pairs))
        known = self._maps.get((arr.ref, shoko.ref))
        if known is None or known[0] != state:
            entries: list[Series | Movie] = [*arr.series.values(), *arr.movies.values()]
            reported = {one.root_folder for one in entries if one.root_folder}
            roots = {self._facts.paths.between(arr.ref, shoko.ref, root) for root in reported}
            places = FolderMap(shoko.folders or (), roots=sorted(roots), pairs=[pairs[key] for key in sorted(pairs)])
            known = self._maps[arr.ref, shoko.ref] = (state, places)
            self._verdicts[arr.ref, shoko.ref] = {}
            self.revision += 1
        verdicts = self._verdicts[arr.ref, shoko.ref]
        folder = path.rpartition("/")[0] or path
        verdict = verdicts.get(folder)
        if verdict is None:
            verdict = known[1].where(path)
            if verdict.inside is Inside.NO and not shoko.all_folders:
                verdict = FolderVerdict(inside=Inside.UNKNOWN)
            verdicts[folder] = verdict
        return verdict

    def learn(self, arr: ArrFacts, shoko: ShokoFacts, path: str, locations: Sequence[ShokoLocation]) -> None:
        """Take a file both services know, if its place is not known yet."""
        if not locations or self.where(arr, shoko, path).inside is Inside.YES:
            return
        path = self._facts.paths.between(arr.ref, shoko.ref, path)
        own = segments(path)
        key = (own[:-2], segments(locations[0].absolute_path or locations[0].relative_path or "")[:-2])
        if key not in self._pairs.setdefault(arr.ref, {}):
            self._pairs[arr.ref][key] = (path, locations[0])
            self.learnt = True


def hinted(facts: Facts, arr: ArrFacts, one: Series | Movie) -> bool:
    """Return whether series type, tag or root folder hint at anime. Genre never does."""
    if isinstance(one, Series) and one.series_type == "anime":
        return True
    hints = facts.setup.hints
    labels = {tag.id: tag.label.casefold() for tag in arr.tags}
    if {labels.get(tag) for tag in one.tags} & {label.casefold() for label in hints.tags}:
        return True
    root = (one.root_folder or one.path or "").rstrip("/")
    if any(root == folder or root.startswith(f"{folder}/") for folder in hints.root_folders):
        return True
    return any(fragment.casefold() in root.casefold() for fragment in hints.path_fragments)


def route_of(
    facts: Facts, places: Places, arr: ArrFacts, one: Series | Movie, path: str | None, *, hint: bool
) -> Route:
    """Return the route of a file at `path`, or of the whole title while there is none; `hint` = what `hinted` says."""
    shoko = next(iter(facts.shokos.values()), None)
    if shoko is None or no_shokofin(facts):
        return Route.REGULAR
    place = path or one.path or one.root_folder
    if place is not None and shoko.folders:
        inside = places.where(arr, shoko, place if path else f"{place}/x").inside
        if inside is Inside.YES:
            return Route.ANIME
        if path is not None and inside is Inside.NO and _in_plain_library(facts, path):
            return Route.REGULAR
    return Route.ANIME if hint else Route.REGULAR


def _in_plain_library(facts: Facts, path: str) -> bool:
    """Return whether a file lies in a library that Shokofin has no part in, going by the names of its folders.

    The services may see one disk under different roots: the library with the longest run of equal names has it.
    """
    folders = segments(path)[:-1]
    shares: dict[bool, int] = {}
    for ledger in facts.jellyfins.values():
        config = ledger.shokofin.config if ledger.shokofin is not None else None
        for library in ledger.libraries or ():
            mapped = [one.path for one in (config.folders if config else None) or () if one.library_id == library.id]
            homes = [segments(one) for one in (*library.locations, *mapped) if one is not None]
            run = max(
                (common_suffix(folders[:end], home) for home in homes for end in range(1, len(folders))), default=0
            )
            shares[bool(library.uses_shoko)] = max(run, shares.get(bool(library.uses_shoko), 0))
    return shares.get(False, 0) > shares.get(True, 0)


def no_shokofin(facts: Facts) -> bool:
    """Return whether every Jellyfin has said that no library of its is driven by Shokofin."""
    return bool(facts.jellyfins) and all(ledger.without_shokofin for ledger in facts.jellyfins.values())


def shoko_finding(
    facts: Facts,
    places: Places,
    arr: ArrFacts,
    file: MediaFile,
    kin: Kin,
    *,
    reads: set[Subject],
    now: datetime,
) -> ShokoFinding | None:
    """Return what Shoko says about an imported file of the anime route; `kin` = of its title."""
    shoko = next(iter(facts.shokos.values()), None)
    if shoko is None or file.path is None:
        return None
    own = segments(facts.paths.between(arr.ref, shoko.ref, file.path))
    if own:
        reads.add(shoko_name(own[-1]))
    asked_at = shoko.asked_at(segments(file.path)) or shoko.asked_at(own)
    match = kin.by_path(file)
    unseen = match == ShokoMatch() and asked_at is not None
    if unseen:
        reads |= kin.subjects()
        match = kin.by_size(file)
    if match.file is not None and not unseen:
        reads.update(shoko_name(segments(one.relative_path or "x")[-1]) for one in match.file.locations)
        places.learn(arr, shoko, file.path, match.file.locations)
    step = shoko_step(match.file) if match.file is not None else None
    if step is not ShokoStep.MATCHED:
        reads.add(shoko_work(shoko.ref))
    work = Work(shoko)
    job = work.of(own) if step is not ShokoStep.MATCHED else None
    settles_at = _settles_at(match.file) if step is ShokoStep.UNRECOGNISED and match.file is not None else None
    young = settles_at is not None and now < settles_at
    finding = ShokoFinding(
        ref=shoko.ref,
        asked_at=asked_at or (shoko.state_at if match.file is not None else None),
        match=match,
        step=step,
        kin=kin.series if unseen else (),
        renamed=unseen and match.file is not None,
        job=job,
        where=places.where(arr, shoko, file.path) if match == ShokoMatch() else None,
        hashing=step is None and work.hashes(own),
        identifying=step is ShokoStep.UNRECOGNISED
        and (young or _outdated(shoko, own, asked_at, reads) or work.names(own, settles_at)),
        loading=step is ShokoStep.LIMBO and work.loads(),
        worked_on=job is not None,
        settles_at=settles_at if young else None,
    )
    covers = part_held(facts, finding, reads)
    return finding if covers is None else replace(finding, covers=covers)


def _outdated(shoko: ShokoFacts, path: Segments, asked_at: datetime | None, reads: set[Subject]) -> bool:
    """Return whether the look-up of a file is older than the end of a job that might have named it."""
    ended_at = shoko.ended_at(path)
    if asked_at is None or ended_at is None or asked_at >= ended_at:
        return False
    reads.add(answer(shoko.ref, "files"))
    return True


def _settles_at(file: ShokoFile) -> datetime | None:
    return file.created_at + JOB_SHOWS_WITHIN if file.created_at is not None else None


def part_held(facts: Facts, finding: ShokoFinding, reads: set[Subject]) -> Coverage | None:
    """Return which part of an episode a file holds together with those Jellyfin plays beside it; None = all of it.

    Companions that Shoko has not told about yet may hold the rest: then nothing is said (None).
    """
    own = finding.match.file
    if own is None or not any(ep.start_percent or ep.end_percent not in {None, 100} for ep in _links(own)):
        return None
    shoko = facts.shokos[finding.ref]
    for number in episode_ids(own):
        reads |= {jellyfin_key("shoko-episode", number), shoko_episode(finding.ref, number)}
        beside = {
            file_id
            for ledger in facts.jellyfins.values()
            for item in ledger.index.find(Key.SHOKO_EPISODE, number)
            for file_id in item.shoko_file_ids
        }
        known = {own.id: own} | shoko.files_of(number)
        if not beside <= known.keys():
            return None
        held = coverage(number, known.values())
        if not held.complete:
            return held
    return None


def _links(file: ShokoFile) -> list[EpisodeLink]:
    return [episode for link in file.links for episode in link.episodes]


def jellyfin_finding(
    facts: Facts,
    one: Series | Movie,
    episode: Episode | None,
    sought: Sought,
    reads: set[Subject],
    *,
    anime: bool,
    item_id: str | None,
    shows: Mapping[InstanceRef, frozenset[str]],
) -> JellyfinFinding | None:
    """Return what the Jellyfins say: the first that plays it, else the last one's answer.

    `item_id` = what it was; `shows` = the series' items in each Jellyfin.
    """
    best: JellyfinFinding | None = None
    common = sought
    for ref, ledger in facts.jellyfins.items():
        sought = _as_named_by(facts, ref, common)
        if isinstance(one, Movie):
            found = find_movie(ledger.index, one, sought)
        elif episode is not None:
            found = find_episode(ledger.index, one, episode, sought, anime=anime, shows=shows.get(ref))
        else:
            continue
        if found.item is not None:
            best = JellyfinFinding(ref=ref, found=found)
            break
        best = JellyfinFinding(
            ref=ref,
            found=found,
            denied_at=_denied_at(ledger, one, item_id) if item_id is not None else None,
            looked=_looked(facts, ledger, one, sought, shows=shows.get(ref, frozenset()), reads=reads),
        )
    reads |= _reads_of(best.found if best is not None else Found(), episode or one, sought)
    if item_id is not None:
        reads.add(item_subject(item_id))
    return best


def _as_named_by(facts: Facts, ref: InstanceRef, common: Sought) -> Sought:
    """Return what is sought with its paths as a Jellyfin names them."""
    if not facts.setup.path_maps:
        return common
    path = facts.paths.from_common(ref, common.path) if common.path is not None else None
    rivals = tuple(facts.paths.from_common(ref, one) for one in common.rivals) if common.rivals is not None else None
    return Sought(path=path, shoko=common.shoko, rivals=rivals)


def shoko_shows(facts: Facts, ledger: JellyfinFacts, numbers: Iterable[int], reads: set[Subject]) -> set[str]:
    """Return the series items that carry the number of a Shoko series, or of a group that it is known to be in.

    Shokofin's series carry TVDB and TMDB ids only on request (off by default); of several that it merges into one, that
    carries the main one's number, and the group's.
    """
    found: set[str] = set()
    for number in numbers:
        reads.add(jellyfin_key("shoko-series", number))
        found |= {item.id for item in ledger.index.find(Key.SERIES_SHOKO, number)}
        for ref, shoko in facts.shokos.items():
            reads.add(shoko_series(ref, number))
            series = shoko.series.get(number)
            for group in series.group_ids if series is not None else ():
                reads.add(jellyfin_key("shoko-group", group))
                found |= {item.id for item in ledger.index.find(Key.SERIES_GROUP, group)}
    return found


def _looked(
    facts: Facts,
    ledger: JellyfinFacts,
    one: Series | Movie,
    sought: Sought,
    *,
    shows: frozenset[str],
    reads: set[Subject],
) -> bool:
    """Return whether this Jellyfin has answered what would have shown the film, or the episode below its shows."""
    if isinstance(one, Movie):
        return ledger.listed_at.get("Movie") is not None
    if ledger.listed_at.get("Series") is None:
        return False
    merged = shoko_shows(facts, ledger, series_ids(sought.shoko) if sought.shoko is not None else (), reads)
    reads |= {jellyfin_key("series", show) for show in merged} | {item_subject(show) for show in merged}
    return all(ledger.denied_below(show) is not None for show in shows | merged)


def _denied_at(ledger: JellyfinFacts, one: Series | Movie, item_id: str) -> datetime | None:
    """Return when an answer last did not show the item this used to be, or any item for it."""
    denied = ledger.denied_at(item_id)
    if denied is not None:
        return denied
    if isinstance(one, Movie):
        return ledger.listed_at.get("Movie")
    times = [ledger.denied_below(show) for show in series_items(ledger.index, one)]
    return max((at for at in (*times, ledger.listed_at.get("Episode")) if at is not None), default=None)


def _reads_of(found: Found, named: Series | Movie | Episode, sought: Sought) -> set[Subject]:
    """Return what would change the answer: the item that was found, else every key it could be found by."""
    if found.item is not None:
        return {item_subject(found.item.id)}
    reads: set[Subject] = set()
    if isinstance(named, Movie):
        ids = (("tmdb", named.tmdb_id), ("imdb", named.imdb_id))
        reads |= {jellyfin_key(word, str(value)) for word, value in ids if value}
    elif named.tvdb_id:
        reads.add(jellyfin_key("tvdb", str(named.tvdb_id)))
    if sought.path is not None and (own := segments(sought.path)):
        reads.add(jellyfin_key("name", own[-1]))
    if sought.shoko is not None:
        reads.add(jellyfin_key("file", sought.shoko.id))
        reads |= {jellyfin_key("shoko-episode", number) for number in episode_ids(sought.shoko)}
    return reads


def rivals_of(facts: Facts, arr: ArrFacts, one: Series | Movie, reads: set[Subject]) -> dict[InstanceRef, int]:
    """Return the same title in other instances of the same kind: their versions may be what Jellyfin plays."""
    kind = Kind.RADARR if isinstance(one, Movie) else Kind.SONARR
    rivals: dict[InstanceRef, int] = {}
    for ref in facts.setup.of(kind):
        if ref == arr.ref:
            continue
        tvdb_id = one.tvdb_id if isinstance(one, Series) else None
        for number in sorted(facts.arrs[ref].entries_with(tvdb_id=tvdb_id, tmdb_id=one.tmdb_id))[:1]:
            rivals[ref] = number
            reads.add(entry(ref, number))
    return rivals


def film_rivals(facts: Facts, arr: ArrFacts, movie: Movie, reads: set[Subject]) -> tuple[str, ...] | None:
    """Return the paths of the same film in other instances, in the common notation; None = no other has it."""
    rivals = rivals_of(facts, arr, movie, reads)
    if not rivals:
        return None
    others = [(ref, facts.arrs[ref].movies[number].file) for ref, number in rivals.items()]
    named = [(ref, file.path) for ref, file in others if file is not None and file.path is not None]
    return tuple(facts.paths.to_common(ref, path) for ref, path in named)


def episode_rivals(facts: Facts, rivals: Mapping[InstanceRef, int], episode: Episode) -> tuple[str, ...] | None:
    """Return the paths of the same episode in other instances, in the common notation; None = no other has it."""
    if not rivals:
        return None
    paths: list[str] = []
    for ref, number in rivals.items():
        other = facts.arrs[ref]
        for one in other.episodes.get(number, {}).values():
            if (one.season, one.number) == (episode.season, episode.number) and one.file_id is not None:
                file = other.files.get(number, {}).get(one.file_id)
                if file is not None and file.path is not None:
                    paths.append(facts.paths.to_common(ref, file.path))
    return tuple(paths)
