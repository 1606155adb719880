"""Answers some of whose records could not be decoded: they add what they hold and deny nothing (R3)."""

from collections.abc import Callable

import msgspec
import pytest

from tests.reconcile.given import (
    JELLYFIN,
    NOON,
    QBIT,
    RADARR,
    SEERR,
    SHOKO,
    SONARR,
    House,
    at,
    item,
    request,
    torrent,
)
from tests.reconcile.titles import FILM, FOLDER, LR, PATH, known_to_shoko, lycoris
from tracker_tui.model.ids import InstanceRef
from tracker_tui.model.jellyfin import JellyfinItem
from tracker_tui.model.observation import (
    ItemsProbed,
    LibrariesRead,
    Observation,
    RequestRead,
    SeriesItemsRead,
    SeriesRead,
    ShokoFoldersRead,
    TorrentsRead,
)
from tracker_tui.model.states import State
from tracker_tui.model.text import clean
from tracker_tui.model.world import RequestRow
from tracker_tui.reconcile.facts.ledger import Facts
from tracker_tui.reconcile.memory import CommonMemory
from tracker_tui.reconcile.setup import ConfiguredInstance, Setup


def outline(row: RequestRow) -> tuple[object, ...]:
    return row.state, row.ready, row.total, row.counts, [season.state for season in row.seasons]


def vfs(numbers: range) -> list[JellyfinItem]:
    return [
        item(f"j{n}", path=f"/vfs/shows/L/S01E{n:02} [Shoko File={300 + n}].mkv", shoko_file_ids=(300 + n,))
        for n in numbers
    ]


def downloading(house: House) -> None:
    lycoris(house)
    house.sonarr.grab(23, range(739, 752), "hlr", at("10:00"))
    house.download(torrent("hlr", progress=0.5))


def usenet(house: House) -> None:
    lycoris(house)
    house.sonarr.grab(23, range(739, 752), "hlr", at("10:00"), protocol="usenet")
    for episode_id in range(739, 752):
        house.sonarr.enqueue("hlr", series_id=23, episode_id=episode_id, protocol=clean("usenet"))


def imported(house: House) -> None:
    lycoris(house)
    house.sonarr.place(23, range(1, 14), FOLDER, added=at("11:30"))
    known_to_shoko(house, matched=13, hashed=13)


def ready(house: House) -> None:
    imported(house)
    house.items = vfs(range(1, 14))


def film(house: House) -> None:
    house.requests = [request(75, **FILM)]
    house.radarr.add_movie(60, "Harbor Lights", tmdb_id=700060)
    house.radarr.place_movie(60, PATH)


def lose_series(house: House) -> None:
    del house.sonarr.series[23]


def lose_film(house: House) -> None:
    house.radarr.movies.clear()


def lose_queue(house: House) -> None:
    house.sonarr.queue.clear()


def lose_torrent(house: House) -> None:
    house.torrents.clear()


def lose_item(house: House) -> None:
    house.items = [one for one in house.items if one.id != "j7"]


def lose_request(house: House) -> None:
    house.requests.clear()


def lose_episode_and_file(house: House) -> None:
    house.sonarr.episodes[23] = [one for one in house.sonarr.episodes[23] if one.number != 7]
    house.sonarr.files[23] = [one for one in house.sonarr.files[23] if one.path is None or "E07" not in one.path]


def lose_shoko_file(house: House) -> None:
    house.shoko_files = [one for one in house.shoko_files if one.id != 307]


GAPS = {
    "series list": (downloading, lose_series, SONARR),
    "film list": (film, lose_film, RADARR),
    "queue": (usenet, lose_queue, SONARR),
    "torrents": (downloading, lose_torrent, QBIT),
    "items": (ready, lose_item, JELLYFIN),
    "requests": (downloading, lose_request, SEERR),
    "episodes and files": (ready, lose_episode_and_file, SONARR),
    "shoko files": (imported, lose_shoko_file, SHOKO),
}


@pytest.mark.parametrize(("build", "lose", "ref"), GAPS.values(), ids=GAPS)
def test_a_list_with_gaps_proves_no_absence(
    build: Callable[[House], None], lose: Callable[[House], None], ref: InstanceRef
) -> None:
    house = House()
    build(house)
    before = house.tick().row()
    lose(house)
    house.skipped[ref] = 1
    for _ in range(4):
        assert outline(house.tick(90).row(LR)) == outline(before)
    house.skipped.clear()
    for _ in range(3):
        house.tick(90)
    after = house.row(LR)
    assert (after.state, after.counts) != (before.state, before.counts) or after.phrases != before.phrases


@pytest.mark.parametrize(("build", "lose", "ref"), GAPS.values(), ids=GAPS)
def test_nor_does_the_first_list_of_a_later_run(
    build: Callable[[House], None], lose: Callable[[House], None], ref: InstanceRef
) -> None:
    first = House()
    build(first)
    before = first.tick().row()
    lose(first)
    house = House(memory=first.memory(), now=first.now)
    house.requests, house.arrs, house.items = first.requests, first.arrs, first.items
    house.torrents, house.shoko_files = first.torrents, first.shoko_files
    house.skipped[ref] = 1
    for _ in range(3):
        assert outline(house.tick(90).row(LR)) == outline(before)


def test_an_emptied_list_with_gaps_raises_no_alarm() -> None:
    house = House()
    for number in range(1, 6):
        house.radarr.add_movie(number, f"Film {number}", tmdb_id=number)
    house.tick()
    house.radarr.movies.clear()
    house.skipped[RADARR] = 5
    house.tick()
    assert house.last is not None
    assert house.last.surroundings.vanished == ()


def test_what_a_list_with_gaps_holds_is_believed() -> None:
    house = House()
    house.skipped = dict.fromkeys(house.refs, 1)
    ready(house)
    house.requests[0] = msgspec.structs.replace(house.requests[0], status=1)
    assert house.tick().row().state is State.AVAILABLE


def facts_after(*told: Observation) -> Facts:
    refs = (SONARR, RADARR, QBIT, SHOKO, JELLYFIN, SEERR)
    facts = Facts(Setup(instances=tuple(ConfiguredInstance(ref=ref) for ref in refs)), CommonMemory())
    for observation in told:
        facts.absorb(observation)
    return facts


def said(ref: InstanceRef, payload: object, skipped: int = 0) -> Observation:
    return Observation(ref=ref, at=NOON, payload=payload, skipped=skipped)  # type: ignore[arg-type]


def test_a_torrent_reported_as_removed_is_denied_in_spite_of_gaps() -> None:
    transfer = House().transfer
    known = (torrent("aa"), torrent("bb"))
    facts = facts_after(
        said(QBIT, TorrentsRead(full=True, changed=known, removed=(), transfer=transfer), skipped=1),
        said(QBIT, TorrentsRead(full=False, changed=(), removed=("aa",), transfer=transfer)),
    )
    client = facts.clients[QBIT]
    assert client.denied_at(("aa",)) == NOON
    assert client.denied_at(("bb",)) is None
    assert client.denied_at(("cc",)) is None
    facts.absorb(said(QBIT, TorrentsRead(full=True, changed=(), removed=(), transfer=transfer)))
    assert client.denied_at(("cc",)) == NOON
    assert not client.torrents


def test_unreadable_single_answers_are_no_404() -> None:
    house = House()
    ready(house)
    house.tick()
    single = (
        said(SONARR, SeriesRead(series_id=23, series=None), skipped=1),
        said(SEERR, RequestRead(request_id=75, request=None), skipped=1),
        said(JELLYFIN, ItemsProbed(asked=("j7",), items=()), skipped=1),
        said(JELLYFIN, SeriesItemsRead(series_item_id="show", items=()), skipped=1),
    )
    for _ in range(3):
        for one in single:
            house.reconciler.absorb(msgspec.structs.replace(one, at=house.now))
        assert house.wait(90).row().state is State.AVAILABLE


def test_gaps_in_settings_of_a_service_change_no_route() -> None:
    regular = House().libraries[:2]
    facts = facts_after(said(JELLYFIN, LibrariesRead(libraries=tuple(regular)), skipped=2))
    assert not facts.jellyfins[JELLYFIN].without_shokofin
    facts.absorb(said(JELLYFIN, LibrariesRead(libraries=tuple(regular))))
    assert facts.jellyfins[JELLYFIN].without_shokofin
    folders = House().shoko_folders
    facts.absorb(said(SHOKO, ShokoFoldersRead(folders=folders)))
    facts.absorb(said(SHOKO, ShokoFoldersRead(folders=folders[:1]), skipped=1))
    assert {one.id for one in facts.shokos[SHOKO].folders or ()} == {1, 2}
