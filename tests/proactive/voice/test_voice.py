"""What is said becomes words, a turn ends when its talker does, and names are spelt as the household spells them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from proactive.settings import Settings, load
from proactive.voice.conformance import check_hearing, check_speaking
from proactive.voice.engine import SpeechError
from proactive.voice.hearing import DOUBTFUL, Heard, SpeechToText, load_hearing, plain
from proactive.voice.mishearing import as_meant
from proactive.voice.names import as_spelt, names_of
from proactive.voice.recording import words_of
from proactive.voice.speaking import SpeechOut
from proactive.voice.weights import find_weights
from rules.home import parse_home
from rules.problem import InputError
from tests.proactive.voice.conftest import SAID

if TYPE_CHECKING:
    from proactive.voice.sound import Samples

np = pytest.importorskip("numpy")

HOME = parse_home(
    {
        "home": "oak",
        "time_zone": "Europe/London",
        "people": [
            {"id": "person.tomasz", "name": "Tomasz"},
            {"id": "person.ann", "name": "Ann", "aliases": ["Mum"]},
            {"id": "person.lukasz", "name": "Łukasz"},
            {"id": "person.zoe", "name": "Zoë"},
            {"id": "person.anna", "name": "Анна"},
        ],
        "pets": [{"id": "pet.daisy", "name": "Daisy", "species": "dog"}],
    }
)


def test_the_built_in_engines_keep_their_obligations(
    ear: SpeechToText, mouth: SpeechOut, said: Callable[[str], Samples]
) -> None:
    check_hearing(ear, said(SAID), SAID)
    check_speaking(mouth)


def test_an_engine_that_hears_what_nobody_said_does_not_pass() -> None:
    class Dreamer:
        name = "dreamer"

        def hear(self, samples: Samples, names: object = (), language: str = "en") -> Heard:
            return Heard("thank you for watching")

    with pytest.raises(AssertionError, match="must write down"):
        check_hearing(Dreamer(), np.zeros(16_000, np.float32), SAID)


@pytest.mark.parametrize(
    ("first", "second", "text", "encoded"),
    [
        (("Open the gate.", -0.2), ("", 0.0), "Open the gate.", 1),
        (("Open the gate.", -2.0), ("Open the crate.", -0.3), "Open the crate.", 2),
        (("the gate, " * 12, -0.1), ("Open the gate.", -0.2), "Open the gate.", 2),
        (("the gate, " * 12, -0.1), ("the gate, " * 12, -0.1), "", 2),
    ],
)
def test_what_is_unlikely_or_repeats_is_heard_again_in_full_and_else_not_believed(
    ear: SpeechToText,
    monkeypatch: pytest.MonkeyPatch,
    first: tuple[str, float],
    second: tuple[str, float],
    text: str,
    encoded: int,
) -> None:
    answers, frames = [first, second], []

    def written(features: Samples, names: object, language: str) -> tuple[str, float]:
        frames.append(features.shape[1])
        return answers[len(frames) - 1]

    monkeypatch.setattr(ear, "_written", written)
    assert ear.hear(seconds(1, loud=0.1)).text == text
    assert len(frames) == encoded
    assert frames[1:] == [3000] * (encoded - 1)


@pytest.mark.parametrize(
    ("heard", "spelt"),
    [
        ("Let Thomas know when Daisy is out.", "Let Tomasz know when Daisy is out."),
        ("Tell Robert on Tuesday in March", "Tell Robert on Tuesday in March"),
        ("Tell Mum about Dasy", "Tell Mum about Daisy"),
        ("Thomas is the first word", "Thomas is the first word"),
        ("tell me when the dairy comes", "tell me when the dairy comes"),
        ("Tell Lukasz if Zoe is home", "Tell Łukasz if Zoë is home"),
        ("Tell Łucasz and Zoey and Анна, Анны", "Tell Łukasz and Zoë and Анна, Анны"),
        ("Tell Tom about it", "Tell Tom about it"),
    ],
)
def test_a_name_much_like_one_of_the_household_alone_is_taken_for_it(heard: str, spelt: str) -> None:
    assert as_spelt(heard, HOME) == spelt


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("Orp me if Daisy is out.", "Alert me if Daisy is out."),
        ("A lert me when Thomas is home", "Alert me when Tomasz is home"),
        ("Tell Ann of the baby wakes up before 6am.", "Tell Ann if the baby wakes up before 6am."),
        ("Notify me of somebody opens the door", "Notify me if somebody opens the door"),
        ("Tell me of the garage doors outside", "Tell me of the garage doors outside"),
        ("Remind me of the bins", "Remind me of the bins"),
        ("Alert me of any motion in the yard", "Alert me of any motion in the yard"),
        ("Excuse me if I ask", "Excuse me if I ask"),
        ("Wake me when it snows", "Wake me when it snows"),
    ],
)
def test_a_known_mishearing_is_put_right_and_nothing_else_is(heard: str, meant: str) -> None:
    assert as_meant(heard, HOME) == meant


def test_names_are_those_of_people_and_pets() -> None:
    assert names_of(HOME) == ["Tomasz", "Ann", "Mum", "Łukasz", "Zoë", "Анна", "Daisy"]


def test_a_recording_becomes_the_words_that_were_said(ear: SpeechToText, recording: Callable[[str], Path]) -> None:
    heard = words_of(str(recording(SAID)), ear, HOME)
    assert plain(heard.text) == plain(SAID)
    assert heard.sure >= DOUBTFUL


class Unsure:
    """Hears what somebody may have said."""

    name = "unsure"

    def hear(self, samples: Samples, names: object = (), language: str = "en") -> Heard:
        return Heard("let me know if Daisy isn't fed by noon every day", 0.4)


def test_a_yes_beforehand_saves_nothing_that_was_hard_to_hear(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recording: Callable[[str], Path]
) -> None:
    from click.testing import CliRunner

    from proactive.cli.say import say
    from proactive.store import Store

    monkeypatch.setenv("PROACTIVE_DATA", str(tmp_path / "data"))
    monkeypatch.setattr("proactive.voice.hearing.load_hearing", lambda _: Unsure())
    home = Path(__file__).parents[3] / "docs/examples/daisy/home.yaml"
    said = CliRunner().invoke(say, ["--audio", str(recording(SAID)), "--yes", "--no-ask", "--home", str(home)])
    assert said.exit_code == 0, said.output
    assert "not sure" in said.output
    with Store.open(load()) as store:
        assert store.rules("maple") == []


@pytest.mark.parametrize("junk", [b"not a sound", b"", b"RIFF" + bytes(60), b"OggS" + bytes(600)])
def test_what_is_no_recording_is_named_with_what_was_expected(tmp_path: Path, junk: bytes) -> None:
    path, ear = tmp_path / "said.wav", Unsure()
    path.write_bytes(junk)
    with pytest.raises(InputError, match="expected a recording") as found:
        words_of(str(path), ear, HOME)
    assert "Errno" not in str(found.value) and "0x" not in str(found.value)
    with pytest.raises(InputError, match=r"cannot be read: .*Check the path\."):
        words_of(str(tmp_path / "missing.wav"), ear, HOME)


def test_what_lasts_longer_than_is_heard_at_once_is_heard_in_pieces_cut_between_words(ear: SpeechToText) -> None:
    from proactive.voice.sound import pieces

    talk = np.concatenate(
        [seconds(17, loud=0.1), seconds(0.5), seconds(14, loud=0.1), seconds(1), seconds(15, loud=0.1)]
    )
    cut = [len(piece) / 16_000 for piece in pieces(talk)]
    assert sum(cut) == pytest.approx(47.5) and len(cut) == 3 and max(cut) <= 20
    assert 17 < cut[0] < 17.5 and 31.5 < cut[0] + cut[1] < 32.5
    assert len(pieces(seconds(20, loud=0.1))) == 1 and len(pieces(seconds(0))) == 1


def test_a_long_recording_is_heard_to_its_end(ear: SpeechToText, said: Callable[[str], Samples]) -> None:
    told = "Tell me when the garage door opens."
    rest = "Tell me when the front door closes, and when the cat is in the garden."
    long = np.concatenate([said(told), seconds(16), said(rest)])
    text = plain(ear.hear(long).text)
    assert text.startswith(plain(told)) and plain(rest) in text


def test_weights_that_are_no_weights_are_named(tmp_path: Path) -> None:
    with pytest.raises(SpeechError, match=r"expected a folder with model\.bin"):
        find_weights(tmp_path, tmp_path)


def pcm(samples: Samples) -> bytes:
    """Return samples as a browser sends them."""
    return bytes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())


def seconds(duration: float, loud: float = 0.0) -> Samples:
    """Return a stretch of silence, or of noise."""
    noise: Samples = (np.random.default_rng(1).standard_normal(int(16_000 * duration)) * loud).astype(np.float32)
    return noise


def test_a_turn_ends_when_its_talker_does_though_others_go_on(
    ear: SpeechToText, said: Callable[[str], Samples]
) -> None:
    from proactive.voice.ear import Ear
    from proactive.voice.turn import load_activity

    talker, others = said(SAID), said("And now the news of the day from the north and from the south.") * 0.15
    room = np.concatenate([talker, np.zeros(len(others), np.float32)])
    room[len(talker) :] += others
    turn = Ear(ear, load_activity(), names_of(HOME))
    steps = range(0, len(room) - 1600, 1600)
    ended = next(at for at in steps if turn.receive(pcm(room[at : at + 1600])))
    assert len(talker) - 8_000 < ended < len(talker) + 24_000
    assert plain(turn.heard().text) == plain(SAID)


def test_silence_is_no_words_and_ends_by_itself(ear: SpeechToText) -> None:
    from proactive.voice.ear import Ear
    from proactive.voice.turn import load_activity

    turn = Ear(ear, load_activity())
    assert turn.receive(pcm(seconds(7, loud=0.001)))
    assert turn.heard() == Heard("", 0.0)


@pytest.mark.parametrize(("sound", "believed"), [("Yes.", True), ("hm", False), ("uh", False)])
def test_a_short_yes_is_heard_and_a_sound_as_short_is_asked_about(
    ear: SpeechToText, said: Callable[[str], Samples], sound: str, believed: bool
) -> None:
    from proactive.voice.ear import Ear
    from proactive.voice.turn import load_activity

    turn = Ear(ear, load_activity(), names_of(HOME))
    room = np.concatenate([seconds(0.7), said(sound), seconds(2)])
    assert turn.receive(pcm(room + seconds(9, loud=0.0005)[: len(room)]))
    heard = turn.heard()
    assert (heard.sure >= DOUBTFUL) == believed, heard
    assert not believed or plain(heard.text) == plain(sound)


def test_a_guess_is_kept_where_it_was_the_final_text() -> None:
    from proactive.voice.guess import Guess

    understood: list[str] = []

    def understand(text: str, cancel: threading.Event) -> str:
        understood.append(text)
        return text.upper()

    with ThreadPoolExecutor(1) as pool:
        guess: Guess[str] = Guess(understand, pool)
        guess.try_("tell me when the door opens")
        guess.try_("tell me when the door opens")
        assert guess.settle("tell me when the door opens") == "TELL ME WHEN THE DOOR OPENS"
        assert guess.settle("tell me when the door opens") is None, "it is used once"
        guess.try_("tell me when it is 5 degrees")
        assert guess.settle("tell me when it is -5 degrees") is None, "the same words mean another thing"
    assert (guess.tried, guess.right, len(understood)) == (2, 1, 2)


def test_a_guess_that_is_overtaken_is_stopped_and_one_that_fails_is_none() -> None:
    from proactive.voice.guess import Guess

    stopped: list[str] = []

    def understand(text: str, cancel: threading.Event) -> str:
        if text == "tell me":
            assert cancel.wait(20)
            stopped.append(text)
        raise ValueError(text)

    with ThreadPoolExecutor(2) as pool:
        guess: Guess[str] = Guess(understand, pool)
        guess.try_("tell me")
        guess.try_("tell me when")
        assert guess.settle("tell me when") is None
    assert stopped == ["tell me"] and guess.right == 0


class Speaches(BaseHTTPRequestHandler):
    """A server of OpenAI's two audio paths, on the loopback: it knows one sentence, and one key."""

    def do_POST(self) -> None:
        """Answer as the real ones do."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers["Authorization"] != "Bearer lab-key":
            said = self.headers["Authorization"].removeprefix("Bearer ")  # as some servers do
            self._answer(401, f'{{"error":{{"message":"wrong key: {said}"}}}}'.encode())
        elif self.path == "/v1/audio/transcriptions":
            assert b"Household: Tomasz" in body
            assert b"RIFF" in body
            self._answer(200, b'{"text":" Tell Tomasz. "}')
        else:
            from proactive.voice.sound import Sound, wav

            self._answer(200, wav(Sound(seconds(0.5, loud=0.1), 24_000)))

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    served = ThreadingHTTPServer(("127.0.0.1", 0), Speaches)
    thread = threading.Thread(target=served.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{served.server_port}/v1"
    served.shutdown()
    served.server_close()


def test_a_server_hears_and_speaks(server: str, tmp_path: Path) -> None:
    from proactive.voice.remote import Server

    engine = Server(server, "lab-key")
    assert engine.hear(seconds(1, loud=0.1), names_of(HOME)).text == "Tell Tomasz."
    assert engine.speak("Saved.").seconds == pytest.approx(8_000 / 24_000, abs=0.01)


def test_a_server_that_refuses_is_named_without_its_key(server: str, tmp_path: Path) -> None:
    engine = load_hearing(Settings(data=tmp_path, hearing="openai", voice_url=server, voice_key="not-the-key"))
    with pytest.raises(SpeechError, match=r"found 401: wrong key: \*") as refused:
        engine.hear(seconds(1))
    assert "not-the-key" not in str(refused.value)
    with pytest.raises(SpeechError, match="PROACTIVE_VOICE_URL"):
        load_hearing(Settings(data=tmp_path, hearing="openai"))
    with pytest.raises(InputError, match="PROACTIVE_VOICE_URL"):
        load_hearing(Settings(data=tmp_path, hearing="openai", voice_url="http://home:port/v1"))
    with pytest.raises(InputError, match="PROACTIVE_VOICE_KEY"):
        load_hearing(Settings(data=tmp_path, hearing="openai", voice_url=server, voice_key="clé"))
    with pytest.raises(InputError, match=r"no engine called 'wisper'.*whisper"):
        load_hearing(load({"PROACTIVE_HEARING": "wisper", "PROACTIVE_DATA": str(tmp_path)}))
