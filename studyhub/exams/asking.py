"""A question of a paper (`variants.as_drawn`) and its type: what it accepts, and what an answer gets."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from studyhub.questions.revisions import Revision
from studyhub.questions.types import Explanation, Order


def accept(revision: Revision, order: Order, raw: Any) -> Any:
    """The answer in its one spelling. Raises BadAnswer for one that the question cannot have."""
    return revision.question.kind.accept(revision.question.content, order, raw)


def rate(revision: Revision, order: Order, answer: Any) -> Fraction | None:
    """Which part of the points the answer is worth; None: a person must say."""
    return revision.question.kind.mark(revision.question.content, order, answer)


def rule(revision: Revision) -> str:
    """The code of the marking rule that is printed on the paper."""
    return revision.question.kind.rule(revision.question.content)


def explain(revision: Revision, order: Order, answer: Any) -> Explanation:
    """What was right, in the letters that this member saw."""
    return revision.question.kind.explain(revision.question.content, order, answer)


def is_answered(revision: Revision, answer: Any) -> bool:
    """Whether anything was given."""
    return revision.question.kind.is_answered(answer)
