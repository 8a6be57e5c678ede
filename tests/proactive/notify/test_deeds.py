"""Deeds: written once, sent once, asked about where a person must say yes, and never done late or twice."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from proactive.deed import Deed
from proactive.notify.actor import AGAIN, LEASE, Actor, through
from proactive.notify.deeds import PATIENCE
from proactive.notify.notifier import Notifier
from proactive.notify.replies import choose, confirm, refuse
from proactive.store import Store
from rules.home import Home
from rules.problem import InputError
from rules.units import HOUR, MINUTE, SECOND
from streams.source import Command, NotMine, SourceError, Unsure
from tests.proactive.conftest import at, make_firing, make_rule
from tests.proactive.phones import Phone, PowerCut

NOON = at("2026-03-09T12:00:00-05:00")
LIGHT = {"device": "light.hall", "command": "turn_on"}
DOOR = {"device": "cover.garage", "command": "close"}


@dataclass
class House:
    """The devices: what they were told; `away` ones take nothing, and at `cut` the power goes after they heard it."""

    told: list[Command] = field(default_factory=list)
    away: set[str] = field(default_factory=set)
    cut: bool = False
    broken: bool = False

    def __call__(self, command: Command) -> None:
        if command.device in self.away:
            raise SourceError(f"{command.device} does not answer")
        if self.broken:
            raise ZeroDivisionError
        self.told.append(command)
        if self.cut:
            raise PowerCut


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def actor(store: Store, house: House) -> Actor:
    return Actor(store, house)


def act(notifier: Notifier, *do: dict[str, str], late: int = 0) -> None:
    """Let the rule fire at noon with these actions."""
    notifier.store.put_rule(make_rule(do=list(do), notify={"to": ["person.greg"], "message": "Not fed"}), at=0)
    notifier.receive(make_firing(), now=NOON + late)


def only(store: Store) -> Deed:
    states = ("asking", "waiting", "sending", "done", "failed", "unsure", "expired", "refused")
    [deed] = store.deeds("maple", states)  # type: ignore[arg-type]  # every state
    return deed


def heard(notifier: Notifier, phone: Phone, now: int) -> list[str]:
    phone.got.clear()
    notifier.deliver(now)
    return [f"{message.to}: {message.body}" for _, message in phone.got if message.body != "Not fed."]


def test_a_firing_acts_once_however_often_it_is_told(notifier: Notifier, actor: Actor, house: House) -> None:
    act(notifier, LIGHT)
    assert actor.notify_at() == NOON
    assert [state for _, state in actor.act(NOON)] == ["done"]
    act(notifier, LIGHT)
    assert actor.act(NOON + SECOND) == []
    assert house.told == [Command("maple", "light.hall", "turn_on", None)]
    assert only(actor.store).state == "done"


@pytest.mark.parametrize("verdict", ["unknown", "resolved", "corrected"])
def test_only_what_fired_acts(notifier: Notifier, actor: Actor, verdict: str) -> None:
    notifier.store.put_rule(make_rule(do=[LIGHT]), at=0)
    notifier.receive(make_firing(verdict, NOON), now=NOON)  # type: ignore[arg-type]
    assert actor.notify_at() is None


def test_a_deed_that_was_written_survives_a_kill(notifier: Notifier, house: House, tmp_path: Path) -> None:
    act(notifier, LIGHT)
    notifier.store.close()
    with Store(f"sqlite:///{tmp_path / 'proactive.db'}") as again:
        Actor(again, house).act(NOON + SECOND)
    assert len(house.told) == 1


def test_a_deed_that_was_under_way_at_a_kill_is_not_done_again_and_somebody_is_told_to_look(
    notifier: Notifier, actor: Actor, house: House, phone: Phone
) -> None:
    act(notifier, LIGHT)
    house.cut = True
    with pytest.raises(PowerCut):
        actor.act(NOON)
    house.cut = False
    assert actor.act(NOON + LEASE - 1) == []
    assert [state for _, state in actor.act(NOON + LEASE)] == ["unsure"]
    assert len(house.told) == 1
    [said] = heard(notifier, phone, NOON + LEASE)
    assert said.startswith("Greg: I was about to turn on the hall light, and cannot tell whether it was done.")


def test_what_a_device_did_not_take_is_tried_twice_more_and_then_told(
    notifier: Notifier, actor: Actor, house: House, phone: Phone
) -> None:
    act(notifier, LIGHT)
    house.away = {"light.hall"}
    now = NOON
    for wait in AGAIN:
        assert actor.act(now) == []
        now += wait
        assert actor.notify_at() == now
    assert [state for _, state in actor.act(now)] == ["failed"]
    assert heard(notifier, phone, now) == ["Greg: I could not turn on the hall light: light.hall does not answer."]


def test_what_nobody_can_vouch_for_is_not_tried_again_and_somebody_is_told_to_look(
    store: Store, notifier: Notifier, phone: Phone
) -> None:
    act(notifier, LIGHT)

    def unheard(_: Command) -> None:
        raise Unsure("the lamp has not said that it did it")

    assert [state for _, state in Actor(store, unheard).act(NOON)] == ["unsure"]
    [said] = heard(notifier, phone, NOON)
    assert said.endswith("Please look. (the lamp has not said that it did it.)")


def test_a_broken_source_stops_nothing_else(notifier: Notifier, actor: Actor, house: House) -> None:
    act(notifier, LIGHT)
    house.broken = True
    assert [state for _, state in actor.act(NOON)] == ["unsure"]


def test_a_deed_that_comes_too_late_is_not_done(notifier: Notifier, actor: Actor, house: House, phone: Phone) -> None:
    act(notifier, LIGHT, late=HOUR)
    assert actor.act(NOON + HOUR) == []
    assert only(actor.store).state == "expired"
    assert any("I did not turn on the hall light: nothing ran" in said for said in heard(notifier, phone, NOON + HOUR))


def test_nothing_ran_between_the_writing_and_the_doing(notifier: Notifier, actor: Actor, house: House) -> None:
    act(notifier, LIGHT)
    assert [state for _, state in actor.act(NOON + HOUR)] == ["expired"]
    assert house.told == []


def test_a_home_that_no_longer_allows_it_is_obeyed(notifier: Notifier, actor: Actor, maple: Home) -> None:
    notifier.store.import_home(maple.model_copy(update={"allow": ("fan",)}))
    act(notifier, LIGHT)
    assert (only(actor.store).state, actor.notify_at()) == ("refused", None)


# --- a yes ------------------------------------------------------------------------------------------------------


def test_a_door_waits_for_an_owners_yes_and_is_then_closed_once(
    notifier: Notifier, actor: Actor, house: House, phone: Phone
) -> None:
    act(notifier, DOOR)
    [question] = heard(notifier, phone, NOON)
    assert question == ("Greg: Not fed. Shall I close the garage door? Say yes within 15 minutes; the code is CODE01.")
    assert {"confirm:CODE01", "refuse:CODE01"} < {choice.id for _, message in phone.got for choice in message.choices}
    assert actor.act(NOON + MINUTE) == []
    assert confirm(actor.store, "code01", "person.maya", now=NOON + MINUTE).device == "cover.garage"
    with pytest.raises(InputError, match="answered with yes already"):
        confirm(actor.store, "CODE01", "person.greg", now=NOON + MINUTE)
    actor.act(NOON + MINUTE)
    assert house.told == [Command("maple", "cover.garage", "close", None)]
    assert heard(notifier, phone, NOON + MINUTE) == ["Greg: Done, as Maya said: close the garage door."]


def test_a_yes_survives_a_kill(notifier: Notifier, house: House, tmp_path: Path) -> None:
    act(notifier, DOOR)
    confirm(notifier.store, "CODE01", "person.greg", now=NOON + MINUTE)
    notifier.store.close()
    with Store(f"sqlite:///{tmp_path / 'proactive.db'}") as again:
        Actor(again, house).act(NOON + 2 * MINUTE)
    assert len(house.told) == 1


def test_a_question_that_nobody_answers_ends_after_fifteen_minutes(
    notifier: Notifier, actor: Actor, house: House, phone: Phone
) -> None:
    act(notifier, DOOR)
    notifier.deliver(NOON)
    assert actor.notify_at() == NOON + PATIENCE
    with pytest.raises(InputError, match="nobody said yes within 15 minutes"):
        confirm(actor.store, "CODE01", "person.greg", now=NOON + PATIENCE)
    actor.act(NOON + PATIENCE)
    assert house.told == []
    assert heard(notifier, phone, NOON + PATIENCE)[0].startswith("Greg: I did not close the garage door: nobody said")
    assert len({message.tag for _, message in phone.got if message.to == "Greg"}) == 1


def test_a_no_is_kept(notifier: Notifier, actor: Actor, house: House) -> None:
    act(notifier, DOOR)
    refuse(actor.store, "CODE01", "person.greg", now=NOON)
    assert actor.act(NOON + HOUR) == []
    assert (only(actor.store).state, only(actor.store).by, house.told) == ("refused", "person.greg", [])


@pytest.mark.parametrize(
    ("code", "who", "message"),
    [
        ("CODE01", "person.zoe", "may not say yes"),
        ("CODE01", "person.eve", "expected a person of the home"),
        ("CODE01", None, "expected a person of the home"),
        ("WRONG1", "person.greg", "nothing that waits for this code"),
    ],
)
def test_only_an_owner_with_the_code_may_say_yes(
    notifier: Notifier, actor: Actor, code: str, who: str | None, message: str
) -> None:
    act(notifier, DOOR)
    with pytest.raises(InputError, match=message):
        confirm(actor.store, code, who, now=NOON)
    assert only(actor.store).state == "asking"


def test_a_question_is_not_held_for_quiet_hours(notifier: Notifier, phone: Phone) -> None:
    night = at("2026-03-09T23:00:00-05:00")
    notifier.store.put_rule(make_rule(do=[DOOR], notify={"to": ["person.greg"], "message": "Not fed"}), at=0)
    notifier.receive(make_firing(time=night), now=night)
    assert len(heard(notifier, phone, night)) == 1


def test_a_question_that_was_answered_before_it_was_sent_is_not_asked(notifier: Notifier, phone: Phone) -> None:
    act(notifier, DOOR)
    confirm(notifier.store, "CODE01", "person.greg", now=NOON)
    assert heard(notifier, phone, NOON) == []


def test_a_tap_on_a_message_is_an_answer(notifier: Notifier, actor: Actor) -> None:
    act(notifier, DOOR)
    assert choose(actor.store, "confirm:CODE01", "person.greg", now=NOON) == "I will close the garage door."
    [alert] = [each for each in actor.store.notifications("maple") if each.occasion == "told"]
    assert choose(actor.store, f"acknowledge:{alert.id}", "person.greg", now=NOON) == "Noted."
    assert choose(actor.store, f"snooze:{alert.id}:1h", "person.greg", now=NOON) == "Quiet for 1h."
    assert actor.store.snoozes("maple", NOON) == {("daisy-fed", "person.greg"): NOON + HOUR}
    for wrong in ("open:CODE01", "acknowledge:nothing", f"snooze:{alert.id}:soon"):
        with pytest.raises(InputError, match=r"expected|no such"):
            choose(actor.store, wrong, "person.greg", now=NOON)


def test_a_clock_that_is_set_back_leaves_fifteen_minutes_for_a_yes(notifier: Notifier, actor: Actor) -> None:
    act(notifier, DOOR)
    back = NOON - HOUR
    assert actor.act(back) == []
    assert actor.notify_at() == back + PATIENCE


# --- sources ----------------------------------------------------------------------------------------------------


@dataclass
class Knows:
    """A source that knows one device."""

    device: str
    told: list[str] = field(default_factory=list)

    def run(self, deliver: object, stop: object) -> None:
        """Tell nothing."""

    def send(self, command: Command) -> None:
        if command.device != self.device:
            raise SourceError(f"{self.device} is all I know")
        self.told.append(command.command)


def test_a_command_goes_through_the_first_source_that_takes_it() -> None:
    lamp, door = Knows("light.hall"), Knows("cover.garage")
    send = through([lamp, door])
    send(Command("maple", "cover.garage", "close"))
    assert (lamp.told, door.told) == ([], ["close"])
    with pytest.raises(SourceError, match=r"light\.hall is all I know; cover\.garage is all I know"):
        send(Command("maple", "fan.attic", "turn_on"))
    with pytest.raises(SourceError, match=r"no source that runs here knows fan\.attic"):
        through([])(Command("maple", "fan.attic", "turn_on"))


def test_a_source_that_knows_nothing_of_a_device_says_nothing_of_why_it_failed() -> None:
    class Hub(Knows):
        def send(self, command: Command) -> None:
            raise NotMine("the hub has other devices") if command.device != self.device else SourceError("no power")

    with pytest.raises(SourceError, match=r"^no power$"):
        through([Hub("light.attic"), Hub("light.hall")])(Command("maple", "light.hall", "turn_on"))


def test_what_one_source_cannot_vouch_for_is_given_to_no_other() -> None:
    class Silent(Knows):
        def send(self, command: Command) -> None:
            raise Unsure("silence")

    other = Knows("light.hall")
    with pytest.raises(Unsure):
        through([Silent("light.hall"), other])(Command("maple", "light.hall", "turn_on"))
    assert other.told == []
