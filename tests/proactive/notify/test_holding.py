"""What is not told at once: quiet hours and their digest, cooldowns, one happening seen by two cameras, the clock."""

from __future__ import annotations

from pathlib import Path

import pytest

from proactive.notify.digest import SHOWN
from proactive.notify.notifier import LEASE, Notifier
from proactive.store import Store
from rules.firing import Firing, Verdict
from rules.problem import InputError
from rules.record import Record, from_json
from rules.units import HOUR, MINUTE, rfc3339
from tests.proactive.conftest import at, make_firing, make_rule
from tests.proactive.notify.test_following import run, tell
from tests.proactive.phones import Phone, PowerCut

NOON = at("2026-03-09T12:00:00-05:00")
NIGHT = at("2026-03-09T23:00:00-05:00")
MORNING = at("2026-03-10T06:30:00-05:00")


def nightly(notifier: Notifier, times: int) -> None:
    for number in range(times):
        time = NIGHT + number * HOUR
        notifier.receive(make_firing(id=f"f-{number}", occurrence=f"o-{number}", time=time), now=time)
        notifier.deliver(time)


def seen(camera: str, time: int, episode: str, subject: str = "unknown") -> tuple[Firing, list[Record]]:
    """Return a firing that a camera's view of somebody made, with that record."""
    data = {"label": "person", "episode": episode}
    value = {"id": f"{camera}-{time}", "type": "detection", "source": camera, "subject": subject, "home": "maple"}
    record = from_json(value | {"time": rfc3339(time), "data": data})
    firing = make_firing(id=f"f-{record.id}", occurrence=f"o-{record.id}", time=time, evidence=(record.id,))
    return firing, [record]


def test_what_quiet_hours_held_is_one_digest_when_they_end(notifier: Notifier, store: Store, phone: Phone) -> None:
    nightly(notifier, 3)
    run(notifier, MORNING)
    assert phone.said == [
        "While it was quiet, 3 things came up.\n11 pm: Daisy has not been fed by noon.\n"
        "midnight: Daisy has not been fed by noon.\n1 am: Daisy has not been fed by noon."
    ]
    assert {each.state for each in store.notifications("maple")} == {"sent"}


def test_a_digest_is_as_urgent_as_the_most_urgent_in_it_and_of_bearable_length(
    notifier: Notifier, store: Store, phone: Phone
) -> None:
    for number in range(SHOWN + 2):
        tell(store, urgency="high" if number == 1 else "low")
        time = NIGHT + number * MINUTE
        notifier.receive(make_firing(id=f"f-{number}", occurrence=f"o-{number}", time=time), now=time)
    run(notifier, MORNING)
    [(_, message)] = phone.got
    assert message.urgency == "high"
    assert message.body.splitlines()[0] == f"While it was quiet, {SHOWN + 2} things came up."
    assert (len(message.body.splitlines()), message.body.splitlines()[-1]) == (SHOWN + 2, "And 2 more.")


def test_a_digest_that_was_sent_and_not_marked_comes_again_under_the_same_tag(notifier: Notifier, phone: Phone) -> None:
    nightly(notifier, 2)
    phone.cut = True
    with pytest.raises(PowerCut):
        notifier.deliver(MORNING)
    phone.cut = False
    run(notifier, MORNING + LEASE)
    assert len(phone.got) == 2
    assert len(phone.shown) == 1


def test_a_cooldown_starts_only_with_an_alert_that_was_delivered(
    notifier: Notifier, store: Store, phone: Phone
) -> None:
    store.prefer("maple", "cooldown", "10m", person="person.greg")
    phone.down = {""}
    notifier.receive(make_firing(id="f-1", occurrence="o-1", time=NOON), now=NOON)
    notifier.deliver(NOON)
    phone.down = set()
    notifier.receive(make_firing(id="f-2", occurrence="o-2", time=NOON + 5), now=NOON + 5)
    notifier.deliver(NOON + 5)
    assert len(phone.got) == 1
    run(notifier, NOON + MINUTE)  # the first is tried again: by now the person knows
    assert len(phone.got) == 1
    notifier.receive(make_firing(id="f-3", occurrence="o-3", time=NOON + 11 * MINUTE), now=NOON + 11 * MINUTE)
    run(notifier, NOON + 11 * MINUTE)
    assert len(phone.got) == 2


@pytest.mark.parametrize("verdict", ["resolved", "corrected", "unknown"])
def test_a_cooldown_holds_back_alerts_and_nothing_that_makes_one_right(
    notifier: Notifier, store: Store, phone: Phone, verdict: Verdict
) -> None:
    store.prefer("maple", "cooldown", "1h")
    notifier.receive(make_firing(), now=NOON)
    run(notifier, NOON)
    notifier.receive(make_firing(verdict, NOON + MINUTE), now=NOON + MINUTE)
    run(notifier, NOON + MINUTE)
    assert [message.verdict for _, message in phone.got] == ["fired", verdict]


def test_what_is_critical_knows_no_cooldown(notifier: Notifier, store: Store, phone: Phone) -> None:
    store.prefer("maple", "cooldown.daisy-fed", "1h")
    tell(store, urgency="critical")
    for number in range(2):
        notifier.receive(make_firing(id=f"f-{number}", occurrence=f"o-{number}"), now=NOON)
    run(notifier, NOON)
    assert len(phone.got) == 2


def test_one_happening_seen_by_two_cameras_is_told_once(notifier: Notifier, store: Store, phone: Phone) -> None:
    for camera, after in (("cam.drive", 0), ("cam.porch", MINUTE), ("cam.porch", 20 * MINUTE)):
        firing, records = seen(camera, NOON + after, f"{camera}-{after}")
        notifier.receive(firing, records, now=firing.time)
        run(notifier, firing.time)
    assert len(phone.got) == 2
    assert sorted(each.state for each in store.notifications("maple")) == ["dropped", "sent", "sent"]


def test_what_was_dropped_as_the_same_happening_hides_nothing_that_comes_later(
    notifier: Notifier, phone: Phone
) -> None:
    for camera, after in (("cam.drive", 0), ("cam.porch", 4 * MINUTE), ("cam.gate", 8 * MINUTE)):
        firing, records = seen(camera, NOON + after, camera)
        notifier.receive(firing, records, now=firing.time)
        run(notifier, firing.time)
    assert len(phone.got) == 2


def test_two_cameras_that_fire_in_the_same_instant_are_told_once(notifier: Notifier, phone: Phone) -> None:
    (one, first), (two, second) = (seen(camera, NOON, camera) for camera in ("cam.drive", "cam.porch"))
    notifier.receive_all([one, two], [*first, *second], now=NOON)
    run(notifier, NOON)
    assert len(phone.got) == 1


def test_the_same_camera_seeing_somebody_again_is_another_happening(notifier: Notifier, phone: Phone) -> None:
    for number in range(2):
        firing, records = seen("cam.drive", NOON + number * MINUTE, f"e-{number}")
        notifier.receive(firing, records, now=firing.time)
    run(notifier, NOON + MINUTE)
    assert len(phone.got) == 2


def test_a_clock_that_is_set_back_an_hour_delays_nothing(notifier: Notifier, store: Store, phone: Phone) -> None:
    tell(store, remind={"every": "10m", "times": 1})
    notifier.receive(make_firing(), now=NOON)
    notifier.deliver(NOON)
    back = NOON + MINUTE - HOUR
    notifier.deliver(back)
    assert notifier.notify_at() == back + 10 * MINUTE
    phone.down = {""}
    notifier.receive(make_firing(id="f-2", occurrence="o-2", time=back + HOUR), now=back + HOUR)
    notifier.deliver(back + HOUR)
    phone.down = set()
    notifier.deliver(back)
    run(notifier, back + 2 * MINUTE)
    assert len(phone.got) == 2 + 1  # both alerts, and the reminder that the clock ran into before


def test_a_clock_that_is_set_forward_an_hour_loses_nothing(notifier: Notifier, store: Store, phone: Phone) -> None:
    tell(store, remind={"every": "10m", "times": 2})
    notifier.receive(make_firing(), now=NOON)
    notifier.deliver(NOON + HOUR)
    run(notifier, NOON + 2 * HOUR)
    assert len(phone.got) == 3


def test_channels_are_tried_in_the_order_that_the_urgency_asks_for(
    notifier: Notifier, store: Store, phone: Phone
) -> None:
    tell(store, "person.maya")
    store.prefer("maple", "channels.high", "console", person="person.maya")
    notifier.receive(make_firing(), now=NOON)
    run(notifier, NOON)
    tell(store, "person.maya", urgency="normal")
    notifier.receive(make_firing(id="f-2", occurrence="o-2"), now=NOON)
    run(notifier, NOON)
    assert [address for address, _ in phone.got] == ["", "phone://maya"]


@pytest.mark.parametrize(
    ("name", "value"), [("channels", "a,,b"), ("channels.urgent", "a"), ("cooldown", "soon"), ("cooldown.r", "-1m")]
)
def test_an_order_or_a_cooldown_is_checked_where_it_is_written(store: Store, name: str, value: str) -> None:
    with pytest.raises(InputError, match="expected"):
        store.prefer("maple", name, value)


def test_a_full_disk_loses_nothing_and_tells_nobody_twice(
    notifier: Notifier, store: Store, phone: Phone, tmp_path: Path
) -> None:
    from proactive.store.database import StoreError

    def room(pages: int) -> None:
        with store.database.reading() as session:
            session.connection().exec_driver_sql(f"pragma max_page_count = {pages}")

    with store.database.reading() as session:
        used = session.connection().exec_driver_sql("pragma page_count").scalar_one()
    store.put_rule(make_rule(notify={"to": ["person.greg"], "message": "x" * 50_000, "urgency": "high"}), at=0)
    room(used + 14)
    with pytest.raises(StoreError, match="the disk is full"):
        for number in range(50):
            notifier.receive(make_firing(id=f"f-{number}", occurrence=f"o-{number}"), now=NOON)
    kept = len(store.firings("maple"))
    assert len(store.notifications("maple")) == kept
    room(1 << 30)
    for number in range(50):
        notifier.receive(make_firing(id=f"f-{number}", occurrence=f"o-{number}"), now=NOON)
    run(notifier, NOON)
    assert len(phone.got) == 50
