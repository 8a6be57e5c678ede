"""Whatever starts a program that keeps a core busy is among the tests that run one after another."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest.importorskip("xdist", reason="pytest-xdist is not installed")
from tests.sharing import KINDS, kind, rank

ROOT = Path(__file__).parents[1]
STARTS = {"kafka": r"\bkafka: str\b|\bTansu\(", "chromium": r"\bchromium: ", "postgresql": r"\bpostgresql: str\b"}


@pytest.mark.parametrize("name", KINDS)
def test_whatever_starts_a_program_of_a_kind_is_of_that_kind(name: str) -> None:
    tests = (ROOT / "tests").rglob("test_*.py")
    files = [str(path.relative_to(ROOT)) for path in tests if re.search(STARTS[name], path.read_text("utf-8"))]
    assert files
    assert [file for file in files if kind(file) != name] == []


def test_kinds_begin_in_their_order_and_before_everything_else() -> None:
    files = ["tests/rules/test_rule.py", "tests/proactive/web/test_browser.py", "tests/streams/kafka/test_chaos.py"]
    assert sorted(files, key=rank) == files[::-1]
