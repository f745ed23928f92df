"""`numbering.xml`: the number that Word shows before a paragraph and that is nowhere in its text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from studyhub.questions.formats.element import Element
from studyhub.questions.formats.word.numerals import written
from studyhub.questions.formats.word.properties import child, number, switched, value
from studyhub.questions.formats.word.styles import Styles

_DEEPEST = 9
_LETTERS = frozenset({"upperLetter", "lowerLetter"})
_NUMBERS = frozenset({"decimal", "decimalZero", "decimalFullWidth"})
_PLACE = re.compile(r"%([1-9])")


@dataclass(frozen=True, slots=True)
class Label:
    """What Word shows before a paragraph."""

    text: str = ""
    number: int = 0
    may_head: bool = False
    """whether it is a letter, and numbers follow in the level below it"""
    heads: bool = False
    """whether such numbers have been seen: it is no option's letter then"""


@dataclass(slots=True)
class _Level:
    """How one level counts, and what stands around its number: `第%1题`."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    legal: bool = False
    restart: int | None = None
    """the level after whose steps it begins anew; 0: never"""
    style: str = ""


@dataclass(slots=True)
class _List:
    """One `w:num`: its levels, the counters that it shares, and where it starts anew."""

    counters: str
    levels: dict[int, _Level]
    starts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Gives the paragraphs of a document, one after the other, their numbers."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        self._styles = styles
        self._abstract = {
            value(one, "abstractNumId"): one for one in (root.all("abstractNum") if root else ())
        }
        self._lists: dict[str, _List] = {}
        self._nums = {value(one, "numId"): one for one in (root.all("num") if root else ())}
        self._counters: dict[str, dict[int, int]] = {}
        self._sections: set[tuple[str, int]] = set()
        self._begun: set[tuple[str, int]] = set()

    def label(self, properties: Element | None) -> Label:
        """What stands before the paragraph, without text when nothing does."""
        numbered = self._numbered(properties)
        if numbered is None:
            return Label()
        name, depth = numbered
        listed = self._list(name)
        if listed is None or depth not in listed.levels:
            return Label()
        counters = self._counters.setdefault(listed.counters, {})
        self._sections |= self._above_numbers(listed, depth)
        self._step(name, listed, depth, counters)
        below = listed.levels.get(depth + 1)
        return Label(
            _shown(listed.levels, depth, counters),
            counters[depth],
            listed.levels[depth].form in _LETTERS and below is not None and below.form in _NUMBERS,
            (listed.counters, depth) in self._sections,
        )

    def _above_numbers(self, listed: _List, depth: int) -> set[tuple[str, int]]:
        """The levels of letters that this numbered paragraph shows to be above stems."""
        if listed.levels[depth].form not in _NUMBERS:
            return set()
        return {
            (listed.counters, above)
            for above in range(depth)
            if above in listed.levels and listed.levels[above].form in _LETTERS
        }

    def _numbered(self, properties: Element | None) -> tuple[str, int] | None:
        """The list and the level of a paragraph, its own or its style's."""
        own = child(properties, "numPr")
        chain = self._styles.of_paragraph(properties)
        name, depth = value(child(own, "numId")), number(child(own, "ilvl"))
        for style in chain:
            inherited = child(style, "pPr", "numPr")
            if not name:
                name = value(child(inherited, "numId"))
            if depth is None:
                depth = number(child(inherited, "ilvl"))
        if not name or name == "0":
            return None
        if depth is None:
            depth = self._depth_of_style(name, [value(style, "styleId") for style in chain])
        return name, min(max(depth, 0), _DEEPEST - 1)

    def _depth_of_style(self, name: str, styles: list[str]) -> int:
        listed = self._list(name)
        levels = listed.levels.items() if listed else ()
        return next((depth for depth, level in levels if level.style and level.style in styles), 0)

    def _list(self, name: str) -> _List | None:
        if name not in self._lists:
            num = self._nums.get(name)
            abstract = self._abstract_of(num)
            if num is None or abstract is None:
                return None
            self._lists[name] = _read_list(num, abstract)
        return self._lists[name]

    def _abstract_of(self, num: Element | None) -> Element | None:
        """The definition of a list; one that only names a style is defined by the list of that style."""
        for _step in range(_DEEPEST):
            abstract = self._abstract.get(value(child(num, "abstractNumId")))
            link = value(child(abstract, "numStyleLink"))
            if abstract is None or not link:
                return abstract
            style = next(self._styles.chain(link), None)
            num = self._nums.get(value(child(style, "pPr", "numPr", "numId")))
        return None

    def _step(self, name: str, listed: _List, depth: int, counters: dict[int, int]) -> None:
        level = listed.levels[depth]
        if depth in listed.starts and (name, depth) not in self._begun:
            self._begun.add((name, depth))
            counters[depth] = listed.starts[depth]
        else:
            counters[depth] = counters[depth] + 1 if depth in counters else level.start
        for above in range(depth):
            if above not in counters and above in listed.levels:
                counters[above] = listed.levels[above].start
        for below in range(depth + 1, _DEEPEST):
            restart = listed.levels[below].restart if below in listed.levels else None
            if restart is None or (restart > 0 and depth < restart):
                counters.pop(below, None)


def _read_list(num: Element, abstract: Element) -> _List:
    levels = {depth: _level(one) for one in abstract.all("lvl") if (depth := number(one, "ilvl")) is not None}
    starts: dict[int, int] = {}
    for override in num.all("lvlOverride"):
        depth = number(override, "ilvl")
        if depth is None:
            continue
        replaced = override.first("lvl")
        if replaced is not None:
            levels[depth] = _level(replaced)
        start = number(override.first("startOverride"))
        if start is not None:
            starts[depth] = start
    return _List(value(abstract, "abstractNumId"), levels, starts)


def _level(one: Element) -> _Level:
    form = one.first("numFmt") or child(one, "AlternateContent", "Choice", "numFmt")
    start = number(one.first("start"))
    return _Level(
        start=1 if start is None else start,
        form=value(form) or "decimal",
        text=value(one.first("lvlText")),
        legal=bool(switched(one, "isLgl")),
        restart=number(one.first("lvlRestart")),
        style=value(one.first("pStyle")),
    )


def _shown(levels: dict[int, _Level], depth: int, counters: dict[int, int]) -> str:
    level = levels[depth]
    if level.form == "bullet":
        return ""

    def put(place: re.Match[str]) -> str:
        at = int(place[1]) - 1
        other = levels.get(at)
        form = "decimal" if level.legal or other is None else other.form
        return written(counters.get(at, 1), form)

    label = _PLACE.sub(put, level.text).strip()
    # `A` and `1` alone are nothing that a reader of texts knows for a letter or a number.
    return f"{label}." if label[-1:].isascii() and label[-1:].isalnum() else label
