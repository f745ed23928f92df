"""A passage through import, draw and a sitting: drawn as one, answered and marked question by question."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from studyhub.db.database import Database
from studyhub.exams import papers, queries
from studyhub.exams.attempts import closing, delivery, reviewing, starting
from studyhub.exams.attempts.closing import Submission
from studyhub.exams.attempts.payload import attempt_payload, review_payload
from studyhub.exams.feasibility import problems
from studyhub.exams.models import Mark, PaperQuestion
from studyhub.exams.papers import Line
from studyhub.exams.pool import prepare
from studyhub.exams.saving import Save
from studyhub.kernel.errors import Unprocessable
from studyhub.organization.actor import SYSTEM
from studyhub.questions import queries as banks
from studyhub.questions.models import Question, QuestionRevision
from tests.factories import exams
from tests.factories.questions import file_text, import_bank

from .conftest import Hall

OPEN = {"score": "submitted", "answers": "submitted", "explanations": "submitted"}


def with_exam(database: Database, now: datetime, **section: Any) -> None:
    made = [exams.passage("one"), exams.passage("two"), *exams.singles(6)]
    whole = {"title": "综合", "draw": 4, "from": ["mixed"], **section}
    with database.write() as session:
        exams.bank(session, "mixed", made, now)
        exams.exam(session, now, exam="mixed", sections=[whole], review=OPEN)


def drawn(database: Database, seed: int) -> list[Line]:
    with database.read() as session:
        plan = queries.blueprint_of(session, queries.exam_to_manage(session, SYSTEM, "mixed"))
        return papers.draw_unstored(session, plan, seed)


def names(lines: list[Line]) -> list[str]:
    return [line.candidate.ref.id for line in lines]


def test_a_passage_counts_as_one_and_its_questions_stay_together_in_their_order(
    database: Database, hall: Hall, now: datetime
) -> None:
    with_exam(database, now, must=["two"], points=2)
    for seed in range(12):
        lines = drawn(database, seed)
        ids = names(lines)
        at = ids.index("two/choice")
        assert ids[at : at + 3] == ["two/choice", "two/sum", "two/verdict"]
        passages = {name.split("/")[0] for name in ids if "/" in name}
        assert len([name for name in ids if "/" not in name]) + len(passages) == 4
        assert "two" not in ids
        assert [line.position for line in lines] == list(range(1, len(lines) + 1))
        assert {line.points for line in lines} == {200}
        # each question of the passage has its own facility: 0.65, though the passage is hard
        assert papers.expected_score(lines) == len(lines) * 130
    assert drawn(database, 3) == drawn(database, 3)


def test_filters_and_mixes_are_about_the_passage(database: Database, hall: Hall, now: datetime) -> None:
    with_exam(database, now, draw=2, where={"type": "passage"}, mix={"hard": "100%"})
    assert len(drawn(database, 1)) == 6
    with database.read() as session:
        plan = queries.blueprint_of(session, queries.exam_to_manage(session, SYSTEM, "mixed"))
        offered = papers.candidates(session, ["mixed"])
        assert {candidate.type for candidate in offered} == {"single", "passage"}
        assert problems(plan.sections, prepare(plan.sections, offered)) == []


def test_more_passages_than_there_are_cannot_be_drawn(database: Database, hall: Hall, now: datetime) -> None:
    with pytest.raises(Unprocessable, match="exam_has_faults"):
        with_exam(database, now, draw=3, where={"type": "passage"})


def right_answers(opened: delivery.OpenAttempt) -> Mapping[int, Save]:
    keys = {
        asked.position: asked.revision.question.kind.explain(
            asked.revision.question.content, asked.order, None
        ).key
        for asked in opened.questions
    }
    return {position: Save(key, 1, 1) for position, key in keys.items()}


def test_each_question_is_answered_marked_and_reviewed_by_itself(
    database: Database, hall: Hall, now: datetime
) -> None:
    with_exam(database, now, draw=1, must=["one"])
    with database.write() as session:
        started = starting.start(session, hall.member, "mixed", seed=4, now=now)
        opened = delivery.attempt(session, hall.member, started.attempt_id, now=now)
        assert isinstance(opened, delivery.OpenAttempt)
        assert started.opened is not None
        fresh, again = (attempt_payload(each, now, str) for each in (started.opened, opened))
        assert fresh["questions"] == again["questions"]
        groups = [asked["group"] for asked in again["questions"]]
        assert [asked["type"] for asked in again["questions"]] == ["single", "number", "truefalse"]
        assert len({group["key"] for group in groups}) == 1
        assert "<strong>one</strong>" in groups[0]["html"]
        answers = dict(right_answers(opened))
        answers[3] = Save(False, 1, 1)
        closing.submit(session, hall.member, opened.id, Submission(1, answers), now=now)
    with database.read() as session:
        review = review_payload(reviewing.review(session, hall.member, opened.id, now=now), str)
        assert [each["mark"] for each in review["questions"]] == [1, 1, 0]
        assert (review["score"], review["max_score"]) == (2, 3)
        assert review["questions"][0]["group"]["key"] == groups[0]["key"]
        assert "材料的解析" in review["questions"][0]["group"]["explanation_html"]
        assert "材料的解析" not in str(fresh)
        marks = session.scalars(select(Mark.points).order_by(Mark.position)).all()
        assert list(marks) == [100, 100, 0]
        asked = (
            select(Question.slug)
            .join(QuestionRevision, QuestionRevision.question_id == Question.id)
            .join(PaperQuestion, PaperQuestion.revision_id == QuestionRevision.id)
            .order_by(PaperQuestion.position)
        )
        assert session.scalars(asked).all() == ["one/choice", "one/sum", "one/verdict"]


TEXT = """
  - id: reading
    type: passage
    prompt: 材料
    questions:
      - {id: first, type: truefalse, prompt: 对吗？, answer: true, explanation: 解析}
      - {id: second, type: truefalse, prompt: 错吗？, answer: false, explanation: 解析}
"""
OTHER = "  - {id: last, type: truefalse, prompt: 最后一题？, answer: true, explanation: 解析}\n"


def in_force(database: Database) -> dict[str, tuple[int, int]]:
    """Revision number and question id of each question of the passage, as a draw finds them."""
    with database.read() as session:
        offered = banks.drawable(session, ["mixed"])
        parts = [part for row in offered for part in row.parts]
        revisions = {part.slug: session.get_one(QuestionRevision, part.revision_id) for part in parts}
        return {slug: (revision.number, revision.question_id) for slug, revision in revisions.items()}


def test_an_import_writes_changes_and_retires_the_questions_with_their_passage(
    database: Database, hall: Hall, now: datetime
) -> None:
    def plan_of(questions: str) -> dict[str, Any]:
        return import_bank(database, file_text("mixed", questions), now).plan.counts

    first = plan_of(TEXT + OTHER)
    assert (first["created"], first["questions"]) == (2, 2)
    before = in_force(database)
    assert before == {
        "reading/first": (1, before["reading/first"][1]),
        "reading/second": (1, before["reading/second"][1]),
    }
    assert plan_of(TEXT + OTHER)["unchanged"] == 2

    changed = plan_of(TEXT.replace("prompt: 材料", "prompt: 新材料") + OTHER)
    assert (changed["changed"], changed["key_changed"]) == (1, 0)
    after = in_force(database)
    # A new revision of the same questions: their text is part of what a paper shows.
    assert after == {name: (2, question) for name, (_, question) in before.items()}

    fewer = TEXT.split("      - {id: second", maxsplit=1)[0]
    assert plan_of(fewer + OTHER)["key_changed"] == 1
    assert set(in_force(database)) == {"reading/first"}
    assert plan_of(OTHER)["retired"] == 1
    assert in_force(database) == {}
    back = plan_of(TEXT + OTHER)
    assert back["brought_back"] == 1
    assert {question for _, question in in_force(database).values()} == {q for _, q in before.values()}


def test_the_bank_is_exported_as_it_came(database: Database, hall: Hall, now: datetime) -> None:
    prepared = import_bank(database, file_text("mixed", TEXT + OTHER), now)
    with database.read() as session:
        assert banks.whole_bank(session, "mixed") == prepared.bank
