"""A refresh of Jellyfin by the user, as it is remembered: what was sent, for whom, what it brought."""

from datetime import datetime

from tracker_tui.model.ids import RequestId
from tracker_tui.model.record import Fact
from tracker_tui.model.states import State
from tracker_tui.model.text import SafeText


class Beneficiary(Fact, omit_defaults=True):
    """A request the refresh was for: `ready` of `total` counted episodes in Jellyfin before, `after` when it ended."""

    id: RequestId
    state: State
    ready: int = 0
    total: int = 0
    after: int | None = None
    """None = not looked."""


class Refreshed(Fact, omit_defaults=True):
    """One refresh of one server. Times are the server's own (HTTP `Date`), so that no clock difference matters."""

    server: str
    """Its URL: what it is named here does not matter to it."""
    started_at: datetime
    """When it was sent."""
    ended_at: datetime | None = None
    """None = nobody has seen its end."""
    library_id: str | None = None
    """The library it was limited to; None = all, or one series."""
    library: SafeText | None = None
    everything: bool = False
    """It was a scan of all libraries."""
    shokofin: bool = False
    """Shokofin fills what was refreshed."""
    cleared: bool | None = None
    """Whether Shokofin forgot what it remembered of Shoko before; None = it offers no such task."""
    doubt: str | None = None
    """Why it may not have looked at everything: "Jellyfin was never seen to begin", say."""
    new: int | None = None
    """Playable items more than before; None = not counted."""
    requests: tuple[Beneficiary, ...] = ()
    verdict: SafeText | None = None
    """Why it brought nothing, as far as was known then."""

    @property
    def conclusive(self) -> bool:
        """Return whether what it did not bring, another one would not bring either."""
        return self.ended_at is not None and self.doubt is None and self.cleared is not False
