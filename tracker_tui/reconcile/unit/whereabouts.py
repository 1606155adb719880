"""Where the files of one title have arrived: the route of each, and what Shoko and Jellyfin hold of it."""

from datetime import datetime

from tracker_tui.model.arr import Episode, MediaFile, Movie, Series
from tracker_tui.model.ids import InstanceRef
from tracker_tui.reconcile.case import JellyfinFinding, Route, ShokoFinding
from tracker_tui.reconcile.facts.arr import ArrFacts
from tracker_tui.reconcile.facts.ledger import Facts
from tracker_tui.reconcile.facts.subjects import Subject, item_subject, jellyfin_key
from tracker_tui.reconcile.joins.jellyindex import Key
from tracker_tui.reconcile.joins.jellyjoin import Sought, series_items
from tracker_tui.reconcile.unit.findings import Places, hinted, jellyfin_finding, route_of, shoko_finding
from tracker_tui.reconcile.unit.joint import Joint
from tracker_tui.reconcile.unit.kin import Kin
from tracker_tui.reconcile.unit.shelf import Findings, Shelf


class Whereabouts:
    """The findings about one series or film; `reads` = what tells of a series as a whole."""

    def __init__(
        self, facts: Facts, places: Places, arr: ArrFacts, one: Series | Movie, *, shelf: Shelf, now: datetime
    ) -> None:
        self._facts, self._places, self._arr, self._one, self._shelf, self._now = facts, places, arr, one, shelf, now
        self._hint = hinted(facts, arr, one)
        self._kin: Kin | None = None
        self._routes: dict[str | None, Route] = {}
        self._shows: dict[InstanceRef, frozenset[str]] = {}
        self.reads: set[Subject] = set()
        if isinstance(one, Series):
            self._find_shows(one)

    def of(self, episode: Episode | None, joint: Joint, item_id: str | None) -> Findings:
        """Return route and findings of an episode, or of the film (None); `item_id` = its remembered Jellyfin item.

        While nothing they rest on has changed, they are those of the last look.
        """
        place = (episode.season, episode.number) if episode is not None else (0, 0)
        kept = self._shelf.findings.get(place)
        if kept is not None and kept.file is joint.file and kept.item_id == item_id and joint.rivals is None:
            return kept
        file = joint.file
        path = file.path if file is not None else None
        route = self._route(path)
        if file is None and episode is not None and item_id is None and self._nowhere(episode):
            return self._unfound(route, episode)
        reads: set[Subject] = set()
        shoko = self._in_shoko(file, reads) if file is not None and route is Route.ANIME else None
        common = self._facts.paths.to_common(self._arr.ref, path) if path is not None else None
        sought = Sought(path=common, shoko=shoko.match.file if shoko is not None else None, rivals=joint.rivals)
        jellyfin = jellyfin_finding(
            self._facts,
            self._one,
            episode,
            sought,
            reads,
            anime=route is Route.ANIME,
            item_id=item_id,
            shows=self._shows,
        )
        found = Findings(
            route=route, shoko=shoko, jellyfin=jellyfin, file=file, item_id=item_id, reads=frozenset(reads)
        )
        if episode is not None and (shoko is None or shoko.settles_at is None):
            self._shelf.findings[place] = found
        return found

    def _find_shows(self, series: Series) -> None:
        for word, value in (("tvdb", series.tvdb_id), ("tmdb", series.tmdb_id), ("imdb", series.imdb_id)):
            if value:
                self.reads.add(jellyfin_key(word, str(value)))
        for ref, ledger in self._facts.jellyfins.items():
            self._shows[ref] = series_items(ledger.index, series)
            for show in self._shows[ref]:
                self.reads |= {jellyfin_key("series", show), item_subject(show)}

    def _in_shoko(self, file: MediaFile, reads: set[Subject]) -> ShokoFinding | None:
        server = next(iter(self._facts.shokos.values()), None)
        if server is None:
            return None
        if self._kin is None:
            self._kin = Kin(self._facts, self._arr, server, self._one)
        return shoko_finding(self._facts, self._places, self._arr, file, self._kin, reads=reads, now=self._now)

    def _route(self, path: str | None) -> Route:
        """Return the route of a path; the files of a season share theirs."""
        folder = path.rpartition("/")[0] or path if path is not None else None
        known = self._routes.get(folder)
        if known is None:
            known = route_of(self._facts, self._places, self._arr, self._one, path, hint=self._hint)
            self._routes[folder] = known
        return known

    def _nowhere(self, episode: Episode) -> bool:
        """Return whether no Jellyfin knows the show, nor the episode by its own id: then nothing needs comparing."""
        if any(self._shows.values()):
            return False
        tvdb_id = str(episode.tvdb_id) if episode.tvdb_id else None
        return not any(ledger.index.find(Key.EPISODE_TVDB, tvdb_id) for ledger in self._facts.jellyfins.values())

    def _unfound(self, route: Route, episode: Episode) -> Findings:
        ref = next(reversed(self._facts.jellyfins), None)
        own = frozenset({jellyfin_key("tvdb", str(episode.tvdb_id))}) if episode.tvdb_id else frozenset[Subject]()
        known = self._facts.jellyfins[ref].listed_at if ref is not None else {}
        jellyfin = JellyfinFinding(ref=ref, looked="Series" in known) if ref is not None else None
        return Findings(route=route, shoko=None, jellyfin=jellyfin, file=None, item_id=None, reads=own)
