"""What servers themselves complain about, as far as it can hold a request up: in their own words."""

from collections.abc import Iterable
from typing import NamedTuple

from tracker_tui.diagnose.rule import Code, CommonRule, Later, at, problem
from tracker_tui.diagnose.scene import Scene
from tracker_tui.diagnose.words import joined
from tracker_tui.model.arr import HealthCheck
from tracker_tui.model.ids import InstanceRef, Kind
from tracker_tui.model.states import Attention
from tracker_tui.model.world import Problem

INDEXERS = Code(
    name="INDEXERS",
    levels=(Attention.INFO, Attention.WARN, Attention.ERROR),
    means="Sonarr or Radarr cannot use some (warn) or all (error) of its indexers.",
)
CLIENT_UNREACHABLE_FROM_ARR = Code(
    name="CLIENT_UNREACHABLE_FROM_ARR",
    levels=(Attention.INFO, Attention.WARN, Attention.ERROR),
    means="Sonarr or Radarr cannot reach its download client, whether or not this program can: "
    "its queue loses the downloads until it does.",
)
PATH_TROUBLE = Code(
    name="PATH_TROUBLE",
    levels=(Attention.INFO, Attention.WARN, Attention.ERROR),
    means="Sonarr or Radarr cannot use the download's path: it sees the client's folders elsewhere (remote path "
    "mapping), or the torrent has no folder of its own and its content path is the whole download folder.",
    lasting=True,
)
IMPORT_HANDLING_OFF = Code(
    name="IMPORT_HANDLING_OFF",
    levels=(Attention.INFO, Attention.WARN, Attention.ERROR),
    means="Completed download handling is switched off: nothing is imported by itself.",
)
ROOT_FOLDER_MISSING = Code(
    name="ROOT_FOLDER_MISSING",
    levels=(Attention.INFO, Attention.WARN, Attention.ERROR),
    means="A library folder of Sonarr or Radarr does not exist for it, as when a disk is not mounted.",
)

_LEVELS = {"error": Attention.ERROR, "warning": Attention.WARN, "notice": Attention.INFO}


class Complaint(NamedTuple):
    """What checks of a server mean here.

    `sources` = how the class names of these checks begin; `trouble` follows the server's name; in `step`, `{name}` is
    the product.
    """

    sources: tuple[str, ...]
    code: Code
    trouble: str
    step: str


_OF_ARRS = (
    Complaint(("Indexer",), INDEXERS, "has trouble with its indexers", "{name} → Settings → Indexers → test them"),
    Complaint(
        ("DownloadClientStatusCheck", "DownloadClientCheck"),
        CLIENT_UNREACHABLE_FROM_ARR,
        "cannot reach its download client",
        "{name} → Settings → Download Clients → Test (host, port, password, address whitelist)",
    ),
    Complaint(
        ("RemotePathMappingCheck", "DownloadClientRootFolderCheck"),
        PATH_TROUBLE,
        "cannot find the client's folders",
        "{name} → Settings → Download Clients → Remote Path Mappings",
    ),
    Complaint(
        ("ImportMechanismCheck",),
        IMPORT_HANDLING_OFF,
        "does not import by itself",
        "{name} → Settings → Download Clients → enable Completed Download Handling",
    ),
    Complaint(
        ("RootFolderCheck",),
        ROOT_FOLDER_MISSING,
        "misses a library folder",
        "check that the folder is mounted in {name}'s container",
    ),
)
"""Of v3 to v5. Other checks hold no request up."""


def complaints(scene: Scene) -> Iterable[Problem | Later]:
    """Pass on the complaints that explain why nothing is found, fetched or imported."""
    for ref in scene.around.arrs:
        yield from passed_on(scene, ref, _OF_ARRS)


def passed_on(scene: Scene, ref: InstanceRef, complaints: Iterable[Complaint]) -> Iterable[Problem]:
    """Return one problem for each of `complaints` that a server makes just now, at the level of its gravest check."""
    for sources, code, trouble, step in complaints if not scene.down(ref) else ():
        checks = sorted(scene.checks(ref, *sources), key=lambda one: (-_level(one), one.source))
        if checks:
            words = f"{scene.name(ref)} {trouble}{_verbatim(checks)}"
            words += _reached(scene) if code is CLIENT_UNREACHABLE_FROM_ARR else ""
            seen = (scene.saw(ref, f"health: {one.source}", one.message or one.severity or "yes") for one in checks)
            said = code(words, step.format(name=ref.kind.title), *seen, level=_level(checks[0]))
            yield problem(at(ref), said)


def _verbatim(checks: list[HealthCheck]) -> str:
    words = joined(dict.fromkeys(f'"{one.message}"' for one in checks if one.message))
    return f": {words}" if words else ""


def _reached(scene: Scene) -> str:
    """Return whether this program reaches the client: then the trouble lies between the two servers (P74)."""
    reached = [scene.name(one) for one in scene.of(Kind.QBITTORRENT) if not scene.down(one)]
    return f" (this program does reach {joined(reached)})" if reached else ""


def _level(check: HealthCheck) -> Attention:
    return _LEVELS.get(check.severity or "", Attention.WARN)


CODES = (INDEXERS, CLIENT_UNREACHABLE_FROM_ARR, PATH_TROUBLE, IMPORT_HANDLING_OFF, ROOT_FOLDER_MISSING)
COMMON_RULES: tuple[CommonRule, ...] = (complaints,)
