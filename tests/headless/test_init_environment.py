# ruff: noqa: E501 - tables read better in rows
"""`init --non-interactive`: services from environment variables; secrets stay where they are."""

import stat
from pathlib import Path

import pytest

from tests.remedies.house import House
from tracker_tui.cli import main
from tracker_tui.config.editing import edited
from tracker_tui.config.loader import inspect, load
from tracker_tui.headless.init.environment import from_environment
from tracker_tui.headless.init.plan import Plan

URL, KEY = "TRACKER_TUI_SONARR_URL", "TRACKER_TUI_SONARR_API_KEY"
NAS = "http://nas:8989"


@pytest.mark.parametrize(
    ("environ", "says"),
    [
        pytest.param({}, ["no variable names a service: set for example TRACKER_TUI_SONARR_URL"], id="none"),
        pytest.param({URL: NAS}, ["SONARR_API_KEY: missing (or TRACKER_TUI_SONARR_API_KEY_FILE)"], id="no-key"),
        pytest.param({KEY: "hunter2"}, ["SONARR_URL: missing; set it like http://sonarr:8989"], id="no-address"),
        pytest.param({URL: "nas:8989", KEY: "hunter2"}, ['SONARR_URL: "nas:8989" does not say http'], id="no-scheme"),
        pytest.param({URL: "http://u:hunter2@nas", KEY: "k"}, ["user or password (not shown)"], id="login-in-address"),
        pytest.param({URL: NAS, KEY: "hunter2", f"{KEY}_FILE": __file__}, ["API_KEY_FILE is given, too"], id="both"),
        pytest.param({URL: NAS, KEY: "k", "TRACKER_TUI_SONARR_PASSWORD": "hunter2"}, ["takes a key only"], id="password"),
        pytest.param({URL: NAS, KEY: "k", "TRACKER_TUI_SONARR_VERIFY_TLS": "maybe"}, ["neither true nor false"], id="flag"),
        pytest.param({URL: NAS, "TRACKER_TUI_SONARR_API_KYE": "hunter2"}, ["API_KYE: unknown; did you mean TRACKER_TUI_SONARR_API_KEY?", "missing"], id="typo"),
        pytest.param({URL: NAS, KEY: "k", "TRACKER_TUI_RADAR_URL": NAS}, ["did you mean TRACKER_TUI_RADARR_URL?"], id="misspelt"),
        pytest.param({"TRACKER_TUI_JELLYSEERR_URL": NAS}, ["did you mean TRACKER_TUI_SEERR_URL?"], id="one-name-for-three"),
        pytest.param({URL: NAS, f"{KEY}_FILE": "/no/such"}, ["API_KEY_FILE: /no/such is no file"], id="no-file"),
        pytest.param({"TRACKER_TUI_SHOKO_URL": NAS}, ["USERNAME: missing", "PASSWORD: missing"], id="no-login"),
        pytest.param({"TRACKER_TUI_SHOKO_URL": NAS, "TRACKER_TUI_SHOKO_USERNAME": "u", "TRACKER_TUI_SHOKO_API_KEY": "hunter2"}, ["keep one way to log in"], id="two-logins"),
    ],
)  # fmt: skip
def test_what_is_missing_or_wrong_is_listed(environ: dict[str, str], says: list[str]) -> None:
    _, problems = from_environment(environ, Plan())
    assert len(problems) == len(says), problems
    assert all(words in problem for words, problem in zip(says, problems, strict=True)), problems
    assert "hunter2" not in " ".join(problems)


def test_qbittorrent_may_let_this_machine_in_without_a_login() -> None:
    edits, problems = from_environment({"TRACKER_TUI_QBITTORRENT_URL": NAS}, Plan())
    assert ([edit.values for edit in edits], problems) == ([{"url": NAS}], [])


def test_others_variables_are_nobodys_business() -> None:
    environ = {URL: NAS, KEY: "k", "TRACKER_TUI_DEMO_SPEED": "2", "SONARR_URL": "x"}
    edits, problems = from_environment(environ, Plan())
    assert (len(edits), problems) == (1, [])


def test_from_variables_to_a_checked_configuration_and_again(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = house.home
    secret = tmp_path / "secret"
    secret.write_text(home.radarr.api_key)
    secret.chmod(0o600)
    for name, text in {
        URL: home.sonarr.url,
        KEY: home.sonarr.api_key,
        "TRACKER_TUI_SONARR_4K_URL": home.sonarr.url + "/",
        "TRACKER_TUI_SONARR_4K_API_KEY": home.sonarr.api_key,
        "TRACKER_TUI_RADARR_URL": home.radarr.url,
        "TRACKER_TUI_RADARR_API_KEY_FILE": str(secret),
        "TRACKER_TUI_QBITTORRENT_URL": home.qbittorrent.url,
        "TRACKER_TUI_QBITTORRENT_USERNAME": home.qbittorrent.username,
        "TRACKER_TUI_QBITTORRENT_PASSWORD": home.qbittorrent.password,
    }.items():
        monkeypatch.setenv(name, text)
    config = tmp_path / "new" / "config.toml"
    words = ["init", "--non-interactive", "--config", str(config), "--store", str(tmp_path / "state.json")]
    assert main(words) == 1, "two names, one address: the check warns"
    out, _ = capsys.readouterr()
    assert "radarr" in out
    settings = load(config)
    assert [str(one.ref) for one in settings.instances] == [
        "sonarr:sonarr",
        "sonarr:4k",
        "radarr:radarr",
        "qbittorrent:qbittorrent",
    ]
    text = config.read_text()
    assert not [one for one in (home.sonarr.api_key, home.radarr.api_key, home.qbittorrent.password) if one in text]
    assert stat.S_IMODE(config.stat().st_mode) == 0o600
    config.write_text("# mine\n" + text)
    config.chmod(0o600)
    assert main(words) == 1
    assert config.read_text() == "# mine\n" + text, "the same variables change nothing"


def test_a_second_of_a_kind_lets_the_first_have_its_name(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[[sonarr]]\nurl = "http://a"\napi_key = "k"\n')
    settings, _ = inspect(file)
    environ = {"TRACKER_TUI_SONARR_4K_URL": NAS, "TRACKER_TUI_SONARR_4K_API_KEY": "k"}
    edits, _ = from_environment(environ, Plan(settings))
    file.write_text(edited(file.read_text(), edits))
    assert [one.name for one in load(file, environ).instances] == ["sonarr", "4k"]


def test_a_broken_file_is_not_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(URL, NAS)
    monkeypatch.setenv(KEY, "k")
    config = tmp_path / "config.toml"
    config.write_text("[[sonarr")
    assert main(["init", "--non-interactive", "--config", str(config)]) == 2
    assert "not valid TOML" in capsys.readouterr().err
    assert config.read_text() == "[[sonarr"
