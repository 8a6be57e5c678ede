"""The compose file: what it runs exists, it has no password of its own, and it looks after what it runs."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from proactive.cli.main import cli
from proactive.settings import load

ROOT = Path(__file__).parents[1]
COMPOSE = ROOT / "docker-compose.yml"
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(COMPOSE.read_text())["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
SECRETS = {"POSTGRES_PASSWORD": "one1", "MQTT_PASSWORD": "two2", "PROACTIVE_SECRET_KEY": "three3"}


def commands() -> list[list[str]]:
    """Return every command line of ours that the file runs, and those that look after it."""
    checks = [service["healthcheck"]["test"][1:] for service in OURS.values() if "test" in service["healthcheck"]]
    lines = [service["command"] for service in OURS.values()] + checks
    return [list(line) for line in dict.fromkeys(map(tuple, lines))]


@pytest.mark.parametrize("line", commands(), ids=" ".join)
def test_a_command_that_is_run_exists_with_its_options(line: list[str]) -> None:
    program, *words = line
    assert program == "proactive"
    names = words[: next((number for number, word in enumerate(words) if word.startswith("-")), len(words))]
    told = CliRunner().invoke(cli, [*names, "--help"])
    assert told.exit_code == 0, told.output
    options = {word for word in words if word.startswith("-")}
    assert options <= set(re.findall(r"--[a-z-]+", told.output))


def test_every_secret_must_be_given() -> None:
    text = COMPOSE.read_text()
    used = re.findall(r"\$\{(\w*(?:PASSWORD|KEY))(.)", text)
    assert {name for name, _ in used} == SECRETS.keys()
    assert {rest for _, rest in used} == {":"}
    assert not re.search(r"(?:PASSWORD|KEY)\}", text)


def test_every_service_is_looked_after_and_what_has_state_keeps_it() -> None:
    assert all("healthcheck" in service for service in SERVICES.values())
    assert {name for name, service in SERVICES.items() if "volumes" not in service} == {"topics"}


def test_only_the_pages_and_the_broker_for_devices_have_a_port_of_the_host() -> None:
    ports = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert ports == {"mosquitto": ["1883:1883"], "web": ["127.0.0.1:8420:8420"]}


def test_the_settings_it_gives_are_settings() -> None:
    given = {name: "1" for service in OURS.values() for name in service["environment"]}
    assert load(given).unknown == ()


def test_every_folder_that_is_mounted_is_in_the_image_with_its_owner() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    mounted = {volume.split(":")[1] for service in OURS.values() for volume in service.get("volumes", ())}
    assert {folder for folder in mounted if folder.startswith("/data")} == {"/data", "/data/pictures"}
    assert "mkdir -p /data/pictures && chown -R proactive /data" in dockerfile


@pytest.mark.parametrize("given", [SECRETS, {}], ids=["with secrets", "without"])
def test_docker_compose_takes_it_only_with_secrets(tmp_path: Path, given: dict[str, str]) -> None:
    if shutil.which("docker-compose") is None:
        pytest.skip("docker-compose is not installed: apt-get install docker-compose")
    shutil.copy(COMPOSE, tmp_path)
    example = (ROOT / ".env.example").read_text()
    (tmp_path / ".env").write_text(example + "".join(f"{name}={value}\n" for name, value in given.items()))
    told = subprocess.run(["docker-compose", "config", "-q"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (told.returncode == 0) is bool(given), told.stderr
    assert given or re.search(r"set \w+ in \.env", told.stderr)
