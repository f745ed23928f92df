"""排序题: a list and its right order, as `②①③`, `CABD` or in words."""

from __future__ import annotations

import re

from studyhub.questions.formats.exchange import Item
from studyhub.questions.formats.layout.line import Line
from studyhub.questions.formats.layout.listed import (
    Listed,
    Sign,
    listed,
    prompt_around,
    signs_of,
    single_digits,
    whole,
)
from studyhub.questions.formats.layout.parts import Option, Parts

_BETWEEN = re.compile(r"\s*(?:→|->|=>|—>|>)\s*")
_IN_BRACKETS = re.compile(r"[(【]\s*([①-⑳A-Z\d][①-⑳A-Z\d\s,、\-—→]{1,80})[)】]")


def are_orders(options: list[Option]) -> bool:
    """Whether the options are orders to choose from: `A. ①③②`."""
    return len(options) > 1 and all(len(signs_of(option.line.half)) > 1 for option in options)


def item(parts: Parts, answer: Line) -> Item | None:
    """The question; None where the list and the answer do not come out."""
    line = whole(parts)
    if answer.blank:
        found = _IN_BRACKETS.search(line.half)
        if found is None:
            return None
        answer = Line(found[1])
        line = line.replaced(*found.span(), "（　　）")
    lists = listed(line)
    if lists is None:
        return _in_words(line, answer)
    for signs in (signs_of(answer.half), single_digits(answer.half)):
        made = _by_signs(lists, signs)
        if made:
            return made
    return _by_words(lists, answer)


def _by_signs(lists: Listed, signs: list[Sign]) -> Item | None:
    if len(lists.texts) != 1 or not lists.before:
        return None
    [texts] = lists.texts.values()
    if len(signs) != len(texts) or set(signs) != texts.keys() or len(set(texts.values())) < len(texts):
        return None
    return {"type": "order", "prompt": lists.before, "items": [texts[sign] for sign in signs]}


def _by_words(lists: Listed, answer: Line) -> Item | None:
    words = _words(answer)
    [texts] = lists.texts.values() if len(lists.texts) == 1 else [{}]
    if sorted(words) != sorted(texts.values()) or len(set(words)) < len(words) or not lists.before:
        return None
    return {"type": "order", "prompt": lists.before, "items": words}


def _in_words(line: Line, answer: Line) -> Item | None:
    words = _words(answer)
    prompt = prompt_around(line, words) if len(set(words)) == len(words) > 1 else None
    return {"type": "order", "prompt": prompt, "items": words} if prompt else None


def _words(answer: Line) -> list[str]:
    return [word.strip(" 。") for word in _BETWEEN.split(answer.text) if word.strip(" 。")]
