"""The life inside a simulated Sonarr or Radarr: downloads, the queue as a snapshot, history, commands.

The queue is rebuilt once a minute and 5 s after a grab, import or failure, as the real one is; between refreshes it
keeps telling the old story. An offline client's records vanish. History rows come first, queue records later.
"""

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import ClassVar

from tracker_tui.model.arr import HistoryKind
from tracker_tui.simulate.arr import wire
from tracker_tui.simulate.arr.http import ArrHttp
from tracker_tui.simulate.arr.records import Client, Command, Complaint, Download, HistoryRow, Json, Release
from tracker_tui.simulate.clock import SimClock

REFRESH = timedelta(minutes=1)
EVENT_REFRESH = timedelta(seconds=5)
COMMAND_KEPT = timedelta(minutes=5)
_SETTLED = {"imported", "failed", "ignored"}


def words_of_events(item: str, *, deleted: int, renamed: int, ignored: int) -> dict[HistoryKind, tuple[int, str]]:
    """Return number and word of each event: both servers count some differently, and name files by their `item`."""
    return {
        HistoryKind.GRABBED: (1, "grabbed"),
        HistoryKind.IMPORTED: (3, "downloadFolderImported"),
        HistoryKind.FAILED: (4, "downloadFailed"),
        HistoryKind.DELETED: (deleted, f"{item}FileDeleted"),
        HistoryKind.RENAMED: (renamed, f"{item}FileRenamed"),
        HistoryKind.IGNORED: (ignored, "downloadIgnored"),
    }


class ArrLife(ArrHttp):
    """What happens in a Sonarr or Radarr beside its library. Times are the household's; sizes bytes.

    `client_offline` lets the download client be unreachable; `language` is that of client and health messages.
    """

    item: ClassVar[str]
    """What a download is for: "episode" or "movie"."""
    owner: ClassVar[str]
    """The key that names the film or series of a record."""
    usual_version: ClassVar[str]
    category: ClassVar[str]
    """Of its torrents."""
    roots: ClassVar[tuple[str, str]]
    """The usual root folder, and that of anime."""
    event_words: ClassVar[dict[HistoryKind, tuple[int, str]]]
    """Number and word of each event."""

    def __init__(
        self, clock: SimClock, version: str | None = None, *, api_key: str | None = None, url_base: str = ""
    ) -> None:
        super().__init__(
            clock, version or self.usual_version, api_key=api_key or f"{self.app.lower()}-key", url_base=url_base
        )
        self.language = "en"
        self.client_offline = False
        self.tags: dict[int, str] = {}
        self.clients = [Client(category=self.category)]
        self.path_mappings: list[Json] = []
        self.root_folders = [*self.roots]
        self.complaints: list[Complaint] = []
        self.downloads: list[Download] = []
        self.history: list[HistoryRow] = []
        self.commands: list[Command] = []
        self.releases: dict[int, Sequence[Release]] = {}
        """What the indexers offer for a film, an episode, or a series and its episodes, by id."""
        self._snapshot: list[Download] = []
        self._refreshed_at = clock.now()
        self._refresh_due = self._refreshed_at + REFRESH
        self._command_id = 120_000

    # ---- story: downloads

    @property
    def refreshed_at(self) -> datetime:
        """Return when the download client was read last."""
        return self._refreshed_at

    def download(self, download_id: str) -> Download:
        """Return the download of that id, whatever its case."""
        return next(d for d in self.downloads if (d.download_id or "").lower() == download_id.lower())

    def client_refresh(self) -> None:
        """Read the download client now: the queue tells the present from here on."""
        with self.lock:
            self._refresh(self.clock.now())

    def progress(self, download_id: str, *, left: int, eta: timedelta | None = None) -> None:
        """Let the client report `left` bytes to go; shown at the next refresh."""
        with self.lock:
            download = self.download(download_id)
            download.left, download.eta = left, eta
            download.status, download.error_message = "downloading", None

    def client_warns(self, download_id: str, about: str = "stalled", status: str = "warning") -> None:
        """Let the client complain (`wire.CLIENT_WORDS`) in the server's language; tracking stays ok."""
        with self.lock:
            download = self.download(download_id)
            download.status, download.eta = status, None
            download.error_message = wire.CLIENT_WORDS[about][self.language]

    def complete(self, download_id: str, output_path: str | None = None) -> None:
        """Let the client finish; from the next refresh on it waits for its import."""
        with self.lock:
            download = self.download(download_id)
            download.left, download.eta = 0, timedelta(0)
            download.status, download.tracked_state = "completed", "importPending"
            download.output_path = output_path or f"/data/downloads/complete/{download.title}"

    def block_import(self, download_id: str, *messages: str, file: str | None = None) -> None:
        """Refuse the import with the server's reasons; `importBlocked` where the version knows it."""
        with self.lock:
            self.complete(download_id)
            download = self.download(download_id)
            download.tracked_status = "warning"
            download.tracked_state = "importBlocked" if self.knows_blocked else "importPending"
            download.messages = [(file or download.title, list(messages))]
            self._event()

    def start_import(self, download_id: str) -> None:
        """Begin to import a finished download; its files follow one by one."""
        with self.lock:
            self.download(download_id).tracked_state = "importing"
            self._event()

    def fail_download(self, download_id: str, message: str = "Manually marked as failed") -> None:
        """Give the download up: a failure in history, gone from the queue."""
        self._end(download_id, HistoryKind.FAILED, "failed", message)

    def ignore_download(self, download_id: str) -> None:
        """Let a person stop tracking the download."""
        self._end(download_id, HistoryKind.IGNORED, "ignored", "Manually ignored")

    def lose_download(self, download_id: str) -> None:
        """Remove it in the client, behind the server's back: gone at the next refresh, no word in history."""
        with self.lock:
            self.downloads.remove(self.download(download_id))

    def delay(self, item_ids: Sequence[int], title: str, size: int, until: datetime) -> Download:
        """Hold a release back (delay profile): a queue record without download id."""
        with self.lock:
            now = self.clock.now()
            held = Download(title, size, now, list(item_ids), left=size, status="delay", eta=until - now)
            self.downloads.append(held)
            self._event()
            return held

    def unknown_download(self, title: str, size: int, download_id: str) -> Download:
        """Let the client hold something of our category that belongs to nothing known."""
        with self.lock:
            stranger = Download(title, size, self.clock.now(), [], download_id.upper(), left=size)
            self.downloads.append(stranger)
            self._event()
            return stranger

    # ---- story: the rest

    def tag(self, label: str) -> int:
        """Return the id of a tag, creating it when new."""
        with self.lock:
            number = next((one for one, known in self.tags.items() if known == label), len(self.tags) + 1)
            self.tags[number] = label
            return number

    def complain(self, source: str, severity: str, message: str) -> None:
        """Add a health complaint."""
        with self.lock:
            self.complaints.append(Complaint(source, severity, message))

    def recover(self, source: str) -> None:
        """Withdraw a health complaint."""
        with self.lock:
            self.complaints = [one for one in self.complaints if one.source != source]

    def run(self, name: str, body: Json, *, takes_s: float = 20.0, message: str | None = None) -> Command:
        """Start a command; the same one already running is returned instead."""
        with self.lock:
            now = self.clock.now()
            for command in self.commands:
                if command.name.lower() == name.lower() and command.body == body and now < command.ends_at:
                    return command
            self._command_id += 1
            command = Command(self._command_id, name, body, now, timedelta(seconds=takes_s), message=message)
            self.commands.append(command)
            if name.lower() == "refreshmonitoreddownloads":
                self._refresh(now)
            return command

    # ---- for the subclasses

    @property
    @abstractmethod
    def knows_blocked(self) -> bool:
        """Return whether the version has the state `importBlocked`."""

    @abstractmethod
    def keys_of(self, item_id: int) -> Json | None:
        """Return the ids a record of this item carries; None = it is no longer in the library."""

    @abstractmethod
    def parent_of(self, item_id: int) -> int | None:
        """Return the series of an episode; None for a film."""

    @abstractmethod
    def queue_extras(self, download: Download, item_id: int | None) -> Json:
        """Return what this server and version adds to a queue record."""

    @abstractmethod
    def history_extras(self, row: HistoryRow) -> Json:
        """Return what this server and version adds to a history record."""

    def _grab(
        self,
        item_ids: Sequence[int],
        title: str,
        size: int,
        download_id: str,
        *,
        protocol: str,
        quality: str,
        group: str,
    ) -> Download:
        now = self.clock.now()
        number = download_id.upper() if protocol == "torrent" else download_id
        download = Download(title, size, now, list(item_ids), number, left=size, protocol=protocol)
        download.quality, download.release_group = quality, group
        if protocol == "usenet":
            download.client = "SABnzbd"
        self.downloads.append(download)
        for item_id in item_ids:
            self._record(HistoryKind.GRABBED, item_id, download, wire.grab_data(download, now))
        self._event()
        return download

    def _record(
        self,
        kind: HistoryKind,
        item_id: int,
        download: Download | None,
        data: dict[str, str | None],
        title: str = "",
    ) -> None:
        self.history.append(
            HistoryRow(
                id=len(self.history) + 88_001,
                at=self.clock.now(),
                kind=kind,
                item_id=item_id,
                parent_id=self.parent_of(item_id),
                source_title=download.title if download else title,
                download_id=download.download_id if download else None,
                quality=download.quality if download else "WEBDL-1080p",
                data=data,
            )
        )

    def _imported(self, download: Download | None, item_ids: Iterable[int], data: dict[str, str | None]) -> None:
        for item_id in item_ids:
            self._record(HistoryKind.IMPORTED, item_id, download, data, data.get("droppedPath") or "")
            if download is not None:
                download.imported.add(item_id)
        if download is not None and set(download.item_ids) <= download.imported:
            download.tracked_state = "imported"
        self._event()

    def _end(self, download_id: str, kind: HistoryKind, state: str, message: str) -> None:
        with self.lock:
            download = self.download(download_id)
            for item_id in download.item_ids:
                data = {"downloadClientName": download.client, "message": message, "size": str(download.size)}
                self._record(kind, item_id, download, dict(data))
            download.tracked_state = state
            self._event()

    def _event(self) -> None:
        self._refresh_due = min(self._refresh_due, self.clock.now() + EVENT_REFRESH)

    def _refresh(self, now: datetime) -> None:
        self.downloads = [d for d in self.downloads if d.tracked_state not in _SETTLED]
        seen = [d for d in self.downloads if d.download_id is None or not self.client_offline]
        self._snapshot = [replace(d, messages=list(d.messages), item_ids=list(d.item_ids)) for d in seen]
        self._refreshed_at, self._refresh_due = now, now + REFRESH

    def tick(self) -> None:
        """Refresh the queue when due; forget commands that ended long ago."""
        now = self.clock.now()
        if now >= self._refresh_due:
            self._refresh(now)
        self.commands = [command for command in self.commands if now < command.ends_at + COMMAND_KEPT]
