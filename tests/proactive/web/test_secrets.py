"""Laws of secrets: planted where people put them, they stand in nothing that is written, shown, logged or sent to a model."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Event

import httpx
import pytest

from proactive.access import entry
from proactive.cli.main import main
from proactive.language.reader import reader_of
from proactive.language.understand import understand
from proactive.settings import Settings
from proactive.store import Store
from proactive.subscription import Subscription
from proactive.token import mint
from rules.home import Calendar, Camera, Home
from tests.proactive.conftest import make_firing, make_rule
from tests.proactive.language.compiler.scripted import Scripted, form
from tests.proactive.web.conftest import Running
from tests.proactive.web.people import SECRET, browser_of
from tests.proactive.web.test_routes import filled, routes

CAMERA, CALENDAR, CHANNEL, PUSH = (
    "hunter2-of-the-camera",
    "hunter3-of-the-calendar",
    "hunter4-of-ntfy",
    "hunter5-of-push",
)
PLANTED = (CAMERA, CALENDAR, CHANNEL, PUSH)


def plant(store: Store, maple: Home) -> Home:
    """Put a secret wherever people put one, and return the home."""
    camera = maple.cameras[0].model_copy(update={"url": f"rtsp://admin:{CAMERA}@192.0.2.7/stream"})
    calendar = Calendar(id="calendar.family", name="family", url=f"https://cal.example/{CALENDAR}.ics?token={CALENDAR}")
    home = maple.model_copy(update={"cameras": (camera, Camera(id="cam.yard")), "calendars": (calendar,)})
    store.import_home(home)
    store.prefer("maple", "channel.phone.greg", f"ntfy://user:{CHANNEL}@host/topic", person="person.greg")
    browser = Subscription(
        person="person.greg", endpoint="https://push.example/1", p256dh="public", auth=PUSH, device="", created_at=0
    )
    store.subscribe("maple", browser)
    store.put_rule(make_rule(), who="person.greg", at=0)
    store.record_firing(make_firing(), now=0)
    return home


def written(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder, those beside a database too."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def told(found: dict[str, bytes], *secrets: str) -> list[tuple[str, str]]:
    return [(where, secret) for where, content in found.items() for secret in secrets if secret.encode() in content]


def test_no_page_error_log_or_file_holds_a_secret(
    running: Running, maple: Home, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    store, now = running.store, running.site.now()
    plant(store, maple)
    running.site.look()
    came = entry.begin(store, store.export_home("maple"), "person.greg", "Greg", SECRET, device="", now=now)
    _, link = entry.invite(store, store.export_home("maple"), "person.ana", "Ana", "guest", by="person.greg", now=now)
    kept, shown = mint("printer", ["admin"], now=0)
    store.add_token(kept)
    owner = browser_of(running, "person.maya")
    pages: dict[str, bytes] = {}
    for method, path, _ in routes(running):
        if method == "GET" and path != "/live":
            pages[path] = owner.get(filled(path)).content
    for said in ("who came?", "what cameras are there?", "show me the address of the kitchen camera", DAISY):
        pages[said] = owner.post("/talk", text=said).content + owner.get("/talk").content
    headers = {"Authorization": f"Bearer {shown}", "Content-Type": "application/json"}
    answer = httpx.post(f"{running.address}/api/records", headers=headers, content=b"{", trust_env=False, timeout=20)
    pages["/api/records"] = answer.content
    assert len(pages) > 20
    tokens = (came.token, owner.client.cookies["proactive"], link, shown, shown.rpartition("_")[2], SECRET)
    assert told(pages, *PLANTED, *tokens) == []
    assert told(written(running.site.settings.data), *PLANTED, *tokens) == [], "in the files, while they are open"
    assert told({"log": caplog.text.encode()}, *PLANTED, *tokens) == []


DAISY = "let me know if Daisy isn't fed by noon every day"


def test_no_model_is_told_a_secret(store: Store, maple: Home) -> None:
    home = plant(store, maple)
    model = Scripted([form(kind="absent", who=["daisy"])])
    for said in (DAISY, "what does the kitchen camera see?", "turn on the hall light"):
        understand(said, "person.greg", home, reader=reader_of(model, {"PROACTIVE_LLM_WHEN": "always"}, model, model))
    sent = "".join(message.text for prompt in model.prompts for message in (*prompt.prefix, *prompt.turn))
    assert model.prompts and "192.0.2.7" not in sent
    assert told({"prompts": sent.encode()}, *PLANTED) == []


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the data folder of the commands."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PROACTIVE_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def test_no_command_shows_a_secret_unless_it_is_told_to(
    data: Path, maple: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    with Store.open(Settings(data=data)) as store:
        plant(store, maple)
    commands = (["home", "export"], ["home", "export", "--jsonl"], ["home", "prefer"], ["doctor"], ["rules", "list"])
    said = {}
    for command in commands:
        assert main(command) in (0, 1), command
        out = capsys.readouterr()
        said[" ".join(command)] = (out.out + out.err).encode()
    assert told(said, *PLANTED) == []
    assert main(["home", "export", "--secrets"]) == 0 and CAMERA in capsys.readouterr().out


MARK = "zanzibar-of-the-family"


def test_what_is_erased_is_in_no_byte_on_the_disk(data: Path, maple: Home, capsys: pytest.CaptureFixture[str]) -> None:
    from proactive import app
    from proactive.language.fact import Fact
    from proactive.pictures import place_of
    from proactive.tls.authority import Authority
    from rules.record import Record
    from rules.units import moment
    from tests.proactive.conftest import at

    settings, now = Settings(data=data), at("2026-03-09T12:00:00-05:00")
    marked = maple.model_copy(update={"name": MARK, "pets": (maple.pets[0].model_copy(update={"looks": MARK}),)})
    with Store.open(settings) as store, app.open_log(settings) as log:
        came = entry.begin(store, marked, "person.greg", f"Greg {MARK}", SECRET, device=MARK, now=now)
        home = plant(store, marked)
        entry.invite(store, home, "person.ana", MARK, "guest", by="person.greg", now=now)
        store.put_rule(make_rule(said=MARK), who="person.greg", at=now)
        store.tell("maple", Fact("alias", "pet.daisy", MARK, said=MARK, by="person.greg"), at=now)
        runtime = app.open_runtime(log, [home], clock=lambda: moment(now))
        runtime.start()
        seen: dict[str, str | float] = {"label": MARK}
        runtime.ingest(
            [Record(id=MARK, type="detection", time=moment(now), source="cam.kitchen", home="maple", data=seen)]
        )
        runtime.stop()
    for name in (f"{place_of('maple', 'cam.kitchen')}/a.jpg", "views/maple/cam.kitchen/a.png", "dead-letters.jsonl"):
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_text(MARK)
    Authority(data).make(("localhost",), MARK, moment(now))
    assert told(written(data), MARK), "there was something to erase"
    assert main(["home", "erase", "maple", "--yes"]) == 0, capsys.readouterr().err
    assert told(written(data), MARK, came.session.id, *PLANTED) == []
    left = {name for name in written(data) if not name.startswith("proactive.db")}
    assert left == {"serve.lock"}


def test_one_of_several_homes_is_erased_on_its_page_to_the_last_byte_while_it_is_watched(
    running: Running, maple: Home
) -> None:
    from proactive.erasing import Leftovers
    from proactive.pictures import place_of
    from rules.record import Record

    data, now = running.site.settings.data, running.clock.now
    marked = maple.model_copy(update={"name": MARK})
    oak = maple.model_copy(update={"home": "oak"})
    running.store.import_homes([marked, oak])
    running.store.put_rule(make_rule(said=MARK), at=0)
    running.store.put_rule(make_rule(home="oak"), at=0)
    running.site.look()
    seen = [
        Record(
            id=f"{MARK}-{home}", type="event", time=now, source="doorbell.front", home=home, data={"name": "pressed"}
        )
        for home in ("maple", "oak")
    ]
    running.runtime.ingest(seen)
    leftovers = Leftovers(running.site.settings, running.store.home_ids())
    (picture := data / place_of("maple", "cam.kitchen") / "a.jpg").parent.mkdir(parents=True)
    picture.write_text(MARK)
    (data / "dead-letters.jsonl").write_text(MARK)
    assert browser_of(running, "person.greg").post("/home/erase", sure="yes").headers["location"] == "/begin"
    picture.parent.mkdir(parents=True)
    picture.write_text("what a worker saw before it heard")
    running.runtime.ingest(seen[:1])
    leftovers.look(running.store.home_ids())
    found = {where: content.replace(b"zanzibar-of-the-family-oak", b"") for where, content in written(data).items()}
    assert told(found, MARK) == [] and not picture.exists()
    assert running.runtime.rules().keys() == {("oak", "daisy-fed")}
    assert [each.home for each in running.log.records("oak", [f"{MARK}-oak"])] == ["oak"]


BROKER = "hunter6-of-the-broker"


def descendants(of: int) -> dict[str, bytes]:
    """Return the arguments of a process and of all that it started, as every user of the machine can read them."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    own = {of}
    while more := {child for child, parent in parents.items() if parent in own} - own:
        own |= more
    return {str(each): (Path("/proc") / str(each) / "cmdline").read_bytes() for each in own if each in parents}


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="there is no /proc to read arguments from")
def test_a_serve_that_reaches_nothing_tells_no_secret_by_arguments_words_figures_or_files(
    tmp_path: Path, maple: Home
) -> None:
    pytest.importorskip("vision.live.crew", reason="seeing is not installed: pip install 'proactive[vision]'")
    data, said = tmp_path / "data", tmp_path / "said"
    with Store.open(Settings(data=data)) as store:
        home = plant(store, maple)
        camera = home.cameras[0].model_copy(update={"url": f"rtsp://admin:{CAMERA}@127.0.0.1:9/stream?key={CAMERA}"})
        calendar = home.calendars[0].model_copy(update={"url": f"http://127.0.0.1:9/{CALENDAR}.ics?token={CALENDAR}"})
        store.import_home(home.model_copy(update={"cameras": (camera,), "calendars": (calendar,)}))
    environ = os.environ | {
        "PROACTIVE_DATA": str(data), "PROACTIVE_PORT": "0", "PYTHONUNBUFFERED": "1",
        "PROACTIVE_SOURCE_BROKER": f"mqtt://proactive:{BROKER}@127.0.0.1:9",
    }  # fmt: skip
    command = [sys.executable, "-m", "proactive", "serve"]
    with said.open("wb") as words, subprocess.Popen(command, env=environ, stderr=words, stdout=words) as process:
        try:
            pause, status = Event(), data / "cameras.json"
            while process.poll() is None and not (status.exists() and b'"trouble":"rtsp' in status.read_bytes()):
                assert not pause.wait(0.1)
            arguments = descendants(process.pid)
            address = said.read_text().partition("Listening at ")[2].split()[0].rstrip(".")
            figures = httpx.get(f"{address}/metrics", trust_env=False, timeout=60).content
        finally:
            process.terminate()
            process.wait(60)
    assert len(arguments) > 1 and b"proactive_" in figures
    found = {**arguments, "figures": figures, "words": said.read_bytes(), **written(data)}
    assert told(found, *PLANTED, BROKER) == []
