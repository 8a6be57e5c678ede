"""Laws of the home's own pages: how people are told, what is found, remembered, taken along and erased."""

from __future__ import annotations

import html
import json
from contextlib import closing
from pathlib import Path
from sqlite3 import connect

import pytest

from proactive.home_file import load_homes
from proactive.language.fact import Fact
from proactive.notify.webhook import verify
from proactive.pictures import PICTURES
from rules.home import Home, Person, folder_of
from tests.proactive.notify.receivers import receiving
from tests.proactive.web.conftest import Running
from tests.proactive.web.people import Browser, browser_of

GREG = "/home/people/person.greg"
SECRET = "hunter2-of-the-channel"


@pytest.fixture
def greg(running: Running) -> Browser:
    return browser_of(running, "person.greg")


def person(running: Running, id: str = "person.greg") -> Person:
    found = running.store.export_home("maple").by_id[id]
    assert isinstance(found, Person)
    return found


def test_a_channel_is_added_tried_and_taken_away(running: Running, greg: Browser) -> None:
    with receiving() as receiver:
        address = f"webhook+http://{SECRET}@127.0.0.1:{receiver.port}/hook"
        assert (
            greg.post(f"{GREG}/channels", name="Phone", address=address).headers["location"]
            == f"{GREG}/told?said=added"
        )
        assert person(running).channels == ("console", "phone.greg")
        page = greg.get(f"{GREG}/told").text
        assert "phone.greg" in page and "through webhook" in page and SECRET not in page
        answer = greg.post(f"{GREG}/channels/test", channel="phone.greg")
        assert answer.headers["location"] == f"{GREG}/told?said=tested"
        (posted,) = receiver.got
        assert json.loads(posted.body)["body"] == "This is a test. What matters will reach you this way."
        stamp = int(posted.headers["Proactive-Timestamp"])
        assert verify(SECRET, posted.headers, posted.body, stamp)
    (path,) = running.site.settings.data.glob("proactive.db")
    with closing(connect(path)) as database:
        assert not any(SECRET in str(row) for row in database.execute("SELECT * FROM preference"))
    greg.post(f"{GREG}/channels/remove", channel="phone.greg")
    assert person(running).channels == ("console",) and running.store.preferences("maple") == {}
    assert [change.did for change in running.store.changes("maple")] == ["person.told", "person.told"]


def test_a_test_that_does_not_arrive_says_why_without_the_address(running: Running, greg: Browser) -> None:
    with receiving() as receiver:
        greg.post(f"{GREG}/channels", name="phone", address=f"webhook+http://{SECRET}@127.0.0.1:{receiver.port}/refuse")
        answer = greg.post(f"{GREG}/channels/test", channel="phone.greg")
    text = html.unescape(answer.text)
    assert answer.status_code == 422 and "It did not arrive. phone.greg: The receiver answered 404" in text
    assert SECRET not in text
    assert "There is no way to reach them." in greg.post(f"{GREG}/channels/test", channel="pigeon").text


@pytest.mark.parametrize(("name", "address"), [("", "ntfy://x"), ("phone", "topic"), ("phone", "")])
def test_a_channel_without_a_name_or_an_address_is_refused(
    running: Running, greg: Browser, name: str, address: str
) -> None:
    assert greg.post(f"{GREG}/channels", name=name, address=address).status_code == 422
    assert person(running).channels == ("console",) and running.store.preferences("maple") == {}


@pytest.mark.parametrize(
    ("hours", "kept"),
    [("own", "23:00-06:15"), ("none", "none"), ("home", None)],
)
def test_somebody_has_the_quiet_hours_of_the_home_their_own_or_none(
    running: Running, greg: Browser, hours: str, kept: str | None
) -> None:
    running.store.prefer("maple", "quiet_hours", "01:00-02:00", person="person.greg")
    greg.post(f"{GREG}/quiet", hours=hours, begins="23:00", ends="06:15")
    assert running.store.preferences("maple").get(("person.greg", "quiet_hours")) == kept


def test_quiet_hours_without_an_end_are_refused(running: Running, greg: Browser) -> None:
    assert greg.post(f"{GREG}/quiet", hours="own", begins="23:00", ends="").status_code == 422
    assert running.store.preferences("maple") == {}


DETAILS = {
    "name": "Maple", "time_zone": "Europe/Madrid", "latitude": "40.4", "longitude": "-3.7", "language": "es",
    "quiet_from": "23:00", "quiet_until": "07:00",
}  # fmt: skip


def test_place_and_hours_are_changed_and_count_at_once(running: Running, greg: Browser, maple: Home) -> None:
    assert greg.post("/home/details", **DETAILS).headers["location"] == "/home?said=saved"
    home = running.store.export_home("maple")
    assert (home.time_zone, home.language, home.quiet_hours) == ("Europe/Madrid", "es", "23:00-07:00")
    assert home.location is not None and home.location.latitude == 40.4
    assert (
        home.model_copy(
            update={name: getattr(maple, name) for name in ("name", "time_zone", "language", "quiet_hours", "location")}
        )
        == maple
    )
    assert running.runtime.homes["maple"].time_zone == "Europe/Madrid"


@pytest.mark.parametrize(
    "wrong",
    [{"time_zone": "Mars/Base"}, {"latitude": "91"}, {"longitude": ""}, {"quiet_until": ""}, {"quiet_from": "25:00"}],
)
def test_what_no_place_and_no_hours_can_be_is_refused_and_kept_in_the_form(
    running: Running, greg: Browser, maple: Home, wrong: dict[str, str]
) -> None:
    answer = greg.post("/home/details", **DETAILS | wrong)
    assert answer.status_code == 422 and 'value="Maple"' in answer.text
    assert running.store.export_home("maple") == maple


def test_what_was_told_is_shown_and_forgotten(running: Running, greg: Browser) -> None:
    running.store.tell("maple", Fact("time", "person.greg", "bedtime", "23:00", by="person.maya"), at=0)
    page = html.unescape(greg.get("/home/remembered").text)
    assert "bedtime is at 11 pm." in page and "Told by Maya" in page
    greg.post("/home/remembered/forget", fact="person.greg.bedtime")
    assert running.store.facts("maple") == [] and "Nobody told me anything yet" in greg.get("/home/remembered").text


def test_what_pages_added_is_taken_along_and_comes_back_equal_but_for_passwords(
    running: Running, greg: Browser, tmp_path: Path
) -> None:
    greg.post("/home/pets", name="Tom", species="cat")
    greg.post("/cameras", name="porch", address=f"rtsp://admin:{SECRET}@192.0.2.7/stream")
    greg.post(f"{GREG}/channels", name="phone", address=f"ntfy://{SECRET}")
    answer = greg.get("/home/export")
    assert answer.headers["content-disposition"] == 'attachment; filename="home.yaml"' and SECRET not in answer.text
    (tmp_path / "copy.yaml").write_text(answer.text)
    (copy,) = load_homes([tmp_path / "copy.yaml"])
    home = running.store.export_home("maple")
    assert [camera.url for camera in copy.cameras] == [None, "rtsp://admin@192.0.2.7/stream"]
    assert copy.model_copy(update={"cameras": home.cameras}) == home


def test_a_home_is_erased_only_where_yes_was_typed(running: Running, greg: Browser) -> None:
    pictures = running.site.settings.data / PICTURES / folder_of("maple")
    pictures.mkdir(parents=True)
    (pictures / "a.jpg").write_bytes(b"x")
    assert greg.post("/home/erase", sure="no").status_code == 422 and running.store.home_ids() == ["maple"]
    answer = greg.post("/home/erase", sure=" Yes ")
    assert answer.headers["location"] == "/begin"
    assert running.store.home_ids() == [] and not pictures.exists()
    assert greg.get("/home").url.path == "/begin", "nobody is signed in any more"


def test_devices_are_listed_and_without_a_hub_nothing_can_be_found(running: Running, greg: Browser) -> None:
    page = greg.get("/home/devices").text
    assert "garage door" in page and "tells state" in page and "tells pressed" in page
    assert "There is no broker and no hub to ask." in greg.post("/home/devices/find").text


def test_what_a_source_found_is_added_as_it_is_found_and_not_as_a_page_says(
    running: Running, greg: Browser, tmp_path: Path
) -> None:
    answer = greg.post("/home/devices/add", chosen=["lock.made_up"])
    assert answer.status_code == 422 and len(running.store.export_home("maple").devices) == 3
