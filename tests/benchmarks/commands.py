"""The command line: `--help`, `--version`, and `--once --json` beyond what the services make it wait."""

import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tests.benchmarks.figures import Figure, Run, median, python
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
LATENCY_S = 0.1
_PROGRAM = ("-m", "tracker_tui")
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
    """Yield how long the answers take that need no configuration."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for label, arguments, budget in (
            ("bare interpreter (floor)", ("-I", "-c", "pass"), (None, None)),
            ("--version", (*_PROGRAM, "--version"), (50.0, 80.0)),
            ("--help", (*_PROGRAM, "--help"), (50.0, 80.0)),
        ):
            runs = _runs(arguments, folder, RUNS + 4)
            yield Figure("start", f"{label}, wall", median([one.wall_ms for one in runs]), "ms", *budget)


def once() -> Iterator[Figure]:
    """Yield what a snapshot costs beyond the services, for small answers and for full inventories."""
    yield from _once("small answers", SMALL, (180.0, 250.0), (40.0, 50.0))
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
        runs, waits, asked = _snapshots(services, command, folder)
        floor = _floor(asked, folder)
        beyond = median([run.wall_ms - wait for run, wait in zip(runs, waits, strict=True)])
        part = "once"
        megabytes = sum(one.size for one in asked) / 1e6
        yield Figure(part, f"{label}: beyond the services, wall", beyond, "ms", *wall)
        yield Figure(part, f"{label}: floor (raw GETs in threads) beyond one answer", floor, "ms")
        yield Figure(part, f"{label}: waiting for answers of {LATENCY_S * 1000:g} ms", median(waits), "ms")
        yield Figure(part, f"{label}: calls", len(asked), "")
        yield Figure(part, f"{label}: bytes", megabytes, "MB")
        yield Figure(part, f"{label}: CPU", median([one.cpu_ms for one in runs]), "ms")
        yield Figure(part, f"{label}: RSS", max(one.rss_mb for one in runs), "MB", *rss)


def _snapshots(services: Served, command: Sequence[str], folder: Path) -> tuple[list[Run], list[float], list[Exchange]]:
    python(command, folder)
    services.exchanges()
    runs: list[Run] = []
    waits: list[float] = []
    asked: list[Exchange] = []
    for _ in range(RUNS):
        runs.append(python(command, folder))
        asked = services.exchanges()
        waits.append(_covered_ms(asked))
    return runs, waits, asked


def _covered_ms(asked: Iterable[Exchange]) -> float:
    """Return how long at least one service was at work on an answer."""
    covered, until = 0.0, float("-inf")
    for one in asked:
        covered += max(0.0, one.end_s - max(one.start_s, until))
        until = max(until, one.end_s)
    return covered * 1000


def _floor(asked: Sequence[Exchange], folder: Path) -> float:
    """Return what the same answers cost when they are just fetched, all at once, beyond the latency of one."""
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
    runs = _runs(("-I", "-c", _FLOOR, str(questions)), folder, RUNS)
    return median([one.wall_ms for one in runs]) - LATENCY_S * 1000


def _runs(arguments: Sequence[str], folder: Path, count: int) -> list[Run]:
    python(arguments, folder)
    runs = [python(arguments, folder) for _ in range(count)]
    if any(one.code for one in runs):
        raise RuntimeError((folder / "err").read_text())
    return runs
