"""Item ids, computed from type and path."""

import pytest

from tracker_tui.simulate.jellyfin.ids import computed_id

SHOW = "/media/tv/Show (2024)"
FILM = "/media/movies/Film (2024)/Film (2024).mkv"


@pytest.mark.parametrize(
    ("item_type", "path", "expected"),
    [
        ("Episode", f"{SHOW}/Season 02/Show - S02E03-E04.mkv", "1bc2c6c8fa81dbd763b61f031fe22f7a"),
        ("Series", SHOW, "43736f1981203344982791e0ea33e47d"),
        ("Season", f"{SHOW}/Season 02", "bf00e6e71d566583e2b802c767db2f1a"),
        ("Movie", FILM, "59975edffb48ce6e4b1caffa6581f293"),
    ],
)
def test_an_id_follows_from_type_and_path(item_type: str, path: str, expected: str) -> None:
    assert computed_id(item_type, path) == expected


def test_the_type_is_part_of_the_id() -> None:
    assert len({computed_id(one, FILM) for one in ("Movie", "Video", "Episode")}) == 3
