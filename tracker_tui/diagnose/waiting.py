"""Matched files that Jellyfin lacks, with what its plugin says: what the rules about Shokofin look at."""

from collections.abc import Callable, Generator, Iterable

from tracker_tui.diagnose.looking import Eyes
from tracker_tui.diagnose.mapping import Target, target_of
from tracker_tui.diagnose.matter import Matter
from tracker_tui.diagnose.rule import Later, Word
from tracker_tui.diagnose.scene import Scene
from tracker_tui.diagnose.sweeps import Sweep, sweep_since
from tracker_tui.model.clauses import Clause
from tracker_tui.model.ids import InstanceRef
from tracker_tui.model.jellyfin import Library, ShokofinConfig
from tracker_tui.model.observation import ShokofinRead
from tracker_tui.model.shoko import ShokoFile, ShokoSeries
from tracker_tui.model.world import Phrase
from tracker_tui.reconcile.case import JellyfinView, Unit
from tracker_tui.reconcile.joins.shokojoin import series_ids
from tracker_tui.reconcile.request.summary import matched_since


class Waiting:
    """A request with matched files that one Jellyfin lacks, and what its plugin says."""

    def __init__(self, matter: Matter, scene: Scene, ref: InstanceRef, shoko: InstanceRef) -> None:
        self.matter, self.scene, self.ref, self.shoko = matter, scene, ref, shoko
        self.view: JellyfinView = scene.jellyfin(ref)
        self.plugin: ShokofinRead = self.view.shokofin or ShokofinRead()
        self.config: ShokofinConfig | None = self.plugin.config
        self.is_movie = matter.row.is_movie
        self.eyes = Eyes(ref, self.view.looks)

    def target(self, unit: Unit) -> Target:
        """Return where a unit should appear."""
        return target_of(file_of(unit), self.view, is_movie=self.is_movie)

    def series(self, file: ShokoFile) -> ShokoSeries | None:
        """Return the Shoko series of a file, if it is only one and was asked for."""
        ids = series_ids(file)
        return self.scene.shoko(self.shoko).series.get(ids[0]) if len(ids) == 1 else None

    def swept(self, units: list[Unit]) -> Sweep | None:
        """Return the newest scan or refresh of the units' libraries since their match, if one is over."""
        since = matched_since(units)
        if since is None:
            return None
        return sweep_since(self.scene, self.ref, since, self.matter.row.id, self.homes(units))

    def homes(self, units: list[Unit]) -> list[Library]:
        """Return the libraries that map the units' folders."""
        return list(dict.fromkeys(one for unit in units for one in self.target(unit).holding))

    def alike(self, units: Iterable[Unit], key: Callable[[Unit], object]) -> list[list[Unit]]:
        """Return the units in groups of the same key; those without one are left out."""
        groups: dict[object, list[Unit]] = {}
        for unit in units:
            found = key(unit)
            if found is not None:
                groups.setdefault(found, []).append(unit)
        return list(groups.values())


Cause = Callable[[Waiting, list[Unit]], Iterable[Word]]
"""Looks for one reason among the units that no earlier cause explained."""


def file_of(unit: Unit) -> ShokoFile:
    """Return the Shoko file of a matched unit."""
    file = unit.shoko.match.file if unit.shoko is not None else None
    return file if file is not None else ShokoFile(id=0)


def overdue(waiting: Waiting, units: list[Unit]) -> Generator[Later, None, bool]:
    """Return whether units have been matched so long that Jellyfin should show them; before that tell when."""
    since = matched_since(units)
    if since is None:
        return False
    late_at = since + waiting.scene.limits.not_in_jellyfin
    if waiting.scene.now < late_at:
        yield Later(at=late_at)
        return False
    return True


def says(text: str) -> Phrase:
    """Return a cause's own words for the summary."""
    return Phrase(code=Clause.SAID, text=text)
