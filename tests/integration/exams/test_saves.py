"""What becomes of each save, in time and late, from the right page and from others."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from studyhub.db.database import Database
from studyhub.exams.attempts import answering, taking_over
from studyhub.exams.journal import Outcome
from studyhub.exams.saving import Place, Save
from studyhub.exams.states import AttemptState
from studyhub.kernel.errors import Conflict, NotFound, Unprocessable

from .conftest import Hall
from .sitting import journal, opened, outcomes, right_letter, save, start, submit


def test_every_outcome_of_a_save_and_each_is_in_the_journal(
    database: Database, hall: Hall, now: datetime
) -> None:
    attempt_id = start(database, hall.member, now)

    def put(answer: Any, seq: int, epoch: int = 1, at: datetime = now) -> Outcome:
        return save(database, hall.member, attempt_id, 1, answer, seq, at, epoch=epoch)

    assert put("A", 2) is Outcome.SAVED
    assert put("A", 2) is Outcome.DUPLICATE
    assert put("B", 1) is Outcome.SUPERSEDED
    with pytest.raises(Conflict, match="conflict"):
        put("B", 2)
    with pytest.raises(Conflict, match="taken_over"):
        put("B", 3, epoch=2)
    with pytest.raises(Unprocessable, match="bad_answer"):
        put("Z", 3)
    with pytest.raises(Unprocessable, match="bad_answer"):
        put("\ud800", 3)
    assert put(None, 3) is Outcome.SAVED
    late = now + timedelta(minutes=30, seconds=31)
    assert put(None, 3, at=late) is Outcome.DUPLICATE
    with pytest.raises(Conflict, match="attempt_closed"):
        put("B", 4, at=late)
    assert outcomes(database, attempt_id) == [
        "saved",
        "duplicate",
        "superseded",
        "conflict",
        "taken_over",
        "bad_answer",
        "bad_answer",
        "saved",
        "duplicate",
        "attempt_closed",
    ]


def test_a_duplicate_is_answered_with_the_moment_of_the_first(
    database: Database, hall: Hall, now: datetime
) -> None:
    attempt_id = start(database, hall.member, now)
    save(database, hall.member, attempt_id, 1, "A", 1, now)
    with database.write() as session:
        again = answering.save(
            session, hall.member, Place(attempt_id, 1), Save("A", 1, 1), now=now + timedelta(minutes=5)
        )
    assert again.stored.saved_at == now


def test_a_save_is_taken_until_the_last_moment_of_grace(
    database: Database, hall: Hall, now: datetime
) -> None:
    attempt_id = start(database, hall.member, now)
    last = now + timedelta(minutes=30, seconds=30)
    assert save(database, hall.member, attempt_id, 1, "A", 1, last) is Outcome.SAVED
    with pytest.raises(Conflict, match="attempt_closed"):
        save(database, hall.member, attempt_id, 2, "A", 1, last + timedelta(microseconds=1))


def test_nobody_else_can_save_see_submit_or_take_over(database: Database, hall: Hall, now: datetime) -> None:
    attempt_id = start(database, hall.member, now)
    with pytest.raises(NotFound):
        save(database, hall.other, attempt_id, 1, "A", 1, now)
    with pytest.raises(NotFound):
        opened(database, hall.other, attempt_id, now)
    with pytest.raises(NotFound):
        submit(database, hall.leader, attempt_id, now)
    with pytest.raises(NotFound), database.write() as session:
        taking_over.take_over(session, hall.other, attempt_id, now=now)
    assert journal(database, attempt_id) == []


def test_a_position_that_the_paper_does_not_have_is_not_found(
    database: Database, hall: Hall, now: datetime
) -> None:
    attempt_id = start(database, hall.member, now)
    with pytest.raises(NotFound):
        save(database, hall.member, attempt_id, 6, "A", 1, now)


def test_after_a_take_over_the_old_page_is_refused_and_the_new_one_goes_on(
    database: Database, hall: Hall, now: datetime
) -> None:
    attempt_id = start(database, hall.member, now)
    save(database, hall.member, attempt_id, 1, "A", 1, now)
    with database.write() as session:
        epoch = taking_over.take_over(session, hall.member, attempt_id, now=now)
    assert epoch == opened(database, hall.member, attempt_id, now).epoch == 2
    with pytest.raises(Conflict, match="taken_over"):
        save(database, hall.member, attempt_id, 1, "B", 2, now, epoch=1)
    assert save(database, hall.member, attempt_id, 1, "C", 2, now, epoch=2) is Outcome.SAVED


def test_answers_that_come_with_the_submit_are_saved_and_marked(
    database: Database, hall: Hall, now: datetime
) -> None:
    attempt_id = start(database, hall.member, now)
    paper = opened(database, hall.member, attempt_id, now).questions
    save(database, hall.member, attempt_id, 1, "A", 1, now)
    given = {asked.position: Save(right_letter(asked), 1, 2) for asked in paper}
    assert submit(database, hall.member, attempt_id, now, epoch=1, answers=given).score == 500
    again = submit(database, hall.member, attempt_id, now, epoch=1, answers=given)
    assert again.score == 500
    assert outcomes(database, attempt_id) == ["saved"] + ["saved"] * 5 + ["duplicate"] * 5


def test_a_submit_from_a_stale_page_leaves_the_attempt_open_and_its_answers_in_the_journal(
    database: Database, hall: Hall, now: datetime
) -> None:
    attempt_id = start(database, hall.member, now)
    with database.write() as session:
        taking_over.take_over(session, hall.member, attempt_id, now=now)
    with pytest.raises(Conflict, match="taken_over"):
        submit(database, hall.member, attempt_id, now, epoch=1, answers={1: Save("A", 1, 1)})
    with pytest.raises(Conflict, match="taken_over"):
        submit(database, hall.member, attempt_id, now, epoch=1)
    assert opened(database, hall.member, attempt_id, now).answers == {}
    assert outcomes(database, attempt_id) == ["taken_over"]
    assert submit(database, hall.member, attempt_id, now).state is AttemptState.MARKED


def test_a_malformed_answer_in_a_submit_keeps_the_attempt_open_and_the_others_saved(
    database: Database, hall: Hall, now: datetime
) -> None:
    attempt_id = start(database, hall.member, now)
    given = {1: Save("A", 1, 1), 2: Save(["A"], 1, 1)}
    with pytest.raises(Unprocessable, match="bad_answer"):
        submit(database, hall.member, attempt_id, now, epoch=1, answers=given)
    assert set(opened(database, hall.member, attempt_id, now).answers) == {1}


def test_answers_that_come_after_the_time_are_in_the_journal_and_not_in_the_result(
    database: Database, hall: Hall, now: datetime
) -> None:
    attempt_id = start(database, hall.member, now)
    paper = opened(database, hall.member, attempt_id, now).questions
    late = now + timedelta(hours=1)
    result = submit(
        database, hall.member, attempt_id, late, epoch=1, answers={1: Save(right_letter(paper[0]), 1, 1)}
    )
    assert (result.state, result.score) == (AttemptState.MARKED, 0)
    assert result.submitted_at == now + timedelta(minutes=30)
    assert outcomes(database, attempt_id) == ["attempt_closed"]
