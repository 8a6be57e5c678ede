"""`proactive ask`: over files and over the data folder, with the statuses that scripts rely on."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from proactive import clock
from proactive.answer.archive import Recorded
from proactive.answer.kept import Kept
from proactive.cli.main import main
from proactive.language.fact import Fact
from proactive.notification import Notification
from proactive.store import Store
from rules.home import Home
from rules.record import encode, from_json
from rules.units import SECOND
from streams.log import Log
from tests.proactive.answer.conftest import HARBOR, THREE_DAYS
from tests.proactive.answer.conftest import at as harbor_at
from tests.proactive.answer.conftest import told as harbor_told
from tests.proactive.conftest import HOME, at, make_firing, make_rule

MEAL = {"activity": "eating", "zone": "food_bowls", "snapshot": "pictures/k-1.jpg"}
LINES: list[dict[str, object]] = [
    {"id": "t0", "type": "tick", "time": "2026-03-09T00:00:00-05:00"},
    {"id": "g-0", "type": "state", "source": "cover.garage", "time": "2026-03-09T00:00:01-05:00", "data": {"value": "closed"}},
    {"id": "k-1", "type": "detection", "time": "2026-03-09T08:12:00-05:00", "data": MEAL, "subject": "pet.daisy"},
    {"id": "g-1", "type": "state", "source": "cover.garage", "time": "2026-03-09T09:00:00-05:00", "data": {"value": "open"}},
    {"id": "t1", "type": "tick", "time": "2026-03-09T18:00:00-05:00"},
]  # fmt: skip
RECORDS = [from_json({"home": "maple", "source": "cam.kitchen"} | line) for line in LINES]
FILES = ("--home", "home.yaml", "--log", "log.jsonl")
NOW = at("2026-03-09T18:00:30-05:00")


@dataclass
class Answered:
    """What a command answered."""

    status: int
    out: str
    err: str


Ask = Callable[..., Answered]


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Return a function that runs `proactive ask` in a folder with a home and a log as files, at six in the evening."""
    monkeypatch.setenv("PROACTIVE_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("PROACTIVE_DATABASE", raising=False)
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "home.yaml").write_text(HOME)
    (tmp_path / "log.jsonl").write_bytes(b"".join(encode(record) + b"\n" for record in RECORDS))

    def ask(*arguments: str) -> Answered:
        capsys.readouterr()
        status = main(["ask", *arguments])
        said = capsys.readouterr()
        return Answered(status, said.out, said.err)

    return ask


@pytest.fixture
def lived(ask: Ask, tmp_path: Path, maple: Home) -> Ask:
    """Return the same with the home, a rule, the records, and a notification in the data folder."""
    with Store(f"sqlite:///{tmp_path / 'data' / 'proactive.db'}") as store:
        store.import_home(maple)
        store.put_rule(make_rule(), who="person.greg", at=0)
        store.record_firing(make_firing(), [notice()], now=NOW)
        attempt = store.begin_attempt(notice(), now=NOW - SECOND, lease=SECOND)
        assert attempt is not None
        from proactive.notification import Outcome

        store.end_attempt(attempt, Outcome(state="sent", due_at=NOW), now=NOW - SECOND)
    with Log(tmp_path / "data" / "log.db") as log:
        log.append(RECORDS)
    return ask


def notice() -> Notification:
    return Notification(
        id="n1", home="maple", firing=make_firing().id, rule="daisy-fed", person="person.greg", urgency="high",
        title="Daisy", body="Daisy has not been fed by noon.", time=NOW - SECOND, created_at=NOW - SECOND, due_at=NOW - SECOND,
    )  # fmt: skip


# --- files --------------------------------------------------------------------------------------------------------


def test_a_file_is_asked_as_of_its_end(ask: Ask) -> None:
    answered = ask(*FILES, "was Daisy fed today?")
    assert (answered.status, answered.err) == (0, "")
    assert answered.out.splitlines() == [
        "Yes: Daisy was seen eating at the food bowls by the kitchen camera at 8:12 am.",
        "Picture: pictures/k-1.jpg",
    ]


def test_json_has_the_answer_its_evidence_and_the_query(ask: Ask) -> None:
    value = json.loads(ask(*FILES, "--json", "is the garage open?").out)
    assert (value["outcome"], value["verdict"], value["value"]) == ("question", "yes", True)
    assert value["evidence"] == [{"id": "g-1", "source": "cover.garage", "time": "2026-03-09T14:00:00Z"}]
    assert (value["query"]["wanted"], value["query"]["now"], value["blind"]) == ("whether", True, [])


def test_what_is_not_understood_is_said_with_status_0(ask: Ask) -> None:
    answered = ask(*FILES, "did the unicorn eat?")
    assert answered.status == 0
    assert "unicorn" in answered.out
    assert json.loads(ask(*FILES, "--json", "did the unicorn eat?").out)["query"] is None


def test_the_home_of_a_file_has_to_be_given(ask: Ask) -> None:
    answered = ask("--log", "log.jsonl", "is the garage open?")
    assert answered.status == 2
    assert "--home" in answered.err


def test_who_asks_has_to_live_there(ask: Ask) -> None:
    answered = ask(*FILES, "--as", "person.grek", "is the garage open?")
    assert answered.status == 2
    assert "person.greg" in answered.err


# --- the data folder ----------------------------------------------------------------------------------------------


def test_the_data_folder_answers_of_the_log_and_of_what_was_told(lived: Ask) -> None:
    assert lived("is the garage open?").out == "Yes: the garage door has been open since 9 am.\n"
    assert lived("was Daisy fed today?").out.startswith("Yes: Daisy was seen eating")
    assert lived("did you tell me today?").out == 'Yes: I told you at 6 pm: "Daisy has not been fed by noon".\n'
    assert lived("did you tell Maya?").out == "No: I told Maya nothing today.\n"


def test_a_question_that_is_said_is_answered(lived: Ask, capsys: pytest.CaptureFixture[str]) -> None:
    lived("is the garage open?")
    assert main(["say", "is the garage open?"]) == 0
    assert capsys.readouterr().out == "Yes: the garage door has been open since 9 am.\n"


def test_a_name_that_was_told_is_known_to_questions(lived: Ask, tmp_path: Path) -> None:
    with Store(f"sqlite:///{tmp_path / 'data' / 'proactive.db'}") as store:
        store.tell("maple", Fact("alias", "pet.daisy", "the princess"), at=NOW)
    assert lived("was the princess fed today?").out.startswith("Yes: Daisy was seen eating")


def test_why_is_asked_of_the_rules_of_the_data_folder(lived: Ask) -> None:
    answered = lived("why didn't you tell me about Daisy today?")
    assert answered.out.startswith(
        "Rule daisy-fed, on Monday, 9 March 2026: it did not fire, because Daisy was seen eating"
    )


def test_a_folder_where_nothing_ran_yet_cannot_tell(lived: Ask, tmp_path: Path) -> None:
    (tmp_path / "data" / "log.db").unlink()
    assert lived("was Daisy fed today?").out == "I can't tell: nothing was recorded then.\n"


# --- the log as an archive ----------------------------------------------------------------------------------------


def test_the_log_and_a_file_of_its_records_tell_the_same(tmp_path: Path) -> None:
    records = harbor_told(HARBOR, THREE_DAYS)
    since, until = harbor_at("2026-03-10 00:00"), harbor_at("2026-03-11 12:00")
    with Log(tmp_path / "log.db") as log:
        log.append(records)
        kept, recorded = Kept(log, "harbor"), Recorded(records, "harbor")
        assert (kept.began, kept.ended, list(kept.sources())) == (
            recorded.began,
            recorded.ended,
            list(recorded.sources()),
        )
        for sources in (None, ["contact.back", "cam.kitchen"]):
            assert list(kept.reports(sources, since, until)) == list(recorded.reports(sources, since, until))
        for source in recorded.sources():
            assert list(kept.states_back(source, until)) == list(recorded.states_back(source, until))
            assert kept.health_before(source, until) == recorded.health_before(source, until)
        assert list(kept.everything()) == list(recorded.everything())
