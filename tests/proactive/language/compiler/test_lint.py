"""Rules that pass `check` and that nobody can mean."""

from __future__ import annotations

from typing import Any

import pytest

from proactive.language.compiler.lint import lint
from rules.home import Home
from rules.rule import parse_rule

OPEN = {"state": "contact.back", "is": "open"}
EITHER = {"state": "contact.back", "is": ["open", "closed"]}
AT_TEN = {"op": "at", "time": "22:00"}

MEANT: list[tuple[dict[str, Any], list[Any]]] = [
    ({"op": "holds", "state": OPEN}, []),
    (AT_TEN, [{"between": ["21:00", "06:00"]}]),
    ({"op": "occurs", "of": [{"type": "detection", "where": {"label": "person"}}]}, []),
]
NEVER_MEANT: list[tuple[dict[str, Any], list[Any], str]] = [
    ({"op": "holds", "state": EITHER}, [], "always"),
    ({"op": "occurs", "of": [{"type": "detection", "source": "cam.kitchen"}]}, [], "always"),
    (AT_TEN, [{"between": ["07:00", "21:00"]}], "outside"),
    (AT_TEN, [{"between": ["23:00", "06:00"]}], "outside"),
]


def rule(when: Any, guards: Any) -> Any:
    return parse_rule({"id": "x", "home": "birch", "when": when, "while": guards, "notify": {"to": ["person.ann"]}})


@pytest.mark.parametrize("when, guards", MEANT)
def test_what_can_be_meant_passes(when: Any, guards: Any, home: Home) -> None:
    assert lint(rule(when, guards), home) == []


@pytest.mark.parametrize("when, guards, code", NEVER_MEANT)
def test_what_nobody_can_mean_is_found(when: Any, guards: Any, code: str, home: Home) -> None:
    assert [problem.code for problem in lint(rule(when, guards), home)] == [code]
