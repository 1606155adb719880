"""`tracker-tui config path|show|validate|example`."""

import re
import sys

from tracker_tui.config.example import example_text
from tracker_tui.config.loader import default_path, load, load_for, locate, places
from tracker_tui.config.options import Options
from tracker_tui.config.problems import ConfigMissing
from tracker_tui.config.settings import Entry, Settings
from tracker_tui.model.text import clean, clean_path

_COLUMN = 44
"""Where the origins stand in `config show`, if the value leaves room."""


def run(options: Options) -> int:
    """Print what was asked for and return 0. Raises ConfigError with everything that is wrong."""
    if options.config_action == "path":
        return _path(options)
    if options.config_action == "example":
        sys.stdout.write(example_text())
        return 0
    if options.config_action == "show":
        sys.stdout.write("\n".join(lines(load_for(options))) + "\n")
        return 0
    for warning in load(options.config).warnings:
        sys.stderr.write(f"{warning}\n")
    sys.stdout.write("ok\n")
    return 0


def lines(settings: Settings) -> list[str]:
    """Return the settings in TOML notation, each with its origin, secrets masked."""
    tables: dict[str, list[Entry]] = {}
    for entry in settings.entries:
        tables.setdefault(entry.table, []).append(entry)
    result = [f"# {clean_path(str(settings.file))}"]
    for table, entries in tables.items():
        result += ["", clean(_header(table)), *(_line(entry) for entry in entries)]
    return result


def _path(options: Options) -> int:
    path = options.config or default_path()
    sys.stdout.write(f"{clean_path(str(path))}\n")
    try:
        locate(options.config)
    except ConfigMissing:
        sys.stderr.write("there is no such file; `tracker-tui init` writes one\n")
    store, log = places(options.config)
    sys.stderr.write(f"store: {clean_path(str(options.store or store))}\nlog: {clean_path(str(log))}\n")
    return 0


def _header(table: str) -> str:
    plain = re.sub(r"\[\d+\]", "", table)
    return f"[[{plain}]]" if table.endswith("]") else f"[{plain}]"


def _line(entry: Entry) -> str:
    if entry.value is None:
        return str(clean(f"# {entry.key} is not set"))
    text = clean(f"{entry.key} = {entry.value}", 4096)
    return f"{text:<{_COLUMN}}  # {clean(entry.origin)}"
