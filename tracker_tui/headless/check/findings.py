"""What the check found: one line each, graver ones with what to do about them."""

from collections.abc import Awaitable
from enum import IntEnum

from tracker_tui.headless.check.versions import Standing, span, standing
from tracker_tui.model.ids import InstanceRef
from tracker_tui.model.record import Fact
from tracker_tui.services.errors import NotPermitted, ServiceError, Unauthorized


class Level(IntEnum):
    """How grave a finding is."""

    OK = 0
    NOTE = 1
    WARN = 2
    FAIL = 3

    @property
    def word(self) -> str:
        """Return the word of the first column."""
        return self.name.lower()


class Finding(Fact):
    """One line of the report; `subject` = whose it is, `topic` = what was looked at."""

    level: Level
    subject: str
    topic: str
    text: str
    fix: str | None = None


class Notes:
    """Collects the findings of one instance."""

    def __init__(self, ref: InstanceRef) -> None:
        self.ref = ref
        self.findings: list[Finding] = []
        self.answered = False
        self.refused = False
        self.clock_offset_s: int | None = None
        self.roots: tuple[str, ...] = ()
        """The folders it works with, as it names them: libraries of Sonarr, Radarr and Jellyfin, folders of Shoko."""

    def ok(self, topic: str, text: str) -> None:
        """Note what is as it should be."""
        self._add(Level.OK, topic, text, None)

    def note(self, topic: str, text: str, fix: str | None = None) -> None:
        """Note what is worth knowing."""
        self._add(Level.NOTE, topic, text, fix)

    def warn(self, topic: str, text: str, fix: str) -> None:
        """Note what should be changed."""
        self._add(Level.WARN, topic, text, fix)

    def fail(self, topic: str, text: str, fix: str) -> None:
        """Note what does not work."""
        self._add(Level.FAIL, topic, text, fix)

    def version(self, service: str, version: str | None, shown: str) -> None:
        """Note how a release stands to the known ones."""
        match standing(service, version):
            case Standing.GOOD:
                self.ok("version", f"{shown}, known good")
            case Standing.OLDER:
                self.warn("version", f"{shown} is older than what is known to work ({span(service)})", "update it")
            case Standing.NEWER:
                self.note("version", f"{shown} is newer than what was tested ({span(service)}); it should work")
            case Standing.UNREADABLE:
                self.note("version", f"{shown}: not comparable with the known ones")

    def _add(self, level: Level, topic: str, text: str, fix: str | None) -> None:
        self.findings.append(Finding(level=level, subject=self.ref.name, topic=topic, text=text, fix=fix))


async def answer[T](work: Awaitable[T], topic: str, notes: Notes) -> T | None:
    """Return an answer; note what refused or failed and return None."""
    try:
        return await work
    except ServiceError as fault:
        refused = isinstance(fault, Unauthorized | NotPermitted)
        fix = fault.fix or ("check the rights of the key" if refused else f"see the log of {notes.ref.kind.title}")
        notes.warn(topic, f"could not be read: {fault.message}", fix)
        return None
