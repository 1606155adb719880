"""Which requests a snapshot lists: `--filter`, `--state`, `--attention`."""

from tracker_tui.config.options import Options
from tracker_tui.model.world import RequestRow, World
from tracker_tui.present.find import mentions


def chosen(world: World, options: Options) -> tuple[RequestRow, ...]:
    """Return the requests that pass every given filter, in the world's order."""
    return tuple(
        row
        for row in world.requests
        if (not options.filter or mentions(row, options.filter, world.problems))
        and (not options.states or row.state in options.states)
        and (options.attention is None or row.attention >= options.attention)
    )
