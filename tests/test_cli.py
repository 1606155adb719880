"""The command line: what is understood, what is refused, where words go, and with which exit code."""

import logging
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from tracker_tui import __version__, arguments, cli
from tracker_tui.config.options import Options
from tracker_tui.model.states import Attention, State

Handler = Callable[[Options], int]
Install = Callable[[Handler], list[Options]]

CONFIG = '[[sonarr]]\nurl = "http://media:8989"\napi_key = "3b0c"\n[ui]\ntheme = "nörd"\n'
HEAVY = {"msgspec", "httpx", "textual", "rich", "tinydb", "platformdirs", "pyarr", "qbittorrentapi", "aiohttp"}


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(CONFIG)
    path.chmod(0o600)
    return path


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the configuration of whoever runs the tests out of them."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def handlers(monkeypatch: pytest.MonkeyPatch) -> Install:
    """Put one function behind every command; it collects the options it was given."""

    def install(handler: Handler) -> list[Options]:
        seen: list[Options] = []

        def run(options: Options) -> int:
            seen.append(options)
            return handler(options)

        module = ModuleType("a_handler")
        module.run = run  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "a_handler", module)
        monkeypatch.setattr(cli, "HANDLERS", dict.fromkeys(cli.HANDLERS, "a_handler:run"))
        monkeypatch.setattr(cli, "_is_terminal", lambda stream: True)
        return seen

    return install


def program(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tracker_tui", *words],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
        env={**os.environ, **environ},
    )


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", Options()),
        ("--demo", Options(demo=True)),
        ("--once", Options(command="once")),
        ("--demo --once --json", Options(command="once", demo=True, json=True)),
        ("--demo check --timeout 3", Options(command="check", demo=True, timeout_s=3)),
        ("check --demo", Options(command="check", demo=True)),
        ("vfs-refresh --yes --demo", Options(command="vfs-refresh", demo=True, yes=True)),
        ("--once --filter lycoris --no-store", Options(command="once", filter="lycoris", no_store=True)),
        (
            "--once --state failed,anime-matching --state FAILED",
            Options(command="once", states=(State.FAILED, State.ANIME_MATCHING)),
        ),
        ("--once --attention WARN --timeout 2.5", Options(command="once", attention=Attention.WARN, timeout_s=2.5)),
        ("--ascii --no-mouse --no-color --theme nord", Options(ascii=True, mouse=False, color=False, theme="nord")),
        ("--log-level debug check", Options(command="check", log_level="debug")),
        ("check --log-level debug", Options(command="check", log_level="debug")),
        ("--ascii check --store /s", Options(command="check", ascii=True, store=Path("/s"))),
        ("--store /a check --store /b", Options(command="check", store=Path("/b"))),
        ("check --timeout 3", Options(command="check", timeout_s=3)),
        ("init", Options(command="init")),
        ("vfs-refresh", Options(command="vfs-refresh")),
        (
            "vfs-refresh --library Anime --yes --wait",
            Options(command="vfs-refresh", library="Anime", yes=True, wait=True),
        ),
        ("vfs-refresh --request lycoris", Options(command="vfs-refresh", request="lycoris")),
        ("config show --config /c", Options(command="config", config_action="show", config=Path("/c"))),
        ("--config /c config validate", Options(command="config", config_action="validate", config=Path("/c"))),
    ],
)
def test_what_a_command_line_means(handlers: Install, config: Path, line: str, expected: Options) -> None:
    seen = handlers(lambda options: 0)
    words = line.split()
    if expected.config is None:  # some file has to be there
        words = ["--config", str(config), *words]
    assert cli.main(words) == 0
    (options,) = seen
    assert options == expected if expected.config else options == _with(expected, config)


def _with(options: Options, config: Path) -> Options:
    from dataclasses import replace

    return replace(options, config=config)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("chek", 'unknown command "chek"; did you mean check?'),
        ("frobnicate", 'unknown command "frobnicate"; use one of check, init, vfs-refresh, config'),
        ("--sate failed", 'unknown option "--sate"; did you mean --state?'),
        ("vfs-refresh --librry x", 'unknown option "--librry"; did you mean --library?'),
        ("--onc", 'unknown option "--onc"; did you mean --once?'),
        ("check --library x", '"--library" does not go with this'),
        ("check now", '"now" is one word too many'),
        ("--json", "--json goes with --once"),
        ("--state failed", "--state goes with --once"),
        ("--no-store init", "--no-store goes with --once"),
        ("--timeout 3", "--timeout goes with --once"),
        ("--once check", "--once goes without a command"),
        ("--demo init", "--demo does not go with init, which asks no service"),
        ("--demo config path", "--demo does not go with config"),
        ("init --demo", '"--demo" does not go with this'),
        ("--once --state downloding", 'unknown state "downloding"; did you mean DOWNLOADING?'),
        ("--once --state ready,failed", 'unknown state "ready"; use one of REQUESTED, APPROVED'),
        ("--once --state ,", "a state is due"),
        ("--once --attention wran", 'unknown word "wran"; did you mean warn?'),
        ("--once --timeout 0", "seconds from 0.1 to 600"),
        ("--once --timeout -1", "seconds from 0.1 to 600"),
        ("--once --timeout nan", "seconds from 0.1 to 600"),
        ("--once --timeout soon", "seconds from 0.1 to 600"),
        ("--log-level loud", 'unknown word "loud"'),
        ("--config", "expected one argument"),
        ("vfs-refresh --library a --request b", "not allowed with"),
        ("config", "path|show|validate"),
        ("config shw", 'unknown word "shw"; did you mean show?'),
        ("--api-key hunter2", '"--api-key": secrets are never taken from here'),
        ("--once --password=hunter2", '"--password": secrets are never taken from here'),
        ("check --token hunter2", '"--token": secrets are never taken from here'),
    ],
)
def test_what_is_refused(capsys: pytest.CaptureFixture[str], handlers: Install, line: str, says: str) -> None:
    seen = handlers(lambda options: 0)
    assert cli.main(line.split()) == 2
    out, err = capsys.readouterr()
    assert not seen
    assert out == "", "stdout is data"
    assert says in err
    assert "hunter2" not in err
    assert err.count("\n") == 2, "one line about it, one about help"


def test_no_value_that_looks_like_a_secret_is_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    for line in (["3b0c8b1f9a7d4e6fa1b2c3d4e5f60718"], ["--once=3b0c8b1f9a7d4e6fa1b2c3d4e5f60718"], ["mia:3b0c@media"]):
        assert cli.main(line) == 2
        assert "3b0c" not in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--help"], ["check", "--help"], ["vfs-refresh", "-h"], ["config", "--help"]])
def test_help_is_data(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    assert cli.main(words) == 0
    out, err = capsys.readouterr()
    assert out.startswith("usage: tracker-tui")
    assert "--config FILE" in out
    assert err == ""


def test_help_tells_the_exit_codes_and_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["--help"])
    out = capsys.readouterr().out
    for word in ("exit codes", "interrupted", "check", "init", "vfs-refresh", "config"):
        assert word in out


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out == f"tracker-tui {__version__}\n"


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_and_version_load_nothing_heavy(option: str) -> None:
    code = (
        "import sys; from tracker_tui.cli import main; main([sys.argv[1]]);"
        "print(*{name.partition('.')[0] for name in sys.modules}, *sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, option], capture_output=True, text=True, check=True)
    loaded = set(done.stderr.split())
    assert "argparse" in loaded, "the list was not taken"
    assert not loaded & (HEAVY | {"asyncio", "logging", "tracker_tui.config.settings"})


def test_the_module_is_the_program() -> None:
    done = program("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"tracker-tui {__version__}\n", "")


ENDING = """
import atexit, sys, threading, time
from types import ModuleType
from tracker_tui import __main__, cli
def work(options):
    if options.json:
        threading.Thread(target=lambda: (time.sleep(0.3), print("worked to the end", flush=True))).start()
    print("data", end="")
    return 3
handler = ModuleType("a_handler")
handler.run = work
sys.modules["a_handler"] = handler
cli.HANDLERS["once"] = "a_handler:run"
atexit.register(lambda: print(" and the interpreter taken down"))
__main__.run()
"""


@pytest.mark.parametrize(
    ("python", "words", "written"),
    [
        ([], ["--demo", "--once"], "data"),
        ([], ["--demo", "--once", "--json"], "dataworked to the end\n and the interpreter taken down\n"),
        (["-X", "dev"], ["--demo", "--once"], "data and the interpreter taken down\n"),
    ],
    ids=["at once", "not while a thread works", "whole in development mode"],
)
def test_the_process_ends_with_its_last_word(python: list[str], words: list[str], written: str) -> None:
    command = [sys.executable, *python, "-c", ENDING, *words]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONUNBUFFERED": ""}
    )
    assert (done.returncode, done.stdout) == (3, written)


def test_every_command_has_its_handler() -> None:
    assert cli.HANDLERS.keys() == {"tui", "once", *arguments.COMMANDS}
    assert cli.HANDLERS.keys() >= arguments.ASKING


@pytest.mark.parametrize("code", [0, 1, 2, 3, 4])
def test_the_exit_code_is_the_handlers(handlers: Install, config: Path, code: int) -> None:
    handlers(lambda options: code)
    assert cli.main(["--once", "--config", str(config)]) == code


def test_an_interrupt_is_130(handlers: Install, config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(options: Options) -> int:
        raise KeyboardInterrupt

    handlers(interrupted)
    assert cli.main(["--once", "--config", str(config)]) == 130
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("unbuffered", ["", "1"], ids=["seen-at-the-end", "seen-at-once"])
def test_a_reader_that_goes_away_is_no_drama(config: Path, unbuffered: str) -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)
    with os.fdopen(write_end) as closed:
        done = subprocess.run(
            [sys.executable, "-m", "tracker_tui", "config", "show", "--config", config],
            stdout=closed,
            stderr=subprocess.PIPE,
            check=False,
            env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
        )
    assert (done.returncode, done.stderr) == (141, b"")


def test_a_fault_of_ours_is_told_from_something_that_needs_attention(
    handlers: Install, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(options: Options) -> int:
        raise ZeroDivisionError

    handlers(fail)
    assert cli.main(["--once", "--config", str(config)]) == 70
    out, err = capsys.readouterr()
    assert out == ""
    assert "internal error" in err
    assert "ZeroDivisionError" in err


def test_a_missing_library_is_named(
    monkeypatch: pytest.MonkeyPatch, config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "handler_without_library.py").write_text("import no_such_library\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(cli.HANDLERS, "check", "handler_without_library:run")
    assert cli.main(["check", "--config", str(config)]) == 70
    assert "no_such_library" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--once"], ["check"], ["vfs-refresh"], ["config", "show"], ["config", "validate"]])
def test_without_a_configuration_three_lines_say_what_to_do(
    home: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    assert cli.main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    first, second, third = err.splitlines()
    assert str(home / "tracker-tui" / "config.toml") in first
    assert "tracker-tui init" in second
    assert "tracker-tui config example" in second
    assert "tracker-tui --demo" in third
    assert max(len(second), len(third)) <= 80


@pytest.mark.parametrize("words", [["--demo"], ["--demo", "--once"], ["check", "--demo"], ["init"]], ids=" ".join)
def test_some_things_need_no_configuration(handlers: Install, words: list[str]) -> None:
    handlers(lambda options: 0)
    assert cli.main(words) == 0


def test_the_default_configuration_is_found(home: Path, handlers: Install) -> None:
    (home / "tracker-tui").mkdir(parents=True)
    (home / "tracker-tui" / "config.toml").write_text(CONFIG)
    seen = handlers(lambda options: 0)
    assert cli.main(["--once"]) == 0
    assert seen[0].config is None


@pytest.mark.parametrize(
    ("words", "instead"), [([], "`tracker-tui --once`"), (["--demo"], "`tracker-tui --demo --once`")]
)
def test_without_a_terminal_the_interface_refuses(
    config: Path, capsys: pytest.CaptureFixture[str], words: list[str], instead: str
) -> None:
    assert cli.main([*words, "--config", str(config)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert instead in err


def test_closed_streams_are_no_terminal(monkeypatch: pytest.MonkeyPatch, config: Path) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    monkeypatch.setattr(sys, "stdout", None)
    assert cli.main(["--config", str(config)]) == 2


def test_only_our_own_log_is_shown(handlers: Install, config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def log(options: Options) -> int:
        logging.getLogger("tracker_tui.engine").info("polled")
        logging.getLogger("httpx").info("GET http://media/?apikey=hunter2")
        return 0

    handlers(log)
    assert cli.main(["--once", "--config", str(config), "--log-level", "info"]) == 0
    assert capsys.readouterr() == ("", "INFO tracker_tui.engine: polled\n")
    assert cli.main(["--once", "--config", str(config)]) == 0
    assert capsys.readouterr() == ("", "")


def test_config_path(home: Path, config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["config", "path"]) == 0
    out, err = capsys.readouterr()
    assert out == f"{home / 'tracker-tui' / 'config.toml'}\n"
    assert "tracker-tui init" in err
    assert cli.main(["config", "path", "--config", str(config)]) == 0
    out, err = capsys.readouterr()
    assert out == f"{config}\n"
    assert re.fullmatch(r"store: /.*/store\.json\nlog: /.*/tracker-tui\.log\n", err)
    config.write_text('[store]\npath = "s.json"\n[log]\npath = "l.txt"\n[[sonarr]]\napi_key_command = "false"\n')
    assert cli.main(["config", "path", "--config", str(config)]) == 0
    assert capsys.readouterr().err == f"store: {config.parent / 's.json'}\nlog: {config.parent / 'l.txt'}\n"


def test_config_show_gives_every_value_with_its_origin(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["config", "show", "--config", str(config), "--no-color"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert lines[0] == f"# {config}"
    for line in (
        "[[sonarr]]",
        'name = "sonarr" # default',
        'url = "http://media:8989" # config.toml:2',
        'api_key = "********" # config.toml:3',
        "# web_url is not set",
        'stalled = "10m" # default',
        'theme = "nörd" # config.toml:5',
        "color = false # command line",
    ):
        assert line in lines
    assert "3b0c" not in out


def test_config_show_is_itself_a_configuration(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config.write_text(
        f'{CONFIG}[ui.keymap]\nquit = "q"\n[paths]\nsonarr = {{ "/tv" = "/data/tv" }}\n'
        '[[qbittorrent]]\nurl = "http://a"\nusername = "u\\"\\\\"\npassword = "p"\nheaders = { "X-A" = "b" }'
    )
    assert cli.main(["config", "show", "--config", str(config)]) == 0
    shown = capsys.readouterr().out
    config.write_text(shown)
    assert cli.main(["config", "show", "--config", str(config)]) == 0
    again = capsys.readouterr().out
    values = [[line.partition("  # ")[0].rstrip() for line in text.splitlines()] for text in (shown, again)]
    assert values[0] == values[1]


def test_config_validate(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["config", "validate", "--config", str(config)]) == 0
    assert capsys.readouterr() == ("ok\n", "")
    config.chmod(0o644)
    assert cli.main(["config", "validate", "--config", str(config)]) == 0
    out, err = capsys.readouterr()
    assert out == "ok\n"
    assert f"chmod 600 {config}" in err
    config.write_text("[[sonarr]]\n[pol]")
    assert cli.main(["config", "validate", "--config", str(config)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 3
    assert f"{config}:2: pol: unknown table" in err


def test_a_poor_terminal_gets_what_it_can_show(config: Path) -> None:
    done = program("config", "show", "--config", str(config), PYTHONIOENCODING="ascii", LC_ALL="C")
    assert done.returncode == 0
    assert 'theme = "nord"' in done.stdout
    assert done.stderr == ""
