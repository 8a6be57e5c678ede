"""Alembic's entry: run the migrations on the connection that was handed over."""

from alembic import context
from sqlmodel import SQLModel

import proactive.store.tables  # noqa: F401 - importing it declares the tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
)
context.run_migrations()
