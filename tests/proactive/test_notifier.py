"""The way from a firing to a person: nobody is told twice, nothing is lost, and what went wrong is kept."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from proactive.notification import Attempt
from proactive.notify import plan
from proactive.notify.channel import Channels, Message, Route, installed, routes
from proactive.notify.notifier import LEASE, Notifier
from proactive.notify.text import Picture
from proactive.pictures import place_of
from proactive.settings import Settings
from proactive.store import Store
from rules.home import Home
from rules.problem import InputError
from rules.record import from_json
from rules.units import HOUR, MINUTE, SECOND
from tests.proactive.conftest import at, make_firing, make_rule
from tests.proactive.phones import Phone, PowerCut, picture_in

NOON = at("2026-03-09T12:00:00-05:00")
NIGHT = at("2026-03-09T23:00:00-05:00")
MORNING = at("2026-03-10T06:30:00-05:00")


@pytest.fixture
def phone() -> Phone:
    return Phone()


@pytest.fixture
def notifier(store: Store, phone: Phone, tmp_path: Path) -> Notifier:
    """Return a notifier with a rule to tell of; the console and the phone are the same fake."""
    store.put_rule(make_rule(), at=0)
    settings = Settings(tmp_path, channels={"phone_maya": "phone://maya"})
    return Notifier(store, settings, Channels(made={"console": phone, "phone": phone}))


def tell(notifier: Notifier, *people: str, urgency: str = "high", id: str = "daisy-fed") -> None:
    rule = make_rule(id=id, notify={"to": list(people), "message": "Not fed", "urgency": urgency})
    notifier.store.put_rule(rule, at=0)


def states(store: Store) -> list[str]:
    return [notification.state for notification in store.notifications("maple")]


def test_a_firing_reaches_its_person_once(notifier: Notifier, store: Store, phone: Phone) -> None:
    assert notifier.receive(make_firing(), now=NOON) is True
    assert (states(store), phone.got) == (["waiting"], [])
    assert notifier.notify_at() == NOON
    notifier.deliver(NOON)
    assert phone.said == ["Daisy has not been fed by noon."]
    assert (states(store), notifier.notify_at()) == (["sent"], None)
    assert notifier.receive(make_firing(), now=NOON + 1) is False
    assert notifier.deliver(NOON + 1) == []
    assert len(phone.got) == 1


def test_each_person_has_a_notification_and_nobody_two(notifier: Notifier, store: Store, phone: Phone) -> None:
    tell(notifier, "person.greg", "person.maya", "person.greg")
    notifier.receive(make_firing(), now=NOON)
    notifier.deliver(NOON)
    assert sorted((address, message.to) for address, message in phone.got) == [("", "Greg"), ("phone://maya", "Maya")]


def test_an_edit_of_the_rule_does_not_tell_again(notifier: Notifier, phone: Phone) -> None:
    notifier.receive(make_firing(), now=NOON)
    notifier.deliver(NOON)
    tell(notifier, "person.greg", urgency="low")
    notifier.receive(make_firing(), now=NOON + 1)
    notifier.deliver(NOON + 1)
    assert len(phone.got) == 1


def test_the_verdicts_of_a_noon_are_told_one_after_the_other(notifier: Notifier, phone: Phone) -> None:
    notifier.receive(make_firing("resolved", NOON + 20 * MINUTE), now=NOON + 20 * MINUTE)
    notifier.receive(make_firing("fired"), now=NOON + 20 * MINUTE)
    notifier.deliver(NOON + 20 * MINUTE)
    assert [said.split(":")[0] for said in phone.said][1] == "Resolved"


def test_a_dropped_rule_is_still_told_of(notifier: Notifier, store: Store, phone: Phone) -> None:
    store.drop_rule("maple", "daisy-fed", at=NOON)
    notifier.receive(make_firing(), now=NOON)
    notifier.deliver(NOON)
    assert len(phone.got) == 1


def test_a_rule_that_tells_nobody_keeps_its_firing(notifier: Notifier, store: Store) -> None:
    store.put_rule(make_rule(notify=None), at=0)
    assert notifier.receive(make_firing(), now=NOON) is True
    assert (store.firings("maple"), states(store)) == ([make_firing()], [])


# --- crashes ----------------------------------------------------------------------------------------------------


def test_what_was_written_and_not_sent_is_sent_by_the_next_run(
    notifier: Notifier, phone: Phone, tmp_path: Path
) -> None:
    notifier.receive(make_firing(), now=NOON)
    notifier.store.close()
    with Store(f"sqlite:///{tmp_path / 'proactive.db'}") as again:
        replace(notifier, store=again).deliver(NOON + MINUTE)
    assert phone.said == ["Daisy has not been fed by noon."]


def test_what_was_sent_and_not_marked_is_repeated_with_the_same_tag(notifier: Notifier, phone: Phone) -> None:
    notifier.receive(make_firing(), now=NOON)
    phone.cut = True
    with pytest.raises(PowerCut):
        notifier.deliver(NOON)
    phone.cut = False
    assert notifier.deliver(NOON + LEASE - 1) == []
    notifier.deliver(NOON + LEASE)
    (_, first), (_, second) = phone.got
    assert first.tag == second.tag
    assert second.body == "Daisy has not been fed by noon. (You may have had this before.)"
    assert notifier.deliver(NOON + HOUR) == []


def test_two_senders_send_once(notifier: Notifier, store: Store, phone: Phone) -> None:
    notifier.receive(make_firing(), now=NOON)
    [waiting] = store.due(NOON)
    assert store.begin_attempt(waiting, now=NOON, lease=LEASE) == Attempt(notification=waiting.id, number=1)
    assert store.begin_attempt(waiting, now=NOON, lease=LEASE) is None
    assert notifier.deliver(NOON) == []


# --- quiet hours, snoozes, lateness -----------------------------------------------------------------------------


def test_quiet_hours_hold_a_notification_until_they_end(notifier: Notifier, store: Store, phone: Phone) -> None:
    notifier.receive(make_firing(time=NIGHT), now=NIGHT)
    notifier.deliver(NIGHT)
    [held] = store.notifications("maple")
    assert (held.state, held.reason, notifier.notify_at()) == ("waiting", "held for quiet hours", MORNING)
    notifier.deliver(MORNING - 1)
    assert phone.got == []
    notifier.deliver(MORNING)
    assert phone.said[0].endswith("(This is from 11 pm on Monday, 9 March 2026; held for quiet hours.)")


def test_what_is_critical_breaks_through_quiet_hours_on_every_channel(notifier: Notifier, phone: Phone) -> None:
    tell(notifier, "person.maya", urgency="critical")
    notifier.receive(make_firing(time=NIGHT), now=NIGHT)
    notifier.deliver(NIGHT)
    assert [address for address, _ in phone.got] == ["phone://maya", ""]


def test_a_person_may_have_other_quiet_hours_or_none(notifier: Notifier, store: Store, phone: Phone) -> None:
    tell(notifier, "person.greg", "person.maya")
    store.prefer("maple", "quiet_hours", "none", person="person.greg")
    store.prefer("maple", "quiet_hours", "21:00-09:00", person="person.maya")
    notifier.receive(make_firing(time=NIGHT), now=NIGHT)
    notifier.deliver(NIGHT)
    assert [message.to for _, message in phone.got] == ["Greg"]
    assert notifier.notify_at() == at("2026-03-10T09:00:00-05:00")


def test_a_snoozed_rule_is_not_heard_of_and_its_firing_is_kept(notifier: Notifier, store: Store, phone: Phone) -> None:
    store.snooze("maple", "daisy-fed", until=NOON + HOUR, person="person.greg")
    tell(notifier, "person.greg", "person.maya")
    notifier.receive(make_firing(), now=NOON)
    notifier.deliver(NOON)
    assert [message.to for _, message in phone.got] == ["Maya"]
    assert sorted(states(store)) == ["sent", "snoozed"]


def test_a_rule_that_is_snoozed_for_all_is_heard_of_by_nobody(notifier: Notifier, store: Store, phone: Phone) -> None:
    store.snooze("maple", "daisy-fed", until=NOON + HOUR)
    tell(notifier, "person.greg", "person.maya")
    notifier.receive(make_firing(), now=NOON)
    notifier.deliver(NOON)
    assert (phone.got, states(store)) == ([], ["snoozed", "snoozed"])


def test_a_firing_that_was_decided_late_is_told_as_late(notifier: Notifier, phone: Phone) -> None:
    notifier.receive(make_firing(), now=NOON + HOUR)
    notifier.deliver(NOON + HOUR)
    assert phone.said[0].endswith(
        "noon on Monday, 9 March 2026; it was decided late, because nothing ran at the time.)"
    )


@pytest.mark.parametrize(
    ("hours", "now", "end"),
    [
        ("22:30-06:30", "2026-03-09T22:29:59-05:00", None),
        ("22:30-06:30", "2026-03-09T22:30:00-05:00", "2026-03-10T06:30:00-05:00"),
        ("22:30-06:30", "2026-03-10T06:30:00-05:00", None),
        ("13:00-15:00", "2026-03-09T14:00:00-05:00", "2026-03-09T15:00:00-05:00"),
        # The clock jumps from two to three: half past two is three.
        ("22:00-02:30", "2026-03-08T01:59:59-06:00", "2026-03-08T03:00:00-05:00"),
        # The clock shows half past one twice: the first ends the quiet.
        ("22:00-01:30", "2026-11-01T01:10:00-05:00", "2026-11-01T01:30:00-05:00"),
        ("22:00-01:30", "2026-11-01T01:10:00-06:00", None),
        (None, "2026-03-09T23:00:00-05:00", None),
    ],
)
def test_quiet_hours_are_wall_clock(maple: Home, hours: str | None, now: str, end: str | None) -> None:
    assert plan.quiet_until(hours, maple, at(now)) == (at(end) if end else None)


# --- channels that fail -----------------------------------------------------------------------------------------


def test_the_next_channel_is_tried_when_the_first_fails(notifier: Notifier, store: Store, phone: Phone) -> None:
    tell(notifier, "person.maya")
    phone.down = {"phone://maya"}
    notifier.receive(make_firing(), now=NOON)
    [(notification, outcome)] = notifier.deliver(NOON)
    assert (outcome.state, outcome.channels) == ("sent", ("console",))
    [delivery] = store.deliveries(notification.id)
    assert (delivery.channels, delivery.error) == ("console", "phone.maya: the phone is off")


def test_a_failed_delivery_is_tried_again_later_and_later_and_then_given_up_loudly(
    notifier: Notifier, phone: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    phone.down = {""}
    notifier.store.prefer("maple", "quiet_hours", "none")
    notifier.receive(make_firing(), now=NOON)
    while (then := notifier.notify_at()) is not None:
        notifier.deliver(then)
    given_up = next(each for each in notifier.store.notifications("maple") if each.occasion == "told")
    assert (given_up.state, given_up.reason) == ("failed", "given up after 9 attempts")
    began = [delivery.started_at for delivery in notifier.store.deliveries(given_up.id)]
    assert [after - before for before, after in pairwise(began)] == list(plan.BACKOFF)
    [loud] = [each.getMessage() for each in caplog.records if each.levelname == "ERROR"]
    assert loud == f"Notification {given_up.id} to person.greg: given up after 9 attempts; console: the phone is off"


def test_a_retry_that_falls_into_quiet_hours_waits_for_morning(notifier: Notifier, phone: Phone) -> None:
    phone.down = {""}
    evening = NIGHT - HOUR + 29 * MINUTE + 50 * SECOND
    notifier.receive(make_firing(time=evening), now=evening)
    notifier.deliver(evening)
    assert notifier.notify_at() == evening + plan.BACKOFF[0]
    notifier.deliver(evening + plan.BACKOFF[0])
    assert notifier.notify_at() == MORNING


def test_a_retry_that_works_says_that_it_is_late(notifier: Notifier, phone: Phone) -> None:
    phone.down = {""}
    notifier.receive(make_firing(), now=NOON)
    notifier.deliver(NOON)
    phone.down = set()
    notifier.deliver(NOON + 10 * MINUTE)
    assert "earlier attempts failed" in phone.said[0]
    assert "You may have had this" not in phone.said[0]


def test_a_broken_channel_stops_nobody_else(notifier: Notifier, phone: Phone) -> None:
    class Broken:
        def send(self, message: Message, address: str) -> None:
            raise ZeroDivisionError

    notifier.channels.made["phone"] = Broken()
    tell(notifier, "person.maya", "person.greg")
    notifier.receive(make_firing(), now=NOON)
    outcomes = [outcome for _, outcome in notifier.deliver(NOON)]
    assert {message.to for _, message in phone.got} == {"Maya", "Greg"}
    assert any("the channel 'phone' broke: ZeroDivisionError" in outcome.error for outcome in outcomes)


@pytest.mark.parametrize(
    ("person", "reason"),
    [("person.zoe", "Zoe has no channel: nobody was told"), ("person.eve", "person.eve is not a person of the home")],
)
def test_a_person_whom_nothing_reaches_is_reported(notifier: Notifier, person: str, reason: str, maple: Home) -> None:
    tell(notifier, person)
    notifier.receive(make_firing(), now=NOON)
    [(_, outcome)] = notifier.deliver(NOON)
    assert (outcome.state, outcome.reason) == ("failed", reason)
    assert plan.unreachable(maple, notifier.store.rules("maple"))


# --- pictures ---------------------------------------------------------------------------------------------------


def snapshot(path: str) -> dict[str, object]:
    base = {"id": "k-1", "type": "detection", "source": "cam.kitchen", "subject": "pet.daisy", "home": "maple"}
    return base | {"time": "2026-03-09T11:58:00-05:00", "data": {"snapshot": path}}


def test_a_picture_goes_along_with_its_time(notifier: Notifier, phone: Phone, tmp_path: Path) -> None:
    daisy = picture_in(tmp_path)
    notifier.receive(make_firing(evidence=("k-1",)), [from_json(snapshot(daisy))], now=NOON)
    notifier.deliver(NOON)
    assert phone.got[0][1].picture == tmp_path / daisy
    assert phone.said[0].endswith("(Picture: the kitchen camera, 11:58 am on Monday, 9 March 2026.)")


@pytest.mark.parametrize("named", ["secret.key", "../secret.jpg", "{other}/b.jpg", "/etc/passwd"])
def test_a_record_sends_no_file_but_a_picture_of_its_own_camera(
    notifier: Notifier, phone: Phone, tmp_path: Path, named: str
) -> None:
    name = named.format(other=place_of("maple", "cam.bedroom"))
    file = tmp_path / "data" / name
    notifier = replace(notifier, settings=Settings(tmp_path / "data"))
    if not name.startswith("/"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"secret")
    notifier.receive(make_firing(evidence=("k-1",)), [from_json(snapshot(name))], now=NOON)
    notifier.deliver(NOON)
    assert phone.got[0][1].picture is None


def test_a_picture_that_is_gone_is_not_spoken_of(notifier: Notifier, phone: Phone, tmp_path: Path) -> None:
    picture = Picture(str(tmp_path / "gone.jpg"), "cam.kitchen", NOON)
    notifier.receive(make_firing(), picture=picture, now=NOON)
    notifier.deliver(NOON)
    assert phone.got[0][1].picture is None
    assert phone.said == ["Daisy has not been fed by noon."]


# --- who and how ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("notify", "owner", "speaker", "expected"),
    [
        ({"to": ["person.maya"]}, "person.greg", "person.greg", ["person.maya"]),
        ({}, "person.maya", "person.greg", ["person.maya"]),
        ({}, None, "person.greg", ["person.greg"]),
        ({}, None, None, ["person.greg", "person.maya"]),
        (None, "person.maya", None, []),
    ],
)
def test_a_rule_tells_its_people_else_its_owner_else_the_owners_of_the_home(
    maple: Home, notify: object, owner: str | None, speaker: str | None, expected: list[str]
) -> None:
    home = maple.model_copy(update={"default_speaker": speaker})
    assert plan.recipients(make_rule(notify=notify, owner=owner), home) == expected


def test_an_address_comes_from_the_person_the_home_or_the_settings(store: Store, maple: Home, tmp_path: Path) -> None:
    person = maple.people[1]
    channels = Channels(installed())
    console = Route("phone.maya", "console", note="phone.maya has no address; set PROACTIVE_CHANNEL_PHONE_MAYA to one")
    bare, named = Settings(tmp_path), Settings(tmp_path, channels={"phone_maya": "ntfy://setting"})
    own = {("person.maya", "channel.phone.maya"): "ntfy://own", ("", "channel.phone.maya"): "console://home"}
    assert routes(person, {}, bare, channels) == [console]
    assert routes(person, {}, named, channels)[0] == Route("phone.maya", "apprise", "ntfy://setting")
    assert routes(person, own, named, channels)[0] == Route("phone.maya", "apprise", "ntfy://own")
    own.pop(("person.maya", "channel.phone.maya"))
    assert routes(person, own, named, channels)[0] == Route("phone.maya", "console", "console://home")


@pytest.mark.parametrize(
    ("name", "value"), [("quiet_hours", "at night"), ("channel.phone", "5551234"), ("quite_hours", "22:00-07:00")]
)
def test_a_preference_is_checked_where_it_is_written(store: Store, name: str, value: str) -> None:
    with pytest.raises(InputError, match="expected"):
        store.prefer("maple", name, value)


def test_a_noon_with_thousands_of_firings_is_one_transaction(notifier: Notifier, store: Store) -> None:
    noon = [make_firing(id=f"f-{n}", occurrence=f"o-{n}", time=NOON - n * SECOND) for n in range(2000)]
    assert notifier.receive_all(noon, now=NOON) == 2000
    assert notifier.receive_all(noon[:5], now=NOON) == 0
    due = store.due(NOON, limit=5000)
    assert [each.time for each in due] == sorted(firing.time for firing in noon)
    assert len(store.due(NOON, limit=10)) == 10
