"""GIFT, Moodle's text format: how a question is written. gift_reading.py reads it.

Texts are marked `[markdown]`, which Moodle renders. Ids and tags stand in the comment line that Moodle
3.8 and later write and read.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from studyhub.questions.formats import evidence, gift_reading, weights
from studyhub.questions.formats.carrying import Tell, carry
from studyhub.questions.formats.exchange import Carried, Draft, Format, Item, Source, Writing, skip
from studyhub.questions.types.blank import MARK

CARRIES: Carried = {
    "single": frozenset({"options", "answer", "feedback", "explanation", "tags"}),
    "multiple": frozenset({"options", "answer", "marking", "feedback", "explanation", "tags"}),
    "truefalse": frozenset({"answer", "explanation", "tags"}),
    "blank": frozenset({"answer", "explanation", "tags"}),
    "number": frozenset({"answer", "tolerance", "explanation", "tags"}),
    "match": frozenset({"pairs", "distractors", "explanation", "tags"}),
    "essay": frozenset({"explanation", "tags"}),
}
_SIGNS = re.compile(r"([\\~=#{}:])")
_MARKED = re.compile(r"\[[a-z]+\]|%")
FORMAT_MARK = "[markdown]"


def write(draft: Draft) -> Writing:
    made, writing = carry(draft, CARRIES, _question, frozenset({"bank", "title", "language"}))
    head = f"// {' '.join(_fact(key, draft.head[key]) for key in ('bank', 'title', 'language'))}\n"
    writing.data = ("\n".join([head, *made]) if made else head).encode()
    writing.suffix = ".gift"
    return writing


def recognises(source: Source) -> bool:
    if source.name.lower().endswith(".gift"):
        return True
    return evidence.of(source).strongest == "gift"


def _question(item: Item, tell: Tell) -> str:
    body = _BODIES[item["type"]](item, tell)
    explanation = item.get("explanation", "")
    if explanation:
        body += f"\t####{_marked(escaped(explanation))}\n"
    before, after = item["prompt"], ""
    if item["type"] == "blank":
        before, after = _around_the_blank(before)
    comment = " ".join([_fact("id", item["id"]), *(_fact("tag", tag) for tag in item.get("tags", ()))])
    answers = f"{{\n{body}}}" if body else "{}"
    return f"// {comment}\n::{item['id']}::{FORMAT_MARK}{escaped(before)}{answers}{_marked(escaped(after))}\n"


def _around_the_blank(prompt: str) -> tuple[str, str]:
    marks = list(MARK.finditer(prompt))
    if len(marks) != 1:
        skip("several_blanks", blanks=len(marks))
    return prompt[: marks[0].start()], prompt[marks[0].end() :]


def _choice(item: Item, tell: Tell) -> str:
    return "".join(
        _answer("=" if key == item["answer"] else "~", option) for key, option in item["options"].items()
    )


def _multiple(item: Item, tell: Tell) -> str:
    shares = weights.of_options(item, tell)
    return "".join(_answer(f"~%{shares[key]}%", option) for key, option in item["options"].items())


def _answer(mark: str, option: Any) -> str:
    text, feedback = (option["text"], option["feedback"]) if isinstance(option, dict) else (option, "")
    told = f"#{_marked(escaped(feedback))}" if feedback else ""
    return f"\t{mark}{_guarded(text, mark)}{told}\n"


def _guarded(text: str, mark: str) -> str:
    """The text, kept from being read as a format or a percentage where it begins like one."""
    plain = escaped(text)
    return f"{FORMAT_MARK}{plain}" if _MARKED.match(plain) and not mark.endswith("%") else _marked(plain)


def _marked(text: str) -> str:
    return f"{FORMAT_MARK}{text}" if text.startswith("[") else text


def _truefalse(item: Item, tell: Tell) -> str:
    return "\tTRUE\n" if item["answer"] else "\tFALSE\n"


def _blank(item: Item, tell: Tell) -> str:
    accepted = item["answer"][0]
    if any("->" in text for text in accepted):
        skip("arrow_in_text")
    return "".join(_answer("=", text) for text in accepted)


def _number(item: Item, tell: Tell) -> str:
    return f"\t#{item['answer']}:{absolute_tolerance(item)}\n"


def absolute_tolerance(item: Item) -> str:
    """A tolerance in per cent as the number that it is of this answer."""
    tolerance = item.get("tolerance", "0")
    if not tolerance.endswith("%"):
        return str(tolerance)
    share = abs(Decimal(item["answer"])) * Decimal(tolerance[:-1]) / 100
    return format(share.normalize(), "f")


def _match(item: Item, tell: Tell) -> str:
    pairs = [*item["pairs"].items(), *(("", text) for text in item.get("distractors", ()))]
    if any("->" in left for left, _ in pairs):
        skip("arrow_in_text")
    return "".join(f"\t={_marked(escaped(left))} -> {_marked(escaped(right))}\n" for left, right in pairs)


def _essay(item: Item, tell: Tell) -> str:
    return ""


_BODIES = {
    "single": _choice,
    "multiple": _multiple,
    "truefalse": _truefalse,
    "blank": _blank,
    "number": _number,
    "match": _match,
    "essay": _essay,
}


def escaped(text: str) -> str:
    return _SIGNS.sub(r"\\\1", text).replace("\n", "\\n")


def _fact(kind: str, value: object) -> str:
    """`[tag:…]`, as it stands in a comment."""
    text = str(value).replace("\\", "\\\\").replace("]", "\\]").replace("\n", "\\n")
    return f"[{kind}:{text}]"


FORMAT = Format("gift", ".gift", CARRIES, recognises, gift_reading.read, write)
