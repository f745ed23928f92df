"""A whole database into files and back, while others go on working with it.

SQLite: its online backup, a file of the same kind. PostgreSQL: one snapshot, each table by COPY; the schema
comes from the migrations. So a backup needs no program beside StudyHub, of whatever version.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from studyhub.db import migrations
from studyhub.db.database import Database
from studyhub.kernel.disk import sync

SQLITE_FILE = "database.sqlite3"
TABLES = "tables"
_VERSION_TABLE = "alembic_version"
_OWN_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"
_STORED_COLUMNS = """
    SELECT column_name FROM information_schema.columns
    WHERE table_schema = current_schema() AND table_name = %s AND is_generated = 'NEVER'
    ORDER BY ordinal_position"""
_FOREIGN_KEYS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"""


def copy_out(database: Database, folder: Path) -> None:
    """Write the database, as it is at one moment, into `folder`."""
    if database.is_sqlite:
        _copy_sqlite(Path(database.url.database or ""), folder / SQLITE_FILE)
        return
    tables = folder / TABLES
    tables.mkdir()
    with _postgresql(database) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        for table in _tables(connection):
            _write_table(connection, table, tables / f"{table}.copy")


def copy_in(database: Database, folder: Path, revision: str) -> None:
    """Replace what the database holds by what `copy_out` wrote at that schema revision, all or nothing."""
    if database.is_sqlite:
        _replace_sqlite(folder / SQLITE_FILE, Path(database.url.database or ""))
        return
    with database.engine.begin() as whole:
        migrations.begin_anew(whole, revision)
        # The same transaction, spoken to by the driver itself: it knows COPY.
        connection: Any = whole.connection.driver_connection
        keys = connection.execute(_FOREIGN_KEYS).fetchall()
        # Tables come in any order: the keys are taken off, and checked again when they are put back.
        for table, name, _ in keys:
            connection.execute(_alter("ALTER TABLE {} DROP CONSTRAINT {}", table, name))
        for file in sorted((folder / TABLES).glob("*.copy")):
            _read_table(connection, file.stem, file)
        for table, name, definition in keys:
            added = _alter("ALTER TABLE {} ADD CONSTRAINT {} ", table, name)
            connection.execute(added + sql.SQL(definition))


def is_empty(database: Database) -> bool:
    """Whether there is nothing to lose: no schema, or no member and no branch in it."""
    if database.is_sqlite and not Path(database.url.database or "").exists():
        return True
    if migrations.current(database) is None:
        return True
    with database.engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT (SELECT count(*) FROM branch) + (SELECT count(*) FROM member)"
        )
        return int(rows.scalar_one()) == 0


def _copy_sqlite(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
        # All pages in one step: it reads one snapshot, and in WAL mode hinders no writer.
        live.backup(copy, pages=-1)
        (found,) = copy.execute("PRAGMA integrity_check").fetchone()
        if found != "ok":
            raise OSError(f"the copy of the database is damaged: {found}")
        copy.execute("PRAGMA journal_mode=DELETE")


def _replace_sqlite(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f"{target.name}-restoring")
    shutil.copyfile(source, fresh)
    sync(fresh)
    for suffix in ("-wal", "-shm"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    os.replace(fresh, target)
    sync(target.parent)


@contextmanager
def _postgresql(database: Database) -> Iterator[psycopg.Connection[Any]]:
    url = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url) as connection:
        yield connection


def _tables(connection: psycopg.Connection[Any]) -> list[str]:
    return [name for (name,) in connection.execute(_OWN_TABLES).fetchall() if name != _VERSION_TABLE]


def _write_table(connection: psycopg.Connection[Any], table: str, target: Path) -> None:
    columns = [name for (name,) in connection.execute(_STORED_COLUMNS, [table]).fetchall()]
    statement = sql.SQL("COPY {} ({}) TO STDOUT").format(sql.Identifier(table), _names(columns))
    with target.open("wb") as file, connection.cursor() as cursor, cursor.copy(statement) as rows:
        file.write(("\t".join(columns) + "\n").encode())
        for block in rows:
            file.write(block)


def _read_table(connection: psycopg.Connection[Any], table: str, source: Path) -> None:
    with source.open("rb") as file, connection.cursor() as cursor:
        columns = file.readline().decode().rstrip("\n").split("\t")
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), _names(columns))
        with cursor.copy(statement) as rows:
            while block := file.read(1 << 20):
                rows.write(block)
        for column in columns:
            _set_sequence(cursor, table, column)


def _set_sequence(cursor: psycopg.Cursor[Any], table: str, column: str) -> None:
    """Let new rows be numbered after those that were read."""
    (sequence,) = cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [table, column]).fetchone() or (
        None,
    )
    if sequence:
        highest = sql.SQL("SELECT setval(%s, coalesce(max({}), 0) + 1, false) FROM {}")
        cursor.execute(highest.format(sql.Identifier(column), sql.Identifier(table)), [sequence])


def _names(columns: list[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def _alter(statement: Any, table: str, name: str) -> sql.Composed:
    return sql.SQL(statement).format(sql.Identifier(table.strip('"')), sql.Identifier(name))
