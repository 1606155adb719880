"""Telling the world outside the terminal: a notification by the terminal, or a program of the user's choice."""

import logging
import os
import subprocess
import threading
from collections.abc import Sequence

from tracker_tui.config.settings import Secret
from tracker_tui.model.masks import without_own
from tracker_tui.tui.paint import safe

log = logging.getLogger(__name__)

PATIENCE_S = 30.0


def terminal_notification(text: str) -> str:
    """Return the sequence that makes the user's terminal show a notification (OSC 9), through tmux where we run in it.

    The name in front is more than politeness: a text that begins with a digit would be another command.
    """
    sequence = f"\x1b]9;tracker-tui: {safe(text)}\x07"
    return f"\x1bPtmux;\x1b{sequence}\x1b\\" if os.environ.get("TMUX") else sequence


def run_notifier(command: Sequence[Secret], text: str) -> None:
    """Run `command` with `text` as last argument, on a thread; its output is dropped, its failure logged."""
    if command:
        threading.Thread(target=_run, args=(command, safe(text)), name="notify", daemon=True).start()


def _environment() -> dict[str, str]:
    """Return our own environment without the keys that the configuration takes from there: they are not for others."""
    return {name: text for name, text in os.environ.items() if without_own(text) == text}


def _run(command: Sequence[Secret], text: str) -> None:
    try:
        done = subprocess.run(  # noqa: S603 - the user's own program, without a shell
            [*(word.reveal() for word in command), text],
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE_S,
            check=False,
        )
    except (OSError, subprocess.SubprocessError) as fault:  # their texts may quote the arguments, which may be secret
        log.warning("the notify program could not be run: %s", type(fault).__name__)
        return
    if done.returncode:
        log.warning("the notify program ended with code %d", done.returncode)
