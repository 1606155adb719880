"""What Shoko's refusals mean, told by status and by the server's own words."""

from tracker_tui.config.settings import Instance
from tracker_tui.model.shoko import ShokoServer
from tracker_tui.model.text import quoted
from tracker_tui.services.errors import (
    BadAnswer,
    LoginRefused,
    NotFound,
    NotPermitted,
    ServerFault,
    ServiceError,
    Starting,
    TooSlow,
    Unauthorized,
)
from tracker_tui.services.http import Reply, failure

_GONE = "No Series entry for the given seriesID"
_HIDDEN = "not allowed for the current user"


class SeriesGone(NotFound):
    """Shoko itself says that there is no such series; a proxy's 404 does not mean that."""


class _Forbidden(Unauthorized):
    """The key is known, and may not ask this (403)."""


def of_that_alone(fault: ServiceError) -> bool:
    """Return whether a failure says nothing of the server's other answers: it is up, and knows the key."""
    return isinstance(fault, _Forbidden | NotPermitted | ServerFault | BadAnswer | TooSlow)


def meaning(reply: Reply, instance: Instance, *, admin: bool = False) -> ServiceError:
    """Return what a refusal means, with the server's own words where it has any."""
    words = _words(reply)
    plain = failure(reply, instance)
    if reply.status == 400 and "database is blocked" in words.casefold():
        return Starting("its database is blocked", "wait: Shoko migrates or maintains its database")
    if reply.status == 503 and words:
        return Starting(f"is not ready: {words}", "wait, or see Shoko's log", retry_after_s=plain.retry_after_s)
    if reply.status == 403 and _HIDDEN in words:
        return NotPermitted(
            "the series is hidden from this Shoko user (403)",
            "use the key of an admin, or unhide its tags for this user",
        )
    if reply.status == 403 and admin and not reply.is_html:
        return NotPermitted("the items of the queue are for admins (403)", "use the key of a Shoko user who is admin")
    if reply.status == 403:
        return _Forbidden(plain.message, plain.fix)
    if reply.status == 404 and _GONE in words:
        return SeriesGone("Shoko has no such series (404)")
    if reply.status == 401 and instance.api_key is None:
        if instance.username is None:
            return Unauthorized("needs a key (401)", "set `api_key`, or `username` and `password`")
        return Unauthorized("the key of the login was refused (401)", "it was revoked in Shoko, or a proxy strips it")
    return plain


def _words(reply: Reply) -> str:
    """Return the server's own plain text, or ""."""
    if reply.is_html or "json" in reply.headers.get("content-type", ""):
        return ""
    return quoted(reply.body[:1000].decode(errors="replace").strip(' "\r\n'), limit=200)


def not_started(server: ShokoServer) -> ServiceError:
    """Return what a state other than Started means."""
    says = f": {server.message}" if server.message else ""
    match server.state:
        case "Failed":
            return ServerFault(f"failed to start{says}", "see Shoko's log")
        case "Waiting":
            return Starting(f"waits for its first-run set-up{says}", "finish the set-up in Shoko's web page")
        case "Started":
            return Starting(f"its database is blocked{says}", "wait: Shoko migrates or maintains its database")
        case _:
            return Starting(f"is starting{says}", "wait, or see Shoko's log")


def refused_login() -> LoginRefused:
    """Return what a refused login is: the password does not become right by trying again."""
    return LoginRefused(
        "the login was refused (401)", "check `username` and `password`; it is tried again when you refresh by hand"
    )
