"""Laws of access: who may do, know and see what. One table a question, since the policy is a table."""

from __future__ import annotations

from itertools import pairwise
from typing import get_args

import pytest

from proactive.access.access import Access, reports_of
from proactive.access.right import RIGHTS, Right, Standing
from rules.home import Home, parse_home
from rules.problem import InputError
from rules.rule import Rule, parse_rule

LARCH = parse_home(
    {
        "home": "larch",
        "people": [
            {"id": "person.ida", "name": "Ida", "role": "owner"},
            {"id": "person.max", "name": "Max", "role": "member"},
            {"id": "person.kit", "name": "Kit", "role": "child"},
            {"id": "person.gus", "name": "Gus", "role": "guest"},
        ],
        "pets": [{"id": "pet.momo", "name": "Momo", "species": "cat"}],
        "cameras": [{"id": "cam.hall", "name": "hall camera"}, {"id": "cam.yard", "name": "yard camera"}],
        "devices": [
            {"id": "light.porch", "type": "light"},
            {"id": "lock.front", "type": "lock"},
            {"id": "phone.ida", "type": "phone"},
        ],
    }
)
PEOPLE = {"owner": "person.ida", "member": "person.max", "child": "person.kit", "guest": "person.gus"}


def as_(standing: str, **shown: bool) -> Access:
    return Access(LARCH, PEOPLE[standing], {name.replace("_", "."): yes for name, yes in shown.items()})


def rule(source: str, **more: object) -> Rule:
    when = {"op": "occurs", "of": [{"type": "detection", "source": source}]}
    return parse_rule({"id": "r", "home": "larch", "owner": "person.ida", "when": when} | more)


def test_each_standing_has_all_rights_of_the_one_below_it() -> None:
    order: list[Standing] = ["guest", "child", "member", "owner"]
    for lower, higher in pairwise(order):
        assert RIGHTS[lower] < RIGHTS[higher]
    assert RIGHTS["owner"] == set(get_args(Right))


@pytest.mark.parametrize(
    ("source", "subject", "knowing"),
    [
        ("cam.hall", "person.max", "owner member"),
        ("cam.hall", "person.kit", "owner member child"),
        ("cam.hall", "pet.momo", "owner member child"),
        ("cam.hall", None, "owner member"),
        ("person.max", None, "owner member"),
        ("person.kit", None, "owner member child"),
        ("light.porch", None, "owner member child guest"),
        ("lock.front", None, "owner member child"),
        ("phone.ida", None, "owner member"),
        ("nothing.listed", None, "owner member"),
        ("cam.gone", "person.max", "owner member"),
    ],
)
def test_whereabouts_are_for_members_and_locks_not_for_guests(source: str, subject: str | None, knowing: str) -> None:
    assert [each for each in PEOPLE if as_(each).may_know(source, subject)] == knowing.split()


@pytest.mark.parametrize(
    ("shown", "seeing"),
    [({}, "owner member"), ({"cam_hall": True}, "owner member child guest"), ({"cam_hall": False}, "owner")],
)
def test_pictures_are_seen_by_members_and_by_those_they_are_shown_to(shown: dict[str, bool], seeing: str) -> None:
    assert [each for each in PEOPLE if as_(each, **shown).may_see("cam.hall")] == seeing.split()


def test_a_camera_that_is_hidden_from_a_member_is_told_of_in_no_words_either() -> None:
    assert not as_("member", cam_hall=False).may_know("cam.hall", "pet.momo")
    assert as_("member", cam_hall=False).may_know("cam.yard", "pet.momo")


def test_what_was_hidden_stays_hidden_when_the_home_lists_it_no_more() -> None:
    hidden, gone = as_("member", cam_hall=False), LARCH.model_copy(update={"cameras": ()})
    assert not Access(gone, hidden.person, hidden.shown).may_know("cam.hall", "pet.momo")
    assert not Access(gone, PEOPLE["child"], {"cam.hall": True}).may_know("cam.hall", "pet.momo")


@pytest.mark.parametrize(
    ("source", "hearing"),
    [("cam.hall", "owner child"), ("person.max", "owner member"), ("phone.ida", "owner member")],
)
def test_a_source_is_named_to_whom_it_may_tell_something(source: str, hearing: str) -> None:
    hidden = {"member": {"cam_hall": False}}
    assert [each for each in PEOPLE if as_(each, **hidden.get(each, {})).may_hear_of(source)] == hearing.split()


def test_nothing_but_a_camera_has_pictures() -> None:
    assert not as_("owner").may_see("light.porch") and not as_("owner").may_see("cam.gone")


def test_whoever_a_rule_tells_sees_it_and_others_see_what_they_may_know() -> None:
    hidden = {"cam_hall": False}
    told = rule("cam.hall", notify={"to": ["person.gus"], "message": "Somebody is in the hall"})
    assert [each for each in PEOPLE if as_(each, **hidden).may_see_rule(told)] == ["owner", "guest"]
    assert [each for each in PEOPLE if as_(each).may_see_rule(rule("light.porch"))] == ["owner", "member"]
    assert as_("child", r=True).may_see_rule(rule("cam.hall"))


def test_owners_change_every_rule_and_others_their_own() -> None:
    of_max = rule("cam.yard", owner="person.max")
    assert [each for each in PEOPLE if as_(each).may_change_rule(of_max)] == ["owner", "member"]
    assert [each for each in PEOPLE if as_(each).may_change_rule(rule("cam.yard"))] == ["owner"]
    assert not as_("guest").may_change_rule(rule("light.porch", owner="person.gus"))


@pytest.mark.parametrize(
    "when",
    [
        {"op": "holds", "state": {"home": "nobody"}, "lasting": "1h"},
        {"op": "holds", "state": {"state": "phone.ida", "is": "home"}, "lasting": "1h"},
        {"op": "occurs", "of": [{"type": "detection", "subject": "person.max"}]},
    ],
)
def test_no_rule_tells_a_child_what_it_may_not_ask(when: dict[str, object]) -> None:
    nosy = rule("light.porch", when=when, owner="person.kit")
    assert not as_("child").may_make_rule(nosy) and as_("member").may_make_rule(nosy)
    with pytest.raises(InputError, match="may not know of"):
        as_("child").require_rule(nosy, new=True)


def test_a_condition_or_guard_on_a_hidden_camera_is_found_wherever_it_stands() -> None:
    seen = {"seen": {"of": [{"type": "detection", "source": "cam.yard"}], "within": "1h"}}
    guarded = rule("cam.hall", **{"while": [{"not": seen}]})
    assert {source for source, _ in reports_of(guarded, LARCH)} == {"cam.hall", "cam.yard"}
    assert not as_("member", cam_yard=False).may_make_rule(guarded)


def test_whoever_holds_the_data_folder_may_do_everything(maple: Home) -> None:
    assert Access(maple, None).may("manage_people") and Access(maple, None).may_see("cam.kitchen")


def test_whoever_was_taken_out_of_the_home_sees_nothing_of_what_was_shown_to_them() -> None:
    gone = Access(LARCH, "person.nobody", {"cam.hall": True})
    assert not gone.may_see("cam.hall") and not gone.may_know("cam.hall", "pet.momo") and gone.cameras() == ()


@pytest.mark.parametrize(("newcomer", "telling"), [(False, "owner member child"), (True, "owner member")])
def test_what_the_home_knows_is_told_by_those_who_live_there(newcomer: bool, telling: str) -> None:
    def may(standing: str) -> bool:
        try:
            as_(standing).require_fact(newcomer=newcomer)
        except InputError:
            return False
        return True

    assert [each for each in PEOPLE if may(each)] == telling.split()


def test_somebody_the_home_does_not_list_is_a_guest() -> None:
    assert Access(LARCH, "person.nobody").standing == "guest"
