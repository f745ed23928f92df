"""Attempts as JSON: the shapes of the interface, which the pages render from as well."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from studyhub.exams.attempts.available import VisibleExam
from studyhub.exams.attempts.delivery import ClosedAttempt, OpenAttempt
from studyhub.exams.attempts.reviewing import Review, Reviewed
from studyhub.exams.papers import Delivered
from studyhub.exams.saving import Stored
from studyhub.kernel.points import Points, to_number
from studyhub.questions.presentation import good_answer, group_of, shown

PrintedRule = Callable[[str], str]
"""The sentence of a marking rule's code, in the reader's language."""


def exam_payload(exam: VisibleExam) -> dict[str, Any]:
    """An exam as it stands for a member."""
    questions, points = exam.extent.questions, exam.extent.points
    return {
        "slug": exam.slug,
        "title": exam.title,
        "state": exam.state.value,
        "opens_at": exam.opens_at.isoformat() if exam.opens_at else None,
        "closes_at": exam.closes_at.isoformat() if exam.closes_at else None,
        "minutes": exam.minutes,
        "attempts_left": exam.attempts_left,
        "attempt_id": exam.attempt_id,
        "questions": {"least": questions.least, "most": questions.most},
        "max_score": {"least": to_number(Points(points.least)), "most": to_number(Points(points.most))},
    }


def attempt_payload(attempt: OpenAttempt | ClosedAttempt, now: datetime, rule: PrintedRule) -> dict[str, Any]:
    """An open attempt with its questions and answers, a closed one with its result."""
    if isinstance(attempt, ClosedAttempt):
        return result_payload(attempt)
    rule = cache(rule)  # twenty questions have a handful of rules
    return {
        "id": attempt.id,
        "exam": attempt.exam,
        "title": attempt.title,
        "number": attempt.number,
        "state": "open",
        "started_at": attempt.started_at.isoformat(),
        "deadline_at": attempt.deadline_at.isoformat(),
        "accept_until": attempt.accept_until.isoformat(),
        "server_now": now.isoformat(),
        "epoch": attempt.epoch,
        "sections": [{"title": title} for title in attempt.sections],
        "questions": [question_payload(asked, rule) for asked in attempt.questions],
        "answers": answers_payload(attempt.answers),
    }


def question_payload(asked: Delivered, rule: PrintedRule) -> dict[str, Any]:
    """A question on a paper, without anything that tells its key."""
    return {
        "position": asked.position,
        "section": asked.section,
        "points": to_number(asked.points),
        "rule": rule(asked.rule),
        "rule_code": asked.rule,
        "group": group_of(asked.revision),
        **shown(asked.revision, asked.order),
    }


def answers_payload(answers: Mapping[int, Stored]) -> dict[str, Any]:
    """What is stored, by position."""
    return {
        str(position): {
            "answer": stored.answer,
            "seq": stored.seq,
            "saved_at": stored.saved_at.isoformat(),
        }
        for position, stored in sorted(answers.items())
    }


def result_payload(closed: ClosedAttempt) -> dict[str, Any]:
    """A closed attempt. What the review policy hides is absent."""
    result: dict[str, Any] = {
        "id": closed.id,
        "exam": closed.exam,
        "title": closed.title,
        "number": closed.number,
        "state": closed.state.value,
        "submitted_at": closed.submitted_at.isoformat() if closed.submitted_at else None,
        "review": {
            "available": closed.released.review,
            "available_at": closed.review_available_at.isoformat() if closed.review_available_at else None,
        },
    }
    if closed.void_reason is not None:
        result["void_reason"] = closed.void_reason
    if closed.released.score and closed.score is not None:
        result |= {
            "score": to_number(closed.score),
            "max_score": to_number(closed.max_score),
            "passed": closed.passed,
        }
    return result


def review_payload(review: Review, rule: PrintedRule) -> dict[str, Any]:
    """The paper again, with what is released of key, marks and explanations."""
    rule = cache(rule)
    return {
        **result_payload(review.attempt),
        "sections": [{"title": title} for title in review.sections],
        "questions": [_reviewed_payload(each, rule) for each in review.questions],
    }


def _reviewed_payload(each: Reviewed, rule: PrintedRule) -> dict[str, Any]:
    reviewed = {**question_payload(each.asked, rule), "answer": each.answer}
    if each.mark is not None:
        reviewed["mark"] = to_number(each.mark)
    if each.key_shown:
        reviewed |= {
            "key": each.explanation.key,
            "parts": list(each.explanation.parts),
            "accepted": [list(texts) for texts in each.explanation.accepted],
            "tolerance": each.explanation.tolerance,
            **good_answer(each.asked.revision),
        }
    if each.explanation_shown:
        html = each.asked.revision.html
        feedback = each.explanation.feedback or {}
        if not each.key_shown:  # the feedback of an option that was not chosen would tell that it is right
            feedback = {letter: key for letter, key in feedback.items() if letter in (each.answer or ())}
        reviewed["explanation_html"] = html.get("explanation", "")
        if reviewed["group"] and "material.explanation" in html:
            reviewed["group"]["explanation_html"] = html["material.explanation"]
        reviewed["feedback"] = {letter: html[f"feedback.{key}"] for letter, key in feedback.items()}
    return reviewed
