from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from vision.activities.conformance import check_activity
from vision.activity import Act, Activity, Shown, Timing, activities, load_activities, longest, names
from vision.moment import Moment
from vision.vocabulary import MOVES


@pytest.mark.parametrize("activity", load_activities(), ids=lambda each: each.name)
def test_every_built_in_keeps_the_promises_of_an_activity(activity: Activity) -> None:
    check_activity(activity)


def test_an_entry_point_is_named_as_its_activity() -> None:
    assert [each.name for each in load_activities()] == sorted(activities())


def test_what_can_be_told_is_every_activity_and_the_ends_of_a_visit() -> None:
    assert names() == MOVES | {each.name for each in load_activities()}


def test_records_come_no_later_than_the_longest_activity_takes_to_be_sure() -> None:
    slow = Act("slow", lambda _: (), Timing(dwell=timedelta(minutes=1), bridge=timedelta(seconds=3)))
    assert longest([slow, Act("quick", lambda _: ())]) == timedelta(seconds=66)


def everybody(moment: Moment) -> Iterator[Shown]:
    for subject in moment.subjects:
        yield Shown(subject, "in_picture")


def elsewhere(moment: Moment) -> Iterator[Shown]:
    return (replace(shown, zone="attic") for shown in everybody(moment))


def groundless(moment: Moment) -> Iterator[Shown]:
    return (replace(shown, basis="") for shown in everybody(moment))


class Forgetful:
    name, timing = "forgetful", Timing()

    def __init__(self) -> None:
        self.asked = 0

    def shown(self, moment: Moment) -> Iterator[Shown]:
        self.asked += 1
        return everybody(moment) if self.asked % 2 else iter(())


@pytest.mark.parametrize(
    ("broken", "promise"),
    [
        (Act("left", everybody), "choose another"),
        (Act("Sits Still", everybody), "expected a word"),
        (Act("here", everybody, Timing(bridge=timedelta(0))), "timing.bridge"),
        (Act("here", elsewhere), "expected one of the moment's"),
        (Act("here", groundless), "inferred from"),
        (Forgetful(), "keep nothing"),
    ],
)
def test_an_activity_that_breaks_a_promise_is_told_which(broken: Activity, promise: str) -> None:
    with pytest.raises(AssertionError, match=promise):
        check_activity(broken)
