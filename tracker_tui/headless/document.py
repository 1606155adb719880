"""The world as the object of `--once --json`: stable names, unknown is null (docs/once.schema.json)."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from tracker_tui.model.fractions import four_decimals
from tracker_tui.model.world import (
    Diagnosis,
    EpisodeRow,
    Problem,
    RequestIds,
    RequestRow,
    SeasonRow,
    ServiceRow,
    TimelineEntry,
    Unassigned,
    World,
)
from tracker_tui.present.phrases import summary_line

SCHEMA = 1

Json = dict[str, Any]


def document(world: World, shown: Iterable[RequestRow]) -> Json:
    """Return the JSON object of `world`, listing only the requests in `shown`; counts stay those of the whole world."""
    return {
        "schema": SCHEMA,
        "generated_at": _instant(world.generated_at),
        "simulated": world.simulated,
        "services": [_service(row) for row in world.services],
        "counts": {
            "in_progress": world.counts.in_progress,
            "ready": world.counts.ready,
            "attention": world.counts.attention,
        },
        "requests": [_request(row, world.generated_at) for row in shown],
        "problems": [_problem(problem) for problem in world.problems],
        "unassigned": [_unassigned(one) for one in world.unassigned],
    }


def _service(row: ServiceRow) -> Json:
    return {
        "kind": row.kind.value,
        "name": row.name,
        "status": row.status.value,
        "version": row.version,
        "latency_ms": None if row.latency_ms is None else round(row.latency_ms),
        "last_ok_at": _instant(row.last_ok_at),
        "stale": row.stale,
        "error": row.error,
    }


def _request(row: RequestRow, now: datetime) -> Json:
    movie = {"quality": row.quality, "torrents": list(row.torrents)} if row.is_movie else {}
    return {
        "id": row.id,
        "title": row.title,
        "original_title": row.original_title,
        "year": row.year,
        "kind": "movie" if row.is_movie else "series",
        "is_4k": row.is_4k,
        "anime": row.anime,
        "state": row.state.value,
        "partial": row.partial,
        "attention": row.attention.word,
        "summary": summary_line(row.phrases, now),
        "progress": _fraction(row.progress),
        "ready": row.ready,
        "total": row.total,
        "size_bytes": row.size_bytes,
        "speed_bytes_s": row.speed_bytes_s,
        "eta_s": row.eta_s,
        "eta_watchable_s": None if row.eta_watchable_s is None else list(row.eta_watchable_s),
        "flags": [flag.value for flag in row.flags],
        "requested_by": row.requested_by,
        "requested_at": _instant(row.requested_at),
        "seasons_requested": list(row.seasons_requested),
        "ids": _ids(row.ids),
        "diagnoses": [_diagnosis(one) for one in row.diagnoses],
        **movie,
        "seasons": [_season(season) for season in row.seasons],
        "timeline": [_entry(entry) for entry in row.timeline],
    }


def _ids(ids: RequestIds) -> Json:
    return {
        "tmdb": ids.tmdb,
        "tvdb": ids.tvdb,
        "imdb": ids.imdb,
        "sonarr": dict(ids.sonarr),
        "radarr": dict(ids.radarr),
        "shoko_series": list(ids.shoko_series),
        "jellyfin": list(ids.jellyfin),
    }


def _season(season: SeasonRow) -> Json:
    return {
        "number": season.number,
        "state": season.state.value,
        "ready": season.ready,
        "total": season.total,
        "diagnoses": [_diagnosis(one) for one in season.diagnoses],
        "episodes": [_episode(row) for row in season.episodes],
    }


def _episode(row: EpisodeRow) -> Json:
    return {
        "number": row.number,
        "absolute": row.absolute,
        "title": row.title,
        "state": row.state.value,
        "counted": row.counted,
        "progress": _fraction(row.progress),
        "progress_is_estimate": row.progress_is_estimate,
        "air_date": _instant(row.air_at),
        "quality": row.quality,
        "torrents": list(row.torrents),
        "note": row.note,
        "flags": [flag.value for flag in row.flags],
        "diagnoses": [_diagnosis(one) for one in row.diagnoses],
    }


def _diagnosis(diagnosis: Diagnosis) -> Json:
    return {
        "code": diagnosis.code,
        "attention": diagnosis.attention.word,
        "message": diagnosis.message,
        "next_step": diagnosis.next_step,
        "evidence": [
            {
                "service": one.service.value,
                "fact": one.fact,
                "value": one.value,
                "observed_at": _instant(one.observed_at),
            }
            for one in diagnosis.evidence
        ],
    }


def _entry(entry: TimelineEntry) -> Json:
    return {
        "at": _instant(entry.at),
        "state": entry.state.value,
        "service": entry.service.value,
        "text": entry.text,
    }


def _problem(problem: Problem) -> Json:
    said = _diagnosis(problem.diagnosis)
    evidence = said.pop("evidence")
    code, attention = said.pop("code"), said.pop("attention")
    where = {
        "kind": problem.kind.value if problem.kind is not None else None,
        "name": problem.name,
        "scope": problem.scope,
    }
    return {"code": code, "attention": attention, **where, **said, "evidence": evidence}


def _unassigned(one: Unassigned) -> Json:
    return {
        "kind": one.kind,
        "name": one.name,
        "hash": one.hash,
        "reason": one.reason,
        "candidate": one.candidate,
        "next_step": one.next_step,
    }


def _fraction(value: float | None) -> float | None:
    return None if value is None else four_decimals(value)


def _instant(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
