"""What a change of keys touches: the open and the past papers that hold the questions."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from studyhub.db.database import Database
from studyhub.exams.attempts import closing, starting, voiding
from studyhub.exams.attempts.closing import Submission
from studyhub.exams.models import PaperQuestion
from studyhub.kernel.events import PapersAsked, PapersFound, ask
from studyhub.organization.actor import SYSTEM
from studyhub.questions import touching
from studyhub.questions.models import Question, QuestionRevision
from tests.factories import exams
from tests.factories.questions import file_text, plan, singles

from .conftest import Hall


def touched(database: Database, names: list[str], now: datetime) -> PapersFound:
    with database.read() as session:
        return touching.of_questions(session, "bank", names, now)


def every(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.scalars(select(Question.slug)))


def sit(database: Database, hall: Hall, now: datetime, slug: str = "quiz") -> int:
    with database.write() as session:
        return starting.start(session, hall.member, slug, seed=7, now=now).attempt_id


def hand_in(database: Database, hall: Hall, attempt_id: int, now: datetime) -> None:
    with database.write() as session:
        closing.submit(session, hall.member, attempt_id, Submission(1, {}), now=now)


def test_without_papers_nothing_is_touched(database: Database, hall: Hall, now: datetime) -> None:
    assert touched(database, every(database), now) == PapersFound()
    assert touched(database, [], now) == PapersFound()


def test_an_open_attempt_is_one_until_its_time_is_over(database: Database, hall: Hall, now: datetime) -> None:
    sit(database, hall, now)
    assert touched(database, every(database), now) == PapersFound(1, 0, 0)
    assert touched(database, every(database), now + timedelta(hours=1)) == PapersFound(0, 1, 1)


def test_two_attempts_at_one_exam_are_one_result(database: Database, hall: Hall, now: datetime) -> None:
    with database.write() as session:
        exams.exam(session, now, exam="twice", attempts=2)
    for minute in (0, 1):
        at = now + timedelta(minutes=minute)
        hand_in(database, hall, sit(database, hall, at, "twice"), at)
    assert touched(database, every(database), now) == PapersFound(0, 2, 1)


def test_only_papers_that_hold_one_of_the_questions_count(
    database: Database, hall: Hall, now: datetime
) -> None:
    attempt_id = sit(database, hall, now)
    with database.read() as session:
        on_paper = (
            select(Question.slug)
            .join(QuestionRevision, QuestionRevision.question_id == Question.id)
            .join(PaperQuestion, PaperQuestion.revision_id == QuestionRevision.id)
            .where(PaperQuestion.attempt_id == attempt_id)
        )
        drawn = set(session.scalars(on_paper))
    absent = sorted(set(every(database)) - drawn)
    assert touched(database, absent, now) == PapersFound()
    assert touched(database, [*absent, min(drawn)], now) == PapersFound(1, 0, 0)


def test_a_void_attempt_is_out_of_this_count_as_of_every_other(
    database: Database, hall: Hall, now: datetime
) -> None:
    attempt_id = sit(database, hall, now)
    hand_in(database, hall, attempt_id, now)
    with database.write() as session:
        voiding.void(session, hall.leader, attempt_id, "泄题", now=now)
    assert touched(database, every(database), now) == PapersFound()


def test_a_plan_says_what_its_changed_keys_and_its_retired_questions_touch(
    database: Database, hall: Hall, now: datetime
) -> None:
    sit(database, hall, now)
    new = plan(database, file_text("bank", singles(["another"])), now).plan
    with database.read() as session:
        touches = touching.of_plan(session, SYSTEM, new, now)
    assert touches.key_changed == PapersFound()
    assert touches.retired == PapersFound(1, 0, 0)
    assert touches.as_json["retired"] == {"open_attempts": 1, "past_attempts": 0, "results": 0}


def test_where_no_room_has_papers_none_are_found(database: Database, now: datetime) -> None:
    alone = Database(database.url.render_as_string(hide_password=False))
    with alone.read() as session:
        assert ask(session, PapersAsked(now, (1,))) == []
        assert touching.of_questions(session, "bank", ["q"], now) == PapersFound()
    alone.dispose()
