"""Home files: what is written is read back equal, and a mistake has its file and line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from proactive.home_file import MOST, dump_home, load_homes
from rules.home import Home
from rules.problem import InputError, Problem
from tests.proactive.conftest import HOME

SHARED = Path(os.environ.get("PROACTIVE_SHARED") or Path(__file__).parents[3] / "shared")


def test_a_home_is_read_back_as_it_was_written(maple: Home, tmp_path: Path) -> None:
    path = tmp_path / "home.yaml"
    path.write_text(dump_home(maple))
    assert load_homes([path]) == [maple]
    assert "food_bowls: [[0.0, 0.4], [0.25, 0.4], [0.25, 1.0], [0.0, 1.0]]" in path.read_text()


def test_on_and_off_stay_words(maple: Home) -> None:
    assert maple.by_id["light.hall"].attributes["state"] == ("on", "off")  # type: ignore[union-attr]


def test_homes_come_from_many_files_in_order(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"home":"a"}\n\n{"home":"b"}\n')
    (tmp_path / "c.yaml").write_text("home: c\n---\nhome: d\n")
    assert [home.home for home in load_homes([tmp_path / "a.jsonl", tmp_path / "c.yaml"])] == ["a", "b", "c", "d"]


def test_a_key_that_means_nothing_is_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "home.yaml"
    path.write_text("home: a\ntimezone: UTC\npeople:\n- {id: p, name: P, chanels: [console]}\n")
    warned: list[Problem] = []
    [home] = load_homes([path], warned.append)
    assert [(problem.message.split()[0], problem.hint) for problem in warned] == [
        ("'timezone'", "Did you mean 'time_zone'?"),
        ("'p.chanels'", "Did you mean 'channels'?"),
    ]
    assert home.people[0].id == "p"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("h.yaml", "", r"h\.yaml: expected a home, found nothing\. It starts with 'home: <id>'"),
        ("h.yaml", "- home", r"h\.yaml:1: expected a mapping, found list"),
        ("h.yaml", "name: Maple", r"h\.yaml:1: home: is required"),
        ("h.yaml", "home: a\npeople: [\n", r"h\.yaml:3: expected YAML"),
        ("h.yaml", "home: a\n\ttabs", r"h\.yaml:2: expected YAML"),
        ("h.yaml", "home: a\npeople:\n- {id: p}\n- {name: Eve}\n", r"h\.yaml:4: people\[1\]\.id: is required"),
        ("h.yaml", "home: a\npets: []\npets: []\n", r"h\.yaml:3: the key 'pets' is given twice"),
        ("h.yaml", "home: a\ntime_zone: Mars\n", r"h\.yaml:2: time_zone: expected an IANA time zone"),
        ("h.yaml", "home: a\nquiet_hours: at night\n", r"h\.yaml:2: quiet_hours: expected quiet hours such as"),
        ("h.yaml", "home: a\n---\nhome: a\n", r"h\.yaml:3: home 'a' was given before, in .*h\.yaml:1"),
        ("h.yaml", "home: a\ncameras:\n- id: c\n  zones: {z: [[0, 0], [2, 0], [1, 1]]}\n", r"h\.yaml:4: cameras\[0\]"),
        ("h.yaml", "home: !!python/object:os.system x", r"h\.yaml:1: expected YAML: could not determine a constructor"),
        ("h.jsonl", '{"home":"a"}\n{"home":\n', r"h\.jsonl:2: expected one home as a JSON object"),
        ("h.jsonl", '{"home":"a"}\n[]\n', r"h\.jsonl:2: expected a mapping, found list"),
        ("h.jsonl", '{"home":"a","pets":[{}]}\n', r"h\.jsonl:1: pets\[0\]\.id: is required"),
    ],
)
def test_a_mistake_has_its_file_and_line(tmp_path: Path, name: str, text: str, expected: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(InputError, match=expected):
        load_homes([path])


def test_a_file_that_is_missing_or_no_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.yaml: cannot be read: No such file"):
        load_homes([tmp_path / "gone.yaml"])
    (tmp_path / "h.yaml").write_bytes(b"home: \xff")
    with pytest.raises(InputError, match=r"expected UTF-8 text, found the byte 0xff at 6"):
        load_homes([tmp_path / "h.yaml"])


def test_every_mistake_is_named_up_to_a_readable_number(tmp_path: Path) -> None:
    path = tmp_path / "h.jsonl"
    path.write_text("{}\n" * (MOST + 5))
    with pytest.raises(InputError) as raised:
        load_homes([path])
    assert len(raised.value.problems) == MOST + 1
    assert str(raised.value.problems[-1]) == "and 5 more."


def test_an_alias_that_holds_itself_ends(tmp_path: Path) -> None:
    path = tmp_path / "h.yaml"
    path.write_text("home: a\npeople: &p [*p]\n")
    with pytest.raises(InputError):
        load_homes([path])


def test_the_first_paragraph_of_these_tests_is_a_home() -> None:
    assert HOME.startswith("\nhome: maple")


@pytest.mark.skipif(not (SHARED / "homes").is_dir(), reason="the shared homes are not here")
def test_the_shared_homes_are_read_without_a_warning(tmp_path: Path) -> None:
    warned: list[Problem] = []
    for path in sorted((SHARED / "homes").glob("*.yaml")):
        [home] = load_homes([path], warned.append)
        (tmp_path / path.name).write_text(dump_home(home))
        assert load_homes([tmp_path / path.name]) == [home]
    assert warned == []


def test_a_copy_of_a_home_finds_its_entries_by_what_it_lists(maple: Home) -> None:
    assert "pet.daisy" in maple.by_id
    assert "pet.daisy" not in maple.model_copy(update={"pets": ()}).by_id
