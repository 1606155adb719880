"""A secret planted in every place, right and wrong, appears nowhere."""

import json
import logging
import sys
import traceback
from pathlib import Path

import pytest

from tests.config.conftest import Write
from tracker_tui import cli
from tracker_tui.config.loader import inspect, load
from tracker_tui.config.problems import ConfigError

CANARY = "c4na4ry8b1f9a7d4e6fa1b2c3d4e5f60"
PRINT_IT = json.dumps([sys.executable, "-c", f"import sys; print('{CANARY}'); sys.stderr.write('{CANARY}')"])


def said(path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> str:
    """Return everything the program says about a configuration, in any form."""
    caplog.set_level(logging.DEBUG)
    parts: list[object] = []
    try:
        settings, report = inspect(path)
        parts += [repr(settings), repr(report.problems), repr(report.entries), f"{settings}"]
        parts += [repr(load(path)), str(load(path))]
    except ConfigError as wrong:
        parts += [str(wrong), repr(wrong), repr(wrong.problems), traceback.format_exc(), repr(wrong.__context__)]
    for action in ("show", "validate", "path"):
        cli.main(["config", action, "--config", str(path), "--log-level", "debug"])
        parts += capsys.readouterr()
    return "\n".join([*map(str, parts), caplog.text])


def test_secrets_in_their_places_are_never_shown(
    write: Write,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    (tmp_path / "key").write_text(CANARY)
    monkeypatch.setenv("KEY", CANARY)
    path = write(
        f"""
        [[sonarr]]
        url = "http://media:8989"
        api_key = "{CANARY}"
        headers = {{ "X-Proxy" = "{CANARY}" }}
        [[radarr]]
        url = "http://media:7878"
        api_key_file = "key"
        [[qbittorrent]]
        url = "http://media:8080"
        username = "admin"
        password = "{CANARY} {CANARY}"
        [[shoko]]
        url = "http://media:8111"
        username = "Default"
        password_env = "KEY"
        [[jellyfin]]
        url = "http://media:8096"
        api_key_command = {PRINT_IT}
        [[seerr]]
        url = "http://media:5055"
        api_key_env = "KEY"
        [ui]
        notify = ["curl", "-H", "Authorization: {CANARY}", "https://ntfy.example"]
        """
    )
    assert len(load(path).instances) == 6, "it is a good configuration"
    everything = said(path, capsys, caplog)
    assert "********" in everything
    assert CANARY not in everything


HEAD = '[[sonarr]]\nurl = "http://media"\n'
LOGIN = '[[qbittorrent]]\nurl = "http://media"\nusername = "u"\n'


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(f'[[sonarr]]\nurl = "{CANARY}"', id="as-address"),
        pytest.param(f'[[sonarr]]\nurl = "http://{CANARY}@media"', id="in-the-address"),
        pytest.param(f'[[sonarr]]\nurl = "http://u:{CANARY}@media:port"', id="in-a-broken-address"),
        pytest.param(f'[[sonarr]]\nurl = "http://media/?apikey={CANARY}"', id="behind-the-address"),
        pytest.param(f'{HEAD}web_url = "http://u:{CANARY}@media"', id="in-the-web-address"),
        pytest.param(f'{HEAD}api_key = "{CANARY}\\n"', id="with-a-line-break"),
        pytest.param(f'{HEAD}api_key = ["{CANARY}"]', id="in-a-list"),
        pytest.param(f"{HEAD}api_key = {CANARY}", id="without-quotes"),
        pytest.param(f'{HEAD}api_key = "{CANARY}', id="with-one-quote"),
        pytest.param(f"{HEAD}{CANARY}", id="alone-on-a-line"),
        pytest.param(f'{HEAD}{CANARY} = "api_key"', id="as-key"),
        pytest.param(f"[{CANARY}]", id="as-table"),
        pytest.param(f'{HEAD}apikey = "{CANARY}"', id="under-an-unknown-key"),
        pytest.param(f'[other]\napikey = "{CANARY}"', id="in-an-unknown-table"),
        pytest.param(f'{HEAD}api_key = "{CANARY}"\napi_key_env = "{CANARY}"', id="twice"),
        pytest.param(f'{HEAD}api_key_file = "{CANARY}"', id="as-file-name"),
        pytest.param(f'{HEAD}api_key_env = "{CANARY}"', id="as-variable"),
        pytest.param(f'{HEAD}api_key_command = "{CANARY}"', id="as-command"),
        pytest.param(f'{HEAD}api_key_command = "false {CANARY}"', id="in-a-command"),
        pytest.param(f'{HEAD}api_key_command = "\'{CANARY}"', id="in-a-broken-command"),
        pytest.param(f'{HEAD}api_key = "k"\nverify_tls = "{CANARY}"', id="as-boolean"),
        pytest.param(f'{HEAD}api_key = "k"\ntimeout = "{CANARY}"', id="as-duration"),
        pytest.param(f'{HEAD}api_key = "k"\nseerr_server_id = "{CANARY}"', id="as-number"),
        pytest.param(f'{HEAD}api_key = "k"\nca_file = "{CANARY}"', id="as-ca-file"),
        pytest.param(f'{HEAD}api_key = "k"\nname = "a:{CANARY}"', id="as-bad-name"),
        pytest.param(f'{HEAD}api_key = "k"\nheaders = "X-Proxy: {CANARY}"', id="as-header-line"),
        pytest.param(f'{HEAD}api_key = "k"\nheaders = {{ "X" = "{CANARY}\\r\\n" }}', id="in-a-broken-header"),
        pytest.param(f'{HEAD}api_key = "k"\nheaders = {{ "X-Api-Key" = "{CANARY}" }}', id="in-the-wrong-header"),
        pytest.param(f'{LOGIN}password = "{CANARY}\\u0007"', id="password-with-a-bell"),
        pytest.param(f'{LOGIN}api_key = "{CANARY}"\npassword = "{CANARY}"', id="both"),
        pytest.param(f'{HEAD}api_key = "k"\n[anime]\ntags = ["", "{CANARY}"]', id="in-a-list-of-tags"),
        pytest.param(f'{HEAD}api_key = "k"\n[paths]\n"{CANARY}" = {{}}', id="as-instance"),
        pytest.param(f'{HEAD}api_key = "k"\n[paths]\n"{CANARY}" = 1', id="as-instance-without-pairs"),
        pytest.param(f'{HEAD}api_key = "k"\n[paths.sonarr]\n"{CANARY}" = "/a"', id="as-path"),
        pytest.param(f'{HEAD}api_key = "k"\n[ui.keymap]\n"{CANARY}" = 1', id="as-action"),
    ],
)
def test_secrets_in_wrong_places_are_not_repeated(
    write: Write, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture, content: str
) -> None:
    path = write(content)
    with pytest.raises(ConfigError):
        load(path)
    assert CANARY not in said(path, capsys, caplog)
