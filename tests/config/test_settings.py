"""What a good configuration becomes."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.config.conftest import ENVIRON, SONARR, Write
from tracker_tui.config.loader import load, load_for
from tracker_tui.config.options import Options
from tracker_tui.config.settings import Instance, Settings
from tracker_tui.model.ids import InstanceRef, Kind
from tracker_tui.model.settings import AnimeHints, PathMap, RequestPolicy, Thresholds
from tracker_tui.model.states import State

Load = Callable[[str | bytes], Settings]

SEVERAL = """\
[[jellyfin]]
url = "https://watch.example/jellyfin/"
web_url = "https://watch.example"
api_key = "j"
verify_tls = false
timeout = "30s"
headers = { "X-Proxy-Auth" = "p" }
[[sonarr]]
name = "hd"
url = "http://media:8989"
api_key = "a"
[[sonarr]]
name = "4k"
url = "http://media:8990"
api_key = "b"
seerr_server_id = 1
[[qbittorrent]]
name = "qbittorrent"
url = "http://media:8080"
username = "admin"
password = "two words"
[[qbittorrent]]
name = "open"
url = "http://media:8081"
[[shoko]]
url = "http://media:8111"
username = "Default"
password = ""
"""


def test_the_smallest_configuration_has_every_default(settings_of: Load, tmp_path: Path) -> None:
    settings = settings_of(SONARR)
    (sonarr,) = settings.instances
    assert (sonarr.ref, sonarr.url, sonarr.web_url, sonarr.timeout_s) == (
        InstanceRef(Kind.SONARR, "sonarr"), "http://media:8989", None, 10.0,
    )  # fmt: skip
    assert sonarr.verify_tls
    assert (settings.poll.active_seconds, settings.poll.idle_seconds) == (3, 15)
    assert settings.thresholds == Thresholds()
    assert settings.anime == AnimeHints()
    assert settings.requests == RequestPolicy(recent_days=14)
    assert settings.store.path is not None
    assert settings.store.path.is_absolute()
    assert (settings.ui.mouse, settings.ui.color, settings.ui.ascii, settings.ui.theme) == (True, True, False, None)
    assert settings.file == tmp_path / "config.toml"
    assert settings.warnings == ()


def test_instances_come_in_the_order_of_the_pipeline_then_of_the_file(settings_of: Load) -> None:
    settings = settings_of(SEVERAL)
    assert [str(one.ref) for one in settings.instances] == [
        "sonarr:hd", "sonarr:4k", "qbittorrent:qbittorrent", "qbittorrent:open", "shoko:shoko", "jellyfin:jellyfin",
    ]  # fmt: skip
    assert [one.name for one in settings.of_kind(Kind.SONARR)] == ["hd", "4k"]


def test_every_key_of_an_instance_arrives(settings_of: Load) -> None:
    by_name: dict[str, Instance] = {one.name: one for one in settings_of(SEVERAL).instances}
    jellyfin = by_name["jellyfin"]
    assert (jellyfin.url, jellyfin.web_url) == ("https://watch.example/jellyfin", "https://watch.example")
    assert (jellyfin.verify_tls, jellyfin.timeout_s) == (False, 30.0)
    assert {name: value.reveal() for name, value in jellyfin.headers.items()} == {"X-Proxy-Auth": "p"}
    assert by_name["4k"].seerr_server_id == 1
    qbittorrent = by_name["qbittorrent"]
    assert qbittorrent.password is not None
    assert (qbittorrent.username, qbittorrent.password.reveal()) == ("admin", "two words")
    door = by_name["open"]
    assert (door.username, door.password, door.api_key) == (None, None, None), "it may let this machine in"
    shoko = by_name["shoko"]
    assert shoko.password is not None, "Shoko's first user may have an empty password"
    assert shoko.password.reveal() == ""


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ('"90s"', timedelta(seconds=90)),
        ('"10m"', timedelta(minutes=10)),
        ('"1h30m"', timedelta(minutes=90)),
        ('"2d"', timedelta(days=2)),
        ("600", timedelta(minutes=10)),
    ],
)
def test_durations(settings_of: Load, written: str, means: timedelta) -> None:
    assert settings_of(f"{SONARR}[attention]\ndownloading = {written}").thresholds.of_state(State.DOWNLOADING) == means


def test_time_alone_raises_attention_in_the_states_of_the_table_only() -> None:
    timed = {state for state in State if Thresholds().of_state(state) is not None}
    assert timed == {
        State.APPROVED, State.PENDING, State.GRABBING, State.DOWNLOADING, State.DOWNLOADED, State.IMPORTING,
        State.ANIME_MATCHING,
    }  # fmt: skip


def test_the_other_tables(settings_of: Load, tmp_path: Path) -> None:
    settings = settings_of(
        f"""{SONARR}
        [poll]
        active_seconds = 2.5
        idle_seconds = "1m"
        [anime]
        root_folders = ["/data/anime/"]
        path_fragments = []
        tags = ["Anime", "cartoons"]
        [paths]
        sonarr = {{ "/tv/" = "/data/tv", 'D:\\tv' = "/data/other" }}
        [requests]
        recent_days = 30
        [store]
        path = "state/store.json"
        history_days = 7
        [ui]
        theme = "nord"
        notify = "notify-send 'tracker tui'"
        [ui.keymap]
        quit = ["q", "ctrl+q"]
        help = "?,f1"
        """
    )
    assert (settings.poll.active_seconds, settings.poll.idle_seconds) == (2.5, 60)
    assert settings.anime == AnimeHints(root_folders=("/data/anime",), path_fragments=(), tags=("Anime", "cartoons"))
    ref = InstanceRef(Kind.SONARR, "sonarr")
    assert settings.paths == (
        PathMap(instance=ref, theirs="/tv", common="/data/tv"),
        PathMap(instance=ref, theirs="D:\\tv", common="/data/other"),
    )
    assert settings.requests.recent == timedelta(days=30)
    assert (settings.store.path, settings.store.history_days) == (tmp_path / "state/store.json", 7)
    assert settings.ui.theme == "nord"
    assert [word.reveal() for word in settings.ui.notify] == ["notify-send", "tracker tui"]
    assert settings.ui.keymap == {"quit": "q,ctrl+q", "help": "?,f1"}


def test_a_path_table_names_one_of_several_instances_in_full(settings_of: Load) -> None:
    settings = settings_of(f'{SEVERAL}[paths."sonarr:4k"]\n"/tv" = "/data/tv-4k"')
    assert [str(one.instance) for one in settings.paths] == ["sonarr:4k"]


def test_a_byte_order_mark_is_no_obstacle(settings_of: Load) -> None:
    assert settings_of(b"\xef\xbb\xbf" + SONARR.encode()).instances


def test_windows_line_ends_are_no_obstacle(settings_of: Load) -> None:
    assert settings_of(SONARR.replace("\n", "\r\n")).instances


def test_origins_tell_the_line_or_the_default(settings_of: Load) -> None:
    origins = {f"{one.table}.{one.key}": one.origin for one in settings_of(SONARR).entries}
    assert origins["sonarr[0].url"] == "config.toml:2"
    assert origins["sonarr[0].api_key"] == "environment variable SONARR_KEY (config.toml:3)"
    assert origins["sonarr[0].name"] == origins["attention.stalled"] == "default"


def test_the_command_line_wins_over_the_file(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SONARR_KEY", ENVIRON["SONARR_KEY"])
    path = write(f'{SONARR}[store]\npath = "/var/a.json"\n[ui]\nascii = false\ntheme = "nord"\nbell = true')
    settings = load_for(Options(config=path, store=Path("/tmp/b.json"), ascii=True, mouse=False))
    assert (settings.ui.ascii, settings.ui.mouse, settings.ui.theme, settings.ui.bell) == (True, False, "nord", True)
    assert settings.store.path == Path("/tmp/b.json")
    origins = {(one.table, one.key): (one.value, one.origin) for one in settings.entries}
    assert origins["ui", "ascii"] == ("true", "command line")
    assert origins["store", "path"] == ('"/tmp/b.json"', "command line")
    assert origins["ui", "theme"][1].startswith("config.toml:")


def test_the_newest_of_the_files_read_dates_the_configuration(write: Write, tmp_path: Path) -> None:
    import os

    secret = tmp_path / "key"
    secret.write_text("abc\n")
    secret.chmod(0o600)
    path = write('[[sonarr]]\nurl = "http://media"\napi_key_file = "key"')
    os.utime(path, ns=(1_000, 1_000))
    os.utime(secret, ns=(5_000, 5_000))
    assert load(path, {}).modified_ns == 5_000
