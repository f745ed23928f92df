"""Rows of plain values, written at once: the same is read back as if SQLAlchemy had written it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import BigInteger, Column, ForeignKey, Integer, MetaData, Table, Text, insert, select
from sqlalchemy.exc import IntegrityError

from studyhub.db.database import Database
from studyhub.db.inserting import insert_plain
from studyhub.db.types import UtcDateTime

_metadata = MetaData()
parent = Table("plain_parent", _metadata, Column("id", Integer, primary_key=True))
plain = Table(
    "plain_row",
    _metadata,
    Column("id", Integer, primary_key=True),
    Column("parent_id", ForeignKey("plain_parent.id")),
    Column("text", Text),
    Column("number", BigInteger),
    Column("at", UtcDateTime()),
    Column("left_out", Text),
)
MOMENT = datetime(2026, 11, 2, 10, 0, 0, 5, tzinfo=timezone(timedelta(hours=8)))
ROWS = [
    {"parent_id": 1, "text": "引号\"'\\ %s :x {} 𠮷\n", "number": 2**62, "at": MOMENT},
    {"parent_id": 1, "text": "", "number": -1, "at": MOMENT + timedelta(days=1)},
    {"parent_id": None, "text": None, "number": None, "at": None},
]


@pytest.fixture(autouse=True)
def _tables(database: Database) -> Iterator[None]:
    _metadata.create_all(database.engine)
    with database.write() as session:
        session.execute(insert(parent).values(id=1))
    yield
    _metadata.drop_all(database.engine)


def test_plain_rows_are_read_back_as_those_of_sqlalchemy(database: Database) -> None:
    with database.write() as session:
        insert_plain(session, plain, ROWS)
        session.execute(insert(plain), ROWS)
    with database.read() as session:
        rows = session.execute(select(plain).order_by(plain.c.id)).all()
    ours, theirs = rows[: len(ROWS)], rows[len(ROWS) :]
    assert [tuple(row)[1:] for row in ours] == [tuple(row)[1:] for row in theirs]
    assert ours[0].at == MOMENT.astimezone(UTC)
    assert [row.text for row in ours] == [row["text"] for row in ROWS]
    assert all(row.left_out is None for row in rows)


def test_a_row_that_breaks_a_rule_of_the_database_is_refused_with_all_others(database: Database) -> None:
    with pytest.raises(IntegrityError), database.write() as session:
        insert_plain(session, plain, [*ROWS, {**ROWS[0], "parent_id": 7}])
    with database.read() as session:
        assert session.execute(select(plain)).all() == []


def test_no_rows_are_no_statement(database: Database) -> None:
    with database.write() as session:
        insert_plain(session, plain, [])
