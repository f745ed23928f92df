"""A statement of the hot path, compiled once and run on the driver's own cursor.

What is measured (docs/decisions/0051): of the time that Python spends on reading one row, SQLAlchemy's
execution takes as much again as the driver. Five such statements make a start, ten a submit. A statement is
still written, and its types still convert, as everywhere else.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Dialect
from sqlalchemy.orm import Session

Convert = Callable[[Any], Any]

_named: Any = namedtuple


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A statement in the words of one engine."""

    text: str
    fixed: dict[str, Any]
    """the values that the statement itself holds, as the driver takes them"""
    writing: tuple[tuple[str, Convert], ...]
    """the parameters that their type converts"""
    order: Sequence[str] | None
    """the parameters as the driver counts them; None where it takes them by name"""
    reading: tuple[tuple[int, Convert], ...]
    """the columns that their type converts"""
    given: int
    """how many parameters came when it was compiled: an INSERT names the columns of those"""
    row: Callable[[Sequence[Any]], Any]


class Direct:
    """A Core statement, or an INSERT of one row. Its rows are named tuples of its columns.

    It must name each parameter that it is given, and take single values: no list, and no column's default
    from Python. It runs in the session's transaction; it flushes nothing. Errors are SQLAlchemy's.
    """

    def __init__(self, statement: Any) -> None:
        self.statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def all(self, session: Session, values: Mapping[str, Any]) -> list[Any]:
        """Run it, and return its rows."""
        compiled, rows = self._run(session, values)
        if not compiled.reading:
            return list(map(compiled.row, rows))
        return [compiled.row(_converted(row, compiled.reading)) for row in rows]

    def first(self, session: Session, values: Mapping[str, Any]) -> Any | None:
        """Run it, and return its first row; None without one."""
        rows = self.all(session, values)
        return rows[0] if rows else None

    def run(self, session: Session, values: Mapping[str, Any]) -> None:
        """Run it for what it writes."""
        self._run(session, values)

    def _run(self, session: Session, values: Mapping[str, Any]) -> tuple[_Compiled, list[Any]]:
        connection = session.connection()
        dialect = connection.dialect
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            compiled = self._compiled[dialect.name] = _compile(self.statement, dialect, list(values))
        if len(values) != compiled.given:
            raise ValueError(f"this statement takes {compiled.given} parameters: {compiled.text}")
        given = {**compiled.fixed, **values}
        for name, convert in compiled.writing:
            given[name] = convert(given[name])
        sent = given if compiled.order is None else [given[name] for name in compiled.order]
        return compiled, _executed(connection, compiled.text, sent)


def _executed(connection: Connection, text: str, sent: Any) -> list[Any]:
    """The rows that the driver returns. Who listens to SQLAlchemy's statements hears of these as well."""
    hears: Any = connection.dispatch
    cursor: Any = None
    try:
        cursor = connection.connection.cursor()
        for tell in hears.before_cursor_execute:
            text, sent = tell(connection, cursor, text, sent, None, False)
        cursor.execute(text, sent)
        for tell in hears.after_cursor_execute:
            tell(connection, cursor, text, sent, None, False)
        return list(cursor.fetchall()) if cursor.description else []
    except connection.dialect.loaded_dbapi.Error as error:
        # SQLAlchemy's own: it wraps the error, and gives up a connection that is lost.
        connection._handle_dbapi_exception(error, text, sent, cursor, None)
        raise
    finally:
        if cursor is not None:
            cursor.close()


def _converted(row: Sequence[Any], reading: tuple[tuple[int, Convert], ...]) -> list[Any]:
    cells = list(row)
    for place, convert in reading:
        cells[place] = convert(cells[place])
    return cells


def _compile(statement: Any, dialect: Dialect, names: list[str]) -> _Compiled:
    compiled = statement.compile(dialect=dialect, column_keys=names)
    spelling = {name: _spelling(bind.type, dialect) for bind, name in compiled.bind_names.items()}
    fixed = {name: bind.value for bind, name in compiled.bind_names.items() if not bind.required}
    by_default = compiled.insert_prefetch or compiled.update_prefetch or fixed.keys() & set(names)
    if compiled.post_compile_params or by_default:
        raise ValueError(f"only SQLAlchemy itself can run this: {compiled}")
    columns = list(statement.exported_columns)
    row: Any = _named("Row", [column.key for column in columns])
    return _Compiled(
        text=compiled.string,
        fixed={name: (spelling[name] or _as_is)(value) for name, value in fixed.items()},
        writing=tuple((name, to) for name, to in spelling.items() if to and name not in fixed),
        given=len(names),
        order=compiled.positiontup,
        reading=tuple(
            (place, read) for place, column in enumerate(columns) if (read := _reading(column.type, dialect))
        ),
        row=row._make,
    )


def _as_is(value: Any) -> Any:
    return value


def _spelling(kind: Any, dialect: Dialect) -> Convert | None:
    convert: Convert | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return convert


def _reading(kind: Any, dialect: Dialect) -> Convert | None:
    convert: Convert | None = kind.dialect_impl(dialect).result_processor(dialect, None)
    return convert
