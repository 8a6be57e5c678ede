"""The microphone in a real browser: chromium's fake one plays a file, and what is said there becomes a card on the page."""

from __future__ import annotations

import json
import os
import wave
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from proactive.voice.engine import SpeechError
from proactive.voice.sound import Sound, wav
from proactive.voice.turn import load_activity
from proactive.voice.voice import Voice
from rules.home import Home, parse_home
from tests.proactive.voice.conftest import ear, mouth
from tests.proactive.web.conftest import Running
from tests.proactive.web.people import PERSON, family
from tests.proactive.web.test_browser import CHROMIUM, QUIET, SECOND, SIZES, check, chromium, page, pytestmark
from tests.proactive.web.test_talk import DAISY
from tests.proactive.web.test_talk_browser import come_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser as Chromium
    from playwright.sync_api import Page, WebSocketRoute

    from proactive.voice.hearing import SpeechToText
    from proactive.voice.speaking import SpeechOut

__all__ = ["chromium", "ear", "mouth", "page", "pytestmark"]
pytest.importorskip("numpy", reason="sound is samples: needs the [voice] extra")
SHARED = Path(os.environ.get("PROACTIVE_SHARED", Path(__file__).parents[4] / "shared")) / "voice"
FAKE = (
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
)
PATIENT = 90 * SECOND  # an engine on a busy machine


Speaking = Callable[..., AbstractContextManager["Page"]]


@pytest.fixture
def speaking(running: Running, chromium: Chromium) -> Speaking:
    """Return what opens Talk as Greg in a browser at whose microphone a file is played once, or `again` and again."""

    @contextmanager
    def opened(
        file: Path, size: str = "phone", scheme: str = "light", more: str = "", *, again: bool = False
    ) -> Iterator[Page]:
        played = f"--use-file-for-fake-audio-capture={file}{'' if again else '%noloop'}"
        flags = [*QUIET, *FAKE, played, *([more] if more else [])]
        browser = chromium.browser_type.launch(executable_path=CHROMIUM, args=flags)
        context = browser.new_context(viewport=SIZES[size], color_scheme=scheme)  # type: ignore[arg-type]  # two words
        context.set_default_timeout(PATIENT)
        page = context.new_page()
        try:
            come_in(running, page)
            yield page
        finally:
            browser.close()

    return opened


@pytest.fixture(scope="module")
def spoken(mouth: SpeechOut, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Return a WAV file in which a text is said after a pause, and then nothing for as long."""
    import numpy as np

    def record(text: str, pause: float = 1.0) -> Path:
        sound = mouth.speak(text)
        silence = np.zeros(int(sound.rate * pause), np.float32)
        path = tmp_path_factory.mktemp("said") / "said.wav"
        path.write_bytes(wav(Sound(np.concatenate([silence, sound.samples, silence]), sound.rate)))
        return path

    return record


@pytest.fixture(scope="module")
def silence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("said") / "silence.wav"
    path.write_bytes(wav(Sound(__import__("numpy").zeros(16_000 * 8, "float32"))))
    return path


def hear_for_real(running: Running, engine: SpeechToText) -> None:
    running.site.voice.__dict__.update(vars(Voice(lambda: engine, load_activity, lambda: running.crier)))


def tap(page: Page) -> None:
    page.get_by_role("button", name="Talk", exact=True).click()


def test_what_is_said_to_a_phone_becomes_a_card_and_a_spoken_yes_saves_it(
    running: Running, speaking: Speaking, ear: SpeechToText, spoken: Callable[..., Path]
) -> None:
    hear_for_real(running, ear)
    with speaking(spoken("Let me know if Daisy isn't fed by noon every day.")) as page:
        check(page)
        page.get_by_role("button", name="Read answers aloud").click()
        tap(page)
        page.locator(".live[data-state=listening]").wait_for()
        page.get_by_role("heading", name="Daisy has not been fed by noon").wait_for()
        assert "Let me know if Daisy" in page.locator(".mine").first.inner_text()
        assert page.locator("#voice-live").is_hidden() and page.get_by_label("Say something").is_visible()
        check(page)
    assert running.crier.said[0].endswith("Shall I save it?"), "each answer is read aloud where one wants that"
    assert running.store.rules("maple") == [], "nothing counts before a yes"
    with speaking(spoken("Yes.")) as page:
        tap(page)
        page.get_by_text("Saved “").wait_for()
    assert [rule.id for rule in running.store.rules("maple")] == ["daisy-fed"]


@pytest.mark.skipif(not SHARED.is_dir(), reason="there are no recordings beside the project")
def test_a_recorded_voice_is_understood_on_a_desktop(running: Running, speaking: Speaking, ear: SpeechToText) -> None:
    hear_for_real(running, ear)
    said = next(
        each for each in json.loads((SHARED / "manifest.json").read_text())["files"] if "garage" in each["text"]
    )
    with speaking(SHARED / said["file"], size="desktop", scheme="dark") as page:
        tap(page)
        page.get_by_role("heading", name="garage door").wait_for()
        assert page.locator(".rule-card").count() == 1
        check(page)


@pytest.mark.skipif(not SHARED.is_dir(), reason="there are no recordings beside the project")
@pytest.mark.parametrize("noise", ["white10", "babble10", "tv110"])
def test_a_voice_in_noise_becomes_the_same_card_names_and_times_included(
    running: Running, maple: Home, speaking: Speaking, ear: SpeechToText, noise: str
) -> None:
    leo = {"id": "person.leo", "name": "Leo", "role": "member"}
    home = maple.model_dump(mode="json", exclude_unset=True)
    running.store.import_home(parse_home({**home, "people": [*home["people"], leo]}))
    hear_for_real(running, ear)
    with speaking(SHARED / f"{noise}_05.wav") as page:
        tap(page)
        doubt = page.locator("#voice-doubt")
        page.locator(".rule-card").or_(doubt).filter(visible=True).wait_for()
        if doubt.is_visible():  # a machine that is busy hands over sound with gaps
            doubt.get_by_role("button", name="Yes").click()
        reads = page.locator(".rule-card .reads").inner_text()
    assert all(each in reads for each in ("Leo", "Tuesday", "7:15 pm")), reads


def test_a_microphone_of_two_channels_at_44100_a_second_is_heard_as_well(
    running: Running, speaking: Speaking, ear: SpeechToText, mouth: SpeechOut, tmp_path: Path
) -> None:
    hear_for_real(running, ear)
    with speaking(stereo(mouth.speak("Tell me when the garage door is opened."), tmp_path / "stereo.wav")) as page:
        tap(page)
        page.get_by_role("heading", name="garage door").wait_for()


def stereo(sound: Sound, path: Path, rate: int = 44_100) -> Path:
    """Write a sound between two pauses, at a microphone that hears it from one side."""
    import numpy as np

    times = np.arange(0, len(sound.samples) / sound.rate, 1 / rate)
    said = np.interp(times, np.arange(len(sound.samples)) / sound.rate, sound.samples)
    left = np.concatenate([np.zeros(rate), said, np.zeros(rate)])
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.stack([left, left / 2], axis=1) * 32_767).astype("<i2").tobytes())
    return path


def test_a_connection_that_is_lost_in_the_middle_is_said_and_typing_goes_on(
    running: Running, speaking: Speaking, spoken: Callable[..., Path]
) -> None:
    running.writer.words = DAISY
    with speaking(spoken(DAISY, pause=0.05), again=True) as page:
        page.route_web_socket("**/talk/voice", lose_after(5))
        tap(page)
        page.get_by_role("alert").get_by_text("The connection broke off. Nothing was done.").wait_for()
        assert (
            page.locator("#voice-live").is_hidden() and page.locator("#voice-tap").get_attribute("aria-label") == "Talk"
        )
        check(page)
        page.get_by_label("Say something").fill(DAISY)
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Daisy has not been fed by noon").wait_for()
        assert page.get_by_role("alert").filter(visible=True).count() == 0, "what was wrong is over"
    assert len(running.store.conversation("maple", "person.greg")) == 1


def lose_after(count: int) -> Callable[[WebSocketRoute], None]:
    """Return what hands so many messages on to the server, and then breaks off."""

    def route(lost: WebSocketRoute) -> None:
        server, sent = lost.connect_to_server(), list[object]()

        def send(message: str | bytes) -> None:
            sent.append(message)
            if len(sent) > count:
                lost.close(code=1011)
                server.close(code=1001)
            else:
                server.send(message)

        lost.on_message(send)

    return route


def test_what_is_hard_to_hear_is_asked_about_and_said_only_after_a_yes(
    running: Running, speaking: Speaking, spoken: Callable[..., Path]
) -> None:
    running.writer.words, running.writer.sure = "tell me when the doorbell", 0.3
    with speaking(spoken("Tell me when somebody rings the doorbell at the front door.")) as page:
        tap(page)
        page.get_by_text("Did you say “tell me when the doorbell”?").wait_for()
        check(page)
        assert running.store.conversation("maple", "person.greg") == ()
        assert page.evaluate("document.activeElement.dataset.answer") == "yes"
        page.get_by_role("button", name="Change it").click()
        field = page.get_by_label("Say something")
        assert field.input_value() == "tell me when the doorbell"
        field.fill(DAISY)
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Daisy has not been fed by noon").wait_for()


def test_a_key_begins_a_turn_and_escape_throws_it_away(
    running: Running, speaking: Speaking, spoken: Callable[..., Path]
) -> None:
    running.writer.words = DAISY
    file = spoken(DAISY, pause=0.05)  # again and again, so that it ends only when it is told to
    with speaking(file, again=True) as page:
        button = page.locator("#voice-tap")
        button.focus()
        page.keyboard.press("Enter")
        page.locator("#talk-said", has_text="let me know").wait_for()
        assert page.locator("#voice-status").inner_text() == "Listening"
        assert button.get_attribute("aria-pressed") == "true" and button.get_attribute("aria-label") == "Done"
        check(page)
        page.keyboard.press("Escape")
        page.locator("#voice-live").wait_for(state="hidden")
        assert page.locator(".turn").count() == 0 and page.evaluate("document.activeElement.id") == "voice-tap"


def test_each_reason_not_to_be_heard_is_said_with_what_to_do(
    running: Running, silence: Path, speaking: Speaking, page: Page
) -> None:
    come_in(running, page)
    tap(page)
    page.get_by_role("alert").get_by_text("no microphone here").or_(
        page.get_by_text("microphone is blocked")
    ).wait_for()
    page.context.grant_permissions(["microphone"])
    tap(page)
    page.get_by_role("alert").get_by_text("There is no microphone here").wait_for()
    check(page)
    with speaking(silence) as other:
        tap(other)
        other.get_by_text("I heard nobody speak.").wait_for()
        check(other)
    assert running.store.conversation("maple", "person.greg") == ()


def test_a_page_that_came_in_the_clear_says_how_to_open_it(running: Running, speaking: Speaking, silence: Path) -> None:
    with speaking(silence, more="--host-resolver-rules=MAP home.test 127.0.0.1") as page:
        (cookie,) = [each for each in page.context.cookies() if each["name"] == "proactive"]
        there = running.address.replace("127.0.0.1", "home.test")
        page.context.add_cookies([{"name": "proactive", "value": cookie["value"], "url": there}])
        page.goto(f"{there}/talk")
        tap(page)
        page.get_by_role("alert").get_by_text("Open this page with https").wait_for()


def test_a_server_without_an_engine_says_what_to_install_to_whoever_can(
    running: Running, maple: Home, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("proactive.voice.ready.find_spec", lambda _: None)
    come_in(running, page)
    tap(page)
    page.get_by_role("alert").get_by_text("pip install 'proactive[voice]'").wait_for()
    running.store.import_home(family(maple))
    come_in(running, page, PERSON["child"])
    tap(page)
    page.get_by_role("alert").get_by_text("Ask an owner of the home").wait_for()


def test_an_answer_is_read_aloud_by_a_button_and_what_is_wanted_is_remembered(running: Running, page: Page) -> None:
    running.site.voice.__dict__.update(vars(Voice(_absent, _absent, lambda: running.crier)))
    come_in(running, page)
    page.get_by_role("button", name="let me know if Daisy").click()
    page.get_by_role("heading", name="Daisy has not been fed by noon").wait_for()
    assert running.crier.said == [], "not before somebody wants it"
    with page.expect_response("**/aloud") as answer:
        page.get_by_role("button", name="Read aloud", exact=True).click()
    assert answer.value.headers["content-type"] == "audio/mpeg"
    option = page.get_by_role("button", name="Read answers aloud")
    option.click()
    page.reload()
    assert option.get_attribute("aria-pressed") == "true"
    with page.expect_response("**/aloud"):
        page.get_by_role("button", name="Save").click()
    assert running.crier.said[-1].startswith("Saved")
    check(page)


def _absent() -> SpeechToText:
    raise SpeechError("It is not installed.")


# In the audio thread: how loud a tone of so many hertz comes out, beside how loud it went in.
HEARD = """async ([rate, hertz, module]) => {
  const context = new OfflineAudioContext(1, rate, rate);
  await context.audioWorklet.addModule(module);
  const tone = new OscillatorNode(context, { frequency: hertz }), node = new AudioWorkletNode(context, "pcm");
  const parts = []; node.port.onmessage = ({ data }) => parts.push(...new Int16Array(data.pcm));
  tone.connect(node).connect(context.destination); tone.start();
  await context.startRendering(); await new Promise((done) => setTimeout(done, 300));
  const body = parts.slice(1600, -1600);
  return [parts.length, Math.sqrt(body.reduce((sum, s) => sum + (s / 32767) ** 2, 0) / body.length) / Math.SQRT1_2]; }"""


@pytest.mark.parametrize("rate", [48_000, 44_100, 16_000, 8_000])
def test_sound_of_any_rate_is_heard_whole_and_nothing_else_is_heard(running: Running, page: Page, rate: int) -> None:
    come_in(running, page)
    module = page.locator("script[src*='voice.js']").get_attribute("src")
    assert module is not None
    for hertz, least, most in ((300, 0.95, 1.05), (3_000, 0.9, 1.05), (12_000, 0, 0.02)):
        if hertz < rate / 2:
            count, loud = page.evaluate(HEARD, [rate, hertz, module.replace("voice.js", "worklet.js")])
            assert 15_000 <= count <= 16_000 and least <= loud <= most, (rate, hertz, count, loud)
