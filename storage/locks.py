"""One writer at a time where a row is looked for first and added when it is not there."""

from __future__ import annotations

from sqlalchemy import Connection, Table, select


def hold(connection: Connection, table: Table, row_id: str) -> None:
    """Make others who hold this row wait until the unit ends.

    Readers, and writers that only point at the row, don't wait. On SQLite there is one writer at a time anyway.
    """
    connection.execute(select(table.c.id).where(table.c.id == row_id).with_for_update(key_share=True))
