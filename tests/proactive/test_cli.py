"""The command line: quick, clear, and with the exit statuses that scripts rely on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import click
import pytest

from proactive.cli import main as cli
from proactive.erasing import BEGUN, begun, erase_home, finish
from proactive.error import ProactiveError
from proactive.home_file import load_homes
from proactive.open_address import open_address
from proactive.pictures import place_of
from proactive.settings import Settings
from proactive.store import Store
from rules.home import Home
from rules.record import from_json
from streams.log import Log
from tests.proactive.conftest import HOME, make_firing, make_rule

ROOT = Path(__file__).parents[2]


@dataclass
class Answer:
    """What a command answered."""

    status: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Answer]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs a command in an empty folder, with a data folder of its own."""
    for name in [name for name in os.environ if name.startswith("PROACTIVE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PROACTIVE_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "home.yaml").write_text(HOME)

    def run(*arguments: str) -> Answer:
        capsys.readouterr()
        status = cli.main(arguments)
        said = capsys.readouterr()
        return Answer(status, said.out, said.err)

    return run


@pytest.fixture
def filled(run: Run, tmp_path: Path) -> Run:
    """Return the same with a home and a rule in the store."""
    assert run("home", "import", "home.yaml").status == 0
    with Store(f"sqlite:///{tmp_path / 'data' / 'proactive.db'}") as store:
        store.put_rule(make_rule(), who="person.greg", at=0)
    return run


def python(code: str, **environ: str) -> subprocess.CompletedProcess[str]:
    own = os.environ | {"PYTHONPATH": str(ROOT)} | environ
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=own, check=False)


# --- the table --------------------------------------------------------------------------------------------------


def test_help_names_every_command_and_imports_none() -> None:
    code = """
import sys
from proactive.cli.main import main
main(["--help"])
print(sorted(m for m in sys.modules if m.split(".")[0] in
    {"pydantic", "sqlalchemy", "alembic", "yaml", "apprise", "numpy", "cv2", "vision", "streams", "msgspec"}))
"""
    done = python(code)
    assert all(name in done.stdout for name in cli.COMMANDS)
    assert done.stdout.endswith("\n[]\n")


def test_a_misspelt_command_is_answered_with_the_nearest(run: Run) -> None:
    answer = run("hom")
    assert answer.status == 2
    assert "There is no command 'hom'. Did you mean 'home'?" in answer.err


def test_the_version_is_shown(run: Run) -> None:
    assert run("--version").out.startswith("proactive ")


def _command_that_raises(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    @click.command()
    def broken() -> None:
        raise error

    module = ModuleType("a_broken_command")
    module.broken = broken  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "a_broken_command", module)
    monkeypatch.setitem(cli.COMMANDS, "broken", cli.Entry("a_broken_command:broken", "Break."))


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (ProactiveError("The broker does not answer."), 1, "Error: The broker does not answer.\n"),
        (PermissionError(13, "Permission denied", "x.jsonl"), 1, "Error: [Errno 13] Permission denied: 'x.jsonl'\n"),
        (KeyboardInterrupt(), 130, "Interrupted.\n"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_fails_outside_is_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch, error: BaseException, status: int, said: str
) -> None:
    _command_that_raises(error, monkeypatch)
    answer = run("broken")
    assert (answer.status, answer.err.strip()) == (status, said.strip())


def test_a_fault_of_ours_is_not_hidden(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    _command_that_raises(ZeroDivisionError(), monkeypatch)
    with pytest.raises(ZeroDivisionError):
        run("broken")


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    homes = tmp_path / "many.jsonl"
    homes.write_text("".join(f'{{"home":"h{n}","name":"{"x" * 200}"}}\n' for n in range(500)))
    shell = 'set -o pipefail; "$0" -m proactive home import many.jsonl >&2; "$0" -m proactive home export | head -1'
    own = os.environ | {"PYTHONPATH": str(ROOT), "PROACTIVE_DATA": str(tmp_path / "data")}
    done = subprocess.run(
        ["bash", "-c", shell, sys.executable], capture_output=True, text=True, env=own, cwd=tmp_path, check=False
    )
    assert done.stdout == "home: h0\n"
    assert done.stderr == "Imported 500 homes, 0 of them again.\n"


# --- home -------------------------------------------------------------------------------------------------------


def test_a_home_goes_in_and_comes_out_equal(run: Run, tmp_path: Path, maple: Home) -> None:
    assert (
        run("home", "import", "home.yaml").out == "Imported maple: 3 people, 1 pet, 1 camera, 3 devices, 1 calendar.\n"
    )
    (tmp_path / "back.yaml").write_text(run("home", "export").out)
    (tmp_path / "back.jsonl").write_text(run("home", "export", "maple", "--jsonl").out)
    assert load_homes([tmp_path / "back.yaml"]) == load_homes([tmp_path / "back.jsonl"]) == [maple]
    assert run("home", "import", "back.yaml").out.startswith("Updated maple")


def test_an_export_has_no_password_unless_asked_and_comes_back_with_it(run: Run, tmp_path: Path) -> None:
    url = "rtsp://admin:hunter2@cam.lan:554/live?channel=1&token=hunter2"
    (tmp_path / "own.jsonl").write_text(json.dumps({"home": "oak", "cameras": [{"id": "cam.yard", "url": url}]}))
    run("home", "import", "own.jsonl")
    exported = run("home", "export", "--jsonl")
    assert "rtsp://admin@cam.lan:554/live?channel=1" in exported.out
    assert "hunter2" not in exported.out + exported.err
    assert exported.err == "Without the passwords of cam.yard; --secrets writes them.\n"
    (tmp_path / "back.jsonl").write_text(exported.out)
    run("home", "import", "back.jsonl")
    (tmp_path / "full.jsonl").write_text(run("home", "export", "--jsonl", "--secrets").out)
    assert load_homes([tmp_path / "full.jsonl"]) == load_homes([tmp_path / "own.jsonl"])


@pytest.mark.parametrize("url", ["rtsp://admin:p/w@cam.lan/live", "rtsp://admin:p#w@cam.lan/live", "http://[bad:x@y"])
def test_of_an_address_that_is_not_well_formed_only_the_scheme_is_written(url: str) -> None:
    assert open_address(url) in {"rtsp://", "http://"}


def test_many_homes_go_in_and_come_out(run: Run, tmp_path: Path) -> None:
    (tmp_path / "two.jsonl").write_text('{"home":"a"}\n{"home":"b","pets":[{"id":"pet.x"}]}\n')
    run("home", "import", "two.jsonl")
    (tmp_path / "back.yaml").write_text(run("home", "export").out)
    assert load_homes([tmp_path / "back.yaml"]) == load_homes([tmp_path / "two.jsonl"])


def test_a_wrong_file_changes_nothing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "two.jsonl").write_text('{"home":"a"}\n{"home":1}\n')
    answer = run("home", "import", "two.jsonl")
    assert (answer.status, answer.out) == (2, "")
    assert answer.err.startswith("Error: two.jsonl:2: home: ")
    assert run("home", "export").status == 2


def test_an_import_warns_of_keys_and_of_rules_that_it_breaks(filled: Run, tmp_path: Path) -> None:
    (tmp_path / "home.yaml").write_text(HOME.replace("pet.daisy", "pet.rex") + "timezone: UTC\n")
    answer = filled("home", "import", "home.yaml")
    assert answer.status == 0
    assert "'timezone' is not a known key" in answer.err
    assert "Warning: rule daisy-fed of maple: " in answer.err


def test_an_erased_home_is_gone(filled: Run) -> None:
    assert filled("home", "erase", "mapel", "--yes").status == 2
    assert filled("home", "erase", "maple", "--yes").out == "Erased maple.\n"
    assert filled("home", "export", "maple").status == 2


def test_nothing_is_erased_without_a_yes(filled: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", open(os.devnull))  # noqa: SIM115, PTH123 - closed with the test
    assert filled("home", "erase", "maple").status == 130
    assert filled("home", "export", "maple").status == 0


def test_a_store_that_is_no_database_ends_with_status_one(run: Run, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "proactive.db").write_text("a letter " * 100)
    answer = run("home", "export")
    assert answer.status == 1
    assert "is not a database" in answer.err


# --- rules ------------------------------------------------------------------------------------------------------


def test_rules_are_listed_and_explained_in_words(filled: Run) -> None:
    assert filled("rules", "list").out.startswith("daisy-fed: ")
    answer = filled("rules", "explain", "daisy-fed")
    assert "Daisy" in answer.out
    assert "noon" in answer.out


def test_a_rule_is_shown_as_it_is_stored(filled: Run) -> None:
    [shown] = filled("rules", "show", "daisy-fed").rows
    assert shown == make_rule().as_json() | {"version": 1}
    assert filled("rules", "list", "--json").rows == [shown]


def test_pausing_resuming_and_dropping_are_kept_with_who_did_it(filled: Run) -> None:
    assert filled("rules", "pause", "daisy-fed", "--as", "person.maya").out.startswith("Paused daisy-fed: ")
    assert "daisy-fed (paused): " in filled("rules", "list").out
    filled("rules", "resume", "daisy-fed")
    versions = filled("rules", "show", "daisy-fed", "--versions").rows
    assert [(v["version"], v["who"]) for v in versions] == [(1, "person.greg"), (2, "person.maya"), (3, None)]
    assert filled("rules", "drop", "daisy-fed").status == 0
    assert filled("rules", "list").err.startswith("No rules yet.")


@pytest.mark.parametrize("verb", ["show", "explain", "pause", "resume", "drop"])
def test_an_unknown_rule_ends_with_status_two_and_the_nearest(filled: Run, verb: str) -> None:
    answer = filled("rules", verb, "daisy-fet")
    assert answer.status == 2
    assert "Did you mean 'daisy-fed'?" in answer.err


def test_the_home_is_asked_for_only_where_there_are_several(filled: Run, tmp_path: Path) -> None:
    (tmp_path / "oak.yaml").write_text("home: oak")
    filled("home", "import", "oak.yaml")
    answer = filled("rules", "show", "daisy-fed")
    assert (answer.status, answer.err) == (2, "Error: the store has 2 homes: maple, oak. Name one.\n")
    assert filled("rules", "show", "daisy-fed", "--home", "maple").status == 0


# --- doctor and detectors ---------------------------------------------------------------------------------------


def test_the_doctor_makes_nothing_and_hides_secrets(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROACTIVE_CHANNEL_PHONE_GREG", "ntfy://hunter2")
    monkeypatch.setenv("PROACTIVE_DATABSE", "x")
    answer = run("doctor")
    assert answer.status == 0
    assert "hunter2" not in answer.out
    assert "Did you mean 'PROACTIVE_DATABASE'?" in answer.out
    assert not (tmp_path / "data").exists()


def test_the_doctor_names_what_is_broken(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROACTIVE_DETECTOR_MODEL", str(tmp_path / "no_model"))
    (tmp_path / "data").write_text("in the way")
    answer = run("doctor", "--json")
    assert answer.status == 1
    assert {row["about"] for row in answer.rows if row["state"] == "broken"} == {"detector model", "data folder"}


def test_the_doctor_names_who_cannot_be_told(filled: Run, tmp_path: Path) -> None:
    with Store(f"sqlite:///{tmp_path / 'data' / 'proactive.db'}") as store:
        rule = make_rule(notify={"to": ["person.zoe"], "message": "x"})
        store.put_rule(rule, at=0)
        store.record_firing(make_firing(), now=0)
    found = [str(row["found"]) for row in filled("doctor", "--json").rows if row["about"] == "maple"]
    assert "Zoe has no channel and no device." in found
    assert any(text.startswith("phone.maya has no address; set PROACTIVE_CHANNEL_PHONE_MAYA") for text in found)


def test_the_doctor_counts_the_records_that_were_set_aside(run: Run, tmp_path: Path) -> None:
    record = from_json({"id": "t", "type": "tick", "time": "2026-03-09T12:00:00Z"})
    with Log(tmp_path / "data" / "log.db") as log:
        log.set_aside([(record, "ahead of the clock")], 0)
    found = {str(row["found"]): row["advice"] for row in run("doctor", "--json").rows if row["about"] == "log"}
    assert found["1 set aside: ahead of the clock"] == "Check the clock of the source."


def test_with_the_last_home_go_records_pictures_and_keys_and_nothing_that_is_not_ours(
    filled: Run, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    Log(data / "log.db").close()
    for name in (
        "pictures/maple/a.jpg",
        "views/maple/cam.jpg",
        "tls/root.pem",
        "dead-letters.jsonl",
        "secret.key",
        "holiday.txt",
    ):
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_text("x")
    assert filled("home", "erase", "maple", "--yes").status == 0
    left = {path.name for path in data.iterdir() if not path.name.startswith("proactive.db")}
    assert left == {"holiday.txt", "serve.lock"}


def test_a_home_that_shares_its_log_goes_from_it_and_the_others_stay(filled: Run, tmp_path: Path) -> None:
    data, mark = tmp_path / "data", b"zanzibar-of-maple"
    with Store(f"sqlite:///{data / 'proactive.db'}") as store:
        store.import_home(store.export_home("maple").model_copy(update={"home": "oak"}))
    told = {"type": "event", "source": "doorbell.front", "time": "2026-03-09T12:00:00Z", "data": {"name": "pressed"}}
    with Log(data / "log.db") as log:
        log.append([from_json({"id": f"zanzibar-of-{home}", "home": home, **told}) for home in ("oak", "maple")])
    (data / "dead-letters.jsonl").write_bytes(mark)
    for home in ("maple", "oak"):
        (folder := data / place_of(home, "cam.kitchen")).mkdir(parents=True)
        (folder / "a.jpg").write_text("x")
    assert filled("home", "erase", "maple", "--yes").out == "Erased maple.\n"
    assert [path.parts[-3] for path in tmp_path.rglob("a.jpg")] == ["oak"]
    assert [path for path in data.rglob("*") if path.is_file() and mark in path.read_bytes()] == []
    with Log(data / "log.db") as log:
        assert [each.id for each in log.records("oak", ["zanzibar-of-oak"])] == ["zanzibar-of-oak"]


@pytest.mark.parametrize("then", ["the same again", "a home of its id comes back", "the next serve"])
def test_an_erasing_that_was_cut_short_before_the_log_is_finished(filled: Run, tmp_path: Path, then: str) -> None:
    data = tmp_path / "data"
    with Store(f"sqlite:///{data / 'proactive.db'}") as store:
        store.import_home(store.export_home("maple").model_copy(update={"home": "oak"}))
        told = {
            "type": "event",
            "source": "doorbell.front",
            "time": "2026-03-09T12:00:00Z",
            "data": {"name": "pressed"},
        }
        with Log(data / "log.db") as log:
            log.append([from_json({"id": f"zanzibar-of-{home}", "home": home, **told}) for home in ("oak", "maple")])
        erase_home(Settings(data=data), store, "maple")
    assert b"zanzibar-of-maple" in (data / "log.db").read_bytes() and begun(Settings(data=data)) == {"maple"}
    if then == "the same again":
        assert filled("home", "erase", "maple").out == "Erased maple.\n"
    elif then == "a home of its id comes back":
        assert filled("home", "import", "home.yaml").status == 0
    else:
        assert filled("serve", "--no-cameras", "--source", "nonsense://", "--input", "/nowhere.jsonl").status != 0
    assert [path for path in data.glob("log.db*") if b"zanzibar-of-maple" in path.read_bytes()] == []
    assert b"zanzibar-of-oak" in (data / "log.db").read_bytes() and begun(Settings(data=data)) == set()


def test_an_erasing_of_the_last_home_that_was_cut_short_leaves_nothing_when_it_is_said_again(
    filled: Run, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    Log(data / "log.db").close()
    with Store(f"sqlite:///{data / 'proactive.db'}") as store:
        assert erase_home(Settings(data=data), store, "maple")
    assert filled("home", "erase", "maple").out == "Erased maple.\n"
    assert {path.name for path in data.iterdir() if not path.name.startswith("proactive.db")} == {"serve.lock"}
    assert filled("home", "erase", "maple").status == 2


def test_an_erasing_that_did_not_reach_the_store_erases_nothing_later(filled: Run, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    (folder := settings.data / BEGUN).mkdir()
    (folder / "maple").write_text("maple")
    finish(settings)
    assert begun(settings) == set() and "maple" in filled("home", "export").out


def test_what_erasing_does_not_reach_on_kafka_is_said(filled: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROACTIVE_KAFKA", "127.0.0.1:1")
    said = filled("home", "erase", "maple", "--yes")
    assert said.status == 0 and "stay on the topics until their retention is over" in said.err


def test_detectors_are_listed_with_what_they_need_and_whose_they_are(run: Run) -> None:
    rows: dict[object, Any] = {row["name"]: row for row in run("detectors", "--json").rows}
    assert {"ssd", "openvino", "yolo", "scripted"} <= rows.keys()
    assert all(row["ready"] == (not row["missing"]) for row in rows.values())
    assert "model" in rows["openvino"]["missing"]
    assert "AGPL-3.0" in rows["yolo"]["licence"]
    assert "needs model: set PROACTIVE_DETECTOR_MODEL to a YOLO export" in run("detectors").out


def test_detectors_tell_who_looks_and_whom_it_can_see(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script, home = tmp_path / "script.json", tmp_path / "home.yaml"
    script.write_text(
        '[{"label":"dog","box":[0,0,1,1],"from":0,"to":1},{"label":"cup","box":[0,0,1,1],"from":0,"to":1}]'
    )
    home.write_text("{home: lane, pets: [{id: pet.a, name: Ada, species: dog}, {id: pet.b, name: Bo, species: newt}]}")
    monkeypatch.setenv("PROACTIVE_DETECTOR", "scripted")
    assert "Nothing looks here. " in run("detectors").out
    monkeypatch.setenv("PROACTIVE_DETECTOR_MODEL", str(script))
    told = run("detectors", "--home", str(home)).out
    assert "Here looks scripted. It sees dog, and names 1 other thing." in told
    assert "lane: it has a label for Ada; it has none for Bo (newt)." in told
    (chosen,) = [row for row in run("detectors", "--json").rows if row["looks"]]
    assert (chosen["name"], chosen["labels"]) == ("scripted", ["cup", "dog"])
