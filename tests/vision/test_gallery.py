from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vision.gallery import SURE, Gallery, gallery_of
from vision.look import Lab, Look, look_json, packed, parse_look
from vision.portrait import learn, read

CREAM: Lab = (76, 1, 9)
BLACK: Lab = (17, 1, 1)
coats = st.tuples(st.floats(0, 100), st.floats(-40, 60), st.floats(-60, 80))


def near(coat: Lab, *by: float) -> list[Look]:
    return [Look((coat[0] + step, coat[1], coat[2])) for step in by]


TWO = gallery_of({"pet.daisy": near(CREAM, -5, 0, 5), "pet.max": near(BLACK, -5, 0, 5)})


def test_an_animal_is_the_one_that_its_coat_fits() -> None:
    assert [TWO.judge(Look(coat)).subject for coat in (CREAM, BLACK)] == ["pet.daisy", "pet.max"]


def test_two_of_one_colour_are_not_told_apart() -> None:
    alike = gallery_of({"pet.daisy": near(BLACK, -5, 0, 5), "pet.max": near(BLACK, -4, 1, 6)})
    verdict = alike.judge(Look(BLACK))
    assert (verdict.subject, verdict.basis) == (None, "too_alike")


def test_a_coat_that_none_of_them_has_is_nobody_known() -> None:
    verdict = TWO.judge(Look((60, 35, 52)))
    assert (verdict.subject, verdict.basis) == (None, "nobody_known")


def test_a_look_without_a_coat_names_nobody_and_says_why() -> None:
    assert TWO.judge(Look(None, "no_colour")).basis == "no_colour"


def test_beside_one_that_may_look_like_anything_nobody_is_named() -> None:
    half = Gallery({"pet.daisy": learn([BLACK]), "pet.max": None})
    assert half.judge(Look(CREAM)).subject is None
    assert half.judge(Look(BLACK)).subject is None


@given(coat=coats)
def test_a_name_is_only_given_where_it_is_sure(coat: Lab) -> None:
    verdict = TWO.judge(Look(coat))
    assert verdict.subject is None or verdict.share >= SURE


@given(own=st.lists(coats, min_size=1, max_size=5), other=st.lists(coats, min_size=1, max_size=5), coat=coats)
def test_the_order_of_photos_and_of_pets_changes_nothing(own: list[Lab], other: list[Lab], coat: Lab) -> None:
    one = Gallery({"a": learn(own), "b": learn(other)}).judge(Look(coat))
    again = Gallery({"b": learn(other[::-1]), "a": learn(own[::-1])}).judge(Look(coat))
    assert one.subject == again.subject and one.basis == again.basis


def test_words_name_colours_and_no_colour_is_no_portrait() -> None:
    assert read("curly, shy") is None
    cream, black = read("cream or apricot, curly"), read("a BLACK labrador")
    told = Gallery({"pet.daisy": cream, "pet.max": black})
    assert [told.judge(Look(coat)).subject for coat in (CREAM, (12, 0, 0))] == ["pet.daisy", "pet.max"]
    assert told.judge(Look(CREAM)).basis == "coat_words"


def pointing(*values: float) -> bytes:
    return packed(np.array(values, np.float32))


def twins(count: int) -> dict[str, list[Look]]:
    """Return photos of two black dogs of which a network makes two things."""
    one, other = pointing(1, 0.3, 0), pointing(0.3, 1, 0)
    return {
        "pet.daisy": [Look(BLACK, embedding=one)] * count,
        "pet.max": [Look(BLACK, embedding=other)] * count,
    }


def test_two_of_one_colour_are_told_apart_by_their_build_where_photos_show_it() -> None:
    verdict = gallery_of(twins(3)).judge(Look(BLACK, embedding=pointing(0.3, 1, 0.1)))
    assert (verdict.subject, verdict.basis) == ("pet.max", "coat_and_build")
    assert gallery_of(twins(3)).judge(Look(BLACK, embedding=pointing(1, 1, 0))).subject is None
    assert gallery_of(twins(3)).judge(Look(BLACK)).subject is None
    assert gallery_of(twins(2)).judge(Look(BLACK, embedding=pointing(0.3, 1, 0.1))).subject is None


def test_a_build_that_speaks_against_a_coat_names_nobody() -> None:
    taught = twins(3) | {"pet.daisy": [Look(CREAM, embedding=pointing(1, 0.3, 0))] * 3}
    assert gallery_of(taught).judge(Look(CREAM, embedding=pointing(1, 0.4, 0))).subject == "pet.daisy"
    verdict = gallery_of(taught).judge(Look((47, 1, 4), embedding=pointing(1, 1, 0)))
    assert (verdict.subject, verdict.basis) == (None, "too_alike")


def test_a_look_is_kept_as_json_and_read_again() -> None:
    look = Look(BLACK, embedding=pointing(1, 2, 3))
    assert parse_look(look_json(look)) == look
    assert parse_look({"lab": "another version"}) is None
