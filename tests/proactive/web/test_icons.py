"""Laws of the icons: each is as large as it says, and shows what the drawing shows. `python -m tests.proactive.web.test_icons` draws them anew."""

from __future__ import annotations

import json
import shutil
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from proactive.web.asset import assets

STATIC = Path(__file__).parents[3] / "proactive/web/static"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
# Each picture: its drawing, its size, and how round its corners are (a maskable one is cut by who shows it).
ICONS = {
    "icon-192.png": ("app-icon.svg", 192, "22%"),
    "icon-512.png": ("app-icon.svg", 512, "22%"),
    "icon-maskable-512.png": ("app-icon.svg", 512, "0"),
    "icon-apple-180.png": ("app-icon.svg", 180, "0"),
    "badge.png": ("badge.svg", 96, "0"),
}
Draw = Callable[[str], bytes]


def size_of(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def drawing() -> Iterator[Draw]:
    """Yield what draws an icon in a browser."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--headless", "--no-sandbox"])
        page = browser.new_page()

        def draw(name: str) -> bytes:
            drawn, size, corner = ICONS[name]
            page.set_viewport_size({"width": size, "height": size})
            svg = (STATIC / drawn).read_text()
            style = f"margin:0;width:{size}px;height:{size}px;border-radius:{corner};overflow:hidden"
            page.set_content(f"<html><body style='margin:0'><div style='{style}'>{svg}</div></body></html>")
            shot: bytes = page.screenshot(omit_background=True)
            return shot

        yield draw
        browser.close()


@pytest.fixture(scope="module")
def draw() -> Iterator[Draw]:
    yield from drawing()


@pytest.mark.parametrize("name", ICONS)
def test_an_icon_is_as_large_as_it_says(name: str) -> None:
    assert size_of(assets()[name].plain) == (ICONS[name][1],) * 2


def test_the_manifest_names_icons_that_are_there_and_of_that_size() -> None:
    manifest = json.loads(assets()["app.webmanifest"].plain)
    for icon in manifest["icons"]:
        found = assets()[icon["src"]]
        assert found.kind == icon["type"]
        if icon["type"] == "image/png":
            assert icon["sizes"] == "{}x{}".format(*size_of(found.plain))
    assert manifest["start_url"] == manifest["scope"] == manifest["id"] == "/"


@pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium: apt-get install chromium")
@pytest.mark.parametrize("name", ["icon-192.png", "badge.png"])
def test_an_icon_shows_what_the_drawing_shows(name: str, draw: Draw) -> None:
    cv2 = pytest.importorskip("cv2", reason="OpenCV is not installed")
    numpy = pytest.importorskip("numpy")

    def pixels(png: bytes) -> object:
        return cv2.imdecode(numpy.frombuffer(png, numpy.uint8), cv2.IMREAD_UNCHANGED).astype(int)

    apart = abs(pixels(assets()[name].plain) - pixels(draw(name)))  # type: ignore[operator]  # arrays, where there is numpy
    assert apart.mean() < 3.0, "draw it anew: python -m tests.proactive.web.test_icons"


if __name__ == "__main__":
    for drawn in drawing():
        for name in ICONS:
            (STATIC / name).write_bytes(drawn(name))
