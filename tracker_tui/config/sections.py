"""The tables that are not services: `[poll] [attention] [anime] [paths] [requests] [store] [log] [ui]`."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from tracker_tui.config.secrets import read_command
from tracker_tui.config.settings import LOG_LEVELS, LogSettings, PollSettings, Secret, StoreSettings, UiSettings
from tracker_tui.config.table import Table
from tracker_tui.config.words import closest, looks_secret, shown
from tracker_tui.model.ids import InstanceRef
from tracker_tui.model.masks import MASK
from tracker_tui.model.settings import AnimeHints, PathMap, RequestPolicy, Thresholds
from tracker_tui.model.text import clean_path


def read_poll(root: Table) -> PollSettings:
    """Return `[poll]`."""
    table = root.table("poll")
    usual = PollSettings()
    active = table.seconds("active_seconds", usual.active_seconds, 1, 3600)
    idle = table.seconds("idle_seconds", usual.idle_seconds, 1, 3600)
    if active > idle:
        table.problem(
            "active_seconds",
            f"{active:g} s while something moves is longer than {idle:g} s when idle",
            "make active_seconds the shorter of the two",
        )
    table.close()
    return PollSettings(active_seconds=active, idle_seconds=idle)


def read_thresholds(root: Table) -> Thresholds:
    """Return `[attention]`: one key for every threshold of the model."""
    table = root.table("attention")
    usual = Thresholds()
    spans: dict[str, timedelta] = {
        name: table.duration(name, getattr(usual, name)) for name in Thresholds.__struct_fields__
    }
    table.close()
    return Thresholds(**spans)


def read_anime(root: Table) -> AnimeHints:
    """Return `[anime]`."""
    table = root.table("anime")
    usual = AnimeHints()
    hints = AnimeHints(
        root_folders=tuple(_prefix(folder) for folder in table.texts("root_folders", usual.root_folders)),
        path_fragments=table.texts("path_fragments", usual.path_fragments),
        tags=table.texts("tags", usual.tags),
    )
    table.close()
    return hints


def read_paths(root: Table, instances: Sequence[InstanceRef]) -> tuple[PathMap, ...]:
    """Return `[paths]`: per instance (`sonarr`, or `"sonarr:4k"` of several) a table of prefix pairs."""
    known = {str(ref): ref for ref in instances}
    for ref in instances:
        if sum(other.kind is ref.kind for other in instances) == 1:
            known[ref.kind.value] = ref
    maps: list[PathMap] = []
    table = root.table("paths")
    for key in table.own_keys:
        pairs = table.table(key)
        if key not in known:
            guess = closest(key, known)
            table.problem(
                key,
                f"{shown(key)} is not a configured service",
                f'did you mean "{guess}"?' if guess else f"use one of {', '.join(sorted(known)) or 'yours'}",
            )
            continue
        for theirs in pairs.own_keys:
            common = pairs.text(theirs)
            if common is not None and not (_is_absolute(theirs) and _is_absolute(common)):
                pairs.problem(theirs, "both sides must be absolute paths", 'write "/their/folder" = "/common/folder"')
            elif common is not None:
                pairs.use(theirs, common)
                maps.append(PathMap(instance=known[key], theirs=_prefix(theirs), common=_prefix(common)))
    return tuple(maps)


def read_requests(root: Table) -> RequestPolicy:
    """Return `[requests]`."""
    table = root.table("requests")
    usual = RequestPolicy().recent_days
    policy = RequestPolicy(recent_days=table.integer("recent_days", usual, 1, 3650) or usual)
    table.close()
    return policy


def read_store(root: Table, default: Path) -> StoreSettings:
    """Return `[store]`."""
    table = root.table("store")
    usual = StoreSettings().history_days
    path = _file(table, default, "name the file that keeps the state")
    days = table.integer("history_days", usual, 1, 36500) or usual
    table.close()
    return StoreSettings(path=path, history_days=days)


def read_log(root: Table, default: Path) -> LogSettings:
    """Return `[log]`."""
    table = root.table("log")
    path = _file(table, default, "name the file that keeps the log")
    level = table.text("level")
    if level is not None and level not in LOG_LEVELS:
        guess = closest(level, LOG_LEVELS)
        fix = f'did you mean "{guess}"?' if guess else f"write {', '.join(LOG_LEVELS)}"
        table.problem("level", f"{shown(level)} is no level", fix)
        level = None
    table.use("level", level or LogSettings().level)
    table.close()
    return LogSettings(path=path, level=level or LogSettings().level)


def read_ui(root: Table) -> UiSettings:
    """Return `[ui]`. Themes and actions are known to the interface only, which checks their names."""
    table = root.table("ui")
    usual = UiSettings()
    ui = UiSettings(
        theme=table.used_text("theme"),
        ascii=table.flag("ascii", usual.ascii),
        mouse=table.flag("mouse", usual.mouse),
        color=table.flag("color", usual.color),
        bell=table.flag("bell", usual.bell),
        terminal_notify=table.flag("terminal_notify", usual.terminal_notify),
        notify=_notify(table),
        keymap=_keymap(table),
    )
    table.close()
    return ui


def _file(table: Table, default: Path, fix: str) -> Path:
    """Return the file under `path`; a relative name is one beside the configuration file."""
    raw = table.text("path")
    path = table.report.file.parent / Path(raw).expanduser() if raw else default
    if raw is not None and (not raw.strip() or path.is_dir()):
        table.problem("path", f"{shown(raw)} is not a file's name", fix)
    table.use("path", str(path))
    return path


def _notify(table: Table) -> tuple[Secret, ...]:
    words = read_command(table, "notify")
    table.use("notify", (words[0], *[MASK] * len(words[1:])) if words else None)
    return tuple(Secret(word, plain=not looks_secret(word)) for word in words)


def _keymap(table: Table) -> dict[str, str]:
    """Return action -> keys; keys are written as one text ("j,down") or as a list."""
    keymap: dict[str, str] = {}
    inner = table.table("keymap")
    for action in inner.own_keys:
        value = inner.raw(action)
        keys = value.split(",") if isinstance(value, str) else value
        if not isinstance(keys, list) or not keys or not all(isinstance(one, str) and one.strip() for one in keys):
            inner.problem(action, "no keys stand there", 'write it like quit = "q" or ["q", "ctrl+q"]')
        else:
            keymap[action] = ",".join(one.strip() for one in keys)
            inner.use(action, keymap[action])
    return keymap


def _is_absolute(path: str) -> bool:
    """Return whether a path of a service is a clean absolute one, on whichever system the service runs."""
    return clean_path(path) == path and (path.startswith(("/", "\\\\")) or path[1:3] in {":\\", ":/"})


def _prefix(path: str) -> str:
    return path.rstrip("/\\") or path[:1]
