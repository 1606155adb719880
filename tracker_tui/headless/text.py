"""The snapshot as text: service strip, problems, then the requests in the groups of the main tree.

Nothing foreign is read as markup: every piece is a `rich.text.Text` of its own. Colour only on a terminal.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, tzinfo
from io import StringIO

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from tracker_tui.config.options import Options
from tracker_tui.model.states import Attention, Flag
from tracker_tui.model.world import Diagnosis, Problem, RequestRow, SeasonRow, Unassigned, World
from tracker_tui.present.bars import GLYPHS, Runs, bar, single
from tracker_tui.present.cells import season_title, titled
from tracker_tui.present.labels import ATTENTION, FLAGS, STATES
from tracker_tui.present.lines import Span
from tracker_tui.present.narrow import plain as in_ascii
from tracker_tui.present.phrases import SEPARATOR, summary_line
from tracker_tui.present.ranges import episode_ranges
from tracker_tui.present.rows import GROUP_WORDS, Group, group_of
from tracker_tui.present.services import counts_line, strip

PIPED_WIDTH = 100
BAR_WIDTH = 10
_INDENT = BAR_WIDTH + 6
_TITLE_SHARE = 0.38

TONES = {
    "ready": "green",
    "downloading": "cyan",
    "processing": "yellow",
    "grabbed": "magenta",
    "waiting": "blue",
    "hand": "bold yellow",
    "failed": "bold red",
    "muted": "dim",
    "strong": "bold",
    "heading": "bold",
}
"""Tone of `present` -> one of the terminal's own 16 colours."""


def write_text(world: World, shown: Sequence[RequestRow], options: Options, *, plain: bool) -> None:
    """Write the snapshot to stdout, as wide as the terminal, 100 columns where there is none."""
    colour = options.color is not False and not os.environ.get("NO_COLOR")
    console = Console(
        file=sys.stdout,
        width=None if sys.stdout.isatty() else PIPED_WIDTH,
        no_color=not colour,
        color_system="auto" if colour else None,
        highlight=False,
        markup=False,
        emoji=False,
        soft_wrap=False,
    )
    page = _Page(world, console.width, plain=plain)
    for piece in page.pieces(shown):
        console.print(piece, overflow="ignore", no_wrap=True, crop=False)


class _Page:
    """One snapshot fitted to a width."""

    def __init__(self, world: World, width: int, *, plain: bool) -> None:
        self._world = world
        self._now = world.generated_at
        self._zone: tzinfo = world.generated_at.astimezone().tzinfo or UTC
        self._width = max(40, width)
        self._plain = plain

    def pieces(self, shown: Sequence[RequestRow]) -> Iterator[Text]:
        """Return every line, from the strip to what is unassigned."""
        world = self._world
        if world.simulated:
            yield Text("Simulated services: nothing here is real", "bold")
        yield self._spans(strip(world.services, self._now, self._width, cell_len, plain=self._plain))
        yield from self._service_errors()
        yield from self._wrapped(self._spans(counts_line(world.counts, world.problems)), 0)
        for problem in world.problems:
            yield from self._problem(problem)
        for group in Group:
            members = [row for row in shown if group_of(row) is group]
            if members:
                yield Text("")
                yield Text(f"{GROUP_WORDS[group]} ({len(members)})", "bold")
            for row in members:
                yield from self._request(row)
        hidden = len(world.requests) - len(shown)
        if not world.requests:
            yield from self._wrapped(Text("Nothing is on its way."), 0)
        elif hidden:
            yield Text(f"{hidden} more not shown by the filter", "dim")
        yield from self._unassigned(world.unassigned)

    def _service_errors(self) -> Iterator[Text]:
        for row in self._world.services:
            if row.error:
                yield from self._wrapped(Text.assemble((f"{row.title}: ", "bold red"), row.error), 2)
                if row.fix:
                    yield from self._wrapped(Text.assemble(("-> ", "bold"), row.fix), 4)

    def _problem(self, problem: Problem) -> Iterator[Text]:
        yield from self._verdict(problem.diagnosis, 2, ", ".join(problem.place))

    def _request(self, row: RequestRow) -> Iterator[Text]:
        runs = single(row.state, row.progress, BAR_WIDTH) if row.is_movie else bar(row.counts, row.progress, BAR_WIDTH)
        summary = summary_line(row.phrases, self._now, self._zone) or STATES[row.state].word
        notes = SEPARATOR.join([summary, *(FLAGS[flag] for flag in row.flags if flag is not Flag.UPGRADING)])
        yield from self._row(row, runs, Text(titled(row), "bold"), Text(self._typed(notes)))
        for season in row.seasons:
            yield from self._season(row, season)
        for diagnosis in row.diagnoses:
            yield from self._verdict(diagnosis, _INDENT)

    def _row(self, row: RequestRow, runs: Runs, title: Text, summary: Text) -> Iterator[Text]:
        """Title and summary on one line where they fit, else the summary below, wrapped."""
        mark = ATTENTION[row.attention if row.attention >= Attention.WARN else Attention.NONE]
        state = STATES[row.state]
        head = Text.assemble(
            self._glyph(mark.glyph, mark.plain, mark.tone),
            " ",
            self._glyph(state.glyph, state.plain, state.tone),
            " ",
            self._bar(runs),
            "  ",
        )
        column = int(self._width * _TITLE_SHARE)
        if title.cell_len <= column - 2 and head.cell_len + column + summary.cell_len <= self._width:
            gap = " " * (column - title.cell_len)
            yield Text.assemble(head, title, gap, summary)
            return
        title.truncate(self._width - head.cell_len, overflow="ellipsis")
        yield Text.assemble(head, title)
        yield from self._wrapped(summary, _INDENT)

    def _season(self, row: RequestRow, season: SeasonRow) -> Iterator[Text]:
        """Say where the episodes are, when they are not all at the same place; and what is wrong with the season."""
        ranges = episode_ranges(season)
        several = len(row.seasons) > 1
        if several and season.total:
            word = f"{season_title(season.number)}  {season.ready}/{season.total} ready"
            yield from self._wrapped(Text(word, "dim"), _INDENT)
        if len(ranges) > 1:
            yield from self._wrapped(Text(self._typed(SEPARATOR.join(ranges)), "dim"), _INDENT + (2 if several else 0))
        for diagnosis in season.diagnoses:
            yield from self._verdict(diagnosis, _INDENT)
        for episode in season.episodes:
            for diagnosis in episode.diagnoses:
                yield from self._verdict(diagnosis, _INDENT, f"S{season.number:02}E{episode.number:02}")

    def _verdict(self, diagnosis: Diagnosis, indent: int, place: str = "") -> Iterator[Text]:
        """Print what wants a person, with its next step; what only informs stays in the JSON and the details."""
        if diagnosis.attention < Attention.WARN:
            return
        label = ATTENTION[diagnosis.attention]
        said = f"{place}: {diagnosis.message}" if place else diagnosis.message
        body = Text.assemble((f"{label.word}: ", TONES[label.tone]), self._typed(said), (f"  {diagnosis.code}", "dim"))
        yield from self._wrapped(body, indent)
        if diagnosis.next_step:
            arrow = "-> " if self._plain else "→ "
            yield from self._wrapped(Text.assemble((arrow, "bold"), self._typed(diagnosis.next_step)), indent)

    def _unassigned(self, found: Sequence[Unassigned]) -> Iterator[Text]:
        if found:
            yield Text("")
            yield Text(f"Unassigned ({len(found)})", "bold")
        for one in found:
            yield from self._wrapped(Text.assemble(one.name, (f"  {self._typed(one.reason)}", "dim")), 4)
            if one.next_step:
                yield from self._wrapped(Text.assemble(("-> ", "bold"), self._typed(one.next_step)), 6)

    def _wrapped(self, text: Text, indent: int) -> Iterator[Text]:
        """Return `text` in lines of the page's width, each behind `indent` blanks."""
        for line in text.wrap(_MEASURE, max(20, self._width - indent), tab_size=1):
            line.rstrip()
            yield Text.assemble(" " * indent, line)

    def _bar(self, runs: Runs) -> Text:
        drawn = Text()
        for part, cells in runs:
            glyph, plain, tone = GLYPHS[part]
            drawn.append((plain if self._plain else glyph) * cells, TONES[tone])
        return drawn if drawn.cell_len else Text(" " * BAR_WIDTH)

    def _glyph(self, glyph: str, plain: str, tone: str) -> Text:
        return Text(plain if self._plain else glyph, TONES[tone])

    def _spans(self, spans: Sequence[Span]) -> Text:
        return Text.assemble(*((self._typed(span.text), TONES.get(span.tone, "")) for span in spans))

    def _typed(self, text: str) -> str:
        """Return our own typography in ASCII where the font is poor (foreign text stays as it is)."""
        return in_ascii(text) if self._plain else text


_MEASURE = Console(width=PIPED_WIDTH, file=StringIO(), color_system=None)
"""Only measures: `Text.wrap` wants a console."""
