"""The store: laws of what is kept, and of what a person reads when it cannot be."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import SQLModel

from proactive.language.fact import Fact
from proactive.language.outcome import Ask, Choice, Outcome
from proactive.language.request import Turn
from proactive.store import Store, StoreError
from proactive.store.database import SCHEMA, Database, alembic_config
from proactive.store.talk import LONGEST
from rules.home import Home, parse_home
from rules.problem import InputError
from rules.units import moment
from tests.proactive.conftest import at, make_firing, make_rule

NOW = at("2026-03-08T09:00:00-05:00")


def test_a_home_is_exported_equal_to_what_was_imported(store: Store, maple: Home) -> None:
    assert store.export_home("maple") == maple


_words = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8)
_ids = st.lists(st.integers(0, 99).map("id.{}".format), unique=True, max_size=6)
_unit = st.floats(0, 1)


@st.composite
def _homes(draw: st.DrawFn) -> Home:
    ids = draw(_ids)
    kinds = {id: draw(st.sampled_from(["people", "pets", "cameras", "devices", "calendars"])) for id in ids}
    own: dict[str, st.SearchStrategy[dict[str, Any]]] = {
        "people": st.fixed_dictionaries({}, optional={"role": _words, "channels": st.lists(_words, max_size=2)}),
        "pets": st.fixed_dictionaries({}, optional={"looks": _words, "position": st.integers(), "home": _words}),
        "cameras": st.fixed_dictionaries(
            {},
            optional={
                "url": _words,
                "zones": st.dictionaries(_words, st.lists(st.tuples(_unit, _unit), min_size=3, max_size=4), max_size=3),
            },
        ),
        "devices": st.fixed_dictionaries(
            {}, optional={"unit": _words, "zones": _words, "attributes": st.dictionaries(_words, st.just("number"))}
        ),
        "calendars": st.fixed_dictionaries({}, optional={"url": _words, "extra": _words}),
    }
    value: dict[str, object] = {"home": "h", "name": draw(_words), "a_misspelt_key": draw(_words)}
    for kind in set(kinds.values()):
        value[kind] = [{"id": id, "name": draw(_words), **draw(own[kind])} for id in ids if kinds[id] == kind]
    if ids:
        value["groups"] = draw(st.dictionaries(_words, st.lists(st.sampled_from(ids), max_size=3), max_size=3))
    return parse_home(value)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(home=_homes())
def test_any_home_comes_back_with_its_order_and_its_unknown_keys(store: Store, home: Home) -> None:
    store.import_home(home)
    back = store.export_home("h")
    assert back == home
    assert list(back.groups) == list(home.groups)
    assert [list(camera.zones) for camera in back.cameras] == [list(camera.zones) for camera in home.cameras]


def test_a_second_import_replaces_the_listing_and_keeps_rules_and_facts(store: Store, maple: Home) -> None:
    store.put_rule(make_rule(), at=NOW)
    store.tell("maple", Fact("time", "person.zoe", "bedtime", "20:30", said="Zoe's bedtime"), at=NOW)
    smaller = maple.model_copy(update={"pets": (), "cameras": maple.cameras[:0], "name": "Maple"})
    store.import_home(smaller)
    assert store.export_home("maple") == smaller
    assert [rule.id for rule in store.rules("maple")] == ["daisy-fed"]
    assert store.facts("maple")[0].value == "20:30"


def test_homes_do_not_see_each_other(store: Store, maple: Home) -> None:
    store.import_home(maple.model_copy(update={"home": "oak"}))
    store.put_rule(make_rule(), at=NOW)
    assert store.home_ids() == ["maple", "oak"]
    assert store.rules("oak") == []
    store.erase_home("oak")
    assert store.rules("maple")


def test_what_another_process_lists_or_erases_is_noticed(tmp_path: Path, maple: Home) -> None:
    url = f"sqlite:///{tmp_path / 'shared.db'}"
    with Store(url) as one, Store(url) as other:
        before = one.listings
        other.import_home(maple)
        listed = one.listings
        other.erase_home("maple")
        assert before < listed < one.listings


def test_an_erased_home_leaves_nothing_in_the_file(store: Store, tmp_path: Path) -> None:
    store.put_rule(make_rule(said="the word xylophone"), at=NOW)
    store.record_firing(make_firing(), now=NOW)
    store.prefer("maple", "channel.phone.greg", "ntfy://xylophone")
    store.erase_home("maple")
    assert store.home_ids() == []
    with sqlite3.connect(tmp_path / "proactive.db") as raw:
        tables = [name for (name,) in raw.execute("select name from sqlite_master where type = 'table'")]
        counts = {name: raw.execute(f"select count(*) from {name}").fetchone()[0] for name in tables}
    assert {name for name, count in counts.items() if count} == {"alembic_version", "tally"}
    assert not any(b"xylophone" in path.read_bytes() for path in tmp_path.glob("proactive.db*"))


def test_an_unknown_home_is_answered_with_the_nearest(store: Store) -> None:
    with pytest.raises(InputError, match="Did you mean 'maple'"):
        store.export_home("mapel")
    with pytest.raises(InputError, match="no such home"):
        store.put_rule(make_rule(home="oak"), at=NOW)


# --- rules ------------------------------------------------------------------------------------------------------


def test_every_version_of_a_rule_is_kept_with_who_when_and_words(store: Store) -> None:
    store.put_rule(make_rule(), who="person.greg", at=NOW)
    later = make_rule(said="make it eleven", notify={"to": ["person.maya"], "message": "Not fed"})
    assert store.put_rule(later, who="person.maya", at=NOW + 1).version == 2
    found = store.versions("maple", "daisy-fed")
    assert [(v.rule.version, v.who, v.at - NOW, v.said) for v in found] == [
        (1, "person.greg", 0, "let me know if Daisy isn't fed by noon every day"),
        (2, "person.maya", 1, "make it eleven"),
    ]
    assert store.rule("maple", "daisy-fed") == later.model_copy(update={"version": 2})


def test_putting_what_stands_makes_no_version(store: Store) -> None:
    store.put_rule(make_rule(), at=NOW)
    assert store.put_rule(make_rule(), at=NOW + 1).version == 1
    assert len(store.versions("maple", "daisy-fed")) == 1


def test_pausing_and_resuming_are_versions(store: Store) -> None:
    store.put_rule(make_rule(), at=NOW)
    assert store.pause_rule("maple", "daisy-fed", who="person.maya", at=NOW + 1).enabled is False
    assert store.resume_rule("maple", "daisy-fed", at=NOW + 2).enabled is True
    assert [v.rule.enabled for v in store.versions("maple", "daisy-fed")] == [True, False, True]


def test_a_dropped_rule_stands_no_more_and_its_versions_stay(store: Store) -> None:
    store.put_rule(make_rule(), at=NOW)
    store.drop_rule("maple", "daisy-fed", at=NOW + 1)
    assert store.rules() == []
    assert store.last_rule("maple", "daisy-fed") == make_rule()
    with pytest.raises(InputError, match="It has no rules"):
        store.drop_rule("maple", "daisy-fed", at=NOW + 2)
    assert store.put_rule(make_rule(), at=NOW + 3).version == 2


def test_an_unknown_rule_is_answered_with_the_nearest(store: Store) -> None:
    store.put_rule(make_rule(), at=NOW)
    with pytest.raises(InputError, match="Did you mean 'daisy-fed'"):
        store.pause_rule("maple", "daisy-fet", at=NOW)


# --- firings and what was told ----------------------------------------------------------------------------------


def test_a_repeated_firing_changes_nothing(store: Store) -> None:
    firing = make_firing(evidence=("k-1",), coverage={"cam.kitchen": {"online": True, "offline_s": 0, "intervals": []}})
    assert store.record_firing(firing, now=NOW) is True
    assert store.record_firing(firing, now=NOW + 1) is False
    assert store.firings("maple") == [firing]
    assert store.firing(firing.id) == firing


def test_the_verdicts_of_one_occurrence_belong_together(store: Store) -> None:
    told, resolved = make_firing("fired"), make_firing("resolved", at("2026-03-09T12:20:00-05:00"))
    store.record_firing(told, now=NOW)
    store.record_firing(resolved, now=NOW + 1)
    assert store.told_before(told.occurrence) == [told, resolved]


def test_the_latest_telling_of_a_fact_stands_and_can_be_forgotten(store: Store) -> None:
    fact = Fact(
        "time",
        "person.zoe",
        "bedtime",
        "20:30",
        said="half past eight",
        by="person.greg",
        until=moment(NOW),
        since=moment(NOW),
    )
    store.tell("maple", fact, at=NOW)
    assert store.facts("maple") == [fact]
    store.tell("maple", Fact("time", "person.zoe", "bedtime", "21:00", said="nine"), at=NOW + 1)
    assert [each.value for each in store.facts("maple")] == ["21:00"]
    assert store.forget("maple", "person.zoe", "bedtime") is True
    assert store.forget("maple", "person.zoe", "bedtime") is False


def test_another_name_names_one_thing_only(store: Store) -> None:
    store.tell("maple", Fact("alias", "person.zoe", "the boss"), at=NOW)
    store.tell("maple", Fact("alias", "pet.daisy", "the boss"), at=NOW + 1)
    assert [fact.about for fact in store.facts("maple")] == ["pet.daisy"]


def test_a_conversation_is_one_with_each_person_and_comes_back_equal(store: Store) -> None:
    asked = Outcome("clarify", "Which?", asks=(Ask("subject", "Which?", (Choice("pet.daisy", "Daisy"),)),))
    turns = (
        Turn("the dog", asked),
        Turn("Daisy", Outcome("rule", "So it is.", rules=(make_rule(),)), "the dog", {"subject": "pet.daisy"}),
    )
    store.converse("maple", "person.greg", turns, at=NOW)
    assert store.conversation("maple", "person.greg") == turns
    assert store.conversation("maple", "person.maya") == ()


def test_a_conversation_that_is_over_is_not_gone_on_with(store: Store) -> None:
    store.converse("maple", "", (Turn("hi", Outcome("chat", "Hello.")),), at=NOW)
    assert store.conversation("maple", "", since=NOW + 1) == ()


def test_a_conversation_is_kept_short(store: Store) -> None:
    turns = tuple(Turn(str(number), Outcome("chat", "Hm.")) for number in range(LONGEST + 5))
    store.converse("maple", "", turns, at=NOW)
    assert store.conversation("maple", "") == turns[-LONGEST:]


def test_a_preference_is_kept_until_it_is_deleted(store: Store) -> None:
    store.prefer("maple", "quiet_hours", "23:00-06:00", person="person.greg")
    assert store.preferences("maple") == {("person.greg", "quiet_hours"): "23:00-06:00"}
    store.prefer("maple", "quiet_hours", None, person="person.greg")
    assert store.preferences("maple") == {}


def test_a_snooze_ends_by_itself(store: Store) -> None:
    store.snooze("maple", "daisy-fed", until=NOW + 10)
    assert store.snoozes("maple", NOW) == {("daisy-fed", ""): NOW + 10}
    assert store.snoozes("maple", NOW + 10) == {}


# --- the database -----------------------------------------------------------------------------------------------


def test_the_migrations_make_the_tables_that_the_models_describe(store: Store) -> None:
    with store.database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), SQLModel.metadata) == []
        assert ScriptDirectory.from_config(alembic_config(connection)).get_current_head() == SCHEMA


def test_the_migrations_can_be_undone(store: Store) -> None:
    from alembic import command

    with store.database.engine.connect() as connection:
        command.downgrade(alembic_config(connection), "base")
        connection.commit()
    Database(str(store.database.engine.url)).close()


def test_an_upgrade_keeps_every_delivery_of_a_notification(store: Store, tmp_path: Path) -> None:
    from alembic import command

    with store.database.engine.connect() as connection:
        command.downgrade(alembic_config(connection), "0003")
        for row in (
            "insert into firing values ('f', 'maple', 'r', 1, 'o', 'resolved', 5, 5, '{}')",
            "insert into notification values ('n', 'maple', 'f', 'r', 'person.greg', 'told', 'high', 't', 'b', null, '',"
            " 5, 6, 7, 'sent', 1, '', 8)",
            "insert into delivery values ('n', 1, 7, 8, 'console', '')",
        ):
            connection.exec_driver_sql(row)
        connection.commit()
    with Store(str(store.database.engine.url)) as upgraded:
        [kept] = upgraded.notifications("maple")
        assert (kept.occurrence, kept.verdict, kept.set_at) == ("o", "resolved", 6)
        assert [delivery.channels for delivery in upgraded.deliveries("n")] == ["console"]


def test_a_store_that_is_up_to_date_opens_without_alembic(store: Store) -> None:
    code = f"import sys\nfrom proactive.store import Store\nStore({str(store.database.engine.url)!r})\nassert 'alembic' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])


def test_a_store_of_a_newer_version_is_left_alone(store: Store) -> None:
    with store.database.writing() as session:
        session.connection().exec_driver_sql("update alembic_version set version_num = '9999'")
    with pytest.raises(StoreError, match=r"'9999'.*A newer version made it"):
        Store(str(store.database.engine.url))


def test_a_failed_transaction_leaves_nothing(store: Store) -> None:
    def erase_and_fail() -> None:
        with store.database.writing() as session:
            session.connection().exec_driver_sql("delete from home")
            raise InputError([])

    with pytest.raises(InputError):
        erase_and_fail()
    assert store.home_ids() == ["maple"]


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "proactive.db"
    path.write_bytes(b"a letter to grandmother " * 100)
    with pytest.raises(StoreError, match=r"proactive\.db is not a database\. Move the file away"):
        Store(f"sqlite:///{path}")
    assert path.read_bytes().startswith(b"a letter")


def test_a_locked_database_is_named(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("proactive.store.database.WAIT_SECONDS", 0.05)
    other = Store(f"sqlite:///{tmp_path / 'proactive.db'}")
    with store.database.writing(), pytest.raises(StoreError, match="is locked by another process"):
        other.snooze("maple", "daisy-fed", until=1)


def test_readers_go_on_while_somebody_writes(store: Store) -> None:
    with store.database.writing() as session:
        session.connection().exec_driver_sql("delete from pet")
        assert store.export_home("maple").pets


def test_a_full_disk_is_named_and_what_was_there_stays(store: Store, maple: Home) -> None:
    # SQLite's page limit answers as a full disk does.
    with store.database.engine.connect() as connection:
        pages = connection.exec_driver_sql("pragma page_count").scalar()
        connection.exec_driver_sql(f"pragma max_page_count = {pages}")
    with pytest.raises(StoreError, match=r"the disk is full\. Nothing was changed"):
        store.put_rule(make_rule(said="x" * 1_000_000), at=NOW)
    assert store.rules() == []
    assert store.export_home("maple") == maple


@pytest.mark.parametrize("value", ["half a \ud800", "\udcff"])
def test_what_no_database_keeps_is_wrong_input_and_no_fault_of_the_store(store: Store, value: str) -> None:
    for keep in (
        lambda: store.prefer("maple", "channel.phone", "ntfy://x", person=value),
        lambda: store.put_rule(make_rule(said=value), at=0),
        lambda: store.account_named(value),
        lambda: store.snooze("maple", "daisy-fed", until=10**30, person=""),
    ):
        with pytest.raises(InputError, match="expected text and numbers that can be kept"):
            keep()
    assert store.preferences("maple") == {} and store.rules() == []


@pytest.mark.skipif(not Path("/dev/full").exists() or os.geteuid() == 0, reason="root writes where it may not")
def test_an_unwritable_folder_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match="PROACTIVE_DATA"):
        Store(f"sqlite:///{tmp_path / 'sub' / 'proactive.db'}")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"data folder .* cannot be made: Not a directory"):
        Store(f"sqlite:///{tmp_path / 'file' / 'sub' / 'proactive.db'}")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("nonsense", "PROACTIVE_DATABASE: expected 'sqlite:"),
        ("oracel://x", "PROACTIVE_DATABASE: expected"),
        ("mysql+pymysql://sam:hunter2@localhost/x", "PROACTIVE_DATABASE"),
    ],
)
def test_a_wrong_address_says_what_is_expected_and_hides_the_password(url: str, expected: str) -> None:
    with pytest.raises(StoreError) as raised:
        Store(url)
    assert expected in str(raised.value)
    assert "hunter2" not in str(raised.value)
