"""What figures say of sources, and what is looked at of the engines of voice."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest

from proactive.intake import Intake
from proactive.settings import load
from proactive.vitals import Vitals, sources_said
from proactive.voice.ready import engines
from rules.units import instant
from streams.embedded import Embedded
from streams.log import Log
from streams.source import Standing
from tests.streams.logs import MORNING, home


def shown(folder: Path, *standings: Standing) -> str:
    """Return the figures of an installation with these sources."""
    registry = CollectorRegistry()
    with Log(folder / "log.db") as log:
        runtime = Embedded(log, [home()], clock=lambda: MORNING, lapse=None)
        runtime.start()
        registry.register(Vitals(runtime, Intake(runtime, log), lambda: instant(MORNING), lambda: standings))
        return generate_latest(registry).decode()


def test_each_source_is_said_to_be_connected_or_not_when_it_told_last_and_what_it_could_not_tell(
    tmp_path: Path,
) -> None:
    told = MORNING - timedelta(seconds=7)
    figures = shown(
        tmp_path,
        Standing("mqtt://broker:1883", True, "", told),
        Standing("mqtt://[fd00::7]", True, "", told, unlisted=3),
        Standing("http://hub:8123", False, "no_answer", MORNING - timedelta(hours=2)),
        Standing("mqtt://attic", True, unreadable=12),
    )
    assert {source: (well, found) for source, well, found, _ in sources_said(figures)} == {
        "mqtt://broker:1883": (True, "connected, told something 7 s ago"),
        "mqtt://[fd00::7]": (
            True,
            "connected, told something 7 s ago; 3 names there are not listed: proactive home discover",
        ),
        "http://hub:8123": (False, "not connected (no answer), told something 2 hours ago"),
        "mqtt://attic": (False, "connected, told nothing yet; 12 messages could not be read"),
    }
    assert all(advice for _, well, _, advice in sources_said(figures) if not well)


def test_engines_of_voice_say_what_they_need_and_are_not_loaded(tmp_path: Path) -> None:
    given = {"PROACTIVE_DATA": str(tmp_path), "PROACTIVE_HEARING": "openai", "PROACTIVE_SPEAKING": "hibary"}
    hearing, speaking = engines(load(given))
    assert (hearing.role, hearing.needs, hearing.advice) == ("hearing", "has no server", "Set PROACTIVE_VOICE_URL.")
    assert (speaking.role, speaking.advice) == ("speaking", "Did you mean 'hibari'?")
    [hearing, _] = engines(load(given | {"PROACTIVE_VOICE_URL": "http://sam:hunter2@lab/v1"}))
    assert (hearing.needs, "hunter2" in hearing.found) == ("", False)
    own = given | {"PROACTIVE_HEARING": "whisper", "PROACTIVE_VOICE_MODEL": str(tmp_path / "none")}
    [hearing, _] = engines(load(own))
    assert hearing.needs
    assert not (tmp_path / "voice").exists()
