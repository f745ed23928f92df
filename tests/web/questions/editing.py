"""A bank of two questions, and the editor of the first as it is filled in."""

from __future__ import annotations

from typing import Any

from studyhub.questions.bank import Question
from studyhub.questions.editor import question_form
from tests.factories.questions import file_text, singles

TWO = file_text("cyber", singles(["q1", "q2"]))
QUESTION = "/admin/banks/cyber/questions/q1"
EDIT = f"{QUESTION}/edit"
Q1 = {
    "id": "q1", "type": "single", "prompt": "下列哪一项属于q1？", "explanation": "见第q1条。", "answer": "B",
    "options": {"A": "甲项q1", "B": "乙项", "C": "丙项", "D": "丁项"},
}  # fmt: skip


def filled(written: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """The fields of a question, some of them changed."""
    return {**question_form.values_of(Question.stored(written).written), **changed}
