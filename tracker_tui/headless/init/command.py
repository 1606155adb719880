"""`tracker-tui init`: a configuration written, or the present one changed, question by question.

Nothing is written before the end. What stands in an existing file is kept byte for byte where it does not change.
"""

import os
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from tracker_tui.config.editing import EditRefused, edited
from tracker_tui.config.loader import default_path, inspect
from tracker_tui.config.options import Options
from tracker_tui.config.problems import ConfigError, ConfigMissing
from tracker_tui.headless.asking import can_ask
from tracker_tui.headless.check import command as check
from tracker_tui.headless.exit_codes import INTERRUPTED, USAGE
from tracker_tui.headless.init.environment import from_environment
from tracker_tui.headless.init.plan import Plan, overview
from tracker_tui.headless.init.round import one_more, whole_round
from tracker_tui.headless.init.service import Interview
from tracker_tui.headless.init.terminal import Ended, Terminal, Tty, yes
from tracker_tui.headless.init.trial import Prober
from tracker_tui.model.ids import Kind
from tracker_tui.model.text import clean_path
from tracker_tui.services.http import quiet_libraries
from tracker_tui.store.atomic import PREVIOUS, replace_file

BROKEN = ".broken"
_MENU = "Enter: write and check, a: add, 1 to {count}: change, r: remove, q: leave without writing?"


def run(options: Options) -> int:
    """Write a configuration and return the check's exit code; 2 where none was written. Raises ConfigError."""
    quiet_libraries()
    path = (options.config or default_path()).absolute()
    if options.non_interactive:
        return _without_questions(path, options)
    if not can_ask():
        _say("init asks questions, which needs a terminal; for containers and scripts there is --non-interactive")
        return USAGE
    return guided(Tty(), path, options)


def guided(terminal: Terminal, path: Path, options: Options) -> int:
    """Ask on this terminal, write, check; see `run`."""
    try:
        with Prober() as prober:
            written = _asked(terminal, prober, path)
    except KeyboardInterrupt:
        terminal.say("\nNothing was written.")
        return INTERRUPTED
    except Ended:
        terminal.say("The input ended. Nothing was written.")
        return USAGE
    if not written:
        terminal.say("Nothing was written.")
        return USAGE
    return _checked(path, options)


def _asked(terminal: Terminal, prober: Prober, path: Path) -> bool:
    """Hold the dialogue; return whether the file was written."""
    present = _present(terminal, path)
    if present is None:
        return False
    text, plan = present
    interview = Interview(terminal, prober, plan)
    terminal.say("Nothing is written before the end; Ctrl-C leaves everything as it is.")
    if not plan.all:
        whole_round(interview)
    while True:
        terminal.say()
        terminal.say(f"{clean_path(str(path))}:" if plan.present else "No service is configured yet.")
        terminal.say("\n".join(overview(plan.present)))
        answer = terminal.ask(_MENU.format(count=len(plan.present))).lower()
        if answer == "q":
            return False
        if answer:
            _menu(answer, interview)
        elif not plan.present:
            terminal.say("There is nothing to write: add a service (a), or leave (q).")
        elif _write(terminal, path, text, plan):
            return True


def _menu(answer: str, interview: Interview) -> None:
    plan, terminal = interview.plan, interview.terminal
    if answer == "a":
        kinds = ", ".join(kind.title for kind in Kind)
        word = terminal.ask(f"Which ({kinds})?").lower()
        found = [kind for kind in Kind if word and kind.startswith(word)]
        if word in {"jellyseerr", "overseerr"}:
            found = [Kind.SEERR]
        if len(found) == 1:
            one_more(interview, found[0])
        else:
            terminal.say("Write the beginning of one of these names.")
    elif answer == "r" or answer[:2] == "r ":
        number = answer[2:].strip() or terminal.ask("Which number?")
        if number.isdigit() and 1 <= int(number) <= len(plan.present):
            plan.present[int(number) - 1].removed = True
        else:
            terminal.say("There is no such number.")
    elif answer.isdigit() and 1 <= int(answer) <= len(plan.present):
        interview.change(plan.present[int(answer) - 1])
    else:
        terminal.say("That is none of these.")


# ---- the file


def _present(terminal: Terminal, path: Path) -> tuple[str, Plan] | None:
    """Return the present text and its services; ("", none) without a file; None to leave a broken one alone."""
    while True:
        try:
            settings, report = inspect(path)
        except ConfigMissing:
            return "", Plan()
        except ConfigError as wrong:
            terminal.say("\n".join(str(problem) for problem in wrong.problems))
            terminal.say("This file cannot be understood as it is; it is not touched.")
            answer = terminal.ask(
                "Enter: look again once you have mended it, n: begin anew and keep it aside, q: leave?"
            )
            if answer.lower() == "q":
                return None
            if answer.lower() == "n" and path.is_file():
                return "", Plan()
            continue
        if report.problems:
            terminal.say("\n".join(str(problem) for problem in report.problems))
            terminal.say("These stay as they are unless you change them here.")
        return _text(path), Plan(settings)


def _write(terminal: Terminal, path: Path, text: str, plan: Plan) -> bool:
    try:
        changed = edited(text, plan.edits())
        if changed == text:
            terminal.say("Nothing changes; the file is left as it is.")
            return True
        _save(path, text, changed)
    except EditRefused as refused:
        terminal.say(f"{refused}.")
    except (_Changed, OSError) as fault:
        terminal.say(f"Not written: {fault if isinstance(fault, _Changed) else fault.strerror}.")
    else:
        terminal.say(f"Written: {clean_path(str(path))}, readable by you alone (mode 0600).")
        return True
    return yes(terminal, "Leave?", usual=False) and _leave()


def _leave() -> bool:
    raise Ended


class _Changed(Exception):
    """The file is not the one that was read."""


def _save(path: Path, before: str, text: str) -> None:
    """Write the text in place of `before`, atomically, mode 0600; keep what stood there. Raises OSError, _Changed."""
    target = path.resolve()  # through a link into somebody's collection of such files
    try:
        present = _text(target)
    except FileNotFoundError:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        present = ""
    if present != before:
        if before:
            raise _Changed("another program changed the file meanwhile; run init again")
        os.replace(target, _free(target.with_name(target.name + BROKEN)))  # noqa: PTH105
    replace_file(target, text.encode())
    with suppress(OSError):
        target.with_name(target.name + PREVIOUS).chmod(0o600)


def _text(path: Path) -> str:
    """Return a file's text with its own line ends; what is no UTF-8 is never written back."""
    return path.read_bytes().decode("utf-8-sig", errors="replace")


def _free(path: Path) -> Path:
    numbered = (path.with_name(f"{path.name}-{number}") for number in range(2, 1000))
    return path if not path.exists() else next(one for one in numbered if not one.exists())


def _checked(path: Path, options: Options) -> int:
    """Run what `check` runs; say how to start."""
    _say("")
    code = check.run(replace(options, command="check", config=path))
    named = "" if options.config is None else f" --config {clean_path(str(options.config))}"
    _say(f"\nStart with:    tracker-tui{named}\nOne snapshot:  tracker-tui{named} --once")
    return code


# ---- without questions


def _without_questions(path: Path, options: Options) -> int:
    text, plan = "", Plan()
    with suppress(ConfigMissing):
        settings, _ = inspect(path)  # a file that cannot be understood is not touched: ConfigError
        text, plan = _text(path), Plan(settings)
    edits, problems = from_environment(os.environ, plan)
    if problems:
        _say("\n".join(problems))
        return USAGE
    try:
        changed = edited(text, edits)
        if changed != text:  # an untouched file keeps a refused login from being tried again
            _save(path, text, changed)
    except EditRefused as refused:
        _say(f"{refused}")
        return USAGE
    except (_Changed, OSError) as fault:
        _say(f"not written: {fault if isinstance(fault, _Changed) else fault.strerror}")
        return USAGE
    return _checked(path, options)


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
