"""The options of a row, and what an answer cell says of them: letters, numbers, or their own texts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from string import ascii_uppercase
from typing import Any

from studyhub.questions.formats.layout import answers
from studyhub.questions.formats.layout.line import Line as Text
from studyhub.questions.formats.layout.parts import parts_of
from studyhub.questions.formats.sheets.cells import ALTERNATIVES, LABEL, LINES, LISTED, parted

_PARTED = re.compile(r"[\s,，;；、/|.+]+")
_PARTING = frozenset(LISTED + ALTERNATIVES)
_LETTERS = re.compile(r"[A-Z](?:[\s,，;；、/|.和与+]*[A-Z])*\.?")


def in_one_cell(cell: str) -> dict[str, Any]:
    """All options of a cell: in lines, in a list, or one behind the other with their letters."""
    lettered = parts_of([Text(text) for text in cell.split("\n")])
    if lettered.regular and len(lettered.options) > 1 and lettered.stem.blank:
        texts = {option.letter: option.line.text for option in lettered.options}
        return {letter: text.rstrip("/|｜ ") or text for letter, text in texts.items()}
    listed = parted(cell, LINES)
    for signs in (ALTERNATIVES, LISTED + ALTERNATIVES):
        listed = listed if len(listed) > 1 else parted(cell, signs)
    found = dict(zip(ascii_uppercase, (LABEL.sub("", text, count=1) for text in listed), strict=False))
    # `A一|B二`: every one begins with its own letter.
    own = all(len(text) > 1 and text[0] == letter for letter, text in found.items())
    return {letter: text[1:].strip() for letter, text in found.items()} if own else found


def readings(answer: str, options: Mapping[str, Any], first: int) -> list[list[str]]:
    """The letters that an answer may say, the likeliest reading first; `first` is the number of option A."""
    plain = unicodedata.normalize("NFKC", answer).strip().upper()
    tried = (_letters(plain), _texts(answer, options), _numbers(plain, options, first))
    found: list[list[str]] = []
    for letters in tried:
        once = list(dict.fromkeys(letters))
        if once and set(once) <= options.keys() and set(once) not in map(set, found):
            found.append(once)
    return found


def _letters(plain: str) -> list[str]:
    if _LETTERS.fullmatch(plain):
        return re.findall("[A-Z]", plain)
    return list(answers.letters(plain) or "")


def _texts(answer: str, options: Mapping[str, Any]) -> list[str]:
    """The letters of the options that the answer says in their own words, one or a list of them."""
    label = LABEL.match(answer)
    own = (label[0].strip()[0].upper(), answer[label.end() :]) if label else ("", "")
    whole = [key for key, text in options.items() if answer == text or own == (key, text)]
    if len(whole) == 1:
        return whole
    if _PARTING.isdisjoint(answer):
        return []
    keys = {text: key for key, text in options.items()}
    for signs in (LINES + ALTERNATIVES, LISTED + ALTERNATIVES):
        texts = parted(answer, signs)
        if len(texts) > 1 and len(keys) == len(options) and set(texts) <= keys.keys():
            return [keys[text] for text in texts]
    return []


def _numbers(plain: str, options: Mapping[str, Any], first: int) -> list[str]:
    """The letters of the options that are counted so: 2, or 1,3, or 13 where there are no thirteen."""
    if not plain[:1].isdigit():
        return []
    numbers = [part for part in _PARTED.split(plain) if part]
    if not numbers or not all(re.fullmatch("[0-9]{1,9}", part) for part in numbers):
        return []
    if len(numbers) == 1 and int(numbers[0]) - first >= len(ascii_uppercase[: len(options)]):
        numbers = list(numbers[0])
    places = [int(number) - first for number in numbers]
    return [ascii_uppercase[at] for at in places] if all(0 <= at < 26 for at in places) else []
