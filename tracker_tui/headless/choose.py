"""Which requests a snapshot lists: `--filter`, `--state`, `--attention`."""

import unicodedata

from tracker_tui.config.options import Options
from tracker_tui.model.world import RequestRow, World


def chosen(world: World, options: Options) -> tuple[RequestRow, ...]:
    """Return the requests that pass every given filter, in the world's order."""
    wanted = _folded(options.filter) if options.filter else None
    return tuple(
        row
        for row in world.requests
        if (wanted is None or _mentions(row, wanted))
        and (not options.states or row.state in options.states)
        and (options.attention is None or row.attention >= options.attention)
    )


def _mentions(row: RequestRow, wanted: str) -> bool:
    """Look in every title the request is known by, and its requester: "byousoku" finds the English request too."""
    texts = (row.title, row.original_title, row.requested_by, *row.titles)
    return any(wanted in _folded(text) for text in texts if text)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
