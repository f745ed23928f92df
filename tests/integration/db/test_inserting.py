"""Rows of plain values, written at once: the same is read back as if SQLAlchemy had written it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import BigInteger, Column, ForeignKey, Integer, MetaData, Table, Text, insert, select
from sqlalchemy.exc import IntegrityError

from studyhub.db.database import Database
from studyhub.db.inserting import insert_plain, insert_with_rows
from studyhub.db.types import UtcDateTime

_metadata = MetaData()
parent = Table(
    "plain_parent",
    _metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, unique=True),
    Column("since", UtcDateTime()),
)
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
ROWS: list[dict[str, Any]] = [
    {"parent_id": 1, "text": "引号\"'\\ %s :x {} 𠮷\n", "number": 2**62, "at": MOMENT},
    {"parent_id": 1, "text": "", "number": -1, "at": MOMENT + timedelta(days=1)},
    {"parent_id": None, "text": None, "number": None, "at": None},
]


@pytest.fixture(autouse=True)
def _tables(database: Database) -> Iterator[None]:
    _metadata.create_all(database.engine)
    with database.write() as session:
        session.execute(insert(parent).values(name="the first"))
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


def test_a_row_and_those_that_belong_to_it_are_added_together(database: Database) -> None:
    rows = [{name: value for name, value in row.items() if name != "parent_id"} for row in ROWS]
    with database.write() as session:
        added = insert_with_rows(session, {"name": "党", "since": MOMENT}, rows, plain.c.parent_id)
    with database.read() as session:
        one = session.execute(select(parent).where(parent.c.id == added)).one()
        belonging = session.execute(select(plain).order_by(plain.c.id)).all()
    assert (one.name, one.since) == ("党", MOMENT.astimezone(UTC))
    assert [(row.parent_id, row.text, row.number, row.at) for row in belonging] == [
        (added, row["text"], row["number"], row["at"]) for row in ROWS
    ]


def test_where_the_row_is_there_already_nothing_is_added(database: Database) -> None:
    for expected in (True, False):
        with database.write() as session:
            added = insert_with_rows(session, {"name": "党"}, [{"text": "一"}], plain.c.parent_id)
        assert (added is not None) is expected
    with database.read() as session:
        assert len(session.execute(select(plain)).all()) == 1


def test_rows_that_break_a_rule_take_the_row_that_they_belong_to_with_them(database: Database) -> None:
    with pytest.raises(IntegrityError), database.write() as session:
        insert_with_rows(session, {"name": "党"}, [{"id": 5}, {"id": 5}], plain.c.parent_id)
    with database.read() as session:
        assert [row.id for row in session.execute(select(parent))] == [1]
