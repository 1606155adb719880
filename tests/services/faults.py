"""What every client must make of what goes wrong on the way: one table; a service says only where it differs."""

from collections.abc import Mapping

import pytest

from tracker_tui.services.errors import (
    BadAnswer,
    NotFound,
    RateLimited,
    ServerFault,
    ServiceError,
    Starting,
    TooSlow,
    Unauthorized,
    Unreachable,
    WrongService,
)
from tracker_tui.simulate.faults import Fault

type Meanings = Mapping[Fault, type[ServiceError]]

SILENCES: Meanings = {Fault.HANG: TooSlow, Fault.HANG_BODY: TooSlow, Fault.DRIP: TooSlow}
"""Those that only a deadline ends."""
ANSWERS: Meanings = {
    Fault.RESET: Unreachable,
    Fault.RESET_BODY: Unreachable,
    Fault.TRUNCATED: BadAnswer,
    Fault.EMPTY: BadAnswer,
    Fault.WRONG_TYPES: BadAnswer,
    Fault.HTML: WrongService,
    Fault.REDIRECT: WrongService,
    Fault.STATUS_401: Unauthorized,
    Fault.STATUS_403: Unauthorized,
    Fault.STATUS_404: NotFound,
    Fault.STATUS_429: RateLimited,
    Fault.STATUS_500: ServerFault,
    Fault.STATUS_502: ServerFault,
    Fault.STATUS_503: Starting,
}


def each_of(meanings: Meanings) -> pytest.MarkDecorator:
    """Return the mark of a test that takes every `fault` and the `error` that it means."""
    return pytest.mark.parametrize(("fault", "error"), meanings.items(), ids=[fault.value for fault in meanings])
