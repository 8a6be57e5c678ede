"""What the tests of notifying share: a store with the Daisy rule, and a phone that every channel leads to."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest

from proactive.notify.channel import Channels
from proactive.notify.notifier import Notifier
from proactive.settings import Settings
from proactive.store import Store
from tests.proactive.conftest import make_rule
from tests.proactive.phones import Phone


@pytest.fixture
def phone() -> Phone:
    return Phone()


@pytest.fixture
def notifier(store: Store, phone: Phone, tmp_path: Path) -> Notifier:
    """Return a notifier with a rule to tell of; the console and the phone are the same fake; codes count up."""
    store.put_rule(make_rule(), at=0)
    settings = Settings(tmp_path, channels={"phone_maya": "phone://maya"})
    numbers = count(1)
    return Notifier(
        store, settings, Channels(made={"console": phone, "phone": phone}), draw=lambda: f"CODE{next(numbers):02}"
    )
