"""The endpoints that simulated Sonarr and Radarr share."""

from functools import partial

from aiohttp import web

from tracker_tui.simulate.arr import wire
from tracker_tui.simulate.arr.http import Query, Refusal, page_of
from tracker_tui.simulate.arr.life import ArrLife
from tracker_tui.simulate.arr.records import Command, Complaint, HistoryRow, Json


class SimulatedArr(ArrLife):
    """A simulated Sonarr or Radarr without the endpoints of its library."""

    def routes(self) -> list[web.RouteDef]:
        """Return the routes both servers have; subclasses add those of their library."""
        get = "GET"
        shared = [
            self.route(get, "/ping", lambda _: {"status": "OK"}),
            self.route(get, "/api/v3/system/status", self._status),
            self.route(get, "/api/v3/system/task", self._tasks),
            self.route(get, "/api/v3/health", self._health),
            self.route(get, "/api/v3/tag", lambda _: [{"label": label, "id": n} for n, label in self.tags.items()]),
            self.route(get, "/api/v3/downloadclient", self._download_clients),
            self.route(get, "/api/v3/rootfolder", self._root_folders),
            self.route(get, "/api/v3/remotepathmapping", lambda _: self.path_mappings),
            self.route(get, "/api/v3/queue/details", self._queue_details),
            self.route(get, "/api/v3/queue/status", self._queue_status),
            self.route(get, "/api/v3/queue", self._queue),
            self.route(get, "/api/v3/history/since", self._history_since),
            self.route(get, f"/api/v3/history/{self.owner.removesuffix('Id')}", self._history_of),
            self.route(get, "/api/v3/history", self._history),
            self.route(get, "/api/v3/command", self._commands),
            self.route("POST", "/api/v3/command", self._post_command),
            self.route(get, "/api/v3/command/{id}", self._command),
            self.route(get, "/api/v3/release", self._release),
            self.route(get, "/api/v3/indexer", lambda _: list(map(wire.indexer_record, wire.INDEXERS))),
        ]
        if self.app == "Radarr" or self.since(4):
            shared.append(self.route(get, "/api", self._api_info))
        return shared

    def _api_info(self, _: Query) -> Json:
        fifth = self.app == "Sonarr" and self.since(5)
        return {"current": "v5", "deprecated": ["v3"]} if fifth else {"current": "v3", "deprecated": []}

    def _status(self, _: Query) -> Json:
        return {
            "appName": self.app,
            "instanceName": self.app,
            "version": self.version,
            "buildTime": "2026-01-19T14:53:39Z",
            "isDebug": False,
            "isProduction": True,
            "isAdmin": False,
            "isUserInteractive": True,
            "startupPath": f"/app/{self.app.lower()}/bin",
            "appData": "/config",
            "osName": "alpine",
            "osVersion": "3.23.4",
            "isNetCore": True,
            "isLinux": True,
            "isOsx": False,
            "isWindows": False,
            "mode": "console",
            "databaseType": "sqLite",
            "databaseVersion": "3.51.2",
            "migrationVersion": 217,
            "runtimeName": ".NET",
            "runtimeVersion": "8.0.12",
            "packageVersion": f"{self.version}-ls310",
            "packageAuthor": "[linuxserver.io](https://linuxserver.io)",
            "isDocker": True,
            "branch": "main",
            "authentication": self.authentication,
            "urlBase": self.url_base,
            "startTime": "2026-01-20T08:00:00Z",
            "packageUpdateMechanism": "docker",
        }

    def _tasks(self, _: Query) -> list[Json]:
        return [
            {
                "name": "Refresh Monitored Downloads",
                "taskName": "RefreshMonitoredDownloads",
                "interval": 1,
                "lastExecution": wire.stamp(self._refreshed_at),
                "lastStartTime": wire.stamp(self._refreshed_at),
                "nextExecution": wire.stamp(self._refresh_due),
                "lastDuration": "00:00:00.1203450",
                "id": 1,
            }
        ]

    def _health(self, _: Query) -> list[Json]:
        complaints = list(self.complaints)
        if self.client_offline:
            message = wire.CLIENT_WORDS["offline"][self.language]
            complaints.append(Complaint("DownloadClientStatusCheck", "error", message))
        return [wire.health_record(one, self.app) for one in complaints]

    def _download_clients(self, _: Query) -> list[Json]:
        return [wire.client_record(one, kind="tv" if self.app == "Sonarr" else "movie") for one in self.clients]

    def _root_folders(self, _: Query) -> list[Json]:
        return [
            {"path": f"{path}/", "accessible": True, "freeSpace": 1 << 40, "unmappedFolders": [], "id": number}
            for number, path in enumerate(self.root_folders, 1)
        ]

    def _queue_records(self) -> list[Json]:
        radarr = self.app == "Radarr"
        decimal = not radarr and not self.since(4)
        records = []
        for download in self._snapshot:
            base = wire.queue_record(download, self._refreshed_at, radarr=radarr, decimal=decimal)
            item_ids: list[int | None] = [*download.item_ids] or [None]
            for item_id in item_ids:
                keys = self.keys_of(item_id) if item_id is not None else None
                suffix = f"ep{item_id}" if item_id is not None and not radarr else ""
                number = wire.record_id("trackedDownload", "1", download.download_id or download.title, suffix)
                extras = self.queue_extras(download, item_id if keys else None)
                records.append(wire.present({**(keys or {}), **base, **extras, "id": number}))
        return records

    def _queue_details(self, query: Query) -> list[Json]:
        wanted, episodes = query.number(self.owner), query.numbers("episodeIds")
        return [
            record
            for record in self._queue_records()
            if (wanted is None or record.get(self.owner) == wanted)
            and (not episodes or record.get("episodeId") in episodes)
        ]

    def _queue(self, query: Query) -> Json:
        unknown = "includeUnknownMovieItems" if self.app == "Radarr" else "includeUnknownSeriesItems"
        records = [record for record in self._queue_records() if query.flag(unknown) or self.owner in record]
        keys = ("timeleft", "title", "status", "size", "added", "protocol", "estimatedCompletionTime", "indexer")
        return page_of(query, records, {key: partial(_sort_value, key) for key in keys}, repeats=True)

    def _queue_status(self, _: Query) -> Json:
        records = self._queue_records()
        unknown = [record for record in records if self.owner not in record]
        rest = [record for record in records if self.owner in record]
        return {
            "totalCount": len(records),
            "count": len(rest),
            "unknownCount": len(unknown),
            "errors": any(record.get("trackedDownloadStatus") == "error" for record in rest),
            "warnings": any(record.get("trackedDownloadStatus") == "warning" for record in rest),
            "unknownErrors": any(record.get("trackedDownloadStatus") == "error" for record in unknown),
            "unknownWarnings": any(record.get("trackedDownloadStatus") == "warning" for record in unknown),
        }

    def history_record(self, row: HistoryRow) -> Json:
        """Return a row as the server writes it."""
        return wire.present(
            {
                **(self.keys_of(row.item_id) or {}),
                "sourceTitle": row.source_title,
                "quality": wire.quality(row.quality, radarr=self.app == "Radarr"),
                "qualityCutoffNotMet": False,
                "date": wire.stamp(row.at),
                "downloadId": row.download_id,
                "eventType": self.event_words[row.kind][1],
                "data": row.data,
                **self.history_extras(row),
                "id": row.id,
            }
        )

    def rows(self, query: Query, *, words: bool) -> list[HistoryRow]:
        """Return the rows that an `eventType` lets through; `words`: the endpoint binds names too (4.x, one value)."""
        text = query.text("eventType").lower()
        named = {word.lower(): number for number, word in self.event_words.values()}
        asked = [named[text]] if words and text in named and self.since(4) else query.numbers("eventType")
        return [row for row in self.history if not asked or self.event_words[row.kind][0] in asked]

    def _history_since(self, query: Query) -> list[Json]:
        after = query.time("date")
        rows = [row for row in self.rows(query, words=True) if row.at.replace(microsecond=0) >= after]
        return [self.history_record(row) for row in sorted(rows, key=lambda row: (row.at, row.id))]

    def _history_of(self, query: Query) -> list[Json]:
        """Return the events of one film or series, newest first."""
        owner = query.number(self.owner)
        if owner is None:
            raise Refusal(400, {"message": f"{self.owner} must be provided"})
        rows = [row for row in self.rows(query, words=True) if (row.parent_id or row.item_id) == owner]
        return [self.history_record(row) for row in reversed(rows)]

    def _history(self, query: Query) -> Json:
        wanted = query.text("downloadId")
        rows = [row for row in self.rows(query, words=False) if not wanted or row.download_id == wanted]
        return page_of(
            query,
            [self.history_record(row) for row in rows],
            {"date": lambda record: record["date"], "id": lambda record: record["id"]},
        )

    def _commands(self, _: Query) -> list[Json]:
        return [self._command_record(command) for command in self.commands]

    def _command(self, query: Query) -> Json:
        number = query.id
        for command in self.commands:
            if command.id == number:
                return self._command_record(command)
        raise Refusal(404, {"message": "NotFound"})

    def _post_command(self, query: Query) -> Json:
        body = dict(query.body)
        name = body.pop("name", None)
        if not isinstance(name, str) or not name:
            raise Refusal(400, [{"propertyName": "Name", "errorMessage": "'Name' must not be empty."}])
        return self._command_record(self.run(name, body))

    def _command_record(self, command: Command) -> Json:
        modern = self.since(5) if self.app == "Radarr" else self.since(4)
        return wire.command_record(command, self.clock.now(), modern=modern)

    def _release(self, query: Query) -> list[Json]:
        item = query.number(f"{self.item}Id")
        series = query.number("seriesId") if item is None else self.parent_of(item)
        found = next((self.releases[one] for one in (item, series) if one in self.releases), ())
        radarr = self.app == "Radarr"
        return [wire.release_record(one, self.clock.now(), radarr=radarr) for one in found]


def _sort_value(key: str, record: Json) -> object:
    return record.get(key, "")
