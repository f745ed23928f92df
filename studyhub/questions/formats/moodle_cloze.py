"""Several blanks in one text, as Moodle's cloze has them: `{1:SHORTANSWER:=right~=right too}`."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from studyhub.questions.formats import weights
from studyhub.questions.formats.carrying import Tell
from studyhub.questions.formats.exchange import skip
from studyhub.questions.formats.to_markup import BLANK

_GAP = re.compile(r"\{(\d{0,4}):([A-Z_]{2,20}):((?:\\.|[^\\{}])*)\}", re.S)
_SHORT = {"SHORTANSWER": False, "SA": False, "MW": False, "SHORTANSWER_C": True, "SAC": True, "MWC": True}
_PART = re.compile(r"((?:\\.|[^\\~])*)(?:~|\Z)", re.S)
_ANSWER = re.compile(r"((?:\\.|[^\\#])*)#?", re.S)
_SHARE = re.compile(r"=|%(-?\d{1,3}(?:\.\d{1,10})?)%")
_SIGNS = re.compile(r"([\\~#{}\"/])")
_ESCAPED = re.compile(r"\\(.)", re.S)
_WILDCARD = re.compile(r"(?<!\\)\*")


@dataclass(slots=True)
class Gaps:
    """What the gaps of a text accept, in their order; `exact` says of each whether its case counts."""

    accepted: list[list[str]] = field(default_factory=list)
    exact: list[bool] = field(default_factory=list)
    worth: list[int] = field(default_factory=list)

    def taken(self, text: str, form: str, tell: Tell) -> str:
        """The text with a mark in the place of each gap: of Markdown, or of HTML. Raises Skip."""

        def take(match: re.Match[str]) -> str:
            if match[2] not in _SHORT:
                skip("type_not_read", type=f"cloze {match[2]}")
            self.accepted.append(_accepted(match[3], tell))
            self.exact.append(_SHORT[match[2]])
            self.worth.append(int(match[1] or 1))
            number = len(self.accepted)
            return f"[[{number}]]" if form == "markdown" else f'<{BLANK} n="{number}"></{BLANK}>'

        return _GAP.sub(take, text)


def _accepted(text: str, tell: Tell) -> list[str]:
    whole = []
    # The last one found is what stands behind the last, which is nothing.
    parts = [found[1].strip() for found in _PART.finditer(html.unescape(text))][:-1]
    for part in parts:
        share = _SHARE.match(part)
        rest = part[share.end() :] if share else part
        told = _ANSWER.match(rest)
        assert told is not None
        answer, feedback = told[1], rest[told.end() :]
        if feedback.strip():
            tell("key_lost", key="feedback")
        points = (Decimal(share[1]) if share[1] else weights.FULL) if share else Decimal(0)
        plain = _ESCAPED.sub(lambda match: match[0] if match[1] == "*" else match[1], answer).strip()
        if points >= weights.FULL and not _WILDCARD.search(plain):
            whole.append(plain.replace("\\*", "*"))
        elif plain != "*":
            tell("weights_lost" if points < weights.FULL else "wildcards_lost")
    return whole or skip("no_right_answer")


def gap(accepted: Sequence[str], worth: int, *, exact: bool) -> str:
    """What stands in the place of a blank. Moodle decodes it as HTML in a text of any form."""
    kind = "SHORTANSWER_C" if exact else "SHORTANSWER"
    answers = "~".join("=" + _SIGNS.sub(r"\\\1", text).replace("*", "\\*") for text in accepted)
    return f"{{{worth}:{kind}:{html.escape(answers, quote=False)}}}"
