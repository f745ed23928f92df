"""Gaps of the types that list their words beside the text: `[[2]]` is the second word of the list.

`gapselect` offers the words of a gap's group in a list, `ddwtos` has them dragged into the gaps.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from string import ascii_uppercase

from studyhub.questions.formats import from_markup
from studyhub.questions.formats.carrying import Tell
from studyhub.questions.formats.element import Element
from studyhub.questions.formats.exchange import Item, skip
from studyhub.questions.formats.gap_text import Gap
from studyhub.questions.formats.moodle_cloze import mark

_GAP = re.compile(r"\[\[(\d{1,4})\]\]", re.ASCII)


@dataclass(slots=True)
class Words:
    """The words of a question as `(group, text)`, and what the gaps of its text ask, in their order."""

    listed: list[tuple[str, str]]
    shuffle: Item
    found: list[Gap] = field(default_factory=list)

    @classmethod
    def of(cls, question: Element, shuffle: Item) -> Words:
        words = question.all("selectoption", "dragbox")
        return cls(
            [(word.text_of("group").strip(), from_markup.of_html(word.text_of("text"))) for word in words],
            shuffle,
        )

    def taken(self, text: str, form: str, tell: Tell) -> str:
        """The text with a mark in the place of each gap: of Markdown, or of HTML. Raises Skip."""

        def take(match: re.Match[str]) -> str:
            self.found.append(Gap(self._choice(int(match[1]))))
            return mark(len(self.found), form)

        return _GAP.sub(take, text)

    def _choice(self, number: int) -> Item:
        if not 0 < number <= len(self.listed):
            skip("gap_not_found", name=str(number))
        group, right = self.listed[number - 1]
        texts = list(dict.fromkeys(text for own, text in self.listed if own == group))
        if len(texts) > len(ascii_uppercase):
            skip("too_many_options", most=len(ascii_uppercase))
        options = dict(zip(ascii_uppercase, texts, strict=False))
        answer = ascii_uppercase[texts.index(right)]
        return {"type": "single", "options": options, "answer": answer} | self.shuffle
