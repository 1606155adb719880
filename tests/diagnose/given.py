"""The household of `tests.reconcile.given` with a diagnoser at the table; what every verdict owes is always checked."""

import re
from typing import Any

import msgspec

from tests.reconcile.given import House as Household
from tracker_tui.diagnose.catalogue import CODES
from tracker_tui.diagnose.diagnoser import Diagnoser, Judged
from tracker_tui.model.arr import HealthCheck
from tracker_tui.model.ids import InstanceRef, Kind
from tracker_tui.model.jellyfin import (
    DirectoryEntry,
    JellyfinServer,
    PathSeen,
    Plugin,
    ShokofinConfig,
    ShokofinFolder,
    SignalRStatus,
)
from tracker_tui.model.observation import (
    DirectoryRead,
    HealthRead,
    JellyfinSetupRead,
    PathsSeen,
    Payload,
    Previewed,
    RefreshesNoted,
    ShokofinRead,
)
from tracker_tui.model.refreshed import Refreshed
from tracker_tui.model.states import Attention
from tracker_tui.model.text import clean, clean_path
from tracker_tui.model.world import Diagnosis, Problem, RequestRow
from tracker_tui.present.phrases import summary_line
from tracker_tui.reconcile.interest import LookKind, LookWanted
from tracker_tui.reconcile.reconciler import Advance

NAMES = [kind.title for kind in Kind] + ["Shokofin", "AniDB", "release", "torrent"]

ACTIVE = Plugin(
    id="5216ccbfd24a4eb38a7e7da4230b7052", name=clean("Shoko"), version=clean("6.0.2.0"), status=clean("Active")
)


def mapped(library_id: str, folder_id: int | None, **more: Any) -> ShokofinFolder:
    """Return a folder of a library in the plugin's configuration; 0 = unmapped."""
    facts: dict[str, Any] = {
        "path": clean_path(f"/data/{library_id}"),
        "mapped": bool(folder_id),
        "relative_path": clean_path(""),
        "vfs": True,
    }
    return ShokofinFolder(library_id=library_id, folder_id=folder_id, **facts | more)


def shokofin(**more: Any) -> ShokofinRead:
    """Return a sound plugin of the base world: connected, both anime libraries mapped, the movie filter off."""
    facts: dict[str, Any] = {"filter_movie_libraries": False, "separate_movies": False}
    facts |= {"folders": (mapped("lib-anime", 1), mapped("lib-am", 2))}
    config = more.pop("config", facts)
    signalr = more.pop("signalr", "Connected")
    return ShokofinRead(
        signalr=SignalRStatus(usable=True, active=signalr == "Connected", state=clean(signalr)) if signalr else None,
        config=ShokofinConfig(**facts | config) if config is not None else None,
        host_version=clean("5.2.5"),
        **{"host_reachable": True} | more,
    )


class House(Household):
    """As there; `tick` also judges. `judged` = the last judgement, `verdicts` = the rows with their diagnoses."""

    def __init__(self, *extra: InstanceRef, **more: Any) -> None:
        super().__init__(*extra, **more)
        self.diagnoser = Diagnoser()
        self._second = Diagnoser()
        self.judged: Judged | None = None
        self.verdicts: dict[str, RequestRow] = {}
        self.checks: dict[InstanceRef, tuple[HealthCheck, ...]] = {}
        self.plugins: tuple[Plugin, ...] | None = (ACTIVE,)
        self.versions: dict[InstanceRef, str] = {}
        self.shokofin = shokofin()
        self.refreshes: tuple[Refreshed, ...] = ()
        self.disk: dict[str, tuple[str, ...] | None] = {}
        """What Jellyfin's process sees, as far as it may be asked: a folder's names ("/" behind those of folders), None
        = not there; a file has no names."""
        self.looked: set[LookWanted] = set()
        self.previewed: Previewed | None = None
        """What Shokofin's dry run said, told once."""

    def _look(self, wanted: LookWanted) -> Payload | None:
        if wanted.path not in self.disk:
            return None
        names = self.disk[wanted.path]
        path = clean_path(wanted.path)
        if wanted.kind in {LookKind.FILE, LookKind.FOLDER}:
            return PathsSeen(paths=(PathSeen(path=path, exists=names is not None),))
        entries = (DirectoryEntry(name=clean(one.rstrip("/")), is_folder=one.endswith("/")) for one in names or ())
        return DirectoryRead(path=path, entries=None if names is None else tuple(entries))

    def _of(self, ref: InstanceRef) -> list[Payload]:
        told = super()._of(ref)
        if ref in self.arrs or ref in self.checks:
            told.append(HealthRead(checks=self.checks.get(ref, ())))
        if ref.kind is Kind.JELLYFIN:
            told.append(RefreshesNoted(refreshes=self.refreshes))
            told += [self.previewed] if self.previewed is not None else []
            told.append(JellyfinSetupRead(server=JellyfinServer(), plugins=self.plugins))
            wanted = self.judged.looks if self.judged is not None else ()
            self.looked.update(wanted)
            told += [payload for one in wanted if (payload := self._look(one)) is not None]
        return told

    def complain(self, ref: InstanceRef, source: str, message: str, severity: str = "error") -> None:
        check = HealthCheck(source=clean(source), severity=clean(severity), message=clean(message))
        self.checks[ref] = (*self.checks.get(ref, ()), check)

    def _advance(self) -> None:
        super()._advance()
        everything = self._second.judge(self.twin.advance(self.now, full=True))
        assert self.judged is not None
        assert {row.id: undated(row) for row in everything.rows} == {
            key: undated(row) for key, row in self.verdicts.items()
        }, "judging what changed differs from judging everything"
        assert [undated(one) for one in everything.problems] == [undated(one) for one in self.judged.problems]

    def _take(self, step: Advance) -> None:
        super()._take(step)
        self.judged = self.diagnoser.judge(step)
        self.verdicts |= {row.id: row for row in self.judged.rows}
        for gone in step.removed:
            self.verdicts.pop(gone, None)
        for row in self.verdicts.values():
            check_row(row)
        for problem in self.judged.problems:
            check_diagnosis(problem.diagnosis)

    def tick(self, seconds: float = 3.0, *, reverse: bool = False) -> "House":
        super().tick(seconds, reverse=reverse)
        return self

    def wait(self, seconds: float) -> "House":
        super().wait(seconds)
        return self

    # --- reading -----------------------------------------------------------------------------------------------

    def verdict(self, key: str | None = None) -> RequestRow:
        """Return a judged row; without a key the only one."""
        if key is not None:
            return self.verdicts[key]
        assert len(self.verdicts) == 1, sorted(self.verdicts)
        return next(iter(self.verdicts.values()))

    def said(self, key: str | None = None) -> list[Diagnosis]:
        """Return every diagnosis in a row, of the request, its seasons and episodes."""
        return all_of(self.verdict(key))

    def codes(self, key: str | None = None) -> list[str]:
        return [one.code for one in self.said(key)]

    def diagnosis(self, code: str, key: str | None = None) -> Diagnosis:
        """Return the only diagnosis with this code in a row."""
        (found,) = [one for one in self.said(key) if one.code == code]
        return found

    def problem(self, code: str) -> Problem:
        """Return the only problem with this code."""
        assert self.judged is not None
        (found,) = [one for one in self.judged.problems if one.diagnosis.code == code]
        return found

    def problems(self) -> list[str]:
        assert self.judged is not None
        return [one.diagnosis.code for one in self.judged.problems]

    def line(self, key: str | None = None) -> str:
        """Return the summary with the verdict's words in it."""
        return summary_line(self.verdict(key).phrases, self.now)


def undated[T](found: T) -> Any:
    """Return a row or problem without the times at which evidence was first seen."""
    plain = msgspec.to_builtins(found)
    stack = [plain]
    while stack:
        one = stack.pop()
        if isinstance(one, dict):
            one.pop("observed_at", None)
            stack += one.values()
        elif isinstance(one, list | tuple):
            stack += one
    return plain


def all_of(row: RequestRow) -> list[Diagnosis]:
    seasons = [one for season in row.seasons for one in season.diagnoses]
    episodes = [one for season in row.seasons for episode in season.episodes for one in episode.diagnoses]
    return [*row.diagnoses, *seasons, *episodes]


def check_diagnosis(one: Diagnosis) -> None:
    assert one.code in CODES
    assert one.attention in CODES[one.code].levels, one
    assert any(name in one.message for name in NAMES), one.message
    ours = re.sub(r'"[^"]*"', "", one.message)  # what is quoted is the service's and stays verbatim
    assert not re.search(r"\bNone\b|\{|\}|\[/?[a-z@]", ours + (one.next_step or "").replace("[paths]", "")), one
    assert one.message[:1] == one.message[:1].upper() or one.message.startswith("qBittorrent"), one.message
    assert all(item.observed_at is not None for item in one.evidence), one
    if one.attention >= Attention.WARN:
        assert one.next_step, f"{one.code} wants a hand and says no next step"
    assert one.next_step is None or "\n" not in one.next_step


def check_row(row: RequestRow) -> None:
    found = all_of(row)
    for one in found:
        check_diagnosis(one)
    places = [(one.code, one.message) for one in found]
    assert len(places) == len(set(places)), f"said twice: {places}"
    assert row.attention >= max((one.attention for one in found), default=Attention.NONE)
    for season in row.seasons:
        assert row.attention >= season.attention or row.attention is Attention.NONE
        for episode in season.episodes:
            assert season.attention >= episode.attention
