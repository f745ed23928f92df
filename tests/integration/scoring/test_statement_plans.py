"""A start and a submit look at their own rows, however many others sit the same exam."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from studyhub.exams.attempts import statements
from studyhub.organization.models import Branch
from studyhub.scoring import operations, rollup, rows
from tests.factories import organization as make
from tests.factories import scoring as sat

MEMBERS = 300


@pytest.fixture
def crowd(database, now):
    """Many members at one exam; all have begun but the last, who is only assigned."""
    with database.write() as session:
        home = make.branch(session, "home", now, parent=make.branch(session, "root", now))
        exam = sat.exam(session, "exam", now)
        people = [make.member(session, f"m{n}", home, now) for n in range(MEMBERS)]
        sat.settle(session, exam.id, now)
        attempts = [sat.start(session, exam, who, now) for who in people[:-1]]
        return exam.id, people[-1].id, attempts[0].id, attempts[0].member_id


def explained(session: Session, statement: Any, parameters: dict[str, Any]) -> str:
    """The plan that the database has for the statement, as it says it."""
    connection = session.connection()
    sqlite = connection.dialect.name == "sqlite"
    if not sqlite:
        session.execute(text("SET LOCAL enable_seqscan = off"))  # which a table of few pages is worth
    plan: list[str] = []

    @event.listens_for(connection, "before_cursor_execute", retval=True)
    def ask(conn: Any, cursor: Any, statement: str, given: Any, context: Any, many: bool) -> tuple[str, Any]:
        return f"EXPLAIN {'QUERY PLAN ' if sqlite else ''}{statement}", given

    @event.listens_for(connection, "after_cursor_execute")
    def keep(conn: Any, cursor: Any, statement: str, given: Any, context: Any, many: bool) -> None:
        plan.extend(str(row) for row in cursor.fetchall())

    connection.execute(statement, parameters)
    return "\n".join(plan)


def test_a_start_finds_its_standing_by_exam_and_member(database, crowd):
    exam, member, _, _ = crowd
    with database.write() as session:
        plan = explained(session, operations.BEGIN, {"exam": exam, "member": member})
    assert re.search(r"using \w*member_id on standing|INDEX \w+ \(exam_id=\? AND member_id=\?\)", plan), plan


@pytest.mark.parametrize("name", ["OWN", "OWN_LOCKED", "HISTORY"])
def test_the_last_open_attempt_of_an_exam_is_read_from_the_end_of_an_index(database, crowd, name):
    exam, _, attempt, member = crowd
    keys = {"attempt_id": attempt, "member_id": member, "exam_id": exam}
    statement = getattr(statements, name).statement
    with database.read() as session:
        asked = set(statement.compile().params)
        plan = explained(session, statement, {key: keys[key] for key in asked & set(keys)})
    assert "ix_attempt_open_exam_id_accept_until" in plan


def test_roll_ups_are_locked_in_one_order_however_their_changes_came(database, crowd):
    """Two transactions that each change two of them would otherwise wait for each other."""
    exam, _, _, _ = crowd
    asked: list[Any] = []

    def note(conn: Any, cursor: Any, statement: str, given: Any, context: Any, many: bool) -> None:
        asked.extend(given if many else [given])

    with database.write() as session:
        homes = sorted(session.scalars(select(Branch.id)))
        assert len(homes) > 1
        event.listen(session.connection(), "before_cursor_execute", note)
        changes = {(exam, home): rollup.Figures(assigned=1) for home in reversed(homes)}
        rows.add_to_roll_ups(session, changes)
    told = [row["branch_id"] if isinstance(row, dict) else row[1] for row in asked]
    assert told == homes
