"""A port without an entry point, a section in a README, and a test of its obligations does not exist."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("vision", "streams", "proactive")


class Port(NamedTuple):
    """An open set: the Protocol, its entry-point group, the check that authors run, and the package it is in."""

    name: str
    group: str
    check: str
    package: str


PORTS = [
    Port("Detector", "proactive.detectors", "check_detector", "vision"),
    Port("Activity", "proactive.activities", "check_activity", "vision"),
    Port("DeviceSource", "proactive.sources", "check_source", "streams"),
    Port("Channel", "proactive.channels", "check_channel", "proactive"),
    Port("LanguageModel", "proactive.models", "check_language_model", "proactive"),
    Port("SpeechToText", "proactive.hearing", "check_hearing", "proactive"),
    Port("SpeechOut", "proactive.speaking", "check_speaking", "proactive"),
]

each_port = pytest.mark.parametrize("port", PORTS, ids=lambda port: port.name)


def trees(folder: str) -> list[ast.Module]:
    return [ast.parse(path.read_text()) for path in sorted((ROOT / folder).rglob("*.py"))]


def groups() -> set[str]:
    """Return every entry-point group that a module declares as `GROUP`."""
    found = set()
    for package in PACKAGES:
        for node in (node for tree in trees(package) for node in tree.body):
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "GROUP":
                found.add(ast.literal_eval(node.value))
    return found


def test_every_group_belongs_to_a_port() -> None:
    assert groups() == {port.group for port in PORTS}


@each_port
def test_a_port_is_a_protocol(port: Port) -> None:
    classes = [node for tree in trees(port.package) for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    bases = [ast.unparse(base) for node in classes if node.name == port.name for base in node.bases]
    assert bases == ["Protocol"]


@each_port
def test_a_port_has_a_built_in_that_registers_as_any_package_would(port: Port) -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"]
    for value in declared[port.group].values():
        module, _, attribute = value.partition(":")
        path = ROOT / (module.replace(".", "/") + ".py")
        assert path.exists(), f"{value}: there is no {path.name}"
        assert re.search(rf"^(def|class) {attribute}\b|^{attribute}\b.*=", path.read_text(), re.MULTILINE), value


@each_port
def test_a_port_has_a_section_that_lists_its_obligations(port: Port) -> None:
    readme = ROOT / port.package / "README.md"
    sections = re.split(r"^#+ ", readme.read_text(), flags=re.MULTILINE)
    own = [section for section in sections if port.name in section.partition("\n")[0]]
    assert own, f"expected a section about {port.name} in {port.package}/README.md"
    assert port.group in own[0], f"expected the group {port.group} in the section about {port.name}"
    assert port.check in own[0], f"expected {port.check}, which authors run, in the section about {port.name}"


@each_port
def test_a_port_is_checked_by_a_test(port: Port) -> None:
    tests = (path.read_text() for path in (ROOT / "tests").rglob("test_*.py") if path != Path(__file__))
    assert any(f"{port.check}(" in text for text in tests), f"expected a test that calls {port.check}"
