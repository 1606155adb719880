"""Every question to every supported release, over real HTTP."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.services.conftest import NOW
from tests.services.seerr.conftest import KEY
from tracker_tui.model.observation import RequestsListed
from tracker_tui.model.seerr import SeerrCounts, SeerrMediaStatus, SeerrRequest, SeerrServer, SeerrStatus, SeerrTitle
from tracker_tui.model.text import SafeText
from tracker_tui.services.errors import Unauthorized
from tracker_tui.services.seerr import client as module
from tracker_tui.services.seerr.client import SeerrClient
from tracker_tui.simulate.clock import SimClock
from tracker_tui.simulate.seerr.server import SimulatedSeerr
from tracker_tui.simulate.seerr.wire import JELLYSEERR, OVERSEERR, RELEASES, SEERR, SEERR_3_1, Release, Title

HARBOR = Title(700060, True, "Harbor Lights", date="2024-05-01", imdb_id="tt0700060")
STATION = Title(800040, False, "Station Nine", date="2025-01-01", seasons=(0, 1, 2), tvdb_id=900040)
LYCORIS = Title(154494, False, "Lycoris Recoil", "リコリス・リコイル", "2022-07-02", (1,), 414057, anime=True)


def film(number: int) -> Title:
    return Title(1_000_000 + number, True, f"Film {number}", date="2020-01-01")


def ids(listed: RequestsListed) -> set[int]:
    return {request.id for request in listed.requests}


def only(listed: RequestsListed) -> SeerrRequest:
    (request,) = listed.requests
    return request


async def test_it_says_who_it_is(client: SeerrClient, release: Release) -> None:
    who = await client.identify()
    assert (who.version, who.note) == (release.version, release.product.value)


async def test_a_status_call_that_hangs_costs_only_the_version(
    client: SeerrClient, seerr: SimulatedSeerr, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STATUS_DEADLINE_S", 0.05)
    seerr.github_hangs = True
    who = await client.identify()
    assert (who.version, who.note) == (None, release.product.value)


@pytest.mark.parametrize("ask", ["identify", "counts", "active_requests", "servers"])
async def test_a_refused_key_is_unauthorized(
    connect: Callable[..., SeerrClient], seerr: SimulatedSeerr, ask: str
) -> None:
    seerr.api_key = "rotated"
    with pytest.raises(Unauthorized) as caught:
        await getattr(connect(), ask)()
    assert KEY not in f"{caught.value!r} {caught.value.fix}"


async def test_without_a_key_it_is_unauthorized_too(connect: Callable[..., SeerrClient]) -> None:
    with pytest.raises(Unauthorized):
        await connect(api_key=None).identify()


async def test_counts_tell_every_change_of_status(client: SeerrClient, seerr: SimulatedSeerr, release: Release) -> None:
    done = release.completes
    seen = [(await client.counts()).counts]
    number = seerr.request_movie(HARBOR)
    seen.append((await client.counts()).counts)
    seerr.approve(number)
    seen.append((await client.counts()).counts)
    seerr.complete(number)
    seen.append((await client.counts()).counts)
    seerr.decline(seerr.request_tv(STATION, (1,)))
    seen.append((await client.counts()).counts)

    def counts(total: int, pending: int, approved: int, processing: int, available: int, *rest: int) -> SeerrCounts:
        declined, completed = rest
        return SeerrCounts(
            total=total,
            pending=pending,
            approved=approved,
            processing=processing,
            available=available,
            declined=declined,
            completed=completed if done else None,
        )

    assert seen == [
        counts(0, 0, 0, 0, 0, 0, 0),
        counts(1, 1, 0, 0, 0, 0, 0),
        counts(1, 0, 1, 1, 0, 0, 0),
        counts(1, 0, 0, 0, 0, 0, 1) if done else counts(1, 0, 1, 0, 1, 0, 0),
        counts(2, 0, 0, 0, 0, 1, 1) if done else counts(2, 0, 1, 0, 1, 1, 0),
    ]


async def test_a_request_before_approval(client: SeerrClient, seerr: SimulatedSeerr) -> None:
    """C1: who asked, when, for what; no title in the list."""
    seerr.request_movie(HARBOR, by="mia", number=71)
    assert only(await client.active_requests()) == SeerrRequest(
        id=71,
        status=SeerrStatus.PENDING,
        is_movie=True,
        media_status=SeerrMediaStatus.PENDING,
        tmdb_id=700060,
        imdb_id=SafeText("tt0700060"),
        requested_by=SafeText("mia"),
        created_at=NOW,
        updated_at=NOW,
    )


async def test_approved_and_not_yet_handed_over_has_no_external_id(client: SeerrClient, seerr: SimulatedSeerr) -> None:
    """C3: the difference between "approved" and "sent" is `externalServiceId`."""
    number = seerr.request_movie(HARBOR)
    seerr.approve(number)
    before = only(await client.active_requests())
    seerr.send(number, 60)
    after = only(await client.active_requests())
    assert (before.status, before.external_id, before.server_id) == (SeerrStatus.APPROVED, None, None)
    assert (after.external_id, after.server_id, after.slug) == (60, 0, "700060")
    assert after.modified_by == "admin"


async def test_a_series_request_names_its_seasons(client: SeerrClient, seerr: SimulatedSeerr) -> None:
    seerr.approve(seerr.request_tv(STATION, (2, 1)))
    request = only(await client.active_requests())
    assert (request.is_movie, request.seasons, request.tvdb_id) == (False, (1, 2), 900040)


async def test_each_request_shows_its_own_edition(client: SeerrClient, seerr: SimulatedSeerr) -> None:
    """H1: the HD and the 4K request of one series differ in server, id and progress."""
    seerr.request_tv(STATION, (1,), number=80)
    seerr.request_tv(STATION, (1,), is_4k=True, number=81)
    for number, server, series in ((80, 0, 40), (81, 1, 7)):
        seerr.approve(number)
        seerr.send(number, series, slug="station-nine", server_id=server)
    seerr.complete(80)
    seen = {r.id: r for r in (await client.recent_requests(NOW - timedelta(days=14))).requests}
    hd, uhd = seen[80], seen[81]
    assert (hd.is_4k, hd.server_id, hd.external_id, hd.media_status) == (False, 0, 40, SeerrMediaStatus.AVAILABLE)
    assert (uhd.is_4k, uhd.server_id, uhd.external_id, uhd.media_status) == (True, 1, 7, SeerrMediaStatus.PROCESSING)


async def test_before_the_hand_over_the_chosen_server_counts(client: SeerrClient, seerr: SimulatedSeerr) -> None:
    seerr.approve(seerr.request_tv(STATION, (1,), is_4k=True, server_id=1))
    assert only(await client.active_requests()).server_id == 1


async def test_active_is_what_somebody_still_waits_for(
    client: SeerrClient, seerr: SimulatedSeerr, release: Release
) -> None:
    pending, approved, partial = (seerr.request_movie(film(n)) for n in range(3))
    declined, complete, failed, deleted = (seerr.request_movie(film(n)) for n in range(3, 7))
    for number in (approved, partial, complete, failed):
        seerr.approve(number)
    seerr.partial(partial)
    seerr.decline(declined)
    seerr.complete(complete)
    seerr.fail(failed, "no root folder")
    seerr.delete(deleted)
    listed = await client.active_requests()
    assert ids(listed) == {pending, approved, partial, failed}
    assert not listed.complete
    assert listed.since is None
    reason = {request.id: request.failure_reason for request in listed.requests}[failed]
    assert reason == ("no root folder" if release is SEERR else None)


async def test_all_pages_are_read(client: SeerrClient, seerr: SimulatedSeerr) -> None:
    numbers = {seerr.request_movie(film(n)) for n in range(2 * module.PAGE + 1)}
    assert ids(await client.active_requests()) == numbers


@pytest.mark.parametrize("count", [0, 1, module.PAGE, module.PAGE + 1])
async def test_a_recent_list_is_complete_whatever_its_length(
    client: SeerrClient, seerr: SimulatedSeerr, count: int
) -> None:
    numbers = {seerr.request_movie(film(n)) for n in range(count)}
    since = NOW - timedelta(days=14)
    listed = await client.recent_requests(since)
    assert (ids(listed), listed.complete, listed.since) == (numbers, True, since)


async def test_recent_holds_the_young_whatever_became_of_them_and_the_active_whatever_their_age(
    client: SeerrClient, seerr: SimulatedSeerr, clock: SimClock
) -> None:
    clock.jump(to=NOW - timedelta(days=300))
    old_active = seerr.request_movie(film(0))
    seerr.approve(old_active)
    old_done = seerr.request_movie(film(1))
    seerr.complete(old_done)
    filler = [seerr.request_movie(film(n)) for n in range(100, 100 + 2 * module.PAGE)]
    for number in filler:
        seerr.decline(number)
    clock.jump(to=NOW - timedelta(days=1))
    young = [seerr.request_movie(film(n)) for n in range(2, 5)]
    seerr.decline(young[0], by="adept")
    seerr.complete(young[1])
    clock.jump(to=NOW)
    listed = await client.recent_requests(NOW - timedelta(days=14))
    assert {old_active, *young} <= ids(listed)
    assert old_done not in ids(listed)
    assert listed.complete
    declined = next(request for request in listed.requests if request.id == young[0])
    assert (declined.status, declined.modified_by) == (SeerrStatus.DECLINED, "adept")


async def test_an_old_request_that_ended_lately_is_seen_where_the_release_dates_changes(
    client: SeerrClient, seerr: SimulatedSeerr, clock: SimClock, release: Release
) -> None:
    clock.jump(to=NOW - timedelta(days=300))
    number = seerr.request_movie(HARBOR)
    clock.jump(to=NOW - timedelta(hours=1))
    seerr.decline(number)
    listed = await client.recent_requests(NOW - timedelta(days=14))
    assert (number in ids(listed)) == (release in {OVERSEERR, SEERR})
    assert (release in {JELLYSEERR, SEERR_3_1}) == release.freezes_updated_at


async def test_the_pages_of_the_past_are_not_read(client: SeerrClient, seerr: SimulatedSeerr, clock: SimClock) -> None:
    clock.jump(to=NOW - timedelta(days=300))
    for n in range(4 * module.PAGE):
        seerr.decline(seerr.request_movie(film(n)))
    clock.jump(to=NOW)
    await client.recent_requests(NOW - timedelta(days=14))
    assert sum(call.path == "/api/v1/request" for call in seerr.calls) == 3


async def test_a_list_that_shifts_between_two_pages_claims_nothing_by_absence(
    client: SeerrClient, seerr: SimulatedSeerr
) -> None:
    numbers = [seerr.request_movie(film(n)) for n in range(module.PAGE + 5)]
    page, pages = client._page, []

    async def page_then_change(params: dict[str, object]) -> object:
        pages.append(await page(params))  # type: ignore[arg-type]
        if numbers:
            seerr.delete(numbers.pop())
        return pages[-1]

    client._page = page_then_change  # type: ignore[method-assign, assignment]
    listed = await client.recent_requests(NOW - timedelta(days=14))
    assert not listed.complete


async def test_one_request_by_number(client: SeerrClient, seerr: SimulatedSeerr) -> None:
    number = seerr.request_tv(LYCORIS, (1,), by="kim")
    read = await client.read_request(number)
    assert read.request is not None
    assert (read.request_id, read.request.tmdb_id, read.request.requested_by) == (number, 154494, "kim")


async def test_a_deleted_request_is_gone(client: SeerrClient, seerr: SimulatedSeerr) -> None:
    number = seerr.request_movie(HARBOR)
    seerr.delete(number)
    read = await client.read_request(number)
    assert (read.request_id, read.request) == (number, None)


async def test_the_title_of_a_film(client: SeerrClient, seerr: SimulatedSeerr) -> None:
    seerr.request_movie(HARBOR)
    (title,) = (await client.title(700060, is_movie=True)).titles
    assert title == SeerrTitle(
        tmdb_id=700060,
        is_movie=True,
        title=SafeText("Harbor Lights"),
        original_title=SafeText("Harbor Lights"),
        year=2024,
        anime_keyword=False,
    )


async def test_the_title_of_an_anime_series(client: SeerrClient, seerr: SimulatedSeerr) -> None:
    seerr.request_tv(LYCORIS, (1,))
    (title,) = (await client.title(154494, is_movie=False)).titles
    assert title == SeerrTitle(
        tmdb_id=154494,
        is_movie=False,
        title=SafeText("Lycoris Recoil"),
        original_title=SafeText("リコリス・リコイル"),
        year=2022,
        tvdb_id=414057,
        anime_keyword=True,
    )


@pytest.mark.parametrize("is_movie", [True, False], ids=["film", "series"])
async def test_a_title_tmdb_does_not_give_is_no_failure_of_seerr(client: SeerrClient, is_movie: bool) -> None:
    (title,) = (await client.title(5, is_movie=is_movie)).titles
    assert title == SeerrTitle(tmdb_id=5, is_movie=is_movie)


async def test_its_servers_without_their_secrets(client: SeerrClient) -> None:
    assert (await client.servers()).servers == (
        SeerrServer(id=0, name=SafeText("Sonarr"), is_movie=False, is_4k=False),
        SeerrServer(id=1, name=SafeText("Sonarr 4K"), is_movie=False, is_4k=True),
        SeerrServer(id=0, name=SafeText("Radarr"), is_movie=True, is_4k=False),
    )


async def test_no_question_is_refused_by_any_release_and_none_writes(
    client: SeerrClient, seerr: SimulatedSeerr
) -> None:
    seerr.request_movie(HARBOR)
    await client.identify()
    await client.active_requests()
    await client.recent_requests(NOW - timedelta(days=14))
    await client.servers()
    await client.title(700060, is_movie=True)
    await client.read_request(1)
    assert {(call.method, call.status) for call in seerr.calls} == {("GET", 200)}
    assert not any(KEY in call.query for call in seerr.calls)


def test_all_flavours_are_covered() -> None:
    assert {release.product for release in RELEASES} == {"Overseerr", "Jellyseerr", "Seerr"}
