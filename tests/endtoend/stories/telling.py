"""Tell one story to a running program, and look after every step whether a law is broken."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from random import Random

from tests.endtoend.stories import laws
from tests.endtoend.stories.program import Program, simulated_rhythms
from tests.endtoend.stories.tale import Tale
from tracker_tui.config.settings import Settings
from tracker_tui.model.ids import Kind
from tracker_tui.model.states import State
from tracker_tui.model.world import World
from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.household.household import START
from tracker_tui.simulate.server import SimHost

STEPS = 30
STEADY_S = 150.0
"""So long without an event, everybody has told what happened."""
_NEARLY = {State.IMPORTING, State.ANIME_MATCHING}
"""From here the whole list leads on: Jellyfin's feed of changes lacks for a minute what it has not saved yet."""


class Broken(AssertionError):
    """A law was broken; says which, by what story."""


class Telling:
    """One story, the program that watches it, and what it showed last."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.seed = seed
        self.chance = Random(seed * 7919)
        self.clock = SimClock(START)
        self.tale = Tale(self.clock, seed)
        self._folder = folder
        self._host = SimHost()
        for service in self.tale.home.services.values():
            self._host.add(service)
        self._settings = Settings(instances=self.tale.home.instances())
        self._played: set[tuple[str, tuple[int, int]]] = set()
        self._before: laws.States = {}
        self._looked_at = self.clock.now()
        self.faults: list[str] = []

    async def told(self, steps: int) -> None:
        """Tell `steps` events, then let all become quiet. Raises Broken."""
        try:
            with simulated_rhythms(self.clock):
                program = Program(self._settings, self._folder / f"{self.seed}.json", self.clock)
                try:
                    for _ in range(steps):
                        await self._step(program)
                    await self._ends(program)
                finally:
                    await program.close()
        finally:
            self._host.close()

    # ---- one step

    async def _step(self, program: Program) -> None:
        kinds = list(Kind)
        self.chance.shuffle(kinds)
        early = kinds[: self.chance.randrange(len(kinds))] if self.chance.random() < 0.5 else []
        await self._asks(program, early)  # their answers are older than what happens now
        self.tale.goes_on()
        self.tale.passes(self.chance.choice([0, 0, 1, 3, 3, 8]))
        await self._asks(program, [one for one in kinds if one not in early])
        self._look(program.world, steady=False)
        chance = self.chance.random()
        if chance < 0.1:
            await self._restarts(program)
        elif chance < 0.2:
            self._say("the machine's clock jumps")
            program.local = timedelta(seconds=self.chance.choice([-3600, -90, 0, 7200]))
            self.tale.passes(16)  # everybody is asked again
            await program.settles()
            self._look(program.world, steady=False)
        elif chance < 0.35:
            await self._waits(program, STEADY_S)
            self._look(program.world, steady=True)
        elif chance < 0.4:
            await self._waits(program, self.chance.choice([600, 2400, 7200]), step=150)
            self._look(program.world, steady=True)

    async def _asks(self, program: Program, kinds: Sequence[Kind]) -> None:
        self._note_played()
        await program.asks(kinds)
        self._note_played()

    def _note_played(self) -> None:
        for wanted in self.tale.wanted:
            if self.tale.is_there(wanted):
                self._played |= {
                    (wanted.name, one) for one in self.tale.numbers(wanted) if self.tale.plays(wanted, one)
                }

    async def _waits(self, program: Program, seconds: float, step: float = 25) -> None:
        self._say(f"{seconds:.0f} s pass")
        for _ in range(round(seconds / step)):
            self.tale.passes(step)
            await self._asks(program, list(Kind))
        await program.settles()

    async def _restarts(self, program: Program) -> None:
        """Let it start again: once all have answered, it shows what it showed."""
        await self._waits(program, 50)
        before = laws.states_of(program.world)
        self._say("the program starts again")
        program.local = timedelta()
        await program.restarts()
        self._look(program.world, steady=False)
        await program.asks(list(Kind))
        await program.settles()
        after = laws.states_of(program.world)
        unsaved = {key for key, state in after.items() if state is State.AVAILABLE and before.get(key) in _NEARLY}
        before |= dict.fromkeys(unsaved, State.AVAILABLE)
        self._compare("started again", before, after)

    # ---- looks

    def _say(self, what: str) -> None:
        self.tale.told.append(f"{self.clock.now():%d %H:%M:%S} -- {what}")

    def _look(self, world: World, *, steady: bool) -> None:
        self._note_played()
        after = laws.states_of(world)
        faults = [
            *laws.sums(world),
            *laws.nothing_unfinished_is_whole(world),
            *laws.ready_is_playable(world, self.tale, self._played),
            *laws.no_regress(self._before, after, self.tale, self._looked_at),
            *laws.said_once(world),
            *laws.timeline_is_a_line(world),
            *laws.not_contradicted(world, self.tale, steady),
        ]
        self._before, self._looked_at = after, self.clock.now()
        self._judge(faults, world)

    def _judge(self, faults: Sequence[str], world: World) -> None:
        if faults:
            rows = [f"{row.title}: {laws.counted(row)}" for row in world.requests]
            raise Broken("\n".join([f"seed {self.seed}", *self.tale.told, *rows, *faults]))

    def _compare(self, what: str, before: laws.States, after: laws.States) -> None:
        if before != after:
            keys = sorted(before.keys() | after.keys())
            other = [
                f"{one}: {before.get(one)} -> {after.get(one)}" for one in keys if before.get(one) != after.get(one)
            ]
            raise Broken("\n".join([f"seed {self.seed}", *self.tale.told, f"{what}:", *other]))

    # ---- the end

    async def _ends(self, program: Program) -> None:
        """Let all be well and quiet: then what is shown is what a program without memory shows."""
        self._say("all services are well")
        self.tale.heals()
        program.local = timedelta()
        await self._waits(program, self.tale.quiet().total_seconds(), step=300)
        await self._waits(program, STEADY_S)
        self._look(program.world, steady=True)
        for wanted in self.tale.wanted:
            for row in laws.rows_of(program.world, wanted):
                self._judge(list(laws.true_at_rest(row, wanted, self.tale)), program.world)
        fresh = Program(self._settings, None, self.clock)
        try:
            await fresh.asks(list(Kind))
            await fresh.settles()
            gone = {one.name for one in self.tale.wanted if not self.tale.is_there(one)}
            ours, theirs = (
                {key: state for key, state in laws.states_of(one.world).items() if key[0] not in gone}
                for one in (program, fresh)
            )
            self._compare("without memory", ours, theirs)
            self._compare_verdicts(program.world, fresh.world, gone)
        finally:
            with suppress(Exception):
                await fresh.close()

    def _compare_verdicts(self, ours: World, theirs: World, gone: set[str]) -> None:
        told = [
            {
                row.title: sorted({one.code for one in laws.diagnoses_of(row)})
                for row in world.requests
                if row.title not in gone
            }
            for world in (ours, theirs)
        ]
        for title in sorted(told[0].keys() | told[1].keys()):
            if told[0].get(title) != told[1].get(title):
                self.faults.append(f"{title}: {told[0].get(title)} without memory {told[1].get(title)}")
