"""连线: what stands on the left belongs to something on the right; distractors belong to nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from studyhub.questions.document import Mapping as MappingNode
from studyhub.questions.document import Node, Scalar
from studyhub.questions.fields import Fields, no_mapping
from studyhub.questions.grammar import fullwidth_colon
from studyhub.questions.types.base import Answer, BadAnswer, Explanation, Order, Parts, QuestionType, normal
from studyhub.questions.types.shuffling import disguised, letters, shuffled

FEWEST, MOST = 2, 26


@dataclass(frozen=True, slots=True)
class Pairs:
    """Each left text with its right one, as written. A right one that several share stands there once."""

    pairs: tuple[tuple[str, str], ...]
    distractors: tuple[str, ...] = ()
    shuffle: bool = True

    @property
    def right(self) -> tuple[str, ...]:
        """What may be chosen, each text once, in the file's order."""
        return tuple(dict.fromkeys([*(right for _, right in self.pairs), *self.distractors]))


class Match(QuestionType[Pairs]):
    """A layout names texts by their paths, from 1 in the file: `("left.2", "left.1", "right.3", …)`."""

    name = "match"
    keys = frozenset({"pairs", "distractors"})
    key_in = "pairs"

    def check(self, fields: Fields, prompt: str) -> Pairs | None:
        pairs = read_pairs(fields)
        distractors = _read_distractors(fields, [right for _, right in pairs or ()])
        shuffle = fields.boolean("shuffle", True)
        if pairs is None or distractors is None:
            return None
        content = Pairs(pairs, distractors, shuffle)
        place = fields.found["pairs"][1]
        if len(content.right) > MOST:
            fields.report.error("too_many_right", place, count=len(content.right), most=MOST)
        elif len(content.right) == 1:
            fields.report.warn("one_to_choose", place)
        return content

    def lay_out(self, content: Pairs, seed: bytes | None) -> Order:
        left = tuple(f"left.{n}" for n in range(1, len(content.pairs) + 1))
        right = {f"right.{n}": text for n, text in enumerate(content.right, 1)}
        if seed is None or not content.shuffle:
            return left + disguised(right)
        return shuffled(left, seed) + shuffled(tuple(right), seed)

    def accept(self, content: Pairs, order: Order, answer: Answer) -> Answer:
        if answer is None:
            return None
        if not isinstance(answer, dict):
            raise BadAnswer
        left, right = _shown(order)
        given = {key: letter for key, letter in answer.items() if letter not in (None, "")}
        if not given.keys() <= left.keys() or not all(
            isinstance(letter, str) and letter in right for letter in given.values()
        ):
            raise BadAnswer
        return {key: given[key] for key in left if key in given} or None

    def mark(self, content: Pairs, order: Order, answer: Answer) -> Fraction:
        return Fraction(sum(_verdicts(content, order, answer)), len(content.pairs))

    def explain(self, content: Pairs, order: Order, answer: Answer) -> Explanation:
        return Explanation(key=_key(content, order), parts=_verdicts(content, order, answer))

    def parts(self, content: Pairs, order: Order) -> Parts:
        left, right = _shown(order)
        return {"left": [*left.items()], "right": [*right.items()]}

    def as_written(self, content: Pairs) -> dict[str, Any]:
        written: dict[str, Any] = {"pairs": dict(content.pairs)}
        if content.distractors:
            written["distractors"] = list(content.distractors)
        return written if content.shuffle else written | {"shuffle": False}

    def of_key(self, content: Pairs, prompt: str) -> dict[str, Any]:
        return {"distractors": sorted(content.distractors)}

    def stored(self, written: Mapping[str, Any]) -> Pairs:
        return Pairs(
            tuple(written["pairs"].items()),
            tuple(written.get("distractors", ())),
            written.get("shuffle", True),
        )

    def texts(self, content: Pairs) -> dict[str, str]:
        left = {f"left.{n}": text for n, (text, _) in enumerate(content.pairs, 1)}
        return left | {f"right.{n}": text for n, text in enumerate(content.right, 1)}


def _shown(order: Order) -> tuple[dict[str, str], dict[str, str]]:
    """The paths behind the shown numbers of the left side and the shown letters of the right one."""
    left = [path for path in order if path.startswith("left.")]
    right = [path for path in order if path.startswith("right.")]
    return {str(n): path for n, path in enumerate(left, 1)}, letters(right)


def _key(content: Pairs, order: Order) -> dict[str, str]:
    """The right letter of each shown number."""
    left, right = _shown(order)
    letter_of = {path: letter for letter, path in right.items()}
    place = {text: n for n, text in enumerate(content.right, 1)}
    mates = [place[text] for _, text in content.pairs]
    return {key: letter_of[f"right.{mates[int(path[5:]) - 1]}"] for key, path in left.items()}


def _verdicts(content: Pairs, order: Order, answer: Answer) -> tuple[bool, ...]:
    """Whether each shown number was given its letter."""
    return tuple((answer or {}).get(key) == letter for key, letter in _key(content, order).items())


def read_pairs(fields: Fields) -> tuple[tuple[str, str], ...] | None:
    node = fields.value("pairs", required=True)
    report = fields.report
    if node is None:
        return None
    if not isinstance(node, MappingNode):
        no_mapping(node, report, "pairs")
        return None
    if not FEWEST <= len(node.pairs) <= MOST:
        report.error("pair_count", node, count=len(node.pairs), fewest=FEWEST, most=MOST)
    first: dict[str, Node] = {}
    read = [_read_pair(fields, key, value, first) for key, value in node.pairs]
    pairs = [pair for pair in read if pair]
    return tuple(pairs) if len(pairs) == len(read) else None


def _read_pair(fields: Fields, key: Node, value: Node, first: dict[str, Node]) -> tuple[str, str] | None:
    report = fields.report
    if isinstance(key, Scalar) and isinstance(value, Scalar) and value.is_null and "：" in key.value:
        word = key.value.split("：", 1)[0].strip()
        report.add(fullwidth_colon(word, key.line, key.column, report.grammar).about(report.subject))
        return None
    left, right = report.text_of(key, "pairs"), report.text_of(value, "pairs")
    for node, text in ((key, left), (value, right)):
        if text is None and isinstance(node, Scalar):
            report.error("empty_pair", node)
    if left and first.setdefault(_plain(left), key) is not key:
        report.error("same_left", key, text=left, line=first[_plain(left)].line)
    return (left, right) if left and right else None


def _read_distractors(fields: Fields, right: Sequence[str]) -> tuple[str, ...] | None:
    """Texts that belong to nothing on the left; None after a fault."""
    report = fields.report
    taken = {_plain(text) for text in right}
    texts: dict[str, str] = {}
    faulty = False
    for node in fields.items("distractors") or ():
        text = report.text_of(node, "distractors")
        if text is None:
            faulty = True
            if isinstance(node, Scalar):
                report.error("empty_value", node, key="distractors")
        elif _plain(text) in taken:
            faulty = True
            report.error("distractor_is_right", node, text=text)
        elif _plain(text) in texts:
            report.warn("same_distractor", node, text=text)
        else:
            texts[_plain(text)] = text
    return None if faulty else tuple(texts.values())


def _plain(text: str) -> str:
    return normal(text).casefold()
