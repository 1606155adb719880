"""`tracker-tui completion bash|zsh|fish`: the script that completes its commands and options in a shell."""

import argparse
import sys
from collections.abc import Iterator

import shtab

from tracker_tui import arguments
from tracker_tui.config.options import Options
from tracker_tui.model.states import State

_WORDS = {
    "config_action": arguments.CONFIG_ACTIONS,
    "shell": arguments.SHELLS,
    "log_level": arguments.LOG_LEVELS,
    "attention": arguments.ATTENTION,
    "states": tuple(State),
}
"""The parser checks these words itself, with suggestions; the shell needs them as choices."""
_FILES = {"config", "store", "record", "replay"}


def run(options: Options) -> int:
    """Print the script and return 0."""
    sys.stdout.write(script(options.shell))
    return 0


def script(shell: str) -> str:
    """Return the script for bash, zsh or fish."""
    parser, _ = arguments.build_parser()
    for action in _actions(parser):
        if action.dest in _WORDS:
            action.choices = _WORDS[action.dest]
        elif action.dest in _FILES:
            action.complete = shtab.FILE  # type: ignore[attr-defined]
    return str(shtab.complete(parser, shell)).rstrip("\n") + "\n"


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    for action in parser._actions:  # noqa: SLF001 - argparse has no public list of them
        yield action
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for command in action.choices.values():
                yield from _actions(command)
