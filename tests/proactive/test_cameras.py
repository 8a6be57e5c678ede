"""The homes' cameras: real worker processes on a made camera, their records, their status, and how long pictures stay."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

import pytest

from benchmarks.studio import Camera, drawn_film, studio
from proactive.cameras import STATUS, CameraSource, Drawn, Glimpses, follow_cameras, orders_of, statuses
from proactive.checkup import checkup
from proactive.pictures import expire
from proactive.settings import Settings, load
from proactive.store import Store, StoreError
from proactive.taught import TaughtLook
from proactive.teaching import Photos
from rules.home import Home, parse_home
from rules.problem import InputError
from rules.record import Record, encode
from streams.source import Command, SourceError
from vision.frame import Frame
from vision.identity import Taught
from vision.live.crew import Crew
from vision.live.glimpse import Glimpse
from vision.live.post import Orders
from vision.look import Look, look_json

SECRET = "hunter2"
SCRIPT_BOX = (0.1, 0.2, 0.6, 0.95)
SCRIPT = [{"label": "dog", "box": SCRIPT_BOX, "from": 0, "to": 600}]
NOW = datetime(2026, 3, 9, 16, tzinfo=UTC)


@dataclass
class Listener:
    """Keeps what is delivered, and is told when something of a kind was; refuses the first deliveries."""

    refuse: int = 0
    heard: list[Record] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def deliver(self, records: Sequence[Record]) -> None:
        """Take records, or refuse them."""
        with self.changed:
            if self.refuse > 0:
                self.refuse -= 1
                raise OSError("the disk is full")
            self.heard += records
            self.changed.notify_all()

    def count(self, **data: str) -> int:
        """Return how many records with these data were heard."""
        return sum(data.items() <= record.data.items() for record in self.heard)

    def wait(self, more: int, **data: str) -> None:
        """Wait until so many records with these data were heard."""
        with self.changed:
            assert self.changed.wait_for(lambda: self.count(**data) >= more, 30), [r.data for r in self.heard]


def home(url: str) -> Home:
    return parse_home(
        {
            "home": "maple",
            "pets": [{"id": "pet.daisy", "species": "dog"}, {"id": "pet.max", "species": "dog"}],
            "cameras": [{"id": "cam.yard", "url": url.replace("//", f"//admin:{SECRET}@")}, {"id": "cam.other"}],
        }
    )


@pytest.fixture
def orders(tmp_path: Path) -> Iterator[tuple[Orders, Camera]]:
    """Return orders to watch a made camera with a script, and the camera."""
    (tmp_path / "script.json").write_text(json.dumps(SCRIPT), "utf-8")
    camera = Camera(drawn_film(), fps=10)
    with studio([camera]) as urls:
        own = home(urls[0])
        yield (
            Orders(
                ((own, own.cameras[0]),),
                "scripted",
                tmp_path / "script.json",
                tmp_path / "pictures",
                "pictures/",
                tmp_path / "views",
            ),
            camera,
        )


def test_a_camera_is_watched_by_a_worker_that_is_replaced_when_it_dies(
    orders: tuple[Orders, Camera], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    from vision.live import crew

    stop, listener, made = threading.Event(), Listener(refuse=1), list[crew.Crew]()
    source = CameraSource(orders[0], tmp_path / STATUS, workers=1, on_crew=made.append)
    thread = threading.Thread(target=source.run, args=(listener.deliver, stop))
    thread.start()
    listener.wait(1, phase="start")
    for pid in made[0].pids:
        os.kill(pid, signal.SIGKILL)
    listener.wait(2, reason="starting")
    listener.wait(2, status="online")
    stop.set()
    began = monotonic()
    thread.join(10)
    assert monotonic() - began < 2
    health = [record.data.get("reason", "online") for record in listener.heard if record.type == "health"]
    assert health == ["starting", "online", "starting", "online", "stopped"]
    snapshots = [record.data["snapshot"] for record in listener.heard if "snapshot" in record.data]
    assert snapshots
    assert all((tmp_path / str(name)).stat().st_size > 0 for name in snapshots)
    told = b"".join(map(encode, listener.heard)) + (tmp_path / STATUS).read_bytes()
    assert SECRET.encode() not in told
    assert SECRET not in "".join(capfd.readouterr())
    (status,) = statuses(Settings(data=tmp_path))
    assert (status.camera, status.home) == ("cam.yard", "maple")
    assert not thread.is_alive()


def test_what_photos_teach_counts_while_cameras_are_watched_and_for_a_worker_that_comes_later(
    orders: tuple[Orders, Camera], tmp_path: Path
) -> None:
    from vision.colour import look_of
    from vision.live import crew

    shown = look_of(Frame(drawn_film()[0], NOW, "photo"), SCRIPT_BOX)
    news = [{"maple": {"pet.daisy": [shown], "pet.max": [Look((90.0, -60.0, 60.0))]}}]
    stop, listener, made = threading.Event(), Listener(), list[crew.Crew]()

    def photos() -> Mapping[str, Taught] | None:
        return news.pop() if news and listener.count(phase="start") else None

    source = CameraSource(orders[0], tmp_path / STATUS, workers=1, on_crew=made.append, news=photos)
    thread = threading.Thread(target=source.run, args=(listener.deliver, stop))
    thread.start()
    listener.wait(1, identified_by="coat")
    named = [record for record in listener.heard if record.subject == "pet.daisy"]
    assert listener.heard.index(named[0]) > 1
    assert named[0].data["phase"] == "update"
    begun = listener.count(identified_by="coat", phase="start")
    for pid in made[0].pids:
        os.kill(pid, signal.SIGKILL)
    listener.wait(begun + 1, identified_by="coat", phase="start")
    stop.set()
    thread.join(10)


def test_only_cameras_with_an_address_are_watched(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, detector_model=tmp_path)
    orders = orders_of(settings, [home("http://127.0.0.1:1/a")])
    assert orders is not None
    assert [camera.id for _, camera in orders.cameras] == ["cam.yard"]
    assert orders_of(settings, [parse_home({"home": "elm", "cameras": [{"id": "cam.a"}]})]) is None


def test_a_camera_takes_no_commands(orders: tuple[Orders, Camera], tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"cam\.yard is a camera"):
        CameraSource(orders[0], tmp_path / STATUS).send(Command("maple", "cam.yard", "off"))


@pytest.mark.parametrize(
    ("status", "found", "advice"),
    [
        ({"fps": 2.5, "ms_per_look": 31.5}, "2.5 fps, 31.5 ms a look", ""),
        ({"reason": "moved"}, "blind (moved); last seen never", "views/maple/cam.yard"),
        ({"reason": "no_picture", "trouble": "http://cam/a: the camera answered 503."}, "blind (no_picture)", "503"),
    ],
)
def test_the_doctor_says_how_a_camera_is_doing_and_why_it_is_blind(
    tmp_path: Path, status: dict[str, object], found: str, advice: str
) -> None:
    told = {"home": "maple", "camera": "cam.yard", "time": "2026-03-09T16:00:00Z", **status}
    (tmp_path / STATUS).write_text(json.dumps([told]), "utf-8")
    (finding,) = [one for one in checkup(Settings(data=tmp_path)) if one.about == "cam.yard"]
    assert found in finding.found
    assert advice in finding.advice
    assert (finding.state == "ok") == (advice == "")


def test_a_status_that_cannot_be_read_tells_of_no_camera(tmp_path: Path) -> None:
    (tmp_path / STATUS).write_text("[{", "utf-8")
    assert statuses(Settings(data=tmp_path)) == []


def test_pictures_that_are_too_old_are_deleted_and_nothing_else_is(tmp_path: Path) -> None:
    folder = tmp_path / "maple" / "cam"
    folder.mkdir(parents=True)
    for name, days in (("old.jpg", 8), ("new.jpg", 6), ("notes.txt", 80)):
        (folder / name).write_bytes(b"x")
        at = (NOW - timedelta(days=days)).timestamp()
        os.utime(folder / name, (at, at))
    assert expire(tmp_path, NOW, 7) == 1
    assert sorted(path.name for path in folder.iterdir()) == ["new.jpg", "notes.txt"]
    assert expire(tmp_path / "none", NOW, 7) == 0


def test_how_long_pictures_are_kept_is_set_in_days(tmp_path: Path) -> None:
    assert load({}, tmp_path / ".env").picture_days == 7
    assert load({"PROACTIVE_PICTURE_DAYS": "0.5"}, tmp_path / ".env").picture_days == 0.5
    with pytest.raises(InputError, match="expected days such as 7, found 'a week'"):
        load({"PROACTIVE_PICTURE_DAYS": "a week"}, tmp_path / ".env")


def test_the_doctor_names_a_zone_that_cannot_be_seen_though_its_camera_sees(tmp_path: Path) -> None:
    row = {"home": "maple", "camera": "cam.yard", "time": "2026-03-09T12:00:00Z", "zones": {"food_bowl": "covered"}}
    (tmp_path / STATUS).write_text(json.dumps([row]))
    (finding,) = (each for each in checkup(Settings(data=tmp_path)) if each.about == "cam.yard food_bowl")
    assert (finding.state, finding.found) == ("advice", "cannot be seen (covered)")
    assert "views/maple/cam.yard" in finding.advice


def test_a_camera_that_is_listed_while_it_runs_is_watched_and_a_change_that_is_none_of_its_business_disturbs_it_not(
    orders: tuple[Orders, Camera], tmp_path: Path
) -> None:
    settings = Settings(data=tmp_path, detector="scripted", detector_model=tmp_path / "script.json")
    ((own, _),) = orders[0].cameras
    with Store.open(settings) as store, Store.open(settings) as another:
        source, stop, listener = follow_cameras(settings, store), threading.Event(), Listener()
        thread = threading.Thread(target=source.run, args=(listener.deliver, stop))
        thread.start()
        another.import_home(parse_home({"home": "maple"}))
        another.import_home(own)
        listener.wait(1, status="online")
        another.import_home(own.model_copy(update={"quiet_hours": "22:00-06:00"}))
        listener.wait(1, phase="start")
        assert listener.count(reason="starting") == 1
        another.import_home(parse_home({"home": "maple"}))
        listener.wait(1, reason="stopped")
        stop.set()
        thread.join(10)
    assert not thread.is_alive()


class Waited(Glimpses):
    """Says when the first picture came."""

    def __init__(self) -> None:
        super().__init__()
        self.came = threading.Event()

    def put(self, glimpse: Glimpse) -> None:
        super().put(glimpse)
        self.came.set()


def test_zones_that_are_drawn_count_while_cameras_are_watched_and_for_a_worker_that_comes_later(
    orders: tuple[Orders, Camera], tmp_path: Path
) -> None:
    own = orders[0].cameras[0][0]
    camera = own.cameras[0].model_copy(update={"zones": {"lawn": ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))}})
    news = [{"maple": own.model_copy(update={"cameras": (camera,)})}]
    stop, listener, glimpses, made = threading.Event(), Listener(), Waited(), list[Crew]()

    def drawn() -> Mapping[str, Home] | None:
        return news.pop() if news and listener.count(phase="start") else None

    source = CameraSource(orders[0], tmp_path / STATUS, workers=1, on_crew=made.append, drawn=drawn, glimpses=glimpses)
    thread = threading.Thread(target=source.run, args=(listener.deliver, stop))
    thread.start()
    listener.wait(1, zone="lawn", phase="start")
    assert glimpses.came.wait(10)
    begun = listener.count(zone="lawn", phase="start")
    for pid in made[0].pids:
        os.kill(pid, signal.SIGKILL)
    listener.wait(begun + 1, zone="lawn", phase="start")
    stop.set()
    thread.join(10)
    glimpse = glimpses.of("maple", "cam.yard")
    assert glimpse is not None and glimpse.jpeg[:2] == b"\xff\xd8"
    assert glimpses.of("maple", "cam.other") is None and glimpses.of("oak", "cam.yard") is None


def test_only_homes_whose_zones_changed_are_drawn_anew(tmp_path: Path) -> None:
    with Store(f"sqlite:///{tmp_path / 'proactive.db'}") as store:
        own = home("http://127.0.0.1:1/a")
        store.import_homes([own, own.model_copy(update={"home": "oak"})])
        drawn = Drawn(store, store.export_homes())
        assert drawn() is None
        store.import_home(own.model_copy(update={"name": "Maple"}))
        assert drawn() is None
        camera = own.cameras[0].model_copy(update={"zones": {"lawn": ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0))}})
        store.import_home(own.model_copy(update={"cameras": (camera,)}))
        found = drawn()
        assert found is not None and list(found) == ["maple"] and set(found["maple"].cameras[0].zones) == {"lawn"}
        assert drawn() is None


class Busy(Store):
    """A store that homes and photos cannot be read from while it is `busy`; its marks can."""

    busy = False

    def export_homes(self, wanted: Sequence[str] | None = None) -> Iterator[Home]:
        if self.busy:
            raise StoreError("the database is locked")
        return super().export_homes(wanted)

    def taught(self, home: str) -> list[TaughtLook]:
        if self.busy:
            raise StoreError("the database is locked")
        return super().taught(home)


def draw_lawn(store: Store) -> None:
    own = home("http://127.0.0.1:1/a")
    camera = own.cameras[0].model_copy(update={"zones": {"lawn": ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0))}})
    store.import_home(own.model_copy(update={"cameras": (camera,)}))


def teach_daisy(store: Store) -> None:
    store.teach("maple", [TaughtLook("pet.daisy", "d1", "daisy.jpg", look_json(Look((76, 1, 9))))], at=1)


def open_drawn(store: Store) -> Callable[[], Mapping[str, object] | None]:
    return Drawn(store, store.export_homes())


def open_photos(store: Store) -> Callable[[], Mapping[str, object] | None]:
    return Photos(store, ["maple"])


@pytest.mark.parametrize(("open", "change"), [(open_drawn, draw_lawn), (open_photos, teach_daisy)])
def test_news_is_told_once_and_what_could_not_be_read_at_first_is_told_later(
    tmp_path: Path,
    open: Callable[[Store], Callable[[], Mapping[str, object] | None]],
    change: Callable[[Store], None],
) -> None:
    with Busy(f"sqlite:///{tmp_path / 'proactive.db'}") as store:
        store.import_homes([home("http://127.0.0.1:1/a")])
        news = open(store)
        assert news() is None
        change(store)
        store.busy = True
        for _ in range(2):
            with pytest.raises(StoreError):
                news()
        store.busy = False
        found = news()
        assert found is not None and list(found) == ["maple"]
        assert news() is None


def test_photos_that_are_taught_say_what_a_pet_looks_like(tmp_path: Path) -> None:
    with Store(f"sqlite:///{tmp_path / 'proactive.db'}") as store:
        store.import_homes([home("http://127.0.0.1:1/a")])
        news = Photos(store, ["maple"])
        teach_daisy(store)
        assert news() == {"maple": {"pet.daisy": [Look((76, 1, 9))]}}
