"""An entry → a question, and what was guessed on the way."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from studyhub.questions.fields import LONGEST_TEXT
from studyhub.questions.formats.exchange import Item, skip
from studyhub.questions.formats.from_markup import literal
from studyhub.questions.formats.layout import (
    answers,
    arranging,
    choosing,
    filling,
    gaps,
    joining,
    judging,
    reckoning,
    signs,
)
from studyhub.questions.formats.layout.entry import Entry
from studyhub.questions.formats.layout.guess import Guess, spread
from studyhub.questions.formats.layout.line import Held, Line
from studyhub.questions.formats.layout.parts import Option, Parts, concatenated, parts_of

_TAG = r"[【\[(]\s*([^【】\[\]()\s]{2,8})\s*[】\])]\s*"
_TAG_BEFORE, _TAG_AFTER = re.compile(_TAG), re.compile(r"\s*" + _TAG + "$")
_POINTS = r"[(【\[]\s*(?:本题|本小题|每题|每空|共|计|满分)?\s*(\d+(?:\.\d+)?)\s*分\s*[)】\]]"
_POINTS_AT = (re.compile(r"\s*" + _POINTS + r"\s*"), re.compile(r"\s*" + _POINTS + r"\s*$"))
_STARS = re.compile(r"([★⭐]{1,5})[☆]*")
_EASE = {
    **dict.fromkeys(("易", "容易", "简单", "较易", "较容易", "较简单", "基础", "低", "easy"), "easy"),
    **dict.fromkeys(("中", "中等", "一般", "适中", "普通", "medium"), "medium"),
    **dict.fromkeys(("难", "较难", "困难", "较高", "高", "很难", "hard"), "hard"),
}
_SHARE = re.compile(r"0?\.\d{1,4}")
_CHOICES = frozenset({"single", "multiple", "indefinite", "choice"})
_LONGEST_NOTE = 80
_LONGEST_TAG = 60


# Escaping renders a text twice; the readings of one item, and the items of a bank, share most of theirs.
_escaped = lru_cache(maxsize=4096)(literal)


@dataclass(slots=True)
class Made:
    item: Item
    guesses: list[Guess] = field(default_factory=list)
    notes: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


def made_of(entry: Entry, held: Held) -> Made:
    """The question of an entry. Raises Skip with the reason when it is none that can be read."""
    made = _Maker(entry).make()

    def finished(item: Item) -> Item:
        shown = _each_text(item, lambda text: gaps.written(held.released(_escaped(text))))
        if item["type"] == "blank" and "answer" in item:
            shown["answer"] = [[held.released(text) for text in texts] for texts in item["answer"]]
        return shown

    made.item, made.guesses = finished(made.item), spread(made.guesses, finished)
    return made


def _each_text(item: Item, change: Callable[[str], str]) -> Item:
    """The item with its prose as Markdown. Answers of blanks are compared, not shown: they stay."""
    changed = dict(item)
    for key in ("prompt", "explanation", "model_answer"):
        if item.get(key):
            changed[key] = change(item[key])
    if "options" in item:
        changed["options"] = {key: change(text) for key, text in item["options"].items()}
    if "pairs" in item:
        changed["pairs"] = {change(left): change(right) for left, right in item["pairs"].items()}
    changed |= {key: [change(text) for text in item[key]] for key in ("items", "distractors") if key in item}
    return changed


class _Maker:
    def __init__(self, entry: Entry) -> None:
        if sum(len(line.text) for line in entry.lines) > LONGEST_TEXT:
            skip("entry_too_long", longest=LONGEST_TEXT)
        self._entry = entry
        self._kind = _tagged(entry.lines[0]) or entry.kind
        self._parts = parts_of(entry.lines, self._kind)
        self._made = Made({})
        self._points = ""
        self._blanks = 1

    def make(self) -> Made:
        self._read_tags()
        if self._parts.stem.blank:
            skip("no_stem")
        self._merge_keys()
        kind = self._deduced()
        self._made.item = self._built(kind)
        shared = self._shared()
        self._made.item |= shared
        self._made.guesses = spread(self._made.guesses, lambda item: item | shared)
        self._doubt_the_rest()
        return self._made

    def _guess(self, code: str, **params: Any) -> None:
        self._made.guesses.append(Guess(code, params))

    # what stands around the question

    def _read_tags(self) -> None:
        """The type and the points that stand in brackets before or behind the stem."""
        stem = self._parts.stem
        for _time in range(3):
            before, after = _TAG_BEFORE.match(stem.half), _TAG_AFTER.search(stem.half, _near_end(stem))
            for found in (before, after):
                kind = signs.kind_word(found[1])[0] if found else ""
                if found and kind:
                    self._kind = kind
                    stem = stem.part(found.end()) if found is before else stem.part(0, found.start())
                    break
            for pattern, at_end in ((_POINTS_AT[0], False), (_POINTS_AT[1], True)):
                found = pattern.search(stem.half, _near_end(stem)) if at_end else pattern.match(stem.half)
                if found:
                    self._points = signs.amount(found[1])
                    stem = stem.part(0, found.start()) if at_end else stem.part(found.end())
        self._parts.stem = stem
        kind = signs.kind_word(self._parts.text("kind"))[0]
        self._kind = kind or self._kind

    def _merge_keys(self) -> None:
        """What a list elsewhere says of this question goes to its own labels."""
        fields = self._parts.fields
        for keyed in self._entry.keyed:
            given = parts_of_key(keyed.lines)
            for name, lines in given.fields.items():
                if name != "answer":
                    fields.setdefault(name, []).extend(lines)
            told = given.fields.get("answer") or [given.stem]
            fields.setdefault("keyed", []).extend(told)
        if len(self._entry.keyed) > 1:
            self._guess("answered_twice")

    def _shared(self) -> Item:
        """The keys that all types have."""
        item: Item = {}
        explanation = self._parts.text("explanation")
        if explanation:
            item["explanation"] = explanation
        points = self._stated_points()
        if points:
            item["points"] = points
        difficulty = self._difficulty()
        if difficulty:
            item["difficulty"] = difficulty
        tags = [tag for tag in re.split(r"[\s,，、;；]+", self._parts.text("tags")) if tag]
        if tags:
            item["tags"] = list(dict.fromkeys(tags))
        document = self._parts.text("source").strip("。;；")
        if document:
            item["source"] = {"document": document}
        return item

    def _stated_points(self) -> str:
        label = re.search(r"\d+(?:\.\d+)?", self._parts.text("points"))
        if label:
            return signs.amount(label[0])
        if self._points:
            return self._points
        heading = self._entry.section
        if heading.points and heading.per_blank:
            return signs.amount(str(float(heading.points) * self._blanks))
        return heading.points

    def _difficulty(self) -> str:
        said = "".join(line.half for line in self._parts.fields.get("difficulty", ())).strip(" 。.;度")
        if not said:
            return ""
        stars = _STARS.fullmatch(said)
        if stars:
            return {1: "easy", 2: "easy", 3: "medium"}.get(len(stars[1]), "hard")
        if _SHARE.fullmatch(said):
            return said if said.startswith("0") else f"0{said}"
        if said.lower() not in _EASE:
            self._made.notes.append(("value_unread", {"label": "难度", "value": said[:_LONGEST_NOTE]}))
        return _EASE.get(said.lower(), "")

    def _doubt_the_rest(self) -> None:
        for code in self._entry.doubts:
            self._guess(code)
        if self._parts.repeated:
            self._guess("answered_twice")
        if self._parts.options and not self._parts.regular and "options" in self._made.item:
            self._guess("option_letters", letters="".join(o.letter for o in self._parts.options))
        if "options" in self._made.item and _ends_in_heading(self._parts.options):
            self._guess("option_heading", letter=self._parts.options[-1].letter)
        if self._parts.trailing and "options" in self._made.item and not self._parts.fields.get("answer"):
            self._guess("line_after_options")

    # which type

    def _deduced(self) -> str:
        if self._kind == "match" or (self._kind == "order" and not arranging.are_orders(self._parts.options)):
            return self._kind
        if self._parts.options:
            judged = self._kind == "truefalse" and judging.are_verdicts(self._parts.options)
            return "truefalse" if judged else "choice"
        if self._kind in _CHOICES:
            return self._without_options()
        if self._kind in ("truefalse", "blank", "number"):
            return self._kind
        return self._deduced_of_answer(self._kind)

    def _without_options(self) -> str:
        """A question under 选择题 that has none: another type is a guess."""
        if self._verdict_given() is None:
            skip("no_options")
        self._guess("kind_differs")
        return "truefalse"

    def _deduced_of_answer(self, kind: str) -> str:
        if kind == "essay":
            return "essay"
        if self._verdict_given() is not None and not gaps.filled(self._parts.stem)[1:]:
            return "truefalse"
        if gaps.blanks(self._parts.stem) and self._explicit():
            return "blank"
        if gaps.underlined(self._parts.stem) or re.search(r"_[^_\n]+_", self._parts.stem.half):
            return "blank"
        return "essay"

    def _explicit(self) -> Line | None:
        """The answer as a label or a list gives it."""
        lines = [*self._parts.fields.get("answer", ()), *self._parts.fields.get("keyed", ())]
        return next((line for line in lines if not line.blank), None)

    def _verdict_given(self) -> bool | None:
        explicit = self._explicit()
        if explicit is not None:
            more = answers.verdict_and_more(explicit.text, explicit.half)
            told = answers.verdict(explicit.half)
            return told if told is not None or more is None else more[0]
        gap = gaps.bracketed_verdict(self._parts.stem)
        return answers.verdict(gap.inside) if gap else None

    # the types

    def _built(self, kind: str) -> Item:
        if kind == "choice":
            item, guesses = choosing.item(self._parts, self._kind)
        elif kind == "truefalse":
            item, guesses = judging.item(self._parts)
        elif kind == "blank":
            item, guesses = filling.item(self._parts)
            self._blanks = max(1, len(item.get("answer", ())))
        elif kind in ("match", "order"):
            return self._of_lists(kind)
        elif kind == "number":
            item, guesses = self._number()
        else:
            return self._essay()
        self._made.guesses += guesses
        return item

    def _of_lists(self, kind: str) -> Item:
        """What can be laid out in many ways is read where all of it comes out, and else left to a person."""
        told = concatenated(self._parts.fields.get("answer") or self._parts.fields.get("keyed") or [])
        read = joining.item if kind == "match" else arranging.item
        made = read(self._parts, told)
        if made is None:
            skip("no_layout", kind={"match": "连线题", "order": "排序题"}[kind])
        return made

    def _number(self) -> tuple[Item, list[Guess]]:
        fields = self._parts.fields
        told = [line for name in ("answer", "keyed") for line in fields.get(name, ()) if not line.blank]
        made = reckoning.item(self._parts, told)
        return made or (self._essay(), [Guess("kind_differs")])

    def _essay(self) -> Item:
        item: Item = {"type": "essay", "prompt": self._parts.stem.text}
        model = "\n".join(filter(None, (self._parts.text("answer"), self._parts.text("keyed"))))
        if model:
            item["model_answer"] = model
        if not self._kind:
            self._guess("taken_for_essay")
        return item


def _ends_in_heading(options: Sequence[Option]) -> bool:
    """Whether the last option alone reads like the heading of a section: `B. 判断题（每题1分）`."""
    *before, last = (signs.heading(Line(option.line.text.split("\n")[0])) for option in options)
    return last is not None and bool(last.kind) and not any(before)


def _near_end(line: Line) -> int:
    """Where it is enough to look from for what stands in brackets at the end."""
    return max(0, len(line.half.rstrip()) - _LONGEST_TAG)


def _tagged(line: Line) -> str:
    """The type that stands in brackets at the beginning or end of a stem's first line."""
    found = [_TAG_BEFORE.match(line.half), _TAG_AFTER.search(line.half, _near_end(line))]
    return next((kind for tag in found if tag and (kind := signs.kind_word(tag[1])[0])), "")


def parts_of_key(lines: list[Line]) -> Parts:
    """A list's answer: what stands before the first label is the answer itself."""
    found = parts_of(lines)
    if found.options:
        # Options are explained one by one there: nothing of it is an option.
        labelled = [
            Line(f"答案：{line.text}", line.number) if at == 0 else line for at, line in enumerate(lines)
        ]
        return parts_of(labelled)
    return found
