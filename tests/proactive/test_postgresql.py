"""The same store on PostgreSQL: the server of PROACTIVE_TEST_DATABASE, else one of our own where its programs are installed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlmodel import SQLModel

from proactive.notification import Outcome
from proactive.store import Store
from rules.home import Home
from rules.problem import InputError
from tests.proactive.conftest import make_firing, make_rule


@pytest.fixture
def server(maple: Home, postgresql: str) -> Iterator[Store]:
    """Return a store on the server, with the home; it is erased again."""
    with Store(postgresql) as store:
        store.import_home(maple)
        yield store
        store.erase_home("maple")


def test_the_migrations_make_the_tables_there_too(server: Store) -> None:
    with server.database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), SQLModel.metadata) == []


def test_an_address_may_begin_as_other_programs_write_it(server: Store, postgresql: str) -> None:
    with Store(postgresql.replace("postgresql://", "postgres://")) as other:
        assert other.home_ids() == ["maple"]


def test_homes_rules_and_preferences_come_back(server: Store, maple: Home) -> None:
    server.import_home(maple)
    assert server.export_home("maple") == maple
    server.put_rule(make_rule(), at=1)
    assert server.pause_rule("maple", "daisy-fed", at=2).version == 2
    server.prefer("maple", "quiet_hours", "none")
    server.prefer("maple", "quiet_hours", "22:00-07:00")
    assert server.preferences("maple") == {("", "quiet_hours"): "22:00-07:00"}


def test_a_repeat_changes_nothing_and_one_sender_sends(server: Store, maple: Home) -> None:
    from proactive.notify import plan
    from proactive.notify.text import render

    rule, firing = server.put_rule(make_rule(), at=1), make_firing()
    rows = plan.notifications(firing, rule, maple, render(firing, rule, maple), now=firing.time)
    assert server.record_firing(firing, rows, now=2) is True
    assert server.record_firing(firing, rows, now=3) is False
    [due] = server.due(firing.time)
    first, second = (server.begin_attempt(due, now=4, lease=10) for _ in range(2))
    assert first is not None
    assert second is None
    server.end_attempt(first, Outcome(state="sent", due_at=5, channels=("console",)), now=5)
    assert (server.next_due(), server.deliveries(due.id)[0].channels) == (None, "console")


def test_a_character_that_it_does_not_keep_is_wrong_input_there(server: Store) -> None:
    for name in ("\x00", "a\x00b"):
        with pytest.raises(InputError, match="expected text and numbers that can be kept"):
            server.account_named(name)
        with pytest.raises(InputError, match="expected text and numbers that can be kept"):
            server.prefer("maple", "channel.phone", f"ntfy://{name}", person=name)
    assert server.preferences("maple") == {}
