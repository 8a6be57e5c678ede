"""Talking: what was said is kept for each person, carried out on a yes, and forgotten when nobody means it any more."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from proactive.keeping import Keeper, Kept
from proactive.language.local.model import LocalModel
from proactive.language.local.tongue import tongue_of
from proactive.language.outcome import Change
from proactive.notification import Outcome as Sent
from proactive.notify.plan import notifications
from proactive.notify.text import Text
from proactive.store import Store
from proactive.talking import GOES_ON, HEARD_OF, Talk
from rules.home import Home, Person
from rules.problem import InputError
from rules.units import DAY, MINUTE
from tests.proactive.conftest import FED, at, make_firing, make_rule

NOW = at("2026-03-09T10:00:00-05:00")
DAISY = "let me know if Daisy isn't fed by noon every day"


def talk(store: Store, who: str | None = "person.greg") -> Talk:
    """Return a conversation of a person in the home of these tests."""
    return Talk(store, "maple", who, LocalModel())


def said(own: Talk, *texts: str, now: int = NOW) -> str:
    """Hear texts, carry out what is sure, and return the last reply."""
    turn = None
    for text in texts:
        turn = own.hear(text, now)
        own.carry_out(turn, now)
    assert turn is not None
    return turn.outcome.reply


def test_each_person_has_a_conversation_of_their_own(store: Store) -> None:
    said(talk(store), DAISY)
    assert "nothing that waits" in said(talk(store, "person.maya"), "yes")
    said(talk(store), "yes")
    assert [rule.owner for rule in store.rules("maple")] == ["person.greg"]


def test_after_a_while_a_yes_means_nothing_any_more(store: Store) -> None:
    said(talk(store), DAISY)
    assert "nothing that waits" in said(talk(store), "yes", now=NOW + GOES_ON + 1)


def test_a_new_conversation_refers_to_nothing(store: Store) -> None:
    said(talk(store), DAISY)
    talk(store).begin_anew(NOW)
    assert "nothing that waits" in said(talk(store), "yes")


def test_hearing_saves_nothing(store: Store) -> None:
    talk(store).hear(DAISY, NOW)
    talk(store).hear("my bedtime is eleven", NOW)
    talk(store).hear("Rex is our new dog", NOW)
    assert (store.rules("maple"), store.facts("maple"), len(store.export_home("maple").pets)) == ([], [], 1)


def test_a_newcomer_is_added_and_the_request_goes_on(store: Store) -> None:
    own = talk(store)
    said(own, "tell me if Rex isn't fed by noon")
    turn = own.hear("it's a cat", NOW)
    assert own.carry_out(turn, NOW).lines == (
        "Added pet.rex: Rex is a cat of this home. To take that back: proactive home forget pet.rex.rex",
    )
    assert store.export_home("maple").by_id["pet.rex"].name == "Rex"
    assert turn.outcome.change is not None
    said(own, turn.outcome.change.then, "yes")
    assert [rule.id for rule in store.rules("maple")] == ["rex-fed"]


def test_a_newcomer_stays_when_the_home_file_is_imported_again(store: Store, maple: Home) -> None:
    said(talk(store), "Rex is our new dog", "yes")
    store.import_home(maple)
    assert [pet.name for pet in store.export_home("maple").pets] == ["Daisy", "Rex"]
    listed = maple.model_copy(
        update={"pets": (*maple.pets, maple.pets[0].model_copy(update={"id": "pet.rex", "name": "Rex"}))}
    )
    store.import_home(listed)
    assert store.export_home("maple") == listed


def test_a_newcomer_is_forgotten_unless_a_rule_is_about_them(store: Store, maple: Home) -> None:
    own = talk(store)
    said(own, "Rex is our new dog", "yes", "tell me when Rex is at the counter", "yes")
    with pytest.raises(InputError, match="rex-counter"):
        store.forget("maple", "pet.rex", "Rex")
    assert "pet.rex" in store.export_home("maple").by_id
    store.drop_rule("maple", store.rules("maple")[0].id, at=NOW)
    assert store.forget("maple", "pet.rex", "Rex")
    assert store.export_home("maple") == maple


def test_what_is_told_is_kept_used_and_forgotten(store: Store) -> None:
    own = talk(store)
    said(own, "call the garage door the big door", "yes")
    assert "garage door" in said(own, "tell me when the big door opens")
    said(own, "forget the big door", "yes")
    assert store.facts("maple") == []


SPANISH = "avísame si Daisy no ha comido antes del mediodía"


@pytest.mark.parametrize(
    ("texts", "reply", "done"),
    [
        ((SPANISH, "sí"), "De acuerdo.", "Guardada: daisy-fed."),
        ((SPANISH, "mejor a la una", "sí"), "De acuerdo.", "Guardada: daisy-fed."),
        (
            (SPANISH, "sí", "deja de avisarme de Daisy"),
            "Pondría en pausa daisy-fed: Si no se ha visto a Daisy comer",
            "",
        ),
        (
            (SPANISH, "sí", "borra la regla de Daisy", "sí"),
            "De acuerdo.",
            "Borrada daisy-fed: Si no se ha visto a Daisy",
        ),
        ((SPANISH, "sí", "¿qué reglas tengo?"), "1. daisy-fed: Si no se ha visto a Daisy comer", ""),
        (("mi hora de dormir es a las once",), "Recordaría: la hora de dormir de Greg es a las 23:00.", ""),
        (("me acuesto a las once", "sí"), "De acuerdo.", "Lo recordaré: la hora de dormir de Greg es a las 23:00."),
        (("estamos fuera hasta mañana",), "Recordaría: todos están fuera de casa hasta el martes 10 de marzo", ""),
        (("estamos fuera", "sí", "ya hemos vuelto"), "Recordaría: todos estuvieron fuera de casa hasta el lunes 9", ""),
        (
            ("avísame si Rex no ha comido antes del mediodía", "un perro"),
            "Añad",
            "Añadido pet.rex: Rex vive en esta casa (perro).",
        ),
        (("Rex es nuestro nuevo perro",), "Añadiría a esta casa: Rex vive en esta casa (perro).", ""),
        ((SPANISH, "sí", "esta noche no me avises"), "", ""),
    ],
)
def test_a_conversation_in_spanish_is_spanish_to_its_end(
    store: Store, texts: tuple[str, ...], reply: str, done: str
) -> None:
    own = talk(store)
    replies, kept = [], Kept()
    for text in texts:
        turn = own.hear(text, NOW)
        kept = own.carry_out(turn, NOW)
        replies.append(turn.outcome.reply)
    assert {tongue_of(said, SPANISH) for said in replies} == {"es"}
    assert replies[-1].startswith(reply)
    assert "".join(kept.lines).startswith(done)


def test_a_rename_leaves_one_rule_under_its_new_name(store: Store) -> None:
    said(talk(store), DAISY, "yes", "call it feeding time", "yes")
    assert [rule.id for rule in store.rules("maple")] == ["feeding-time"]


def test_a_change_is_the_next_version_of_the_rule(store: Store) -> None:
    said(talk(store), DAISY, "yes", "make it ten instead", "yes")
    assert [(rule.id, rule.version) for rule in store.rules("maple")] == [("daisy-fed", 2)]


def test_two_rules_of_one_name_get_ids_of_their_own(store: Store) -> None:
    said(talk(store), DAISY, "same for dinner at 7.30", "yes")
    assert [rule.id for rule in store.rules("maple")] == ["daisy-fed", "daisy-fed-2"]


def test_a_yes_is_to_what_was_shown_whatever_was_said_elsewhere_meanwhile(store: Store) -> None:
    one, other = talk(store), talk(store)
    nine = one.hear("tell me if Daisy isn't fed by 9 am", NOW)
    ten = other.hear("tell me if Daisy isn't fed by 10 am", NOW)
    assert one.accept(nine, NOW).lines == ("Saved daisy-fed.",)
    assert other.accept(ten, NOW).lines == ("Saved daisy-fed-2.",)
    assert [rule.said for rule in store.rules("maple")] == [nine.text, ten.text]


def test_rules_that_are_saved_at_once_are_all_kept(store: Store) -> None:
    clocks = [f"{hour}:00" for hour in range(10, 18)]

    def save(until: str) -> None:
        absent = {"op": "absent", "of": [FED], "window": {"from": "00:00", "until": until}}
        Keeper(store, "maple", "person.greg", NOW).save((make_rule(when=absent),))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(save, clocks))
    assert sorted(rule.as_json()["when"]["window"]["until"] for rule in store.rules("maple")) == clocks


def test_to_be_left_alone_is_for_one_person_and_ends(store: Store) -> None:
    rule = store.put_rule(make_rule(), at=NOW)
    said(talk(store), "no alerts tonight", "yes")
    assert store.rule("maple", rule.id).enabled
    morning = at("2026-03-10T06:30:00-05:00")
    assert store.snoozes("maple", NOW) == {("daisy-fed", "person.greg"): morning}
    said(talk(store), "resume everything", "yes")
    assert store.snoozes("maple", NOW) == {}


def test_somebody_elses_rule_is_left_as_it_is_and_muted_for_who_asks(store: Store) -> None:
    to = {"to": ["person.zoe", "person.greg"], "message": "Daisy"}
    store.put_rule(make_rule(notify=to), at=NOW)
    said(talk(store, "person.zoe"), "stop telling me about Daisy", "yes")
    assert store.rule("maple", "daisy-fed").version == 1
    ((key, until),) = store.snoozes("maple", NOW).items()
    assert (key, until > NOW + 3000 * DAY) == (("daisy-fed", "person.zoe"), True)


def test_somebody_elses_rule_cannot_be_changed_or_dropped(store: Store) -> None:
    store.put_rule(make_rule(), at=NOW)
    own = talk(store, "person.zoe")
    for text in ("delete the Daisy rule", "change the Daisy rule to 1 pm", "pause the Daisy rule"):
        assert own.hear(text, NOW).outcome.outcome == "refuse"
        assert "nothing that waits" in said(own, "yes")


def test_stop_telling_me_that_is_what_was_told_last(store: Store, maple: Home) -> None:
    rule, firing = store.put_rule(make_rule(), at=NOW), make_firing(time=NOW)
    told = notifications(firing, rule, maple, Text("Daisy has not been fed by noon", ""), now=NOW)
    store.record_firing(firing, told, now=NOW)
    store.settle(told[0], Sent(state="sent", due_at=NOW), now=NOW)
    assert "pause daisy-fed" in said(talk(store), "stop telling me that", now=NOW + MINUTE)
    assert "do not know which" in said(talk(store, "person.maya"), "stop telling me that", now=NOW + MINUTE)
    assert "pause daisy-fed" not in said(talk(store), "hello", now=NOW + HEARD_OF + DAY)


def test_a_yes_of_somebody_who_may_not_changes_nothing(store: Store, maple: Home) -> None:
    standing = store.put_rule(make_rule(), who="person.greg", at=0)
    people = (*maple.people, Person(id="person.gus", name="Gus", role="guest"))
    store.import_home(maple.model_copy(update={"people": people}))
    for who in ("person.zoe", "person.gus"):
        keeper = Keeper(store, "maple", who, 1)
        for attempt in (Change("drop", (standing.id,), sure=True), Change("pause", (standing.id,), sure=True)):
            with pytest.raises(InputError):
                keeper.carry_out(attempt)
        with pytest.raises(InputError):
            keeper.save((make_rule(said="mine now"),), (standing.id,))
    store.show("maple", "person.zoe", "cam.kitchen", shown=False)
    with pytest.raises(InputError, match="may not know of"):
        Keeper(store, "maple", "person.zoe", 1).save((make_rule(id="zoes", owner="person.zoe"),))
    assert store.rules("maple") == [standing]


def test_a_proposal_is_settled_once(store: Store) -> None:
    own = talk(store)
    shown, dropped = own.hear(DAISY, NOW), own.hear("tell me when Daisy is at the counter", NOW)
    own.accept(shown, NOW)
    own.decline(dropped, NOW)
    for turn in (shown, dropped):
        with pytest.raises(InputError, match="answered or changed"):
            own.accept(turn, NOW)
        with pytest.raises(InputError, match="answered or changed"):
            own.decline(turn, NOW)
    assert [rule.id for rule in store.rules("maple")] == ["daisy-fed"]
