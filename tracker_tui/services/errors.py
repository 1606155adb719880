"""Why a call gave no answer, told apart.

    ServiceError
    ├── Unreachable        refused, DNS, reset, TLS          -> unreachable
    │   ├── UnknownHost    no name server knows it           -> unreachable
    │   ├── Untrusted      a certificate not accepted        -> unreachable
    │   └── TooSlow        the deadline passed               -> unreachable
    ├── Unauthorized       key, login or session refused     -> unauthorized
    │   └── LoginRefused   a login that must not be repeated by itself
    │       └── Banned     the address is banned by the server
    ├── NotPermitted       the key is good, its user may not ask this -> error
    ├── Starting           503, set-up, database migration   -> starting
    ├── RateLimited        429                               -> error
    ├── WrongService       HTML, redirect, another app, wrong base path -> error
    ├── NotFound           404 on a known route              -> error
    ├── ServerFault        5xx                               -> error
    └── BadAnswer          truncated, oversized, undecodable -> error

Messages name what was seen and carry no secret; `fix` says what the user can do.
"""

from tracker_tui.model.observation import CallFailed
from tracker_tui.model.states import ServiceStatus
from tracker_tui.model.text import quoted, quoted_or_none


class ServiceError(Exception):
    """A call gave no usable answer. `message` and `fix` are single plain sentences without secrets."""

    status = ServiceStatus.ERROR

    def __init__(self, message: str, fix: str | None = None, *, retry_after_s: int | None = None) -> None:
        self.message = quoted(message)
        self.fix = quoted_or_none(fix)
        super().__init__(self.message)
        self.retry_after_s = retry_after_s

    def as_failure(self) -> CallFailed:
        """Return the payload of the observation that reports it."""
        return CallFailed(
            status=self.status,
            message=self.message,
            fix=self.fix,
            retry_after_s=self.retry_after_s,
            wrong_service=isinstance(self, WrongService),
        )


class Unreachable(ServiceError):
    """No connection: refused, unknown host, reset, TLS failure."""

    status = ServiceStatus.UNREACHABLE


class UnknownHost(Unreachable):
    """No name server knows the host: it may be misspelt, or a name inside the containers' network."""


class Untrusted(Unreachable):
    """The server's certificate was not accepted: self-signed, of an authority of the user's own, or for other names."""


class TooSlow(Unreachable):
    """The deadline passed before the whole answer was there."""


class Unauthorized(ServiceError):
    """The server refused the key, login or session."""

    status = ServiceStatus.UNAUTHORIZED


class LoginRefused(Unauthorized):
    """A login that must not be repeated by itself: each try counts towards a ban, or opens one more session."""


class Banned(LoginRefused):
    """The server bans our address after too many failed logins; trying again prolongs nothing but helps nobody."""


class NotPermitted(ServiceError):
    """The key is good, but its user may not ask this: says nothing about other calls."""


class Starting(ServiceError):
    """The server is up but not ready (start-up, first-run set-up, database migration)."""

    status = ServiceStatus.STARTING


class RateLimited(ServiceError):
    """The server asks to slow down."""


class WrongService(ServiceError):
    """Somebody else answers: a login page, a redirect, another application, a wrong base path."""


class NotFound(ServiceError):
    """The thing or the route does not exist there."""


class ServerFault(ServiceError):
    """The server failed (5xx)."""


class BadAnswer(ServiceError):
    """The answer cannot be used: truncated, too large, not JSON, of another shape."""
