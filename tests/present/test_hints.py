"""What stands in an empty tree: it never says that nothing is on its way while somebody has yet to answer."""

from datetime import UTC, datetime

import pytest

from tracker_tui.model.ids import Kind
from tracker_tui.model.states import ServiceStatus
from tracker_tui.model.text import SafeText
from tracker_tui.model.world import ServiceRow, World
from tracker_tui.present.hints import hint
from tracker_tui.present.rows import View

NOON = datetime(2026, 1, 25, 12, tzinfo=UTC)

UNASKED = ServiceRow(kind=Kind.SONARR, name="sonarr", status=ServiceStatus.STARTING)
WAITING = ServiceRow(kind=Kind.SHOKO, name="shoko", status=ServiceStatus.STARTING)
ANSWERED = ServiceRow(kind=Kind.RADARR, name="radarr", status=ServiceStatus.OK, last_ok_at=NOON)
UNLISTED = ServiceRow(kind=Kind.SONARR, name="sonarr", status=ServiceStatus.OK, last_ok_at=NOON, listed=False)
REFUSED = ServiceRow(
    kind=Kind.JELLYFIN,
    name="jellyfin",
    status=ServiceStatus.UNAUTHORIZED,
    error=SafeText("the API key was refused"),
    fix=SafeText("make a new one"),
)
LOST = ServiceRow(
    kind=Kind.SONARR,
    name="sonarr",
    status=ServiceStatus.UNREACHABLE,
    last_ok_at=NOON,
    error=SafeText("connection refused"),
)
BOOTING = ServiceRow(
    kind=Kind.JELLYFIN, name="jellyfin", status=ServiceStatus.STARTING, error=SafeText("still loading")
)
ABSENT = ServiceRow(kind=Kind.SEERR, name=None, status=ServiceStatus.NOT_CONFIGURED)
REFUSAL = "Jellyfin: the API key was refused - make a new one"
AGAIN = ("", "r asks again at once")
REMEMBERED = "Nothing is remembered from an earlier run."
SO_FAR = "Nothing is on its way, as far as the services have answered."

CASES = {
    "nobody is configured": ((ABSENT,), ("No service is configured.", "tracker-tui init")),
    "nobody has answered": ((UNASKED, WAITING, ABSENT), ("Asking the services ...", REMEMBERED)),
    "some have answered": ((UNASKED, WAITING, ANSWERED), ("Asking Sonarr, Shoko ...", REMEMBERED)),
    "one has answered, and not yet told what it has": (
        (ANSWERED, UNLISTED),
        ("Asking Sonarr ...", REMEMBERED),
    ),
    "one refuses while another is awaited": ((WAITING, REFUSED), ("Asking Shoko ...", REMEMBERED, REFUSAL)),
    "all have failed": (
        (LOST, REFUSED),
        ("No service answers, and nothing is", "Sonarr: connection refused", REFUSAL, *AGAIN),
    ),
    "one has failed": ((ANSWERED, REFUSED), (SO_FAR, REFUSAL)),
    "one is lost after an answer": ((ANSWERED, LOST), (SO_FAR, "Sonarr: connection refused")),
    "one says that it starts": ((ANSWERED, BOOTING), (SO_FAR, "Jellyfin: still loading")),
    "all have answered": ((ANSWERED, ABSENT), ("Nothing is on its way.", "New requests appear here")),
}


@pytest.mark.parametrize(("services", "said"), CASES.values(), ids=CASES)
def test_an_empty_tree_says_why(services: tuple[ServiceRow, ...], said: tuple[str, ...]) -> None:
    first, *lines = hint(World(generated_at=NOON, services=services), View())
    assert first == ""
    assert len(lines) == len(said)
    assert all(line.startswith(start) for line, start in zip(lines, said, strict=True)), lines
