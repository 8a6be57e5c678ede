"""Laws of the Talk page: what is said becomes a card, nothing counts before a yes, and nobody hears or sees more than they may."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path

import pytest

from proactive.pictures import place_of
from rules.home import Home
from rules.record import Record
from streams.source import Command, SourceError
from tests.proactive.web.conftest import Running
from tests.proactive.web.people import PERSON, Browser, browser_of, family

DAISY = "let me know if Daisy isn't fed by noon every day"
KITCHEN = place_of("maple", "cam.kitchen")
JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9")


@pytest.fixture
def owner(running: Running) -> Browser:
    return browser_of(running, "person.greg")


def say(browser: Browser, text: str) -> str:
    """Say something as without scripts, and return the page that shows it."""
    answer = browser.post("/talk", text=text)
    assert answer.status_code == 303, answer.text
    return browser.get("/talk").text


def turn_of(page: str) -> str:
    """Return the number of the last turn on a page."""
    return str(re.findall(r'id="t(\d+)"', page)[-1])


def eat(running: Running, time: datetime, id: str = "meal", **data: object) -> None:
    """Let Daisy eat, with a picture where `snapshot` names one."""
    folder = running.site.settings.data / KITCHEN
    folder.mkdir(parents=True, exist_ok=True)
    if "snapshot" in data:
        (folder / Path(str(data["snapshot"])).name).write_bytes(JPEG)
    given = {"label": "dog", "activity": "eating", "zone": "food_bowls", **data}
    running.runtime.ingest(
        [
            Record(
                id=id, type="detection", time=time, source="cam.kitchen", subject="pet.daisy", home="maple", data=given
            )
        ]
    )


# --- a rule -----------------------------------------------------------------------------------------------------


def test_what_is_said_becomes_a_card_and_counts_only_after_a_yes(running: Running, owner: Browser) -> None:
    page = say(owner, DAISY)
    assert "If Daisy has not been seen eating at the food bowls" in page and "Kitchen camera" in page
    assert running.store.rules("maple") == []
    owner.post(f"/talk/{turn_of(page)}/yes")
    assert running.runtime.rules()["maple", "daisy-fed"].owner == "person.greg", "it counts at once"
    page = owner.get("/talk").text
    assert "Saved “" in page and 'href="/rules/daisy-fed"' in page and "/yes" not in page
    assert "rule.save" in [change.did for change in running.store.changes("maple")]


def test_a_follow_up_changes_the_card_in_place(owner: Browser) -> None:
    say(owner, DAISY)
    page = say(owner, "make it one o'clock")
    assert "between midnight and 1 pm" in page and "midnight and noon" not in page
    assert page.count("rule-card") == 1 and "Changed below." in page


def test_several_rules_in_one_sentence_are_several_cards_of_which_some_may_be_saved(
    running: Running, owner: Browser
) -> None:
    page = say(owner, "tell me when the doorbell rings and when the garage door has been open for ten minutes")
    assert page.count('name="only"') == 2
    owner.post(f"/talk/{turn_of(page)}/yes", only="garage-door-open-10m")
    assert [rule.id for rule in running.store.rules("maple")] == ["garage-door-open-10m"]


def test_a_card_that_is_cancelled_saves_nothing_ever(running: Running, owner: Browser) -> None:
    turn = turn_of(say(owner, DAISY))
    assert owner.post(f"/talk/{turn}/no").status_code == 303
    assert "Cancelled. Nothing is changed." in owner.get("/talk").text
    assert owner.post(f"/talk/{turn}/yes").status_code == 409 and running.store.rules("maple") == []


def test_two_tabs_save_a_card_once(running: Running, owner: Browser) -> None:
    turn = turn_of(say(owner, DAISY))
    assert [owner.post(f"/talk/{turn}/yes").status_code for _ in range(2)] == [303, 409]
    assert [rule.id for rule in running.store.rules("maple")] == ["daisy-fed"]


def test_a_card_that_changed_in_another_tab_is_not_saved_as_it_was(running: Running, owner: Browser) -> None:
    old = turn_of(say(owner, DAISY))
    say(owner, "make it one o'clock")
    assert owner.post(f"/talk/{old}/yes").status_code == 409 and running.store.rules("maple") == []


def test_a_card_may_be_saved_after_the_few_words_for_it_mean_nothing_any_more(running: Running, owner: Browser) -> None:
    turn = turn_of(say(owner, DAISY))
    running.clock.pass_by(minutes=40)
    assert "There is nothing that waits for a yes" in say(owner, "yes")
    owner.post(f"/talk/{turn}/yes")
    assert [rule.id for rule in running.store.rules("maple")] == ["daisy-fed"]


def test_a_typed_yes_saves_too(running: Running, owner: Browser) -> None:
    say(owner, DAISY)
    page = say(owner, "yes")
    assert "Saved “" in page and [rule.id for rule in running.store.rules("maple")] == ["daisy-fed"]


def test_questions_are_buttons_and_a_tap_answers(running: Running, owner: Browser) -> None:
    page = say(owner, "tell me if Rex barks")
    assert 'name="text" value="a dog"' in page
    page = say(owner, "no")
    assert 'value="a dog"' not in page, "a question that was answered asks no more"


@pytest.mark.parametrize(
    ("said", "tap", "reads"),
    [
        ("tell me if Daisy isn't fed", "By noon", "between midnight and noon"),
        ("tell me if Daisy isn't fed", "By 8 pm", "between midnight and 8 pm"),
        ("tell me if Daisy isn't fed", "For 12 hours", "for 12 hours"),
        ("avísame si Daisy no ha comido", "Antes del mediodía", "entre medianoche y mediodía"),
        ("avísame si Daisy no ha comido", "Antes de las 8 de la tarde", "entre medianoche y las 20:00"),
        ("avísame si Daisy no ha comido", "Durante 12 horas", "durante 12 horas"),
    ],
)
def test_what_a_deadline_may_be_is_a_tap_away_and_a_tap_answers(
    owner: Browser, said: str, tap: str, reads: str
) -> None:
    page = say(owner, said)
    assert f'name="text" value="{tap}"' in page
    assert reads in say(owner, tap)


def test_the_last_days_are_shown_as_squares_with_words(running: Running, owner: Browser) -> None:
    for day in range(1, 5):
        if day != 3:
            eat(running, running.clock.now, f"meal-{day}")
        running.clock.pass_by(days=1)
        running.runtime.wake()
    page = say(owner, DAISY)
    assert 'class="fired" title="Wed 11 Mar: fired at noon' in page and 'class="quiet"' in page
    assert "1 fired" in page and "2 quiet" in page, "words stand beside the colours"


def test_without_history_the_card_says_so(owner: Browser) -> None:
    assert "No history yet" in say(owner, DAISY)


# --- questions --------------------------------------------------------------------------------------------------


def test_a_question_about_the_past_is_answered_with_its_picture(running: Running, owner: Browser) -> None:
    eat(running, running.clock.now, snapshot=f"{KITCHEN}/breakfast.jpg")
    running.clock.pass_by(minutes=20)
    running.runtime.wake()
    page = say(owner, "did Daisy eat today?")
    assert "at 8 am" in page and 'src="/pictures/meal"' in page
    picture = owner.get("/pictures/meal")
    assert picture.content == JPEG and picture.headers["content-type"] == "image/jpeg"
    running.clock.pass_by(hours=3)
    assert "Kitchen camera, 8 am" in owner.get("/talk").text, "it is still there later"


def test_a_picture_of_a_camera_that_is_hidden_is_neither_shown_nor_sent(running: Running, maple: Home) -> None:
    running.store.import_home(family(maple))
    eat(running, running.clock.now, snapshot=f"{KITCHEN}/breakfast.jpg")
    running.clock.pass_by(minutes=20)
    running.runtime.wake()
    member = browser_of(running, PERSON["member"])
    assert "/pictures/meal" in say(member, "did Daisy eat today?")
    running.store.show("maple", PERSON["member"], "cam.kitchen", shown=False)
    assert "/pictures/" not in member.get("/talk").text and member.get("/pictures/meal").status_code == 404
    assert "not shown to you" in say(member, "did Daisy eat today?")


@pytest.mark.parametrize(
    "name", ["../proactive.db", "../../etc/passwd", f"{KITCHEN}/../proactive.db", "x.txt", "a\0.jpg"]
)
def test_no_record_leads_out_of_the_folder_of_pictures(running: Running, owner: Browser, name: str) -> None:
    (running.site.settings.data / KITCHEN).mkdir(parents=True)
    running.runtime.ingest(
        [
            Record(
                id="evil",
                type="detection",
                time=running.clock.now,
                source="cam.kitchen",
                home="maple",
                data={"snapshot": name},
            )
        ]
    )
    assert owner.get("/pictures/evil").status_code == 404


# --- commands ---------------------------------------------------------------------------------------------------


def test_a_command_is_done_once_and_only_after_a_yes(running: Running, owner: Browser) -> None:
    page = say(owner, "turn on the hall light")
    assert "Shall I turn on the hall light now?" in page and running.device.told == []
    for _ in range(2):
        owner.post(f"/talk/{turn_of(page)}/yes")
    assert running.device.told == [Command("maple", "light.hall", "turn_on")]
    assert "Done: turn on the hall light." in owner.get("/talk").text


def test_a_typed_yes_does_what_was_asked_and_a_no_does_not(running: Running, owner: Browser) -> None:
    say(owner, "turn on the hall light")
    say(owner, "no")
    assert running.device.told == []
    say(owner, "turn on the hall light")
    say(owner, "yes")
    assert len(running.device.told) == 1


def test_a_yes_counts_only_while_its_giver_may_act(running: Running, owner: Browser, maple: Home) -> None:
    turn = turn_of(say(owner, "close the garage door"))
    greg = maple.people[0].model_copy(update={"role": "member"})
    running.store.import_home(maple.model_copy(update={"people": (greg, *maple.people[1:])}))
    answer = owner.post(f"/talk/{turn}/yes")
    assert answer.status_code == 403 and "only an owner may ask for" in answer.text and running.device.told == []


def test_a_command_that_no_device_takes_says_so(running: Running, owner: Browser) -> None:
    running.device.trouble = SourceError("the hall light is unplugged")
    turn = turn_of(say(owner, "turn on the hall light"))
    owner.post(f"/talk/{turn}/yes")
    assert "I could not turn on the hall light: the hall light is unplugged." in owner.get("/talk").text


# --- who may ----------------------------------------------------------------------------------------------------


def test_each_person_has_a_conversation_of_their_own_that_a_restart_keeps(running: Running, maple: Home) -> None:
    running.store.import_home(family(maple))
    owner, member = browser_of(running, PERSON["owner"]), browser_of(running, PERSON["member"])
    say(owner, DAISY)
    assert (
        DAISY.split("'", maxsplit=1)[0] in owner.get("/talk").text
        and "Daisy has not been" not in member.get("/talk").text
    )
    turn = turn_of(owner.get("/talk").text)
    assert member.post(f"/talk/{turn}/yes").status_code == 404
    assert running.store.conversation("maple", "person.greg")[0].text == DAISY


def test_a_card_of_what_one_may_not_know_shows_nothing_of_it(running: Running, maple: Home) -> None:
    running.store.import_home(family(maple))
    running.store.show("maple", PERSON["member"], "cam.kitchen", shown=False)
    member = browser_of(running, PERSON["member"])
    page = say(member, DAISY)
    assert "rests on something you may not know of" in page and "calendar" not in page and "<polygon" not in page
    member.post(f"/talk/{turn_of(page)}/yes")
    assert running.store.rules("maple") == []


def test_a_rule_of_others_is_not_named_to_whoever_may_not_see_it(running: Running, maple: Home) -> None:
    running.store.import_home(family(maple))
    turn = turn_of(say(browser_of(running, PERSON["owner"]), DAISY))
    browser_of(running, PERSON["owner"]).post(f"/talk/{turn}/yes")
    guest = browser_of(running, PERSON["guest"])
    assert "Daisy has not been" not in say(guest, "what are my rules?")


def test_markup_in_what_is_said_is_text(owner: Browser) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    for text in (evil, f"call the garage door {evil}", f"my {evil} is at eleven"):
        page = say(owner, text)
        assert "<script>alert" not in page and "<img src=x" not in page and "&lt;script&gt;" in page


def test_who_says_too_much_at_once_is_asked_to_wait(running: Running, owner: Browser) -> None:
    running.site.words.take("maple person.greg", 30)
    assert owner.post("/talk", text="hello").status_code == 429
    running.clock.pass_by(seconds=1)
    assert owner.post("/talk", text="hello").status_code != 429


def test_a_text_that_is_too_long_is_refused_and_an_empty_one_says_nothing(running: Running, owner: Browser) -> None:
    assert owner.post("/talk", text="a" * 3000).status_code == 422
    assert (
        owner.post("/talk", text="  ").status_code == 303 and running.store.conversation("maple", "person.greg") == ()
    )


# --- help -------------------------------------------------------------------------------------------------------


def test_an_empty_conversation_offers_what_this_home_understands(owner: Browser) -> None:
    page = owner.get("/talk").text
    offered = re.findall(r'class="chip" name="text" value="([^"]+)"', page)
    assert len(offered) == 6 and any("Daisy" in each for each in offered) and any("garage" in each for each in offered)


def test_what_is_not_understood_is_answered_with_what_can_be_said_here(owner: Browser) -> None:
    page = say(owner, "dfgdfg")
    assert "freezer" not in page and "What I understand, for example" in page and "Daisy" in page


def test_a_new_conversation_deletes_what_was_said_and_keeps_what_was_saved(running: Running, owner: Browser) -> None:
    say(owner, DAISY)
    say(owner, "yes")
    owner.post("/talk/forget")
    assert "What should I watch for?" in owner.get("/talk").text and len(running.store.rules("maple")) == 1
    assert running.store.conversation("maple", "person.greg") == ()


def test_a_script_hears_how_far_the_words_are_read(owner: Browser) -> None:
    headers = {"X-Form": owner.form(), "Accept": "application/x-ndjson"}
    answer = owner.client.post("/talk", data={"text": DAISY}, headers=headers)
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert answer.headers["content-type"] == "application/x-ndjson" and lines[-1]["done"] > 0


# --- the API under it -------------------------------------------------------------------------------------------


def test_the_api_says_the_same_as_the_page_and_saves_once(running: Running, owner: Browser) -> None:
    owner.client.headers.update({"X-Form": owner.form(), "Accept": "application/json"})
    said = owner.client.post("/api/talk", json={"text": DAISY}).json()
    assert said["standing"] == "open" and said["proposed"][0]["rule"]["when"]["window"]["until"] == "12:00"
    assert "rule-card" in owner.get("/talk").text, "the page shows what the API heard"
    answers = [owner.client.post(f"/api/talk/{said['turn']}/yes") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 409] and answers[0].json()["standing"] == "done"
    assert [rule.id for rule in running.store.rules("maple")] == ["daisy-fed"]


def test_the_api_answers_questions_with_choices_and_pictures(running: Running, owner: Browser) -> None:
    eat(running, running.clock.now, snapshot=f"{KITCHEN}/breakfast.jpg")
    running.clock.pass_by(minutes=5)
    running.runtime.wake()
    owner.client.headers.update({"X-Form": owner.form(), "Accept": "application/json"})
    answer = owner.client.post("/api/talk", json={"text": "did Daisy eat today?"}).json()
    assert answer["pictures"][0]["href"] == "/pictures/meal" and answer["outcome"] == "question"
    asked = owner.client.post("/api/talk", json={"text": "tell me if Rex barks"}).json()
    assert {"label": "A dog", "says": "a dog"} in asked["choices"]


def test_the_api_is_described_and_refuses_what_is_no_text(owner: Browser) -> None:
    described = owner.client.get("/api/openapi.json").json()["paths"]
    assert {"/api/talk", "/api/talk/{turn}/yes", "/api/talk/{turn}/no"} <= set(described)
    owner.client.headers.update({"X-Form": owner.form(), "Accept": "application/json"})
    wrong: list[object] = [{"text": " "}, {"text": "a" * 3000}, {}, {"text": 3}, []]
    for body in wrong:
        assert owner.client.post("/api/talk", json=body).status_code == 422, body
