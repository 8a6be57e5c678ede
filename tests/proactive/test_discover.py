"""Discovery: what a hub has and the home does not list, into the home on a yes."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.proactive.test_cli import Run, run
from tests.streams.sources.hub import TOKEN, Hub

__all__ = ["run"]


@pytest.fixture
def hub() -> Iterator[Hub]:
    made = Hub()
    made.set("binary_sensor.shed", "off", device_class="door", friendly_name="Shed\n\x1b[31m door")
    made.set("sun.sun", "above_horizon")
    yield made
    made.stop()


def test_what_is_found_is_shown_and_added_on_a_yes_and_not_found_again(hub: Hub, run: Run) -> None:
    address = f"ha:http://:{TOKEN}@127.0.0.1:{hub.port}"
    run("home", "import", "home.yaml")
    shown = run("home", "discover", "--source", address, "--json")
    assert [row["id"] for row in shown.rows] == ["binary_sensor.shed"]
    added = run("home", "discover", "--source", address, "--yes")
    assert added.out.splitlines() == [
        "binary_sensor.shed  'Shed [31m door'  tells state  (ha binary_sensor.shed)",
        "Added 1 entry to maple.",
    ]
    exported = json.loads(run("home", "export", "--jsonl").out)
    assert exported["devices"][-1]["known_as"] == {"ha": ["binary_sensor.shed"]}
    assert run("home", "discover", "--source", address).out == "Nothing that maple does not list.\n"


def test_without_a_source_there_is_nothing_to_ask(run: Run) -> None:
    run("home", "import", "home.yaml")
    answer = run("home", "discover")
    assert (answer.status, "PROACTIVE_SOURCE_BROKER" in answer.err) == (2, True)


def test_a_hub_that_cannot_be_reached_is_named_without_its_token(run: Run) -> None:
    run("home", "import", "home.yaml")
    answer = run("home", "discover", "--source", "ha:http://:hunter2@127.0.0.1:9")
    assert (answer.status, "http://127.0.0.1:9 cannot be reached" in answer.err) == (1, True)
    assert "hunter2" not in answer.err + answer.out
