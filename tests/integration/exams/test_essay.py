"""An attempt with an essay: handed in, and without a score until a person has read it."""

from __future__ import annotations

from datetime import datetime

import pytest

from studyhub.db.database import Database
from studyhub.exams import checking
from studyhub.exams.attempts import answering, closing, delivery, reviewing, starting
from studyhub.exams.attempts.payload import attempt_payload, result_payload, review_payload
from studyhub.exams.file.reading import interpret
from studyhub.exams.file.writing import nodes
from studyhub.exams.saving import Place, Save
from studyhub.kernel.errors import Unprocessable
from studyhub.organization.actor import SYSTEM
from tests.factories import exams

from .conftest import Hall

OPEN = {"score": "submitted", "answers": "submitted", "explanations": "submitted"}
SECTIONS = [{"title": "简答", "draw": 2, "from": ["essays"]}]


def start(database: Database, hall: Hall, now: datetime) -> int:
    with database.write() as session:
        exams.bank(session, "essays", [exams.essay("why"), exams.truefalse("true")], now)
        exams.exam(session, now, exam="essays", sections=SECTIONS, review=OPEN, shuffle={"questions": False})
        return starting.start(session, hall.member, "essays", seed=1, now=now).attempt_id


def test_an_essay_that_was_answered_waits_for_a_person(database: Database, hall: Hall, now: datetime) -> None:
    attempt_id = start(database, hall, now)
    with database.write() as session:
        opened = attempt_payload(delivery.attempt(session, hall.member, attempt_id, now=now), now, str)
        [asked, _] = opened["questions"]
        assert (asked["type"], asked["max_chars"]) == ("essay", 200)
        assert "参考" not in str(opened)
        saved = answering.save(
            session, hall.member, Place(attempt_id, 1), Save("因为重要。\r\n因此要学。", 1, 1), now=now
        )
        assert saved.stored.answer == "因为重要。\n因此要学。"
        answering.save(session, hall.member, Place(attempt_id, 2), Save(True, 1, 1), now=now)
        closing.submit(session, hall.member, attempt_id, now=now)
    with database.read() as session:
        closed = delivery.attempt(session, hall.member, attempt_id, now=now)
        assert isinstance(closed, delivery.ClosedAttempt)
        result = result_payload(closed)
        assert result["state"] == "submitted"
        assert "score" not in result
        review = review_payload(reviewing.review(session, hall.member, attempt_id, now=now), str)
    [essay, verdict] = review["questions"]
    assert "mark" not in essay
    assert verdict["mark"] == 1
    assert essay["rubric"] == [{"html": "说明理由", "points": 3}, {"html": "举一例", "points": 2}]
    assert "参考答案" in essay["model_answer_html"]


def test_an_essay_that_was_left_out_waits_for_nobody(database: Database, hall: Hall, now: datetime) -> None:
    attempt_id = start(database, hall, now)
    with database.write() as session:
        answering.save(session, hall.member, Place(attempt_id, 2), Save(True, 1, 1), now=now)
        closing.submit(session, hall.member, attempt_id, now=now)
        closed = delivery.attempt(session, hall.member, attempt_id, now=now)
    assert isinstance(closed, delivery.ClosedAttempt)
    assert result_payload(closed)["score"] == 1


def test_a_text_beyond_the_limit_is_refused_and_kept_in_the_journal(
    database: Database, hall: Hall, now: datetime
) -> None:
    attempt_id = start(database, hall, now)
    with database.write() as session, pytest.raises(Unprocessable, match="bad_answer"):
        answering.save(session, hall.member, Place(attempt_id, 1), Save("长" * 201, 1, 1), now=now)


def test_a_text_may_speak_of_nul_but_not_hold_it(database: Database, hall: Hall, now: datetime) -> None:
    attempt_id = start(database, hall, now)
    place = Place(attempt_id, 1)
    with database.write() as session:
        told = answering.save(session, hall.member, place, Save(r"\u0000 and \\u0000", 1, 1), now=now)
        with pytest.raises(Unprocessable, match="bad_answer"):
            answering.save(session, hall.member, place, Save("\\\0", 1, 2), now=now)
    assert told.stored.answer == r"\u0000 and \\u0000"


@pytest.mark.parametrize(
    ("section", "codes"),
    [
        ({}, ["marked_by_a_person"]),
        ({"where": {"type": "essay"}, "draw": 1}, ["marked_by_a_person"]),
        ({"where": {"type": "truefalse"}, "draw": 1}, []),
    ],
)
def test_whoever_sets_an_exam_that_can_draw_essays_is_told(
    database: Database, hall: Hall, now: datetime, section: dict[str, object], codes: list[str]
) -> None:
    start(database, hall, now)
    document = {"exam": "x", "title": "x", "minutes": 30, "sections": [SECTIONS[0] | section]}
    with database.read() as session:
        text = interpret(nodes(document), exams.ZONE)
        faults = checking.check(session, SYSTEM, text).faults
    assert [fault.code for fault in faults if fault.code != "review_never_opens"] == codes
    assert not any(fault.is_error for fault in faults)
