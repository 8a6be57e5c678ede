"""Gold: sentences over made homes with what they should become, one JSON object a line (`README.md`)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from proactive.home_file import load_homes
from proactive.language.fact import Fact
from proactive.language.outcome import KINDS, Kind, Outcome
from proactive.language.request import Turn
from rules.home import Home

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
_JUDGED = ROOT / "tests" / "proactive" / "language" / "judged"


@dataclass(frozen=True)
class Item:
    """One judged sentence.

    `rules` are the rules any of which is right, each as JSON with what decides in it; `to` and `devices` are who must be told and
    what must act, where it is not the speaker alone. What is not `safe` may never become a rule. What is not `in_home`
    names what the home lacks. `annotation` is the row of the shared score, where there is one.
    """

    id: str
    home: Home
    kind: str
    text: str
    outcomes: frozenset[str]
    wanted: str
    rules: tuple[dict[str, Any], ...] = ()
    speaker: str | None = None
    to: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()
    conversation: tuple[Turn, ...] = ()
    facts: tuple[Fact, ...] = ()
    safe: bool = True
    in_home: bool = True
    annotation: dict[str, Any] | None = None


@cache
def homes() -> Mapping[str, Home]:
    """Return the made homes by id."""
    return {home.home: home for home in load_homes([*sorted(_JUDGED.glob("*.yaml")), *sorted(HERE.glob("*.yaml"))])}


def load(name: str) -> list[Item]:
    """Return the items of a set, such as `open`."""
    with (HERE / f"{name}.jsonl").open(encoding="utf-8") as lines:
        return [read(json.loads(line), homes()) for line in lines if line.strip()]


def read(row: dict[str, Any], known: Mapping[str, Home]) -> Item:
    """Return the item of a line."""
    home = known[row["home"]]
    return Item(
        id=row["id"],
        home=home,
        kind=row["kind"],
        text=row["text"],
        outcomes=frozenset({row["outcome"], *row.get("alt_outcomes", ())}),
        wanted=row["outcome"],
        rules=tuple(row.get("rules", ())),
        speaker=row.get("speaker"),
        to=tuple(row.get("to", ())),
        devices=tuple(row.get("do", ())),
        conversation=tuple(_turn(turn) for turn in row.get("conversation", ())),
        facts=tuple(Fact(**fact) for fact in row.get("facts", ())),
        safe=not row.get("unsafe", False),
    )


def _turn(said: dict[str, str]) -> Turn:
    """Return a turn of which only the words matter, such as one that tries to give orders."""
    kind: Kind = next(kind for kind in KINDS if kind == said["outcome"])
    return Turn(said["text"], Outcome(kind, said["reply"]))
