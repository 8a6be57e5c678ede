"""After the first word: reminders, escalation, somebody else instead, and the last word in the place of the first."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from proactive.notification import ESCALATED
from proactive.notify.notifier import Notifier
from proactive.notify.replies import acknowledge, snooze
from proactive.notify.text import Picture
from proactive.store import Store
from rules.firing import Verdict
from rules.units import HOUR, MINUTE
from tests.proactive.conftest import at, make_firing, make_rule
from tests.proactive.phones import Phone, picture_in

NOON = at("2026-03-09T12:00:00-05:00")


def tell(store: Store, to: str = "person.greg", urgency: str = "high", **notify: object) -> None:
    store.put_rule(make_rule(notify={"to": [to], "message": "Not fed", "urgency": urgency, **notify}), at=0)


def run(notifier: Notifier, until: int) -> None:
    """Deliver whatever comes due up to an instant."""
    while (due := notifier.notify_at()) is not None and due <= until:
        notifier.deliver(due)


def first(store: Store) -> str:
    return next(each.id for each in store.notifications("maple") if each.occasion == "told")


def reminded(phone: Phone) -> int:
    return sum("Reminder" in said for said in phone.said)


def test_a_reminder_comes_until_the_times_are_used_up(notifier: Notifier, store: Store, phone: Phone) -> None:
    tell(store, remind={"every": "10m", "times": 2})
    notifier.receive(make_firing(), now=NOON)
    run(notifier, NOON + HOUR)
    assert phone.said[0] == "Not fed."
    assert [said.split(".")[0] for said in phone.said[1:]] == ["Reminder: Not fed"] * 2
    assert len({message.tag for _, message in phone.got}) == 1


def test_a_reminder_that_is_due_survives_a_kill(notifier: Notifier, store: Store, phone: Phone, tmp_path: Path) -> None:
    tell(store, remind={"every": "10m", "times": 1})
    notifier.receive(make_firing(), now=NOON)
    notifier.deliver(NOON)
    store.close()
    with Store(f"sqlite:///{tmp_path / 'proactive.db'}") as again:
        assert again.next_due() == NOON + 10 * MINUTE
        replace(notifier, store=again).deliver(NOON + 10 * MINUTE)
    assert reminded(phone) == 1


def test_nobody_is_reminded_of_what_somebody_has_seen_to(notifier: Notifier, store: Store, phone: Phone) -> None:
    tell(store, remind={"every": "10m", "times": 3})
    notifier.receive(make_firing(), now=NOON)
    run(notifier, NOON + 10 * MINUTE)
    acknowledge(store, first(store), "person.maya", now=NOON + 11 * MINUTE)
    run(notifier, NOON + HOUR)
    assert reminded(phone) == 1
    seen = store.notification(first(store))
    assert seen is not None
    assert (seen.acknowledged_by, seen.acknowledged_at) == ("person.maya", NOON + 11 * MINUTE)
    assert store.next_due() is None


@pytest.mark.parametrize("verdict", ["resolved", "corrected"])
def test_nobody_is_reminded_of_what_is_over(notifier: Notifier, store: Store, phone: Phone, verdict: str) -> None:
    tell(store, remind={"every": "10m", "times": 3})
    notifier.receive(make_firing(), now=NOON)
    run(notifier, NOON)
    notifier.receive(make_firing(verdict, NOON + 5 * MINUTE), now=NOON + 5 * MINUTE)  # type: ignore[arg-type]
    run(notifier, NOON + HOUR)
    assert reminded(phone) == 0


def test_a_resolution_stands_where_the_alert_stood(notifier: Notifier, store: Store, phone: Phone) -> None:
    notifier.receive(make_firing(), now=NOON)
    run(notifier, NOON)
    notifier.receive(make_firing("resolved", NOON + MINUTE), now=NOON + MINUTE)
    run(notifier, NOON + MINUTE)
    [shown] = phone.shown.values()
    assert shown.startswith("Resolved:")


def told_critically_to_maya(notifier: Notifier, store: Store) -> None:
    """Tell Maya through each of her channels; what comes next goes to the first that works."""
    tell(store, "person.maya", "critical")
    notifier.receive(make_firing(), now=NOON)
    run(notifier, NOON)
    tell(store, "person.maya", "normal")


@pytest.mark.parametrize("verdict", ["resolved", "corrected"])
def test_what_is_over_or_was_wrong_is_said_on_every_channel_that_told_of_it(
    notifier: Notifier, store: Store, phone: Phone, verdict: Verdict
) -> None:
    told_critically_to_maya(notifier, store)
    notifier.receive(make_firing(verdict, NOON + MINUTE), now=NOON + MINUTE)
    run(notifier, NOON + MINUTE)
    assert [address for address, message in phone.got if message.verdict == verdict] == ["phone://maya", ""]


def test_that_it_is_over_is_said_on_another_channel_where_those_that_told_of_it_are_down(
    notifier: Notifier, store: Store, phone: Phone
) -> None:
    phone.down = {"phone://maya"}
    told_critically_to_maya(notifier, store)
    phone.down = {""}
    notifier.receive(make_firing("resolved", NOON + MINUTE), now=NOON + MINUTE)
    run(notifier, NOON + MINUTE)
    assert [(address, message.verdict) for address, message in phone.got] == [
        ("", "fired"),
        ("phone://maya", "resolved"),
    ]


def test_who_did_not_want_to_hear_of_it_does_not_hear_that_it_is_over(
    notifier: Notifier, store: Store, phone: Phone
) -> None:
    store.snooze("maple", "daisy-fed", until=NOON + MINUTE, person="person.greg")
    notifier.receive(make_firing(), now=NOON)
    run(notifier, NOON)
    notifier.receive(make_firing("resolved", NOON + 2 * MINUTE), now=NOON + 2 * MINUTE)
    run(notifier, NOON + HOUR)
    assert phone.said == []


def test_when_nobody_reacts_others_are_told_and_hear_how_it_ended(
    notifier: Notifier, store: Store, phone: Phone
) -> None:
    tell(store, escalate={"after": "10m", "to": ["person.greg", "person.maya"]})
    notifier.receive(make_firing(), now=NOON)
    run(notifier, NOON + HOUR)
    assert [(message.to, message.body.partition(".")[0]) for _, message in phone.got] == [
        ("Greg", "Not fed"),
        ("Maya", "Nobody has reacted yet: Not fed"),
    ]
    notifier.receive(make_firing("resolved", NOON + HOUR), now=NOON + HOUR)
    run(notifier, NOON + HOUR)
    assert {message.to for _, message in phone.got if message.verdict == "resolved"} == {"Greg", "Maya"}


def test_whoever_an_alert_escalates_to_hears_at_once_of_what_cannot_be_told(
    notifier: Notifier, store: Store, phone: Phone
) -> None:
    tell(store, "person.zoe", escalate={"after": "10m", "to": ["person.maya"]})
    notifier.receive(make_firing(), now=NOON)
    run(notifier, NOON)
    occasions = {each.occasion for each in store.notifications("maple") if each.person == "person.maya"}
    assert ESCALATED in occasions
    assert {message.body for _, message in phone.got} == {"I could not reach Zoe: Not fed."}


def test_nobody_else_is_told_when_somebody_reacts_in_time(notifier: Notifier, store: Store, phone: Phone) -> None:
    tell(store, escalate={"after": "10m", "to": ["person.maya"]})
    notifier.receive(make_firing(), now=NOON)
    run(notifier, NOON)
    acknowledge(store, first(store), "person.greg", now=NOON + MINUTE)
    run(notifier, NOON + HOUR)
    assert {message.to for _, message in phone.got} == {"Greg"}


def test_what_a_person_without_a_channel_should_hear_another_hears(
    notifier: Notifier, store: Store, phone: Phone
) -> None:
    tell(store, "person.zoe")
    notifier.receive(make_firing(), now=NOON)
    run(notifier, NOON)
    assert sorted((message.to, message.body) for _, message in phone.got) == [
        ("Greg", "I could not reach Zoe: Not fed."),
        ("Maya", "I could not reach Zoe: Not fed."),
    ]


def test_what_is_critical_goes_to_another_as_soon_as_it_fails(notifier: Notifier, store: Store, phone: Phone) -> None:
    tell(store, "person.maya", "critical")
    phone.down = {"phone://maya"}
    notifier.channels.made["console"] = Phone(down={""})
    notifier.receive(make_firing(), now=NOON)
    notifier.deliver(NOON)
    notifier.channels.made["console"] = phone
    notifier.deliver(NOON)
    assert phone.said == ["I could not reach Maya: Not fed."]


def test_nobody_hears_instead_of_a_person_who_was_reached_after_all(
    notifier: Notifier, store: Store, phone: Phone
) -> None:
    tell(store, "person.maya")
    store.prefer("maple", "quiet_hours", "11:00-13:00", person="person.greg")
    phone.down = {"phone://maya", ""}
    notifier.receive(make_firing(), now=NOON)
    run(notifier, NOON + 10 * MINUTE)
    phone.down = set()
    run(notifier, NOON + 2 * HOUR)
    assert [(message.to, message.body) for _, message in phone.got] == [("Maya", phone.said[0])]
    [instead] = [each for each in store.notifications("maple") if each.person == "person.greg"]
    assert instead.reason == "the person was reached after all"


def test_a_snooze_stops_the_running_episode_too(notifier: Notifier, store: Store, phone: Phone) -> None:
    tell(store, remind={"every": "2h", "times": 3})
    notifier.receive(make_firing(), now=NOON)
    run(notifier, NOON)
    assert snooze(store, first(store), "person.greg", "1h", now=NOON + MINUTE) == NOON + HOUR + MINUTE
    run(notifier, NOON + 24 * HOUR)
    assert reminded(phone) == 0


def test_a_picture_that_comes_later_takes_the_place_of_the_words_without_a_sound(
    notifier: Notifier, store: Store, phone: Phone, tmp_path: Path
) -> None:
    phone.replaces = True
    notifier.receive(make_firing(), now=NOON)
    run(notifier, NOON)
    daisy = picture_in(tmp_path)
    assert notifier.illustrate(make_firing().id, Picture(daisy, "cam.kitchen", NOON), now=NOON + MINUTE) == 1
    run(notifier, NOON + MINUTE)
    (_, words), (_, pictured) = phone.got
    assert (words.tag, words.picture, words.silent) == (pictured.tag, None, False)
    assert (pictured.picture, pictured.silent) == (tmp_path / daisy, True)


def test_a_picture_takes_the_place_of_the_words_in_quiet_hours_too(
    notifier: Notifier, store: Store, phone: Phone, tmp_path: Path
) -> None:
    phone.replaces = True
    store.prefer("maple", "quiet_hours", "12:01-13:00")
    notifier.receive(make_firing(), now=NOON)
    run(notifier, NOON)
    late = NOON + 2 * MINUTE
    notifier.illustrate(make_firing().id, Picture(picture_in(tmp_path), "cam.kitchen", NOON), now=late)
    notifier.deliver(late)
    assert [message.silent for _, message in phone.got] == [False, True]


def test_a_channel_that_cannot_replace_is_not_sent_the_same_words_again(
    notifier: Notifier, store: Store, phone: Phone, tmp_path: Path
) -> None:
    notifier.receive(make_firing(), now=NOON)
    run(notifier, NOON)
    daisy = picture_in(tmp_path)
    notifier.illustrate(make_firing().id, Picture(daisy), now=NOON + MINUTE)
    run(notifier, NOON + HOUR)
    assert len(phone.got) == 1
