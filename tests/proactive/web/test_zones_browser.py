"""The story of zones in a real browser: drawn by finger on a phone, by mouse, and by keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from proactive.zones import Polygon
from rules.home import Camera
from tests.proactive.web.conftest import Running
from tests.proactive.web.glimpses import DOG, report, show
from tests.proactive.web.people import browser_of
from tests.proactive.web.test_browser import SECOND, SIZES, check, chromium, page, pytestmark

if TYPE_CHECKING:
    from playwright.sync_api import Browser as Chromium
    from playwright.sync_api import Page

__all__ = ["chromium", "page", "pytestmark"]
Place = tuple[float, float]  # on the picture, 0..1


@pytest.fixture
def phone(chromium: Chromium) -> Iterator[Page]:
    """Return a page that is touched with fingers."""
    context = chromium.new_context(viewport=SIZES["phone"], has_touch=True, is_mobile=True, device_scale_factor=2)
    context.set_default_timeout(20 * SECOND)
    yield context.new_page()
    context.close()


def come_in(running: Running, page: Page) -> None:
    """Open the camera as Greg, with a picture of now, and from there its zones."""
    show(running, DOG)
    report(running)
    secret = browser_of(running, "person.greg").client.cookies["proactive"]
    page.context.add_cookies([{"name": "proactive", "value": secret, "url": running.address}])
    page.goto(f"{running.address}/cameras/cam.kitchen")
    page.get_by_role("link", name="Change the zones").click()
    page.get_by_role("button", name="New zone").wait_for()


def on_screen(page: Page, place: Place) -> Place:
    page.locator("#canvas").scroll_into_view_if_needed()
    box = page.locator("#canvas").bounding_box()
    assert box is not None
    return box["x"] + place[0] * box["width"], box["y"] + place[1] * box["height"]


def slide(page: Page, *places: Place) -> None:
    """Put a finger down at the first place, slide it over the others, and lift it."""
    finger = page.context.new_cdp_session(page)
    for number, place in enumerate(places):
        x, y = on_screen(page, place)
        kind = "touchMove" if number else "touchStart"
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def saved(running: Running, page: Page) -> dict[str, Polygon]:
    """Save, and return the zones by then."""
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/cameras/cam.kitchen")
    camera = running.store.export_home("maple").by_id["cam.kitchen"]
    assert isinstance(camera, Camera)
    return camera.zones


def rounded(polygon: Polygon) -> list[Place]:
    return [(round(x, 2), round(y, 2)) for x, y in polygon]


def test_a_finger_draws_a_zone_names_it_moves_a_corner_and_takes_a_slip_back(running: Running, phone: Page) -> None:
    come_in(running, phone)
    check(phone)
    phone.get_by_role("button", name="New zone").tap()
    slide(phone, (0.6, 0.1), (0.7, 0.3), (0.8, 0.6))
    name = phone.locator(".zone-row.chosen [name=name]")
    name.fill("Back door")
    slide(phone, (0.8, 0.6), (0.85, 0.7), (0.9, 0.8))  # a corner
    slide(phone, (0.7, 0.3), (0.72, 0.32), (0.2, 0.2))  # the whole zone: a slip
    phone.get_by_role("button", name="Undo").tap()
    check(phone)
    assert rounded(saved(running, phone)["back_door"]) == [(0.6, 0.1), (0.8, 0.1), (0.9, 0.8), (0.6, 0.6)]
    phone.get_by_text("Saved.").wait_for()
    assert "back door" in phone.locator("#seen").inner_text()


def test_corners_are_tapped_one_by_one_and_the_first_one_closes_the_zone(running: Running, phone: Page) -> None:
    come_in(running, phone)
    phone.get_by_role("button", name="New zone").tap()
    for place in ((0.6, 0.1), (0.9, 0.1), (0.9, 0.5), (0.6, 0.1)):
        phone.touchscreen.tap(*on_screen(phone, place))
    phone.locator(".zone-row.chosen [name=name]").fill("gate")
    assert rounded(saved(running, phone)["gate"]) == [(0.6, 0.1), (0.9, 0.1), (0.9, 0.5)]


def test_a_zone_is_drawn_moved_and_deleted_by_keyboard_alone(running: Running, page: Page) -> None:
    come_in(running, page)
    page.get_by_role("button", name="New zone").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("sofa")
    page.locator("[data-corner='0']").focus()
    for key in ("Shift+ArrowLeft", "ArrowUp", "ArrowUp"):
        page.keyboard.press(key)
    assert "30 % from the left, 33 % from the top" in page.locator("#told").inner_text()
    page.locator("[data-zone='1']").focus()
    page.keyboard.press("Shift+ArrowDown")
    page.get_by_role("button", name="Delete food bowls").focus()
    page.keyboard.press("Enter")
    check(page)
    found = saved(running, page)
    assert list(found) == ["counter", "sofa"]
    assert rounded(found["sofa"]) == [(0.3, 0.33), (0.65, 0.35), (0.65, 0.65), (0.35, 0.65)]
    assert found["counter"] == ((0.25, 0.4), (0.5, 0.4), (0.5, 1.0)), "a zone at the edge stays in the picture"
