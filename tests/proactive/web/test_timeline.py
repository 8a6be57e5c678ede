"""Laws of the timeline: what happened, once each, to whoever may know, by what is looked for, a page at a time."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Literal

import pytest

from proactive.notification import Notification, Outcome, notification_id
from rules.firing import Firing
from rules.home import Home
from rules.record import Kind, Record
from tests.proactive.conftest import make_firing, make_rule
from tests.proactive.web.conftest import Running
from tests.proactive.web.people import Browser, browser_of, family


@pytest.fixture
def owner(running: Running) -> Browser:
    return browser_of(running, "person.greg")


def tell(running: Running, id: str, kind: Kind, source: str, subject: str | None = None, **data: object) -> None:
    """Report something now, and let a minute pass."""
    record = Record(id=id, type=kind, time=running.clock.now, source=source, subject=subject, home="maple", data=data)
    running.runtime.ingest([record])
    running.clock.pass_by(minutes=1)


def entries(text: str) -> list[str]:
    """Return the entries of a page as plain text, in their order."""
    found = re.findall(r'<li class="[^"]*" data-place="[^"]*">(.*?)</li>', text, re.DOTALL)
    return [" ".join(html.unescape(re.sub(r"<[^>]+>", " ", each)).split()) for each in found]


def older(text: str) -> str:
    found = re.search(r'href="([^"]*)" rel="next"', text)
    return html.unescape(found[1]) if found else ""


def test_an_episode_is_one_entry_from_its_start_to_its_end(running: Running, owner: Browser) -> None:
    said = {"label": "dog", "activity": "eating", "zone": "food_bowls", "episode": "k-1"}
    for id, phase in (("a", "start"), ("b", "update"), ("c", "end")):
        tell(running, id, "detection", "cam.kitchen", "pet.daisy", **said, phase=phase)
    assert entries(owner.get("/timeline").text) == [
        "8 am – 8:02 am Daisy was seen eating at the food bowls by the kitchen camera."
    ]


def test_a_state_happens_when_it_changes_and_a_thermometer_only_where_it_is_asked_for(
    running: Running, owner: Browser
) -> None:
    for number, value in enumerate(["closed", "open", "open", "closed"]):
        tell(running, f"g{number}", "state", "cover.garage", value=value)
    tell(running, "t1", "state", "light.hall", value=40, attribute="level")
    assert entries(owner.get("/timeline").text) == [
        "8:03 am The garage door closed.",
        "8:01 am The garage door opened.",
    ]
    assert len(entries(owner.get("/timeline?of=light.hall").text)) == 0, "its first report is no change"


def test_what_nobody_could_see_is_said_with_its_reason_and_its_end(running: Running, owner: Browser) -> None:
    tell(running, "off", "health", "cam.kitchen", status="offline", reason="covered")
    assert entries(owner.get("/timeline").text) == ["8 am – now The kitchen camera was covered."]
    running.clock.pass_by(minutes=59)
    tell(running, "on", "health", "cam.kitchen", status="online")
    assert entries(owner.get("/timeline?kind=blind").text) == ["8 am – 9 am The kitchen camera was covered."]


def test_what_stopped_in_the_same_minute_is_one_entry(running: Running, owner: Browser) -> None:
    now = running.clock.now
    sources = ("cam.kitchen", "cover.garage", "light.hall")
    running.runtime.ingest(
        [
            Record(id=f"{status}-{source}", type="health", time=now + timedelta(seconds=wait), source=source, home="maple",
                   data={"status": status})
            for source in sources for status, wait in (("offline", 0), ("online", 5))
        ]
    )  # fmt: skip
    running.clock.pass_by(minutes=1)
    found = entries(owner.get("/timeline").text)
    assert len(found) == 1 and all(name in found[0] for name in ("kitchen camera", "garage door", "hall light")), found


def told_at_once(running: Running) -> Firing:
    """Return a firing of which Greg was told through his phone."""
    running.store.put_rule(make_rule(), at=0)
    now, firing = running.site.now(), make_firing(time=running.site.now())
    told = Notification(
        id=notification_id(firing.id, "person.greg"), home="maple", firing=firing.id, rule="daisy-fed", person="person.greg",
        urgency="high", title="x", body="y", time=now, created_at=now, due_at=now, occurrence=firing.occurrence,
    )  # fmt: skip
    running.store.record_firing(firing, [told], now=now)
    attempt = running.store.begin_attempt(told, now=now, lease=1)
    assert attempt is not None
    running.store.end_attempt(attempt, Outcome(state="sent", due_at=now, channels=("phone.greg",)), now=now)
    return firing


@pytest.mark.parametrize("verdict", ["resolved", "corrected"])
def test_what_is_over_stands_open_no_more_in_what_was_told(
    running: Running, owner: Browser, verdict: Literal["resolved", "corrected"]
) -> None:
    told_at_once(running)
    assert "<span>Open</span>" in owner.get("/notifications").text
    running.store.record_firing(make_firing(verdict, time=running.site.now()), now=running.site.now())
    page = owner.get("/notifications").text
    assert "<span>Over</span>" in page and "<span>Open</span>" not in page


def test_what_was_told_is_there_with_who_got_it_and_how(running: Running, owner: Browser) -> None:
    told_at_once(running)
    found = entries(owner.get("/timeline").text)
    assert len(found) == 1 and "Daisy has not been fed by noon" in found[0]
    assert "Greg: told through phone.greg" in found[0]
    assert (
        entries(owner.get("/timeline?rule=daisy-fed").text)
        == found
        == entries(owner.get("/timeline?of=pet.daisy").text)
    )
    assert entries(owner.get("/timeline?rule=other").text) == entries(owner.get("/timeline?kind=seen").text) == []


def test_what_was_told_is_explained_by_the_rule_as_it_stood_then(running: Running, owner: Browser) -> None:
    running.store.put_rule(make_rule(), at=0)
    firing = make_firing(time=running.site.now())
    running.store.record_firing(firing, [], now=firing.time)
    later = {**make_rule().as_json()["when"], "window": {"from": "00:00", "until": "13:00"}}
    running.store.put_rule(make_rule(when=later), at=firing.time + 1)
    for path in ("/timeline", "/rules/daisy-fed"):
        text = owner.get(path).text
        assert text.count("had not been seen eating") == text.count("between midnight and noon") == 1, path


def test_it_is_looked_through_by_camera_pet_person_device_day_and_words(running: Running, owner: Browser) -> None:
    tell(running, "d", "detection", "cam.kitchen", "pet.daisy", activity="eating", zone="food_bowls", label="dog")
    tell(running, "p", "detection", "cam.kitchen", "person.maya", label="person", zone="counter", activity="at")
    tell(running, "r", "event", "doorbell.front", name="pressed")
    running.clock.pass_by(days=1)
    tell(running, "r2", "event", "doorbell.front", name="pressed")
    for query, count in {
        "": 4, "of=cam.kitchen": 2, "of=pet.daisy": 1, "of=person.maya": 1, "of=doorbell.front": 2, "q=daisy": 1, "q=EATING": 1,
        "q=maya+counter": 1, "q=front+doorbell": 2, "q=giraffe": 0, "day=2026-03-09": 3, "day=2026-03-10": 1, "kind=told": 0,
        "day=2026-03-09&of=doorbell.front": 1, "of=nobody.here": 0, "day=": 4,
    }.items():  # fmt: skip
        assert len(entries(owner.get(f"/timeline?{query}").text)) == count, query


def test_pages_go_on_where_they_ended_whatever_comes_meanwhile(running: Running, owner: Browser) -> None:
    for number in range(95):
        tell(running, f"r{number:02}", "event", "doorbell.front", name="pressed")
    page = owner.get("/timeline").text
    found = entries(page)
    while where := older(page):
        tell(running, f"new-{len(found)}", "event", "doorbell.front", name="pressed")
        page = owner.get(where).text
        found += entries(page)
    assert len(found) == len(set(found)) == 95


def test_an_open_page_is_sent_only_what_is_newer(running: Running, owner: Browser) -> None:
    tell(running, "r1", "event", "doorbell.front", name="pressed")
    newest = re.search(r'data-newest="([^"]*)"', owner.get("/timeline").text)
    assert newest is not None and entries(owner.get(f"/timeline?after={newest[1]}").text) == []
    tell(running, "r2", "event", "doorbell.front", name="pressed")
    part = owner.get(f"/timeline?after={newest[1]}").text
    assert len(entries(part)) == 1 and "<html" not in part


def test_everybody_sees_only_what_they_may_know(running: Running, maple: Home) -> None:
    running.store.import_home(family(maple))
    running.store.put_rule(make_rule(), at=0)
    running.site.look()
    running.store.record_firing(make_firing(time=running.site.now()), now=running.site.now())
    tell(running, "d", "detection", "cam.kitchen", "pet.daisy", label="dog", snapshot="pictures/d.jpg")
    tell(running, "m", "detection", "cam.kitchen", "person.maya", label="person")
    child = entries(browser_of(running, "person.zoe").get("/timeline").text)
    assert len(child) == 1 and "Daisy" in child[0]
    running.store.show("maple", "person.max", "cam.kitchen", shown=False)
    member = browser_of(running, "person.max").get("/timeline").text
    assert entries(member) == [] and "/pictures/" not in member and "kitchen camera" not in member
    assert browser_of(running, "person.gus").get("/timeline").status_code == 403
    whole = browser_of(running, "person.greg").get("/timeline").text
    assert len(entries(whole)) == 3 and 'src="/pictures/d"' in whole


def test_markup_in_what_is_reported_or_looked_for_stays_text(running: Running, owner: Browser) -> None:
    tell(running, "<b>", "detection", "cam.kitchen", "<script>x</script>", label="<img src=x>", activity="<i>")
    text = owner.get("/timeline?q=%3Cscript%3E").text
    assert "<script>x" not in text and "<img src=x" not in text and len(entries(text)) == 1


@pytest.mark.parametrize(
    "query", ["before=x", "before=1e9.k", "after=.", "day=1-1-1", "day=9999-12-31", "kind=all", "before=" + "9" * 40]
)
def test_an_address_that_is_not_whole_is_refused_in_words(owner: Browser, query: str) -> None:
    answer = owner.get(f"/timeline?{query}")
    assert answer.status_code == 422 and "Traceback" not in answer.text
