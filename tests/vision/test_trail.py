from __future__ import annotations

from datetime import timedelta

from tests.vision.activities.moments import at
from vision.detection import Detection
from vision.moment import Subject
from vision.track import Track, group_of
from vision.trail import KEPT, Trails
from vision.zone import Box


def track(name: int, box: Box, label: str = "dog") -> Track:
    return Track(name, group_of(label) or label, Detection(box, label, 0.9), at(0))


def box(left: float, width: float = 0.2) -> Box:
    return (left, 0.5, left + width, 0.7)


def follow(*frames: list[Track], every: float = 0.4) -> tuple[Subject, ...]:
    """Return the subjects of the last of these frames."""
    trails = Trails()
    last: tuple[Subject, ...] = ()
    for number, tracks in enumerate(frames):
        last = trails.receive(at(number * every), tracks)
    return last


def lengths(subjects: tuple[Subject, ...]) -> list[int]:
    return [len(each.trail) for each in subjects]


def test_a_trail_has_the_steps_of_the_last_seconds_and_ends_with_now() -> None:
    (dog,) = follow(*[[track(1, box(0.1))]] * 30)
    assert dog.trail[-1].time == at(29 * 0.4)
    assert dog.trail[-1].time - dog.trail[0].time <= KEPT < dog.trail[-1].time - dog.trail[0].time + timedelta(seconds=0.4)  # fmt: skip


def test_a_trail_goes_on_with_a_new_track_where_one_was_lost_and_one_came() -> None:
    assert lengths(follow([track(1, box(0.0))], [track(2, box(0.35))], [track(3, box(0.7))])) == [3]


def test_what_goes_on_under_new_ids_and_comes_back_to_the_first_is_called_all_that_it_was_called_once() -> None:
    dog, cat = track(1, box(0.0)), track(2, box(0.35), "cat")
    for each in (dog, cat):
        each.votes.hear(each.detection)
    follow([dog], [cat], [dog], [cat])
    assert dog.votes is cat.votes
    assert dog.votes.weights == {"dog": 0.9, "cat": 0.9}


def test_a_trail_does_not_go_on_where_it_may_be_another() -> None:
    two = [track(1, box(0.0)), track(2, box(0.5))]
    assert lengths(follow(two, [track(3, box(0.3))])) == [1]
    assert lengths(follow([track(1, box(0.0))], [track(2, box(0.1)), track(3, box(0.4))])) == [1, 1]


def test_a_trail_does_not_go_on_with_another_kind_size_or_place_or_after_a_while() -> None:
    assert lengths(follow([track(1, box(0.0))], [track(2, box(0.1), "person")])) == [1]
    assert lengths(follow([track(1, box(0.0))], [track(2, box(0.1, width=0.6))])) == [1]
    assert lengths(follow([track(1, box(0.0, 0.05))], [track(2, box(0.9, 0.05))])) == [1]
    assert lengths(follow([track(1, box(0.0))], [], [], [], [track(2, box(0.1))])) == [1]


def heading(*lefts: float, width: float = 0.2) -> int:
    (dog,) = follow(*[[track(1, box(left, width))] for left in lefts])
    return dog.heading


def test_the_end_that_goes_first_is_the_head_and_stays_it_while_the_animal_stands() -> None:
    assert heading(0.0, 0.1, 0.2) == 1
    assert heading(0.6, 0.5, 0.4, *[0.4] * 8) == -1
    assert heading(*[0.4] * 5) == 0


def test_swaying_is_no_walk() -> None:
    assert heading(0.40, 0.42, 0.40, 0.41, 0.43) == 0


def test_an_animal_that_turns_on_the_spot_has_its_head_nobody_knows_where() -> None:
    walk = [[track(1, box(left))] for left in (0.0, 0.1, 0.2)]
    (dog,) = follow(*walk, *[[track(1, box(0.25, 0.12))]] * 4)
    assert dog.heading == 0
