"""What the configuration knows of each kind of service: its usual port, its own pages, how one logs in."""

from tracker_tui.model.ids import Kind
from tracker_tui.model.record import Fact


class Traits(Fact):
    """One kind of service.

    `port` = what it listens on unless told otherwise; `pages` = the first words of the paths of its own pages and API,
    by blanks: what stands before them in an address is the base path. `login` = it takes user and password, too.
    `open_door` = it can be told to let some addresses in without any login.
    `in_seerr` = Seerr hands requests over to it, under a number of its own.
    """

    port: int
    pages: str
    login: bool = False
    open_door: bool = False
    in_seerr: bool = False


TRAITS: dict[Kind, Traits] = {
    Kind.SEERR: Traits(
        port=5055,
        pages="api login settings setup requests request discover movie tv users user profile issues blocklist",
    ),
    Kind.SONARR: Traits(
        port=8989,
        pages="api login settings series add calendar activity wanted system history library ping feed",
        in_seerr=True,
    ),
    Kind.RADARR: Traits(
        port=7878,
        pages="api login settings movie movies add calendar activity wanted system history discover ping",
        in_seerr=True,
    ),
    Kind.QBITTORRENT: Traits(port=8080, pages="api index.html login.html", login=True, open_door=True),
    Kind.SHOKO: Traits(port=8111, pages="api webui swagger signalr v3", login=True),
    Kind.JELLYFIN: Traits(port=8096, pages="web System Users Items Library emby socket health"),
}
