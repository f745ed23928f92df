"""One question of Moodle XML as Moodle exports it, question type by question type."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from string import ascii_uppercase
from typing import Any

from studyhub.questions.bank import PASSAGE
from studyhub.questions.fields import NUMBER
from studyhub.questions.formats import from_markup, gap_text, weights
from studyhub.questions.formats.element import Element
from studyhub.questions.formats.exchange import Item, Place, Reading, skip
from studyhub.questions.formats.gap_text import Gap
from studyhub.questions.formats.identity import slug_of
from studyhub.questions.formats.moodle_calculated import datasets_of, judged
from studyhub.questions.formats.moodle_cloze import Gaps
from studyhub.questions.formats.moodle_gaps import Words
from studyhub.questions.formats.moodle_texts import Texts, with_blank

_WILDCARD = re.compile(r"(?<!\\)\*")
_CENT = Decimal("0.01")
_YES = frozenset({"true", "1"})
_UNSHOWN_UNITS = "3"
# What Moodle puts into every export: to name it with each question would hide what is really lost.
_USUAL_PENALTIES = frozenset(map(Decimal, ("0", "0.1", "0.3333333", "1")))
_USUAL_FEEDBACK = re.compile(r"(?:<p>)?Your answer is (?:partially )?(?:in)?correct\.(?:</p>)?")
_COMBINED = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")
_ALL_OR_NOTHING = frozenset({"ALL_OR_NOTHING", "-1"})
_ALL_PAIRS = frozenset({"RELATIVE_ALL_PREVIOUS_AND_NEXT", "4"})


@dataclass(frozen=True, slots=True)
class _Answer:
    """An answer with its weight in per cent; `text` is Markdown, `plain` as it was typed."""

    weight: Decimal
    text: str
    plain: str
    feedback: str
    element: Element

    @property
    def counts(self) -> bool:
        return self.weight >= weights.FULL


class Question:
    def __init__(self, element: Element, tags: Sequence[str], reading: Reading, number: int) -> None:
        name = element.first("name")
        title = " ".join(name.text_of("text").split()) if name else ""
        self.id = element.text_of("idnumber").strip()
        self.place = Place.question(number, (self.id or title)[:80])
        self._title = title
        self._element = element
        self._tags = tags
        self._reading = reading
        self._texts: Texts

    def tell(self, code: str, **params: Any) -> None:
        self._reading.note(code, **params)

    @property
    def is_text(self) -> bool:
        """Whether it is a text that nothing is asked about."""
        return self._element.get("type") == "description"

    def item(self) -> Item:
        """The question. Raises Skip."""
        kind = self._element.get("type")
        if self.is_text:
            skip("description")
        if kind not in _BODIES and kind not in _CALCULATED and kind not in _GAPS:
            skip("type_not_read", type=kind[:40])
        self._texts = Texts(self._element, self._reading.assets, self.tell)
        return _CALCULATED[kind](self) if kind in _CALCULATED else self._asked(kind)

    def passage(self, parts: Sequence[Item]) -> Item:
        """The text with the questions about it."""
        self._texts = Texts(self._element, self._reading.assets, self.tell)
        item = {"id": self.id, "prompt": self._markdown("questiontext"), "type": PASSAGE}
        shared = {key: value for key, value in self._shared().items() if (key, value) != ("points", "0")}
        return item | shared | {"questions": parts}

    def part(self) -> Item:
        """As a question of a passage, which has the category's tags, and is shown or hidden as a whole."""
        self._tags = ()
        item = self.item()
        item.pop("retired", None)
        return item | {"id": self.id.partition("/")[2]}

    def _asked(self, kind: str) -> Item:
        item: Item = {"id": self.id or slug_of(self._title)}
        item |= _GAPS[kind](self) if kind in _GAPS else self._with_prompt(kind)
        self._tell_what_is_left()
        shared = self._shared()
        if kind in _GAPS:
            shared.pop("points", None)
        return item | shared

    def _with_prompt(self, kind: str) -> Item:
        prompt = {"prompt": self._markdown("questiontext")}
        return prompt | _BODIES[kind](self)

    def calculated(self) -> Item:
        numbers = datasets_of(self._element, self.tell)
        whole = [answer for answer in self._answers() if answer.counts] or skip("no_right_answer")
        weights.first_number(len(whole), len(self._element.all("answer")), self.tell)
        self._lose_feedback(whole)
        key = judged(whole[0].element, numbers)
        numbers.mark(self._element)
        return numbers.unmarked(self._asked("calculated") | key)

    def calculated_choice(self) -> Item:
        numbers = datasets_of(self._element, self.tell)
        numbers.mark(self._element)
        return numbers.unmarked(self._asked("multichoice"))

    def _shared(self) -> Item:
        shared = {
            "explanation": self._markdown("generalfeedback"),
            "tags": list(dict.fromkeys([*self._tags, *self._own_tags()])),
            "points": self._points(),
            "retired": self._element.text_of("hidden").strip() == "1",
        }
        return {key: value for key, value in shared.items() if value}

    def _own_tags(self) -> list[str]:
        holder = self._element.first("tags")
        found = (tag.text_of("text").strip() for tag in holder.all("tag")) if holder else ()
        return [tag for tag in found if tag]

    def _points(self) -> str:
        grade = self._element.text_of("defaultgrade").strip()
        if not NUMBER.fullmatch(grade):
            return ""
        points = Decimal(grade)
        if points != points.quantize(_CENT):
            self.tell("points_rounded", was=grade)
            points = points.quantize(_CENT)
        return "" if points == 1 else format(points.normalize(), "f")

    def _tell_what_is_left(self) -> None:
        penalty = self._element.text_of("penalty").strip()
        if NUMBER.fullmatch(penalty) and Decimal(penalty) not in _USUAL_PENALTIES:
            self.tell("key_lost", key="penalty")
        for key in (*_COMBINED, "hint"):
            holder = self._element.first(key)
            text = holder.text_of("text").strip() if holder else ""
            if text and not _USUAL_FEEDBACK.fullmatch(text):
                self.tell("key_lost", key=key)

    def _markdown(self, tag: str) -> str:
        return self._texts.markdown(self._element.first(tag))

    def _answers(self) -> list[_Answer]:
        return [self._answer(element) for element in self._element.all("answer")]

    def _answer(self, element: Element) -> _Answer:
        said = element.get("fraction", "100").strip()
        if not NUMBER.fullmatch(said):
            skip("no_number", value=said[:80])
        return _Answer(
            Decimal(said),
            self._texts.markdown(element),
            element.text_of("text").strip(),
            self._texts.markdown(element.first("feedback")),
            element,
        )

    def _shuffle(self) -> Item:
        said = self._element.text_of("shuffleanswers").strip().lower()
        return {} if not said or said in _YES else {"shuffle": False}

    def multichoice(self) -> Item:
        said = self._element.text_of("single").strip().lower()
        answers = self._answers()
        body = {"options": _options(answers)} | self._shuffle()
        if said in _YES or not said:
            return {"type": "single", "answer": self._only_right(answers)} | body
        right = [
            letter for letter, answer in zip(ascii_uppercase, answers, strict=False) if answer.weight > 0
        ]
        rule = weights.marking_of([answer.weight for answer in answers], self.tell)
        return {"type": "multiple", "answer": right} | body | rule

    def all_or_nothing(self) -> Item:
        """Of the plug-in that gives marks for all right options together, or none."""
        answers = self._answers()
        right = [
            letter for letter, answer in zip(ascii_uppercase, answers, strict=False) if answer.weight > 0
        ]
        body = {"type": "multiple", "options": _options(answers), "answer": right, "marking": "exact"}
        return body | self._shuffle()

    def _only_right(self, answers: Sequence[_Answer]) -> str:
        full = [letter for letter, answer in zip(ascii_uppercase, answers, strict=False) if answer.counts]
        if len(full) != 1:
            skip("one_right_answer", count=len(full)) if full else skip("no_right_answer")
        if any(0 < answer.weight < weights.FULL for answer in answers):
            self.tell("weights_lost")
        return full[0]

    def truefalse(self) -> Item:
        answers = self._answers()
        right = [answer.plain.lower() for answer in answers if answer.counts]
        if len(right) != 1 or right[0] not in ("true", "false"):
            skip("no_right_answer")
        self._lose_feedback(answers)
        return {"type": "truefalse", "answer": right[0] == "true"}

    def shortanswer(self) -> Item:
        answers = [answer for answer in self._answers() if answer.plain != "*"]
        whole = [answer.plain for answer in answers if answer.counts]
        if not whole:
            skip("no_right_answer")
        accepted = [text.replace("\\*", "*") for text in whole if not _WILDCARD.search(text)]
        if not accepted:
            skip("wildcards")
        if len(accepted) < len(whole):
            self.tell("wildcards_lost")
        if len(whole) < len(answers):
            self.tell("weights_lost")
        self._lose_feedback(answers)
        exact = {"case": "exact"} if self._element.text_of("usecase").strip() == "1" else {}
        prompt = with_blank(self._markdown("questiontext"))
        return {"type": "blank", "prompt": prompt, "answer": [accepted]} | exact

    def cloze(self) -> Item:
        """Gaps to be filled in, or of several kinds."""
        gaps = Gaps()
        prompt = self._texts.markdown(self._element.first("questiontext"), gaps)
        # A cloze is worth what its gaps are; where nothing else is said, that is it.
        whole = sum((gap.worth for gap in gaps.found), Decimal(0))
        points = self._points() if self._element.first("defaultgrade") else format(whole, "f")
        return self._with_gaps(prompt, gaps.found, points)

    def words(self) -> Item:
        """Gaps with a list of words for each."""
        words = Words.of(self._element, self._shuffle())
        prompt = self._texts.markdown(self._element.first("questiontext"), words)
        return self._with_gaps(prompt, words.found, self._points())

    def _with_gaps(self, prompt: str, gaps: Sequence[Gap], points: str) -> Item:
        if not gaps:
            skip("description")
        return gap_text.question(prompt, gaps, "" if points == "1" else points, self.tell)

    def numerical(self) -> Item:
        answers = [answer for answer in self._answers() if answer.plain != "*"]
        whole = [answer for answer in answers if answer.counts]
        if not whole:
            skip("no_right_answer")
        weights.first_number(len(whole), len(answers), self.tell)
        self._lose_feedback(answers)
        value, within = whole[0].plain, whole[0].element.text_of("tolerance").strip()
        if not NUMBER.fullmatch(value) or (within and not NUMBER.fullmatch(within)):
            skip("no_number", value=value[:80])
        tolerance = {"tolerance": within} if within and Decimal(within) else {}
        return {"type": "number", "answer": value} | tolerance | self._unit()

    def _unit(self) -> Item:
        """The unit in which the answer stands; others would need a factor."""
        holder = self._element.first("units")
        listed = holder.all("unit") if holder else []
        if not listed or self._element.text_of("showunits").strip() == _UNSHOWN_UNITS:
            return {}
        if len(listed) > 1:
            self.tell("key_lost", key="units")
        own = [unit for unit in listed if _is_one(unit.text_of("multiplier").strip())]
        return {"unit": own[0].text_of("unit_name").strip()} if own else {}

    def matching(self) -> Item:
        pairs: dict[str, str] = {}
        distractors = []
        for element in self._element.all("subquestion"):
            answer = element.first("answer")
            left, right = self._texts.markdown(element), _right_of(answer)
            if left in pairs:
                skip("left_twice", text=left[:80])
            if left:
                pairs[left] = right
            elif right:
                distractors.append(right)
        more = {"distractors": distractors} if distractors else {}
        return {"type": "match", "pairs": pairs} | more | self._shuffle()

    def ordering(self) -> Item:
        answers = self._answers()
        places = [answer.weight for answer in answers]
        self._lose_feedback(answers)
        if len(set(places)) == len(places):
            answers.sort(key=lambda answer: answer.weight)
        said = self._element.text_of("gradingtype").strip()
        marking = {} if said in _ALL_OR_NOTHING else {"marking": "pairs"}
        if said not in _ALL_OR_NOTHING | _ALL_PAIRS:
            self.tell("marking_changed", was=said or "ABSOLUTE_POSITION", now="pairs")
        if self._element.text_of("selecttype").strip() not in ("", "ALL", "0"):
            self.tell("key_lost", key="selecttype")
        return {"type": "order", "items": [answer.text for answer in answers]} | marking

    def essay(self) -> Item:
        model = self._markdown("graderinfo")
        if self._markdown("responsetemplate"):
            self.tell("key_lost", key="responsetemplate")
        return {"type": "essay"} | ({"model_answer": model} if model else {})

    def _lose_feedback(self, answers: Sequence[_Answer]) -> None:
        if any(answer.feedback for answer in answers):
            self.tell("key_lost", key="feedback")


def _options(answers: Sequence[_Answer]) -> dict[str, Any]:
    if len(answers) > len(ascii_uppercase):
        skip("too_many_options", most=len(ascii_uppercase))
    return {
        letter: {"text": answer.text, "feedback": answer.feedback} if answer.feedback else answer.text
        for letter, answer in zip(ascii_uppercase, answers, strict=False)
    }


def _right_of(answer: Element | None) -> str:
    """The right side of a pair: Moodle shows it as it stands; our own files say when it is Markdown."""
    text = answer.text_of("text").strip() if answer else ""
    return text if answer and answer.get("format") == "markdown" else from_markup.literal(text)


def _is_one(multiplier: str) -> bool:
    return bool(NUMBER.fullmatch(multiplier)) and Decimal(multiplier) == 1


_BODIES: dict[str, Callable[[Question], Item]] = {
    "multichoice": Question.multichoice,
    "multichoiceset": Question.all_or_nothing,
    "truefalse": Question.truefalse,
    "shortanswer": Question.shortanswer,
    "numerical": Question.numerical,
    "matching": Question.matching,
    "ordering": Question.ordering,
    "essay": Question.essay,
    "calculated": lambda question: {"type": "number"} | question._unit(),
}
_GAPS: dict[str, Callable[[Question], Item]] = {
    "cloze": Question.cloze,
    "gapselect": Question.words,
    "ddwtos": Question.words,
}
_CALCULATED: dict[str, Callable[[Question], Item]] = {
    "calculated": Question.calculated,
    "calculatedsimple": Question.calculated,
    "calculatedmulti": Question.calculated_choice,
}
