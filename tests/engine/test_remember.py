"""What the store's documents become in memory, and memory in the store."""

import logging
from datetime import timedelta
from pathlib import Path

import pytest

from tests.reconcile.given import NOON
from tracker_tui.engine.remember import load, save, without_old
from tracker_tui.model.states import State
from tracker_tui.model.text import clean
from tracker_tui.reconcile.memory import RequestMemory
from tracker_tui.store.store import Store


def remembered(known: str, days_closed: int | None) -> RequestMemory:
    return RequestMemory(
        id=known,
        title=clean("Café Ångström"),
        is_movie=True,
        state=State.AVAILABLE if days_closed is not None else State.PENDING,
        first_seen_at=NOON,
        closed_at=NOON - timedelta(days=days_closed) if days_closed is not None else None,
    )


def test_memory_comes_back_equal_and_saved_again_it_changes_nothing(tmp_path: Path) -> None:
    requests = {known: remembered(known, days) for known, days in {"open": None, "closed": 3}.items()}
    store = Store.open(tmp_path / "state.json")
    save(store, NOON, requests, None)
    store.close()

    again = Store.open(tmp_path / "state.json")
    memory = load(again)
    assert (memory.requests, memory.saved_at) == (requests, NOON)
    save(again, NOON + timedelta(hours=1), memory.requests, None)
    assert not again.dirty
    again.close()


def test_history_is_pruned_by_age_in_memory_and_in_the_store(tmp_path: Path) -> None:
    ages = {"open": None, "closed lately": 29, "closed long ago": 31}
    store = Store.open(tmp_path / "state.json")
    save(store, NOON, {known: remembered(known, days) for known, days in ages.items()}, None)
    kept = without_old(load(store), store, NOON, 30)
    assert set(kept.requests) == set(store.requests()) == {"open", "closed lately"}
    store.close()


def test_a_document_of_another_shape_is_left_out_and_named(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    store = Store.open(tmp_path / "state.json")
    store.put({"odd": {"title": 7}, "list": [1], "open": remembered("open", None)})
    with caplog.at_level(logging.WARNING):
        assert set(load(store).requests) == {"open"}
    assert "odd" in caplog.text
    assert "list" in caplog.text
    store.close()
