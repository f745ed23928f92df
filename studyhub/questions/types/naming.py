"""Texts that call an option by its letter, which is another one on a paper with shuffled options."""

from __future__ import annotations

import re
from collections.abc import Collection

_AND = r"(?:[\s、,，和与及跟&/]|以及|and|or)*"
_SEVERAL = r"[A-Z](?:" + _AND + r"[A-Z])+"
# A和B都对, AC, 仅 A、B 正确; both A and B.
_OPTION = re.compile(
    rf"(?:选项|仅有?|只有?|(?i:both|only|neither))?\s*(?P<letters>{_SEVERAL})\s*(?:两项|三项|选项|项)?"
    r"(?:都|均|皆|全都?|are)?\s*(?:不|没有?|not)?\s*(?:是|对|错|正确|错误|right|correct|wrong)?\W*"
)
_LETTERS = re.compile("[A-Z]{1,2}")
# 故选B, 答案为 A、C, B项错误, 选项 D; option B, the answer is C.
_MENTION = re.compile(
    r"(?:(?:故|应|应当|正确)选|选项|答案(?:[是为]|[:：])?|(?i:\boptions?|\banswer(?: is|:)?))\s*"
    rf"(?P<after>{_SEVERAL}|[A-Z])(?![A-Za-z0-9])"
    r"|(?<![A-Za-z0-9])(?P<before>[A-Z])\s*(?:选项|项)"
)


def whole(text: str, keys: Collection[str], others: Collection[str] = ()) -> bool:
    """Whether an option says nothing but which of these options are right or wrong. Mere letters do not when
    one of the `others` is a letter, too: a blood group is A, B, AB or O."""
    plain = text.strip()
    if _LETTERS.fullmatch(plain) and any(_LETTERS.fullmatch(other) for other in others if other != text):
        return False
    found = _OPTION.fullmatch(plain)
    named = re.findall("[A-Z]", re.sub("and|or", "", found["letters"])) if found else []
    return bool(named) and set(named) <= set(keys) and len(set(named)) == len(named)


def mention(text: str, keys: Collection[str]) -> str:
    """The first words of an explanation that call one of these options by its letter; "" without any."""
    for found in _MENTION.finditer(text):
        if set(re.findall("[A-Z]", found["after"] or found["before"])) <= set(keys):
            return found[0].strip()
    return ""
