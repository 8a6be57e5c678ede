"""The database below the store: opening, transactions, migrations, and what can go wrong with a file.

SQLite runs in write-ahead mode with foreign keys on. A writing transaction takes the write lock when it begins:
taking it at the first write instead fails at once, without waiting, where another process wrote in between.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, NoSuchModuleError, SQLAlchemyError, StatementError
from sqlmodel import Session

from proactive.error import ProactiveError
from proactive.settings import hide_password
from proactive.store.sealed import lock_with
from proactive.vault import Vault
from rules.problem import InputError, Problem

SCHEMA = "0011"  # the newest migration; opening a store of this schema needs no Alembic
MIGRATIONS = Path(__file__).with_name("migrations")
WAIT_SECONDS = 10.0
_MIGRATION_LOCK = 7021960415  # any number; the same for every process that migrates a PostgreSQL store


def _to_json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


_JSON: dict[str, Any] = {"json_serializer": _to_json, "json_deserializer": msgspec.json.decode}


class StoreError(ProactiveError):
    """Say why the store cannot be used, and what to do."""


class Database:
    """An open database with the newest schema."""

    def __init__(self, url: str, vault: Vault | None = None) -> None:
        """Open or create the database and bring its schema up to date; secrets are sealed by `vault`. Raise StoreError."""
        self.shown = hide_password(url)
        self.engine = _engine(url)
        lock_with(self.engine, vault or _vault_beside(self.engine))
        with self._guarded():
            self._migrate()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a session that sees one state of the database. Raise StoreError, or InputError for what no database keeps."""
        with self._guarded(), Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Yield a session whose changes are kept all together, or not at all. Raise StoreError, InputError."""
        with (
            self._guarded(),
            _immediate(self.engine) as connection,
            connection.begin(),
            Session(connection, expire_on_commit=False) as session,
        ):
            yield session
            session.flush()

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    def forget_deleted(self) -> None:
        """Overwrite what was deleted, so that erased lines are in no file of a SQLite database any more."""
        if self.engine.dialect.name == "sqlite":
            with self._guarded(), closing(self.engine.raw_connection()) as raw:
                raw.execute("VACUUM")
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _migrate(self) -> None:
        with self.engine.connect() as connection:
            before = _schema(connection)
        if before == SCHEMA:
            return
        with _immediate(self.engine) as connection, connection.begin():
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"select pg_advisory_xact_lock({_MIGRATION_LOCK})"))
            self._upgrade(connection)
        if before is not None:
            self.forget_deleted()  # secrets that were plain before must be in no free page

    def _upgrade(self, connection: Connection) -> None:
        from alembic import command
        from alembic.util import CommandError

        try:
            command.upgrade(alembic_config(connection), "head")
        except CommandError as error:
            message = (
                f"The store {self.shown} has the schema {_schema(connection)!r}, which this version does not know."
            )
            raise StoreError(f"{message} A newer version made it: install that one.") from error

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except (UnicodeEncodeError, OverflowError) as error:
            raise InputError([_NOT_KEPT]) from error
        except SQLAlchemyError as error:
            if _is_about_a_value(error):
                raise InputError([_NOT_KEPT]) from error
            raise StoreError(_explain(error, self.shown)) from error


def alembic_config(connection: Connection) -> Any:
    """Return Alembic's configuration for the packaged migrations on an open connection."""
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def _engine(url: str) -> Engine:
    expected = "'sqlite:////path/to/file.db' or 'postgresql://user:password@host/database'"
    wrong = StoreError(f"PROACTIVE_DATABASE: expected {expected}, found {hide_password(url)!r}.")
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() not in {"sqlite", "postgres", "postgresql"}:
            raise wrong
        if parsed.get_backend_name() == "sqlite":
            return _sqlite(parsed)
        if parsed.drivername in {"postgres", "postgresql"}:
            parsed = parsed.set(drivername="postgresql+psycopg")
        return create_engine(parsed, pool_pre_ping=True, **_JSON)
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise wrong from error
    except ModuleNotFoundError as error:
        raise StoreError(
            f"The database {hide_password(url)} needs {error.name}. Install it with: pip install 'proactive[postgresql]'"
        ) from error


def _sqlite(url: URL) -> Engine:
    if url.database and url.database != ":memory:":
        _make_folder(Path(url.database).parent)
    engine = create_engine(url, connect_args={"timeout": WAIT_SECONDS}, **_JSON)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _vault_beside(engine: Engine) -> Vault | None:
    """Return the vault whose key is beside a SQLite file; another database needs one that is given."""
    name = engine.url.database
    if engine.dialect.name != "sqlite" or not name or name == ":memory:":
        return None
    return Vault(Path(name).parent)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        hint = "Make it writable, or set PROACTIVE_DATA to a folder that is."
        raise StoreError(f"The data folder {folder} cannot be made: {error.strerror}. {hint}") from error


def _prepare_sqlite(connection: Any, _: object) -> None:
    # The driver would begin transactions by its own rules, and never around a change of the schema.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _immediate(engine: Engine) -> Connection:
    return engine.execution_options(immediate=True).connect()


def _schema(connection: Connection) -> str | None:
    from sqlalchemy import inspect

    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("select version_num from alembic_version")).scalar()


_CAUSES = (
    ("database is locked", "is locked by another process. Wait until it is done, or end it."),
    ("not a database", "is not a database. Move the file away, or set PROACTIVE_DATA to another folder."),
    ("malformed", "is damaged. Restore a backup, or move the file away and import the home again."),
    ("disk is full", "cannot be written: the disk is full. Nothing was changed. Free some space and try again."),
    ("disk I/O error", "cannot be read or written: the disk reports an error. Check the disk."),
    ("readonly database", "is read-only. Make the file and its folder writable, or set PROACTIVE_DATA."),
    ("unable to open database file", "cannot be opened. Check that its folder exists and is writable."),
    ("Connection refused", "does not answer. Check that the database server runs and that the address is right."),
)


def _is_about_a_value(error: SQLAlchemyError) -> bool:
    """Tell whether the store is well, and what it was given is not: a NUL for PostgreSQL, half a character for any."""
    cause = error.orig if isinstance(error, StatementError) else None
    return isinstance(error, DataError) or isinstance(cause, UnicodeEncodeError | OverflowError)


_NOT_KEPT = Problem(
    "not_kept", "", "expected text and numbers that can be kept, found one that cannot.", "Type it again, without signs that cannot be seen."
)  # fmt: skip


def _explain(error: SQLAlchemyError, shown: str) -> str:
    cause = str(error.orig) if isinstance(error, DBAPIError) and error.orig is not None else str(error)
    for words, meaning in _CAUSES:
        if words in cause:
            return f"The store {shown} {meaning}"
    return f"The store {shown} cannot be used: {cause.strip()}"
