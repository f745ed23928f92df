"""A question whose numbers differ from paper to paper, through a whole sitting."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from studyhub.db.database import Database
from studyhub.exams import papers, queries
from studyhub.exams.attempts import answering, closing, delivery, reviewing, starting
from studyhub.exams.attempts.delivery import Delivered, OpenAttempt
from studyhub.exams.attempts.payload import attempt_payload, review_payload
from studyhub.exams.models import PaperQuestion
from studyhub.exams.saving import Place, Save
from studyhub.organization.actor import SYSTEM, Actor
from studyhub.questions.variants import values_in
from tests.factories import exams

from .conftest import Hall

OPEN = {"score": "submitted", "answers": "submitted", "explanations": "submitted"}


def sitting(database: Database, actor: Actor, now: datetime, seed: int) -> OpenAttempt:
    with database.write() as session:
        started = starting.start(session, actor, "sums", seed=seed, now=now)
    with database.read() as session:
        opened = delivery.attempt(session, actor, started.attempt_id, now=now)
    assert isinstance(opened, OpenAttempt)
    assert started.opened is not None
    payloads = [attempt_payload(each, now, str) for each in (started.opened, opened)]
    assert payloads[0]["questions"] == payloads[1]["questions"]
    return opened


def with_sums(database: Database, now: datetime, **keys: object) -> None:
    with database.write() as session:
        exams.bank(session, "sums", [exams.varying("rice")], now)
        sections = [{"title": "计算", "draw": 1, "from": ["sums"]}]
        exams.exam(session, now, exam="sums", sections=sections, attempts="unlimited", review=OPEN, **keys)


def right(asked: Delivered) -> int:
    question = asked.revision.question
    return int(question.kind.explain(question.content, asked.order, None).key)


def test_what_is_shown_saved_marked_and_reviewed_are_one_papers_numbers(
    database: Database, hall: Hall, now: datetime
) -> None:
    with_sums(database, now)
    shown = set()
    for seed in range(8):
        at = now + timedelta(minutes=seed)
        opened = sitting(database, hall.member, at, seed)
        [asked] = opened.questions
        with database.write() as session:
            layout = session.scalars(
                select(PaperQuestion.layout).where(PaperQuestion.attempt_id == opened.id)
            ).one()
            values = values_in(layout or ())
            product = int(values["n"]) * int(values["m"])
            assert right(asked) == product
            assert f"{values['n']} 箱，每箱 {values['m']} 件" in asked.revision.html["prompt"]
            answering.save(session, hall.member, Place(opened.id, 1), Save(str(product), 1, 1), now=at)
            closing.submit(session, hall.member, opened.id, now=at)
        with database.read() as session:
            review = review_payload(reviewing.review(session, hall.member, opened.id, now=at), str)
        [reviewed] = review["questions"]
        assert (reviewed["mark"], reviewed["key"]) == (1, str(product))
        assert f"{values['n']} × {values['m']} = {product}" in reviewed["explanation_html"]
        assert "{{" not in str(review)
        shown.add(product)
    assert len(shown) > 1


def test_numbers_differ_even_where_options_are_not_shuffled(
    database: Database, hall: Hall, now: datetime
) -> None:
    with_sums(database, now, shuffle={"options": False})
    with database.read() as session:
        plan = queries.blueprint_of(session, queries.exam_to_manage(session, SYSTEM, "sums"))
        drawn = {papers.draw_unstored(session, plan, seed)[0].layout for seed in range(12)}
    assert len(drawn) > 1


def test_a_preview_shows_the_same_numbers_in_question_and_key(
    database: Database, hall: Hall, now: datetime
) -> None:
    with_sums(database, now)
    with database.read() as session:
        plan = queries.blueprint_of(session, queries.exam_to_manage(session, SYSTEM, "sums"))
        preview = papers.preview(session, plan, 5)
    values = values_in(preview.lines[0].layout)
    assert preview.keys[1] == str(int(values["n"]) * int(values["m"]))
    assert f"{values['n']} 箱" in preview.shown[1]["prompt_html"]
