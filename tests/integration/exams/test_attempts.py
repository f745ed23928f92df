"""A sitting from start to result, on both engines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from studyhub.db.database import Database
from studyhub.exams import draw
from studyhub.exams.attempts import closing, reviewing, starting, voiding
from studyhub.exams.attempts.closing import Submission
from studyhub.exams.models import Attempt, Mark
from studyhub.exams.saving import Save
from studyhub.exams.states import AttemptState
from studyhub.kernel.errors import Conflict, NotFound, Unprocessable
from studyhub.questions.models import Bank
from tests.factories import exams

from .conftest import Hall
from .sitting import opened, right_letter, save, start, submit


def test_the_paper_stays_as_it_was_drawn(database: Database, hall: Hall, now: datetime) -> None:
    attempt_id = start(database, hall.member, now)
    before = opened(database, hall.member, attempt_id, now)
    with database.write() as session:
        exams.exam(session, now, sections=[{"title": "新", "draw": 3, "from": ["bank"], "points": 9}])
    after = opened(database, hall.member, attempt_id, now)
    assert before == after
    assert [asked.position for asked in after.questions] == [1, 2, 3, 4, 5]
    assert after.deadline_at == now + timedelta(minutes=30)
    assert after.accept_until == after.deadline_at + timedelta(seconds=30)


def test_the_version_of_the_draw_is_kept_with_its_seed(
    database: Database, hall: Hall, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A paper can be drawn again only by the draw that it came from."""
    monkeypatch.setattr(starting, "DRAW_VERSION", 7)
    attempt_id = start(database, hall.member, now)
    with database.read() as session:
        kept = session.execute(
            select(Attempt.seed, Attempt.draw_version).where(Attempt.id == attempt_id)
        ).one()
    assert kept.draw_version == 7
    assert draw.DRAW_VERSION == 1, "the same seed gives another paper: was the version raised on purpose?"


def test_starting_again_returns_the_open_attempt(database: Database, hall: Hall, now: datetime) -> None:
    with database.write() as session:
        first = starting.start(session, hall.member, "quiz", seed=1, now=now)
    with database.write() as session:
        again = starting.start(session, hall.member, "quiz", seed=2, now=now)
    assert first.created
    assert again == starting.Started(first.attempt_id)


def test_right_answers_are_marked_and_the_rest_is_nought(
    database: Database, hall: Hall, now: datetime
) -> None:
    attempt_id = start(database, hall.member, now)
    paper = opened(database, hall.member, attempt_id, now).questions
    for asked in paper[:3]:
        save(database, hall.member, attempt_id, asked.position, right_letter(asked), 1, now)
    result = submit(database, hall.member, attempt_id, now)
    assert (result.state, result.score, result.max_score) == (AttemptState.MARKED, 300, 500)
    assert result.passed is None
    with database.read() as session:
        marks = reviewing.marks_of(session, attempt_id)
    assert marks == {1: 100, 2: 100, 3: 100, 4: 0, 5: 0}


def test_submitting_again_returns_the_same_result_and_marks_nothing_twice(
    database: Database, hall: Hall, now: datetime
) -> None:
    attempt_id = start(database, hall.member, now)
    first = submit(database, hall.member, attempt_id, now)
    assert submit(database, hall.member, attempt_id, now + timedelta(days=1)) == first
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Mark)) == 5


def test_an_exam_lets_each_member_start_as_often_as_it_says(
    database: Database, hall: Hall, now: datetime
) -> None:
    submit(database, hall.member, start(database, hall.member, now), now)
    with pytest.raises(Conflict, match="no_attempts_left"):
        start(database, hall.member, now)
    start(database, hall.other, now)


def test_a_void_attempt_does_not_count_and_its_number_is_not_given_again(
    database: Database, hall: Hall, now: datetime
) -> None:
    attempt_id = start(database, hall.member, now)
    with database.write() as session:
        voiding.void(session, hall.leader, attempt_id, " 断电 重考 ", now=now)
    again = start(database, hall.member, now)
    with database.read() as session:
        void, fresh = session.get_one(Attempt, attempt_id), session.get_one(Attempt, again)
        assert (void.state, void.void_reason) == (AttemptState.VOID, "断电 重考")
        assert fresh.number == 2


def test_voiding_needs_a_reason_the_scope_and_another_persons_attempt(
    database: Database, hall: Hall, now: datetime
) -> None:
    attempt_id = start(database, hall.member, now)
    theirs = start(database, hall.leader, now)
    away = start(database, hall.stranger, now)
    for actor, which, reason, error in (
        (hall.leader, attempt_id, "  ", Unprocessable),
        (hall.leader, theirs, "理由", Conflict),
        (hall.leader, away, "理由", NotFound),
        (hall.member, attempt_id, "理由", NotFound),
    ):
        with pytest.raises(error), database.write() as session:
            voiding.void(session, actor, which, reason, now=now)


def test_an_exam_for_one_branch_does_not_exist_for_the_others(
    database: Database, hall: Hall, now: datetime
) -> None:
    with database.write() as session:
        exams.exam(session, now, for_=["home"])
    start(database, hall.member, now)
    with pytest.raises(NotFound):
        start(database, hall.stranger, now)


def test_a_draft_and_an_exam_above_the_clearance_do_not_exist(
    database: Database, hall: Hall, now: datetime
) -> None:
    with database.write() as session:
        exams.exam(session, now, exam="draft", state="draft")
        exams.bank(session, "secret", exams.singles(5), now, level=exams.Level.RESTRICTED)
        exams.exam(session, now, exam="high", sections=[{"title": "s", "draw": 1, "from": ["secret"]}])
    for slug in ("draft", "high", "none"):
        with pytest.raises(NotFound):
            start(database, hall.member, now, slug=slug)


def test_an_exam_whose_bank_rises_above_the_clearance_is_gone_at_once(
    database: Database, hall: Hall, now: datetime
) -> None:
    with database.write() as session:
        session.execute(update(Bank).values(level=exams.Level.RESTRICTED))
    with pytest.raises(NotFound):
        start(database, hall.member, now)


def test_statements_per_call(
    database: Database, hall: Hall, now: datetime, count_statements: Callable[[], Any]
) -> None:
    """With the listeners of the scoring room (at most two and four); the session's look-up is one more."""
    warm = start(database, hall.other, now)
    save(database, hall.other, warm, 1, "A", 1, now)
    submit(database, hall.other, warm, now)
    with count_statements() as statements:
        attempt_id = start(database, hall.member, now)
    assert len(statements) <= 9
    with count_statements() as statements:
        save(database, hall.member, attempt_id, 1, "A", 1, now)
    assert len(statements) == 2
    with count_statements() as statements, database.write() as session:
        closing.submit(session, hall.member, attempt_id, Submission(1, {2: Save("A", 1, 1)}), now=now)
    assert len(statements) <= 11
