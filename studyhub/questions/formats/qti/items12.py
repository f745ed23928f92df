"""An item of QTI 1.2 as a question: the standard's own shapes, and what Canvas and Respondus make of them."""

from __future__ import annotations

import re
from decimal import Decimal
from string import ascii_uppercase
from typing import Any

from studyhub.questions.formats import gap_text, weights
from studyhub.questions.formats.carrying import Tell
from studyhub.questions.formats.element import Element
from studyhub.questions.formats.exchange import Item, skip
from studyhub.questions.formats.moodle_texts import with_blank
from studyhub.questions.formats.qti import canvas12
from studyhub.questions.formats.qti.declarations import NOTHING, number
from studyhub.questions.formats.qti.reading import VERDICTS
from studyhub.questions.formats.qti.rules12 import Rule, rules_of, weights_of, worth
from studyhub.questions.formats.qti.texts12 import Materials, joined, responses

_CENT = Decimal("0.01")
_TYPE_LABELS = ("question_type", "cc_profile", "qmd_itemtype", "qmd_questiontype")
_POINT_LABELS = ("points_possible", "cc_weighting", "qmd_weighting", "qmd_maximumscore")
_NO_QUESTION = re.compile(r"text_only|stimulus")
_NOT_READ = re.compile(r"calculated|formula|file_upload|hot_?spot|drawing|rich_fill", re.I)
_GAPS = re.compile(r"blanks|multiple_dropdowns")
_GENERAL = frozenset({"general_fb", "solution"})


class ItemReader:
    def __init__(self, item: Element, materials: Materials, tell: Tell, worth: str = "") -> None:
        """`worth`: what its group says that it counts, before what it says itself."""
        self._item = item
        self._materials = materials
        self._tell = tell
        self._rules = rules_of(item)
        self._presentation = item.first("presentation") or Element("presentation")
        self._asked = responses(self._presentation)
        self._said = {
            field.text_of("fieldlabel").strip().lower(): field.text_of("fieldentry").strip()
            for field in item.descendants("qtimetadatafield")
        }
        for element in item.descendants("qmd_itemtype", "qmd_weighting"):
            self._said.setdefault(element.tag, element.text.strip())
        if worth:
            self._said[_POINT_LABELS[0]] = worth
        self._type = next((self._said[label].lower() for label in _TYPE_LABELS if self._said.get(label)), "")

    @property
    def name(self) -> str:
        return self._item.get("ident")

    @property
    def about(self) -> str:
        """The name of the text that it is about, if any."""
        return self._said.get("parent_stimulus_item_ident", "")

    @property
    def is_text(self) -> bool:
        """Whether nothing is asked in it."""
        known = _NOT_READ.search(self._type) is None
        return known and (not self._asked or _NO_QUESTION.search(self._type) is not None)

    def text(self) -> str:
        """What it shows, where it is a text."""
        if self._item.get("instructions"):
            self._tell("key_lost", key="instructions")
        return self._prompt()

    def alone(self) -> Item:
        """The question, without the text that it may be about. Raises Skip."""
        if self.about:
            self._tell("key_lost", key="stimulus")
        return self.item()

    def item(self) -> Item:
        """The question. Raises Skip."""
        if _NOT_READ.search(self._type):
            skip("type_not_read", type=self._type[:40])
        if self.is_text:
            skip("description")
        named = {"id": self.name}
        explained = {"explanation": told} if (told := self._explanation()) else {}
        if self._has_gaps():
            return named | self._gaps() | explained
        points = {"points": worth} if (worth := self._points()) else {}
        return named | self._typed() | explained | points

    def _has_gaps(self) -> bool:
        kinds = {element.tag for element in self._asked}
        return kinds == {"response_lid"} and _GAPS.search(self._type) is not None

    def _typed(self) -> Item:
        first = self._asked[0]
        if {element.tag for element in self._asked} == {"response_lid"}:
            if len(self._asked) > 1 or "categorization" in self._type:
                return self._several()
            return (
                self._order(first) if first.get("rcardinality").lower() == "ordered" else self._choice(first)
            )
        if not {element.tag for element in self._asked} <= {"response_str", "response_num"}:
            skip(
                "type_not_read",
                type=next(e.tag for e in self._asked if e.tag not in ("response_lid", "response_str")),
            )
        if "essay" in self._type or not any(rule.is_right for rule in self._rules):
            return {"type": "essay", "prompt": self._prompt()}
        return self._number(first) if self._is_number(first) else self._blank()

    def _prompt(self, marks: dict[int, str] | None = None) -> str:
        if marks:
            return joined(self._materials.pieces(self._presentation), marks)
        return self._materials.markdown(self._presentation)

    def _points(self) -> str:
        said = (number(self._said.get(label, "")) for label in _POINT_LABELS)
        points = next((points for points in said if points is not None), None)
        if points is None:
            most = worth(self._item) or self._given()
            # A hundred is how Canvas and others say "all of it".
            points = most if most is not None and most != weights.FULL else Decimal(1)
        if points != points.quantize(_CENT):
            self._tell("points_rounded", was=str(points))
            points = points.quantize(_CENT)
        return "" if points == 1 else format(points.normalize(), "f")

    def _given(self) -> Decimal | None:
        """What the only rule gives that gives anything."""
        given = [rule.points for rule in self._rules if rule.is_right]
        return given[0] if len(given) == 1 else None

    def _explanation(self) -> str:
        shown = {name for rule in self._rules if not rule.tests for name in rule.feedback}
        for block in self._item.all("itemfeedback"):
            name = block.get("ident")
            if name in _GENERAL | shown or block.first("solution"):
                text = self._materials.markdown(block)
                if text:
                    return text
        return ""

    def _feedback(self) -> dict[str, str]:
        """What is shown for one value alone, by the value."""
        texts = {b.get("ident"): self._materials.markdown(b) for b in self._item.all("itemfeedback")}
        found: dict[str, str] = {}
        used = set(_GENERAL)
        for rule in self._rules:
            for name in rule.feedback:
                if (
                    len(rule.equals) == len(rule.tests) == 1
                    and texts.get(name)
                    and name not in ("correct_fb",)
                ):
                    found[rule.equals[0].value] = texts[name]
                    used.add(name)
        always = {name for rule in self._rules if not rule.tests for name in rule.feedback}
        if any(text and name not in used | always for name, text in texts.items()):
            self._tell("key_lost", key="itemfeedback")
        return found

    def _labels(self, response: Element) -> dict[str, str]:
        return {
            label.get("ident"): self._materials.markdown(label)
            for label in response.descendants("response_label")
        }

    def _choice(self, response: Element) -> Item:
        texts = self._labels(response)
        if len(texts) > len(ascii_uppercase):
            skip("too_many_options", most=len(ascii_uppercase))
        several = response.get("rcardinality").lower() == "multiple" or "multiple_answers" in self._type
        name = response.get("ident")
        if several:
            return self._multiple(name, texts) | _shuffle(response)
        given = weights_of([rule for rule in self._rules if len(rule.equals) == 1], name, list(texts))
        best = max(given.values(), default=NOTHING)
        right = [key for key, points in given.items() if points == best > 0]
        if len(right) != 1:
            skip("one_right_answer", count=len(right)) if right else skip("no_right_answer")
        if any(0 < points < best for points in given.values()):
            self._tell("weights_lost")
        verdicts = {key: VERDICTS.get(text.lower(), VERDICTS.get(key.lower())) for key, text in texts.items()}
        if sorted(map(str, verdicts.values())) == ["False", "True"]:
            self._feedback_lost()
            return {"type": "truefalse", "prompt": self._prompt(), "answer": verdicts[right[0]]}
        options = self._options(texts)
        answer = dict(zip(texts, ascii_uppercase, strict=False))[right[0]]
        return {"type": "single", "prompt": self._prompt(), "options": options, "answer": answer} | _shuffle(
            response
        )

    def _multiple(self, name: str, texts: dict[str, str]) -> Item:
        letters = dict(zip(texts, ascii_uppercase, strict=False))
        whole = [rule for rule in self._rules if rule.is_right and len(rule.tests) > 1]
        marking: dict[str, str] = {"marking": "exact"}
        if whole:
            right = {test.value for test in whole[0].equals if test.response == name}
        else:
            given = weights_of(self._rules, name, list(texts))
            right = {key for key, points in given.items() if points > 0}
            total = sum((points for points in given.values() if points > 0), NOTHING) or Decimal(1)
            marking = weights.marking_of([weights.FULL * p / total for p in given.values()], self._tell)
        answer = [letters[key] for key in texts if key in right]
        if not answer:
            skip("no_right_answer")
        body = {
            "type": "multiple",
            "prompt": self._prompt(),
            "options": self._options(texts),
            "answer": answer,
        }
        return body | marking

    def _options(self, texts: dict[str, str]) -> dict[str, Any]:
        told = self._feedback()
        return {
            letter: {"text": text, "feedback": told[key]} if told.get(key) else text
            for letter, (key, text) in zip(ascii_uppercase, texts.items(), strict=False)
        }

    def _feedback_lost(self) -> None:
        if self._feedback():
            self._tell("key_lost", key="feedback")

    def _order(self, response: Element) -> Item:
        texts = self._labels(response)
        rule = next((rule for rule in self._rules if rule.is_right), None)
        right = [test.value for test in rule.equals] if rule else []
        if sorted(right) != sorted(texts):
            skip("no_right_answer")
        self._feedback_lost()
        if any(one.first("material") for one in response.descendants("render_extension")):
            self._tell("key_lost", key="label")
        return {"type": "order", "prompt": self._prompt(), "items": [texts[key] for key in right]}

    def _several(self) -> Item:
        """Choices side by side: gaps of a text, or the left sides of pairs."""
        if "categorization" in self._type:
            return self._sorted_into()
        return self._match()

    def _gaps(self) -> Item:
        """Canvas: `[name]` in the text, and for each name a response that lists what is accepted."""
        prompt, asked = canvas12.placed(self._prompt(), self._asked)
        exact = self._said.get("case_sensitive", "").lower() == "true"
        reader = canvas12.GapReader(self._labels, self._right_values, self._feedback(), exact, self._tell)
        chosen = "multiple_dropdowns" in self._type
        gaps = [reader.gap(response, chosen=chosen) for response in asked]
        return gap_text.question(prompt, gaps, self._points(), self._tell)

    def _sorted_into(self) -> Item:
        """New Quizzes: things that belong into a few categories, each of which names its own."""
        names: dict[str, str] = {}
        pairs: dict[str, str] = {}
        for response in self._asked:
            texts = self._labels(response)
            names |= texts
            for value in self._right_values(response.get("ident")):
                if texts.get(value, "") in ("", *pairs):
                    skip("pairs_not_read", pair=texts.get(value, value)[:80])
                pairs[texts[value]] = self._left_of(response)
        if set(names.values()) - pairs.keys():
            self._tell("left_alone")
        if not pairs:
            skip("no_right_answer")
        return {"type": "match", "prompt": self._prompt(), "pairs": pairs}

    def _match(self) -> Item:
        pairs: dict[str, str] = {}
        listed: dict[str, str] = {}
        for response in self._asked:
            left, texts = self._left_of(response), self._labels(response)
            listed |= texts
            values = [v for v in self._right_values(response.get("ident")) if v in texts]
            if not values or not left:
                skip("pairs_not_read", pair=left[:80])
            if left in pairs:
                skip("left_twice", text=left[:80])
            pairs[left] = texts[values[0]]
        more = [text for text in dict.fromkeys(listed.values()) if text not in pairs.values()]
        body: Item = {"type": "match", "prompt": self._prompt(), "pairs": pairs}
        return body | ({"distractors": more} if more else {})

    def _left_of(self, response: Element) -> str:
        return self._materials.markdown(Element("left", children=[*response.all("material")]))

    def _right_values(self, name: str) -> list[str]:
        return [
            test.value
            for rule in self._rules
            if rule.is_right
            for test in rule.equals
            if test.response == name
        ]

    def _is_number(self, response: Element) -> bool:
        kind = next((e.get("fibtype").lower() for e in response.descendants("render_fib")), "")
        numeric = response.tag == "response_num" or kind in ("decimal", "integer", "scientific")
        return len(self._asked) == 1 and (numeric or "numerical" in self._type)

    def _number(self, response: Element) -> Item:
        right = [rule for rule in self._rules if rule.is_right]
        weights.first_number(len(right), len(right), self._tell)
        self._feedback_lost()
        pieces = self._materials.pieces(self._presentation)
        last = isinstance(pieces[-1], Element)
        prompt = self._prompt(None if last else {id(response): gap_text.LINE})
        return {"type": "number", "prompt": prompt} | _value_of(right[0])

    def _blank(self) -> Item:
        self._feedback_lost()
        accepted = [
            list(dict.fromkeys(filter(None, self._right_values(e.get("ident"))))) for e in self._asked
        ]
        if not all(accepted):
            skip("no_right_answer")
        exact = all(
            test.attributes.get("case", "No").lower() == "yes" for rule in self._rules for test in rule.equals
        )
        pieces = self._materials.pieces(self._presentation)
        if len(self._asked) == 1 and isinstance(pieces[-1], Element):
            prompt = with_blank(self._prompt())
        else:
            prompt = self._prompt({id(e): f"[[{n}]]" for n, e in enumerate(self._asked, 1)})
        return {"type": "blank", "prompt": prompt, "answer": accepted} | ({"case": "exact"} if exact else {})


def _value_of(rule: Rule) -> Item:
    """The answer and the tolerance: said as such, or by the bounds."""
    low, high = rule.bounds
    said = next(iter(rule.equals), None)
    value = number(said.value) if said else None
    margin = number(said.attributes.get("margin", "")) if said else None
    if said and margin and said.attributes.get("margintype") == "percent":
        return {"answer": said.value, "tolerance": f"{said.attributes['margin'].strip()}%"}
    if low is not None and high is not None:
        if value is None or high - value != value - low:
            value = (low + high) / 2
        tolerance = abs(high - value)
        answer = said.value if said and number(said.value) == value else format(value, "f")
        return {"answer": answer} | ({"tolerance": format(tolerance, "f")} if tolerance else {})
    if value is None or said is None:
        skip("no_number", value=said.value[:80] if said else "")
    return {"answer": said.value} | ({"tolerance": format(margin, "f")} if margin else {})


def _shuffle(response: Element) -> Item:
    """Where the file says that options keep their order."""
    said = [render.get("shuffle").lower() for render in response.descendants("render_choice")]
    return {"shuffle": False} if "no" in said else {}
