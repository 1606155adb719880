"""What a refresh has brought, in one sentence; or why nothing, as the diagnoses of a fresh world say it. Pure."""

from msgspec.structs import replace

from tracker_tui.model.ids import RequestId
from tracker_tui.model.refreshed import Refreshed
from tracker_tui.model.states import Attention
from tracker_tui.model.text import clean
from tracker_tui.model.world import Diagnosis, RequestRow, World
from tracker_tui.remedies.closer_look import Finding
from tracker_tui.remedies.events import Ending, Outcome
from tracker_tui.remedies.hope import BARRED, barred_library, verdicts
from tracker_tui.remedies.proposal import Proposal, RequestTarget, Stake
from tracker_tui.remedies.refresh import Sent, Watched

_LOOK_CLOSER = "press x for Shokofin's VFS preview, and check its filters and folder mapping"
_LOOK_IN_JELLYFIN = "Jellyfin → Dashboard → Libraries: check that a library holds the folder and Jellyfin can read it"


def brought_something(proposal: Proposal, sent: Sent, world: World | None) -> bool:
    """Return whether what was asked for is in Jellyfin, at least a part of it."""
    rows = {row.id: row for row in world.requests} if world is not None else {}
    if sum(_gained(stake, rows.get(stake.id)) for stake in proposal.stakes) > 0:
        return True
    asked = isinstance(proposal.target, RequestTarget) and world is not None
    return bool(sent.counted.new) and not asked


def outcome(proposal: Proposal, sent: Sent, world: World | None, finding: Finding | None = None) -> Outcome:
    """Return how the refresh ended; `world` None = no fresh one could be had, `finding` = of a closer look."""
    rows = {row.id: row for row in world.requests} if world is not None else {}
    gained = sum(_gained(stake, rows.get(stake.id)) for stake in proposal.stakes)
    new = sent.counted.new
    asked = isinstance(proposal.target, RequestTarget) and world is not None
    verified = brought_something(proposal, sent, world)
    if not verified and (sent.watched is not Watched.ENDED or sent.refreshed.doubt):
        return _unfinished(sent)
    text = _success(proposal, rows, new, gained) if verified else None
    verdict: Finding | None = None
    if not verified:
        verdict = _why(proposal, rows, world, finding)
    return Outcome(
        ending=Ending.VERIFIED if verified else Ending.NOTHING_NEW,
        text=text or _nothing_new(proposal, verdict, new, asked=asked),
        next_step=_open_end(proposal, rows, world)
        if verified
        else (verdict.next_step if verdict is not None else _closer(proposal)),
        new=new if new is not None else (gained if world is not None else None),
    )


def concluded(proposal: Proposal, sent: Sent, world: World | None, finding: Finding | None) -> Refreshed:
    """Return the refresh as it is remembered: with how the requests stand now, and why nothing came."""
    in_vain = sent.refreshed.conclusive and not brought_something(proposal, sent, world)
    rows = {row.id: row for row in world.requests} if world is not None else {}
    why = _why(proposal, rows, world, finding) if in_vain else None
    return replace(
        sent.refreshed,
        requests=tuple(
            replace(one, after=row.ready) if (row := rows.get(one.id)) is not None else one
            for one in sent.refreshed.requests
        ),
        verdict=clean(why.message) if why is not None else None,
    )


def _gained(stake: Stake, row: RequestRow | None) -> int:
    return max(0, row.ready - stake.ready) if row is not None else 0


def _success(proposal: Proposal, rows: dict[RequestId, RequestRow], new: int | None, gained: int) -> str:
    tail = f" · {new} new" if new else ""
    if len(proposal.stakes) == 1 and gained:
        stake = proposal.stakes[0]
        row = rows[stake.id]
        if row.is_movie or row.total == 1:
            return f"{stake.title}: now in Jellyfin"
        return f"{stake.title}: {row.ready} of {row.total} now in Jellyfin{tail}"
    where = f"in {proposal.library}" if proposal.library is not None else "in Jellyfin"
    return f"{new or gained} new {where}"


def _nothing_new(proposal: Proposal, verdict: Finding | None, new: int | None, *, asked: bool) -> str:
    title = proposal.stakes[0].title if asked and proposal.stakes else None
    what = f"{new} new, none of them of {title}" if new and title else "nothing new in Jellyfin"
    if new is None and title is None:
        what = "it cannot be said what is new in Jellyfin"
    return what if verdict is None else f"{what}: {verdict.message}"


def _why(
    proposal: Proposal, rows: dict[RequestId, RequestRow], world: World | None, finding: Finding | None
) -> Finding | None:
    """Return the reason: a diagnosis that bars it, else what the closer look found, else the gravest diagnosis."""
    verdict = _verdict(proposal, rows, world) if world is not None else None
    if verdict is None or (finding is not None and verdict.code not in BARRED):
        return finding
    # another refresh is not offered: this one has just shown that it does not help
    step = verdict.next_step if verdict.code in BARRED or "press v" not in (verdict.next_step or "") else None
    return Finding(message=verdict.message, next_step=step or _closer(proposal))


def _closer(proposal: Proposal) -> str:
    return _LOOK_CLOSER if proposal.shokofin else _LOOK_IN_JELLYFIN


def _verdict(proposal: Proposal, rows: dict[RequestId, RequestRow], world: World) -> Diagnosis | None:
    """Return the fresh diagnosis that explains best why nothing came: what bars it, else the gravest."""
    said = [one for stake in proposal.stakes if (row := rows.get(stake.id)) for one in verdicts(row, world.problems)]
    if proposal.library is not None and (common := barred_library(proposal.library, proposal.jellyfin, world)):
        said.append(common)
    barring = [one for one in said if one.code in BARRED]
    grave = [one for one in said if one.attention >= Attention.WAIT]
    return next(iter([*barring, *grave]), None)


def _open_end(proposal: Proposal, rows: dict[RequestId, RequestRow], world: World | None) -> str | None:
    """Return what to do about the rest, where only a part came."""
    if world is None or all(row.ready >= row.total for stake in proposal.stakes if (row := rows.get(stake.id))):
        return None
    verdict = _verdict(proposal, rows, world)
    if verdict is None or verdict.code not in BARRED:
        return None
    return f"the rest: {verdict.message}" + (f"; {verdict.next_step}" if verdict.next_step else "")


def _unfinished(sent: Sent) -> Outcome:
    """Return the end of a refresh that brought nothing and may not have looked at everything."""
    match sent.watched:
        case Watched.SILENT:
            text = "Jellyfin stopped answering; whether the refresh ran is not known"
            ending, step = Ending.UNREACHABLE, "check Jellyfin"
        case Watched.STILL_RUNNING:
            ending, text, step = Ending.TOO_LONG, "Jellyfin still refreshes", "it goes on without us; look again later"
        case Watched.ENDED:
            text = f"nothing new, and it is not certain that Jellyfin looked: {sent.refreshed.doubt}"
            ending, step = Ending.NOTHING_NEW, "refresh again in a minute"
    return Outcome(ending=ending, text=text, next_step=step, new=sent.counted.new)
