"""Sealed columns: secrets in the database, texts in the program. Opened and sealed where values cross the border."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Dialect, Engine, String, text
from sqlalchemy.types import TypeDecorator

from proactive.vault import Vault

# Every column that holds secrets: the migration seals what was there before.
COLUMNS = (("camera", "url"), ("calendar", "url"), ("preference", "value"), ("subscription", "auth"))


class Sealed(TypeDecorator[str]):
    """A text that is sealed in the database, by the vault that `lock_with` gave to its engine; without one it is plain."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Seal what is stored."""
        vault = vault_of(dialect)
        return value if value is None or vault is None else vault.seal(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        """Open what is read."""
        vault = vault_of(dialect)
        return value if value is None or vault is None else vault.open(value)


def lock_with(engine: Engine, vault: Vault | None) -> None:
    """Let an engine seal and open with a vault."""
    engine.dialect.proactive_vault = vault  # type: ignore[attr-defined]  # the dialect is the engine's own, and all that a type is handed


def vault_of(dialect: Dialect) -> Vault | None:
    """Return the vault of an engine, by its dialect, or None."""
    found: Vault | None = getattr(dialect, "proactive_vault", None)
    return found


def change_all(connection: Connection, *, sealed: bool) -> None:
    """Seal every secret that is plain, or (to go back) open every one that is sealed."""
    vault = vault_of(connection.dialect)
    if vault is None:
        return
    for table, column in COLUMNS:
        values = connection.execute(text(f'SELECT DISTINCT "{column}" FROM {table} WHERE "{column}" IS NOT NULL'))
        for (value,) in values.all():
            if vault.is_sealed(value) != sealed:
                update = text(f'UPDATE {table} SET "{column}" = :new WHERE "{column}" = :old')
                connection.execute(update, {"new": vault.seal(value) if sealed else vault.open(value), "old": value})
