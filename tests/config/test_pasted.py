"""What people paste is understood, or refused with words that help."""

import pytest

from tracker_tui.config.pasted import candidates
from tracker_tui.config.urls import BadUrl
from tracker_tui.model.ids import Kind


@pytest.mark.parametrize(
    ("kind", "pasted", "first"),
    [
        (Kind.SONARR, "http://nas:8989", "http://nas:8989"),
        (Kind.SONARR, "  http://nas:8989/  ", "http://nas:8989"),
        (Kind.SONARR, '"http://nas:8989"', "http://nas:8989"),
        (Kind.SONARR, "nas", "http://nas:8989"),
        (Kind.SONARR, "nas:8990", "http://nas:8990"),
        (Kind.SONARR, "192.168.1.5", "http://192.168.1.5:8989"),
        (Kind.SONARR, "[::1]", "http://[::1]:8989"),
        (Kind.SONARR, "nas:443/sonarr", "https://nas:443/sonarr"),
        (Kind.SONARR, "http://nas:8989/settings/general", "http://nas:8989"),
        (Kind.SONARR, "https://home.example/sonarr/series/lycoris-recoil", "https://home.example/sonarr"),
        (Kind.SONARR, "https://home.example/sonarr/login?returnUrl=/sonarr/", "https://home.example/sonarr"),
        (Kind.SONARR, "http://nas:8989/api/v3", "http://nas:8989"),
        (Kind.RADARR, "http://nas:7878/movie/123", "http://nas:7878"),
        (Kind.SEERR, "https://requests.example/settings/main", "https://requests.example"),
        (Kind.JELLYFIN, "http://nas:8096/web/index.html#!/home.html", "http://nas:8096"),
        (Kind.JELLYFIN, "https://home.example/jellyfin/web/#/dashboard/keys", "https://home.example/jellyfin"),
        (Kind.SHOKO, "http://nas:8111/webui/settings/api-keys", "http://nas:8111"),
        (Kind.QBITTORRENT, "http://nas:8080/#/torrents", "http://nas:8080"),
        (Kind.QBITTORRENT, "HTTP://NAS:8080", "http://nas:8080"),
    ],
)
def test_the_most_probable_meaning_comes_first(kind: Kind, pasted: str, first: str) -> None:
    assert candidates(pasted, kind)[0] == first


def test_other_meanings_follow_on_the_same_host() -> None:
    assert candidates("nas", Kind.SONARR) == (
        "http://nas:8989",
        "https://nas:8989",
        "http://nas",
        "https://nas",
    )
    assert candidates("https://nas/tv", Kind.SONARR) == (
        "https://nas/tv",
        "http://nas/tv",
        "https://nas:8989/tv",
        "http://nas:8989/tv",
        "https://nas",
        "http://nas",
        "https://nas:8989",
        "http://nas:8989",
    )


@pytest.mark.parametrize(
    ("pasted", "says"),
    [
        ("", "nothing was entered"),
        (" ", "nothing was entered"),
        ("http://nas 8989", "white space"),
        ("http://nas:8989\x1b[D", "invisible character"),
        ("http://mia:hunter2@nas:8989", "user or password"),
        ("mia:hunter2@nas", "user or password"),
        ("ftp://nas", "is not a web address"),
        ("http://nas:port", "no usable host and port"),
        ("http://nas:99999", "no usable host and port"),
        ("http://:8989", "no usable host"),
        ("http://", "no usable host"),
        ("nas:0", "0 is not a port"),
        ("x" * 3000, "white space or an invisible"),
    ],
)
def test_what_cannot_be_mended_is_explained(pasted: str, says: str) -> None:
    with pytest.raises(BadUrl) as bad:
        candidates(pasted, Kind.SONARR)
    assert says in bad.value.message
    assert bad.value.fix is not None
    assert "hunter2" not in bad.value.message + bad.value.fix
