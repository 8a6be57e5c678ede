"""What the documents show is true: every example parses, and every session in a README prints what it says."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
import yaml
from pydantic import TypeAdapter

from rules.check import check
from rules.coverage import CameraReason, ZoneReason
from rules.firing import Firing
from rules.home import parse_home
from rules.record import decode, from_json
from rules.rule import Guard, Rule, parse_rule

ROOT = Path(__file__).parents[1]
FORMATS = (ROOT / "docs" / "formats.md").read_text()
EXAMPLE = ROOT / "docs" / "examples" / "daisy"
READMES = [ROOT / "README.md", ROOT / "rules" / "README.md"]
COMMON = '"id":"d-1","time":"2026-03-09T11:02:03Z","home":"maple"'

guards = TypeAdapter[Any](Guard)


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def objects(text: str) -> Iterator[dict[str, Any]]:
    """Yield the JSON objects that stand one after another; what an ellipsis leaves out is filled in."""
    rule = json.dumps({"id": "r", "home": "maple", "when": {"op": "at", "time": "22:00"}})
    text = text.replace('"rule":{...}', f'"rule":{rule}').replace(", ...}", f",{COMMON}}}").strip()
    decoder = json.JSONDecoder()
    while text:
        value, end = decoder.raw_decode(text)
        yield value
        text = text[end:].strip()


EXAMPLES = [value for block in blocks(FORMATS, "json") for value in objects(block)]


@pytest.mark.parametrize("value", EXAMPLES, ids=lambda value: str(value.get("type") or value["id"]))
def test_an_example_of_the_formats_is_what_it_says(value: dict[str, Any]) -> None:
    if "when" in value:
        assert parse_rule(value).id == value["id"]
    elif "verdict" in value:
        assert msgspec.convert(value, Firing, strict=False).id == value["id"]
    else:
        record = from_json(value)
        assert record.type == value["type"]
        if record.type == "rule.put":
            parse_rule(record.data["rule"])


def test_the_formats_show_a_record_of_every_kind_and_a_rule() -> None:
    assert {value.get("type", "rule") for value in EXAMPLES} >= {
        "detection",
        "state",
        "event",
        "health",
        "tick",
        "rule",
    }


def test_the_formats_list_every_reason_of_blindness_with_what_it_is_of() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (camera|zone|camera, zone) \|", FORMATS, re.MULTILINE)
    of = {what: {reason for reason, about in rows if what in about} for what in ("camera", "zone")}
    assert of == {"camera": set(get_args(CameraReason)), "zone": set(get_args(ZoneReason))}


def inline_guards() -> list[str]:
    paragraph = FORMATS.partition("**Guards** (")[2].partition("**Order and time.**")[0]
    pattern = json.dumps([{"source": "cam.kitchen"}])
    codes = (" ".join(code.split()) for code in re.findall(r"`(\{.*?\})`", paragraph, re.DOTALL))
    return [
        code.replace('"of":[...]', f'"of":{pattern}').replace("[...]", '["mon"]').replace("{...}", '{"sun":"up"}')
        for code in codes
    ]


@pytest.mark.parametrize("code", inline_guards())
def test_a_guard_in_the_text_is_a_guard(code: str) -> None:
    value = json.loads(code)
    if set(value) <= {"any", "all"}:
        value = {key: [{"sun": "up"}] for key in value}
    assert guards.validate_python(value)


def example_rule() -> Rule:
    return parse_rule(json.loads((EXAMPLE / "rules.jsonl").read_text()))


def test_the_example_rule_is_the_one_of_the_formats_and_passes_its_check() -> None:
    home = parse_home(yaml.safe_load((EXAMPLE / "home.yaml").read_text()))
    shown = next(value for value in EXAMPLES if value.get("id") == "daisy-fed")
    assert check(example_rule(), home) == []
    assert {**shown["when"], "window": None} == {**example_rule().as_json()["when"], "window": None}


# --- sessions ---------------------------------------------------------------------------------------------------


def sessions() -> list[str]:
    return [block for readme in READMES for block in blocks(readme.read_text(), "console")]


def steps(session: str) -> Iterator[tuple[str, str]]:
    """Yield each command of a session with what it prints."""
    for step in re.split(r"^\$ ", session, flags=re.MULTILINE)[1:]:
        command, _, output = step.replace("\\\n", "").partition("\n")
        yield command, output


@pytest.mark.parametrize("session", sessions(), ids=lambda session: session.partition("\n")[0][:40])
def test_a_session_prints_what_the_readme_shows(session: str, tmp_path: Path) -> None:
    path = f"{sysconfig.get_path('scripts')}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PROACTIVE_DATA": str(tmp_path), "COLUMNS": "80"}
    for command, output in steps(session):
        done = subprocess.run(
            command, shell=True, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.stdout == output, done.stderr


@pytest.mark.parametrize("readme", READMES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_python_in_a_readme_runs(readme: Path) -> None:
    home = parse_home(yaml.safe_load((EXAMPLE / "home.yaml").read_text()))
    records = [decode(line) for line in (EXAMPLE / "records.jsonl").read_bytes().splitlines()]
    names: dict[str, Any] = {"home": home, "rule": example_rule(), "records": records}
    for block in blocks(readme.read_text(), "python"):
        exec(block, names)
    assert names


def test_links_between_documents_lead_somewhere() -> None:
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *ROOT.glob("[a-z]*/README.md")]
    for document in documents:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text()):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_the_example_of_settings_names_only_settings(tmp_path: Path) -> None:
    from proactive.settings import load

    example = re.sub(r"^#(?=PROACTIVE_)", "", (ROOT / ".env.example").read_text(), flags=re.MULTILINE)
    (tmp_path / ".env").write_text(example)
    settings = load({"HOME": str(tmp_path)}, tmp_path / ".env")
    assert settings.unknown == ()
    assert settings.channel("phone.greg")


def test_help_answers_at_once_because_it_imports_no_adapter() -> None:
    code = "import sys; from proactive.cli.main import main; sys.argv = ['proactive', '--help']\n"
    code += "try: main()\nexcept SystemExit: pass\nprint(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    heavy = {"cv2", "numpy", "openvino", "sqlmodel", "sqlalchemy", "apprise", "apscheduler", "httpx", "pydantic"}
    assert "replay" in done.stdout
    assert not heavy & set(done.stderr.split())
