"""When a failed attempt is made again: with full jitter, as the server wishes, and never beyond the time there is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from proactive.language.backends.patience import Patience, pause_after, read_wish

NOW = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)
PLAIN = Patience(first_pause=0.5, longest_pause=8)


@pytest.mark.parametrize(("number", "bound"), [(1, 0.5), (2, 1.0), (3, 2.0), (5, 8.0), (9, 8.0)])
def test_a_pause_is_drawn_below_a_bound_that_doubles(number: int, bound: float) -> None:
    assert pause_after(number, None, PLAIN, 0.0) == 0.0
    assert pause_after(number, None, PLAIN, 0.5) == bound / 2


def test_a_server_is_never_asked_sooner_than_it_wishes() -> None:
    assert pause_after(1, 3.0, PLAIN, 0.0) == 3.0
    assert 3.0 < pause_after(1, 3.0, PLAIN, 0.9) < 3.5


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("2", 2.0),
        ("0.25", 0.25),
        (" 7 ", 7.0),
        ("Mon, 09 Mar 2026 12:00:30 GMT", 30.0),
        ("Mon, 09 Mar 2026 11:00:00 GMT", 0.0),
        ("soon", None),
        ("-1", None),
        ("", None),
        (None, None),
    ],
)
def test_a_wish_is_seconds_or_a_date(header: str | None, seconds: float | None) -> None:
    assert read_wish(header, NOW) == seconds
