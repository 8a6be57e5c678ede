"""Laws of erasing one of several homes from a log: no byte of it stays, and the others notice nothing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from streams.embedded import Embedded
from streams.log import Log
from tests.streams.logs import at, home, record, ring

BEGAN = at("00:00")
MARK = "zanzibar-of-the-family"
MAPLE, OAK = home(lateness="0s"), home("oak", lateness="0s")


class Town:
    """Two homes on one log, with a clock moved by hand."""

    def __init__(self, log: Log) -> None:
        self.now = BEGAN
        self.runtime = Embedded(log, [MAPLE, OAK], clock=lambda: self.now, lapse=None)
        self.runtime.start()
        for each in (MAPLE, OAK):
            self.runtime.put_rule(ring(each.home, said=MARK) if each is MAPLE else ring(each.home))

    def ring(self, at: str, id: str, **more: str) -> None:
        self.now += timedelta(minutes=1)
        told = record(id, self.now, "event", source="doorbell.front", home=at, data={"name": "pressed", **more})
        self.runtime.ingest([told])
        self.now += timedelta(seconds=5)
        self.runtime.wake()

    def erase(self) -> None:
        self.runtime.adopt([OAK])
        self.runtime.drop_rule("maple", "ring")
        self.runtime.erase("maple")


def bytes_of(path: Path) -> bytes:
    """Return what is in the file of a log and beside it, while it is open."""
    return b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))


def test_no_byte_of_an_erased_home_stays_and_the_others_stay_whole(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    with Log(path) as log:
        town = Town(log)
        for number in range(20):
            town.ring("oak", f"oak-{number}")
            town.ring("maple", f"{MARK}-{number}", note=MARK)
            town.runtime.stop()  # which keeps the engine's state, with what it knows of both
        log.set_aside([(record(MARK, town.now), "clock_in_doubt")], 0)
        oak = [each for _, each in log.after(0, 10_000) if each.home == "oak"]
        assert MARK.encode() in bytes_of(path)
        town.erase()
        found = bytes_of(path)
        assert MARK.encode() not in found and b"maple" not in found
        assert [each for _, each in log.after(0, 10_000) if each.home == "oak"] == oak
        assert len([each for each in log.firings() if each.home == "oak"]) == 20


def test_after_an_erasing_what_comes_next_counts_also_for_a_new_start(tmp_path: Path) -> None:
    with Log(tmp_path / "log.db") as log:
        town = Town(log)
        town.ring("oak", "before")
        town.ring("maple", "last")
        town.runtime.ingest([record("very-last", town.now, home="maple")])
        town.erase()
        town.ring("oak", "after")
        again = Embedded(log, [OAK], clock=lambda: town.now, lapse=None)
        again.start()
        town.runtime = again
        town.ring("oak", "then")
        assert [each.evidence for each in log.firings()] == [("before",), ("after",), ("then",)]
        assert again.rules().keys() == {("oak", "ring")}


def test_what_is_still_told_of_an_erased_home_is_kept_nowhere_until_it_is_listed_again(tmp_path: Path) -> None:
    with Log(tmp_path / "log.db") as log:
        town = Town(log)
        town.erase()
        town.ring("maple", MARK)
        assert log.aside() == [] and MARK.encode() not in bytes_of(log.path)
        town.runtime.adopt([OAK, MAPLE])
        town.ring("maple", "back")
        assert [each.id for each in log.records("maple", ["back"])] == ["back"]
