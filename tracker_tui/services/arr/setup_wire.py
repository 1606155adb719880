"""How a Sonarr or Radarr is set up, as sent: complaints, tags, download clients, folders, mappings, indexers."""

import msgspec

from tracker_tui.model.arr import DownloadClient, HealthCheck, PathMapping, RootFolder, Tag
from tracker_tui.model.text import SafeText, clean, clean_or_none, clean_path, quoted_or_none
from tracker_tui.services.arr.values import word
from tracker_tui.services.arr.wire import CamelWire


class HealthWire(CamelWire):
    """A record of `/health`; `source` is the check's class name."""

    source: str
    type: str | None = None
    message: str | None = None

    def fact(self) -> HealthCheck:
        """Return the model's check."""
        return HealthCheck(source=clean(self.source), severity=word(self.type), message=quoted_or_none(self.message))


class TagWire(CamelWire):
    """A record of `/tag`."""

    id: int
    label: str

    def fact(self) -> Tag:
        """Return the model's tag."""
        return Tag(id=self.id, label=clean(self.label))


class FieldWire(CamelWire):
    """A setting of a download client; its value stays undecoded unless it is one of those below."""

    name: str
    value: msgspec.Raw = msgspec.Raw(b"null")


class DownloadClientWire(CamelWire):
    """A record of `/downloadclient`."""

    id: int
    name: str
    enable: bool | None = None
    implementation: str | None = None
    protocol: str | None = None
    remove_completed_downloads: bool | None = None
    fields: list[FieldWire] | None = None

    def fact(self) -> DownloadClient:
        """Return the model's client: only address and categories are read of its settings."""
        port = self._setting("port")
        return DownloadClient(
            id=self.id,
            name=clean(self.name),
            enabled=self.enable,
            implementation=clean_or_none(self.implementation),
            protocol=word(self.protocol),
            host=self._text("host"),
            port=port if isinstance(port, int) and port > 0 else None,
            category=self._text("tvCategory", "movieCategory", "category"),
            imported_category=self._text("tvImportedCategory", "movieImportedCategory"),
            removes_completed=self.remove_completed_downloads,
        )

    def _setting(self, *names: str) -> object:
        """Return the value of the first field with one of these names; no other value is ever decoded."""
        for field in self.fields or []:
            if field.name in names:
                return msgspec.json.decode(field.value)
        return None

    def _text(self, *names: str) -> SafeText | None:
        setting = self._setting(*names)
        return clean_or_none(setting) if isinstance(setting, str) else None


class RootFolderWire(CamelWire):
    """A record of `/rootfolder`."""

    path: str
    accessible: bool | None = None
    free_space: int | None = None

    def fact(self) -> RootFolder:
        """Return the model's folder."""
        return RootFolder(path=clean_path(self.path), accessible=self.accessible, free_bytes=self.free_space)


class PathMappingWire(CamelWire):
    """A record of `/remotepathmapping`."""

    host: str
    remote_path: str
    local_path: str

    def fact(self) -> PathMapping:
        """Return the model's mapping."""
        return PathMapping(
            host=clean(self.host), remote=clean_path(self.remote_path), local=clean_path(self.local_path)
        )


class IndexerWire(CamelWire):
    """A record of `/indexer`: whether a search by hand asks it. Its `fields` hold keys and stay unread."""

    enable_interactive_search: bool | None = None
