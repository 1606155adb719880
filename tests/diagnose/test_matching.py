"""Shoko's match against Sonarr's mapping: only the id of the very episode counts, never another numbering (P24)."""

from typing import Any

import msgspec
import pytest

from tests.diagnose.given import House
from tests.diagnose.late import matched_lycoris
from tracker_tui.model.ids import Kind
from tracker_tui.model.observation import Payload, ShokoSeriesRead
from tracker_tui.model.shoko import ShokoEpisode, ShokoSeries
from tracker_tui.model.text import clean


class Told(House):
    """Shoko tells the episodes of its series: `tvdb` = TVDB ids by Shoko episode number, `kinds` their types."""

    def __init__(self, tvdb: dict[int, tuple[int, ...]], kinds: dict[int, str] | None = None, shift: int = 0) -> None:
        super().__init__()
        matched_lycoris(self)
        rows = self.sonarr.episodes[23]
        self.sonarr.episodes[23] = [msgspec.structs.replace(one, tvdb_id=7000 + one.number) for one in rows]
        self._told = tuple(
            ShokoEpisode(
                id=(300 + n) * 10,
                series_id=12,
                number=n + shift,
                type=clean((kinds or {}).get(n, "Episode")),
                tvdb_ids=tvdb.get(n, ()),
            )
            for n in range(1, 14)
        )

    def _of(self, ref: Any) -> list[Payload]:
        told = super()._of(ref)
        if ref.kind is Kind.SHOKO:
            told.append(ShokoSeriesRead(series_id=12, series=ShokoSeries(id=12), episodes=self._told))
        return told


RIGHT: dict[int, tuple[int, ...]] = {n: (7000 + n,) for n in range(1, 14)}


@pytest.mark.parametrize(
    ("house", "differs"),
    [
        pytest.param(lambda: Told(RIGHT), [], id="the same episodes"),
        pytest.param(lambda: Told(RIGHT, shift=12), [], id="counted absolutely"),
        pytest.param(lambda: Told({}, shift=3), [], id="Shoko has no TVDB ids"),
        pytest.param(lambda: Told(RIGHT | {3: (7004,)}), [3], id="one file is another episode"),
        pytest.param(lambda: Told(RIGHT | {3: (7004,), 4: (7003,)}), [3, 4], id="two files are swapped"),
        pytest.param(lambda: Told(RIGHT | {3: (7003, 7004)}), [], id="the file holds two, one of them is ours"),
        pytest.param(lambda: Told(RIGHT | {3: (9999,)}), [], id="an episode Sonarr does not know"),
        pytest.param(lambda: Told(RIGHT | {3: (7004,)}, {3: "Special"}), [], id="a special of AniDB"),
    ],
)
def test_a_file_that_shoko_takes_for_another_episode(house: Any, differs: list[int]) -> None:
    one = house().tick()
    shown = one.verdict().seasons[0].episodes
    found = [row.number for row in shown if any(said.code == "MATCH_DIFFERS" for said in row.diagnoses)]
    assert found == differs
    if differs == [3]:
        said = one.diagnosis("MATCH_DIFFERS")
        assert said.message.endswith("S01E03.mkv as S01E03; Shoko takes it for S01E04")
        assert "link it to S01E03" in (said.next_step or "")
        assert "Manual Import as S01E04" in (said.next_step or "")
