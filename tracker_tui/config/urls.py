"""Addresses of services: checked, tidied, free of credentials."""

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from tracker_tui.config.words import shown
from tracker_tui.model.text import clean_path

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_HOST = re.compile(r"[^\s\x00-\x1f\x7f/\\<>^`{|}\"%\[\]:]+")
_API_PATH = re.compile(r"/api(/v\d+)?$", re.IGNORECASE)


class BadUrl(ValueError):
    """An address that cannot be used. `message` and `fix` never contain credentials."""

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix


def parse_url(raw: str, credentials_belong: str) -> str:
    """Return scheme, host, port and base path of `raw`, without trailing slash.

    `credentials_belong` tells where a user and password found in it should be written instead. Raises BadUrl.
    """
    if not raw:
        raise BadUrl("the address is empty", 'write it like "http://host:port"')
    if re.search(r"\s", raw) or clean_path(raw) != raw:
        raise BadUrl("there is white space or an invisible character in the address", "remove it")
    if "@" in raw:
        raise BadUrl("the address holds a user or password (not shown)", credentials_belong)
    scheme = _SCHEME.match(raw)
    if not scheme:
        raise BadUrl(f"{shown(raw)} does not say http or https", _with_scheme(raw))
    if scheme[1].lower() not in {"http", "https"}:
        raise BadUrl(f"{shown(scheme[1])} is not a web address", 'write "http://…" or "https://…"')
    try:
        parts = urlsplit(raw)
        port = parts.port
    except ValueError:
        raise BadUrl(f"{shown(raw)} has no usable host and port", _host_fix(raw)) from None
    host = _host(parts, raw)
    if port == 0:
        raise BadUrl("0 is not a port", "write the port the service listens on")
    path = parts.path.rstrip("/")
    base = f"{parts.scheme.lower()}://{host}{f':{port}' if port is not None else ''}"
    if parts.query or parts.fragment or raw[-1] in "?#":
        raise BadUrl("the address goes on after ? or # (not shown)", f'write only the base: "{base}{path}"')
    if api := _API_PATH.search(path):
        raise BadUrl(
            f'the address ends in "{api[0]}", which is added by itself', f'write "{base}{path[: api.start()]}"'
        )
    return base + path


def _with_scheme(raw: str) -> str:
    rest = re.sub(r"^(https?:)?/*", "", raw, flags=re.IGNORECASE)
    if shown(raw) == f'"{raw}"' and _HOST.match(rest):
        return f'write "http://{rest}" (or https)'
    return 'write it like "http://host:port"'


def _host_fix(raw: str) -> str:
    rest = raw.partition("://")[2].split("/")[0]
    if rest.count(":") > 1 and "[" not in rest:
        return "put an IPv6 address in brackets: [::1]"
    return "write a host name or address, then : and a port from 1 to 65535"


def _host(parts: SplitResult, raw: str) -> str:
    host = parts.hostname or ""
    if parts.netloc.startswith("["):
        try:
            return f"[{ipaddress.IPv6Address(host)}]"
        except ValueError:
            raise BadUrl(f"{shown(raw)} has no valid IPv6 address in its brackets", "correct it") from None
    if not _HOST.fullmatch(host) or parts.netloc.count(":") > 1:
        raise BadUrl(f"{shown(raw)} has no usable host", _host_fix(raw))
    return host
