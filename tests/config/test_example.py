"""The example configuration documents every key the program reads, no other, and works."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from tracker_tui.config.lines import key_lines
from tracker_tui.config.loader import inspect, load
from tracker_tui.config.settings import Settings
from tracker_tui.model.ids import Kind

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"
_OPTION = re.compile(r"# (?=[a-z_]+ = )")
_WAY = re.compile(r"# ((api_key|password)(_file|_env|_command)?|username) = ")
_OWN_KEYS = re.compile(r"\.(headers|keymap)\..*|^(paths)\..*")


def uncommented(keep: Iterable[int] = ()) -> list[str]:
    """Return the example's lines with every optional key in force; alternatives for secrets only on lines in `keep`."""
    lines = EXAMPLE.read_text().splitlines()
    return [
        _OPTION.sub("", line, count=1) if _OPTION.match(line) and (not _WAY.match(line) or index in keep) else line
        for index, line in enumerate(lines)
    ]


def run(lines: list[str], folder: Path) -> Path:
    """Write an example beside the files and programs it names."""
    (folder / "home-ca.pem").write_text("certificate")
    (folder / "secret").write_text("abc\n")
    (folder / "secret").chmod(0o600)
    text = re.sub(r'"/run/secrets/[a-z]+"', '"secret"', "\n".join(lines)).replace('"pass", "show"', '"echo"')
    path = folder / "config.toml"
    path.write_text(text)
    path.chmod(0o600)
    return path


def keys_in(text: str) -> set[str]:
    return {re.sub(r"\[\d+\]", "", key) for key in key_lines(text)}


def test_as_it_is_it_loads_and_shows_every_service(tmp_path: Path) -> None:
    settings = load(run(EXAMPLE.read_text().splitlines(), tmp_path), {})
    assert [one.kind for one in settings.instances] == list(Kind)
    assert settings.warnings == ()


def test_with_every_option_in_force_it_loads(tmp_path: Path) -> None:
    settings = load(run(uncommented(), tmp_path), {})
    assert settings.instances[0].web_url == "https://requests.home.example"
    assert settings.paths
    assert settings.ui.keymap


def test_what_is_commented_out_shows_the_default_where_there_is_one(tmp_path: Path) -> None:
    shown = load(run(uncommented(), tmp_path), {})
    usual = Settings()
    assert (shown.poll, shown.thresholds, shown.requests) == (usual.poll, usual.thresholds, usual.requests)
    assert shown.anime.tags == usual.anime.tags
    assert shown.anime.path_fragments == usual.anime.path_fragments
    assert shown.store.history_days == usual.store.history_days
    assert (shown.ui.ascii, shown.ui.mouse, shown.ui.color, shown.ui.bell) == (False, True, True, False)


def alternatives() -> list[tuple[int, str, str]]:
    """Return line index, key and kind of every commented-out way to log in."""
    found = []
    kind = ""
    for index, line in enumerate(EXAMPLE.read_text().splitlines()):
        if header := re.match(r"\[\[(\w+)\]\]", line):
            kind = header[1]
        elif way := _WAY.match(line):
            found.append((index, way[1], kind))
    return found


@pytest.mark.parametrize(
    ("index", "key", "kind"), alternatives(), ids=[f"{kind}.{key}" for _, key, kind in alternatives()]
)
def test_every_way_to_log_in_works_as_written(tmp_path: Path, index: int, key: str, kind: str) -> None:
    """Beside a key nothing else stands; beside one half of a login the other half does, and no key."""
    by_key = key.startswith("api_key")
    other = "" if by_key else "password" if key == "username" else "username"
    keep = {at for at, name, of in alternatives() if of == kind and name == other} | {index}
    replaced = re.compile(r"(api_key|username|password) = " if by_key else rf"(api_key|{key.partition('_')[0]}) = ")
    start = max(at for at, line in enumerate(EXAMPLE.read_text().splitlines()[:index]) if line.startswith("[["))
    lines = [
        "" if start < at < index and at not in keep and replaced.match(line) else line
        for at, line in enumerate(uncommented(keep))
    ]
    environ = dict.fromkeys(re.findall(r'_env = "(\w+)"', EXAMPLE.read_text()), "abc")
    (instance,) = load(run(lines, tmp_path), environ).of_kind(Kind(kind))
    assert (instance.api_key is not None) == by_key
    assert (instance.username is not None and instance.password is not None) != by_key


def test_it_names_every_key_the_program_reads_and_no_other(tmp_path: Path) -> None:
    lines = EXAMPLE.read_text().splitlines()
    written = keys_in("\n".join(_OPTION.sub("", line, count=1) if _OPTION.match(line) else line for line in lines))
    _, report = inspect(run(uncommented(), tmp_path), {})
    known = {key for key in report.known if not _OWN_KEYS.search(key)}
    assert {key for key in written if not _OWN_KEYS.search(key)} == known
