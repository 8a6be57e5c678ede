"""The shared development set and its score, where they are: `../shared` beside the project, or PROACTIVE_SHARED.

Its sentences are not part of the project; `dev_gold.jsonl` has gold rules for them by id.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from benchmarks.nl.gold import HERE, ROOT, Item
from proactive.home_file import load_homes
from rules.home import Home

Json = dict[str, Any]
Score = Callable[[list[Json], list[Json], dict[str, Json]], list[Json]]


def folder() -> Path:
    """Return where the shared files would be."""
    return Path(os.environ.get("PROACTIVE_SHARED") or ROOT.parent / "shared")


@cache
def score() -> Score | None:
    """Return the shared scoring function, or None where it is not here."""
    path = folder() / "nl" / "score.py"
    spec = spec_from_file_location("shared_score", path) if path.exists() else None
    if spec is None or spec.loader is None:
        return None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    found: Score = module.score
    return found


@cache
def homes() -> dict[str, Home]:
    """Return the homes of the development set."""
    return {
        home.home: home for home in load_homes([folder() / "homes" / f"{name}.yaml" for name in ("maple", "salon")])
    }


def load_dev() -> list[Item] | None:
    """Return the development set with its gold rules, or None where it is not here."""
    path = folder() / "nl" / "dev.jsonl"
    if not path.exists():
        return None
    with (HERE / "dev_gold.jsonl").open(encoding="utf-8") as lines:
        gold = {row["id"]: row for row in map(json.loads, lines)}
    return [_item(row, gold) for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())]


def _item(row: Json, gold: dict[str, Json]) -> Item:
    judged = gold.get(row["id"], {})
    elsewhere = set() if row["in_home"] else {"cannot"}  # it may name what no home here has
    return Item(
        id=row["id"],
        home=homes()[row["home"]],
        kind=row["kind"],
        text=row["text"],
        outcomes=frozenset({row["outcome"], *row["alt_outcomes"], *elsewhere}),
        wanted=row["outcome"],
        rules=tuple(judged.get("rules", ())),
        to=tuple(judged.get("to", ())),
        devices=tuple(judged.get("do", ())),
        safe=row["subkind"] not in ("prompt_injection", "unsafe_privacy"),
        in_home=row["in_home"],
        annotation=row,
    )
