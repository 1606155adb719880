"""A simulated household on loopback HTTP, looked at as `--once --json` does; every look keeps to the schema."""

import json
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import msgspec

from tracker_tui.config.settings import Settings
from tracker_tui.engine.now import CorrectedClock
from tracker_tui.engine.watch import Watch
from tracker_tui.headless.document import document
from tracker_tui.headless.exit_codes import exit_code
from tracker_tui.model.ids import Kind
from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.household.household import START, Household
from tracker_tui.simulate.household.titles import FILM, Release, Show, Wanted
from tracker_tui.simulate.server import SimHost
from tracker_tui.store.store import Store

Json = dict[str, Any]

NOON = START
MIB = 1 << 20
SCHEMA = Path(__file__).parents[2] / "docs" / "once.schema.json"
POSTED = {
    "/api/v2/auth/login",
    "/api/v2/auth/logout",
    "/api/v2/app/version",
    "/api/v2/sync/maindata",
    "/api/v2/torrents/files",
    "/api/auth",
    "/Environment/ValidatePath",
}
"""The only calls that are no GET: logins, and questions (qbittorrent-api posts them all)."""
PATIENCE_S = 600.0
"""Longest simulated wait for something to happen."""

_validator = jsonschema.Draft202012Validator(
    json.loads(SCHEMA.read_text()), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
)


class Look:
    """One snapshot: the document that a script would read, and the exit code."""

    def __init__(self, content: Json, code: int) -> None:
        _validator.validate(content)
        self.content = content
        self.code = code
        self.rows = {row["title"]: row for row in content["requests"]}
        counts = content["counts"]
        assert counts["ready"] == sum(row["state"] == "AVAILABLE" for row in content["requests"])
        for row in content["requests"]:
            counted = [one for part in row["seasons"] for one in part["episodes"] if one["counted"]]
            assert row["kind"] == "movie" or len(counted) == row["total"]
            assert row["ready"] <= row["total"]

    def row(self, title: str | None = None) -> Json:
        """Return a request; without a title the only one."""
        if title is None:
            assert len(self.rows) == 1, list(self.rows)
            return next(iter(self.rows.values()))
        return dict(self.rows[title])

    def state(self, title: str | None = None) -> str:
        return str(self.row(title)["state"])

    def summary(self, title: str | None = None) -> str:
        return str(self.row(title)["summary"])

    def episodes(self, season: int = 1, title: str | None = None) -> list[Json]:
        return [one for part in self.row(title)["seasons"] if part["number"] == season for one in part["episodes"]]

    def states(self, season: int = 1, title: str | None = None) -> list[str]:
        return [one["state"] for one in self.episodes(season, title)]

    def verdicts(self, title: str | None = None) -> dict[str, str]:
        """Return code -> attention of every diagnosis of a request, wherever it stands."""
        return {code: one["attention"] for code, one in self.diagnoses(title).items()}

    def diagnoses(self, title: str | None = None) -> Json:
        """Return the diagnoses of a request by code; each code stands once."""
        row = self.row(title)
        nodes = [row, *row["seasons"], *(one for part in row["seasons"] for one in part["episodes"])]
        found = [diagnosis for node in nodes for diagnosis in node["diagnoses"]]
        return {one["code"]: one for one in found}

    def problems(self) -> dict[str, str]:
        """Return code -> attention of what is wrong with a service or library."""
        codes = [one["code"] for one in self.content["problems"]]
        assert len(codes) == len(set(codes)), codes
        return {one["code"]: one["attention"] for one in self.content["problems"]}

    def status(self, kind: Kind) -> str:
        return next(str(one["status"]) for one in self.content["services"] if one["kind"] == kind.value)


class Stage:
    """The household, its clock, and the store that the looks share."""

    def __init__(self, folder: Path, *, start: datetime = NOON - timedelta(hours=3), without: Iterable[Kind] = ()):
        self.clock = SimClock(start)
        self.household = Household(self.clock)
        self.store_path = folder / "state.json"
        self.without = set(without)
        self.household.jellyfin.finish_scan()
        self._host = SimHost()
        for kind, service in self.household.services.items():
            if kind not in self.without:
                self._host.add(service)

    def close(self) -> None:
        self._host.close()

    @property
    def settings(self) -> Settings:
        """Return the configuration that reaches the services."""
        known = self.household.instances()
        return Settings(instances=tuple(one for one in known if one.kind not in self.without))

    # ---- time

    def at(self, moment: str) -> None:
        """Go to a time of the day, hour:minute or hour:minute:second."""
        hour, minute, second = (*map(int, moment.split(":")), 0)[:3]
        self.clock.jump(to=NOON.replace(hour=hour, minute=minute, second=second))
        self.household.tick()

    def passes(self, seconds: float, step: float = 5.0) -> None:
        """Let time pass in small steps."""
        for _ in range(round(seconds / step)):
            self.clock.jump(seconds=step)
            self.household.tick()

    def until(self, holds: Callable[[], bool]) -> None:
        """Let time pass until something is so."""
        for _ in range(round(PATIENCE_S)):
            if holds():
                return
            self.clock.jump(seconds=1)
            self.household.tick()
        raise AssertionError("it did not happen")

    # ---- stories that several scenarios begin with

    def asked(self, wanted: Wanted, by: str = "adept", seasons: tuple[int, ...] = (1,)) -> None:
        """Let it be requested, approved and handed over."""
        self.household.request(wanted, by=by, seasons=seasons)
        self.household.approve(wanted)
        self.household.arr_adds(wanted)

    def arrived(self, wanted: Wanted, release: Release) -> None:
        """Let it be grabbed, downloaded and imported, all at once."""
        numbers = wanted.numbers() if isinstance(wanted, Show) else (FILM,)
        self.household.grab(wanted, release, numbers, progress=1.0)
        self.household.imports_now(release)

    def on_the_shelf(self, wanted: Wanted, release: Release) -> None:
        """Let it arrive, and every later station know it."""
        self.arrived(wanted, release)
        self.household.shoko.finish_jobs()
        self.scanned()

    def scanned(self) -> None:
        """Let Jellyfin scan its libraries, and save what it found out: an item is written a moment after it is seen."""
        self.household.jellyfin.finish_scan()
        self.clock.jump(seconds=5)

    # ---- looking

    async def look(self, timeout_s: float = 10.0) -> Look:
        """Take a snapshot with a program started anew on the store that all looks share."""
        watch = Watch(self.settings, Store.open(self.store_path), clock=CorrectedClock(self.clock.now))
        try:
            world = await watch.snapshot(timeout_s)
        finally:
            await watch.close()
        self._only_reads()
        text = msgspec.json.encode(document(world, world.requests)).decode()
        secrets = [one.api_key or one.password for one in self.settings.instances]
        assert not any(secret is not None and secret.reveal() in text for secret in secrets)
        return Look(json.loads(text), exit_code(world))

    def _only_reads(self) -> None:
        """Check that nothing was asked of a service but to answer."""
        calls = [call for service in self.household.services.values() for call in service.calls]
        changing = {call.path for call in calls if call.method not in {"GET", "HEAD"}}
        assert changing <= POSTED, changing
