"""What single and multiple choice share: options, their order on a paper, and the letters that are shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from string import ascii_uppercase
from typing import Any

from studyhub.questions.document import Mapping as MappingNode
from studyhub.questions.document import Node, Scalar, Sequence
from studyhub.questions.fields import Fields, read_mapping
from studyhub.questions.types import naming
from studyhub.questions.types.base import BadAnswer, Order, Parts, normal
from studyhub.questions.types.shuffling import letters, shuffled

FEWEST, MOST = 2, 26
LETTERS = frozenset(ascii_uppercase)

# 以上都对, 以上选项均不正确, 上述说法全都错误; all of the above, none of these.
_SUMS_UP = re.compile(
    r"(以上|上述)(各|的|所有|全部|几)?(项|选项|说法|答案|内容|情况|观点)?(都|全|皆|均|全部|全都)(不|没有?)?"
    r"(是|对|错|正确|错误|包括|符合|可以|行|不?正确)?\W*|(all|none|both|neither) of (the above|these)\W*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Option:
    key: str
    text: str
    feedback: str = ""

    @property
    def sums_up(self) -> bool:
        """Whether it speaks of the options above it, and so must stay below them."""
        return _SUMS_UP.fullmatch(self.text.strip()) is not None


@dataclass(frozen=True, slots=True)
class Choice:
    """Options and which of them are right. `shuffle` is false when the file pins their order."""

    options: tuple[Option, ...]
    right: frozenset[str]
    shuffle: bool = True
    marking: str = ""
    last: frozenset[str] = field(init=False, repr=False, compare=False)
    """The keys that stay below the others when they are shuffled."""

    def __post_init__(self) -> None:
        # Once for a question that is read, not for each paper that it is laid out for.
        sums_up = frozenset(option.key for option in self.options if option.sums_up)
        object.__setattr__(self, "last", sums_up)


def lay_out(content: Choice, seed: bytes | None) -> Order:
    """A keyed hash of each key orders the options: the same for a seed for ever, whatever the library."""
    keys = tuple(option.key for option in content.options)
    if seed is None or not content.shuffle:
        return keys
    ordered = shuffled(keys, seed)
    last = content.last
    return tuple(sorted(ordered, key=last.__contains__)) if last else ordered


def parts(order: Order) -> Parts:
    """The options as a paper shows them."""
    return {"options": [(letter, f"options.{key}") for letter, key in letters(order).items()]}


def chosen(order: Order, answer: Any) -> frozenset[str]:
    """The file's keys of a list of shown letters. Raises BadAnswer for one that is not shown."""
    shown = letters(order)
    if not all(isinstance(letter, str) and letter in shown for letter in answer):
        raise BadAnswer
    return frozenset(shown[letter] for letter in answer)


def in_letters(order: Order, keys: frozenset[str]) -> list[str]:
    """The shown letters of the file's keys, in the order shown."""
    return [letter for letter, key in letters(order).items() if key in keys]


def feedback(content: Choice, order: Order, keys: frozenset[str]) -> dict[str, str]:
    """For each shown letter among `keys` whose option has feedback: the option's key."""
    having = {option.key for option in content.options if option.feedback}
    return {letter: key for letter, key in letters(order).items() if key in keys & having}


def read_options(fields: Fields) -> tuple[Option, ...]:
    """The options of a question; each fault is reported, and what is left is returned."""
    node = fields.value("options", required=True)
    report = fields.report
    if node is None:
        return ()
    if isinstance(node, Sequence):
        report.error("not_a_mapping", node, "options_like", key="options")
        return ()
    pairs = read_mapping(node, LETTERS, report, "options")
    if pairs is None:
        return ()
    if isinstance(node, MappingNode) and not FEWEST <= len(node.pairs) <= MOST:
        report.error("option_count", node, count=len(node.pairs), fewest=FEWEST, most=MOST)
    options = [_option(fields, key, value) for key, (_, value) in pairs.found.items()]
    _warn_of_equals(fields, options, pairs)
    if fields.boolean("shuffle", True):
        _warn_of_letters(fields, options, pairs)
    return tuple(options)


def _option(fields: Fields, key: str, node: Node) -> Option:
    report = fields.report
    feedback: str | None = None
    text_node: Node | None = node
    if isinstance(node, MappingNode):
        parts = read_mapping(node, frozenset({"text", "feedback"}), report, key)
        text_node = parts.found["text"][1] if parts and "text" in parts else None
        feedback = parts.text("feedback") if parts else None
    text = report.text_of(text_node, key) if text_node is not None else None
    if text is None and (text_node is None or isinstance(text_node, Scalar)):
        report.error("empty_option", text_node or node, key=key)
    return Option(key, text or "", feedback or "")


def _warn_of_equals(fields: Fields, options: list[Option], pairs: Fields) -> None:
    seen: dict[str, str] = {}
    shuffled = fields.boolean("shuffle", True)
    for option in options:
        text = _bare(option.text)
        node = pairs.found[option.key][1]
        if text and seen.setdefault(text, option.key) != option.key:
            fields.report.warn("equal_options", node, first=seen[text], second=option.key)
        if shuffled and option.sums_up:
            fields.report.warn("sums_up", node, "pin_order", key=option.key, text=option.text)


def _warn_of_letters(fields: Fields, options: list[Option], pairs: Fields) -> None:
    keys = {option.key for option in options}
    for option in options:
        if naming.whole(option.text, keys, [other.text for other in options]):
            fields.report.warn("names_letters", pairs.found[option.key][1], text=option.text)
    explanation = fields.found["explanation"][1] if "explanation" in fields else None
    named = naming.mention(explanation.value, keys) if isinstance(explanation, Scalar) else ""
    if named and explanation is not None:
        fields.report.warn("names_letters", explanation, text=named)


def _bare(text: str) -> str:
    """The text as it is compared with other options: 甲 and 甲。 say the same; + and - do not."""
    plain = normal(text).casefold()
    return plain.rstrip("。.;,、!?… ") or plain


def read_right(fields: Fields, options: tuple[Option, ...], *, several: bool) -> frozenset[str]:
    """The right keys of `answer: B`, `answer: AC` or `answer: [A, C]`; empty after a fault."""
    node = fields.value("answer", required=True)
    if node is None:
        return frozenset()
    given = _letters_given(node, several)
    keys = tuple(option.key for option in options)
    if given is None or (not several and len(given) != 1):
        fields.report.error(
            "answer_form", node, "answer_list" if several else "answer_letter", keys=_span(keys)
        )
        return frozenset()
    if not options:
        return frozenset()
    for at, (letter, place) in enumerate(given):
        if letter not in keys:
            meant = _meant(letter, keys, several=several) or _said(letter, options)
            meant = meant.strip("[]") if isinstance(node, Sequence) else meant
            hint = "did_you_mean" if meant else ""
            fields.report.error("not_an_option", place, hint, key=letter, meant=meant, keys=_span(keys))
        elif letter in (other for other, _ in given[:at]):
            fields.report.error("answer_twice", place, key=letter)
    return frozenset(letter for letter, _ in given) & frozenset(keys)


def _meant(given: str, keys: tuple[str, ...], *, several: bool) -> str:
    """The letter or list that `b`, `Ｂ`, `A,C` or `A、C` stands for; "" when it is none of the options."""
    parts = [part for part in re.split(r"[\s,;、]+", normal(given).upper()) if part]
    if len(parts) == 1 and len(parts[0]) > 1:
        parts = list(parts[0])
    if not parts or not set(parts) <= set(keys) or (len(parts) > 1 and not several):
        return ""
    return parts[0] if len(parts) == 1 else f"[{', '.join(parts)}]"


def _said(given: str, options: tuple[Option, ...]) -> str:
    """The letter of the one option whose text the answer repeats; "" when it is none."""
    same = [option.key for option in options if option.text and _bare(option.text) == _bare(given)]
    return same[0] if len(same) == 1 else ""


def _letters_given(node: Node, several: bool) -> list[tuple[str, Node]] | None:
    if isinstance(node, Scalar):
        text = node.value.strip()
        parts = list(text) if several and text.isalpha() and text.isascii() else [text]
        return [(part, node) for part in parts if part] or None
    if isinstance(node, MappingNode) or not node.items or not several:
        return None
    items = [(item.value.strip(), item) for item in node.items if isinstance(item, Scalar) and item.value]
    return [*items] if len(items) == len(node.items) else None


def _span(keys: tuple[str, ...]) -> str:
    """`A–D` when the keys follow each other, else `A, C, E`."""
    run = ascii_uppercase.find("".join(keys)) >= 0 and len(keys) > 1
    return f"{keys[0]}–{keys[-1]}" if run else ", ".join(keys)


def as_written(content: Choice) -> dict[str, Any]:
    options: dict[str, Any] = {
        option.key: {"text": option.text, "feedback": option.feedback} if option.feedback else option.text
        for option in content.options
    }
    return {"options": options} if content.shuffle else {"options": options, "shuffle": False}


def of_key(content: Choice) -> dict[str, Any]:
    """Feedback is shown beside a mark and never changes it."""
    return {"options": {option.key: option.text for option in content.options}}


def stored_options(written: Mapping[str, Any]) -> tuple[Option, ...]:
    return tuple(
        Option(key, value["text"], value["feedback"]) if isinstance(value, dict) else Option(key, value)
        for key, value in written["options"].items()
    )


def texts(content: Choice) -> dict[str, str]:
    named = {f"options.{option.key}": option.text for option in content.options}
    return named | {
        f"feedback.{option.key}": option.feedback for option in content.options if option.feedback
    }
