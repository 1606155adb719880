"""Where there is no configuration yet: three lines that say what to do, and on a terminal the offer to do it now."""

import dataclasses

from tracker_tui.arguments import PROG
from tracker_tui.config.loader import locate
from tracker_tui.config.options import Options
from tracker_tui.config.problems import ConfigMissing
from tracker_tui.model.text import clean_path


def lines(missing: ConfigMissing) -> str:
    """Return the three lines."""
    return (
        f"{PROG}: there is no configuration; looked for {clean_path(str(missing.path))}\n"
        f"  {PROG} init     writes one with you (by hand: {PROG} config example)\n"
        f"  {PROG} --demo   shows everything on simulated services, without one"
    )


def configured(options: Options) -> bool:
    """Return whether there is a configuration to start with; offer `init` where the interface was to start.

    Raises ConfigMissing for every other command, ConfigError.
    """
    try:
        locate(options.config)
    except ConfigMissing as missing:
        if options.command != "tui":
            raise
        return _configured_now(options, missing)
    return True


def _configured_now(options: Options, missing: ConfigMissing) -> bool:
    from tracker_tui.headless.init.command import run
    from tracker_tui.headless.init.terminal import Ended, Tty, yes

    terminal = Tty()
    terminal.say(lines(missing))
    try:
        if not yes(terminal, "Write one now?", usual=False):
            return False
        run(dataclasses.replace(options, command="init"))
        locate(options.config)
        return yes(terminal, "Start now?", usual=True)
    except (Ended, ConfigMissing):
        return False
