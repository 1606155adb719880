"""What stands where keys stand is masked; titles, paths and our own words are left alone."""

import base64
import json
from urllib.parse import quote, quote_plus

import pytest

from tracker_tui.model.masks import MASK, keep_masked, masked, without_own
from tracker_tui.model.text import TEXT_LIMIT, clean, quoted

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
        pytest.param(f"see /login?next=http%3A%2F%2Fprowlarr%2F%3Fapikey%3D{KEY}", id="encoded-address"),
        pytest.param(f"in vain: udp%3a%2f%2ftracker.example%2f{KEY}%2fannounce", id="encoded-passkey"),
        pytest.param(f"sent form%3Fapikey%3D{KEY}%26x%3D1", id="encoded-query"),
        pytest.param(f"magnet:?xt=urn:btih:0&dn=Show&tr=http%3A%2F%2Ft.example%2F{KEY}%2Fannounce", id="magnet"),
        pytest.param(f"magnet:?xt=urn:btih:0&tr.1=udp://t.example:80/{KEY}&ws=x", id="magnet-with-numbers"),
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


class _Owner:
    """Something that can be forgotten."""


ODD = 'pä"ss \\+/&%word'


@pytest.mark.parametrize(
    "form",
    [
        pytest.param(ODD, id="itself"),
        pytest.param(quote(ODD), id="in-a-path"),
        pytest.param(quote(ODD, safe=""), id="in-a-query"),
        pytest.param(quote_plus(ODD), id="in-a-form"),
        pytest.param(json.dumps(ODD), id="in-ascii-json"),
        pytest.param(json.dumps(ODD, ensure_ascii=False), id="in-json"),
        pytest.param(repr(ODD), id="in-a-traceback"),
    ],
)
def test_a_secret_of_ours_is_masked_in_every_form_as_long_as_it_lives(form: str) -> None:
    owner = _Owner()
    keep_masked(owner, ODD)
    said = f"no way in with {form} there"
    assert without_own(said).replace('"', "").replace("'", "") == f"no way in with {MASK} there"
    assert quoted(said) == without_own(said)
    del owner
    assert without_own(said) == said


@pytest.mark.parametrize("user", ["", "a", "me", "adept"])
def test_a_password_is_masked_in_the_credentials_of_the_basic_scheme(user: str) -> None:
    owner = _Owner()
    keep_masked(owner, f"{KEY}!")
    credentials = base64.b64encode(f"{user}:{KEY}!".encode()).decode()
    shown = without_own(f"{credentials} is wrong")
    assert MASK in shown
    assert len(shown.partition(MASK)[0] + shown.partition(MASK)[2]) < len(" is wrong") + 14


def test_what_a_header_for_a_proxy_holds_is_masked_by_itself_too() -> None:
    owner = _Owner()
    credentials = base64.b64encode(b"me:hunter22").decode()
    keep_masked(owner, f"Basic {credentials}")
    assert without_own(f"{credentials} for me with hunter22") == f"{MASK} for me with {MASK}"


def test_a_short_secret_is_let_through() -> None:
    """To mask every "admin" would hide more than it protects."""
    owner = _Owner()
    keep_masked(owner, "admin")
    assert without_own("the admin may") == "the admin may"


def test_a_key_that_is_cut_is_masked_all_the_same() -> None:
    shown = clean("x" * (TEXT_LIMIT - 30) + f" http://host/?apikey={KEY * 50}")
    assert len(shown) <= TEXT_LIMIT
    assert KEY[:8] not in shown
