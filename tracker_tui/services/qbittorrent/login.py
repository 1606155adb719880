"""What must be remembered of logging in to one qBittorrent, longer than a thread or a library client lives."""

from http.cookiejar import CookieJar

from tracker_tui.services.errors import LoginRefused

CHECK_LOGIN = "check `username` and `password`, then refresh"


class Login:
    """The web session's cookies, and a refusal that is not to be tried again.

    Written by the worker thread, also by one whose call was given up: a late refusal counts.
    """

    def __init__(self, *, refused: bool) -> None:
        self.cookies = CookieJar()  # one per client: jars ignore ports, and two servers on one host use the same name
        self.unanswered = 0
        """Login requests sent since the last answer to one."""
        self._refusal: LoginRefused | None = (
            LoginRefused("the login was refused earlier and is not tried again by itself", CHECK_LOGIN)
            if refused
            else None
        )

    @property
    def refused(self) -> bool:
        """Return whether no call may be made."""
        return self._refusal is not None

    def refuse(self, refusal: LoginRefused) -> LoginRefused:
        """Remember `refusal` and return it."""
        self._refusal = refusal
        return refusal

    def check(self) -> None:
        """Raise the remembered refusal, if there is one."""
        if self._refusal is not None:
            raise type(self._refusal)(self._refusal.message, self._refusal.fix)

    def allow(self) -> None:
        """Forget the refusal."""
        self._refusal = None
        self.unanswered = 0
