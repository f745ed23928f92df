"""What a member of a certain ability would answer to a question. Pure.

The chance of a right answer is that of the Rasch model (Rasch 1960): logit(facility) + ability, where the
facility is what the question's author expects and an ability of 0 is an average member.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping
from decimal import Decimal
from string import ascii_uppercase
from typing import Any

from studyhub.demo.chance import chance
from studyhub.questions.bank import Question
from studyhub.questions.types.base import Answer, Order

LEFT_OUT = 0.015
"""The share of questions that are passed over."""

ABILITY_SD = 0.8
BRANCH_SD = 0.35
LEARNT_BETWEEN_ATTEMPTS = 0.35


def ability(member_no: str, branch: str, attempt: int, seed: int) -> float:
    """In logits: the member's own, what their branch has in common, and what an earlier attempt taught."""
    own = chance("ability", member_no, seed).gauss(0.2, ABILITY_SD)
    shared = chance("branch", branch, seed).gauss(0, BRANCH_SD)
    return own + shared + LEARNT_BETWEEN_ATTEMPTS * (attempt - 1)


def chance_of_right(facility: int, of_ability: float) -> float:
    """`facility` in ten-thousandths."""
    share = min(max(facility / 10_000, 0.02), 0.98)
    return 1 / (1 + math.exp(-(math.log(share / (1 - share)) + of_ability)))


def given_answer(question: Question, order: Order, of_ability: float, randomness: random.Random) -> Answer:
    """The member's answer in the letters of their paper; None when they leave the question out."""
    if randomness.random() < LEFT_OUT:
        return None
    key = question.kind.explain(question.content, order, None).key
    if randomness.random() < chance_of_right(question.facility, of_ability):
        return key
    return _WRONG[question.type](key, question.content, order, randomness)


def _another_letter(key: Any, content: Any, order: Order, randomness: random.Random) -> Answer:
    return randomness.choice([letter for letter in ascii_uppercase[: len(order)] if letter != key])


def _other_letters(key: Any, content: Any, order: Order, randomness: random.Random) -> Answer:
    """One right option overlooked, or a wrong one taken for right."""
    wrong = [letter for letter in ascii_uppercase[: len(order)] if letter not in key]
    if len(key) > 1 and (not wrong or randomness.random() < 0.6):
        return sorted(randomness.sample(key, len(key) - 1))
    return sorted([*key, randomness.choice(wrong)])


def _other_verdict(key: Any, content: Any, order: Order, randomness: random.Random) -> Answer:
    return not key


def _blank_missed(key: Any, content: Any, order: Order, randomness: random.Random) -> Answer:
    missed = randomness.randrange(len(key))
    return [randomness.choice(("", "记不清了")) if n == missed else text for n, text in enumerate(key)]


def _miscalculated(key: Any, content: Any, order: Order, randomness: random.Random) -> Answer:
    number = Decimal(content.key)
    slip = randomness.choice((number * 2, number / 2, number * 10, number + 7))
    return format(slip.normalize(), "f")


def _mismatched(key: Any, content: Any, order: Order, randomness: random.Random) -> Answer:
    """One pair left out, or taken for another."""
    missed = randomness.choice(sorted(key))
    wrong = sorted(set(key.values()) - {key[missed]})
    given = {left: letter for left, letter in key.items() if left != missed}
    return given | {missed: randomness.choice(wrong)} if wrong else given or None


def _misordered(key: Any, content: Any, order: Order, randomness: random.Random) -> Answer:
    """Two neighbours changed places."""
    at = randomness.randrange(len(key) - 1)
    return [*key[:at], key[at + 1], key[at], *key[at + 2 :]]


def _poorly_written(key: Any, content: Any, order: Order, randomness: random.Random) -> Answer:
    """The beginning of a good answer."""
    return str(key or "略")[: randomness.randrange(2, 30)]


_WRONG: Mapping[str, Callable[[Any, Any, Order, random.Random], Answer]] = {
    "single": _another_letter,
    "multiple": _other_letters,
    "truefalse": _other_verdict,
    "blank": _blank_missed,
    "number": _miscalculated,
    "match": _mismatched,
    "order": _misordered,
    "essay": _poorly_written,
}
