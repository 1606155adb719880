"""Finding a request by what people call it, where it stands, who wants it and who handles it."""

import unicodedata
from collections.abc import Iterator

from tracker_tui.model.world import RequestRow
from tracker_tui.present.labels import STATES


def mentions(row: RequestRow, text: str) -> bool:
    """Return whether every word of `text` stands in a title, the state, the requester or a service of the request."""
    return holds(names(row), words(text))


def words(text: str) -> tuple[str, ...]:
    """Return the words to find, folded."""
    return tuple(folded(text).split())


def holds(known: str, wanted: tuple[str, ...]) -> bool:
    """Return whether every one of `wanted` stands in `known`, a request's `names`."""
    for word in wanted:  # noqa: SIM110 - all() takes twice the time, at every key for every request
        if word not in known:
            return False
    return True


def names(row: RequestRow) -> str:
    """Return what a request is found by, folded, one a line."""
    return folded("\n".join(_names(row)))


def _names(row: RequestRow) -> Iterator[str]:
    yield row.title
    yield from row.titles
    yield from (name for name in (row.original_title, row.requested_by) if name)
    yield STATES[row.state].word
    if row.instance is not None:
        yield row.instance.name
        yield row.instance.kind.title
    yield from (one.client.name for one in row.releases if one.client is not None)


def folded(text: str) -> str:
    """Return `text` without differences of case, width and compatibility forms."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()
