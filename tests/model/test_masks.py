"""What stands where keys stand is masked; titles, paths and our own words are left alone."""

import pytest

from tracker_tui.model.masks import MASK, masked
from tracker_tui.model.text import TEXT_LIMIT, clean

KEY = "0f9a4c1d2b7e46588d11aa22bb33cc44"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"Unable to connect to indexer: http://prowlarr:9696/1/api?t=search&apikey={KEY}.", id="query"),
        pytest.param(f"http://prowlarr/1/api?t=search;q={KEY}#x", id="query-with-semicolons"),
        pytest.param(f"see https://user:{KEY}@tracker.example:8443/path", id="user-and-password"),
        pytest.param(f"https://{KEY}@tracker.example", id="user-alone"),
        pytest.param(f"udp://tracker.example:6969/{KEY}/announce", id="passkey-in-the-path"),
        pytest.param(f"https://idp.example/cb#access_token={KEY}", id="fragment"),
        pytest.param(f"https://[::1]:8080/x?{KEY}", id="bare-query"),
        pytest.param(f"http://jellyfin.example/web/#/details?id=1&api_key={KEY}", id="after-an-id"),
        pytest.param(f"http://sonarr.example/add/new?term=tvdb:1&apikey={KEY}", id="after-a-term"),
        pytest.param(f'{{"apiKey": "{KEY}", "id": 1}}', id="json"),
        pytest.param('{"password": "short"}', id="json-short"),
        pytest.param(f"{{'X-Api-Key': '{KEY}'}}", id="repr-of-headers"),
        pytest.param(f"X-Emby-Token: {KEY}", id="header-line"),
        pytest.param(f'Authorization: MediaBrowser Client="x", Token="{KEY}"', id="authorization"),
        pytest.param(f"authorization=Basic {KEY}", id="basic"),
        pytest.param(f"sent with Bearer {KEY} and failed", id="bearer"),
        pytest.param(f"Set-Cookie: SID={KEY}; path=/", id="cookie"),
        pytest.param(f"torrent_pass={KEY}", id="torrent-pass"),
        pytest.param(f"rsskey = {KEY}", id="rss-key"),
        pytest.param(f"passkey: {KEY}", id="with-a-colon"),
        pytest.param("pwd=hunter2", id="short-value"),
    ],
)
def test_a_key_in_its_place_is_masked(text: str) -> None:
    for shown in (masked(text), clean(text)):
        assert KEY not in shown
        assert MASK in shown
        assert "hunter2" not in shown
        assert "short" not in shown
        assert masked(shown) == shown, "masking twice changes nothing"


@pytest.mark.parametrize(
    "text",
    [
        "Station Nine: The Token of Peace",
        "Password: The Movie (2023)",
        "[Group] Secret Base - 01 [1080p]",
        "The.Key.S01E01.1080p.WEB-DL.x264-GRP",
        "check `api_key`: wrong, rotated, or stripped by a proxy",
        "the key was refused (401)",
        "set `username` and `password`, or let qBittorrent bypass authentication for this machine",
        "See https://wiki.servarr.com/sonarr/system#indexers-are-unavailable-due-to-failures",
        "https://jellyfin.example:8920/web/index.html",
        "answers with a redirect to http://auth.home.example/login",
        "C:\\data\\Show - S01E01.mkv",
        "http://sonarr.example:8989/add/new?term=tvdb:424536",
        "http://jellyfin.example/web/#/details?id=0f9a4c1d2b7e46588d11aa22bb33cc44",
        "basic english and bearer of news",
        "",
    ],
)
def test_other_texts_are_left_alone(text: str) -> None:
    assert masked(text) == text


def test_a_key_that_is_cut_is_masked_all_the_same() -> None:
    shown = clean("x" * (TEXT_LIMIT - 30) + f" http://host/?apikey={KEY * 50}")
    assert len(shown) <= TEXT_LIMIT
    assert KEY[:8] not in shown
