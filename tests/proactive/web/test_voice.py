"""Laws of the microphone: what is heard is said as if typed, by whoever may; what is hard to hear is asked about, never done."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest

from proactive.access import token
from proactive.voice.engine import SpeechError
from proactive.voice.hearing import Heard
from proactive.voice.tally import Result
from proactive.voice.voice import OF_ONE, Voice
from rules.home import Home
from tests.proactive.voice.fakes import Loudness, Writer, tone, wait_until
from tests.proactive.web.conftest import Running
from tests.proactive.web.people import PERSON, Browser, browser_of, family

if TYPE_CHECKING:
    from websockets.sync.client import ClientConnection

pytest.importorskip("numpy", reason="sound is samples: needs the [voice] extra")
sync = pytest.importorskip("websockets.sync.client")
DAISY = "let me know if Daisy isn't fed by noon every day"  # 11 words: 4.4 seconds of the writer's
SPOKEN = tone(4.8) + tone(1.2, loud=0)
HALF = 16_000  # bytes of half a second


@dataclass
class Microphone:
    """A browser's microphone: what is sent through it, and what it was told."""

    socket: ClientConnection
    told: list[dict[str, Any]] = field(default_factory=list)

    def say(self, pcm: bytes) -> None:
        """Send sound, half a second a message."""
        for at in range(0, len(pcm), HALF):
            self.socket.send(pcm[at : at + HALF])

    def hear(self) -> dict[str, Any]:
        """Return what it is told next."""
        self.told.append(json.loads(self.socket.recv(timeout=20)))
        return self.told[-1]

    def until(self, *words: str) -> dict[str, Any]:
        """Return what it is told that has one of some words."""
        while not set(words) & set(said := self.hear()):
            pass
        return said


@contextmanager
def microphone(running: Running, browser: Browser, **more: str) -> Iterator[Microphone]:
    """Open the microphone of whoever is signed in in a browser."""
    cookies = "; ".join(f"{each.name}={each.value}" for each in browser.client.cookies.jar)
    address = running.address.replace("http://", "ws://")
    given = {"form": browser.form(), "origin": running.address} | more
    protocols = ["proactive.voice", *([given["form"]] if given["form"] else [])]
    with sync.connect(
        f"{address}/talk/voice", subprotocols=protocols, origin=given["origin"] or None,
        additional_headers={"Cookie": cookies} if cookies else {}, proxy=None,
    ) as socket:  # fmt: skip
        yield Microphone(socket)


@pytest.fixture
def owner(running: Running) -> Browser:
    return browser_of(running, "person.greg")


def turns(running: Running, count: int = 1) -> Counter[Result]:
    """Return what became of so many turns, once they are over for the server too."""
    tally = running.site.voice.tally
    wait_until(lambda: tally.turns.total() >= count)
    return tally.turns


def test_what_is_said_is_written_down_while_it_is_said_and_becomes_a_card(running: Running, owner: Browser) -> None:
    with microphone(running, owner) as mic:
        mic.until("ready")
        mic.say(tone(2.4))
        assert DAISY.startswith(mic.until("so_far")["so_far"])
        mic.say(tone(2.4) + tone(1.2, loud=0))
        at = mic.until("done")["done"]
    kinds = [next(iter(each)) for each in mic.told]
    assert [kinds.index(kind) for kind in ("ready", "so_far", "over", "heard", "done")] == sorted(
        kinds.index(kind) for kind in ("ready", "so_far", "over", "heard", "done")
    )
    assert mic.told[kinds.index("heard")] == {"heard": DAISY}
    page = owner.get("/talk").text
    assert f'id="t{at}"' in page and "rule-card" in page and running.store.rules("maple") == []
    assert "Daisy" in running.writer.names, "the household's names are told to the engine"


def test_a_tap_ends_the_turn_before_the_silence_does(running: Running, owner: Browser) -> None:
    with microphone(running, owner) as mic:
        mic.say(tone(4.8))
        mic.socket.send("end")
        assert mic.until("heard", "wrong") == {"heard": DAISY}


def test_a_text_that_was_understood_in_a_pause_is_not_understood_again(running: Running, owner: Browser) -> None:
    with microphone(running, owner) as mic:
        mic.say(tone(4.8) + tone(0.5, loud=0))
        running.writer.wait_for(5.0)
        mic.say(tone(0.5, loud=0))
        mic.until("done")
    given = running.writer.given
    assert len(given) == len(set(given)), "nor is the same sound written down again"
    assert turns(running) == {"said": 1}
    assert running.site.voice.tally.guesses["right"] == running.site.voice.tally.answered == 1
    with running.client() as client:
        shown = client.get("/metrics").text
    assert 'proactive_voice_guesses_total{result="right"} 1.0' in shown
    assert 'proactive_voice_turns_total{result="said"} 1.0' in shown
    assert "proactive_voice_saved_seconds_total" in shown and "proactive_voice_answer_seconds_count 1.0" in shown


def test_what_was_understood_ahead_does_not_count_after_what_it_rests_on_has_changed(
    running: Running, owner: Browser
) -> None:
    running.writer.words = "turn on the hall light please"
    with microphone(running, owner) as mic:
        mic.say(tone(2.6) + tone(0.5, loud=0))
        running.writer.wait_for(2.8)
        home = running.store.export_home("maple")
        running.store.import_home(home.model_copy(update={"devices": ()}))
        mic.say(tone(0.5, loud=0))
        mic.until("done")
    assert "Shall I turn on the hall light now?" not in owner.get("/talk").text


@pytest.mark.parametrize("words", [DAISY, "yes"])
def test_what_is_hard_to_hear_is_asked_about_and_nothing_is_said(running: Running, owner: Browser, words: str) -> None:
    owner.post("/talk", text=DAISY)
    running.writer.words, running.writer.sure = words, 0.4
    with microphone(running, owner) as mic:
        mic.say(SPOKEN)
        assert mic.until("doubt") == {"doubt": words, "why": "noise"}
    assert len(running.store.conversation("maple", "person.greg")) == 1 and running.store.rules("maple") == []
    assert turns(running) == {"doubtful": 1}


def test_who_speaks_longer_than_is_heard_is_asked_whether_that_was_all(running: Running, owner: Browser) -> None:
    running.writer.words = "tell me when the doorbell rings and " * 20
    with microphone(running, owner) as mic:
        mic.say(tone(21))
        assert mic.until("doubt")["why"] == "cut"
    assert running.store.conversation("maple", "person.greg") == ()


def test_nobody_who_speaks_says_nothing(running: Running, owner: Browser) -> None:
    with microphone(running, owner) as mic:
        mic.say(tone(6.5, loud=0))
        mic.until("nobody")
    assert running.store.conversation("maple", "person.greg") == () and running.writer.given == []


def test_whoever_goes_away_said_nothing_and_keeps_no_seat(running: Running, owner: Browser) -> None:
    for _ in range(OF_ONE + 1):
        with microphone(running, owner) as mic:
            mic.say(tone(2.0))
            mic.until("so_far")
        wait_until(lambda: running.site.voice._seated.total() == 0)
    assert turns(running, OF_ONE + 1) == {"left": OF_ONE + 1}
    assert running.store.conversation("maple", "person.greg") == ()


def test_what_is_still_written_down_when_somebody_goes_away_is_not_understood(
    running: Running, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, go_on = list[str](), Event()
    monkeypatch.setattr("proactive.web.talk.hearing.read_ahead", lambda _, text, __: read.append(text))

    def slow_in_a_pause(samples: Any, *_: Any) -> Heard:
        running.writer.given.append(len(samples) / 16_000)
        assert len(running.writer.given) < 2 or go_on.wait(20)
        return Heard(DAISY, 0.9)

    monkeypatch.setattr(running.writer, "hear", slow_in_a_pause)
    with microphone(running, owner) as mic:
        mic.say(tone(1.0))
        mic.until("so_far")
        mic.say(tone(0.5, loud=0))
        wait_until(lambda: len(running.writer.given) == 2)
    turns(running)
    go_on.set()
    running.writer.words = "turn on the hall light please"
    monkeypatch.setattr(running.writer, "hear", partial(Writer.hear, running.writer))
    with microphone(running, owner) as mic:  # once it is over, so is whatever the first would have gone on to do
        mic.say(tone(2.6) + tone(1.2, loud=0))
        mic.until("done")
    assert DAISY not in read


def test_too_many_at_once_are_told_so(running: Running, owner: Browser) -> None:
    with microphone(running, owner) as one, microphone(running, owner) as two, microphone(running, owner) as three:
        one.until("ready")
        two.until("ready")
        assert "Others are talking" in three.until("wrong")["wrong"]


def test_a_server_without_an_engine_says_what_to_install(running: Running, owner: Browser) -> None:
    def absent() -> Any:
        raise SpeechError("Whisper is not installed. Install it: pip install 'proactive[voice]'.")

    running.site.voice.__dict__.update(vars(Voice(absent, Loudness, absent)))
    with microphone(running, owner) as mic:
        assert "pip install 'proactive[voice]'" in mic.until("wrong")["wrong"]
    assert owner.get("/talk").status_code == 200


def test_sound_that_just_stops_coming_ends_the_turn(
    running: Running, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("proactive.web.talk.hearing.IDLE", 0.05)
    with microphone(running, owner) as mic:
        mic.say(tone(1.0))
        assert "broke off" in mic.until("wrong")["wrong"]
    assert running.store.conversation("maple", "person.greg") == ()


def test_a_message_that_is_too_large_ends_the_connection(running: Running, owner: Browser) -> None:
    from websockets.exceptions import ConnectionClosed

    with microphone(running, owner) as mic:
        mic.until("ready")
        mic.socket.send(b"\0" * 200_000)
        with pytest.raises(ConnectionClosed):
            mic.until("heard")
    assert running.site.voice.tally.turns["said"] == 0


# --- who may ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong", [{"form": "0" * 64}, {"form": ""}, {"origin": "https://evil.example"}, {"origin": "null"}, {"origin": ""}]
)
def test_a_page_of_another_site_has_no_microphone_here(running: Running, owner: Browser, wrong: dict[str, str]) -> None:
    from websockets.exceptions import InvalidStatus

    with pytest.raises(InvalidStatus) as refused, microphone(running, owner, **wrong):
        pass
    assert refused.value.response.status_code == 403


def test_nobody_is_heard_without_a_session(running: Running, owner: Browser) -> None:
    from websockets.exceptions import InvalidStatus

    with pytest.raises(InvalidStatus) as refused, microphone(running, Browser(running.address), form=owner.form()):
        pass
    assert refused.value.response.status_code == 401


def test_whoever_is_signed_out_while_they_speak_says_nothing(running: Running, owner: Browser) -> None:
    with microphone(running, owner) as mic:
        mic.say(tone(4.8))
        mic.until("so_far")
        owner.post("/sign-out")
        mic.socket.send("end")
        assert "signed out" in mic.until("wrong")["wrong"]
    assert running.store.conversation("maple", "person.greg") == ()


@pytest.mark.parametrize("standing", ["child", "guest"])
def test_a_child_and_a_guest_are_heard_and_may_do_what_they_may(running: Running, maple: Home, standing: str) -> None:
    running.store.import_home(family(maple))
    running.writer.words = "tell me when Greg comes home"
    somebody = browser_of(running, PERSON[standing])
    with microphone(running, somebody) as mic:
        mic.say(tone(2.6) + tone(1.2, loud=0))
        mic.until("done", "wrong")
    page = somebody.get("/talk").text
    somebody.post("/talk", text="yes")
    assert "tell me when Greg comes home" in page and running.store.rules("maple") == []


def test_who_says_too_much_at_once_is_asked_to_wait(running: Running, owner: Browser) -> None:
    running.site.words.take("maple person.greg", 900)
    with microphone(running, owner) as mic:
        assert "Wait a moment" in mic.until("wrong", "ready")["wrong"]


# --- read aloud -------------------------------------------------------------------------------------------------


def aloud(browser: Browser, at: object) -> Any:
    return browser.client.get(f"/talk/{at}/aloud")


def test_what_a_card_says_is_read_aloud(running: Running, owner: Browser) -> None:
    owner.post("/talk", text=DAISY)
    turn = running.store.conversation("maple", "person.greg")[-1]
    answer = aloud(owner, turn.at)
    assert answer.headers["content-type"] == "audio/mpeg" and len(answer.content) > 1000
    assert "no-store" in answer.headers["cache-control"]
    (said,) = running.crier.said
    assert said.startswith("If Daisy has not been seen eating") and said.endswith("Shall I save it?")
    owner.post(f"/talk/{turn.at}/yes")
    aloud(owner, running.store.conversation("maple", "person.greg")[-1].at)
    assert running.crier.said[-1].startswith("Saved ") and "“" not in running.crier.said[-1]


def test_an_answer_and_a_question_are_read_aloud(running: Running, owner: Browser) -> None:
    for text in ("tell me if Rex barks", "turn on the hall light"):
        owner.post("/talk", text=text)
        aloud(owner, running.store.conversation("maple", "person.greg")[-1].at)
    asked, confirm = running.crier.said
    assert "?" in asked and confirm == "Shall I turn on the hall light now?"


def test_a_conversation_is_read_aloud_to_whose_it_is_and_to_nobody_else(running: Running, maple: Home) -> None:
    running.store.import_home(family(maple))
    owner, member = browser_of(running, PERSON["owner"]), browser_of(running, PERSON["member"])
    owner.post("/talk", text=DAISY)
    at = running.store.conversation("maple", "person.greg")[-1].at
    assert aloud(member, at).status_code == 404 and running.crier.said == []
    assert Browser(running.address).client.get(f"/talk/{at}/aloud", headers={"Accept": "*/*"}).status_code == 401


def test_what_is_not_read_aloud_says_why(running: Running, owner: Browser) -> None:
    owner.post("/talk", text="avísame cuando suene el timbre")
    answer = aloud(owner, running.store.conversation("maple", "person.greg")[-1].at)
    assert answer.status_code == 503 and "in en only" in answer.text
    assert aloud(owner, token.make()).status_code == 422
