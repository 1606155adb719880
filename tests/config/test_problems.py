"""Hostile and mistaken configurations: what is said, where, and what to write instead."""
# ruff: noqa: E501 - one case, one row

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.config.conftest import SONARR, Write
from tracker_tui.config.loader import load
from tracker_tui.config.problems import ConfigError, ConfigMissing, Problem

Find = Callable[[str | bytes], tuple[Problem, ...]]

QBITTORRENT = '[[qbittorrent]]\nurl = "http://media:8080"\n'


def one(problems: tuple[Problem, ...]) -> Problem:
    (problem,) = problems
    return problem


@pytest.mark.parametrize(
    ("content", "line", "says", "advises"),
    [
        pytest.param(b"", None, "no service is configured", "[[sonarr]]", id="empty"),
        pytest.param(b"# nothing\n", None, "no service is configured", "[[sonarr]]", id="only-comments"),
        pytest.param(b"[poll]\nactive_seconds = 3", None, "no service is configured", "[[sonarr]]", id="no-service"),
        pytest.param(b"[[sonarr]]\nurl = http://x", 2, "not valid TOML: invalid value", "quotes", id="no-quotes"),
        pytest.param(b'[[sonarr]\nurl = "x"', 1, "not valid TOML", "correct", id="broken-header"),
        pytest.param(b'a = "x', 1, "not valid TOML", "close", id="unfinished"),
        pytest.param(b"a = 1\nb = [", 2, "not valid TOML", "close", id="unfinished-list-at-the-end"),
        pytest.param(b"[ui]\n[ui]", 2, "not valid TOML", "twice", id="table-twice"),
        pytest.param(b'[ui]\ntheme = "a"\ntheme = "b"', 3, "not valid TOML", "twice", id="key-twice"),
        pytest.param(b'[store]\npath = "C:\\media"', 2, "not valid TOML", "single quotes", id="backslashes"),
        pytest.param(b'a = "\x00"', 1, "not valid TOML", "correct", id="nul"),
        pytest.param(b"a = " + b"[" * 5000, None, "nested too deeply", "correct", id="nested-without-end"),
        pytest.param(b"a = " + b"9" * 5000, None, "number too long", "correct", id="endless-number"),
        pytest.param('[ui]\ntheme = "ä"'.encode("latin-1"), 2, "not UTF-8", "save it as UTF-8", id="latin-1"),
        pytest.param("[ui]".encode("utf-16"), None, "UTF-16", "save it as UTF-8", id="utf-16"),
        pytest.param(b"#" * (1024 * 1024 + 1), None, "larger than 1 MB", "configuration", id="huge"),
    ],
)
def test_a_file_that_cannot_be_used_at_all(
    problems_of: Find, content: bytes, line: int | None, says: str, advises: str
) -> None:
    problem = one(problems_of(content))
    assert problem.line == line
    assert says in problem.message
    assert advises in problem.fix
    assert str(problem).startswith(f"{problem.file}:{line}:" if line else f"{problem.file}: ")


def test_a_syntax_error_has_its_column(problems_of: Find) -> None:
    assert one(problems_of("a = 1\nurl = x")).column == 7


def test_a_missing_file_is_told_apart(tmp_path: Path) -> None:
    with pytest.raises(ConfigMissing) as missing:
        load(tmp_path / "none.toml")
    assert missing.value.path == tmp_path / "none.toml"


def test_a_directory(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="this is a directory; name the file in it"):
        load(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file(write: Write) -> None:
    path = write(SONARR)
    path.chmod(0)
    with pytest.raises(ConfigError, match="may not be read"):
        load(path)


def test_a_refused_file(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "denied")

    path = write(SONARR)
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ConfigError, match="may not be read; let this user read it"):
        load(path)


@pytest.mark.parametrize(
    ("content", "key", "line", "says", "advises"),
    [
        pytest.param("[[sonar]]", "sonar", 1, "unknown table", '"sonarr"', id="table"),
        pytest.param("[[jellyseerr]]", "jellyseerr", 1, "unknown table", '"seerr"', id="table-by-another-name"),
        pytest.param("[lidarr]", "lidarr", 1, "unknown table", "known here: anime", id="table-of-another-service"),
        pytest.param("[poll]\nactive_second = 1", "poll.active_second", 2, "unknown key", '"active_seconds"', id="key"),
        pytest.param("[poll]\nActive_Seconds = 1", "poll.Active_Seconds", 2, "unknown key", '"active_seconds"', id="case"),
        pytest.param("[ui]\nkeys = {}", "ui.keys", 2, "unknown table", '"keymap"', id="inner-table"),
        pytest.param("[ui]\nzzz = 1", "ui.zzz", 2, "unknown key", "known here: ascii, bell", id="key-like-none"),
        pytest.param("poll = 3", "poll", 1, "a number stands", "[poll]", id="number-for-a-table"),
        pytest.param("[[poll]]", "poll", 1, "a list stands", "[poll]", id="list-for-a-table"),
        pytest.param("[radarr]", "radarr", 1, "a table stands", "[[radarr]]", id="table-for-a-list"),
        pytest.param("[ui]\nmouse = 1", "ui.mouse", 2, "a number stands", "true or false", id="number-for-a-boolean"),
        pytest.param('[ui]\nmouse = "no"', "ui.mouse", 2, "a string stands", "true or false", id="text-for-a-boolean"),
        pytest.param("[ui]\ntheme = true", "ui.theme", 2, "a boolean stands", "a string", id="boolean-for-a-text"),
        pytest.param("[ui]\ntheme = 2026-01-25", "ui.theme", 2, "a date", "a string", id="date-for-a-text"),
        pytest.param('[ui]\ntheme = "a\\u001b[2J"', "ui.theme", 2, "invisible", "remove", id="escape-sequence"),
        pytest.param('[anime]\ntags = "anime"', "anime.tags", 2, "a string stands", "a list of strings", id="text-for-a-list"),
        pytest.param('[anime]\ntags = ["a", 1]', "anime.tags", 2, "1 is not usable", "non-empty", id="number-in-a-list"),
        pytest.param("[requests]\nrecent_days = 0", "requests.recent_days", 2, "0 is out of range", "from 1", id="zero-days"),
        pytest.param("[requests]\nrecent_days = 1.5", "requests.recent_days", 2, "a number", "whole", id="half-a-day"),
        pytest.param("[requests]\nrecent_days = true", "requests.recent_days", 2, "a boolean", "whole", id="boolean-for-a-number"),
        pytest.param("[poll]\nidle_seconds = -1", "poll.idle_seconds", 2, "-1 is out of range", "from 1s", id="negative-interval"),
        pytest.param("[poll]\nactive_seconds = nan", "poll.active_seconds", 2, "infinity or nan", "10m", id="nan"),
        pytest.param("[poll]\nactive_seconds = 20", "poll.active_seconds", 2, "20 s", "shorter", id="active-above-idle"),
        pytest.param('[attention]\nstalled = "soon"', "attention.stalled", 2, '"soon" is not a duration', '"10m"', id="no-duration"),
        pytest.param('[attention]\nstalled = "-5m"', "attention.stalled", 2, "not a duration", '"10m"', id="negative-duration"),
        pytest.param("[attention]\nstalled = -5", "attention.stalled", 2, "-5 is out of range", "from 1s", id="negative-seconds"),
        pytest.param('[attention]\nstalled = "0m"', "attention.stalled", 2, '"0m" is out of range', "from 1s", id="no-time"),
        pytest.param(f'[attention]\nstalled = "{"9" * 30}d"', "attention.stalled", 2, "out of range", "366d", id="eternity"),
        pytest.param('[store]\npath = "/"', "store.path", 2, "not a file's name", "name the file", id="store-directory"),
        pytest.param('[paths]\nsonar = { "/a" = "/b" }', "paths.sonar", 2, "not a configured service", '"sonarr"', id="paths-of-nobody"),
        pytest.param('[paths]\nsonarr = { "a" = "/b" }', "paths.sonarr.a", 2, "absolute", "/common", id="relative-path"),
        pytest.param('[paths]\nsonarr = "/a"', "paths.sonarr", 2, "a string stands", "[paths.sonarr]", id="paths-of-no-table"),
        pytest.param("[ui.keymap]\nquit = 1", "ui.keymap.quit", 2, "no keys", 'quit = "q"', id="keymap-number"),
        pytest.param('[ui.keymap]\nquit = ","', "ui.keymap.quit", 2, "no keys", 'quit = "q"', id="keymap-empty"),
        pytest.param("[ui]\nnotify = 'say \"'", "ui.notify", 2, "unclosed", "close it", id="command-quotes"),
    ],
)  # fmt: skip
def test_a_bad_value_is_named_with_its_place_and_its_repair(
    problems_of: Find, *, content: str, key: str, line: int, says: str, advises: str
) -> None:
    problem = one(problems_of(f"{content}\n{SONARR}"))
    assert (problem.key, problem.line) == (key, line)
    assert says in problem.message
    assert advises in problem.fix


SERVICE = '[[sonarr]]\nurl = "http://media"\napi_key = "k"\n'


@pytest.mark.parametrize(
    ("content", "key", "says", "advises"),
    [
        pytest.param('[[sonarr]]\napi_key = "k"', "sonarr[0].url", "address is missing", "http://host:8989", id="no-url"),
        pytest.param('[[sonarr]]\nurl = 1\napi_key = "k"', "sonarr[0].url", "no string", "http://host:8989", id="url-number"),
        pytest.param('[[sonarr]]\nurl = "media"\napi_key = "k"', "sonarr[0].url", '"media"', "http://media", id="url-without-scheme"),
        pytest.param(f'{SERVICE}web_url = "home.example"', "sonarr[0].web_url", "does not say http", "http://home", id="web-url"),
        pytest.param('[[sonarr]]\nurl = "http://a:b@c"\napi_key = "k"', "sonarr[0].url", "user or password", "`api_key`", id="url-with-key"),
        pytest.param('[[qbittorrent]]\nurl = "http://a:b@c"\napi_key = "k"', "qbittorrent[0].url", "user or password", "put user and password in `username`", id="url-with-password"),
        pytest.param('[[sonarr]]\nurl = "http://media"', "sonarr[0].api_key", "key is missing", "api_key_file", id="no-key"),
        pytest.param(f'{SERVICE}api_key_env = "K"', "sonarr[0].api_key_env", "`api_key` and `api_key_env` are both given", "keep one", id="two-keys"),
        pytest.param('[[sonarr]]\nurl = "http://media"\napi_key = ""', "sonarr[0].api_key", "is empty", "put the secret", id="empty-key"),
        pytest.param('[[sonarr]]\nurl = "http://media"\napi_key = 5', "sonarr[0].api_key", "no string", "api_key = ", id="key-number"),
        pytest.param('[[sonarr]]\nurl = "http://media"\napi_key = "a b"', "sonarr[0].api_key", "white space", "copy it again", id="key-with-blank"),
        pytest.param('[[sonarr]]\nurl = "http://media"\napi_key = "ab\\n"', "sonarr[0].api_key", "white space", "copy it again", id="key-with-line-break"),
        pytest.param('[[sonarr]]\nurl = "http://media"\napi_key = "schlüssel"', "sonarr[0].api_key", "no key has", "copy it again", id="key-with-umlaut"),
        pytest.param(f'{SERVICE}username = "u"', "sonarr[0].username", "unknown key", "known here", id="login-where-none-is"),
        pytest.param(f"{QBITTORRENT}seerr_server_id = 1\napi_key = 'k'", "qbittorrent[0].seerr_server_id", "unknown key", "known here", id="server-id-where-none-is"),
        pytest.param('[[shoko]]\nurl = "http://media"', "shoko[0].username", "no login", "add username and password", id="no-login"),
        pytest.param(f'{QBITTORRENT}username = "u"', "qbittorrent[0].password", "password is missing", "password_file", id="no-password"),
        pytest.param(f'{QBITTORRENT}password = "p"', "qbittorrent[0].username", "user name is missing", "add username", id="no-user"),
        pytest.param(f'{QBITTORRENT}username = " "\npassword = "p"', "qbittorrent[0].username", "is empty", "api_key", id="blank-user"),
        pytest.param(f'{QBITTORRENT}username = "u"\npassword = ""', "qbittorrent[0].password", "is empty", "put the secret", id="empty-password"),
        pytest.param(f'{QBITTORRENT}username = "u"\npassword = "a\\nb"', "qbittorrent[0].password", "line breaks", "copy it again", id="password-with-line-break"),
        pytest.param(f'{QBITTORRENT}username = "u"\npassword = "p"\napi_key = "k"', "qbittorrent[0].api_key", "both a key and a login", "keep `api_key` or", id="key-and-login"),
        pytest.param(f'{SERVICE}name = "a:b"', "sonarr[0].name", '"a:b" cannot be a name', 'without ":"', id="name-with-colon"),
        pytest.param(f'{SERVICE}name = ""', "sonarr[0].name", "cannot be a name", "1 to 40", id="name-empty"),
        pytest.param(f'{SERVICE}name = "a\\u0007"', "sonarr[0].name", "invisible", "remove", id="name-with-bell"),
        pytest.param(f'{SERVICE}name = " a"', "sonarr[0].name", "cannot be a name", "blank", id="name-with-blank"),
        pytest.param(f'{SERVICE}timeout = 0', "sonarr[0].timeout", "0 is out of range", "from 0.5s", id="no-time"),
        pytest.param(f'{SERVICE}timeout = -3', "sonarr[0].timeout", "-3 is out of range", "to 10m", id="negative-time"),
        pytest.param(f'{SERVICE}seerr_server_id = -1', "sonarr[0].seerr_server_id", "out of range", "from 0", id="server-id"),
        pytest.param(f'{SERVICE}ca_file = "none.pem"', "sonarr[0].ca_file", '"none.pem" is no file', "PEM", id="no-ca-file"),
        pytest.param(f'{SERVICE}headers = ["a"]', "sonarr[0].headers", "a list stands", "[sonarr[0].headers]", id="headers-list"),
        pytest.param(f'{SERVICE}headers = {{ "a b" = "c" }}', 'sonarr[0].headers."a b"', "not a header's name", "hyphens", id="header-name"),
        pytest.param(f'{SERVICE}headers = {{ "A" = "b\\nc" }}', "sonarr[0].headers.A", "cannot be sent", "one line", id="header-injection"),
        pytest.param(f'{SERVICE}headers = {{ "A" = 1 }}', "sonarr[0].headers.A", "cannot be sent", "text", id="header-number"),
        pytest.param(f'{SERVICE}headers = {{ "A" = "b", "a" = "c" }}', "sonarr[0].headers.a", "twice", "keep one", id="header-twice"),
        pytest.param(f'{SERVICE}headers = {{ "X-Api-Key" = "c" }}', "sonarr[0].headers.X-Api-Key", "in another way", "`api_key`", id="header-with-the-key"),
    ],
)  # fmt: skip
def test_a_bad_service_table(problems_of: Find, content: str, key: str, says: str, advises: str) -> None:
    problem = one(problems_of(content))
    assert problem.key == key
    assert says in problem.message
    assert advises in problem.fix


def test_several_of_a_kind_need_different_names(problems_of: Find) -> None:
    found = problems_of(f'{SERVICE}name = "a"\n{SERVICE}name = "A"\n{SERVICE}')
    errors = [(problem.key, problem.message) for problem in found if problem.code == "CONFIG_INVALID"]
    assert errors == [
        ("sonarr[1].name", '"A" is also the name of sonarr[0]'),
        ("sonarr[2].name", "one of several Sonarr has no name"),
    ]


def test_names_need_to_differ_within_a_kind_only(problems_of: Find) -> None:
    assert problems_of(f'{SERVICE}name = "main"\n[[radarr]]\nname = "main"\nurl = "http://b"\napi_key = "k"') == ()


def test_every_problem_is_reported_at_once_in_the_order_of_the_file(problems_of: Find) -> None:
    found = problems_of('[[sonarr]]\nurl = "media"\n[[radarr]]\n[pol]\n[ui]\nmouse = 1\n')
    assert [(problem.line, problem.key) for problem in found] == [
        (1, "sonarr[0].api_key"),
        (2, "sonarr[0].url"),
        (3, "radarr[0].api_key"),
        (3, "radarr[0].url"),
        (4, "pol"),
        (6, "ui.mouse"),
    ]


def test_names_from_the_file_cannot_reach_the_terminal_raw(problems_of: Find) -> None:
    problem = one(problems_of(f'"\\u001b]0;x\\u0007" = 1\n{SONARR}'))
    assert "\x1b" not in str(problem)
