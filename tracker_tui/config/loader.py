"""From the file to `Settings`: found, read, decoded, checked as a whole."""

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

import platformdirs
from msgspec.structs import replace

from tracker_tui.config.instances import read_instances
from tracker_tui.config.lines import key_lines
from tracker_tui.config.options import Options
from tracker_tui.config.problems import ConfigError, ConfigMissing, Problem
from tracker_tui.config.secrets import check_permissions, resolve
from tracker_tui.config.sections import (
    read_anime,
    read_log,
    read_paths,
    read_poll,
    read_requests,
    read_store,
    read_thresholds,
    read_ui,
)
from tracker_tui.config.settings import Settings
from tracker_tui.config.table import Report, Table, notation
from tracker_tui.model.text import clean

APP = "tracker-tui"
SIZE_LIMIT = 1024 * 1024
_POSITION = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def default_path() -> Path:
    """Return where the configuration is looked for unless `--config` names a file."""
    return platformdirs.user_config_path(APP, appauthor=False) / "config.toml"


def default_store_path() -> Path:
    """Return where the state is kept unless `--store` or `[store] path` names a file."""
    return platformdirs.user_data_path(APP, appauthor=False) / "store.json"


def default_log_path() -> Path:
    """Return where the log is kept unless `[log] path` names a file."""
    return platformdirs.user_log_path(APP, appauthor=False) / "tracker-tui.log"


def places(named: Path | None) -> tuple[Path, Path]:
    """Return where the state and the log are kept, as far as the file can be read; no command is run, none checked."""
    path = named.expanduser() if named else default_path()
    try:
        values = _parse(_decode(_read(path)[0], path), path)
    except ConfigError:
        values = {}
    report = Report(path, {})
    root = Table(values, "", report)
    store, log = read_store(root, default_store_path()), read_log(root, default_log_path())
    return store.path or default_store_path(), log.path or default_log_path()


def locate(named: Path | None) -> Path:
    """Return the configuration file to read. Raises ConfigMissing if nothing is there."""
    path = named.expanduser() if named else default_path()
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        raise ConfigMissing(path) from None
    except (OSError, ValueError):
        pass  # reading it tells why
    return path


def load(named: Path | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """Return the settings of a file, of the default one without a name.

    Raises ConfigMissing, or ConfigError with every problem and warning. Reads secret files, environment variables and
    the output of secret commands on the way (10 s at most).
    """
    settings, report = inspect(named, environ)
    if report.problems:
        raise ConfigError(sorted(report.problems + report.warnings, key=lambda one: (one.line or 0, one.key or "")))
    return settings


def load_for(options: Options) -> Settings:
    """Return the settings one command line asks for: its file, with its own values over those of the file."""
    settings = load(options.config)
    over = {name: getattr(options, name) for name in ("ascii", "mouse", "color", "theme")}
    over = {name: value for name, value in over.items() if value is not None}
    shown = {("ui", name): value for name, value in over.items()}
    store = settings.store
    if options.store is not None:
        store = replace(store, path=options.store)
        shown["store", "path"] = str(options.store)
    entries = tuple(
        replace(one, value=notation(shown[one.table, one.key]), origin="command line")
        if (one.table, one.key) in shown
        else one
        for one in settings.entries
    )
    return replace(settings, ui=replace(settings.ui, **over), store=store, entries=entries)


def inspect(named: Path | None = None, environ: Mapping[str, str] | None = None) -> tuple[Settings, Report]:
    """Return what could be read of a file together with what was found wrong. Raises ConfigError if nothing could."""
    path = locate(named)
    data, modified_ns = _read(path)
    text = _decode(data, path)
    values = _parse(text, path)
    report = Report(path, key_lines(text))
    report.touched(modified_ns)
    root = Table(values, "", report)
    drafts = read_instances(root, report)
    references = [draft.instance.ref for draft in drafts]
    settings = Settings(
        poll=read_poll(root),
        thresholds=read_thresholds(root),
        anime=read_anime(root),
        paths=read_paths(root, references),
        requests=read_requests(root),
        store=read_store(root, default_store_path()),
        log=read_log(root, default_log_path()),
        ui=read_ui(root),
        file=path,
    )
    root.close()
    if any(draft.holds_secrets for draft in drafts):
        check_permissions(path, "", report)
    sources = [source for draft in drafts for source in draft.sources]
    secrets = resolve(sources, report, os.environ if environ is None else environ)
    settings = replace(
        settings,
        instances=tuple(draft.finished(secrets) for draft in drafts),
        modified_ns=report.modified_ns,
        warnings=tuple(report.warnings),
        entries=tuple(report.entries),
    )
    return settings, report


def _read(path: Path) -> tuple[bytes, int]:
    try:
        with path.open("rb") as file:
            data = file.read(SIZE_LIMIT + 1)
            modified_ns = os.fstat(file.fileno()).st_mtime_ns
    except IsADirectoryError:
        raise _whole(path, "this is a directory", "name the file in it, e.g. config.toml") from None
    except PermissionError:
        raise _whole(
            path, "the file may not be read", "let this user read it: chmod u+r, or change its owner"
        ) from None
    except (OSError, ValueError) as fault:
        raise _whole(path, f"the file cannot be read ({type(fault).__name__})", "name a readable file") from None
    if len(data) > SIZE_LIMIT:
        raise _whole(path, "the file is larger than 1 MB", "name a configuration file")
    return data, modified_ns


def _decode(data: bytes, path: Path) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _whole(path, "the file is in UTF-16", "save it as UTF-8")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        raise _whole(path, "the file is not UTF-8 text", "save it as UTF-8", line=line) from None


def _parse(text: str, path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        message = str(clean(str(fault)))
    except (RecursionError, ValueError):
        raise _whole(path, "this is nested too deeply, or holds a number too long", "correct it") from None
    said = _POSITION.sub("", message)
    position = _POSITION.search(message)
    if position and position[1]:
        line, column = int(position[1]), int(position[2])
    else:  # "at end of document"
        line, column = text.count("\n") + 1, None
    message = f"this is not valid TOML: {said[:1].lower()}{said[1:]}"
    raise _whole(path, message, _syntax_fix(said, at_end=column is None), line=line, column=column)


def _syntax_fix(said: str, *, at_end: bool) -> str:
    if said.startswith("Invalid value") and not at_end:
        return 'put texts in quotes: url = "http://host:8989"'
    if "twice" in said or "overwrite" in said or "Duplicate" in said:
        return "it stands there twice: keep one (several services of a kind are written [[sonarr]] [[sonarr]])"
    if "escape" in said.lower():
        return "write the text in single quotes: 'C:\\media'"
    return "close what was opened: a quotation mark, a bracket" if at_end else "correct the line"


def _whole(path: Path, message: str, fix: str, *, line: int | None = None, column: int | None = None) -> ConfigError:
    return ConfigError([Problem(message=message, fix=fix, file=path, line=line, column=column)])
