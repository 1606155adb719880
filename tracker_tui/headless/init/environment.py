"""`init --non-interactive`: services from environment variables, for containers.

`TRACKER_TUI_<SERVICE>_<WHAT>`, or `TRACKER_TUI_<SERVICE>_<NAME>_<WHAT>` for several of a kind, e.g.
`TRACKER_TUI_SONARR_URL`, `TRACKER_TUI_SONARR_4K_API_KEY_FILE`. Keys and passwords stay where they are: the file names
the variable, or the secret's file, and never holds the text.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from tracker_tui.config.editing import Edit, Value
from tracker_tui.config.kinds import TRAITS
from tracker_tui.config.urls import BadUrl, parse_url
from tracker_tui.config.words import closest, shown_path
from tracker_tui.headless.init.plan import LOGIN_KEYS, Plan
from tracker_tui.model.ids import Kind

PREFIX = "TRACKER_TUI_"
_SECRETS = ("API_KEY", "PASSWORD")
_WHATS = ("URL", "WEB_URL", "API_KEY", "API_KEY_FILE", "USERNAME", "PASSWORD", "PASSWORD_FILE", "VERIFY_TLS", "CA_FILE")
_KINDS = "|".join(kind.upper() for kind in Kind)
_VARIABLE = re.compile(rf"{PREFIX}({_KINDS})(?:_([A-Z0-9_]+?))??_({'|'.join(sorted(_WHATS, key=len, reverse=True))})")
_OURS = re.compile(rf"{PREFIX}([A-Z0-9]+)_")
_FLAGS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def from_environment(environ: Mapping[str, str], plan: Plan) -> tuple[list[Edit], list[str]]:
    """Return the edits that the variables ask for, and what is missing or wrong with them, no value repeated."""
    services: dict[tuple[Kind, str], dict[str, str]] = {}
    problems: list[str] = []
    for variable, text in sorted(environ.items()):
        found = _VARIABLE.fullmatch(variable)
        if found is not None and text:
            kind = Kind(found[1].lower())
            services.setdefault((kind, (found[2] or kind).lower()), {})[found[3]] = text
        elif found is None and _of_a_service(variable):
            problems.append(f"{variable}: unknown{_meant(variable)}")
    if not services and not problems:
        problems.append(f"no variable names a service: set for example {PREFIX}SONARR_URL and {PREFIX}SONARR_API_KEY")
    edits: list[Edit] = []
    for (kind, name), given in sorted(services.items(), key=_place):
        start = PREFIX + kind.upper() + (f"_{name.upper()}" if name != kind else "")
        values, wrong = _values(kind, start, given)
        problems += wrong
        index = next((one.index for one in plan.of_kind(kind) if one.instance.name.casefold() == name), None)
        several = len(plan.of_kind(kind)) + sum(other is kind for other, _ in services) > 1
        named: dict[str, Value] = {"name": name} if (several or name != kind) and index is None else {}
        edits.append(Edit(kind=kind, index=index, values={**named, **values}, drop=LOGIN_KEYS - set(values)))
    return [*edits, *_names(edits, plan)], problems


def _place(service: tuple[tuple[Kind, str], object]) -> tuple[int, bool, str]:
    """Return where a service stands: by the pipeline, the one without a name of its own first."""
    kind, name = service[0]
    return list(Kind).index(kind), name != kind, name


def _names(edits: Sequence[Edit], plan: Plan) -> list[Edit]:
    """Return the names that services in the file need once there are several of their kind."""
    return [
        Edit(kind=kind, index=one.index, values={"name": one.instance.name})
        for kind in Kind
        if len(plan.of_kind(kind)) + sum(edit.kind is kind and edit.index is None for edit in edits) > 1
        for one in plan.of_kind(kind)
        if not one.named
    ]


def _values(kind: Kind, start: str, given: Mapping[str, str]) -> tuple[dict[str, Value], list[str]]:
    """Return one service's keys and what is wrong; `start` is its variables' common beginning."""
    values, problems = _addresses(kind, start, given)
    for what in _SECRETS:
        if f"{what}_FILE" in given:
            values[f"{what.lower()}_file"] = given[f"{what}_FILE"]
            if not Path(given[f"{what}_FILE"]).expanduser().is_file():
                problems.append(f"{start}_{what}_FILE: {shown_path(given[f'{what}_FILE'])} is no file")
            if what in given:
                problems.append(f"{start}_{what}: {start}_{what}_FILE is given, too; keep one of them")
        elif what in given:
            values[f"{what.lower()}_env"] = f"{start}_{what}"
    problems += _login_problems(kind, start, given)
    values.update({what.lower(): given[what] for what in ("USERNAME", "CA_FILE") if what in given})
    if "VERIFY_TLS" in given:
        flag = _FLAGS.get(given["VERIFY_TLS"].strip().lower())
        if flag is None:
            problems.append(f"{start}_VERIFY_TLS: neither true nor false")
        else:
            values["verify_tls"] = flag
    return values, problems


def _addresses(kind: Kind, start: str, given: Mapping[str, str]) -> tuple[dict[str, Value], list[str]]:
    values: dict[str, Value] = {}
    problems: list[str] = []
    for what in ("URL", "WEB_URL"):
        if what in given:
            try:
                values[what.lower()] = parse_url(given[what].strip(), "use variables of their own for them")
            except BadUrl as bad:
                problems.append(f"{start}_{what}: {bad.message}; {bad.fix}")
    if "URL" not in given:
        problems.append(f"{start}_URL: missing; set it like http://{kind}:{TRAITS[kind].port}")
    return values, problems


def _login_problems(kind: Kind, start: str, given: Mapping[str, str]) -> list[str]:
    key = "API_KEY" in given or "API_KEY_FILE" in given
    password = "PASSWORD" in given or "PASSWORD_FILE" in given
    if not TRAITS[kind].login:
        extra = [f"{start}_{what}: {kind.title} takes a key only" for what in ("USERNAME", "PASSWORD") if what in given]
        return extra if key else [*extra, f"{start}_API_KEY: missing (or {start}_API_KEY_FILE)"]
    if key and (password or "USERNAME" in given):
        return [f"{start}_API_KEY: a user or password is given, too; keep one way to log in"]
    if key or (TRAITS[kind].open_door and not password and "USERNAME" not in given):
        return []
    missing = [] if "USERNAME" in given else [f"{start}_USERNAME: missing (or {start}_API_KEY)"]
    return missing if password else [*missing, f"{start}_PASSWORD: missing (or {start}_PASSWORD_FILE)"]


def _of_a_service(variable: str) -> str | None:
    """Return the service that a variable of ours names, or was probably meant to name."""
    word = _OURS.match(variable)
    if word is None:
        return None
    return "SEERR" if word[1] in {"JELLYSEERR", "OVERSEERR"} else closest(word[1], [kind.upper() for kind in Kind])


def _meant(variable: str) -> str:
    known = [f"{PREFIX}{_of_a_service(variable)}_{what}" for what in _WHATS]
    guess = closest(variable, known)
    return f"; did you mean {guess}?" if guess else f"; known endings: {', '.join(_WHATS)}"
