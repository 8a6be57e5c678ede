"""Laws of the false alarm: it asks what was wrong, offers what would have helped with what it would have done, and saves on a yes."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from proactive.settings import Settings
from rules.home import Home
from rules.record import Record
from tests.proactive.conftest import make_rule
from tests.proactive.web.conftest import Running
from tests.proactive.web.people import Browser, browser_of, family
from tests.proactive.web.pushes import House, house

DOG = {"op": "occurs", "of": [{"type": "detection", "source": "cam.kitchen", "where": {"label": "dog"}}]}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, push_subject="mailto:greg@maple.example")


@pytest.fixture
def home(running: Running, maple: Home) -> Iterator[House]:
    """Return a home in which a dog was seen nine times, twice surely; Greg and Maya were told."""
    running.store.import_home(family(maple))
    told = {"to": ["person.greg", "person.maya"], "message": "A dog in the kitchen", "urgency": "high"}
    running.store.put_rule(make_rule(id="dog", when=DOG, notify=told), at=running.site.now())
    running.site.look()
    with house(running) as there:
        for number in range(9):
            running.clock.pass_by(hours=5)
            sure = 0.9 if number in (2, 5) else 0.6
            data = {"label": "dog", "confidence": sure, "zone": "counter", "episode": f"e{number}", "phase": "start"}
            seen = Record(id=f"r{number}", type="detection", time=running.clock.now, source="cam.kitchen", home="maple", data=data)  # fmt: skip
            running.runtime.ingest([seen])
        running.clock.pass_by(minutes=1)
        running.runtime.wake()
        yield there


def told(home: House, person: str = "person.greg") -> str:
    """Return the page of the last thing that a person was told."""
    last = home.running.firings()[-1]
    home.notifier.receive(last, now=home.now)
    home.deliver()
    return next(
        f"/notifications/{each.id}" for each in home.running.store.notifications("maple") if each.person == person
    )


def offers(text: str) -> list[tuple[str, str]]:
    """Return what a page offers, each with how often the rule fired before and would fire after."""
    found = re.findall(r'<h3 id="offer-\d">(.*?)</h3>.*?<strong>(Fired .*?)</strong>', text, re.DOTALL)
    return [(html.unescape(words), fired) for words, fired in found]


def proposed(text: str) -> list[str]:
    return [html.unescape(each) for each in re.findall(r'name="proposed" value="([^"]*)"', text)]


def test_nothing_there_offers_more_confidence_with_the_days_before_and_after_and_saves_it(home: House) -> None:
    greg: Browser = browser_of(home.running, "person.greg")
    page = told(home)
    assert "Nothing was there" in greg.get(f"{page}/wrong").text
    answer = greg.post(f"{page}/wrong", reason="nothing")
    asked = greg.get(answer.headers["location"]).text
    assert offers(asked) == [("Only where I am at least 65 % sure", "Fired 9 → 2")], "what lasted is told all the same"
    assert "Noted: a false alarm." in asked and "at least 0.65" in asked
    assert home.running.store.rule("maple", "dog").version == 1, "nothing changes before a yes"
    which = [words for words, _ in offers(asked)].index("Only where I am at least 65 % sure")
    saved = greg.post("/rules/dog/save", proposed=proposed(asked)[which])
    assert saved.headers["location"] == "/rules/dog?said=saved"
    rule = home.running.store.rule("maple", "dog")
    assert rule.as_json()["when"]["of"][0]["where"]["confidence"] == {"ge": 0.65} and rule.version == 2


def test_a_false_alarm_ends_it_for_everybody_and_says_who_said_so(home: House) -> None:
    page, hers = told(home), browser_of(home.running, "person.maya")
    browser_of(home.running, "person.greg").post(f"{page}/wrong", reason="place")
    shown = html.unescape(hers.get(told(home, "person.maya")).text)
    assert "Greg said it was a false alarm: it was the wrong place." in shown and "Greg has seen to it" in shown


def test_only_changes_that_would_have_kept_this_one_quiet_are_offered(home: House) -> None:
    greg, page = browser_of(home.running, "person.greg"), told(home)
    for reason, words in (
        ("boring", "Only while nobody is home"),
        ("time", "Not between"),
        ("place", "Only at the food bowls"),
    ):
        answer = greg.post(f"{page}/wrong", reason=reason)
        found = offers(greg.get(answer.headers["location"]).text)
        assert any(each.startswith(words) for each, _ in found), (reason, found)
        assert all(int(fired.rpartition(" ")[2]) < 9 for _, fired in found)
        assert not any("lasted" in each or "At most once" in each for each, _ in found), (
            "five hours apart, it would have come all the same"
        )


def test_who_may_not_change_the_rule_is_told_who_may(home: House) -> None:
    page = told(home)
    max_ = browser_of(home.running, "person.max")
    answer = max_.post(f"{page}/wrong", reason="nothing")
    text = html.unescape(max_.get(answer.headers["location"]).text)
    assert "Greg may change the rule" in text and offers(text) == []
    assert browser_of(home.running, "person.gus").post(f"{page}/wrong", reason="nothing").status_code == 404


def test_a_reason_that_is_none_is_noted_as_a_false_alarm_and_no_more(home: House) -> None:
    greg, page = browser_of(home.running, "person.greg"), told(home)
    answer = greg.post(f"{page}/wrong", reason="<script>")
    text = greg.get(answer.headers["location"]).text
    assert "<script>alert" not in text and "What was wrong?" in text and offers(text) == []
    [[_, reason]] = home.running.store.false_alarms("maple", home.running.firings()[-1].occurrence).items()
    assert reason == ""
