"""INSERT as SQLAlchemy does not spell it for both engines: `ON CONFLICT`, and rows of plain values."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Table, bindparam, cast, column, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


def insert_into(session: Session, table: Any) -> Any:
    """The session's own dialect's `insert(table)`, with `on_conflict_do_update` and `…_nothing`."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    return dialect.insert(table)


Plain = int | str | datetime | None


def insert_plain(session: Session, table: Table, rows: Sequence[Mapping[str, Plain]]) -> None:
    """Add rows that all name the same columns, each with a plain value that no type has to convert; moments
    are aware.

    What is measured: SQLAlchemy's `executemany` of a paper's twenty rows took a fifth of a start. On
    PostgreSQL the rows travel as one value, on SQLite as the driver takes them.
    """
    if not rows:
        return
    connection = session.connection()
    built: dict[str, Any] = session.info["memory"].setdefault("db.plain_inserts", {})
    if connection.dialect.name == "sqlite":
        if table.name not in built:
            built[table.name] = _with_names(table, list(rows[0]))
        connection.exec_driver_sql(built[table.name], [_stored(row) for row in rows])
    else:
        if table.name not in built:
            built[table.name] = _from_one_value(table, list(rows[0]))
        text = json.dumps(rows, ensure_ascii=False, default=datetime.isoformat)
        connection.execute(built[table.name], {"rows": text})


def _with_names(table: Table, names: list[str]) -> str:
    dialect: Any = sqlite.dialect(paramstyle="named")
    return str(insert(table).compile(dialect=dialect, column_keys=names))


def _from_one_value(table: Table, names: list[str]) -> Any:
    columns: list[Any] = [column(name, table.c[name].type) for name in names]
    parsed = func.json_to_recordset(cast(bindparam("rows"), postgresql.JSON))
    given = parsed.table_valued(*columns).render_derived("given", with_types=True)
    return insert(table).from_select(names, select(*(given.c[name] for name in names)))


def _stored(row: Mapping[str, Plain]) -> dict[str, int | str | None]:
    """The row with its moments as SQLAlchemy writes them on SQLite: UTC, without saying so."""
    return {
        name: value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
        if isinstance(value, datetime)
        else value
        for name, value in row.items()
    }
