"""The services as rows, and the surroundings of all requests."""

from collections.abc import Mapping
from datetime import datetime

from tracker_tui.model.ids import InstanceRef, Kind
from tracker_tui.model.states import ServiceStatus
from tracker_tui.model.world import ServiceRow
from tracker_tui.reconcile.case import ArrView, ClientView, JellyfinView, ShokoView, Surroundings
from tracker_tui.reconcile.facts.arr import ArrFacts
from tracker_tui.reconcile.facts.client import ClientFacts
from tracker_tui.reconcile.facts.jellyfin import JellyfinFacts
from tracker_tui.reconcile.facts.ledger import Facts, ServiceFacts
from tracker_tui.reconcile.facts.shoko import ShokoFacts


def service_rows(facts: Facts, now: datetime) -> tuple[ServiceRow, ...]:
    """Return one row per instance, in the order of the pipeline; a kind without instance stands once."""
    rows: list[ServiceRow] = []
    for kind in Kind:
        refs = facts.setup.of(kind)
        rows += [_row(ref, facts.services[ref], now, listed=_listed(facts, ref)) for ref in refs]
        if not refs:
            rows.append(ServiceRow(kind=kind, name=None, status=ServiceStatus.NOT_CONFIGURED))
    return tuple(rows)


def _listed(facts: Facts, ref: InstanceRef) -> bool:
    if ref in facts.arrs:
        return facts.arrs[ref].list_heard
    return ref not in facts.seerrs or facts.seerrs[ref].first_listed_at is not None


def _row(ref: InstanceRef, known: ServiceFacts, now: datetime, *, listed: bool) -> ServiceRow:
    return ServiceRow(
        kind=ref.kind,
        name=ref.name,
        status=known.status or ServiceStatus.UNREACHABLE,
        version=known.version,
        latency_ms=known.latency_ms,
        last_ok_at=known.last_ok_at,
        stale=known.stale(now),
        error=known.error,
        fix=known.fix,
        wrong_service=known.wrong_service,
        interval_s=known.interval_s,
        listed=listed,
    )


def is_down(known: ServiceFacts) -> bool:
    """Return whether an instance counts as down: at the second failure, or at the first if it never answered."""
    return known.failures > 1 or (known.failures == 1 and known.last_ok_at is None)


def surroundings(facts: Facts, services: tuple[ServiceRow, ...], now: datetime) -> Surroundings:
    """Return what the services say that concerns no single request."""
    return Surroundings(
        now=now,
        setup=facts.setup,
        services=services,
        down=frozenset(ref for ref, known in facts.services.items() if is_down(known)),
        failed_since=_present({ref: known.failed_since for ref, known in facts.services.items()}),
        heard_at=_present({ref: known.heard_at for ref, known in facts.services.items()}),
        clock_offsets=_present({ref: known.clock_offset_s for ref, known in facts.services.items()}),
        checks={ref: known.checks for ref, known in facts.services.items() if known.checks},
        arrs={ref: _arr(ledger) for ref, ledger in facts.arrs.items()},
        clients={ref: _client(ledger) for ref, ledger in facts.clients.items()},
        shokos={ref: _shoko(ledger) for ref, ledger in facts.shokos.items()},
        jellyfins={ref: _jellyfin(ledger) for ref, ledger in facts.jellyfins.items()},
        vanished=facts.emptied.all(facts.services),
    )


def _present[T](found: Mapping[InstanceRef, T | None]) -> dict[InstanceRef, T]:
    return {ref: value for ref, value in found.items() if value is not None}


def _arr(ledger: ArrFacts) -> ArrView:
    return ArrView(
        queue_at=ledger.queue_at,
        history_at=ledger.history.heard_at,
        clients=ledger.clients,
        tags=ledger.tags,
        commands=ledger.commands,
        entries=len(ledger.movies) if ledger.is_radarr else len(ledger.series),
        entries_without_episodes=ledger.without_episodes,
    )


def _client(ledger: ClientFacts) -> ClientView:
    return ClientView(
        answered_at=ledger.answered_at,
        transfer=ledger.transfer,
        torrents=len(ledger.torrents),
        downloading=len(ledger.running),
    )


def _shoko(ledger: ShokoFacts) -> ShokoView:
    return ShokoView(
        state=ledger.state,
        state_at=ledger.state_at,
        moved_at=ledger.moved_at,
        folders=ledger.folders,
        bans=ledger.bans,
        series=ledger.series,
        episodes=ledger.episodes,
        series_with_own=ledger.series_with_own,
    )


def _jellyfin(ledger: JellyfinFacts) -> JellyfinView:
    return JellyfinView(
        server=ledger.server,
        plugins=ledger.plugins,
        libraries=ledger.libraries,
        tasks=ledger.tasks,
        shokofin=ledger.shokofin,
        looks=ledger.looks,
        previews=ledger.previews,
        refreshes=ledger.refreshes,
    )
