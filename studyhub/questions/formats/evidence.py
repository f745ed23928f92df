"""How much of each plain format a text shows. GIFT, Aiken and the usual layout may quote each other (a paper
about GIFT, a bank about programs): the strongest of the whole text decides, not the first sign of one.

Every pattern looks at a line, or at what stands between two braces, once: no text costs more than its length.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from studyhub.kernel.errors import Unreadable
from studyhub.questions.formats.decoding import MOST_CHARACTERS, decode
from studyhub.questions.formats.exchange import MOST_ITEMS, Source

_OPTIONS = re.compile(
    r"^[ \t\u3000]*(?:[☑☒✅☐□]?[ \t]{0,4}[（(]?[AＡ][)）]?[ \t]{0,8}[.．、:：)）]|"
    r"\d{1,4}[ \t]{0,8}[.．、].*[（(][ \t\u3000]{0,20}(?:[A-Z]{0,6}|[√×对错])[ \t\u3000]{0,20}[)）])",
    re.M,
)
_KINDS = "选择|单选|多选|不定项|判断|填空|简答|问答|论述"
_ANSWERS = re.compile(
    rf"^[ \t\u3000]*(?:[一二三四五六七八九十]、.{{0,6}}(?:{_KINDS})|(?:{_KINDS})题[ \t]*(?:[（(：:].*)?$)"
    r"|^.*(?:答案|解析)[ \t]{0,8}[:：】\]]",
    re.M,
)
_AIKEN_OPTION = re.compile(r"^[ \t]*[A-Z][.)][ \t]", re.M)
_AIKEN_ANSWER = re.compile(r"^[ \t]*ANSWER[ \t]{0,8}:[ \t]{0,8}[A-Z]\b", re.M)
_BRACES = re.compile(r"\{([^{}]*)\}([ \t]*$)?", re.M)
_ESCAPED = re.compile(r"\\[{}]")
_VERDICT = re.compile(r"(?:T|F|TRUE|FALSE)\b")
_ANOTHER = re.compile(r"[ \t\n][=~]")
_HEADED = re.compile(r"^(?:::[^\n]*?::|\$CATEGORY:)", re.M)
_COMMENTED = re.compile(r"^//", re.M)


@dataclass(frozen=True, slots=True)
class Evidence:
    """By format, how many lines speak for it; `layout` is the usual Chinese one."""

    gift: int = 0
    aiken: int = 0
    layout: int = 0
    layout_answers: int = 0

    @property
    def strongest(self) -> str:
        """`gift`, `aiken` or `text`; "" for a text of none. Options are of Aiken and of the layout alike, so
        that between these two answers alone count."""
        if self.aiken and self.aiken >= max(self.gift, self.layout_answers):
            return "aiken"
        if self.gift and self.gift >= self.layout:
            return "gift"
        return "text" if self.layout else ""


def of(source: Source) -> Evidence:
    """What the whole of the file shows, as far as one is read; nothing where it is no text."""
    if "evidence" not in source.seen:
        source.seen["evidence"] = _weighed(source)
    found: Evidence = source.seen["evidence"]
    return found


def _weighed(source: Source) -> Evidence:
    try:
        text = decode(source.data)[:MOST_CHARACTERS]
    except Unreadable:
        return Evidence()
    answers = _AIKEN_ANSWER.findall(text)
    bare = _ESCAPED.sub("", text)
    outside = _BRACES.sub("", bare)
    labelled = len(_ANSWERS.findall(outside))
    layout = labelled + len(_OPTIONS.findall(outside))
    aiken = len(answers) if answers and _AIKEN_OPTION.search(text) else 0
    return Evidence(_gift(bare, claimed=layout > 0), aiken, layout, labelled)


def _gift(text: str, *, claimed: bool) -> int:
    """In how many lines answers in braces begin. Braces stand in programs as well: a bare pair of them counts
    beside something else of GIFT, or at the end of a line where nothing of the layout claims the text."""
    headed = _HEADED.search(text) is not None
    beside = headed or (not claimed and _COMMENTED.search(text) is not None)
    lines = 0
    line_end = -1
    for found in islice(_BRACES.finditer(text), MOST_ITEMS):
        if found.start() <= line_end:
            continue
        inner = found[1].strip(" \t\n")
        alone = not claimed and found[2] is not None
        if _is_listed(inner) or ((beside or alone) and _is_answer(inner)) or (beside and inner == ""):
            lines += 1
            line_end = text.find("\n", found.start())
            if line_end < 0:
                break
    return lines


def _is_listed(inner: str) -> bool:
    """Several answers, or a right one: what no program holds in braces."""
    return inner.startswith(("=", "~%")) or (inner.startswith("~") and _ANOTHER.search(inner) is not None)


def _is_answer(inner: str) -> bool:
    return inner.startswith(("=", "~", "#")) or _VERDICT.match(inner) is not None
