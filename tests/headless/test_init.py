"""`init` on a real terminal against simulated services: from nothing to a written, checked configuration."""

import re
import stat
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.headless.init_dialogue import Dialogue, connect_seerr, secrets_of
from tests.remedies.house import House
from tracker_tui.config.loader import load
from tracker_tui.model.ids import Kind

Open = Callable[..., Dialogue]


@pytest.fixture
def dialogue(tmp_path: Path) -> Iterator[Open]:
    """Start `init`, or another command, on a terminal; `text` becomes the present configuration."""
    opened: list[Dialogue] = []

    def start(*words: str, text: str | None = None) -> Dialogue:
        file = tmp_path / "tracker-tui" / "config.toml"
        if text is not None:
            file.parent.mkdir()
            file.write_text(text)
            file.chmod(0o600)
        opened.append(Dialogue(tmp_path, *(words or ("init",))))
        return opened[-1]

    yield start
    for one in opened:
        one.close()


def test_from_nothing_to_a_checked_configuration(house: House, dialogue: Open) -> None:
    connect_seerr(house)
    home = house.home
    talk = dialogue()
    config = talk.config
    talk.answer("On which machine", "127.0.0.1")
    talk.answer("Where is Seerr?", f"{home.seerr.url}/settings/main")  # out of the browser
    talk.answer("API key, not shown:", "wrong key")
    assert "blanks" in talk.answer("Leave Seerr out?")
    talk.answer("API key, not shown:", "wrong")
    assert "Seerr: access was refused (403)" in talk.answer("Enter it again?")
    talk.answer("API key, not shown:", home.seerr.api_key)
    shown = talk.answer("Use it, with the key that Seerr has?")
    assert f"Seerr knows Sonarr “HD” at http://unknown.invalid:{home.sonarr.url.rpartition(':')[2]}" in shown
    assert f"from here it answers at {home.sonarr.url}" in shown
    assert "Seerr knows Radarr" in talk.answer("Use it, with the key that Seerr has?")
    assert "Seerr knows Jellyfin" in talk.answer("Where is Jellyfin?", home.jellyfin.url)
    talk.answer("Where is qBittorrent?", home.radarr.url)
    assert f"Radarr answers at {home.radarr.url}, not qBittorrent" in talk.answer(
        "Where is qBittorrent?", home.qbittorrent.url.removeprefix("http://")
    )
    talk.answer("User (Enter: admin", home.qbittorrent.username)
    talk.answer("Password, not shown:", home.qbittorrent.password)
    talk.answer("Where is Shoko?", f"{home.shoko.url}/webui/settings")
    talk.answer("API key, not shown", next(iter(home.shoko.keys)))
    talk.terminal.until("Enter: write and check", since=talk.read)
    assert not config.exists(), "nothing is written before the end"
    shown = talk.answer("Enter: write and check")
    assert re.search(r"1 +Seerr .*Seerr 3", shown)
    code = talk.end()
    assert code == 0, talk.out
    assert "everything is in order" in talk.out
    assert "Start with:    tracker-tui" in talk.out
    assert stat.S_IMODE(config.stat().st_mode) == 0o600
    settings = load(config)
    assert {one.kind: one.url for one in settings.instances} == {kind: home.services[kind].url for kind in Kind}
    assert not settings.warnings
    assert not [one for one in secrets_of(house) if one in talk.out], "no secret is echoed"
    assert talk.terminal.restored()
    logins = [call for call in home.qbittorrent.calls if call.path.endswith("auth/login")]
    assert len(logins) == 2, "one for the answer, one for the check"


# ---- a configuration that is there already


def standing(house: House) -> str:
    """Return a configuration written by hand, with two services, one secret in a file."""
    home = house.home
    return f"""\
# by hand
[[sonarr]]
url = "{home.sonarr.url}"   # the big one
api_key = "{home.sonarr.api_key}"
timeout = "20s"

[[radarr]]
url = "{home.radarr.url}"
api_key = "{home.radarr.api_key}"

[ui]
theme = "ansi-dark"
"""


def test_what_stands_is_shown_changed_and_kept(house: House, dialogue: Open) -> None:
    text = standing(house)
    talk = dialogue(text=text.replace(house.home.sonarr.api_key, "rotated"))
    shown = talk.answer("Enter: write and check", "1")
    assert re.search(rf"1  Sonarr +{house.home.sonarr.url}  \(as it stands in the file\)", shown)
    talk.answer("Where is Sonarr?")
    talk.answer("Keep its key or login?", "n")
    talk.answer("API key, not shown:", house.home.sonarr.api_key)
    talk.answer("Enter: write and check", "r 2")
    talk.answer("Enter: write and check", "a")
    talk.answer("Which (", "sonarr")
    talk.answer("Its name", "4k")
    talk.answer("Where is Sonarr?", house.home.sonarr.url)
    talk.answer("API key, not shown:", house.home.sonarr.api_key)
    talk.answer("Enter: write and check")
    assert talk.end() in {0, 1}, talk.out
    changed = talk.config.read_text()
    start, end = text.index("[[radarr]]"), text.index("[ui]")
    kept = text[:start] + text[end:]
    kept = kept.replace('timeout = "20s"\n', 'timeout = "20s"\nname = "sonarr"\n')
    assert changed.startswith(kept)
    assert tomllib.loads(changed[len(kept) :])["sonarr"][0]["name"] == "4k"
    before = talk.config.with_name("config.toml.previous")
    assert "rotated" in before.read_text()
    assert stat.S_IMODE(before.stat().st_mode) == 0o600


def test_where_nothing_changes_the_file_is_not_written(house: House, dialogue: Open) -> None:
    """Not even its time: a changed configuration lets a refused login be tried again."""
    talk = dialogue(text=standing(house))
    before = talk.config.stat().st_mtime_ns
    talk.answer("Enter: write and check", "1")
    talk.answer("Where is Sonarr?")
    assert "Nothing changes." in talk.answer("Keep its key or login?") + talk.answer("Enter: write and check")
    assert talk.end() == 0, talk.out
    assert "Nothing changes; the file is left as it is." in talk.out
    assert talk.config.stat().st_mtime_ns == before


def test_an_interrupt_leaves_the_file(house: House, dialogue: Open) -> None:
    talk = dialogue(text=standing(house))
    talk.answer("Enter: write and check", "1")
    talk.answer("Where is Sonarr?")
    talk.answer("Keep its key or login?", "n")
    talk.interrupt("API key, not shown:")
    assert talk.end() == 130
    assert talk.terminal.restored(), "it echoes again"
    assert "Nothing was written." in talk.out
    assert talk.config.read_text() == standing(house)
    assert [file.name for file in talk.config.parent.iterdir()] == ["config.toml"]


def test_the_end_of_input_leaves_the_file(house: House, dialogue: Open) -> None:
    talk = dialogue(text=standing(house))
    talk.answer("Enter: write and check", "\x04", end="")
    assert talk.end() == 2
    assert talk.config.read_text() == standing(house)


def test_a_broken_file_is_explained_and_can_be_mended(house: House, dialogue: Open) -> None:
    broken = standing(house).replace('"20s"', '"20s')
    talk = dialogue(text=broken)
    assert "config.toml:5:" in talk.answer("Enter: look again", "")
    assert "not valid TOML" in talk.answer("Enter: look again", "n")
    talk.interrupt("On which machine")
    assert (talk.end(), talk.config.read_text()) == (130, broken)
    again = Dialogue(talk.config.parents[1], "init")
    try:
        again.terminal.until("Enter: look again")
        again.config.write_text(standing(house))
        again.answer("Enter: look again")
        assert "2  Radarr" in again.answer("Enter: write and check", "q")
        assert again.end() == 2
    finally:
        again.close()


def test_a_broken_file_is_kept_beside_the_new_one(house: House, dialogue: Open) -> None:
    talk = dialogue(text="[[sonarr")
    talk.answer("Enter: look again", "n")
    talk.answer("On which machine")
    talk.answer("Where is Seerr?", "-")
    talk.answer("Where is Sonarr?", house.home.sonarr.url)
    talk.answer("API key, not shown:", house.home.sonarr.api_key)
    for kind in (Kind.RADARR, Kind.QBITTORRENT, Kind.JELLYFIN, Kind.SHOKO):
        talk.answer(f"Where is {kind.title}?", "-")
    talk.answer("Enter: write and check")
    assert talk.end() == 0, talk.out
    assert list(talk.document) == ["sonarr"]
    assert talk.config.with_name("config.toml.broken").read_text() == "[[sonarr"


def test_what_cannot_be_used_is_explained_and_asked_again(house: House, dialogue: Open) -> None:
    home = house.home
    talk = dialogue(text=standing(house))
    talk.answer("Enter: write and check", "9")
    assert "none of these" in talk.answer("Enter: write and check", "a")
    talk.answer("Which (", "qb")
    talk.answer("Where is qBittorrent?", "n\udcffas")  # no UTF-8
    assert "invisible character" in talk.answer("Where is qBittorrent?", "http://mia:hunter2@nas:8080")
    assert "user or password (not shown)" in talk.answer("Where is qBittorrent?", "http://127.0.0.1:1")
    assert "refused" in talk.answer("Write it down untested?", "perhaps")
    assert "Answer y or n." in talk.answer("Write it down untested?", "n")
    talk.answer("Where is qBittorrent?", home.qbittorrent.url.replace("http://", "https://"))
    talk.answer(f"Use {home.qbittorrent.url}?", "y")
    for tries in (1, 2):
        talk.answer("User (Enter: admin", "mia")
        talk.answer("Password, not shown:", "wrong")
        assert "login was refused" in talk.answer(f"({tries} of 5 refused logins)", "y")
    talk.answer("User (Enter: admin", "mia")
    talk.answer("Password, not shown:", "several\nlines, the last without an end", end="")
    assert "several lines" in talk.answer("Leave qBittorrent out?", "n")
    talk.answer("User (Enter: admin", "mia")
    talk.answer("Password, not shown:", "wrong")
    assert "no more tries" in talk.answer("Write it down all the same?", "n")
    talk.answer("Enter: write and check", "q")
    assert talk.end() == 2
    assert "hunter2" not in talk.out.replace("mia:hunter2@nas:8080", "", 1), "but for the terminal's own echo"
    logins = [call for call in home.qbittorrent.calls if call.path.endswith("auth/login")]
    assert len(logins) == 3, "a refused login is never repeated by itself"


def test_the_first_start_offers_it(house: House, dialogue: Open) -> None:
    talk = dialogue("--ascii")
    talk.answer("Write one now?", "y")
    talk.answer("On which machine", "\x04", end="")
    assert talk.end() == 2
    assert talk.out.index("there is no configuration") < talk.out.index("--demo") < talk.out.index("Write one now?")
    assert not talk.config.exists()


def test_without_a_terminal_it_points_to_the_variables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from tracker_tui.cli import main

    assert main(["init", "--config", str(tmp_path / "c.toml")]) == 2
    assert "--non-interactive" in capsys.readouterr().err
