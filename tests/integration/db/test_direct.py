"""Statements on the driver's own cursor: the same is written, read and refused as through SQLAlchemy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any

import pytest
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    bindparam,
    func,
    insert,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError, IntegrityError

from studyhub.db.database import Database, is_collision
from studyhub.db.direct import Direct
from studyhub.db.types import Json, PathText, UtcDateTime, enum_text
from studyhub.kernel.errors import Unavailable


class Stage(StrEnum):
    OPEN = "open"
    OVER = "over"


_metadata = MetaData()
thing = Table(
    "direct_thing",
    _metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, unique=True),
    Column("at", UtcDateTime()),
    Column("stage", enum_text(Stage)),
    Column("said", Json()),
    Column("path", PathText()),
    Column("number", BigInteger),
    Column("whole", Boolean),
    Column("digest", LargeBinary),
)
with_default = Table(
    "direct_default", _metadata, Column("id", Integer, primary_key=True), Column("n", Integer, default=7)
)
MOMENT = datetime(2026, 11, 2, 10, 0, 0, 5, tzinfo=timezone(timedelta(hours=8)))
FULL: dict[str, Any] = {
    "name": "引号\"'\\ %s %(x)s :x {} 𠮷\n",
    "at": MOMENT,
    "stage": Stage.OPEN,
    "said": {"乙": [1, None], "甲": "二"},
    "path": "0001",
    "number": 2**62,
    "whole": True,
    "digest": b"\x00\xff",
}
EMPTY = dict.fromkeys(FULL)

ADD = Direct(insert(thing).inline())
NAMED = select(thing).where(thing.c.name.is_not_distinct_from(bindparam("name"))).order_by(thing.c.id)


@pytest.fixture(autouse=True)
def _tables(database: Database) -> Iterator[None]:
    _metadata.create_all(database.engine)
    yield
    _metadata.drop_all(database.engine)


@pytest.mark.parametrize("values", [FULL, EMPTY], ids=["full", "empty"])
def test_what_is_written_and_read_is_the_same_as_through_sqlalchemy(
    database: Database, values: dict[str, Any]
) -> None:
    theirs = {**values, "name": values["name"] and values["name"] + "2"}
    with database.write() as session:
        ADD.run(session, values)
        session.execute(insert(thing), theirs)
    with database.read() as session:
        rows = session.connection().execute(select(thing).order_by(thing.c.id)).all()
        direct = Direct(select(thing).order_by(thing.c.id)).all(session, {})
    assert [tuple(row) for row in direct] == [tuple(row) for row in rows]
    assert tuple(rows[0])[2:] == tuple(rows[1])[2:]
    assert direct[0].at == (values["at"] and MOMENT.astimezone(UTC))
    assert direct[0].stage is values["stage"]


def test_values_that_the_statement_holds_are_spelled_as_their_type_does(database: Database) -> None:
    over = update(thing).where(thing.c.stage == Stage.OPEN, thing.c.at >= MOMENT).values(stage=Stage.OVER)
    with database.write() as session:
        ADD.run(session, FULL)
        gone = Direct(over.returning(thing.c.stage, literal(5).label("five"))).first(session, {})
        again = Direct(over.returning(thing.c.id)).first(session, {})
    assert gone == (Stage.OVER, 5)
    assert again is None


def test_a_row_is_read_by_the_names_that_the_statement_gives(database: Database) -> None:
    counted = Direct(select(func.count(thing.c.id).label("how_many"), func.max(thing.c.at).label("latest")))
    with database.write() as session:
        ADD.run(session, FULL)
        row = counted.first(session, {})
    assert (row.how_many, row.latest) == (1, MOMENT.astimezone(UTC))  # type: ignore[union-attr]


def test_a_collision_is_the_error_that_sqlalchemy_makes_of_it_and_nothing_stays(database: Database) -> None:
    with pytest.raises(IntegrityError) as raised, database.write() as session:
        ADD.run(session, FULL)
        ADD.run(session, FULL)
    assert is_collision(raised.value)
    with database.read() as session:
        assert Direct(NAMED).all(session, {"name": FULL["name"]}) == []


@pytest.mark.parametrize("value", [datetime(2026, 1, 1), "open"], ids=["naive", "text"])  # noqa: DTZ001
def test_a_value_that_its_type_refuses_does_not_reach_the_database(database: Database, value: Any) -> None:
    with database.write() as session, pytest.raises((ValueError, AttributeError)):
        ADD.run(session, {**FULL, "at": value})


@pytest.mark.parametrize(
    "statement",
    [
        select(thing.c.id).where(thing.c.name.in_(bindparam("name", expanding=True))),
        select(thing.c.id).where(thing.c.name == bindparam("name", "a")),
        insert(with_default),
    ],
    ids=["a list", "a parameter that has a value", "a default from Python"],
)
def test_what_only_sqlalchemy_can_run_is_refused(database: Database, statement: Any) -> None:
    with database.write() as session, pytest.raises(ValueError, match="only SQLAlchemy"):
        Direct(statement).run(session, {"name": ["a"]} if statement.is_select else {})


def test_an_insert_that_names_other_columns_than_the_first_time_is_refused(database: Database) -> None:
    add = Direct(insert(thing).inline())
    with database.write() as session:
        add.run(session, {"name": "a"})
        with pytest.raises(ValueError, match="takes 1 parameters"):
            add.run(session, {"name": "b", "number": 1})


def test_who_counts_statements_counts_these(database: Database, count_statements: Callable[[], Any]) -> None:
    with count_statements() as statements, database.write() as session:
        ADD.run(session, FULL)
        Direct(NAMED).all(session, {"name": FULL["name"]})
    assert len(statements) == 2


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_connection_that_was_lost_is_given_up_and_the_next_one_works(database: Database) -> None:
    who = Direct(select(func.pg_backend_pid().label("pid")))
    with pytest.raises((Unavailable, DBAPIError)), database.write() as session:
        lost = who.first(session, {}).pid  # type: ignore[union-attr]
        with database.write() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": lost})
        who.first(session, {})
    with database.read() as session:
        assert who.first(session, {}).pid != lost  # type: ignore[union-attr]
