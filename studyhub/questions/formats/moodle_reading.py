"""Reading Moodle XML: its categories, its questions, and the texts that several of them are about."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from studyhub.kernel.errors import Unreadable
from studyhub.questions.fields import SLUG
from studyhub.questions.formats import xml_source
from studyhub.questions.formats.element import Element
from studyhub.questions.formats.exchange import Item, Reading, Source, skip
from studyhub.questions.formats.gift_reading import category_parts
from studyhub.questions.formats.moodle_question import Question
from studyhub.questions.formats.xml_source import Budget


def read(source: Source) -> Reading:
    reading = Reading()
    passage: _Passage | None = None
    for question in _questions(source, reading):
        if passage is not None and passage.holds(question):
            passage.parts.append(question)
            continue
        if passage is not None:
            reading.add(passage.text.place, passage.item)
        passage = _Passage(question) if question.is_text else None
        if passage is None:
            reading.add(question.place, question.item)
    if passage is not None:
        reading.add(passage.text.place, passage.item)
    return reading


def _questions(source: Source, reading: Reading) -> Iterator[Question]:
    place = 0
    category = _Category(reading)
    for element in xml_source.parts(source.data, partial(_opened, reading), budget=Budget()):
        if element.tag != "question":
            reading.note("unknown_part", part=element.tag[:100])
        elif element.get("type") == "category":
            category.enter(element)
        else:
            place += 1
            yield Question(element, category.tags, reading, place)


def _opened(reading: Reading, root: Element) -> None:
    if root.tag != "quiz":
        raise Unreadable("xml_root", line=root.line, tag=root.tag[:100], wanted="quiz")
    reading.head["language"] = root.get("xml:lang")


class _Category:
    """The category that questions are in. A first one with an ID number is the bank; the others are tags."""

    def __init__(self, reading: Reading) -> None:
        self.tags: list[str] = []
        self._reading = reading
        self._bank: list[str] | None = None

    def enter(self, element: Element) -> None:
        holder = element.first("category")
        parts = category_parts(holder.text_of("text") if holder else "")
        idnumber = element.text_of("idnumber").strip()
        if self._bank is None and SLUG.fullmatch(idnumber):
            self._bank = parts
            self._reading.head |= {"bank": idnumber, "title": parts[-1] if parts else ""}
        known = self._bank or []
        self.tags = parts[len(known) :] if parts[: len(known)] == known else parts


class _Passage:
    """A text, and the questions that follow it and say by their ID numbers that they are about it."""

    def __init__(self, text: Question) -> None:
        self.text = text
        self.parts: list[Question] = []

    def holds(self, question: Question) -> bool:
        return bool(self.text.id) and question.id.startswith(f"{self.text.id}/") and not question.is_text

    def item(self) -> Item:
        if not self.parts:
            skip("description")
        return self.text.passage([part.part() for part in self.parts])
