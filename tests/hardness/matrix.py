"""The fault matrix: each service x each affliction on the running program, judged by what it shows and says."""

import multiprocessing
import re
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import msgspec

from tests.hardness.afflictions import AFFLICTIONS, BY_NAME, Affliction
from tests.hardness.rig import CANARY, PACE_S, TIMEOUT_S, Rig, rig
from tracker_tui.model.ids import Kind
from tracker_tui.model.states import ServiceStatus

OTHERS_POLLS = 2
"""So often the others must have been asked before an affliction is noticed, and again after that."""
BEYOND_CONFIRMATION_S = 75
"""A second look so much later would confirm that something is gone."""
PROCESSES = 4
SERVERS_OWN = "self._server._detach(self)"
"""In CPython 3.13's complaint about a connection that outlives its server: the simulated service was stopped."""


class Outcome(msgspec.Struct):
    """What one cell showed. `faults` are the broken promises; none = the program is whole."""

    affliction: str
    kind: Kind
    status: str = ""
    message: str = ""
    fix: str = ""
    noticed_s: float = 0.0
    others: float = 0.0
    """Polls of the slowest other service, as a share of what it made in peace."""
    recovered_s: float = 0.0
    wait_s: float = 0.0
    """The longest wait the program allowed itself before the next try."""
    lines: tuple[str, ...] = ()
    faults: list[str] = []


class _Cell:
    """One affliction of one service, from beginning to recovery."""

    def __init__(self, rig: Rig, affliction: Affliction, kind: Kind, peace: dict[Kind, float]) -> None:
        self.rig, self.affliction, self.kind, self.peace = rig, affliction, kind, peace
        self.outcome = Outcome(affliction=affliction.name, kind=kind, faults=[])
        self.before = rig.states()
        self.version = rig.row(kind).version
        self.skipped = rig.skipped(kind)
        self.log_from = rig.position()
        self.updates_from = len(rig.updates)

    def run(self) -> Outcome:
        due, code = self.affliction.due(self.kind)
        polls, start = self._polls(), time.monotonic()
        undo = self.affliction.begin(self.rig, self.kind)
        if due is ServiceStatus.OK:
            self._quiet(code)
        else:
            self._outage(due, code, start)
        self._cadence(polls, start)
        self.rig.later(BEYOND_CONFIRMATION_S)
        self._others_polled(self._polls(), 1)
        if self.kind not in self.affliction.tells:
            self._held()
        self._recovery(undo, due, code)
        self._log(due)
        if CANARY in self.rig.everything():
            self.fault("a secret came out")
        return self.outcome

    def fault(self, text: str) -> None:
        self.outcome.faults.append(text)

    def _outage(self, due: ServiceStatus, code: str | None, start: float) -> None:
        if not self.rig.until(lambda: self.rig.row(self.kind).status is due and code in self._codes(), 20.0):
            row = self.rig.row(self.kind)
            self.fault(f"shows {row.status.value} {self._codes()} {row.error}, due is {due.value} {code}")
        self.outcome.noticed_s = time.monotonic() - start
        self.outcome.status = self.rig.row(self.kind).status.value
        self.outcome.message = str(self.rig.row(self.kind).error or "")
        for problem in self.rig.problems(self.kind):
            if problem.diagnosis.code == code:
                self.outcome.message, self.outcome.fix = problem.diagnosis.message, problem.diagnosis.next_step or ""
        if self.kind.title not in self.outcome.message and self.kind.value not in self.outcome.message.lower():
            self.fault(f"the message does not name the instance: {self.outcome.message!r}")
        if not self.outcome.fix and due is not ServiceStatus.STARTING:
            self.fault("no fix is named")

    def _quiet(self, code: str | None) -> None:
        self._others_polled(self._polls(), OTHERS_POLLS)
        if not self.rig.until(lambda: code is None or code in self._codes(), 10.0):
            self.fault(f"{code} is not said")
        row = self.rig.row(self.kind)
        self.outcome.status = row.status.value
        if row.status is not ServiceStatus.OK:
            self.fault(f"shows {row.status.value}: {row.error}")
        if self.affliction.skips and not self.rig.until(lambda: self.rig.skipped(self.kind) > self.skipped, 10.0):
            self.fault("no record counts as skipped")
        if self.affliction.name == "one question hangs":
            self._own_cadence()
        for problem in self.rig.problems(self.kind):
            self.outcome.message, self.outcome.fix = problem.diagnosis.message, problem.diagnosis.next_step or ""

    def _own_cadence(self) -> None:
        """A question that is known to hang does not hold up the others of its service."""
        done = len(self.rig.service(self.kind).calls)
        held = time.monotonic() + 3 * TIMEOUT_S
        gap, last = 0.0, time.monotonic()
        while (now := time.monotonic()) < held:
            if len(self.rig.service(self.kind).calls) != done:
                done, last = len(self.rig.service(self.kind).calls), now
            gap = max(gap, now - last)
            time.sleep(0.01)
        if gap >= TIMEOUT_S:
            self.fault(f"its other questions rested for {gap:.1f} s")

    def _codes(self) -> list[str]:
        return [one.diagnosis.code for one in self.rig.problems(self.kind)]

    def _polls(self) -> dict[Kind, int]:
        return {kind: len(self.rig.service(kind).calls) for kind in Kind}

    def _others_polled(self, since: dict[Kind, int], times: int) -> None:
        def polled() -> bool:
            now = self._polls()
            return all(now[kind] >= since[kind] + times for kind in Kind if kind is not self.kind)

        if not self.rig.until(polled):
            self.fault("the others are not asked any more")

    def _cadence(self, since: dict[Kind, int], start: float) -> None:
        """Compare how often the others are asked with how often they are in peace; a hang holds up nobody else."""
        if self.affliction.name.startswith("hang") or self.affliction.name == "drip":
            late = [kind for kind, calls in self._polls().items() if kind is not self.kind and calls <= since[kind] + 1]
            if late:
                self.fault(f"not asked meanwhile: {late}")
        self._others_polled(since, OTHERS_POLLS)
        took, now = time.monotonic() - start, self._polls()
        shares = [(now[kind] - since[kind] + 1) / took / self.peace[kind] for kind in Kind if kind is not self.kind]
        self.outcome.others = min(shares)

    def _held(self) -> None:
        """No world since the beginning may show anything but the states of before."""
        for update in self.rig.updates[self.updates_from :]:
            now = {row.id: row.state for row in update.world.requests}
            lost = {key for key, state in self.before.items() if " " not in key and now.get(key) is not state}
            if lost:
                shown = ", ".join(f"{key} {self.before[key].value} -> {now.get(key)}" for key in sorted(lost)[:3])
                self.fault(f"states changed: {shown}")
                return
        if (now_all := self.rig.states()) != self.before:
            lost = {key for key in self.before if now_all.get(key) is not self.before[key]}
            self.fault(f"episodes changed: {sorted(lost)[:3]}")

    def _recovery(self, undo: object, due: ServiceStatus, code: str | None) -> None:
        assert callable(undo)
        self.outcome.wait_s = self.rig.interval_s(self.kind) or 0.0
        failures_from = self.rig.position()
        undo()
        start = time.monotonic()
        asked = self.kind in self.affliction.asked
        if asked:
            if not self.rig.until(lambda: False, 3 * PACE_S) and self.rig.row(self.kind).status is ServiceStatus.OK:
                self.fault("a refused login was tried again by itself")
            self.rig.engine.refresh_now()
        if not self.rig.until(lambda: self.rig.answers(self.kind), 20.0):
            self.fault(f"no recovery: {self.rig.row(self.kind).error}")
        if not self.rig.until(lambda: code not in self._codes(), 20.0):
            self.fault(f"{code} is still said")
        self.outcome.recovered_s = time.monotonic() - start
        again = [line for line in self.rig.said(failures_from).splitlines() if _failed_call(line, self.kind)]
        if (
            due is not ServiceStatus.OK and len(again) > 2 * 6
        ):  # one poll may have been under way, six questions at a time
            self.fault(f"{len(again)} failed calls after the end")
        if not self.rig.until(lambda: self.rig.ready() and self.rig.states() == self.before, 15.0):
            now = self.rig.states()
            lost = [f"{k} {v.value} -> {now.get(k)}" for k, v in self.before.items() if now.get(k) is not v]
            self.fault(f"other states than before: {lost[:3]}")
        if "version" in self.affliction.name and not self.rig.until(self._other_version, 10.0):
            self.fault(f"still shows version {self.version}")

    def _other_version(self) -> bool:
        return self.rig.row(self.kind).version not in {None, self.version}

    def _log(self, due: ServiceStatus) -> None:
        lines = [line for line in self.rig.said(self.log_from).splitlines() if _about(line, self.kind)]
        self.outcome.lines = tuple(lines)
        if due is ServiceStatus.OK:
            if len(lines) > 2:
                self.fault(f"{len(lines)} log lines: {lines[:3]}")
            return
        begun = [line for line in lines if "answers again" not in line]
        if len(lines) != 2 or len(begun) != 1:
            self.fault(f"not one line for the outage and one for the recovery: {lines}")
        errors = re.findall(r"^(?:ERROR|CRITICAL) .*(?:\n    .*)*", self.rig.said(self.log_from), re.MULTILINE)
        ours = [error for error in errors if SERVERS_OWN not in error]
        if ours:
            self.fault(f"an error of ours: {ours[0]}")


def _about(line: str, kind: Kind) -> bool:
    return re.match(rf"(INFO|WARNING|ERROR) tracker_tui\.engine\S*: {kind.value}:{kind.value}\b", line) is not None


def _failed_call(line: str, kind: Kind) -> bool:
    return line.startswith(f"DEBUG tracker_tui.requests: {kind.value}:{kind.value} ") and not re.search(
        r" 2\d\d \S+ ms", line
    )


def run_kind(kind: Kind, names: Iterable[str]) -> list[Outcome]:
    """Run these afflictions on one service, one after the other on one running program."""
    outcomes = []
    with tempfile.TemporaryDirectory() as folder, rig(Path(folder)) as running:
        calls, start = {one: len(running.service(one).calls) for one in Kind}, time.monotonic()
        time.sleep(5 * PACE_S)
        took = time.monotonic() - start
        peace = {one: max(1, len(running.service(one).calls) - calls[one]) / took for one in Kind}
        for name in names:
            outcomes.append(_Cell(running, BY_NAME[name], kind, peace).run())
            del running.updates[:-1]
    return outcomes


def run(kinds: Iterable[Kind] = tuple(Kind), names: Iterable[str] = tuple(BY_NAME)) -> list[Outcome]:
    """Run the matrix; each service has a program and a process of its own."""
    wanted = [
        (kind, [one.name for one in AFFLICTIONS if kind in one.kinds and one.name in set(names)]) for kind in kinds
    ]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(PROCESSES, len(wanted)), mp_context=context) as pool:
        return [one for found in pool.map(run_kind, *zip(*wanted, strict=True)) for one in found]


def table(outcomes: list[Outcome]) -> str:
    """Return the matrix as text, one line per cell, the broken promises below."""
    head = (
        f"{'service':<12} {'affliction':<22} {'shown':<13} {'noticed':>8} {'others':>7} {'back':>7} {'lines':>5}  says"
    )
    rows = [head, "-" * len(head)]
    for one in outcomes:
        times = f"{one.noticed_s:>7.2f}s {one.others:>6.0%} {one.recovered_s:>6.2f}s {len(one.lines):>5}"
        says = f"{one.message} | {one.fix}" if one.message else ""
        rows.append(f"{one.kind.value:<12} {one.affliction:<22} {one.status:<13} {times}  {says}")
        rows += [f"    BROKEN: {fault}" for fault in one.faults]
    broken = sum(bool(one.faults) for one in outcomes)
    return "\n".join([*rows, "", f"{len(outcomes)} cells, {broken} broken"])
