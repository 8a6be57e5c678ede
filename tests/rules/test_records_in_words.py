"""Laws of `rules.words.records`: people are told what was seen, and no more than that."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rules.record import Record
from rules.words.records import record_text
from tests.houses import oak

HOME = oak()
NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
BY = "by the kitchen camera"


def told(subject: str | None = "pet.daisy", **data: str | float) -> str:
    record = Record(id="1", type="detection", time=NOON, source="cam.kitchen", subject=subject, home="oak", data=data)
    return record_text(record, HOME)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({"activity": "lying", "zone": "couch"}, f"Daisy was seen lying on the couch {BY}"),
        ({"activity": "lying", "zone": "back_sofa"}, f"Daisy was seen lying on the back sofa {BY}"),
        ({"activity": "lying", "zone": "hall"}, f"Daisy was seen lying at the hall {BY}"),
        ({"activity": "lying"}, f"Daisy was seen lying {BY}"),
        ({"activity": "running"}, f"Daisy was seen running {BY}"),
        ({"activity": "drinking", "zone": "water_bowl", "basis": "head_at_bowl"}, f"Daisy was seen drinking at the water bowl {BY}"),
        ({"activity": "alone"}, f"Daisy was seen alone {BY}"),
        ({"activity": "together", "with": "pet.max"}, f"Daisy was seen together with Max {BY}"),
        ({"activity": "together", "with": "person"}, f"Daisy was seen together with a person {BY}"),
    ],
)  # fmt: skip
def test_each_activity_is_told_as_a_sentence(data: dict[str, str], text: str) -> None:
    assert told(**data) == text


def test_somebody_who_is_nobodys_name_is_told_by_label() -> None:
    assert told(None, label="person", activity="loitering", zone="porch") == f"a person was seen loitering at the porch {BY}"  # fmt: skip
    assert told(None, label="suitcase", activity="left_behind") == f"a suitcase was seen left behind {BY}"


def test_who_was_only_seen_at_a_bowl_is_not_said_to_have_eaten() -> None:
    seen = {"activity": "eating", "zone": "food_bowl", "basis": "at_bowl"}
    assert told(**seen, lasted=20.4) == f"Daisy was seen at the food bowl {BY} for 20 seconds"
    assert told(**seen, lasted=0.0) == f"Daisy was seen at the food bowl {BY}"
    assert told(**seen | {"basis": "head_at_bowl"}, lasted=20.4) == f"Daisy was seen eating at the food bowl {BY}"
