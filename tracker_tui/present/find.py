"""Finding a request by what people call it."""

import unicodedata

from tracker_tui.model.world import RequestRow


def mentions(row: RequestRow, text: str) -> bool:
    """Return whether any title the request is known by, or its requester, contains `text`, whatever its case."""
    return folded(text) in names(row)


def names(row: RequestRow) -> str:
    """Return every title the request is known by, and its requester, folded, one a line."""
    return "\n".join(folded(name) for name in (row.title, row.original_title, row.requested_by, *row.titles) if name)


def folded(text: str) -> str:
    """Return `text` without differences of case, width and compatibility forms."""
    return unicodedata.normalize("NFKC", text).casefold()
