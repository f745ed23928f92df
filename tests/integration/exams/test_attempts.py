"""A sitting from start to result, on both engines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from studyhub.db.database import Database
from studyhub.exams.attempts import answering, closing, delivery, reviewing, starting, taking_over, voiding
from studyhub.exams.attempts.closing import Submission
from studyhub.exams.attempts.delivery import ClosedAttempt, OpenAttempt
from studyhub.exams.attempts.verification import BrokenJournal, broken_journals
from studyhub.exams.journal import Entry, Outcome, first_break
from studyhub.exams.models import AnswerJournal, Attempt, Mark
from studyhub.exams.saving import Save
from studyhub.exams.states import AttemptState
from studyhub.kernel.errors import Conflict, NotFound, Refused, Unprocessable
from studyhub.organization.actor import Actor
from studyhub.questions.models import Bank
from tests.factories import exams

from .conftest import Hall


def start(database: Database, actor: Actor, now: datetime, *, slug: str = "quiz", seed: int = 7) -> int:
    with database.write() as session:
        return starting.start(session, actor, slug, seed=seed, now=now).attempt_id


def save(
    database: Database,
    actor: Actor,
    attempt_id: int,
    position: int,
    answer: Any,
    seq: int,
    now: datetime,
    *,
    epoch: int = 1,
) -> Outcome:
    """Save as the guard does: a refused save keeps its row."""
    refused: Refused | None = None
    with database.write() as session:
        try:
            return answering.save(
                session, actor, attempt_id, position, Save(answer, epoch, seq), now=now
            ).outcome
        except Refused as error:
            refused = error
    raise refused


def submit(database: Database, actor: Actor, attempt_id: int, now: datetime, **given: Any) -> ClosedAttempt:
    refused: Refused | None = None
    with database.write() as session:
        try:
            closing.submit(session, actor, attempt_id, Submission(**given), now=now)
        except Refused as error:
            refused = error
    if refused is not None:
        raise refused
    with database.read() as session:
        found = delivery.attempt(session, actor, attempt_id, now=now)
    assert isinstance(found, ClosedAttempt)
    return found


def opened(database: Database, actor: Actor, attempt_id: int, now: datetime) -> OpenAttempt:
    with database.read() as session:
        found = delivery.attempt(session, actor, attempt_id, now=now)
    assert isinstance(found, OpenAttempt)
    return found


def right_letter(asked: delivery.Delivered) -> str:
    return "ABCD"[asked.order.index("B")]


def journal(database: Database, attempt_id: int) -> list[AnswerJournal]:
    with database.read() as session:
        chosen = select(AnswerJournal).where(AnswerJournal.attempt_id == attempt_id).order_by(AnswerJournal.n)
        return list(session.scalars(chosen))


def outcomes(database: Database, attempt_id: int) -> list[str]:
    return [row.outcome.value for row in journal(database, attempt_id)]


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


def test_starting_again_returns_the_open_attempt(database: Database, hall: Hall, now: datetime) -> None:
    with database.write() as session:
        first = starting.start(session, hall.member, "quiz", seed=1, now=now)
    with database.write() as session:
        again = starting.start(session, hall.member, "quiz", seed=2, now=now)
    assert first.created
    assert again == starting.Started(first.attempt_id, created=False, opened=None)


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
            session, hall.member, attempt_id, 1, Save("A", 1, 1), now=now + timedelta(minutes=5)
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


def test_past_its_time_an_attempt_is_closed_for_every_reader_before_it_is_marked(
    database: Database, hall: Hall, now: datetime
) -> None:
    attempt_id = start(database, hall.member, now)
    late = now + timedelta(hours=1)
    with database.read() as session:
        found = delivery.attempt(session, hall.member, attempt_id, now=late)
    assert isinstance(found, ClosedAttempt)
    assert (found.state, found.score) == (AttemptState.SUBMITTED, None)


def test_nothing_closes_an_attempt_before_its_time(database: Database, hall: Hall, now: datetime) -> None:
    attempt_id = start(database, hall.member, now)
    with database.write() as session:
        assert not closing.close_expired(session, attempt_id, now=now + timedelta(minutes=30, seconds=30))


def test_starting_again_closes_the_expired_attempt_first(
    database: Database, hall: Hall, now: datetime
) -> None:
    with database.write() as session:
        exams.exam(session, now, attempts=2)
    first = start(database, hall.member, now)
    second = start(database, hall.member, now + timedelta(hours=1))
    with database.read() as session:
        states = session.execute(select(Attempt.number, Attempt.state).order_by(Attempt.number)).all()
    assert second != first
    assert [tuple(row) for row in states] == [(1, AttemptState.MARKED), (2, AttemptState.OPEN)]


def test_taking_over_after_the_time_closes_the_attempt(database: Database, hall: Hall, now: datetime) -> None:
    attempt_id = start(database, hall.member, now)
    with database.write() as session, pytest.raises(Conflict, match="attempt_closed"):
        taking_over.take_over(session, hall.member, attempt_id, now=now + timedelta(hours=1))
    with database.read() as session:
        assert session.get_one(Attempt, attempt_id).state is AttemptState.MARKED


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


def test_extra_time_moves_the_deadline(database: Database, hall: Hall, now: datetime) -> None:
    with database.write() as session:
        exams.operations.extend(session, exams.SYSTEM, "quiz", "m1", 15, now=now)
    attempt_id = start(database, hall.member, now)
    assert opened(database, hall.member, attempt_id, now).deadline_at == now + timedelta(minutes=45)


def test_the_journal_of_an_attempt_is_a_chain_and_a_changed_row_is_found(
    database: Database, hall: Hall, now: datetime
) -> None:
    attempt_id = start(database, hall.member, now)
    for seq, letter in enumerate("ABC", start=1):
        save(database, hall.member, attempt_id, 1, letter, seq, now)
    assert first_break(chain(database, attempt_id)) is None
    with database.write() as session:
        row = session.get_one(AnswerJournal, (attempt_id, 2))
        row.answer = "D"
        session.flush()
    assert first_break(chain(database, attempt_id)) == 2


def test_a_journal_that_was_changed_or_cut_short_is_named(
    database: Database, hall: Hall, now: datetime
) -> None:
    for actor in (hall.member, hall.other, hall.leader):
        attempt_id = start(database, actor, now)
        for seq, letter in enumerate("ABC", start=1):
            save(database, actor, attempt_id, 1, letter, seq, now)
        submit(database, actor, attempt_id, now)
    with database.read() as session:
        assert broken_journals(session) == []
        changed, cut, _ = session.scalars(select(Attempt.id).order_by(Attempt.id)).all()
    with database.write() as session:
        session.get_one(AnswerJournal, (changed, 2)).answer = "D"
        session.delete(session.get_one(AnswerJournal, (cut, 3)))
        session.flush()
    with database.read() as session:
        assert broken_journals(session) == [BrokenJournal(changed, 2), BrokenJournal(cut, 3)]


def chain(database: Database, attempt_id: int) -> list[tuple[Entry, bytes]]:
    return [
        (
            Entry(row.attempt_id, row.n, row.position, row.epoch, row.seq, row.answer, row.outcome, row.at),
            row.digest,
        )
        for row in sorted(journal(database, attempt_id), key=lambda row: row.n)
    ]


def test_the_result_keeps_the_end_of_the_journal(database: Database, hall: Hall, now: datetime) -> None:
    attempt_id = start(database, hall.member, now)
    save(database, hall.member, attempt_id, 1, "A", 1, now)
    submit(database, hall.member, attempt_id, now)
    last = journal(database, attempt_id)[-1]
    with database.read() as session:
        attempt = session.get_one(Attempt, attempt_id)
        assert (attempt.journal_length, attempt.journal_digest) == (last.n, last.digest)


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
