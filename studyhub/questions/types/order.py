"""排序: items are put into their order.

`pairs` gives the share of concordant pairs, C / (n·(n−1)/2): of all pairs of items, those that stand in the
answer in the same order as in the key. It is the count behind Kendall's rank correlation, τ = 2·share − 1
(M. G. Kendall, A New Measure of Rank Correlation, Biometrika 30, 1938).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Any

from studyhub.questions.document import Scalar
from studyhub.questions.fields import Fields
from studyhub.questions.types.base import Answer, BadAnswer, Explanation, Order, Parts, QuestionType, normal
from studyhub.questions.types.shuffling import disguised, letters, shuffled

FEWEST, MOST = 2, 26


def _exact(places: Sequence[int]) -> Fraction:
    return Fraction(int(list(places) == sorted(places)))


def _pairs(places: Sequence[int]) -> Fraction:
    concordant = [earlier < later for earlier, later in combinations(places, 2)]
    return Fraction(sum(concordant), len(concordant))


MARKING: dict[str, Callable[[Sequence[int]], Fraction]] = {"exact": _exact, "pairs": _pairs}
"""Each rule takes the right places of the items in the order of the answer; gives the share of the points."""

DEFAULT_MARKING = "exact"


@dataclass(frozen=True, slots=True)
class Items:
    """The items in the right order. `shuffle` false: everybody sees them in the same (wrong) order."""

    items: tuple[str, ...]
    marking: str = DEFAULT_MARKING
    shuffle: bool = True


class Ordering(QuestionType[Items]):
    """A layout holds the items' right places, counted from 1, in the order in which they are shown."""

    name = "order"
    keys = frozenset({"items", "marking"})
    markings = frozenset(MARKING)
    key_in = "items"

    def check(self, fields: Fields, prompt: str) -> Items | None:
        items = read_items(fields)
        marking = fields.choice("marking", MARKING) or DEFAULT_MARKING
        shuffle = fields.boolean("shuffle", True)
        return None if items is None else Items(items, marking, shuffle)

    def lay_out(self, content: Items, seed: bytes | None) -> Order:
        places = {str(n): text for n, text in enumerate(content.items, 1)}
        return disguised(places) if seed is None or not content.shuffle else shuffled(tuple(places), seed)

    def accept(self, content: Items, order: Order, answer: Answer) -> Answer:
        if answer is None or answer == []:
            return None
        shown = letters(order)
        if not isinstance(answer, list) or not all(isinstance(letter, str) for letter in answer):
            raise BadAnswer
        if sorted(answer) != sorted(shown):
            raise BadAnswer
        return answer

    def mark(self, content: Items, order: Order, answer: Answer) -> Fraction:
        return MARKING[content.marking](_places(order, answer)) if answer else Fraction(0)

    def explain(self, content: Items, order: Order, answer: Answer) -> Explanation:
        places = _places(order, answer or [])
        return Explanation(
            key=sorted(letters(order), key=lambda letter: int(letters(order)[letter])),
            parts=tuple(place == n for n, place in enumerate(places, 1)),
        )

    def rule(self, content: Items) -> str:
        return f"order_{content.marking}"

    def parts(self, content: Items, order: Order) -> Parts:
        return {"items": [(letter, f"items.{place}") for letter, place in letters(order).items()]}

    def as_written(self, content: Items) -> dict[str, Any]:
        written: dict[str, Any] = {"items": list(content.items)}
        if content.marking != DEFAULT_MARKING:
            written["marking"] = content.marking
        return written if content.shuffle else written | {"shuffle": False}

    def stored(self, written: Mapping[str, Any]) -> Items:
        return Items(
            tuple(written["items"]), written.get("marking", DEFAULT_MARKING), written.get("shuffle", True)
        )

    def texts(self, content: Items) -> dict[str, str]:
        return {f"items.{place}": text for place, text in enumerate(content.items, 1)}


def _places(order: Order, answer: Sequence[str]) -> list[int]:
    shown = letters(order)
    return [int(shown[letter]) for letter in answer]


def read_items(fields: Fields) -> tuple[str, ...] | None:
    """The items; None after a fault. Two that read alike could not be told apart."""
    nodes = fields.items("items", required=True)
    report = fields.report
    if nodes is None:
        return None
    if not FEWEST <= len(nodes) <= MOST:
        report.error("item_count", fields.found["items"][1], count=len(nodes), fewest=FEWEST, most=MOST)
    texts: dict[str, str] = {}
    for node in nodes:
        text = report.text_of(node, "items")
        if text is None and isinstance(node, Scalar):
            report.error("empty_value", node, key="items")
        plain = normal(text or "").casefold()
        if text and plain in texts:
            report.error("same_item", node, text=text)
        elif text:
            texts[plain] = text
    return tuple(texts.values()) if len(texts) == len(nodes) else None
