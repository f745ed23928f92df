"""填空: blanks `[[1]] … [[n]]` in the prompt, each with the texts that are accepted in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from studyhub.questions.document import Node, Scalar, Sequence
from studyhub.questions.fields import Fields
from studyhub.questions.types.base import Answer, BadAnswer, Explanation, Order, QuestionType, normal

MARK = re.compile(r"\[\[(\d{1,3})\]\]", re.ASCII)
"""Where a blank stands in a prompt."""

MOST = 26
LONGEST_ANSWER = 2000

# What NFKC leaves apart: the Chinese marks (and the typographic ones) that have a Western counterpart.
_WESTERN = str.maketrans(
    {
        **dict.fromkeys("“”„‟「」『』〝〞", '"'),
        **dict.fromkeys("‘’‚‛", "'"),
        **dict.fromkeys("。", "."),
        **dict.fromkeys("、", ","),
        **dict.fromkeys("《〈", "<"),
        **dict.fromkeys("》〉", ">"),
        **dict.fromkeys("【〔〖", "["),
        **dict.fromkeys("】〕〗", "]"),
        **dict.fromkeys("‐‑‒–—―−─", "-"),
        **dict.fromkeys("•‧・∙⋅", "·"),
        "〜": "~",
    }
)
_RUNS = re.compile(r"(-)-+|(\.)\.\.+")


@dataclass(frozen=True, slots=True)
class Blanks:
    """For each blank the accepted texts. `any_order`: the texts may stand in any of the blanks."""

    accepted: tuple[tuple[str, ...], ...]
    any_order: bool = False
    exact_case: bool = False


@lru_cache(maxsize=65536)
def unified(text: str, *, exact_case: bool) -> str:
    """The text as it is compared: width, white space, punctuation and (unless `exact_case`) case made one."""
    plain = _RUNS.sub(r"\1\2", normal(text).translate(_WESTERN))
    return plain if exact_case else normal(plain.casefold())


class Blank(QuestionType[Blanks]):
    name = "blank"
    keys = frozenset({"order", "case"})

    def check(self, fields: Fields, prompt: str) -> Blanks | None:
        order = fields.choice("order", ("fixed", "any")) or "fixed"
        case = fields.choice("case", ("ignore", "exact")) or "ignore"
        count = _count_blanks(fields, prompt)
        accepted = _read_accepted(fields, exact_case=case == "exact")
        if count is None or accepted is None:
            return None
        if len(accepted) != count:
            node = fields.found["answer"][1]
            fields.report.error("blank_count", node, "one_list_a_blank", blanks=count, lists=len(accepted))
            return None
        return Blanks(accepted, order == "any", case == "exact")

    def accept(self, content: Blanks, order: Order, answer: Answer) -> Answer:
        if answer is None:
            return None
        if not isinstance(answer, list) or len(answer) != len(content.accepted):
            raise BadAnswer
        texts = ["" if text is None else text for text in answer]
        if not all(isinstance(text, str) and len(text) <= LONGEST_ANSWER for text in texts):
            raise BadAnswer
        return texts

    def mark(self, content: Blanks, order: Order, answer: Answer) -> Fraction:
        return Fraction(sum(_verdicts(content, answer)), len(content.accepted))

    def explain(self, content: Blanks, order: Order, answer: Answer) -> Explanation:
        return Explanation(
            key=[texts[0] for texts in content.accepted],
            parts=_verdicts(content, answer),
            accepted=content.accepted,
        )

    def rule(self, content: Blanks) -> str:
        return "blank_any" if content.any_order else "blank"

    def is_answered(self, answer: Answer) -> bool:
        return bool(answer) and any(text.strip() for text in answer)

    def as_written(self, content: Blanks) -> dict[str, Any]:
        written: dict[str, Any] = {"answer": [list(texts) for texts in content.accepted]}
        if content.any_order:
            written["order"] = "any"
        if content.exact_case:
            written["case"] = "exact"
        return written

    def of_key(self, content: Blanks, prompt: str) -> dict[str, Any]:
        """How the texts of a blank are ordered says nothing. How the blanks are does, unless any text may
        stand in any of them."""
        exact = content.exact_case
        accepted = [sorted(unified(text, exact_case=exact) for text in texts) for texts in content.accepted]
        if content.any_order:
            return {"answer": sorted(accepted)}
        found = [int(number) for number in MARK.findall(prompt)]
        return {"answer": accepted} | ({"blanks": found} if found != sorted(found) else {})

    def stored(self, written: Mapping[str, Any]) -> Blanks:
        return Blanks(
            tuple(tuple(texts) for texts in written["answer"]),
            written.get("order") == "any",
            written.get("case") == "exact",
        )


def _count_blanks(fields: Fields, prompt: str) -> int | None:
    """How many blanks the prompt holds, numbered 1 to n once each; None after a fault."""
    numbers = [int(number) for number in MARK.findall(prompt)]
    if not prompt:
        return None
    node = fields.found["prompt"][1]
    if not numbers:
        fields.report.error("no_blank", node, "blank_like")
        return None
    if sorted(numbers) != list(range(1, len(numbers) + 1)):
        fields.report.error("blank_numbers", node, "blank_like", numbers=numbers)
        return None
    if len(numbers) > MOST:
        fields.report.error("too_many_blanks", node, most=MOST)
        return None
    return len(numbers)


def _read_accepted(fields: Fields, *, exact_case: bool) -> tuple[tuple[str, ...], ...] | None:
    node = fields.value("answer", required=True)
    if node is None:
        return None
    if not isinstance(node, Sequence) or not node.items:
        fields.report.error("answer_form", node, "answer_blanks")
        return None
    lists = [_texts(fields, item, exact_case=exact_case) for item in node.items]
    return tuple(texts for texts in lists if texts) if all(lists) else None


def _texts(fields: Fields, node: Node, *, exact_case: bool) -> tuple[str, ...]:
    """The texts accepted in one blank; empty after a fault."""
    report = fields.report
    if not isinstance(node, Sequence) or not node.items:
        report.error("answer_form", node, "answer_blanks")
        return ()
    texts: dict[str, str] = {}
    for item in node.items:
        text = report.text_of(item, "answer")
        if text is None and isinstance(item, Scalar):
            report.error("empty_text", item, "quote_it")
        if not text:
            return ()
        plain = unified(text, exact_case=exact_case)
        if plain in texts:
            report.warn("same_text", item, text=text)
        else:
            texts[plain] = text
    return tuple(texts.values())


def _verdicts(content: Blanks, answer: Answer) -> tuple[bool, ...]:
    """Which of the blanks are right."""
    if answer is None:
        return (False,) * len(content.accepted)
    exact = content.exact_case
    given = [unified(text, exact_case=exact) for text in answer]
    accepted = [{unified(text, exact_case=exact) for text in texts} for texts in content.accepted]
    if not content.any_order:
        return tuple(text in texts for text, texts in zip(given, accepted, strict=True))
    return _matched(given, accepted)


def _matched(given: list[str], accepted: list[set[str]]) -> tuple[bool, ...]:
    """The largest one-to-one matching of what was given to the blanks (augmenting paths; Kuhn 1955)."""
    holder: dict[int, int] = {}

    def place(text: int, tried: set[int]) -> bool:
        for blank in range(len(accepted)):
            if blank in tried or given[text] not in accepted[blank]:
                continue
            tried.add(blank)
            if blank not in holder or place(holder[blank], tried):
                holder[blank] = text
                return True
        return False

    for text in range(len(given)):
        place(text, set())
    matched = set(holder.values())
    return tuple(text in matched for text in range(len(given)))
