"""Whatever stands in the file, the answer is settings or problems: never a crash, never a raw control character."""

import json
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tracker_tui.config.loader import inspect
from tracker_tui.config.problems import ConfigError
from tracker_tui.config.settings import Settings
from tracker_tui.headless.config_command import lines
from tracker_tui.model.text import clean_path

TABLES = [
    "[[sonarr]]", "[[radarr]]", "[[qbittorrent]]", "[[shoko]]", "[[jellyfin]]", "[[seerr]]", "[poll]", "[attention]",
    "[anime]", "[paths]", "[requests]", "[store]", "[ui]", "[ui.keymap]", "[sonarr.headers]", "[paths.sonarr]",
    "[sonarr]",
]  # fmt: skip
KEYS = [
    "name", "url", "web_url", "verify_tls", "ca_file", "headers", "timeout", "api_key", "api_key_file", "api_key_env",
    "username", "password", "password_env", "seerr_server_id", "active_seconds", "idle_seconds", "stalled", "tags",
    "root_folders", "path_fragments", "recent_days", "path", "history_days", "theme", "ascii", "keymap", "sonarr",
]  # fmt: skip
"""Commands are left out: nobody wants to run an arbitrary one."""

texts = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    st.sampled_from(["http://media:8989", "10m", "/data/tv", "http://u:p@media", "\x1b]0;x\x07", "4k"]),
).map(lambda text: json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f"))
scalars = st.one_of(
    texts,
    st.integers().map(str),
    st.floats().map(str),
    st.sampled_from(["true", "false", "1979-05-27", "07:32:00", "[]", "{}", "[[1]]", "-0"]),
)
values = st.one_of(
    scalars,
    st.lists(scalars, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
    st.tuples(texts, scalars).map(lambda pair: f"{{ {pair[0]} = {pair[1]} }}"),
)
assignments = st.tuples(st.one_of(st.sampled_from(KEYS), texts), values).map(" = ".join)
documents = st.lists(st.one_of(st.sampled_from(TABLES), assignments), max_size=12).map("\n".join)


def is_safe(text: str) -> bool:
    return clean_path(text, 100_000) == text


def read(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "config.toml"
        path.write_bytes(content)
        try:
            found, report = inspect(path, {})
        except ConfigError as wrong:
            problems = wrong.problems
            assert problems
        else:
            assert isinstance(found, Settings)
            problems = tuple(report.problems + report.warnings)
            assert all(is_safe(line) for line in lines(found))
    for problem in problems:
        assert problem.message
        assert problem.fix
        assert is_safe(str(problem))
        assert problem.line is None or 1 <= problem.line <= content.count(b"\n") + 1


@settings(max_examples=150, deadline=None)
@given(documents)
def test_anything_that_looks_like_a_configuration(document: str) -> None:
    read(document.encode())


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes(content: bytes) -> None:
    read(content)
