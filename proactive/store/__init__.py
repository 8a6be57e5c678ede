"""The personal-context store: SQLModel on SQLite, or on PostgreSQL by `PROACTIVE_DATABASE`."""

from proactive.store.database import StoreError
from proactive.store.rulebook import Version
from proactive.store.store import Store

__all__ = ["Store", "StoreError", "Version"]
