"""What Shoko took a file for, compared with what Sonarr says it is (P24): by ids of the very episode, never by number.

Numbers differ on purpose: AniDB restarts at every cour, counts absolutely, keeps specials apart; TMDB splits seasons in
its own way. The TVDB id of an episode is the same in all of them, so only it is believed.
"""

from collections.abc import Iterable, Mapping

from tracker_tui.diagnose.matter import Matter
from tracker_tui.diagnose.rule import Code, Rule, Word, over
from tracker_tui.diagnose.scene import Scene
from tracker_tui.diagnose.shoko import matched_file
from tracker_tui.diagnose.words import joined
from tracker_tui.model.arr import Episode
from tracker_tui.model.shoko import ShokoEpisode, ShokoFile
from tracker_tui.model.states import Attention
from tracker_tui.model.world import Diagnosis
from tracker_tui.reconcile.case import Unit
from tracker_tui.reconcile.joins.shokojoin import episode_ids, series_ids
from tracker_tui.reconcile.unit.verdict import Step

MATCH_DIFFERS = Code(
    name="MATCH_DIFFERS",
    levels=(Attention.WARN,),
    means="Shoko matched the file to another episode than the one Sonarr imported it as.",
)


def match_differs(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Name both episodes, where Shoko knows by TVDB id what it took the file for and Sonarr has that episode too."""
    known = {unit.episode.tvdb_id: unit.episode for unit in matter.case.units if unit.episode is not None}
    of_file: dict[int, set[int]] = {}
    for unit in matter.case.units:
        if unit.file is not None and unit.episode is not None and unit.episode.tvdb_id:
            of_file.setdefault(unit.file.id, set()).add(unit.episode.tvdb_id)
    for unit in matter.units(Step.MATCHED, Step.PLAYABLE, Step.INCOMPLETE):
        file = matched_file(unit)
        if file is None or unit.shoko is None or unit.file is None or unit.episode is None:
            continue
        theirs = _episodes_of(file, scene.shoko(unit.shoko.ref).episodes)
        others = _others(theirs, of_file.get(unit.file.id, set()), known)
        if others and unit.episode.season != 0:
            yield over([unit], _differs(matter, scene, unit, file_id=file.id, others=others, theirs=theirs))


def _episodes_of(file: ShokoFile, known: Mapping[int, tuple[ShokoEpisode, ...]]) -> list[ShokoEpisode]:
    """Return the Shoko episodes of a file; [] while one of them was not told."""
    told = {one.id: one for number in series_ids(file) for one in known.get(number, ())}
    ids = episode_ids(file)
    return [told[number] for number in ids] if all(number in told for number in ids) else []


def _others(theirs: list[ShokoEpisode], ours: set[int], known: Mapping[int | None, Episode]) -> list[Episode]:
    """Return the episodes of Sonarr that Shoko took the file for, if none of them is one Sonarr took it for."""
    if not ours or any(one.type != "Episode" or not one.tvdb_ids for one in theirs):
        return []
    taken = {number for one in theirs for number in one.tvdb_ids}
    if taken & ours or not taken <= known.keys():
        return []
    found = [known[number] for number in sorted(taken)]
    return found if all(one.season != 0 for one in found) else []


def _differs(
    matter: Matter, scene: Scene, unit: Unit, *, file_id: int, others: list[Episode], theirs: list[ShokoEpisode]
) -> Diagnosis:
    shoko, arr = unit.shoko, matter.arr
    ref = shoko.ref if shoko is not None else arr
    taken = joined(f"S{one.season:02}E{one.number:02}" for one in others)
    own = matter.what([unit])
    path = unit.file.path if unit.file is not None else None
    return MATCH_DIFFERS(
        f"{scene.name(arr)} imported {path or 'a file'} as {own}; {scene.name(ref)} takes it for {taken}",
        f"see which episode it is: then Shoko → file {file_id} → link it to {own}, or "
        f"{arr.kind.title} → Manual Import as {taken}",
        scene.saw(arr, "file", f"{path or 'yes'}: {own}"),
        scene.saw(ref, f"file {file_id}", joined(f"episode {one.number} of series {one.series_id}" for one in theirs)),
    )


CODES = (MATCH_DIFFERS,)
RULES: tuple[Rule, ...] = (match_differs,)
