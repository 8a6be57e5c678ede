"""Imported history is read by backtests beside the log, is never in it, and is blind where nobody watched."""

from __future__ import annotations

from pathlib import Path

from proactive.history.kept import forget, history_file, keep, known, past_of
from proactive.settings import Settings
from rules.record import Record
from rules.units import HOUR, instant, moment
from streams.log import Log
from tests.proactive.language.conftest import NOW

START = instant(NOW)


def seen(number: int, at: int, source: str = "cam.kitchen") -> Record:
    """Return a detection."""
    return Record(
        id=f"r{number}", type="detection", source=source, home="birch", time=moment(at), data={"label": "dog"}
    )


def read(settings: Settings) -> list[tuple[str, str]]:
    """Return what is read of a home: each record's id, or its source's new health, in order."""
    with past_of(settings, "birch") as records:
        return [(r.source or "", r.data["status"] if r.type == "health" else r.id) for r in records]


def test_what_is_imported_again_is_kept_once(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    assert keep(settings, "birch", [seen(1, START), seen(2, START + HOUR)], START + 2 * HOUR) == 2
    assert keep(settings, "birch", [seen(2, START + HOUR), seen(3, START + HOUR)], START + 3 * HOUR) == 1
    found = known(settings, "birch")
    assert found is not None
    assert (found.records, found.sources, found.began, found.until) == (3, ("cam.kitchen",), START, START + 3 * HOUR)


def test_nothing_that_is_imported_is_in_the_log(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    keep(settings, "birch", [seen(1, START)], START + HOUR)
    assert not settings.log.exists()


def test_without_a_log_the_source_is_blind_after_the_import(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    keep(settings, "birch", [seen(2, START + HOUR), seen(1, START)], START + 2 * HOUR)
    assert read(settings) == [("cam.kitchen", "r1"), ("cam.kitchen", "r2"), ("cam.kitchen", "offline")]


def test_what_the_log_knows_itself_counts_once_and_between_the_two_it_is_blind(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    with Log(settings.log) as log:
        log.append([seen(9, START + 5 * HOUR)])
    keep(settings, "birch", [seen(1, START), seen(2, START + 6 * HOUR)], START + 7 * HOUR)
    assert read(settings) == [
        ("cam.kitchen", "r1"),
        ("cam.kitchen", "offline"),
        ("cam.kitchen", "online"),
        ("cam.kitchen", "r9"),
    ]


def test_a_source_that_the_log_does_not_know_counts_throughout(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    with Log(settings.log) as log:
        log.append([seen(9, START + HOUR, "cam.other")])
    keep(settings, "birch", [seen(1, START), seen(2, START + 2 * HOUR)], START + 3 * HOUR)
    assert [id for _, id in read(settings)] == ["r1", "r9", "r2", "offline"]


def test_it_is_deleted_with_its_file(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    keep(settings, "a/b", [seen(1, START)], START)
    assert history_file(settings, "a/b").parent == tmp_path / "history"
    assert forget(settings, "a/b") is True
    assert forget(settings, "a/b") is False
    assert known(settings, "a/b") is None
