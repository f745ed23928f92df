"""A paper's questions as the lines they are written in, each below the heading of its type, numbered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from hashlib import sha256
from itertools import groupby
from string import ascii_uppercase

from studyhub.questions.formats.exchange import Item
from studyhub.questions.formats.layout import columns, reckoning
from studyhub.questions.formats.layout.signs import HAN
from studyhub.questions.types.blank import MARK

LONGEST_RUN = 5_000
"""Questions below one heading: their numbers have four digits at most."""
LAST_ORDINAL = 99
"""九十九、; a heading after that has none."""
_HEADINGS = {
    "single": "单项选择题",
    "multiple": "多项选择题",
    "truefalse": "判断题",
    "blank": "填空题",
    "number": "数值题",
    "match": "连线题",
    "order": "排序题",
    "essay": "简答题",
    "passage": "材料题",
}
_CIRCLES = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_EASE = {"easy": "易", "medium": "中", "hard": "难"}
_ROOM = "________"
_ANSWER = "答案："


@dataclass(frozen=True, slots=True)
class Laid:
    """A question as it is written, and as it must come back."""

    name: str
    item: Item
    expected: Item
    listed: bool = False
    """whether each option has a line of its own, however short they are"""

    def without(self, keys: Sequence[str]) -> Laid:
        def left(item: Item) -> Item:
            return {key: value for key, value in item.items() if key not in keys}

        return replace(self, item=left(self.item), expected=left(self.expected))


class Kind(StrEnum):
    """What a line is, for formats that show each as it should look."""

    TITLE = "title"
    HEADING = "heading"
    STEM = "stem"
    TEXT = "text"
    """of a stem of several lines, and the material of questions"""
    OPTION = "option"
    HALVES = "halves"
    """two options side by side"""
    QUARTERS = "quarters"
    """up to four of them"""
    KEY = "key"
    """the answer, and what is said of the question"""
    GAP = "gap"
    """an empty line within a question"""
    SPACE = "space"


Row = tuple[Kind, str]


@dataclass(frozen=True, slots=True)
class Paper:
    """The lines, what each is, and the index of the one that each question begins with."""

    lines: list[str] = field(default_factory=list)
    kinds: list[Kind] = field(default_factory=list)
    begins: list[int] = field(default_factory=list)

    def add(self, kind: Kind, text: str) -> None:
        self.kinds.append(kind)
        self.lines.append(text)

    def below(self, titles: Sequence[str]) -> Paper:
        """The same with a title above it."""
        kinds = [Kind.TITLE if title else Kind.SPACE for title in titles]
        above = len(titles)
        return Paper([*titles, *self.lines], [*kinds, *self.kinds], [at + above for at in self.begins])


def paper_of(laid: Sequence[Laid]) -> Paper:
    """Each run of one type below its heading, numbered from 1."""
    paper = Paper()
    runs = (list(run) for _, run in groupby(laid, key=lambda one: one.item["type"]))
    sections = [run[at : at + LONGEST_RUN] for run in runs for at in range(0, len(run), LONGEST_RUN)]
    for place, section in enumerate(sections, 1):
        each = _points_of_each(section)
        paper.add(
            Kind.HEADING, _heading(place, section[0].item["type"]) + (f"（每题{each}分）" if each else "")
        )
        paper.add(Kind.GAP, "")
        number = 1
        for one in section:
            paper.begins.append(len(paper.lines))
            shown = one.without(["points"]) if each else one
            for kind, text in _question(shown, number):
                paper.add(kind, text)
            paper.add(Kind.SPACE, "")
            number += len(one.item.get("questions", (None,)))
    return paper


def _points_of_each(section: Sequence[Laid]) -> str:
    """The points that all questions below a heading have; "" where they differ or nothing says them."""
    points = {str(one.item.get("points", "")) for one in section}
    return points.pop() if len(points) == 1 else ""


def _heading(place: int, kind: str) -> str:
    if place > LAST_ORDINAL:
        return _HEADINGS[kind]
    tens, ones = divmod(place, 10)
    ordinal = (HAN[tens - 1] if tens > 1 else "") + ("十" if tens else "") + (HAN[ones - 1] if ones else "")
    return f"{ordinal}、{_HEADINGS[kind]}"


def _question(laid: Laid, number: int) -> Iterator[Row]:
    item = laid.item
    if item["type"] == "passage":
        parts = item["questions"]
        last = number + len(parts) - 1
        yield Kind.STEM, f"阅读下列材料，回答{number}-{last}题。"
        yield from _rows(Kind.TEXT, item["prompt"])
        for at, part in enumerate(parts, number):
            yield from _single(part, f"{at}. [{_HEADINGS[part['type']]}] ", listed=laid.listed)
        return
    yield from _single(item, f"{number}. ", listed=laid.listed)


def _single(item: Item, before: str, *, listed: bool) -> Iterator[Row]:
    first, *more = _rows(Kind.TEXT, f"{before}{MARK.sub(_ROOM, item['prompt'])}")
    yield Kind.STEM, first[1]
    yield from more
    if "options" in item:
        yield from _options(item["options"], listed=listed)
    for text in _BODIES[item["type"]](item):
        yield from _rows(Kind.KEY if text.startswith(_ANSWER) else Kind.OPTION, text)
    for text in _said_of(item):
        yield from _rows(Kind.KEY, text)


def _rows(kind: Kind, text: str) -> Iterator[Row]:
    return ((kind if line else Kind.GAP, line) for line in text.split("\n"))


_BESIDE = {1: Kind.OPTION, 2: Kind.HALVES, 4: Kind.QUARTERS}


def _options(options: dict[str, str], *, listed: bool) -> Iterator[Row]:
    lettered = [f"{letter}. {text}" for letter, text in options.items()]
    beside = 1 if listed else columns.columns(lettered)
    for text in columns.rows(lettered, beside):
        yield from _rows(_BESIDE[beside], text)


def _said_of(item: Item) -> Iterator[str]:
    short = []
    if "difficulty" in item:
        short.append(f"难度：{_EASE.get(item['difficulty'], item['difficulty'])}")
    if "points" in item:
        short.append(f"分值：{item['points']}")
    if item.get("tags"):
        short.append(f"知识点：{'、'.join(item['tags'])}")
    if short:
        yield "　　".join(short)
    if "source" in item:
        yield f"出处：{item['source']['document']}"
    if item.get("explanation"):
        yield f"解析：{item['explanation']}"


def _choice(item: Item) -> Iterator[str]:
    yield f"{_ANSWER}{''.join(item['answer'])}"


def _truefalse(item: Item) -> Iterator[str]:
    yield f"{_ANSWER}{'√' if item['answer'] else '×'}"


def _blank(item: Item) -> Iterator[str]:
    yield f"{_ANSWER}{'；'.join(' 或 '.join(texts) for texts in item['answer'])}"


def _number(item: Item) -> Iterator[str]:
    yield f"{_ANSWER}{reckoning.written(item)}"


def _match(item: Item) -> Iterator[str]:
    """Both lists, the right one mixed: what follows is found out, and not read off."""
    yield from (f"（{at}）{left}" for at, left in enumerate(item["pairs"], 1))
    places = _mixed(list(item["pairs"].values()))
    values, letters = list(item["pairs"].values()), dict(zip(places, ascii_uppercase, strict=False))
    right = [*(values[place] for place in places), *item.get("distractors", ())]
    yield from (f"{letter}. {text}" for letter, text in zip(ascii_uppercase, right, strict=False))
    yield f"{_ANSWER}{'，'.join(f'{at + 1}-{letters[at]}' for at in sorted(letters))}"


def _order(item: Item) -> Iterator[str]:
    items = item["items"]
    places = _mixed(items)
    yield from (f"{sign}{items[place]}" for sign, place in zip(_CIRCLES, places, strict=False))
    signs = dict(zip(places, _CIRCLES, strict=False))
    yield f"{_ANSWER}{''.join(signs[place] for place in sorted(signs))}"


def _mixed(texts: Sequence[str]) -> list[int]:
    """The places of these texts in an order of its own, the same each time, and never the right one."""
    places = sorted(range(len(texts)), key=lambda at: sha256(texts[at].encode()).digest())
    right = places == sorted(places)
    return [*places[1:], *places[:1]] if right else places


def _essay(item: Item) -> Iterator[str]:
    if item.get("model_answer"):
        yield f"{_ANSWER}{item['model_answer']}"


_BODIES: dict[str, Callable[[Item], Iterator[str]]] = {
    "single": _choice,
    "multiple": _choice,
    "truefalse": _truefalse,
    "blank": _blank,
    "number": _number,
    "match": _match,
    "order": _order,
    "essay": _essay,
}
