"""Laws of the pages of one rule: changed in words and in a form, deleted and brought back, and why for any day."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta

import pytest

from proactive.pictures import place_of
from rules.home import Home
from rules.record import Record
from tests.proactive.conftest import make_rule
from tests.proactive.web.conftest import Running
from tests.proactive.web.people import Browser, browser_of, family

RULE = "/rules/daisy-fed"


@pytest.fixture
def owner(running: Running) -> Browser:
    """Return Greg's browser, on the third morning of the Daisy rule; she ate on the second."""
    running.store.put_rule(make_rule(), who="person.greg", at=running.site.now())
    running.site.look()
    running.clock.pass_by(days=1)
    running.runtime.wake()
    meal = report(running, "meal", activity="eating", zone="food_bowls", label="dog")
    running.runtime.ingest([meal])
    running.clock.pass_by(days=1)
    running.runtime.wake()
    return browser_of(running, "person.greg")


def report(running: Running, id: str, subject: str = "pet.daisy", **data: object) -> Record:
    return Record(
        id=id, type="detection", time=running.clock.now, source="cam.kitchen", subject=subject, home="maple", data=data
    )


def test_changes_in_words_have_a_pace_and_the_reader_that_all_of_the_site_has(owner: Browser, running: Running) -> None:
    running.site.words.take("maple person.greg", 10_000)  # more than the bucket holds: it owes the rest
    answer = owner.post(f"{RULE}/say", said="make it one o'clock")
    assert answer.status_code == 429 and int(answer.headers["retry-after"]) >= 1


def proposed(text: str) -> str:
    """Return the rule that a page proposes, as its form sends it back."""
    found = re.search(r'name="proposed" value="([^"]*)"', text)
    assert found is not None, text
    return html.unescape(found[1])


def test_words_change_a_rule_after_it_was_read_back_with_the_last_days_before_and_after(
    running: Running, owner: Browser
) -> None:
    page = owner.post(f"{RULE}/say", said="make it seven in the morning").text
    assert "between midnight and 7 am" in page and "Until: noon, now 7 am" in page
    assert "As it is now" in page and 'class="calendar"' in page and "fired at 7 am" in page
    assert running.store.rule("maple", "daisy-fed").version == 1, "nothing counts before a yes"
    answer = owner.post(f"{RULE}/save", proposed=proposed(page))
    assert answer.headers["location"] == f"{RULE}?said=saved"
    assert "between midnight and 7 am" in owner.get(RULE).text
    assert "Until: noon, now 7 am." in owner.get(RULE).text, "the history says what changed"


def test_a_day_whose_deadline_is_still_to_come_is_not_over_in_the_calendar(owner: Browser) -> None:
    page = owner.post(f"{RULE}/say", said="make it eleven at night").text
    assert re.search(r'<li class="due" title="[^"]*: not over: it decides at 11 pm"', page), page
    assert "1 not over" in page


def test_a_form_changes_times_days_people_urgency_and_message(running: Running, owner: Browser) -> None:
    page = owner.post(
        f"{RULE}/edit",
        **{
            "when-window-from": "06:30",
            "when-window-until": "13:00",
            "when-window-days": ["", "mon", "fri"],
            "notify-to": ["", "person.greg", "person.maya"],
            "notify-urgency": "critical",
            "notify-message": "No breakfast for Daisy",
            "notify-snapshot": ["no", "yes"],
        },
    ).text
    owner.post(f"{RULE}/save", proposed=proposed(page))
    body = running.store.rule("maple", "daisy-fed").as_json()
    assert body["when"]["window"] == {"from": "06:30", "until": "13:00", "days": ["mon", "fri"]}
    assert body["notify"] == {
        "to": ["person.greg", "person.maya"], "message": "No breakfast for Daisy", "urgency": "critical", "snapshot": True
    }  # fmt: skip
    assert [version.who for version in running.store.versions("maple", "daisy-fed")] == ["person.greg"] * 2


def test_a_form_that_changes_nothing_says_so_and_what_cannot_be_is_said_with_what_was_entered(owner: Browser) -> None:
    same = owner.post(f"{RULE}/edit", **{"when-window-until": "12:00"})
    assert same.status_code == 422 and "Nothing is changed by that." in same.text
    wrong = owner.post(f"{RULE}/edit", **{"when-window-until": "25:61"})
    assert wrong.status_code == 422 and 'value="25:61"' in wrong.text and "'25:61'" in html.unescape(wrong.text)
    none = owner.post(f"{RULE}/edit", **{"when-window-days": ""})
    assert none.status_code == 422 and "choose at least one day" in none.text


def test_durations_are_read_as_people_write_them(running: Running, owner: Browser) -> None:
    when = {"op": "occurs", "of": [{"type": "event", "source": "doorbell.front", "where": {"name": "pressed"}}]}
    running.store.put_rule(make_rule(id="bell", when=when), who="person.greg", at=running.site.now())
    page = owner.post("/rules/bell/edit", **{"when-cooldown": "1 hour and 30 minutes"}).text
    owner.post("/rules/bell/save", proposed=proposed(page))
    assert running.store.rule("maple", "bell").as_json()["when"]["cooldown"] == "1h30m"
    wrong = owner.post("/rules/bell/edit", **{"when-cooldown": "a while"})
    assert wrong.status_code == 422 and "a while" in wrong.text


def test_words_about_something_else_change_nothing(running: Running, owner: Browser) -> None:
    for said in ("was Daisy fed?", "pause it", "tell me when the garage opens", "<script>alert(1)</script>"):
        answer = owner.post(f"{RULE}/say", said=said)
        assert answer.status_code == 422 and "<script>alert" not in answer.text, said
    assert running.store.rule("maple", "daisy-fed").version == 1


def test_a_change_by_somebody_else_meanwhile_is_never_overwritten(running: Running, owner: Browser) -> None:
    page = owner.post(f"{RULE}/say", said="make it critical").text
    running.store.pause_rule("maple", "daisy-fed", who="person.maya", at=running.site.now())
    answer = owner.post(f"{RULE}/save", proposed=proposed(page))
    assert answer.status_code == 422 and "Somebody changed this rule meanwhile" in answer.text
    assert not running.store.rule("maple", "daisy-fed").enabled


@pytest.mark.parametrize("text", ["", "[]", "null", '{"when": 3}', "[" * 5000, '{"id": "daisy-fed"}'])
def test_what_is_no_rule_is_refused(running: Running, owner: Browser, text: str) -> None:
    assert owner.post(f"{RULE}/save", proposed=text).status_code == 422
    assert running.store.rule("maple", "daisy-fed").version == 1


def test_a_proposal_that_was_forged_is_checked_like_any_rule(running: Running, owner: Browser, maple: Home) -> None:
    running.store.import_home(family(maple))
    running.store.put_rule(make_rule(id="zoes", owner="person.zoe"), who="person.zoe", at=running.site.now())
    forged = make_rule(id="zoes", owner="person.greg", home="oak", when={"op": "absent", "of": [
        {"type": "detection", "source": "cam.nowhere", "subject": "pet.daisy"}], "window": {"from": "00:00", "until": "09:00"}})  # fmt: skip
    assert owner.post("/rules/zoes/save", proposed=json.dumps(forged.as_json())).status_code == 422
    child = browser_of(running, "person.zoe")
    assert child.get(f"{RULE}/edit").status_code == 404
    spying = make_rule(
        id="zoes",
        when={"op": "occurs", "of": [{"type": "detection", "source": "cam.kitchen", "subject": "person.greg"}]},
    )
    answer = child.post("/rules/zoes/save", proposed=json.dumps(spying.as_json()))
    assert answer.status_code == 422 and "may not know" in answer.text
    bell = {"op": "occurs", "of": [{"type": "event", "source": "doorbell.front", "where": {"name": "pressed"}}]}
    acting = make_rule(id="zoes", when=bell, do=[{"device": "cover.garage", "command": "open"}])
    answer = child.post("/rules/zoes/save", proposed=json.dumps(acting.as_json()))
    assert answer.status_code == 422 and "only an owner may ask for" in answer.text
    assert running.store.rule("maple", "zoes").version == 1


def test_a_deleted_rule_is_brought_back_as_it_stood(running: Running, owner: Browser) -> None:
    where = owner.post(f"{RULE}/drop").headers["location"]
    page = owner.get(where).text
    assert "Undo" in page and f'action="{RULE}/restore"' in page
    assert owner.post(f"{RULE}/restore").headers["location"] == f"{RULE}?said=restored"
    page = owner.get(RULE).text
    assert "deleted it." in page and "brought it back." in page
    assert owner.post(f"{RULE}/restore").status_code == 404, "what stands is not brought back"
    assert "Undo" not in owner.get("/rules?undo=daisy-fed").text


def test_why_tells_a_day_in_order_with_what_was_seen_and_when_nobody_could_see(
    running: Running, owner: Browser
) -> None:
    gone = Record(id="gone", type="health", source="cam.kitchen", home="maple", time=running.clock.now,
                  data={"status": "offline", "reason": "covered"})  # fmt: skip
    back = Record(id="back", type="health", source="cam.kitchen", home="maple",
                  time=running.clock.now + timedelta(minutes=90), data={"status": "online"})  # fmt: skip
    running.runtime.ingest([gone])
    running.clock.pass_by(minutes=90)
    running.runtime.ingest([back])
    running.clock.pass_by(hours=6)
    running.runtime.wake()
    fed = owner.get(f"{RULE}/why?day=2026-03-10").text
    assert "It did not fire, because Daisy was seen eating" in fed and 'class="seen"' in fed and "<svg" in fed
    dark = owner.get(f"{RULE}/why?day=2026-03-11").text
    assert "It could not tell" in dark
    assert "The kitchen camera was covered." in dark and "8 am" in dark and "9:30 am" in dark
    assert 'class="blind"' in dark
    assert owner.get(f"{RULE}/why").status_code == 200, "without a day it is today"


@pytest.mark.parametrize("day", ["1800-01-01", "9999-12-31", "yesterday", "2026-02-30"])
def test_a_day_that_cannot_be_is_refused_in_words(owner: Browser, day: str) -> None:
    assert owner.get(f"{RULE}/why?day={day}").status_code == 422


def test_a_spanish_home_reads_its_rules_and_blindness_in_spanish(running: Running, owner: Browser, maple: Home) -> None:
    running.store.import_home(maple.model_copy(update={"language": "es"}))
    assert "Si no se ha visto a Daisy comer" in owner.get(RULE).text
    assert "Si no se ha visto a Daisy comer" in owner.get(f"{RULE}/why").text


def test_many_rules_are_looked_for_and_paged(running: Running, owner: Browser) -> None:
    for number in range(90):
        running.store.put_rule(
            make_rule(id=f"r-{number:02}", said=f"thing {number}", notify={"to": ["person.greg"]}), at=0
        )
    first = owner.get("/rules").text
    assert first.count('class="card item"') == 40 and 'rel="next"' in first and 'rel="prev"' not in first
    last = owner.get("/rules?page=3").text
    assert last.count('class="card item"') == 11 and 'rel="prev"' in last
    assert owner.get("/rules?q=thing+77").text.count('class="card item"') == 1
    running.store.pause_rule("maple", "r-05", at=1)
    assert owner.get("/rules?show=paused").text.count('class="card item"') == 1
    assert "No such rule" in owner.get("/rules?q=%3Cb%3E").text
    assert owner.get("/rules?page=0").status_code == 422


def test_a_picture_is_sent_to_whoever_may_see_its_camera_and_nothing_else_ever(
    running: Running, owner: Browser, maple: Home
) -> None:
    data, own = running.site.settings.data, place_of("maple", "cam.kitchen")
    named = {
        "good": f"{own}/e1.jpg",
        "climbs": f"{own}/../secret.jpg",
        "absolute": "/etc/passwd",
        "of-another-home": f"{place_of('oak', 'cam.kitchen')}/e1.jpg",
        "of-another-camera": f"{place_of('maple', 'cam.bedroom')}/e1.jpg",
    }
    for name in named.values():
        if not name.startswith("/"):
            (data / name).parent.mkdir(parents=True, exist_ok=True)
            (data / name).write_bytes(b"\xff\xd8 a dog")
    running.runtime.ingest([report(running, id, snapshot=name) for id, name in named.items()])
    answer = owner.get("/pictures/good")
    assert answer.content == b"\xff\xd8 a dog" and answer.headers["content-type"] == "image/jpeg"
    for id in (*(named.keys() - {"good"}), "none", "..%2Fsecret.jpg", "meal"):
        assert owner.get(f"/pictures/{id}").status_code == 404, id
    running.store.import_home(family(maple))
    child = browser_of(running, "person.zoe")
    assert child.get("/pictures/good").status_code == 404
    running.store.show("maple", "person.zoe", "cam.kitchen", shown=True)
    assert child.get("/pictures/good").status_code == 200
    running.store.show("maple", "person.max", "cam.kitchen", shown=False)
    assert browser_of(running, "person.max").get("/pictures/good").status_code == 404
