"""The home of the language tests is the one whose history is imported."""

from __future__ import annotations

import pytest

from rules.home import Home, parse_home
from tests.proactive.language.conftest import HOME


@pytest.fixture(scope="session")
def birch() -> Home:
    """Return a home with cameras in the kitchen, at the front door, in the living room and over the driveway."""
    return parse_home(HOME)
