"""Runs the migrations on the connection that `storage.database` hands over."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from storage.tables import Prose, UtcDateTime, metadata

_KINDS = {Prose: "sa.Text()", UtcDateTime: "sa.DateTime()"}


def render_item(kind: str, item: object, _context: AutogenContext) -> str | Literal[False]:
    """A migration stands for itself: it names the database's kinds of columns, not ours, which may change."""
    return _KINDS.get(type(item), False) if kind == "type" else False


connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, render_item=render_item)
context.run_migrations()
