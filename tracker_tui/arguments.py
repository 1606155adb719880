"""The words of the command line: which there are, what they may say, and what goes with what.

Only argparse and its like are imported, so that `--help` answers at once.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Sequence

from tracker_tui import __version__
from tracker_tui.model.states import Attention, State

TYPE_CHECKING = False  # as type checkers know it; importing typing would cost a tenth of --help
if TYPE_CHECKING:
    from typing import Any, NoReturn

    from tracker_tui.config.options import Options

PROG = "tracker-tui"
USAGE = 2
"""The exit code over words that mean nothing here."""

COMMANDS = ("check", "init", "vfs-refresh", "config", "completion")
"""What has a name of its own, beside the monitor and --once."""
ASKING = frozenset({"tui", "once", "check", "vfs-refresh"})
"""Those that ask services, and so need a configuration or --demo."""
LOG_LEVELS = ("debug", "info", "warning", "error")
ATTENTION = tuple(level.word for level in Attention)
CONFIG_ACTIONS = ("path", "show", "validate", "example")
SHELLS = ("bash", "zsh", "fish")

_DESCRIPTION = "Where is each requested film or episode on its way to being watchable, and if it is not moving, why?"
_EPILOG = """\
exit codes of --once and check:
  0 all services answered, nothing needs attention    3 part of the services gave no answer
  1 something needs attention                         4 no service answered
  2 usage or configuration                          130 interrupted

The configuration is ~/.config/tracker-tui/config.toml unless --config names another; keys and passwords belong there
(or in a file, variable or command named there), never on the command line.
"""


class _Parser(argparse.ArgumentParser):
    """An ArgumentParser that suggests words, and repeats no value that may be a secret."""

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[Any, list[str]]:
        """Parse, and end the program over words that mean nothing here."""
        found, unknown = super().parse_known_args(args, namespace)
        if unknown:
            word = unknown[0].partition("=")[0]
            self.error(f"{_quoted(word)} {'does not go with this' if word[:1] == '-' else 'is one word too many'}")
        return found, unknown

    def error(self, message: str) -> NoReturn:
        """Print one line about the mistake and exit."""
        if choice := re.match(r"argument COMMAND: invalid choice: (.*?) \(choose from", message, re.DOTALL):
            word = choice[1].strip("'\"")
            message = f"unknown command {_quoted(word)}{_did_you_mean(word, COMMANDS)}"
        else:
            message = re.sub(r"'([^']*)'", lambda text: _quoted(text[1]), message)
        self.exit(USAGE, f"{PROG}: {message}\nTry `{self.prog} --help`.\n")

    @property
    def own_options(self) -> set[str]:
        """Return every option this parser knows."""
        return set(self._option_string_actions)


def build_parser() -> tuple[_Parser, set[str]]:
    """Return the parser of the whole command line, and every option it knows before or after a command.

    Options that were not given are absent from the parser's answer.
    """
    common = _common_options()
    parser = _Parser(
        prog=PROG,
        description=_DESCRIPTION,
        epilog=_EPILOG,
        parents=[common],
        formatter_class=argparse.RawDescriptionHelpFormatter,
        argument_default=argparse.SUPPRESS,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"{PROG} {__version__}")
    _demo_option(parser)
    _snapshot_options(parser.add_argument_group("snapshot"))
    _recording_options(parser.add_argument_group("recording"))
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands", parser_class=_Parser)

    def command(name: str, about: str) -> _Parser:
        return commands.add_parser(
            name,
            help=about,
            description=about[:1].upper() + about[1:] + ".",
            parents=[common],
            argument_default=argparse.SUPPRESS,
            allow_abbrev=False,
        )

    check = command("check", "test every configured service and say what to fix")
    _demo_option(check)
    check.add_argument("--timeout", type=_seconds, metavar="SECONDS", help="deadline of each service (10)")
    unasked = "ask nothing: from TRACKER_TUI_… environment variables"
    init = command("init", "write a configuration, step by step, or change the one there is")
    init.add_argument("--non-interactive", action="store_true", help=unasked)
    refresh = command("vfs-refresh", "make Shokofin rebuild its virtual file system in Jellyfin")
    _demo_option(refresh)
    scope = refresh.add_mutually_exclusive_group()
    scope.add_argument("--library", metavar="NAME", help="only this Jellyfin library")
    scope.add_argument("--request", metavar="TEXT", help="only the library of the request with this text in its title")
    refresh.add_argument("--yes", action="store_true", help="do not ask")
    refresh.add_argument("--wait", action="store_true", help="wait for the end and verify")
    about = "show where the configuration is, what is in force and from where, what is wrong, or an example"
    config = command("config", about)
    config.add_argument("config_action", metavar="|".join(CONFIG_ACTIONS), type=_word(CONFIG_ACTIONS))
    completion = command("completion", "print a shell's script that completes commands and options")
    completion.add_argument("shell", metavar="|".join(SHELLS), type=_word(SHELLS))
    return parser, parser.own_options.union(*(one.own_options for one in commands.choices.values()))


def _demo_option(parser: _Parser) -> None:
    parser.add_argument("--demo", action="store_true", help="simulated services, no configuration, a temporary store")


def _common_options() -> _Parser:
    common = _Parser(add_help=False, argument_default=argparse.SUPPRESS)
    group = common.add_argument_group("everywhere")
    group.add_argument("--config", type=_file, metavar="FILE", help="the configuration to use")
    group.add_argument("--store", type=_file, metavar="FILE", help="where to keep the state")
    group.add_argument("--ascii", action="store_true", help="no box or block characters")
    group.add_argument("--no-mouse", dest="mouse", action="store_false", help="leave the mouse to the terminal")
    group.add_argument("--no-color", dest="color", action="store_false", help="no colour (also: NO_COLOR)")
    group.add_argument("--theme", metavar="NAME", help="colours of the terminal interface")
    least = f"least to log: {', '.join(LOG_LEVELS)}"
    group.add_argument("--log-level", type=_word(LOG_LEVELS), metavar="LEVEL", help=least)
    return common


def _snapshot_options(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--once", action="store_true", help="print the present state and exit")
    group.add_argument("--json", action="store_true", help="as one JSON object")
    group.add_argument("--filter", metavar="TEXT", help="only titles with this text")
    group.add_argument("--state", type=_states, action="extend", dest="states", metavar="STATE,...", help="only these")
    group.add_argument(
        "--attention", type=_word(ATTENTION), metavar="LEVEL", help=f"only from this level on: {', '.join(ATTENTION)}"
    )
    group.add_argument("--timeout", type=_seconds, metavar="SECONDS", help="deadline of each service (10)")
    group.add_argument("--no-store", action="store_true", help="neither read nor write the stored state")


def _recording_options(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--record", type=_file, metavar="FILE", help="keep all that is observed, for a report")
    group.add_argument("--replay", type=_file, metavar="FILE", help="show a recording instead of services")
    group.add_argument("--at", metavar="TIME", help="go to this time of the recording: 12:05, 2026-01-25T12:05")


_ONLY_ONCE = {
    "json": "--json",
    "filter": "--filter",
    "states": "--state",
    "attention": "--attention",
    "timeout": "--timeout",
    "no_store": "--no-store",
}


def parse(argv: Sequence[str] | None) -> Options:
    """Return what the words ask for; ends the program over what they may not say."""
    parser, options = build_parser()
    words = list(sys.argv[1:] if argv is None else argv)
    _refuse_unknown_options(parser, words, options)
    given = vars(parser.parse_args(words))
    once = given.pop("once", False)
    command = given.get("command")
    snapshot = [
        option for name, option in _ONLY_ONCE.items() if name in given and (command, name) != ("check", "timeout")
    ]
    if command and once:
        parser.error("--once goes without a command")
    if given.get("demo") and command and command not in ASKING:
        parser.error(f"--demo does not go with {command}, which asks no service")
    _check_recording(parser, given, command)
    if snapshot and not once:
        parser.error(f"{snapshot[0]} goes with --once")

    from tracker_tui.config.options import Options

    given["command"] = command or ("once" if once else "tui")
    if "attention" in given:
        given["attention"] = Attention[given["attention"].upper()]
    if "states" in given:
        given["states"] = tuple(dict.fromkeys(given["states"]))
    if "timeout" in given:
        given["timeout_s"] = given.pop("timeout")
    return Options(**given)


def _check_recording(parser: _Parser, given: dict[str, Any], command: str | None) -> None:
    option = next((name for name in ("record", "replay", "at") if name in given), None)
    if option is None:
        return
    if command:
        parser.error(f"--{option} goes without a command")
    if "replay" not in given:
        if "at" in given:
            parser.error("--at goes with --replay")
        return
    other = next((name for name in ("demo", "record", "config", "store") if name in given), None)
    if other is not None:
        parser.error(f"--{other} does not go with --replay: a recording needs nothing else")


def _refuse_unknown_options(parser: _Parser, words: Sequence[str], known: set[str]) -> None:
    """End the program over the first unknown option; argparse would take its value for a command, and repeat it."""
    for word in words:
        if word == "--":
            return
        option = word.partition("=")[0]
        if not option.startswith("--") or option in known:
            continue
        if re.search(r"key|pass|token|secret|cookie", option, re.IGNORECASE):
            parser.error(f"{_quoted(option)}: secrets are never taken from here; put them into the configuration")
        parser.error(f"unknown option {_quoted(option)}{_did_you_mean(option, sorted(known))}")


def _file(text: str) -> Any:
    from pathlib import Path

    if not text or "\x00" in text:
        raise argparse.ArgumentTypeError("a file's name is due")
    return Path(text).expanduser()


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0.1 <= seconds <= 600:
        raise argparse.ArgumentTypeError("seconds from 0.1 to 600 are due")
    return seconds


def _states(text: str) -> list[State]:
    words = [word for word in text.split(",") if word.strip()]
    if not words:
        raise argparse.ArgumentTypeError("a state is due")
    return [_state(word) for word in words]


def _state(word: str) -> State:
    name = word.strip().upper().replace("-", "_")
    if name not in State.__members__:
        raise argparse.ArgumentTypeError(f"unknown state {_quoted(word.strip())}{_did_you_mean(name, list(State))}")
    return State[name]


def _word(known: Sequence[str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text.lower() not in known:
            raise argparse.ArgumentTypeError(f"unknown word {_quoted(text)}{_did_you_mean(text, known)}")
        return text.lower()

    return read


def _did_you_mean(word: str, known: Sequence[str]) -> str:
    from tracker_tui.config.words import closest

    found = closest(word, known)
    return f"; did you mean {found}?" if found else f"; use one of {', '.join(known)}"


def _quoted(text: str) -> str:
    from tracker_tui.config.words import shown

    return shown(text)
