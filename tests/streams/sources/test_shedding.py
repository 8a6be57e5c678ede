"""Laws of shedding: a device that floods is cut off until it was quiet for a while, and nobody else is."""

from __future__ import annotations

from streams.sources.shedding import Shedding


def test_a_device_that_floods_is_cut_off_until_it_has_kept_to_its_share() -> None:
    shedding = Shedding(rate=1, burst=2, quiet=10)
    assert [shedding.takes("bell", 0.0) for _ in range(4)] == [True, True, False, False]
    assert shedding.takes("door", 0.0)
    assert not shedding.takes("bell", 5.0), "within its share, and not yet for long enough"
    assert shedding.recovered(9.0) == []
    assert shedding.recovered(10.0) == ["bell"]
    assert shedding.recovered(20.0) == []
    assert shedding.takes("bell", 10.0)
    assert shedding.shed == {"bell": 3}


def test_a_device_that_floods_on_stays_cut_off() -> None:
    shedding = Shedding(rate=1, burst=1, quiet=10)
    assert [shedding.takes("bell", n / 2) for n in range(60)].count(True) == 1
    assert shedding.recovered(30.0) == []
