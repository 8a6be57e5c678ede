from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.zone import Box, Zone, anchor, area, clip, contains, share_covered

SQUARE = ((0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75))
L_SHAPE = ((0.0, 0.0), (0.5, 0.0), (0.5, 0.5), (1.0, 0.5), (1.0, 1.0), (0.0, 1.0))

unit = st.floats(0, 1)
boxes = st.tuples(unit, unit, unit, unit).map(
    lambda b: (min(b[0], b[2]), min(b[1], b[3]), max(b[0], b[2]), max(b[1], b[3]))
)


@pytest.mark.parametrize(
    ("polygon", "box", "share"),
    [
        (SQUARE, (0.0, 0.0, 1.0, 1.0), 1.0),
        (SQUARE, (0.25, 0.25, 0.5, 0.75), 0.5),
        (SQUARE, (0.5, 0.5, 1.0, 1.0), 0.25),
        (SQUARE, (0.8, 0.8, 1.0, 1.0), 0.0),
        (L_SHAPE, (0.5, 0.0, 1.0, 0.5), 0.0),
        (L_SHAPE, (0.0, 0.5, 1.0, 1.0), 2 / 3),
        (((0.0, 0.0), (1.0, 1.0), (0.5, 0.5)), (0.0, 0.0, 1.0, 1.0), 0.0),
    ],
)
def test_the_share_of_a_zone_is_what_the_box_covers_of_its_area(polygon: object, box: Box, share: float) -> None:
    assert share_covered(Zone("z", polygon), box) == pytest.approx(share)  # type: ignore[arg-type]  # a table of points


@given(boxes)
def test_a_clipped_zone_is_never_larger_than_the_zone_or_the_box(box: Box) -> None:
    clipped = area(clip(L_SHAPE, box))
    assert clipped <= min(area(L_SHAPE), (box[2] - box[0]) * (box[3] - box[1])) + 1e-9


@given(boxes, boxes)
def test_a_larger_box_covers_no_less(small: Box, other: Box) -> None:
    both = (min(small[0], other[0]), min(small[1], other[1]), max(small[2], other[2]), max(small[3], other[3]))
    assert share_covered(Zone("z", L_SHAPE), both) >= share_covered(Zone("z", L_SHAPE), small) - 1e-9


@pytest.mark.parametrize(
    ("point", "inside"), [((0.25, 0.25), True), ((0.75, 0.25), False), ((0.75, 0.75), True), ((0.5, 1.5), False)]
)
def test_a_point_is_in_a_zone_by_its_outline(point: tuple[float, float], inside: bool) -> None:
    assert contains(L_SHAPE, point) is inside


def test_a_subject_cut_off_by_the_picture_still_stands_in_the_zone_at_its_edge() -> None:
    whole = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    assert contains(whole, anchor((0.2, 0.2, 0.8, 1.0)))


@pytest.mark.parametrize(
    ("name", "bowl"),
    [
        ("food_bowl", True),
        ("Food Bowls", True),
        ("cat-feeder", True),
        ("dish", True),
        ("food_and_water_bowls", True),
        ("water_bowl", False),
        ("tail", False),
        ("dishwasher", False),
        ("bowling", False),
    ],
)
def test_a_zone_is_a_bowl_when_its_name_says_so(name: str, bowl: bool) -> None:
    assert Zone(name, SQUARE).is_bowl is bowl
