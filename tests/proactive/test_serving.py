"""Serving: a source's records in, a person told out, with the real store, log, clock and outbox."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import httpx

from proactive import app
from proactive.serving import Serving
from proactive.settings import Settings
from proactive.store import Store
from rules.firing import Firing
from rules.home import parse_home
from rules.record import Record
from rules.rule import parse_rule
from streams.embedded import Embedded
from streams.runtime import Runtime
from streams.source import Command, Deliver

HOME = parse_home(
    {
        "home": "elm",
        "name": "Elm House",
        "lateness": "0s",
        "people": [{"id": "person.greg", "name": "Greg", "role": "owner", "channels": ["console"]}],
        "devices": [{"id": "doorbell.front", "type": "doorbell", "name": "front doorbell", "events": ["pressed"]}],
    }
)
RING = parse_rule(
    {
        "id": "ring",
        "home": "elm",
        "owner": "person.greg",
        "when": {"op": "occurs", "of": [{"type": "event", "source": "doorbell.front"}]},
        "notify": {"to": ["person.greg"], "message": "Somebody is at the door"},
    }
)


class Doorbell:
    """Rings once, as soon as a rule stands in the log."""

    def __init__(self) -> None:
        self.ready = threading.Event()
        self.runtime: Embedded | None = None

    def watch(self, runtime: Embedded) -> None:
        self.runtime = runtime
        self.ready.set()

    def run(self, deliver: Deliver, stop: threading.Event) -> None:
        self.ready.wait(20)
        assert self.runtime is not None
        while not self.runtime.rules() and not stop.wait(0.01):
            pass
        now = datetime.now(UTC)
        data = {"name": "pressed"}
        deliver([Record(id="bell", type="event", time=now, source="doorbell.front", home="elm", data=data)])

    def send(self, command: Command) -> None:
        raise AssertionError(f"a doorbell takes no {command}")


def test_a_rule_that_is_saved_while_serve_runs_is_followed_and_whoever_it_names_is_told(tmp_path: Path) -> None:
    settings, paper, bell, fired = Settings(data=tmp_path), io.StringIO(), Doorbell(), list[Firing]()
    with Store(settings.database_url) as store:
        store.import_home(HOME)

        def on_firing(firing: Firing) -> None:
            fired.append(firing)
            serving.stop.set()

        def ready(runtime: Runtime) -> None:
            assert isinstance(runtime, Embedded)
            bell.watch(runtime)
            store.put_rule(RING, at=0)

        serving = Serving(store, settings, [bell], on_firing, app.open_notifier(settings, store, paper))
        serving.serve(ready)
        assert [firing.rule for firing in fired] == ["ring"]
        assert paper.getvalue() == "To Greg, Elm House:\n  Somebody is at the door.\n"
        assert [sent.state for sent in store.notifications("elm")] == ["sent"]
        assert [firing.rule for firing in store.firings("elm")] == ["ring"]


def test_a_serve_that_began_with_nothing_and_whose_only_home_was_erased_leaves_nothing(tmp_path: Path) -> None:
    data = tmp_path / "data"
    environ = os.environ | {"PROACTIVE_DATA": str(data), "PROACTIVE_PORT": "0", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [sys.executable, "-m", "proactive", "serve", "--no-cameras"], env=environ, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stderr is not None
            said = next(line for line in process.stderr if "Set it up: " in line)
            page = said.partition("Set it up: ")[2].strip()
            address, _, code = page.partition("/begin?code=")
            with httpx.Client(base_url=address, trust_env=False, timeout=60, headers={"Origin": address}) as browser:
                secret = "plum boat seven"
                given = {"name": "Greg", "password": secret, "home_name": "zanzibar", "time_zone": "UTC", "code": code}
                assert browser.post("/begin", data=given).status_code == 303
                account = browser.get("/account", headers={"Accept": "text/html"}).text
                form = account.partition('data-form="')[2].partition('"')[0]
                assert browser.post("/home/erase", data={"form": form, "sure": "yes"}).status_code == 303
        finally:
            process.terminate()
            process.wait(60)
    left = {path.name: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    assert not [name for name, content in left.items() if b"zanzibar" in content]
    assert {name for name in left if not name.startswith("proactive.db")} == {"serve.lock"}
