"""Keys in texts that were not ours to begin with: addresses with a key in them, `apikey=…`, `"token": "…"`.

Services quote their own settings in complaints (an indexer's address with its key, a tracker's with the passkey); our
own exceptions may quote a request. What can be recognised as a key by its place is masked, wherever the text goes.
Our own keys are known: `without_own` masks them in any place and in every form that they take on the way.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterator
from urllib.parse import quote, quote_plus
from weakref import ReferenceType, ref

MASK = "********"

SHORTEST_OWN = 6
"""Shortest secret of ours that is masked in any place, characters: to mask every "admin" would hide too much."""
_SHORTEST_PACKED = 12

_own: dict[ReferenceType[object], frozenset[str]] = {}
"""Every form of our secrets, by their owners."""

_ADDRESS = re.compile(r"\b([a-z][a-z0-9+.-]{1,15}://)([^\s\"'<>|\\^`]+)", re.IGNORECASE)
_KEY_LIKE = re.compile(r"(?=[^/]*[0-9])(?=[^/]*[A-Za-z])[A-Za-z0-9_-]{16,}")
_NAMES_OF_KEYS = (
    r"(?:[\w.-]*(?:api|pass|auth|rss|access|torrent|secret|private|session)[ _.-]?(?:key|pass|token|id|secret)"
    r"|[\w.-]*(?:token|passw(?:or)?d|passphrase|secret|apikey|passkey|authkey|cookie|signature)|pwd|sid|credentials?)"
)
_NAMED = re.compile(
    rf"(?P<name>\b{_NAMES_OF_KEYS}[\"']?\s*)"
    r"(?:(?P<equals>(?:=|%3D)\s*)(?P<value>\"[^\"]*\"|'[^']*'|[^\s\"'&;,)}\]]+)"
    r"|(?P<colon>:\s*)(?P<quoted>\"[^\"]*\"|'[^']*'|(?=\S*[0-9])[^\s\"'&;,)}\]]{12,}))",
    re.IGNORECASE,
)
_PACKED_ADDRESS = re.compile(r"\b([a-z][a-z0-9+.-]{1,15}%3A%2F%2F)[^\s\"'<>&]+", re.IGNORECASE)
"""An address within an address: where its key stands in it is not worth telling apart."""
_MAGNET = re.compile(r"([?&](?:tr|as|xs|ws|mt)(?:\.[0-9]+)?=)[^\s&]+")
_HEADER = re.compile(r"\b((?:proxy-)?authorization[\"']?\s*[:=]\s*)\S[^\n]*", re.IGNORECASE)
_SCHEME = re.compile(r"\b(bearer|basic) (?=\S*[0-9=])[A-Za-z0-9+/_.=-]{12,}", re.IGNORECASE)
_TITLE = re.compile(r"term=(?:tvdb|tmdb|imdb):(?:tt)?[0-9]{1,10}|/details\?id=[0-9a-f]{32}")
"""Query or fragment of the services' own pages that name a title: a link that hides it leads nowhere."""

_HINT = re.compile(
    r"://|%3a%2f|magnet:|key|token|pass|pwd|secret|auth|cookie|sid|credential|signature|bearer|basic", re.IGNORECASE
)
"""What every maskable text contains: most texts are let through by this one look."""


def masked(text: str) -> str:
    """Return `text` with everything that stands where keys stand replaced by `MASK`; usually the same object."""
    if not _HINT.search(text):
        return text
    if "%3" in text:
        text = _PACKED_ADDRESS.sub(rf"\1{MASK}", text)
    if ":" in text or "=" in text or "%3" in text:
        text = _ADDRESS.sub(_address, text) if "://" in text else text
        text = _MAGNET.sub(rf"\1{MASK}", text) if "magnet:" in text else text
        text = _HEADER.sub(rf"\1{MASK}", text)
        text = _NAMED.sub(_named, text)
    return _SCHEME.sub(rf"\1 {MASK}", text) if "earer " in text or "asic " in text else text


def keep_masked(owner: object, secret: str) -> None:
    """Let `without_own` mask a secret as long as its owner lives; not one shorter than `SHORTEST_OWN`."""
    if len(secret) >= SHORTEST_OWN:
        _own[ref(owner, _forget)] = frozenset(_forms(secret))


def without_own(text: str) -> str:
    """Return `text` with every secret of ours masked, in whatever form it stands there."""
    forms = {form for known in tuple(_own.values()) for form in known if form in text}
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(form, MASK)
    return text


def _forget(gone: ReferenceType[object]) -> None:
    _own.pop(gone, None)


def _forms(secret: str) -> Iterator[str]:
    """Return how a secret looks by itself, in addresses, forms, JSON, a traceback and HTTP's Basic scheme."""
    raw = secret.encode(errors="surrogatepass")
    yield from {secret, quote(raw), quote(raw, safe=""), quote_plus(raw), repr(secret)[1:-1]}
    yield from (json.dumps(secret, ensure_ascii=narrow)[1:-1] for narrow in (True, False))
    for before in range(3):  # base64 packs by threes: a piece looks otherwise by where it stands, but for its ends
        packed = base64.b64encode(b"\0" * before + raw).decode().rstrip("=")
        piece = packed[-(-before * 4 // 3) : len(packed) - (len(packed) % 4 > 0)]
        if len(piece) >= _SHORTEST_PACKED:
            yield piece
    scheme, _, credentials = secret.partition(" ")
    if scheme.lower() in {"basic", "bearer"} and len(credentials) >= SHORTEST_OWN:
        yield credentials
        yield from _password_of(credentials)


def _password_of(credentials: str) -> Iterator[str]:
    """Return the password in the credentials of the Basic scheme, if there is one."""
    try:
        _, _, password = base64.b64decode(credentials, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeError):
        return
    if len(password) >= SHORTEST_OWN:
        yield password


def _address(found: re.Match[str]) -> str:
    """Return an address with its user, the values of its query and the segments that look like keys masked."""
    scheme, rest = found[1], found[2]
    before, hash_, fragment = rest.partition("#")
    place, mark, query = before.partition("?")
    host, *segments = place.split("/")
    user, at, host = host.rpartition("@")
    parts = [f"{MASK}@{host}" if user or at else host, *(_KEY_LIKE.sub(MASK, segment) for segment in segments)]
    values = re.sub(r"=[^&;]+", f"={MASK}", query) if "=" in query else MASK if query else ""
    place = f"{scheme}{'/'.join(parts)}{mark}{query if _TITLE.fullmatch(query) else values}"
    shown = fragment if _TITLE.fullmatch(fragment) else MASK if "=" in fragment else _KEY_LIKE.sub(MASK, fragment)
    return f"{place}{hash_}{shown}"


def _named(found: re.Match[str]) -> str:
    value = found["value"] or found["quoted"]
    quote = value[0] if value[0] in "\"'" else ""
    return f"{found['name']}{found['equals'] or found['colon']}{quote}{MASK}{quote}"
