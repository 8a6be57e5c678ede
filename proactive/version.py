"""The version of the installed package."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed


def version() -> str:
    """Return the installed version, or `0+source` for a source tree that is not installed."""
    try:
        return installed("proactive")
    except PackageNotFoundError:
        return "0+source"
