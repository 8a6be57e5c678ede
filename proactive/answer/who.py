"""Who and where: people that cameras saw about when a device reported, and where somebody was seen last."""

from __future__ import annotations

import re

from proactive.answer.inquiry import Inquiry
from rules.home import Person
from rules.record import Record
from rules.units import MINUTE, instant

NEAR = 2 * MINUTE  # between somebody seen and what they may have done


def seen_near(inquiry: Inquiry, record: Record) -> list[Record]:
    """Return the people that were seen about when something was reported: one record of each, where it happened first.

    Cameras whose name shares a word with the device's come first; where none of them saw anybody, the others count.
    """
    time = instant(record.time)
    cameras = [camera.id for camera in inquiry.home.cameras]
    reports = inquiry.archive.reports(cameras, time - NEAR, time + NEAR)
    people = [each for each in reports if _is_person(each, inquiry) and inquiry.may(each)]
    own = [each for each in people if _shares_a_word(each.source or "", record.source or "", inquiry)]
    return list({each.subject or "": each for each in reversed(own or people)}.values())[::-1]


def _is_person(record: Record, inquiry: Inquiry) -> bool:
    if record.type != "detection":
        return False
    if isinstance(inquiry.home.by_id.get(record.subject or ""), Person):
        return True
    return record.data.get("label") == "person" and record.subject in (None, "unknown")


def _shares_a_word(camera: str, device: str, inquiry: Inquiry) -> bool:
    one, other = (inquiry.home.by_id.get(id) for id in (camera, device))
    if one is None or other is None:
        return False
    words = set(re.findall(r"\w+", one.name.lower())) - {"camera", "cam", "the"}
    return bool(words & set(re.findall(r"\w+", other.name.lower())))
