"""Configured path overrides: prefixes, longest first, both directions, whole segments only."""

import pytest

from tracker_tui.model.ids import InstanceRef, Kind
from tracker_tui.model.settings import PathMap
from tracker_tui.reconcile.joins.pathmaps import PathMaps

SONARR = InstanceRef(Kind.SONARR, "sonarr")
JELLYFIN = InstanceRef(Kind.JELLYFIN, "jellyfin")
OTHER = InstanceRef(Kind.JELLYFIN, "other")
MAPS = PathMaps(
    (
        PathMap(instance=SONARR, theirs="/tv", common="/data/tv"),
        PathMap(instance=SONARR, theirs="/tv/anime", common="/data/anime"),
        PathMap(instance=JELLYFIN, theirs="D:\\Media", common="/data/tv"),
    )
)


@pytest.mark.parametrize(
    ("path", "common", "jellyfin"),
    [
        ("/tv/a.mkv", "/data/tv/a.mkv", "D:\\Media/a.mkv"),
        ("/tv", "/data/tv", "D:\\Media"),
        ("/tv/anime/a.mkv", "/data/anime/a.mkv", "/data/anime/a.mkv"),
        ("/tv-4k/a.mkv", "/tv-4k/a.mkv", "/tv-4k/a.mkv"),
        ("/elsewhere/tv/a.mkv", "/elsewhere/tv/a.mkv", "/elsewhere/tv/a.mkv"),
    ],
)
def test_what_another_instance_calls_a_path(path: str, common: str, jellyfin: str) -> None:
    assert MAPS.to_common(SONARR, path) == common
    assert MAPS.between(SONARR, JELLYFIN, path) == jellyfin
    assert MAPS.between(SONARR, OTHER, path) == common
    assert MAPS.to_common(OTHER, path) == path


def test_windows_separators_after_the_prefix() -> None:
    assert MAPS.to_common(JELLYFIN, "D:\\Media\\Show\\a.mkv") == "/data/tv\\Show\\a.mkv"


def test_without_maps_every_path_stays() -> None:
    assert PathMaps(()).between(SONARR, JELLYFIN, "/tv/a.mkv") == "/tv/a.mkv"
