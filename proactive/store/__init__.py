"""The personal-context store: SQLModel on SQLite, or on PostgreSQL by `PROACTIVE_DATABASE`."""

from proactive.store.database import StoreError
from proactive.store.rulebook import Version
from proactive.store.store import Store
from proactive.store.told import Fact

__all__ = ["Fact", "Store", "StoreError", "Version"]
