"""The pages in headless chromium, of a home with 500 rules and 50,000 records: first view, interaction, bytes sent.

python -m benchmarks.web                              # each page by itself
python -m benchmarks.web --browsers 50 --minutes 5    # so many at once: errors, times, memory of the server
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.full_home import NAME, OWNER, live_in
from proactive import app, clock
from proactive.access import token
from proactive.account import Account, Session
from proactive.intake import Intake
from proactive.settings import Settings
from proactive.standing import Follower
from proactive.store import Store
from proactive.web.app import make_app
from proactive.web.server import address_of, listen, served
from proactive.web.site import Site
from rules.record import Record
from rules.units import moment

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

PAGES = {
    "rules": "/rules",
    "rules, looked for": "/rules?q=thing+77",
    "one rule": "/rules/rule-000",
    "change": "/rules/rule-000/edit",
    "why": "/rules/rule-000/why",
    "timeline": "/timeline",
    "timeline, a camera": "/timeline?of=cam.kitchen",
    "timeline, a pet": "/timeline?of=pet.daisy",
    "timeline, words": "/timeline?q=daisy+bowls",
    "home": "/home",
}
QUIET = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
# Of one view, in milliseconds: the server's answer began and ended, the first paint, all that is there painted.
TIMES = """() => new Promise((done) => {
  const read = () => { const n = performance.getEntriesByType("navigation")[0], p = performance.getEntriesByType("paint");
    const all = [n, ...performance.getEntriesByType("resource").filter((e) => !e.name.endsWith("/live"))];
    done({ server: n.responseStart - n.requestStart, view: Math.max(n.domContentLoadedEventEnd, p[0]?.startTime ?? 0),
      bytes: all.reduce((sum, e) => sum + e.transferSize, 0), nodes: document.querySelectorAll("*").length }); };
  requestAnimationFrame(() => requestAnimationFrame(read)); })"""
# From a key to the next frame: what somebody who types waits for.
TYPED = """() => new Promise((done) => { const began = performance.now();
  const field = document.querySelector("main input:not([type=hidden])") ?? document.body; field.focus();
  field.dispatchEvent(new KeyboardEvent("keydown", { key: "a", bubbles: true })); document.documentElement.offsetHeight;
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - began), 0)); })"""


@dataclass
class Views:
    """What was measured of the views of one page."""

    server: list[float] = field(default_factory=list)
    view: list[float] = field(default_factory=list)
    again: list[float] = field(default_factory=list)
    typed: list[float] = field(default_factory=list)
    first_bytes: int = 0
    bytes: int = 0
    nodes: int = 0


@contextmanager
def serving(folder: Path, rules: int, records: int) -> Iterator[tuple[str, str, Site]]:
    """Yield the address of a server of a full home, and the cookie of its owner's session."""
    settings = Settings(data=folder)
    with Store(settings.database_url) as store, app.open_log(settings) as log:
        home = live_in(store, log, clock.now(), rules, records)
        runtime = app.open_runtime(log, [home])
        runtime.start()
        look = Follower(store, runtime).look
        look()
        listening = listen("127.0.0.1", 0)
        site = Site(settings, store, runtime, Intake(runtime, log), look)
        with served(make_app(site), listening):
            yield address_of(listening), _session(store), site


def _session(store: Store) -> str:
    now, secret = clock.now(), token.make()
    store.add_account(Account(id="ida", name="ida", home=NAME, person=OWNER, password="", created_at=now))
    store.add_session(
        Session(
            id=token.digest(secret), account="ida", home=NAME, person=OWNER, device="chromium", created_at=now, seen_at=now
        )
    )  # fmt: skip
    return secret


async def measure(address: str, secret: str, rounds: int) -> dict[str, Views]:
    """Return what each page takes: first in a browser that knows nothing, then in one that keeps what it has."""
    from playwright.async_api import async_playwright

    found = {name: Views() for name in PAGES}
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=_chromium(), args=list(QUIET))
        for name, path in PAGES.items():
            for _ in range(rounds):
                await _views(browser, address, secret, path, found[name])
        await browser.close()
    return found


async def _views(browser: Browser, address: str, secret: str, path: str, views: Views) -> None:
    context = await browser.new_context(viewport={"width": 390, "height": 844})
    await context.add_cookies([{"name": "proactive", "value": secret, "url": address}])
    page = await context.new_page()
    first = await _view(page, address + path)
    views.first_bytes, views.nodes = int(first["bytes"]), int(first["nodes"])
    views.view.append(first["view"])
    again = await _view(page, address + path)
    views.bytes = int(again["bytes"])
    views.server.append(again["server"])
    views.again.append(again["view"])
    views.typed.append(await page.evaluate(TYPED))
    await context.close()


async def _view(page: Page, address: str) -> dict[str, float]:
    await page.goto(address, wait_until="load")
    times: dict[str, float] = await page.evaluate(TIMES)
    return times


def show(found: dict[str, Views]) -> None:
    """Print a table: medians in milliseconds."""
    print(
        f"{'page':<20} {'first view':>10} {'server':>8} {'view again':>10} {'a key':>7} {'bytes first':>12} {'again':>8} {'nodes':>7}"
    )
    for name, each in found.items():
        print(
            f"{name:<20} {median(each.view):>7.0f} ms {median(each.server):>5.0f} ms {median(each.again):>7.0f} ms "
            f"{median(each.typed):>4.0f} ms {each.first_bytes:>12,} {each.bytes:>8,} {each.nodes:>7,}"
        )


# --- many at once -----------------------------------------------------------------------------------------------


async def crowd(address: str, secret: str, browsers: int, minutes: float) -> tuple[list[float], list[str]]:
    """Keep so many people on the pages, each with a live stream; return what a view took, and what went wrong."""
    from playwright.async_api import async_playwright

    took: list[float] = []
    wrong: list[str] = []
    until = time.monotonic() + minutes * 60
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=_chromium(), args=list(QUIET))
        people = (_person(browser, address, secret, number, until, took, wrong) for number in range(browsers))
        await asyncio.gather(*people)
        await browser.close()
    return took, wrong


async def _person(
    browser: Browser, address: str, secret: str, number: int, until: float, took: list[float], wrong: list[str]
) -> None:
    context = await browser.new_context()
    await context.add_cookies([{"name": "proactive", "value": secret, "url": address}])
    page = await context.new_page()
    page.set_default_timeout(60_000)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    paths = list(PAGES.values())
    while time.monotonic() < until:
        path = paths[number % len(paths)]
        number += 1
        began = time.monotonic()
        try:
            answer = await page.goto(address + path, wait_until="domcontentloaded")
            if answer is None or answer.status != 200:
                wrong.append(f"{path}: {answer and answer.status}")
            took.append(time.monotonic() - began)
        except Exception as error:  # noqa: BLE001  whatever a browser meets is counted
            wrong.append(f"{path}: {error}")
        await asyncio.sleep(min(8 + number % 5, max(0, until - time.monotonic())))
    await context.close()


def report_meanwhile(site: Site, done: threading.Event) -> None:
    """Report something each second, so that open pages have something to fetch."""
    number = 0
    while not done.wait(1.0):
        number += 1
        record = Record(
            id=f"now-{number}", type="event", source="doorbell.front", home=NAME, time=moment(clock.now()), data={"name": "pressed"}
        )  # fmt: skip
        site.runtime.ingest([record])


def _chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        sys.exit("There is no chromium: apt-get install chromium")
    return found


def _resident(pid: int) -> float:
    fields = Path(f"/proc/{pid}/status").read_text().split("VmRSS:")[1].split()
    return int(fields[0]) / 1000


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rules", type=int, default=500)
    parser.add_argument("--records", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--browsers", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--visit", nargs=2, metavar=("ADDRESS", "SECRET"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.visit:
        took, wrong = asyncio.run(crowd(given.visit[0], given.visit[1], given.browsers, given.minutes))
        print(json.dumps({"took": took, "wrong": wrong}))
        return
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder), given.rules, given.records) as (address, secret, site),
    ):
        if given.browsers:
            _crowded(address, secret, site, given.browsers, given.minutes)
        else:
            show(asyncio.run(measure(address, secret, given.rounds)))


def _crowded(address: str, secret: str, site: Site, browsers: int, minutes: float) -> None:
    """Let browsers of another process visit, and print how that went and what memory this one took."""
    import os

    before, done = _resident(os.getpid()), threading.Event()
    reporter = threading.Thread(target=report_meanwhile, args=(site, done))
    reporter.start()
    command = [
        sys.executable,
        "-m",
        "benchmarks.web",
        "--visit",
        address,
        secret,
        "--browsers",
        str(browsers),
        "--minutes",
        str(minutes),
    ]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    done.set()
    reporter.join()
    found = json.loads(answer.stdout)
    took, wrong = sorted(found["took"]), found["wrong"]
    print(f"{browsers} browsers, {minutes:g} minutes: {len(took)} views, {len(wrong)} errors {wrong[:3]}")
    print(f"median {median(took):.2f} s, 95 % {took[int(len(took) * 0.95)]:.2f} s, longest {took[-1]:.2f} s")
    print(f"memory of the server: {before:.0f} MB before, {_resident(os.getpid()):.0f} MB after")


if __name__ == "__main__":
    main()
