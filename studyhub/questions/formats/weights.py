"""Marking rules of multiple choice ↔ the percentages by which Moodle weighs each option.

With a floor of nothing, right options share 100 % and a wrong one takes 100 % away: that is `under_share`.
When a wrong one takes away what a right one gives, it is `net`.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from studyhub.questions.formats.carrying import Tell
from studyhub.questions.formats.exchange import skip

_CLOSE = Decimal("0.5")
FULL = Decimal(100)


def of_options(question: dict[str, Any], tell: Tell) -> dict[str, str]:
    """The percentage of each option of a `multiple`, as Moodle spells it."""
    right = question["answer"]
    share = FULL / len(right)
    marking = question.get("marking", "under_share")
    if marking not in ("under_share", "net"):
        tell("marking_changed", was=marking, now="under_share")
    wrong = -share if marking == "net" else -FULL
    return {key: spelt(share if key in right else wrong) for key in question["options"]}


def first_number(whole: int, listed: int, tell: Tell) -> None:
    """Tell what is left behind of a number with so many wholly right answers among those that are listed."""
    if whole > 1:
        tell("numbers_lost")
    if listed > whole:
        tell("weights_lost")


def spelt(weight: Decimal) -> str:
    """At most five decimals, none of them idle: `50`, `33.33333`."""
    return format(weight.quantize(Decimal("0.00001")).normalize(), "f")


def marking_of(weights: Sequence[Decimal], tell: Tell) -> dict[str, str]:
    """`{"marking": …}` where the weights of all options are not those of the default rule."""
    right = [weight for weight in weights if weight > 0]
    wrong = [weight for weight in weights if weight <= 0]
    if not right:
        skip("no_right_answer")
    share = FULL / len(right)
    if any(abs(weight - share) > _CLOSE for weight in right):
        tell("weights_lost")
        return {}
    if len(right) > 1 and wrong and all(abs(weight + share) <= _CLOSE for weight in wrong):
        return {"marking": "net"}
    if any(abs(weight + FULL) > _CLOSE for weight in wrong):
        tell("weights_lost")
    return {}
