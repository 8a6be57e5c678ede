"""What the guides of sources and of the API show is taken as it stands."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import TypeAdapter

from proactive.cli.main import main
from proactive.settings import load
from rules.home import Home, parse_home
from rules.record import from_json
from rules.rule import Guard
from streams.source import Place, open_source
from streams.sources.mqtt import OPTIONS
from tests.test_docs import ROOT, blocks

SOURCES = (ROOT / "docs" / "sources.md").read_text()
API = (ROOT / "docs" / "api.md").read_text()
HOMES = [block for block in blocks(SOURCES, "yaml") if not block.startswith("triggers")]


def home_of(block: str) -> Home:
    return parse_home({"home": "maple", "name": "Maple Street", **yaml.safe_load(block)})


@pytest.mark.parametrize("block", HOMES, ids=lambda block: block.partition(":")[0])
def test_what_a_guide_lists_is_part_of_a_home_file(block: str) -> None:
    home = home_of(block)
    assert list(home.entries())
    assert home.unknown_keys() == []


def test_an_address_that_the_guide_of_sources_shows_is_one(tmp_path: Path) -> None:
    settings = next(block for block in blocks(SOURCES, "sh") if block.startswith("PROACTIVE_SOURCE"))
    (tmp_path / ".env").write_text(settings)
    shown = list(load({"HOME": str(tmp_path)}, tmp_path / ".env").sources.values())
    shown += re.findall(r"--source (mqtt\S+)", SOURCES) + re.findall(r"=(ha:\S+?)`", SOURCES)
    assert len(shown) == 4
    for address in shown:
        open_source(address, Place((home_of(HOMES[0]),)))


def test_the_guide_of_sources_lists_every_option_of_a_broker() -> None:
    table = SOURCES.partition("| option | is | default |")[2].partition("\n\n")[0]
    named = {
        name for row in table.splitlines() for name in re.findall(r"`(\w+)`", row.split("|")[1] if "|" in row else "")
    }
    assert named == set(OPTIONS)


def test_a_guard_on_a_calendar_is_one() -> None:
    guards = TypeAdapter[Any](Guard)
    shown = re.findall(r'`(\{"state": .*?\})`', SOURCES)
    assert shown
    for guard in shown:
        assert guards.validate_python(json.loads(guard))


def test_the_tokens_of_the_guide_are_made_listed_and_revoked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PROACTIVE_DATA", str(tmp_path))
    for command in blocks(API, "sh")[0].splitlines():
        assert main(shlex.split(command)[1:]) == 0, capsys.readouterr()
    assert "porch" in capsys.readouterr().out


def test_what_the_guide_of_the_api_posts_is_a_record() -> None:
    [body] = re.findall(r"-d '(.*?)'", API)
    assert from_json(json.loads(body)).source == "doorbell.front"
