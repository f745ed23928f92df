"""Texts with gaps as Canvas exports them: `[name]` in the text, and for each name a response.

New Quizzes says of each answer how it is given (`answer_type`) and compared (`scoring_algorithm`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any

from studyhub.questions.formats.carrying import Tell
from studyhub.questions.formats.element import Element
from studyhub.questions.formats.exchange import Item, skip
from studyhub.questions.formats.gap_text import Gap

_CHOSEN = frozenset({"dropdown", "wordbank"})
_LENIENT = frozenset({"TextContainsAnswer", "TextCloseEnough"})
"""Ways to compare that take more than what is written: here a text is right or not."""
_REGEX = "TextRegex"


@dataclass(frozen=True, slots=True)
class GapReader:
    """Reads the gaps of one item. `labels` gives the Markdown of the answers of a response by their name,
    `right` the names of those that its rules give points for, `feedback` what is shown for one."""

    labels: Callable[[Element], dict[str, str]]
    right: Callable[[str], list[str]]
    feedback: Mapping[str, str]
    exact: bool
    tell: Tell

    def gap(self, response: Element, *, chosen: bool) -> Gap:
        """What is asked in one gap; `chosen` where all of the text's gaps offer a choice. Raises Skip."""
        labels = list(response.descendants("response_label"))
        if chosen or any(label.get("answer_type") in _CHOSEN for label in labels):
            return Gap(self._choice(response))
        ways = {label.get("scoring_algorithm") for label in labels}
        if _REGEX in ways:
            skip("type_not_read", type=_REGEX)
        if ways & _LENIENT:
            self.tell("marking_unread")
        if any(label.get("ident") in self.feedback for label in labels):
            self.tell("key_lost", key="feedback")
        accepted = list(dict.fromkeys(label.text.strip() for label in labels))
        if not accepted:
            skip("gap_not_found", name=_name(response)[:80])
        return Gap({"type": "blank", "answer": accepted} | ({"case": "exact"} if self.exact else {}))

    def _choice(self, response: Element) -> Item:
        texts = self.labels(response)
        if len(texts) > len(ascii_uppercase):
            skip("too_many_options", most=len(ascii_uppercase))
        letters = dict(zip(texts, ascii_uppercase, strict=False))
        right = list(dict.fromkeys(key for key in self.right(response.get("ident")) if key in texts))
        if len(right) != 1:
            skip("one_right_answer", count=len(right)) if right else skip("no_right_answer")
        options = {letters[key]: self._option(key, text) for key, text in texts.items()}
        return {"type": "single", "options": options, "answer": letters[right[0]]}

    def _option(self, key: str, text: str) -> Any:
        told = self.feedback.get(key)
        return {"text": text, "feedback": told} if told else text


def placed(prompt: str, asked: Sequence[Element]) -> tuple[str, list[Element]]:
    """The prompt with `[[1]]` where the first gap is named, and the responses in that order. Raises Skip."""
    found = []
    for response in asked:
        name = _name(response)
        escaped = "".join(rf"\\?{re.escape(sign)}" for sign in name)
        match = re.search(rf"\\?\[{escaped}\\?\]", prompt)
        if match is None:
            skip("gap_not_found", name=name[:80])
        found.append((match.span(), response))
    found.sort(key=lambda gap: gap[0])
    for number, ((start, end), _) in reversed(list(enumerate(found, 1))):
        prompt = f"{prompt[:start]}[[{number}]]{prompt[end:]}"
    return prompt, [response for _, response in found]


def _name(response: Element) -> str:
    return response.get("ident").removeprefix("response_")
