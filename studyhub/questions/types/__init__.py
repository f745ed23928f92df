"""The question types that there are. A new type is one file, and one line here."""

from __future__ import annotations

from typing import Any

from studyhub.questions.types.base import Answer, BadAnswer, Explanation, Order, QuestionType
from studyhub.questions.types.blank import Blank
from studyhub.questions.types.essay import Writing
from studyhub.questions.types.match import Match
from studyhub.questions.types.multiple import Multiple
from studyhub.questions.types.number import Numeric
from studyhub.questions.types.order import Ordering
from studyhub.questions.types.passage import Passage
from studyhub.questions.types.single import Single
from studyhub.questions.types.truefalse import TrueFalse

TYPES: dict[str, QuestionType[Any]] = {
    kind.name: kind
    for kind in (
        Single(),
        Multiple(),
        TrueFalse(),
        Blank(),
        Numeric(),
        Match(),
        Ordering(),
        Writing(),
        Passage(),
    )
}

__all__ = ["TYPES", "Answer", "BadAnswer", "Explanation", "Order", "QuestionType"]
