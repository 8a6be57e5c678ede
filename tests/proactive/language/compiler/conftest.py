"""The home of the language tests, by the name these tests use."""

from __future__ import annotations

import pytest

from rules.home import Home


@pytest.fixture(scope="session")
def home(birch: Home) -> Home:
    """Return a home with two dogs, doors of several kinds and a camera on the driveway."""
    return birch
