"""What `doctor` and Prometheus are told of notifications and deeds."""

from __future__ import annotations

from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from proactive.cli.main import main
from proactive.notify.health import Figures, troubles
from proactive.notify.notifier import LEASE, Notifier
from proactive.store import Store
from rules.units import HOUR, MINUTE
from tests.proactive.conftest import at, make_firing
from tests.proactive.notify.test_following import tell
from tests.proactive.phones import Phone, PowerCut

NOON = at("2026-03-09T12:00:00-05:00")


def said(store: Store, now: int) -> list[str]:
    return [trouble for trouble, _ in troubles(store.standing(now, "maple"), now)]


def test_nothing_is_said_where_all_is_well(notifier: Notifier, store: Store) -> None:
    tell(store, remind={"every": "2h", "times": 1})
    notifier.receive(make_firing(), now=NOON)
    notifier.deliver(NOON)
    assert said(store, NOON + HOUR) == []


def test_what_waits_for_long_is_said_with_why(notifier: Notifier, store: Store, phone: Phone) -> None:
    phone.down = {""}
    notifier.receive(make_firing(), now=NOON)
    assert said(store, NOON + HOUR) == ["something to tell has waited for 1 hour."]
    notifier.deliver(NOON)
    assert said(store, NOON + 10 * MINUTE) == [
        "something to tell has waited for 10 minutes. Last: console: the phone is off."
    ]


def test_what_was_given_up_or_interrupted_is_said(notifier: Notifier, store: Store, phone: Phone) -> None:
    tell(store, "person.zoe")
    notifier.receive(make_firing(), now=NOON)
    phone.cut = True
    with pytest.raises(PowerCut):
        for _ in range(3):
            notifier.deliver(NOON)
    phone.cut = False
    notifier.deliver(NOON + LEASE)
    assert said(store, NOON + LEASE) == [
        "1 notification reached nobody",
        "1 attempt ended with the process, so that somebody may have been told twice",
    ]


def test_prometheus_reads_the_rows(notifier: Notifier, store: Store, phone: Phone) -> None:
    phone.down = {""}
    notifier.receive(make_firing(), now=NOON)
    notifier.deliver(NOON)
    registry = CollectorRegistry()
    registry.register(Figures(store, lambda: NOON + MINUTE))
    shown = generate_latest(registry).decode()
    assert 'proactive_delivery_attempts_total{outcome="failed"} 1.0' in shown
    assert 'proactive_notifications{state="waiting"} 1.0' in shown
    assert "proactive_oldest_undelivered_seconds 60.0" in shown


def test_the_doctor_says_what_waits(
    notifier: Notifier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PROACTIVE_DATA", str(tmp_path))
    notifier.receive(make_firing(), now=NOON)
    main(["doctor"])
    assert "something to tell has waited for" in capsys.readouterr().out
