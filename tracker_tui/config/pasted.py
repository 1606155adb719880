"""Addresses as people type or paste them: out of a browser, without scheme or port, with a page's path behind.

Only texts are looked at here; which of the `candidates` is right, the service says.
"""

import re
from urllib.parse import urlsplit

from tracker_tui.config.kinds import TRAITS
from tracker_tui.config.urls import BadUrl, parse_url
from tracker_tui.model.ids import Kind
from tracker_tui.model.text import MARK, clean_path

_LIMIT = 2000
_TLS_PORTS = frozenset({443, 8443, 8920, 9898, 6969})
"""What these services and proxies usually speak TLS on."""


def candidates(raw: str, kind: Kind, *, hint: str = "") -> tuple[str, ...]:
    """Return the base addresses that `raw` may mean, the most probable first; all on the one host that it names.

    `hint` tells where a user and password found in it belong. Raises BadUrl.
    """
    text = raw.strip().strip("<>\"'`,;").strip()
    if not text:
        raise BadUrl("nothing was entered", "write it like http://host:port")
    if len(text) > _LIMIT or re.search(r"\s", text) or MARK in text or clean_path(text) != text:
        raise BadUrl("there is white space or an invisible character in the address", "enter it again")
    with_scheme = text if re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", text) else "http://" + text.lstrip("/")
    try:
        parts = urlsplit(with_scheme)
        port, netloc, path = parts.port, parts.netloc, parts.path
    except ValueError:
        parse_url(with_scheme, hint)  # says what is wrong with it
        raise BadUrl("that is no address", "write it like http://host:port") from None
    secure = parts.scheme.lower() == "https" or (with_scheme != text and port in _TLS_PORTS)
    schemes: tuple[str, ...] = ("https", "http") if secure else ("http", "https")
    if parts.scheme.lower() not in {"http", "https"}:
        schemes = (parts.scheme,)
    bases = _bases(path, kind)
    places = [(scheme, netloc) for scheme in schemes]
    if port is None:
        usual = [(scheme, f"{netloc}:{TRAITS[kind].port}") for scheme in schemes]
        places = usual + places if with_scheme != text else places + usual
    found = [f"{scheme}://{place}{base}" for base in bases for scheme, place in places]
    return tuple(dict.fromkeys(parse_url(one, hint) for one in found))


def _bases(path: str, kind: Kind) -> tuple[str, ...]:
    """Return the base paths that a path may mean: before its first page, else all of it, else none."""
    words = [word for word in path.split("/") if word]
    pages = {page.lower() for page in TRAITS[kind].pages.split()}
    first = next((index for index, word in enumerate(words) if word.lower() in pages), len(words))
    base = "".join(f"/{word}" for word in words[:first])
    return (base, "") if base else ("",)
