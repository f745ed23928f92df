"""Gaps in a text, as Moodle's cloze has them: `{1:SHORTANSWER:=right~=right too}`."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from string import ascii_uppercase

from studyhub.questions.formats import from_markup, weights
from studyhub.questions.formats.carrying import Tell
from studyhub.questions.formats.exchange import Item, skip
from studyhub.questions.formats.gap_text import Gap
from studyhub.questions.formats.gift_reading import numeric
from studyhub.questions.formats.to_markup import BLANK

_GAP = re.compile(r"\{(\d{0,4}):([A-Z_]{2,20}):((?:\\.|[^\\{}])*)\}", re.S)
_PART = re.compile(r"((?:\\.|[^\\~])*)(?:~|\Z)", re.S)
_ANSWER = re.compile(r"((?:\\.|[^\\#])*)#?", re.S)
_SHARE = re.compile(r"=|%(-?\d{1,3}(?:\.\d{1,10})?)%")
_SIGNS = re.compile(r"([\\~#{}\"/])")
_ESCAPED = re.compile(r"\\(.)", re.S)
_WILDCARD = re.compile(r"(?<!\\)\*")


@dataclass(frozen=True, slots=True)
class _Answer:
    """One answer of a gap: its weight in per cent; `*` in the text is still a wildcard, `\\*` is not."""

    weight: Decimal
    text: str
    feedback: str

    @property
    def counts(self) -> bool:
        return self.weight >= weights.FULL


@dataclass(slots=True)
class Gaps:
    """What the gaps of a text ask, in their order."""

    found: list[Gap] = field(default_factory=list)

    def taken(self, text: str, form: str, tell: Tell) -> str:
        """The text with a mark in the place of each gap: of Markdown, or of HTML. Raises Skip."""

        def take(match: re.Match[str]) -> str:
            read = _KINDS.get(match[2]) or skip("type_not_read", type=f"cloze {match[2]}")
            self.found.append(Gap(read(_answers(match[3]), tell), Decimal(match[1] or 1)))
            return mark(len(self.found), form)

        return _GAP.sub(take, text)


def mark(number: int, form: str) -> str:
    """What stands for a gap in Markdown or in HTML until the text is read."""
    return f"[[{number}]]" if form == "markdown" else f'<{BLANK} n="{number}"></{BLANK}>'


def _answers(text: str) -> list[_Answer]:
    # The last one found is what stands behind the last, which is nothing.
    parts = [found[1].strip() for found in _PART.finditer(html.unescape(text))][:-1]
    return [_answer(part) for part in parts]


def _answer(part: str) -> _Answer:
    share = _SHARE.match(part)
    rest = part[share.end() :] if share else part
    told = _ANSWER.match(rest)
    assert told is not None
    weight = (Decimal(share[1]) if share[1] else weights.FULL) if share else Decimal(0)
    plain = _ESCAPED.sub(lambda match: match[0] if match[1] == "*" else match[1], told[1]).strip()
    return _Answer(weight, plain, rest[told.end() :].strip())


def _short(answers: Sequence[_Answer], tell: Tell) -> Item:
    whole = []
    for answer in answers:
        if answer.counts and not _WILDCARD.search(answer.text):
            whole.append(answer.text.replace("\\*", "*"))
        elif answer.text != "*":
            tell("wildcards_lost" if answer.counts else "weights_lost")
    _lose_feedback(answers, tell)
    return {"type": "blank", "answer": whole or skip("no_right_answer")}


def _exact(answers: Sequence[_Answer], tell: Tell) -> Item:
    return _short(answers, tell) | {"case": "exact"}


def _number(answers: Sequence[_Answer], tell: Tell) -> Item:
    asked = [answer for answer in answers if answer.text != "*"]
    whole = [answer for answer in asked if answer.counts] or skip("no_right_answer")
    weights.first_number(len(whole), len(asked), tell)
    _lose_feedback(answers, tell)
    return {"type": "number"} | numeric(whole[0].text)


def _choice(answers: Sequence[_Answer], tell: Tell) -> Item:
    right = [letter for letter, answer in _lettered(answers) if answer.counts]
    if len(right) != 1:
        skip("one_right_answer", count=len(right)) if right else skip("no_right_answer")
    if any(0 < answer.weight < weights.FULL for answer in answers):
        tell("weights_lost")
    return {"type": "single", "options": _options(answers), "answer": right[0]}


def _multiple(answers: Sequence[_Answer], tell: Tell) -> Item:
    right = [letter for letter, answer in _lettered(answers) if answer.weight > 0]
    # All that are right make the whole, however much each of them says that it is.
    whole = sum((answer.weight for answer in answers if answer.weight > 0), Decimal(0)) or weights.FULL
    rule = weights.marking_of([answer.weight * weights.FULL / whole for answer in answers], tell)
    return {"type": "multiple", "options": _options(answers), "answer": right} | rule


def _lettered(answers: Sequence[_Answer]) -> list[tuple[str, _Answer]]:
    if len(answers) > len(ascii_uppercase):
        skip("too_many_options", most=len(ascii_uppercase))
    return list(zip(ascii_uppercase, answers, strict=False))


def _options(answers: Sequence[_Answer]) -> Item:
    shown = [(letter, _shown(answer.text), _shown(answer.feedback)) for letter, answer in _lettered(answers)]
    return {letter: {"text": text, "feedback": told} if told else text for letter, text, told in shown}


def _shown(text: str) -> str:
    """Moodle shows these texts as HTML."""
    return from_markup.of_html(text.replace("\\*", "*"))


def _lose_feedback(answers: Sequence[_Answer], tell: Tell) -> None:
    if any(answer.feedback for answer in answers):
        tell("key_lost", key="feedback")


_KINDS: dict[str, Callable[[Sequence[_Answer], Tell], Item]] = {
    **dict.fromkeys(("SHORTANSWER", "SA", "MW"), _short),
    **dict.fromkeys(("SHORTANSWER_C", "SAC", "MWC"), _exact),
    **dict.fromkeys(("NUMERICAL", "NM"), _number),
    **dict.fromkeys(("MULTICHOICE", "MC", "MULTICHOICE_V", "MCV", "MULTICHOICE_H", "MCH"), _choice),
    **dict.fromkeys(("MULTICHOICE_S", "MCS", "MULTICHOICE_VS", "MCVS", "MULTICHOICE_HS", "MCHS"), _choice),
    **dict.fromkeys(("MULTIRESPONSE", "MR", "MULTIRESPONSE_H", "MRH"), _multiple),
    **dict.fromkeys(("MULTIRESPONSE_S", "MRS", "MULTIRESPONSE_HS", "MRHS"), _multiple),
}


def gap(accepted: Sequence[str], worth: int, *, exact: bool) -> str:
    """What stands in the place of a blank. Moodle decodes it as HTML in a text of any form."""
    kind = "SHORTANSWER_C" if exact else "SHORTANSWER"
    answers = "~".join("=" + _SIGNS.sub(r"\\\1", text).replace("*", "\\*") for text in accepted)
    return f"{{{worth}:{kind}:{html.escape(answers, quote=False)}}}"
