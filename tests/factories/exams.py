"""Banks and exams for tests, made straight in the tables and through the engine."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from studyhub.exams import checking, operations
from studyhub.exams.file.reading import interpret
from studyhub.exams.file.writing import nodes
from studyhub.exams.operations import ExtraTime, StoredExam
from studyhub.organization.actor import SYSTEM, Actor
from studyhub.organization.states import Level
from studyhub.questions.bank import Question
from studyhub.questions.models import Bank, BankChange, QuestionRevision
from studyhub.questions.models import Question as QuestionRow
from studyhub.questions.rendering import render
from studyhub.questions.revisions import part_html
from studyhub.questions.searching import words_of
from studyhub.questions.states import ChangeKind

ZONE = ZoneInfo("Asia/Shanghai")


def single(name: str, *, difficulty: str = "medium", tags: Sequence[str] = ()) -> dict[str, Any]:
    """A single choice as the bank file writes it; B is right."""
    return {
        "id": name,
        "type": "single",
        "prompt": f"题目 {name}",
        "options": {"A": "甲", "B": "乙", "C": "丙", "D": {"text": "丁", "feedback": "丁的反馈"}},
        "answer": "B",
        "explanation": f"解析 {name}",
        "difficulty": difficulty,
        "tags": list(tags),
    }


def multiple(name: str, *, marking: str = "under_share") -> dict[str, Any]:
    """A multiple choice; A and C are right."""
    return {
        "id": name,
        "type": "multiple",
        "prompt": f"多选 {name}",
        "options": {"A": "甲", "B": "乙", "C": "丙", "D": "丁"},
        "answer": ["A", "C"],
        "marking": marking,
    }


def truefalse(name: str) -> dict[str, Any]:
    return {"id": name, "type": "truefalse", "prompt": f"判断 {name}", "answer": True}


def blank(name: str) -> dict[str, Any]:
    return {"id": name, "type": "blank", "prompt": "填 [[1]] 和 [[2]]", "answer": [["一"], ["二", "贰"]]}


def number(name: str) -> dict[str, Any]:
    return {
        "id": name,
        "type": "number",
        "prompt": f"数值 {name}",
        "answer": "3.14",
        "tolerance": "0.01",
        "unit": "米",
    }


def essay(name: str) -> dict[str, Any]:
    """Worth 5 points by its rubric."""
    return {
        "id": name,
        "type": "essay",
        "prompt": f"简答 {name}",
        "points": "5",
        "rubric": [{"for": "说明理由", "points": "3"}, {"for": "举一例", "points": "2"}],
        "model_answer": "参考答案",
        "max_chars": 200,
    }


def passage(name: str) -> dict[str, Any]:
    """A text with a single choice (B is right), a sum of its own numbers, and a verdict."""
    parts = [single("choice"), varying("sum"), truefalse("verdict")]
    return {
        "id": name,
        "type": "passage",
        "prompt": f"材料 **{name}**",
        "explanation": "材料的解析",
        "difficulty": "hard",
        "questions": parts,
    }


def varying(name: str) -> dict[str, Any]:
    """A product of two numbers that differ from paper to paper; the explanation names it."""
    return {
        "id": name,
        "type": "number",
        "prompt": "{{n}} 箱，每箱 {{m}} 件，共 **几** 件？",
        "variables": {"n": {"from": "2", "to": "9"}, "m": {"choose": ["10", "20"]}},
        "answer": "{{n*m}}",
        "explanation": "{{n}} × {{m}} = {{n*m}}",
    }


def match(name: str) -> dict[str, Any]:
    """Three pairs and a distractor."""
    return {
        "id": name,
        "type": "match",
        "prompt": f"连线 {name}",
        "pairs": {"左一": "右一", "左二": "右二", "左三": "右三"},
        "distractors": ["右外"],
    }


def order(name: str, *, marking: str = "exact") -> dict[str, Any]:
    """Four items in their order."""
    return {
        "id": name,
        "type": "order",
        "prompt": f"排序 {name}",
        "items": ["先", "次", "再", "末"],
        "marking": marking,
    }


def singles(count: int) -> list[dict[str, Any]]:
    return [single(f"q{n}") for n in range(count)]


def bank(
    session: Session,
    slug: str,
    questions: Sequence[dict[str, Any]],
    now: datetime,
    *,
    level: Level = Level.INTERNAL,
) -> Bank:
    """A bank in force, at version 1, with these questions as the bank file writes them."""
    made = Bank(
        slug=slug,
        title=f"题库 {slug}",
        language="zh",
        level=level,
        source={},
        version=1,
        question_count=len(questions),
        created_at=now,
        changed_at=now,
    )
    session.add(made)
    session.flush()
    rows = [QuestionRow(bank_id=made.id, slug=written["id"]) for written in questions]
    session.add_all(rows)
    session.flush()
    for place, (row, written) in enumerate(zip(rows, questions, strict=True)):
        question = Question.stored(written)
        html = render(question)
        session.add(_revision(row, place, question, html, now))
        for n, part in enumerate(question.parts, 1):
            part_row = QuestionRow(bank_id=made.id, slug=part.name)
            session.add(part_row)
            session.flush()
            revision = _revision(part_row, n, part, part_html(html, part.id), now)
            revision.passage_id = row.id
            session.add(revision)
    session.add(_first_change(made, now))
    session.flush()
    return made


def _first_change(made: Bank, now: datetime) -> BankChange:
    return BankChange(
        bank_id=made.id,
        version=1,
        kind=ChangeKind.IMPORT,
        file_name=f"{made.slug}.yaml",
        made_by=None,
        made_at=now,
        created=made.question_count,
        changed=0,
        retired=0,
    )


def _revision(
    row: QuestionRow, place: int, question: Question, html: dict[str, str], now: datetime
) -> QuestionRevision:
    return QuestionRevision(
        question_id=row.id,
        bank_id=row.bank_id,
        number=1,
        since_version=1,
        place=place,
        type=question.type,
        points=question.points,
        facility=question.facility,
        tags=list(question.tags),
        retired=False,
        prompt=question.prompt,
        content=json.dumps(question.kept, ensure_ascii=False),
        html=html,
        digest=question.digest,
        key_digest=question.key_digest,
        review_digest=question.review_digest,
        words=words_of(question, html),
        explained=question.is_explained,
        review_by=question.review_by,
        created_at=now,
    )


def exam(session: Session, now: datetime, *, actor: Actor = SYSTEM, **keys: Any) -> StoredExam:
    """An exam with the keys of the exam file: by default 5 of the bank `bank`, 30 minutes, published."""
    document = {
        "exam": "quiz",
        "title": "季度测试",
        "minutes": 30,
        "sections": [{"title": "单选", "draw": 5, "from": ["bank"]}],
        **keys,
    }
    written = {key.rstrip("_"): value for key, value in document.items()}
    checked = checking.check(session, actor, interpret(nodes(written), ZONE))
    return operations.store(session, actor, checked, now=now)


def extra_time(session: Session, member_no: str, minutes: int, now: datetime) -> None:
    """Extra time in the exam `quiz`."""
    operations.extend(session, SYSTEM, "quiz", ExtraTime(member_no, minutes), now=now)
