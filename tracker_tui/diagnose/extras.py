"""What came along with a release, and what may belong to a request without saying so."""

from collections import Counter
from collections.abc import Iterable

from tracker_tui.diagnose.matter import Matter
from tracker_tui.diagnose.rule import Code, Rule, Said, Word
from tracker_tui.diagnose.scene import Scene
from tracker_tui.diagnose.words import count, joined, listed
from tracker_tui.model.ids import InstanceRef, Kind
from tracker_tui.model.states import Attention, State
from tracker_tui.reconcile.joins.pack import ExtraFile, ExtraReason

EXTRA_CONTENT = Code(
    name="EXTRA_CONTENT",
    levels=(Attention.INFO,),
    means="The release holds more episodes than Sonarr takes from it: another season, specials.",
)
UNMAPPED_FILE = Code(
    name="UNMAPPED_FILE",
    levels=(Attention.INFO,),
    means="A video of the release could not be given to any episode; no episode's progress counts it.",
)
ORPHAN_TORRENT = Code(
    name="ORPHAN_TORRENT",
    levels=(Attention.WARN,),
    means="A torrent or queue record that no grab led to probably belongs to this request.",
)

_TOLD = {ExtraReason.OTHER_SEASON, ExtraReason.OTHER_EPISODE, ExtraReason.SPECIAL}


def extra_content(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Say what else the release holds (B4)."""
    if matter.row.state is State.AVAILABLE:
        return
    for key, pack in matter.case.packs.items():
        extras = [extra for extra in pack.extras if extra.reason in _TOLD]
        if not extras:
            continue
        seasons = sorted({one.season for one in extras if one.reason is ExtraReason.OTHER_SEASON and one.season})
        step = f"nothing to do, or monitor season {seasons[0]} in Sonarr" if seasons else None
        yield Said(
            diagnosis=EXTRA_CONTENT(
                f"The release also holds {_summed(extras)} that {scene.name(matter.arr)} does not track for this "
                "request",
                step,
                scene.saw(_client(matter, scene, key), "extra files", listed([one.file.name for one in extras])),
            )
        )


def _summed(extras: list[ExtraFile]) -> str:
    kinds = Counter(_kind(extra) for extra in extras)
    return joined(count(number, *words) for words, number in sorted(kinds.items()))


def _kind(extra: ExtraFile) -> tuple[str, str]:
    if extra.reason is ExtraReason.SPECIAL or extra.season == 0:
        return "special or OVA", "specials or OVAs"
    if extra.season is None:
        return "file of another season", "files of other seasons"
    if extra.reason is ExtraReason.OTHER_SEASON:
        return f"file of season {extra.season}", f"files of season {extra.season}"
    return f"more file of season {extra.season}", f"more files of season {extra.season}"


def unmapped_file(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Name the videos that belong to no episode (B14)."""
    if matter.row.state is State.AVAILABLE:
        return
    for key, pack in matter.case.packs.items():
        names = [file.name.rpartition("/")[2] for file in pack.unmapped if file.wanted]
        if names:
            client = _client(matter, scene, key)
            yield Said(
                diagnosis=UNMAPPED_FILE(
                    f"{count(len(names), 'file')} of the release in {scene.name(client)} could not be given to an "
                    f"episode: {listed(names)}",
                    None,
                    scene.saw(client, "files without an episode", len(names)),
                )
            )


def _client(matter: Matter, scene: Scene, key: str) -> InstanceRef:
    """Return the client that carries a download."""
    for unit in matter.counted:
        for download in unit.live:
            if download.key == key and download.torrent is not None:
                return download.torrent.ref
    return next(iter(scene.of(Kind.QBITTORRENT)), InstanceRef(Kind.QBITTORRENT, Kind.QBITTORRENT.value))


def orphan_torrent(matter: Matter, scene: Scene) -> Iterable[Word]:
    """Name what probably belongs here though nothing says so (SPEC 2.1.17)."""
    before = {key for _, key in matter.case.earlier_in_client}
    for orphan in scene.orphans.get(matter.case.id, ()):
        if orphan.hash in before:
            continue  # of an earlier request for the title, as is said there
        name = matter.arr.kind.title
        if orphan.kind == "torrent":
            client = orphan.client or matter.arr
            words = f'{scene.name(client)} has the torrent "{orphan.name}", {orphan.reason}; it probably belongs here'
            seen = scene.saw(client, "torrent", orphan.hash or orphan.name)
            step = f"{name} → Wanted → Manual Import"
        else:
            words = f'{scene.name(matter.arr)}\'s queue has "{orphan.name}": {orphan.reason}; it probably belongs here'
            seen = scene.saw(matter.arr, "queue record", orphan.hash or orphan.name)
            step = orphan.next_step or f"{name} → Activity → Queue → Manual Import"
        yield Said(diagnosis=ORPHAN_TORRENT(words, step, seen))


CODES = (EXTRA_CONTENT, UNMAPPED_FILE, ORPHAN_TORRENT)
RULES: tuple[Rule, ...] = (extra_content, unmapped_file, orphan_torrent)
