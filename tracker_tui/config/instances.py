"""The configured services, each in a table of its kind: `[[sonarr]]`, `[[jellyfin]]`, ..."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from tracker_tui.config.kinds import TRAITS
from tracker_tui.config.problems import SUSPICIOUS
from tracker_tui.config.secrets import SecretSource, Way, read_source
from tracker_tui.config.settings import Instance, Secret
from tracker_tui.config.table import Report, Table
from tracker_tui.config.urls import BadUrl, parse_url
from tracker_tui.config.words import shown, shown_path
from tracker_tui.model.ids import Kind
from tracker_tui.model.masks import MASK
from tracker_tui.model.record import Fact

_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_HEADER_VALUE = re.compile(r"[ -~]+")
_KEY_HEADERS = {"x-api-key", "apikey", "x-emby-token", "x-mediabrowser-token"}
_NAME_LIMIT = 40


class Draft(Fact):
    """An instance whose secrets are still to be read."""

    instance: Instance
    api_key: SecretSource | None = None
    password: SecretSource | None = None

    @property
    def sources(self) -> tuple[SecretSource, ...]:
        """Return the secrets it waits for."""
        return tuple(one for one in (self.api_key, self.password) if one)

    @property
    def holds_secrets(self) -> bool:
        """Return whether the configuration file itself holds a secret of this instance."""
        return bool(self.instance.headers) or any(one.way is Way.VALUE for one in self.sources)

    def finished(self, secrets: Mapping[str, Secret]) -> Instance:
        """Return the instance with its secrets."""
        base = self.instance
        return Instance(
            kind=base.kind,
            name=base.name,
            url=base.url,
            web_url=base.web_url,
            verify_tls=base.verify_tls,
            ca_file=base.ca_file,
            headers=base.headers,
            timeout_s=base.timeout_s,
            username=base.username,
            seerr_server_id=base.seerr_server_id,
            api_key=secrets.get(self.api_key.key) if self.api_key else None,
            password=secrets.get(self.password.key) if self.password else None,
        )


def read_instances(root: Table, report: Report) -> list[Draft]:
    """Return every configured service, in the order of the pipeline; problems go to the report."""
    drafts: list[Draft] = []
    for kind in Kind:
        tables = root.tables(kind.value)
        group = [_read(table, kind, alone=len(tables) == 1) for table in tables]
        _check_twins(group, tables, report)
        drafts += group
    if not drafts and not any(kind.value in root for kind in Kind):
        report.problem("", "no service is configured", "add at least one, e.g. [[sonarr]] with url and api_key")
    return drafts


def _read(table: Table, kind: Kind, *, alone: bool) -> Draft:
    name = _name(table, kind, alone=alone)
    url = _url(table, "url", kind)
    if url is None and "url" not in table:
        table.problem("url", "the address is missing", f'add url = "http://host:{TRAITS[kind].port}"')
    instance = Instance(
        kind=kind,
        name=name,
        url=url or "",
        web_url=_url(table, "web_url", kind),
        verify_tls=table.flag("verify_tls", True),
        ca_file=_ca_file(table),
        headers=_headers(table),
        timeout_s=table.seconds("timeout", 10.0, 0.5, 600),
        username=_username(table) if TRAITS[kind].login else None,
        seerr_server_id=table.integer("seerr_server_id", None, 0, 9999) if TRAITS[kind].in_seerr else None,
    )
    api_key = read_source(table, "api_key")
    # Shoko's first user may have no password; only an empty text written down on purpose says so.
    password = read_source(table, "password", may_be_empty=kind is Kind.SHOKO) if TRAITS[kind].login else None
    _check_login(table, kind)
    table.close()
    return Draft(instance=instance, api_key=api_key, password=password)


def _name(table: Table, kind: Kind, *, alone: bool) -> str:
    name = table.text("name")
    if name is None:
        if not alone and "name" not in table:
            table.problem("name", f"one of several {kind.title} has no name", 'give each its own, e.g. name = "4k"')
        name = kind.value
    elif not name.strip() or name != name.strip() or ":" in name or len(name) > _NAME_LIMIT:
        table.problem(
            "name",
            f"{shown(name)} cannot be a name",
            f'write 1 to {_NAME_LIMIT} characters without ":", no blank at either end',
        )
        name = table.path
    table.use("name", name)
    return name


def _url(table: Table, key: str, kind: Kind) -> str | None:
    raw = table.raw(key)
    url = None
    if raw is not None and not isinstance(raw, str):
        table.problem(key, "no string stands there", f'write {key} = "http://host:{TRAITS[kind].port}"')
    elif raw is not None:
        belong = (
            "put user and password in `username` and `password`"
            if TRAITS[kind].login
            else "remove them: the key belongs in `api_key`, a proxy's login in `headers`"
        )
        try:
            url = parse_url(raw, belong)
        except BadUrl as bad:
            table.problem(key, bad.message, bad.fix)
    table.use(key, url)
    return url


def _ca_file(table: Table) -> Path | None:
    raw = table.text("ca_file")
    if raw is None:
        table.use("ca_file", None)
        return None
    path = table.report.file.parent / Path(raw).expanduser()
    if not path.is_file():
        table.problem("ca_file", f"{shown_path(raw)} is no file", "name your CA's certificate in PEM format")
        return None
    table.use("ca_file", str(path))
    return path


def _username(table: Table) -> str | None:
    name = table.text("username")
    if name is not None and not name.strip():
        table.problem("username", "the user name is empty", "write the name you log in with, or use `api_key`")
    table.use("username", name)
    return name


def _headers(table: Table) -> dict[str, Secret]:
    """Return the extra headers; no value of theirs is ever shown."""
    headers: dict[str, Secret] = {}
    inner = table.table("headers")
    for name in inner.own_keys:
        value = inner.raw(name)
        wrong = header_problem(name, value)
        if wrong is not None:
            inner.problem(name, *wrong)
        elif name.lower() in {known.lower() for known in headers}:
            inner.problem(name, "the header is there twice in different case", "keep one")
        elif isinstance(value, str):
            headers[name] = Secret(value)
            inner.use(name, MASK)
    return headers


def header_problem(name: str, value: object) -> tuple[str, str] | None:
    """Return what is wrong with an extra header and what to do, its value not repeated; None: it can be sent."""
    if not _HEADER_NAME.fullmatch(name):
        return "that is not a header's name", "use letters, digits and hyphens"
    if name.lower() in _KEY_HEADERS:
        return "the service gets its key in another way", "put it in `api_key`"
    if not isinstance(value, str) or not _HEADER_VALUE.fullmatch(value) or value != value.strip():
        return "the value (not shown) cannot be sent", "write one line of plain ASCII text, no blank at its ends"
    return None


def _check_login(table: Table, kind: Kind) -> None:
    """Note whether the table gives exactly one complete way to log in, or none where none may be needed."""
    key = [f"api_key{way}" for way in Way if f"api_key{way}" in table]
    user = ["username"] if "username" in table else []
    password = [f"password{way}" for way in Way if f"password{way}" in table]
    if not TRAITS[kind].login:
        if not key:
            table.problem("api_key", "the key is missing", "add api_key, api_key_file, api_key_env or api_key_command")
        return
    if key and (user or password):
        table.problem(key[0], "both a key and a login are given", "keep `api_key` or `username` and `password`")
    elif user and not password:
        table.problem(
            "password", "the password is missing", "add password, password_file, password_env or password_command"
        )
    elif password and not user:
        table.problem("username", "the user name is missing", "add username")
    elif not key and not user and not TRAITS[kind].open_door:
        table.problem("username", "no login is given", "add username and password, or api_key")


def _check_twins(group: Sequence[Draft], tables: Sequence[Table], report: Report) -> None:
    names: dict[str, str] = {}
    urls: dict[str, str] = {}
    for draft, table in zip(group, tables, strict=True):
        name, url = draft.instance.name.casefold(), draft.instance.url
        if name in names and "name" in table:
            table.problem("name", f"{shown(draft.instance.name)} is also the name of {names[name]}", "choose another")
        elif url and url in urls:
            report.warning(
                table.path_of("url"), f"{urls[url]} has the same address", "remove one of the two", SUSPICIOUS
            )
        names.setdefault(name, table.path)
        urls.setdefault(url, table.path)
