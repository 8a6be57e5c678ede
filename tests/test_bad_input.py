"""Bad input, from outside: each kind has its law here. What is said, with which exit status, and that nothing is lost.

The rows of single readers are with their tests: records in `streams/test_lines.py`, home files in
`proactive/test_home_file.py`, videos and models in `proactive/test_see.py` and `vision/test_models.py`.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from proactive.cli.main import main
from rules.problem import InputError
from rules.record import decode, decode_lines, encode, from_json
from rules.rule import parse_rule
from streams.embedded import Embedded
from streams.jsonlines import JsonLines
from streams.log import Log, LogError, LogFull
from tests.streams.logs import at, fed_by_noon, home, record, ring, tick

ROOT = Path(__file__).parents[1]
DEVICES = [{"id": "cover.garage", "attributes": {"state": ["open", "closed"]}}, {"id": "doorbell.front"}]
BELL = {"id": "bell", "type": "event", "source": "doorbell.front", "home": "maple"}
PUT = {"id": "put", "type": "rule.put", "home": "maple", "time": "2026-03-09T14:00:00Z"}


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    status: int
    out: str
    err: str


Run = Callable[..., Ended]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs a command beside a home, its rules and a log, with a data folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PROACTIVE_DATA", str(tmp_path / "data"))
    (tmp_path / "home.jsonl").write_text(home(devices=DEVICES).model_dump_json(exclude_defaults=True) + "\n")
    write_rules(fed_by_noon(), ring())
    rang = record("bell", at("09:00"), "event", source="doorbell.front")
    write_log(encode(tick(at("00:00"))), encode(rang), encode(tick(at("12:00"))))

    def run(*arguments: str) -> Ended:
        capfd.readouterr()
        status = main(arguments)
        return Ended(status, *capfd.readouterr())

    return run


def write_rules(*rules: Any) -> None:
    lines = (json.dumps(rule if isinstance(rule, dict) else rule.as_json()) for rule in rules)
    Path("rules.jsonl").write_text("".join(line + "\n" for line in lines))


def write_log(*lines: bytes) -> None:
    Path("log.jsonl").write_bytes(b"\n".join(lines) + b"\n")


REPLAY = ("replay", "--home", "home.jsonl", "--rules", "rules.jsonl", "--log", "log.jsonl")
SEEN = [("ring", "fired"), ("daisy-fed", "fired")]


def fired(ended: Ended) -> list[tuple[str, str]]:
    return [(firing["rule"], firing["verdict"]) for firing in map(json.loads, ended.out.splitlines())]


def command(*arguments: str, shell: str = '"$@"', **more: Any) -> Ended:
    """Run the command line as a process of its own, by a line of shell in which "$@" is the command."""
    whole = ["bash", "-c", shell, "bash", sys.executable, "-m", "proactive", *arguments]
    own = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(whole, capture_output=True, text=True, env=own, check=False, timeout=60, **more)
    return Ended(done.returncode, done.stdout, done.stderr)


# --- broken JSON, missing fields, unknown ids, naive times, huge lines -----------------------------------------------

BAD_LINES = {
    "broken JSON": (b'{"id":"x",', "expected one JSON object on the line"),
    "JSON nested too deep": (b'{"data":' + b"[" * 50_000, "expected one JSON object on the line: maximum recursion"),
    "half a surrogate": (b'{"id":"\\ud800"}', "expected one JSON object on the line"),
    "a number beyond all numbers": (
        b'{"id":"x","type":"state","source":"s","time":"2026-03-09T14:00:00Z","home":"maple","data":{"value":1e999}}',
        "out of range",
    ),
    "a missing field": (b'{"id":"x","type":"event","source":"s","home":"maple"}', "time: is required"),
    "an unknown id": (encode(record("x")).replace(b"maple", b"mapel"), "Did you mean 'maple'?"),
    "a naive time": (encode(record("x")).replace(b"Z", b""), "expected RFC 3339 with an offset"),
    "a time before calendars": (json.dumps(BELL | {"time": "0001-01-01T00:00:00+14:00"}).encode(), "years 1900 to"),
    "a time after calendars": (json.dumps(BELL | {"time": "9999-12-31T23:59:59Z"}).encode(), "years 1900 to 2199"),
    "a huge line": (b'{"id":"' + b"x" * (1 << 21) + b'"}', "expected at most 1,048,576 bytes on a line"),
    "two records on a line": (encode(record("x")) * 2, "trailing characters"),
    "a rule that is none": (json.dumps(PUT | {"data": {"rule": 5}}).encode(), "data.rule: "),
    "a rule of another kind": (
        json.dumps(PUT | {"data": {"rule": {"id": "a"}}}).encode(),
        "data.rule: when: is required",
    ),
    "a rule of another home": (
        json.dumps(PUT | {"data": {"rule": ring("oak").as_json()}}).encode(),
        "expected a rule of the record's home 'maple', found one of 'oak'",
    ),
    "a rule with a history that is none": (
        json.dumps(PUT | {"data": {"rule": ring().as_json(), "history": 5}}).encode(),
        "data.history: expected a list of records, found int",
    ),
}


@pytest.mark.parametrize("name", BAD_LINES)
def test_a_bad_line_is_named_counted_and_kept_and_the_rest_decides(name: str, run: Run) -> None:
    line, says = BAD_LINES[name]
    first, *rest = Path("log.jsonl").read_bytes().splitlines()
    write_log(first, line, *rest)
    ended = run(*REPLAY, "--dead-letters", "dead.jsonl")
    assert ended.status == 0
    assert fired(ended) == SEEN
    assert ended.err.startswith("log.jsonl:2: ")
    assert says in ended.err
    assert "1 line was not used and kept in dead.jsonl." in ended.err
    [kept] = map(json.loads, Path("dead.jsonl").read_text().splitlines())
    assert line.startswith(kept["raw"].encode("utf-8", "surrogateescape"))


def test_a_time_is_refused_alike_alone_and_among_others() -> None:
    line = json.dumps(BELL | {"time": "1899-12-31T00:00:00Z"}).encode()
    for read in (decode, decode_lines):
        with pytest.raises(InputError, match="in the years 1900 to 2199"):
            read(line)


def test_a_rule_that_names_unknown_ids_is_warned_of_and_runs(run: Run) -> None:
    pattern = {"type": "detection", "source": "cam.kitchn", "where": {"activity": "eating"}}
    write_rules(fed_by_noon().as_json() | {"when": {"op": "occurs", "of": [pattern]}}, ring())
    ended = run(*REPLAY)
    assert ended.status == 0
    assert fired(ended) == SEEN[:1]
    assert "Warning: rule daisy-fed of maple: when.of[0].source: " in ended.err
    assert "Did you mean 'cam.kitchen'?" in ended.err


OF = [{"type": "event"}]
BAD_RULES: dict[str, tuple[dict[str, Any], str]] = {
    "a duration beyond all dates": ({"op": "absent", "of": OF, "duration": "99999999d"}, "expected at most 36525d"),
    "a duration of many digits": ({"op": "absent", "of": OF, "duration": "9" * 5000 + "d"}, "expected a duration"),
    "a number of many bits": ({"op": "count", "of": OF, "at_least": 1 << 70, "within": "1h"}, "at most 64 bits"),
    "a value of many bits": ({"op": "occurs", "of": [{"where": {"x": 1 << 70}}]}, "at most 64 bits"),
    "a date before calendars": ({"op": "at", "time": "10:00", "date": "0001-01-01"}, "in the years 1900 to 2199"),
    "a recurrence that stands still": ({"op": "at", "time": "10:00", "rrule": "FREQ=DAILY;INTERVAL=0"}, "RFC 5545"),
    "a recurrence that is none": ({"op": "at", "time": "10:00", "rrule": "FREQ=YEARLY;BYEASTER=9999"}, "RFC 5545"),
}


@pytest.mark.parametrize("name", BAD_RULES)
def test_a_rule_that_nothing_can_compute_is_refused_with_file_and_line(name: str, run: Run) -> None:
    when, says = BAD_RULES[name]
    write_rules(ring(), ring().as_json() | {"id": "bad", "when": when})
    ended = run(*REPLAY)
    assert (ended.status, ended.out) == (2, "")
    assert "rules.jsonl:2: when" in ended.err
    assert says in ended.err


def test_a_recurrence_whose_hours_never_meet_fires_nothing_and_stops_nothing(run: Run) -> None:
    empty = ring().as_json() | {"id": "never", "when": {"op": "at", "rrule": "FREQ=MINUTELY;BYHOUR=25"}}
    write_rules(fed_by_noon(), ring(), empty)
    ended = run(*REPLAY)
    assert (ended.status, fired(ended)) == (0, SEEN)


def test_an_expiry_is_a_time_with_an_offset_and_a_known_year() -> None:
    for wrong in (5, "2026-03-09T00:00:00", "9999-12-31T23:59:59-14:00"):
        with pytest.raises(InputError, match="expires"):
            parse_rule(ring().as_json() | {"expires": wrong})


@pytest.mark.parametrize("option", ["--since", "--until"])
def test_a_replay_beyond_all_dates_is_refused(option: str, run: Run) -> None:
    ended = run(*REPLAY, option, "9999-12-31T23:59:59Z")
    assert ended.status == 2
    assert "expected a time in the years 1900 to 2199" in ended.err


def test_a_replay_that_ends_before_it_begins_is_refused(run: Run) -> None:
    ended = run(*REPLAY, "--since", "2026-03-10T00:00:00Z", "--until", "2026-03-09T00:00:00Z")
    assert ended.status == 2
    assert "expected --since before --until" in ended.err


def test_rules_may_begin_with_a_byte_order_mark(run: Run) -> None:
    Path("rules.jsonl").write_bytes(b"\xef\xbb\xbf" + Path("rules.jsonl").read_bytes().replace(b"\n", b"\r\n"))
    assert fired(run(*REPLAY)) == SEEN


# --- homes ----------------------------------------------------------------------------------------------------------

_BOMB = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
BAD_HOMES = {
    "nested too deep": ("home: maple\nx: " + "[" * 5000 + "]" * 5000, "home.yaml: expected YAML: maximum recursion"),
    "an alias of itself": ("&a\nhome: maple\nx: *a\n", "home.yaml:1: expected at most 1,000,000 entries"),
    "aliases that multiply": (f"home: maple\na0: &a0 [x]\n{_BOMB}", "home.yaml:1: expected at most 1,000,000 entries"),
    "a number of many digits": (f"home: maple\nx: {'9' * 6000}\n", "home.yaml:1: expected YAML"),
    "a lateness beyond all dates": ("home: maple\nlateness: 99999999d\n", "home.yaml:2: lateness: expected at most"),
    "an id twice": ("home: maple\npets: [{id: a}, {id: a}]\n", "expected each id once, found 'a' twice"),
    "a key twice": ("home: maple\npets: []\npets: []\n", "home.yaml:3: the key 'pets' is given twice"),
    "a tab": ("home: maple\n\tname: x\n", "home.yaml:2: expected YAML"),
    "nothing": ("", "expected a home, found nothing"),
}


@pytest.mark.parametrize("name", BAD_HOMES)
def test_a_home_file_that_is_none_ends_with_status_2_and_its_line(name: str, run: Run) -> None:
    text, says = BAD_HOMES[name]
    Path("home.yaml").write_text(text)
    ended = run("home", "import", "home.yaml")
    assert (ended.status, ended.out) == (2, "")
    assert says in ended.err


def test_a_home_in_json_that_is_nested_too_deep_ends_with_status_2(run: Run) -> None:
    Path("home.jsonl").write_text('{"home":' + "[" * 50_000)
    ended = run("home", "import", "home.jsonl")
    assert ended.status == 2
    assert "home.jsonl:1: expected one home as a JSON object" in ended.err


# --- videos and models ------------------------------------------------------------------------------------------------

NOISE = bytes(range(256)) * 40


@pytest.mark.parametrize("content", [b"", NOISE], ids=["empty", "noise"])
def test_an_unreadable_video_ends_with_status_2(content: bytes, run: Run) -> None:
    pytest.importorskip("cv2")
    Path("film.mp4").write_bytes(content)
    ended = run("see", "film.mp4", "--camera", "cam.kitchen", "--home", "home.jsonl", "--detector", "scripted")
    assert (ended.status, ended.out) == (2, "")
    assert "film.mp4: expected a video file" in ended.err


@pytest.mark.parametrize("content", [b"", NOISE], ids=["empty", "noise"])
def test_a_model_file_that_is_not_one_ends_with_status_2(
    content: bytes, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("openvino")
    make_film(Path("film.mp4"))
    Path("model.xml").write_bytes(content)
    monkeypatch.setenv("PROACTIVE_DETECTOR_MODEL", "model.xml")
    ended = run("see", "film.mp4", "--camera", "cam.kitchen", "--home", "home.jsonl", "--detector", "openvino")
    assert (ended.status, ended.out) == (2, "")
    assert "model.xml: expected a YOLO model" in ended.err


def make_film(path: Path) -> None:
    cv2, numpy = pytest.importorskip("cv2"), pytest.importorskip("numpy")
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 5, (64, 36))
    for _ in range(5):
        writer.write(numpy.zeros((36, 64, 3), numpy.uint8))
    writer.release()


# --- live: what is taken in must never stop the home ------------------------------------------------------------------

POISON = {
    "a history that is none": {"rule": ring().as_json(), "history": 5},
    "a duration beyond all dates": {
        "rule": ring().as_json() | {"when": {"op": "absent", "of": OF, "duration": "99999999999999d"}}
    },
    "a recurrence that stands still": {
        "rule": ring().as_json() | {"when": {"op": "at", "time": "10:00", "rrule": "FREQ=DAILY;INTERVAL=0"}}
    },
}


@pytest.mark.parametrize("name", POISON)
def test_a_rule_that_is_none_is_set_aside_and_the_home_is_watched_on(name: str, tmp_path: Path) -> None:
    now = at("09:00")
    with Log(tmp_path / "log.db") as log:
        runtime = Embedded(log, [home()], clock=lambda: now, lapse=None)
        runtime.start()
        runtime.put_rule(ring())
        rang = record("bell", at("09:00"), "event", source="doorbell.front")
        taken = runtime.ingest([from_json(PUT | {"data": POISON[name]}), rang])
        assert (taken.appended, taken.aside) == (1, 1)
        assert log.aside() == [("not_a_rule", 1)]
        now = at("09:01")
        runtime.wake()
        assert [firing.rule for firing in log.firings()] == ["ring"]


def test_a_damaged_log_is_told_and_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    with Log(path) as log:
        log.append([record(f"r{n}") for n in range(2000)])
    whole = path.read_bytes()
    path.write_bytes(whole[: 4096 * 3] + b"\xa5" * (len(whole) - 4096 * 3))
    with Log(path) as log, pytest.raises(LogError, match=r"log\.db: cannot be read: .*malformed"):
        log.sources()


def test_what_was_read_and_never_kept_is_said_when_it_is_stopped(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "log.jsonl").write_bytes(encode(record("x")))
    stop = threading.Event()

    def refuse(_: object) -> None:
        stop.set()
        raise LogFull("the disk is full")

    JsonLines(str(tmp_path / "log.jsonl"), retry=0.0)._read(refuse, stop)  # in this thread, so that its end is seen
    assert "1 records were read and are not kept" in caplog.text


# --- the process ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shell", "status", "says"),
    [
        ('"$@" >&-', 1, "Error: the standard output is closed. Send it to a file, or to /dev/null.\n"),
        ('"$@" <&-', 0, ""),
        ('"$@" > /dev/full', 1, "Error: [Errno 28] No space left on device\n"),
        ('"$@" 2>&-', 0, ""),
    ],
)
def test_what_is_closed_or_full_ends_with_a_message(shell: str, status: int, says: str, run: Run) -> None:
    del run
    ended = command(*REPLAY[:-1], "-" if "<" in shell else "log.jsonl", shell=shell)
    assert (ended.status, ended.err) == (status, says)


def test_dead_letters_that_cannot_be_kept_are_not_said_to_be(run: Run) -> None:
    write_log(b"{")
    ended = run(*REPLAY, "--dead-letters", "nowhere/dead.jsonl")
    assert ended.status == 1
    assert "and kept in" not in ended.err


def test_a_full_disk_loses_nothing_that_was_kept(run: Run, tmp_path: Path) -> None:
    assert run("home", "import", "home.jsonl").status == 0
    size = (tmp_path / "data" / "proactive.db").stat().st_size
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))  # noqa: E731
    others = "".join(json.dumps({"home": f"h{n}", "name": "x" * 500}) + "\n" for n in range(2000))
    (tmp_path / "many.jsonl").write_text(others)
    ended = command("home", "import", "many.jsonl", preexec_fn=limit)
    assert ended.status == 1
    assert ended.err.startswith("Error: The store ")
    assert "Traceback" not in ended.err
    assert run("home", "export", "--jsonl").out.count("\n") == 1


def test_an_interrupt_ends_a_replay_with_status_130_and_one_line(run: Run) -> None:
    del run
    os.mkfifo("pipe")
    own = os.environ | {"PYTHONPATH": str(ROOT)}
    arguments = [*REPLAY[:-1], "pipe"]
    # The background jobs of a shell ignore interrupts, and so would what they start.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(
        [sys.executable, "-m", "proactive", *arguments], stderr=subprocess.PIPE, text=True, env=own
    )
    signal.signal(signal.SIGINT, before)
    with Path("pipe").open("wb"):  # opens once the command reads
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
    assert (process.returncode, err.strip()) == (130, "Interrupted.")


# --- settings ---------------------------------------------------------------------------------------------------------


def test_no_secret_is_ever_printed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")  # boto3 would look for credentials on the network
    Path(".env").write_text("PROACTIVE_KAFKA=user:hunter2@broker:9092\nPROACTIVE_LLM=bedrock:x?key=hunter2\n")
    assert "hunter2" not in run("doctor").out
    Path(".env").write_text("PROACTIVE_DATABASE postgresql://u:hunter2@h/d\nhunter2\n")
    ended = run("doctor")
    assert ended.status == 2
    assert "hunter2" not in ended.err
    assert ".env:1: expected NAME=value, found 'PROACTIVE_DATABASE' and no '='." in ended.err


@pytest.mark.parametrize(
    ("name", "value", "status", "says"),
    [
        ("PROACTIVE_DATA", "~nobody-of-that-name/x", 2, "PROACTIVE_DATA: expected a path"),
        ("PROACTIVE_DATA", "/dev/null", 1, "Error: The data folder /dev/null cannot be made"),
        ("PROACTIVE_DATABASE", "postgresql://u:hunter2@host:port/d", 1, "Error: PROACTIVE_DATABASE: expected"),
        ("PROACTIVE_DATABASE", "nonsense", 1, "Error: PROACTIVE_DATABASE: expected"),
    ],
)
def test_a_setting_of_nonsense_is_named(
    name: str, value: str, status: int, says: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    ended = run("rules", "list")
    assert ended.status == status
    assert says in ended.err
    assert "hunter2" not in ended.err
