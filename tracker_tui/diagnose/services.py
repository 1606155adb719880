"""The services themselves: silent, refusing, starting, somebody else, out of time."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from statistics import median

from tracker_tui.diagnose.rule import Code, CommonRule, Later, at, problem
from tracker_tui.diagnose.scene import Scene
from tracker_tui.diagnose.words import clock_gap, stale_age, stale_age_changes_at
from tracker_tui.model.ids import InstanceRef, Kind
from tracker_tui.model.states import Attention, ServiceStatus
from tracker_tui.model.world import Evidence, Problem, ServiceRow

SERVICE_DOWN = Code(
    name="SERVICE_DOWN",
    levels=(Attention.ERROR,),
    means="The service gives no usable answer; what it last said stays, marked as old.",
)
AUTH_FAILED = Code(
    name="AUTH_FAILED", levels=(Attention.ERROR,), means="The service refuses the configured key or login."
)
SERVICE_STARTING = Code(
    name="SERVICE_STARTING",
    levels=(Attention.WAIT, Attention.WARN),
    means="The service is up but not ready: starting, migrating its database, or waiting for its first set-up.",
)
WRONG_SERVICE = Code(
    name="WRONG_SERVICE",
    levels=(Attention.ERROR,),
    means="Something else answers at the configured address: a login page, another program, a wrong base path.",
)
CLOCK_SKEW = Code(
    name="CLOCK_SKEW",
    levels=(Attention.WARN,),
    means="The clock of a service differs from that of the others; times it reports are shown as they come.",
)

PARTLY_SILENT = Code(
    name="PARTLY_SILENT",
    levels=(Attention.INFO, Attention.WARN),
    means="A service answers, but not one of the questions it is asked, or does not know that question (info): what "
    "only that answer tells stays as it was.",
)
"""Said by the engine too, which alone knows what it asks."""

_STARTS_WITHIN = timedelta(minutes=10)
"""A start that takes longer wants a look: a migration may, a crash loop will."""


def troubled(scene: Scene) -> Iterable[Problem | Later]:
    """Say once per instance why it does not answer (G1, G2)."""
    for row in scene.around.services:
        ref = InstanceRef(row.kind, row.name) if row.name is not None else None
        if ref is None:
            continue
        match row.status:
            case ServiceStatus.UNAUTHORIZED:
                yield _refused(scene, ref, row)
            case ServiceStatus.STARTING:
                yield from _starting(scene, ref, row)
            case ServiceStatus.ERROR if row.wrong_service:
                yield _somebody_else(scene, ref, row)
            case ServiceStatus.UNREACHABLE | ServiceStatus.ERROR if scene.down(ref):
                yield from _down(scene, ref, row)


def _down(scene: Scene, ref: InstanceRef, row: ServiceRow) -> Iterable[Problem | Later]:
    last = row.last_ok_at
    if last is not None:
        age = f"last answer {stale_age(last, scene.now)} ago"
        yield Later(at=stale_age_changes_at(last, scene.now))
    else:
        age = "no answer so far"
    why = f" ({row.error})" if row.error else ""
    yield problem(
        at(ref),
        SERVICE_DOWN(
            f"{scene.name(ref)} does not answer{why}; {age}",
            row.fix or f"check that {ref.kind.title} runs and that its `url` in the configuration is right",
            _failure(scene, ref, row),
        ),
    )


def _refused(scene: Scene, ref: InstanceRef, row: ServiceRow) -> Problem:
    client = ref.kind is Kind.QBITTORRENT
    what = "user name and password" if client else "api_key"
    again = ", then press r (it is not tried again by itself: five refused logins ban the address)" if client else ""
    why = f": {row.error}" if row.error else ""
    return problem(
        at(ref),
        AUTH_FAILED(
            f"{scene.name(ref)} refuses the login{why}" if client else f"{scene.name(ref)} refuses the key{why}",
            row.fix or f"check {what} of {ref.name} in the configuration{again}",
            _failure(scene, ref, row),
        ),
    )


def _starting(scene: Scene, ref: InstanceRef, row: ServiceRow) -> Iterable[Problem | Later]:
    since = scene.around.failed_since.get(ref)
    late = since is not None and scene.now - since >= _STARTS_WITHIN
    if since is not None and not late:
        yield Later(at=since + _STARTS_WITHIN)
    why = f": {row.error}" if row.error else ""
    when = f" since {scene.clock(since)}" if since is not None else ""
    step = row.fix or f"see the log of {ref.kind.title}" if late else None
    yield problem(
        at(ref),
        SERVICE_STARTING(
            f"{scene.name(ref)} is starting{when}{why}",
            step,
            _failure(scene, ref, row),
            level=Attention.WARN if late else Attention.WAIT,
        ),
    )


def _somebody_else(scene: Scene, ref: InstanceRef, row: ServiceRow) -> Problem:
    return problem(
        at(ref),
        WRONG_SERVICE(
            f"{scene.name(ref)}'s address does not lead to {ref.kind.title}: {row.error or 'something else answers'}",
            row.fix or f"check `url` of {ref.name} in the configuration",
            _failure(scene, ref, row),
        ),
    )


def _failure(scene: Scene, ref: InstanceRef, row: ServiceRow) -> Evidence:
    return scene.saw(ref, "last call", row.error or row.status.value, _failed_since(scene, ref))


def _failed_since(scene: Scene, ref: InstanceRef) -> datetime | None:
    return scene.around.failed_since.get(ref)


def silent_parts(scene: Scene) -> Iterable[Problem | Later]:
    """Say what a service alone does not tell while it answers otherwise: what only that tells stays unknown."""
    shokos = {ref: view.state.unread for ref, view in scene.around.shokos.items() if view.state is not None}
    plugins = {ref: view.shokofin.unread for ref, view in scene.around.jellyfins.items() if view.shokofin is not None}
    for ref, unread in (shokos | plugins).items():
        speaker = f"Shokofin in {scene.name(ref)}" if ref in plugins else scene.name(ref)
        for part, why in unread if not scene.down(ref) else ():
            yield problem(
                at(ref, part),
                PARTLY_SILENT(
                    f"{speaker} answers, but not about its {part}: {why}",
                    f"see the log of {ref.kind.title}",
                    scene.saw(ref, part, why),
                    level=Attention.WARN,
                ),
            )


def clock_skew(scene: Scene) -> Iterable[Problem | Later]:
    """Name the instances whose clock differs from the common one, and this computer's if it does too (G6)."""
    offsets = scene.around.clock_offsets
    if len(offsets) < 2:
        return
    common = int(median(offsets.values()))
    limit = int(scene.limits.clock_skew.total_seconds())
    own = f"; this computer's clock is {clock_gap(-common)} off" if abs(common) > limit else ""
    for ref, offset in sorted(offsets.items()):
        gap = offset - common
        if abs(gap) > limit:
            told = clock_gap(round(gap / 10) * 10)
            yield problem(
                at(ref),
                CLOCK_SKEW(
                    f"The clock of {scene.name(ref)} is {told} off{own}",
                    f"set the clock of {ref.kind.title}'s host (NTP)",
                    scene.saw(ref, "clock", f"{told} against the other services"),
                ),
            )


CODES = (SERVICE_DOWN, AUTH_FAILED, SERVICE_STARTING, WRONG_SERVICE, CLOCK_SKEW, PARTLY_SILENT)
COMMON_RULES: tuple[CommonRule, ...] = (troubled, silent_parts, clock_skew)
