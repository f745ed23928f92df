"""连线题: two lists and which belongs to which, as `1-B，2-A` or in words."""

from __future__ import annotations

import re

from studyhub.questions.formats.exchange import Item
from studyhub.questions.formats.layout.line import Line
from studyhub.questions.formats.layout.listed import Listed, Sign, listed, prompt_around, signs_of, whole
from studyhub.questions.formats.layout.parts import Parts

_BETWEEN = ("——", "—", "–", "→", "->", "=>", ":", "对应", "-")
_PARTING = (r"[;\n]", r"[,、;\n]", r"\s{2,}|[\t\n]")


def item(parts: Parts, answer: Line) -> Item | None:
    """The question; None where the lists and the answer do not come out."""
    line = whole(parts)
    lists = listed(line)
    signs = signs_of(answer.half)
    if lists is not None and signs:
        return _by_signs(lists, signs)
    return _in_words(line, answer) if lists is None else None


def _by_signs(lists: Listed, signs: list[Sign]) -> Item | None:
    if len(lists.texts) != 2 or len(signs) % 2 or not lists.before:
        return None
    (left_kind, left), (_right_kind, right) = lists.texts.items()
    pairs: dict[Sign, Sign] = {}
    for each in zip(signs[::2], signs[1::2], strict=True):
        one, other = each if each[0][0] == left_kind else each[::-1]
        if one not in left or other not in right or one in pairs:
            return None
        pairs[one] = other
    if pairs.keys() != left.keys() or len(set(left.values())) < len(left):
        return None
    rest = [text for sign, text in right.items() if sign not in pairs.values()]
    return _made(lists.before, {left[sign]: right[pairs[sign]] for sign in left}, rest)


def _in_words(line: Line, answer: Line) -> Item | None:
    for parting in _PARTING:
        pieces = [piece.strip() for piece in _cut(answer, parting) if piece.strip(" 。")]
        pairs = _word_pairs(pieces) if len(pieces) > 1 else None
        if pairs:
            prompt = prompt_around(line, [*pairs, *pairs.values()])
            return _made(prompt, pairs, []) if prompt else None
    return None


def _cut(answer: Line, parting: str) -> list[str]:
    """Cut where the half-width twin has the sign."""
    cuts = [match.span() for match in re.finditer(parting, answer.half)]
    begins, ends = [0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(answer.text)]
    return [answer.text[begin:end] for begin, end in zip(begins, ends, strict=True)]


def _word_pairs(pieces: list[str]) -> dict[str, str] | None:
    """The two sides of each piece, parted by a sign that stands once in every one of them."""
    for between in _BETWEEN:
        halves = [piece.replace("：", ":").split(between) for piece in pieces]
        if all(len(half) == 2 and half[0].strip() and half[1].strip(" 。") for half in halves):
            pairs = {half[0].strip(): half[1].strip(" 。") for half in halves}
            return pairs if len(pairs) == len(pieces) else None
    return None


def _made(prompt: str, pairs: dict[str, str], rest: list[str]) -> Item:
    made: Item = {"type": "match", "prompt": prompt, "pairs": pairs}
    return made | ({"distractors": rest} if rest else {})
