"""Item ids, computed from type and path."""

import pytest

from tracker_tui.model.jellyfin import JellyfinItem
from tracker_tui.model.jellyfin_ids import computed_id, ids_follow_paths
from tracker_tui.model.text import SafeText

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


def film(path: str | None, item_id: str | None = None, location_type: str = "FileSystem") -> JellyfinItem:
    return JellyfinItem(
        id=item_id or computed_id("Movie", path or ""),
        type=SafeText("Movie"),
        path=SafeText(path) if path else None,
        location_type=SafeText(location_type),
    )


VFS = "/config/Shokofin/VFS/3edecd27-fe5c-5155-93d7-9c197224f11f/A [Shoko Series=1]/A [Shoko File=2].mkv"


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        pytest.param([], None, id="nothing read yet"),
        pytest.param([film(FILM)], True, id="one that fits proves it"),
        pytest.param([film(FILM, "0" * 31 + "1")], False, id="paths are substituted"),
        pytest.param([film(FILM, "0" * 31 + "1"), film("/m/b.mkv")], True, id="a moved item among others"),
        pytest.param([film(VFS, "0" * 31 + "1")], None, id="the virtual file system tells nothing"),
        pytest.param([film(None)], None, id="an item without path tells nothing"),
    ],
)
def test_whether_ids_can_be_computed_is_read_off_items(items: list[JellyfinItem], expected: bool | None) -> None:
    assert ids_follow_paths(items) is expected
