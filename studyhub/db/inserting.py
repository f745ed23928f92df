"""INSERT as SQLAlchemy does not spell it for both engines: `ON CONFLICT`, and rows of plain values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from pydantic_core import to_json
from sqlalchemy import Table, TableValuedAlias, bindparam, cast, column, func, insert, select, true
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from studyhub.db.direct import Direct


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
        as_stored = cache(_as_stored)  # the rows of a paper share their moments
        connection.exec_driver_sql(built[table.name], [_stored(row, as_stored) for row in rows])
    else:
        if table.name not in built:
            built[table.name] = _from_one_value(table, list(rows[0]))
        built[table.name].run(session, {"rows": _as_one_value(rows)})


def insert_with_rows(
    session: Session, one: Mapping[str, Any], rows: Sequence[Mapping[str, Plain]], link: Any
) -> int | None:
    """Add a row, and those that name it in the column `link`, a foreign key to its table. Returns its key;
    None, and nothing is added, where a unique index has it already. `rows`, at least one, are as in
    `insert_plain`, without `link`.

    What is measured: the second round trip to PostgreSQL was a twentieth of a start.
    """
    (foreign_key,) = link.foreign_keys
    key = foreign_key.column
    connection = session.connection()
    built: dict[Any, Any] = session.info["memory"].setdefault("db.inserts_with_rows", {})
    if connection.dialect.name == "sqlite":
        if link not in built:
            built[link] = Direct(insert_into(session, key.table).on_conflict_do_nothing().returning(key))
        added = built[link].first(session, one)
        if added is not None:
            insert_plain(session, link.table, [{link.name: added[0], **row} for row in rows])
    else:
        if link not in built:
            built[link] = _together(key, link, list(one), list(rows[0]))
        values = {f"one_{name}": value for name, value in one.items()}
        added = built[link].first(session, {**values, "rows": _as_one_value(rows)})
    return None if added is None else int(added[0])


def _together(key: Any, link: Any, columns: list[str], names: list[str]) -> Direct:
    values = {name: bindparam(f"one_{name}", type_=key.table.c[name].type) for name in columns}
    one = postgresql.insert(key.table).values(values).on_conflict_do_nothing().returning(key).cte("one")
    given = _given(link.table, names)
    belonging = select(one.c[key.name], *given.c).select_from(one.join(given, true()))
    rows = insert(link.table).from_select([link.name, *names], belonging).cte("belonging")
    return Direct(select(one.c[key.name]).add_cte(rows))


def _with_names(table: Table, names: list[str]) -> str:
    dialect: Any = sqlite.dialect(paramstyle="named")
    return str(insert(table).compile(dialect=dialect, column_keys=names))


def _from_one_value(table: Table, names: list[str]) -> Direct:
    return Direct(insert(table).from_select(names, select(*_given(table, names).c)))


def _given(table: Any, names: list[str]) -> TableValuedAlias:
    """The rows that came as one value, in the types of the table's columns."""
    columns: list[Any] = [column(name, table.c[name].type) for name in names]
    parsed = func.json_to_recordset(cast(bindparam("rows"), postgresql.JSON))
    return parsed.table_valued(*columns).render_derived("given", with_types=True)


def _as_one_value(rows: Sequence[Mapping[str, Plain]]) -> str:
    return to_json(rows).decode()


def _stored(row: Mapping[str, Plain], as_stored: Callable[[datetime], str]) -> dict[str, int | str | None]:
    return {name: as_stored(value) if isinstance(value, datetime) else value for name, value in row.items()}


def _as_stored(moment: datetime) -> str:
    """As SQLAlchemy writes a moment on SQLite: in UTC, without saying so."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
