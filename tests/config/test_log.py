"""The log: one line per event, keys masked, turned over in time, never in the way."""

import logging
import re
import sys
import threading
from pathlib import Path

import pytest

from tracker_tui.config import log as logs
from tracker_tui.config.log import Line, LogFile, collected, kept, report
from tracker_tui.config.settings import Secret
from tracker_tui.model.masks import without_own

KEY = "0f9a4c1d2b7e46588d11aa22bb33cc44"
log = logging.getLogger("tracker_tui.test")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "tracker-tui.log"


def test_a_record_is_one_dated_line_in_a_file_of_its_owner(path: Path) -> None:
    with kept(path, "info") as complaint:
        log.info("polled\n%s\x1b[2J", "twice")
        log.debug("not asked for")
        logging.getLogger("httpx").warning("GET http://media/?apikey=%s", KEY)
    assert complaint is None
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4} INFO    tracker_tui.test: polled twice\ufffd\[2J\n", path.read_text()
    )
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    log.error("after the end")
    assert "after" not in path.read_text()


def test_secrets_of_this_process_and_keys_of_others_are_masked(path: Path) -> None:
    secret = Secret("correct horse battery")
    with kept(path, "debug"):
        log.debug("sent %s to https://u:%s@h/?q=%s", secret.reveal(), KEY, KEY)
        try:
            raise ValueError(f"no {secret.reveal()} in {{'X-Api-Key': '{KEY}'}}")
        except ValueError:
            log.exception("failed")
    text = path.read_text()
    assert "correct horse" not in text
    assert KEY not in text
    assert "\n    Traceback" in text
    assert "\n    ValueError: no ********" in text
    del secret
    assert without_own("correct horse battery") == "correct horse battery"


def test_a_report_has_no_values_of_variables_but_every_cause() -> None:
    treasure = Secret(f"treasure {KEY}")

    def inner(value: str) -> None:
        raise KeyError(value)

    try:
        try:
            inner(treasure.reveal())
        except KeyError as fault:
            raise RuntimeError("\x1b]0;outer\x07") from fault
    except RuntimeError as fault:
        text = report(fault)
    assert "KeyError" in text
    assert "RuntimeError" in text
    assert KEY not in text
    assert "treasure" not in text.replace("treasure.reveal", "")
    assert "\x1b" not in text


def test_the_file_turns_over_and_the_oldest_goes(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "FILE_BYTES", 1000)
    with kept(path, "info"):
        for number in range(100):
            log.info("%04d %s", number, "x" * 60)
    files = sorted(path.parent.iterdir())
    assert [file.name for file in files] == [path.name, *(f"{path.name}.{n}" for n in (1, 2, 3))]
    assert all(file.stat().st_size <= 1000 and file.stat().st_mode & 0o777 == 0o600 for file in files)
    numbers = [int(n) for file in reversed(files) for n in re.findall(r": (\d{4}) x", file.read_text())]
    assert numbers == list(range(numbers[0], 100)), "nothing is lost in between"


def test_two_writers_share_a_file_that_turns_over(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "FILE_BYTES", 20_000)
    path.parent.mkdir()
    line = b"y" * 99 + b"\n"

    def write() -> None:
        for _ in range(300):
            LogFile(path).write(line)

    writers = [threading.Thread(target=write) for _ in range(2)]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    texts = [file.read_bytes() for file in path.parent.iterdir()]
    assert all(set(text.splitlines(keepends=True)) == {line} for text in texts), "no line is torn"
    assert sum(map(len, texts)) >= 59_000, "no file is turned over twice at a time"


def test_a_log_that_was_moved_away_begins_anew(path: Path) -> None:
    with kept(path, "info"):
        log.info("one")
        path.rename(path.with_name("elsewhere"))
        log.info("two")
    assert path.read_text().endswith("two\n")


@pytest.mark.parametrize("how", ["folder is a file", "path is a folder", "disk is full"])
def test_a_log_that_cannot_be_written_hurts_nobody(path: Path, how: str, capfd: pytest.CaptureFixture[str]) -> None:
    target = path
    if how == "folder is a file":
        path.parent.write_text("x")
    elif how == "path is a folder":
        path.mkdir(parents=True)
    else:
        target = Path("/dev/full")
        if not target.exists():
            pytest.skip("no /dev/full")
    with kept(target, "info") as complaint:
        log.error("lost")
    assert complaint is not None
    assert "cannot be written" in complaint
    assert capfd.readouterr() == ("", "")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_what_a_thread_dies_of_is_logged_not_printed(path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    def die() -> None:
        raise ZeroDivisionError("in a thread")

    before = threading.excepthook, sys.unraisablehook
    with kept(path, "warning"):
        thread = threading.Thread(target=die, name="doomed")
        thread.start()
        thread.join()
        logging.getLogger("asyncio").error("Task exception was never retrieved")
    text = path.read_text()
    assert "CRITICAL tracker_tui.config.log: doomed ended\n    Traceback" in text
    assert "never retrieved" in text
    assert capfd.readouterr() == ("", "")
    assert (threading.excepthook, sys.unraisablehook) == before


def test_two_handlers_each_at_its_own_level(path: Path) -> None:
    seen: list[str] = []

    class Seen(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            seen.append(Line("%(message)s").format(record))

    with collected(Seen(), "error"):
        with kept(path, "debug"):
            log.debug("small")
            log.error("large")
        log.warning("between")
    assert seen == ["large"]
    assert len(path.read_text().splitlines()) == 2
