"""The command line: `--help`, `--version`, and `--once --json` beyond what the services make it wait."""

import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tests.benchmarks.figures import Figure, Run, median, python, runs
from tests.benchmarks.households import (
    LARGE,
    SMALL,
    Size,
    finished_series,
    household_of,
    late_anime_season,
    season_pack_in_flight,
)
from tests.benchmarks.served import Exchange, Served, served

RUNS = 7
STARTS = 15
LATENCY_S = 0.1
_PROGRAM = ("-m", "tracker_tui")
_LIBRARIES = "import asyncio, ssl, msgspec, tinydb, httpx, httpcore, anyio._backends._asyncio, pyarr, qbittorrentapi"
"""What a snapshot of all six services has to load before its own first line."""
_FLOOR = """
import http.client, json, sys, threading
def ask(one):
    connection = http.client.HTTPConnection(*one["where"])
    connection.request(one["method"], one["target"], one["body"] or None, {"Content-Type": one["type"]})
    connection.getresponse().read()
threads = [threading.Thread(target=ask, args=(one,)) for one in json.load(open(sys.argv[1]))]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
"""


def starts() -> Iterator[Figure]:
    """Yield how long the answers take that need no configuration; the floor is an interpreter that does nothing."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bare = runs(("-I", "-c", "pass"), folder, STARTS)
        for option in ("--version", "--help"):
            own = runs((*_PROGRAM, option), folder, STARTS)
            yield _beside("start", f"{option}, wall", own, bare, "wall_ms", 50.0, 80.0)
            yield _beside("start", f"{option}, CPU", own, bare, "cpu_ms")


def _beside(part: str, name: str, own: Sequence[Run], floor: Sequence[Run], what: str, *budget: float) -> Figure:
    """Return a figure of runs beside the floor's: the medians, in ms or MB."""
    value, least = (median([getattr(one, what) for one in each]) for each in (own, floor))
    target, limit = budget or (None, None)
    return Figure(part, name, value, "MB" if what == "rss_mb" else "ms", target, limit, least)


def once() -> Iterator[Figure]:
    """Yield what a snapshot costs beyond the services, for small answers."""
    yield from _once("small answers", SMALL, (180.0, 250.0), (40.0, 50.0))


def once_full() -> Iterator[Figure]:
    """Yield the same for full inventories."""
    yield from _once("full inventories", LARGE, (300.0, 450.0), (95.0, 120.0))


def _once(label: str, size: Size, wall: tuple[float, float], rss: tuple[float, float]) -> Iterator[Figure]:
    household = household_of(size)
    for happens in (finished_series, late_anime_season, season_pack_in_flight):
        happens(household)
    with served(household) as services, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        services.write_config(folder / "config.toml")
        command = (
            *_PROGRAM,
            "--once",
            "--json",
            "--config",
            f"{folder}/config.toml",
            "--store",
            f"{folder}/store.json",
        )
        first = python(command, folder)  # renders the answers, fills the store, compiles
        if first.code not in {0, 1}:
            raise RuntimeError(f"--once ended with {first.code}: {(folder / 'err').read_text()}")
        services.latency(LATENCY_S)
        own, waits, asked = _snapshots(services, command, folder)
        bare = _floor(asked, folder)
        beyond = median([run.wall_ms - wait for run, wait in zip(own, waits, strict=True)])
        least = median([run.wall_ms for run in bare]) - LATENCY_S * 1000
        part = "once"
        yield Figure(part, f"{label}: beyond the services, wall", beyond, "ms", *wall, least)
        yield Figure(part, f"{label}: answers of {LATENCY_S * 1000:g} ms each, waited for", median(waits), "ms")
        yield _beside(part, f"{label}: CPU", own, bare, "cpu_ms")
        loaded = runs(("-c", _LIBRARIES), folder, RUNS)
        yield Figure(part, f"{label}: CPU of loading the libraries alone", median([run.cpu_ms for run in loaded]), "ms")
        yield _beside(part, f"{label}: RSS", own, bare, "rss_mb", *rss)
        yield Figure(part, f"{label}: calls", len(asked), "")
        yield Figure(part, f"{label}: answers", sum(one.size for one in asked) / 1e6, "MB")


def _snapshots(services: Served, command: Sequence[str], folder: Path) -> tuple[list[Run], list[float], list[Exchange]]:
    python(command, folder)
    services.exchanges()
    own: list[Run] = []
    waits: list[float] = []
    asked: list[Exchange] = []
    for _ in range(RUNS):
        own.append(python(command, folder))
        asked = services.exchanges()
        waits.append(_covered_ms(asked))
    return own, waits, asked


def _covered_ms(asked: Iterable[Exchange]) -> float:
    """Return how long at least one service was at work on an answer."""
    covered, until = 0.0, float("-inf")
    for one in asked:
        covered += max(0.0, one.end_s - max(one.start_s, until))
        until = max(until, one.end_s)
    return covered * 1000


def _floor(asked: Sequence[Exchange], folder: Path) -> list[Run]:
    """Return runs of a program that just fetches the same answers, all at once."""
    questions = folder / "questions.json"
    questions.write_text(
        json.dumps(
            [
                {
                    "where": one.url.removeprefix("http://").split(":"),
                    "method": one.method,
                    "target": one.target,
                    "body": one.body,
                    "type": one.content_type,
                }
                for one in asked
                if "/auth/" not in one.target
            ]
        )
    )
    return runs(("-I", "-c", _FLOOR, str(questions)), folder, RUNS)
