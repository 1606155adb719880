"""Addresses: what is kept, what is tidied, what is refused with which advice."""

import pytest

from tracker_tui.config.urls import BadUrl, parse_url


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("http://media:8989", "http://media:8989"),
        ("http://media:8989/", "http://media:8989"),
        ("https://home.example/sonarr//", "https://home.example/sonarr"),
        ("HTTP://Media.Example:80/Sonarr", "http://media.example:80/Sonarr"),
        ("http://192.168.1.2:7878", "http://192.168.1.2:7878"),
        ("http://[::1]:8989/x", "http://[::1]:8989/x"),
        ("http://[FE80:0::1]", "http://[fe80::1]"),
        ("http://my_container:8080", "http://my_container:8080"),
        ("https://bücher.example/ä", "https://bücher.example/ä"),
        ("http://media:", "http://media"),
    ],
)
def test_a_usable_address_is_tidied(raw: str, expected: str) -> None:
    assert parse_url(raw, "") == expected


@pytest.mark.parametrize(
    ("raw", "says", "advises"),
    [
        ("", "is empty", "http://host:port"),
        ("media:8989", '"media:8989"', 'write "http://media:8989"'),
        ("//media:8989/x", "does not say http", 'write "http://media:8989/x"'),
        ("http:/media:8989", "does not say http", 'write "http://media:8989"'),
        ("localhost", "does not say http", 'write "http://localhost"'),
        ("ftp://media", '"ftp"', "http://"),
        ("http://", "no usable host", "host name"),
        ("http:///sonarr", "no usable host", "host name"),
        ("http://media:port", "host and port", "1 to 65535"),
        ("http://media:99999", "host and port", "1 to 65535"),
        ("http://media:0", "0 is not a port", "port"),
        ("http://::1:8989", "host and port", "[::1]"),
        ("http://fe80::1", "host", "[::1]"),
        ("http://[zz]:1", "host and port", "host name"),
        ("http://media:8989?x=1", "after ? or #", '"http://media:8989"'),
        ("http://media:8096/web/#/home", "after ? or #", '"http://media:8096/web"'),
        ("http://media:8989/?", "after ? or #", '"http://media:8989"'),
        ("http://media:8989/sonarr/api/v3", '"/api/v3"', 'write "http://media:8989/sonarr"'),
        ("http://media:8989/api/", '"/api"', 'write "http://media:8989"'),
        (" http://media", "white space", "remove"),
        ("http://media:8989\n", "white space", "remove"),
        ("http://me dia", "white space", "remove"),
        ("http://media\u202e", "invisible", "remove"),
        ("http://me\\dia", "no usable host", "host name"),
    ],
)
def test_an_unusable_address_is_refused_with_advice(raw: str, says: str, advises: str) -> None:
    with pytest.raises(BadUrl) as refused:
        parse_url(raw, "")
    assert says in refused.value.message
    assert advises in refused.value.fix


@pytest.mark.parametrize(
    "raw",
    [
        "http://mia:hunter2@media:8080",
        "mia:hunter2@media:8080",
        "http://hunter2@media",
        "http://mia:hun/hunter2@media",
        "http://mia:12?hunter2@media",
        "http://mia:12#hunter2@media",
        "http://mia:hunter2@[::1",
        "http://media/?apikey=hunter2",
        "http://media/#hunter2",
        "http://mia:hunter2 @media",
    ],
)
def test_no_credential_in_an_address_is_ever_repeated(raw: str) -> None:
    with pytest.raises(BadUrl) as refused:
        parse_url(raw, "put them elsewhere")
    assert "hunter2" not in f"{refused.value.message} {refused.value.fix} {refused.value!r}"
    assert refused.value.__cause__ is None
