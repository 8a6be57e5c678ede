"""Laws of the pages of pets: photos teach, as `home teach` does; what is no photo is refused; nothing of one is kept."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import httpx
import pytest

from proactive.teaching import Lesson, advice, looks_of, told_apart
from proactive.web.sent import shown_name
from rules.home import Home, Pet
from tests.proactive.conftest import make_rule
from tests.proactive.web.conftest import Running
from tests.proactive.web.people import Browser, browser_of
from tests.proactive.web.photographs import BLACK, CREAM, jpeg, photo, png
from vision.detection import Detection

DAISY = "/home/pets/pet.daisy"


@pytest.fixture
def greg(running: Running) -> Browser:
    return browser_of(running, "person.greg")


@pytest.fixture
def two_dogs(running: Running, maple: Home) -> Home:
    """Return the home with a second dog, of which nothing is known by words."""
    bruno = Pet(id="pet.bruno", name="Bruno", species="dog")
    home = maple.model_copy(update={"pets": (maple.pets[0].model_copy(update={"looks": ""}), bruno)})
    running.store.import_home(home)
    return home


def send(greg: Browser, *photos: bytes, to: str = DAISY, name: str = "a.jpg") -> httpx.Response:
    files = [("photos", (name, each, "image/jpeg")) for each in photos]
    return greg.client.post(f"{to}/photos", data={"form": greg.form()}, files=files)


def words(answer: httpx.Response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def test_photos_teach_a_look_and_the_page_says_what_the_command_says(
    running: Running, greg: Browser, two_dogs: Home
) -> None:
    first = words(send(greg, jpeg(photo(CREAM)), name="C:\\fakepath\\one.jpg"))
    assert "1 photo of 1 learnt." in first and "one.jpg" in first and "fakepath" not in first
    assert "Nobody is told from Bruno yet: teach what that one looks like too." in first
    send(greg, *(jpeg(photo(BLACK, n)) for n in range(3)), to="/home/pets/pet.bruno")
    answer = send(greg, png(photo(CREAM, 1)))
    rows = told_apart(two_dogs, looks_of(running.store, "maple"))
    said = advice(two_dogs, Lesson((), ()), rows)
    assert said == ["Daisy has few photos (2): five or more, in the light of all times of day, are better."]
    assert said[0] in words(answer) and "Told rightly 2 of 2" in words(answer)
    assert running.store.changes("maple")[0].did == "pet.teach"


def test_coats_that_are_too_alike_are_said_to_be(running: Running, greg: Browser, two_dogs: Home) -> None:
    send(greg, *(jpeg(photo(CREAM, n)) for n in range(3)))
    answer = send(greg, *(jpeg(photo(CREAM, n)) for n in range(3, 6)), to="/home/pets/pet.bruno")
    assert "the coat of Bruno could be another's" in words(answer)


def test_a_photo_without_the_animal_teaches_nothing_and_says_why(running: Running, greg: Browser) -> None:
    running.eyes.found = []
    answer = send(greg, jpeg(photo()))
    assert "a.jpg teaches nothing: no animal was found in it" in words(answer) and "0 photos of 1 learnt." in words(
        answer
    )
    running.eyes.found = [Detection((0.1, 0.1, 0.4, 0.9), "dog", 0.9), Detection((0.6, 0.1, 0.9, 0.9), "dog", 0.9)]
    assert "there is more than one animal in it" in words(send(greg, jpeg(photo())))
    assert running.store.taught("maple") == []


def test_a_photo_is_looked_at_as_its_camera_was_held(running: Running, greg: Browser) -> None:
    wide = photo(CREAM)
    wide.paste((0, 0, 255), (0, 0, 320, 40))  # blue where, once it is upright, the right edge is
    running.eyes.found = [Detection((0.9, 0.1, 1.0, 0.9), "dog", 0.9)]
    send(greg, jpeg(wide, orientation=6))
    (taught,) = running.store.taught("maple")
    assert taught.body["lab"][2] < -40, "it looked at the blue"


@pytest.mark.parametrize(
    "content",
    [b"", b"no picture", b"\xff\xd8\xff\xe0" + b"x" * 100, b"GIF89a" + b"\0" * 50, b"<svg onload=alert(1)>"],
    ids=["empty", "text", "half a JPEG", "another kind", "markup"],
)
def test_what_is_no_photo_is_refused_by_its_content_not_its_name(
    running: Running, greg: Browser, content: bytes
) -> None:
    answer = send(greg, jpeg(photo()), content)
    assert answer.status_code == 422 and "expected a picture (JPEG, PNG or WebP)" in words(answer)
    assert running.store.taught("maple") == [], "all of them or none"


def test_a_photo_cut_off_in_the_middle_is_refused(greg: Browser) -> None:
    whole = jpeg(photo())
    assert send(greg, whole[: len(whole) // 2]).status_code == 422


def test_a_small_file_that_is_a_huge_picture_is_not_decoded(greg: Browser) -> None:
    from PIL import Image

    for side, found in ((9_100, "9100 x 9100 pixels"), (14_000, "far too many pixels")):
        answer = send(greg, png(Image.new("1", (side, side))))
        assert answer.status_code == 422 and found in words(answer)


def test_files_that_are_too_large_or_too_many_are_refused(greg: Browser) -> None:
    assert send(greg, b"\xff" * (15 * (1 << 20) + 1)).status_code == 413
    assert send(greg, *([b"x"] * 21)).status_code in (400, 422)
    assert send(greg).status_code == 422


def test_more_than_a_form_may_hold_is_refused_before_it_is_read(running: Running, greg: Browser) -> None:
    with httpx.Client(base_url=running.address, trust_env=False) as stranger:
        answer = stranger.post("/sign-in", content=b"x" * (5 << 20), headers={"Origin": running.address})
        assert answer.status_code == 413

        def drops() -> Iterator[bytes]:
            yield from (b"x" * (1 << 20) for _ in range(6))

        said = {"Origin": running.address, "Content-Type": "application/x-www-form-urlencoded"}
        assert stranger.post("/sign-in", content=drops(), headers=said).status_code == 413


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("a\x00b\n.jpg", "ab.jpg"),
        ("", "a file"),
        ("x" * 300, "x" * 80),
        ("..\\x.png", "x.png"),
    ],
)
def test_a_name_is_only_its_last_part_and_only_what_can_be_shown(name: str, shown: str) -> None:
    assert shown_name(name) == shown


def test_what_a_photo_taught_is_deleted_for_good(running: Running, greg: Browser) -> None:
    send(greg, jpeg(photo()), jpeg(photo(number=3)))
    one, other = running.store.taught("maple")
    answer = greg.post(f"{DAISY}/photos/{one.photo}/delete")
    assert answer.headers["location"] == f"{DAISY}?said=deleted"
    assert running.store.taught("maple") == [other]


def test_a_pet_is_added_changed_and_taken_off_the_list(running: Running, greg: Browser) -> None:
    location = greg.post("/home/pets", name="Tom Cat", species="Cat", looks="grey").headers["location"]
    assert location == "/home/pets/pet.tom_cat?said=added"
    greg.post("/home/pets/pet.tom_cat", name="Tom", species="cat", looks="black")
    pets = {pet.id: pet for pet in running.store.export_home("maple").pets}
    assert (pets["pet.tom_cat"].name, pets["pet.tom_cat"].looks) == ("Tom", "black")
    assert running.runtime.homes["maple"].by_id["pet.tom_cat"].name == "Tom", "it counts at once"
    assert "Tom" in greg.get("/home").text
    greg.post("/home/pets/pet.tom_cat/remove")
    assert [pet.id for pet in running.store.export_home("maple").pets] == ["pet.daisy"]


@pytest.mark.parametrize("name", ["", "  ", "daisy", "Greg"])
def test_a_name_that_is_empty_or_anothers_is_refused(running: Running, greg: Browser, name: str) -> None:
    assert greg.post("/home/pets", name=name, species="dog").status_code == 422
    assert len(running.store.export_home("maple").pets) == 1


def test_a_pet_stays_while_a_rule_is_about_it(running: Running, greg: Browser) -> None:
    running.store.put_rule(make_rule(), at=0)
    answer = greg.post(f"{DAISY}/remove")
    assert answer.status_code == 409 and "stays while a rule is about it: “Daisy has not been fed by noon”" in words(
        answer
    )
    assert len(running.store.export_home("maple").pets) == 1


def test_a_pet_that_no_camera_can_tell_is_not_taught(running: Running, greg: Browser) -> None:
    greg.post("/home/pets", name="Bubbles", species="fish")
    answer = send(greg, jpeg(photo()), to="/home/pets/pet.bubbles")
    assert answer.status_code == 422 and "they tell dogs and cats" in words(answer)
    assert 'type="file"' not in greg.get("/home/pets/pet.bubbles").text
