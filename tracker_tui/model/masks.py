"""Keys in texts that were not ours to begin with: addresses with a key in them, `apikey=…`, `"token": "…"`.

Services quote their own settings in complaints (an indexer's address with its key, a tracker's with the passkey); our
own exceptions may quote a request. What can be recognised as a key by its place is masked, wherever the text goes.
"""

import re

MASK = "********"

_ADDRESS = re.compile(r"\b([a-z][a-z0-9+.-]{1,15}://)([^\s\"'<>|\\^`]+)", re.IGNORECASE)
_KEY_LIKE = re.compile(r"(?=[^/]*[0-9])(?=[^/]*[A-Za-z])[A-Za-z0-9_-]{16,}")
_NAMES_OF_KEYS = (
    r"(?:[\w.-]*(?:api|pass|auth|rss|access|torrent|secret|private|session)[ _.-]?(?:key|pass|token|id|secret)"
    r"|[\w.-]*(?:token|passw(?:or)?d|passphrase|secret|apikey|passkey|authkey|cookie|signature)|pwd|sid|credentials?)"
)
_NAMED = re.compile(
    rf"(?P<name>\b{_NAMES_OF_KEYS}[\"']?\s*)"
    r"(?:(?P<equals>=\s*)(?P<value>\"[^\"]*\"|'[^']*'|[^\s\"'&;,)}\]]+)"
    r"|(?P<colon>:\s*)(?P<quoted>\"[^\"]*\"|'[^']*'|(?=\S*[0-9])[^\s\"'&;,)}\]]{12,}))",
    re.IGNORECASE,
)
_HEADER = re.compile(r"\b((?:proxy-)?authorization[\"']?\s*[:=]\s*)\S[^\n]*", re.IGNORECASE)
_SCHEME = re.compile(r"\b(bearer|basic) (?=\S*[0-9=])[A-Za-z0-9+/_.=-]{12,}", re.IGNORECASE)
_TITLE = re.compile(r"term=(?:tvdb|tmdb|imdb):(?:tt)?[0-9]{1,10}|/details\?id=[0-9a-f]{32}")
"""Query or fragment of the services' own pages that name a title: a link that hides it leads nowhere."""

_HINT = re.compile(r"://|key|token|pass|pwd|secret|auth|cookie|sid|credential|signature|bearer|basic", re.IGNORECASE)
"""What every maskable text contains: most texts are let through by this one look."""


def masked(text: str) -> str:
    """Return `text` with everything that stands where keys stand replaced by `MASK`; usually the same object."""
    if not _HINT.search(text):
        return text
    if ":" in text or "=" in text:
        text = _ADDRESS.sub(_address, text) if "://" in text else text
        text = _HEADER.sub(rf"\1{MASK}", text)
        text = _NAMED.sub(_named, text)
    return _SCHEME.sub(rf"\1 {MASK}", text) if "earer " in text or "asic " in text else text


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
