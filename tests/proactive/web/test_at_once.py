"""What a command changes while `serve` runs counts when the command ends: it asks the process that serves to look."""

from __future__ import annotations

import os

from proactive.local import NAME
from proactive.lock import DataLock
from proactive.settings import Settings
from proactive.standing import enforce, in_force
from tests.proactive.conftest import make_rule
from tests.proactive.web.conftest import LOCAL, Running


def test_a_rule_that_is_saved_paused_and_dropped_is_in_force_at_once(running: Running, settings: Settings) -> None:
    (settings.data / NAME).write_text(LOCAL)
    store = running.store
    with DataLock(settings.data, address=running.address):
        store.put_rule(make_rule(), at=0)
        assert enforce(settings, store) == os.getpid()
        assert [rule.enabled for rule in running.runtime.rules().values()] == [True]
        store.pause_rule("maple", "daisy-fed", at=0)
        enforce(settings, store)
        assert [rule.enabled for rule in running.runtime.rules().values()] == [False]
        store.drop_rule("maple", "daisy-fed", at=0)
        assert "follows from now on" in in_force(enforce(settings, store))
        assert running.runtime.rules() == {}


def test_whoever_cannot_read_the_data_folder_changes_nothing_there(running: Running, settings: Settings) -> None:
    (settings.data / NAME).write_text("a guess")
    running.store.put_rule(make_rule(), at=0)
    with DataLock(settings.data, address=running.address):
        enforce(settings, running.store)
    assert running.runtime.rules() == {}
