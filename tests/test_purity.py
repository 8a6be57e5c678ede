"""The law of rules/: no clock, no I/O, no randomness. The syntax of every module is read, so nothing can hide."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

RULES = Path(__file__).parents[1] / "rules"
MODULES = sorted(RULES.rglob("*.py"))
THIRD_PARTY = {"annotated_types", "astral", "dateutil", "msgspec", "pydantic", "rules"}
IMPURE = set(
    "asyncio concurrent ctypes ftplib glob http io logging multiprocessing os pathlib platform queue random secrets select "
    "selectors shutil signal smtplib socket socketserver sqlite3 ssl subprocess sys tempfile threading time urllib uuid".split()
)
CALLS = {"now", "today", "utcnow"}
BUILT_IN = {"open", "input", "print", "exec", "eval", "__import__"}


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "rules").partition(".")[0]


def called(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CALLS:
            yield node.func.attr
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in BUILT_IN:
            yield node.func.id


def impurities(source: str) -> list[str]:
    tree = ast.parse(source)
    allowed = (set(sys.stdlib_module_names) - IMPURE) | THIRD_PARTY
    return [name for name in imported(tree) if name not in allowed] + list(called(tree))


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(RULES.parent)))
def test_the_core_reads_no_clock_and_touches_nothing(module: Path) -> None:
    assert impurities(module.read_text()) == []


@pytest.mark.parametrize(
    "source",
    ["import time", "from datetime import datetime\ndatetime.now()", "import os.path", "import httpx", "open('x')"],
)
def test_an_impurity_is_found(source: str) -> None:
    assert impurities(source)
