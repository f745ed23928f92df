"""An item of QTI 2.x or 3.0 as a question, by the kind of its interaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from string import ascii_uppercase
from typing import Any

from studyhub.questions.formats import gap_text
from studyhub.questions.formats.carrying import Tell
from studyhub.questions.formats.element import Element
from studyhub.questions.formats.exchange import Item, skip
from studyhub.questions.formats.gap_text import Gap
from studyhub.questions.formats.qti import gap_match
from studyhub.questions.formats.qti.bodies import Bodies
from studyhub.questions.formats.qti.declarations import NOTHING, Response, Scoring, number, responses
from studyhub.questions.formats.qti.names import TOOL
from studyhub.questions.formats.qti.shown import BUTTON, FEEDBACK, Shown
from studyhub.questions.formats.qti.template_reading import TemplateReader
from studyhub.questions.formats.qti.writing import UNIT

_CENT = Decimal("0.01")
_NUMERIC = frozenset({"float", "integer"})
_CHOICES = frozenset({"simpleChoice", "inlineChoice", "simpleAssociableChoice"})
_MOST_FIGURES = 10
_IN_A_TEXT = frozenset({"textEntryInteraction", "inlineChoiceInteraction"})
VERDICTS = {
    "true": True, "yes": True, "t": True, "对": True, "正确": True, "√": True, "是": True,
    "false": False, "no": False, "f": False, "错": False, "错误": False, "×": False, "否": False,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Differing:
    """What an item declares as right, what its marking gives the points for, and what that would change."""

    declared: str
    marked: str
    other: Item


class ItemReader:
    """Reads one item, whose names are those of 2.x."""

    def __init__(self, item: Element, bodies: Bodies, tell: Tell) -> None:
        self._item = item
        self._bodies = bodies
        self._tell = tell
        self._responses = responses(item)
        self._scoring = Scoring(item)
        self._body = item.first("itemBody") or Element("itemBody")
        self._shown = Shown(item, self._body, bodies, tell)
        self._ours = item.get("toolName") == TOOL
        self.differs: Differing | None = None
        self._found = [
            e for e in self._body.descendants() if e.tag.endswith("Interaction") and e.tag != BUTTON
        ]

    def item(self) -> Item:
        """The question. Raises Skip."""
        if not self._item.first("templateDeclaration"):
            return self._read()
        templates = TemplateReader(self._item, ours=self._ours)
        templates.mark(self._item)
        self._responses |= {
            name: replace(self._responses[name], correct=[key])
            for name, key in templates.keys.items()
            if name in self._responses
        }
        return templates.unmarked(self._read())

    def _read(self) -> Item:
        self._refuse()
        name = self._item.get("identifier")
        named = {"id": name.removeprefix("_") if self._ours else name}
        explained = {"explanation": told} if (told := self._shown.explanation()) else {}
        if self._has_gaps():
            return named | self._gaps() | explained
        if len(self._found) > 1:
            skip("several_interactions", count=len(self._found))
        first = self._found[0]
        if first.tag == "gapMatchInteraction" and not first.first("gapImg"):
            return named | self._gap_match(first) | explained
        if first.tag not in _BODIES:
            skip("type_not_read", type=first.tag[:40])
        points = {"points": worth} if (worth := self._points()) else {}
        body = _BODIES[first.tag](self, first)
        if body["type"] != "multiple" and self._scoring.gives_parts:
            self._tell("weights_lost")
        return named | body | explained | points

    def _gap_match(self, interaction: Element) -> Item:
        response = self._response(interaction)
        words = {one.get("identifier"): self._option(one) for one in interaction.all("gapText")}
        found = gap_match.unfold(interaction)
        gaps = gap_match.asked(found, response, words)
        if response.default < 0:
            self._tell("marking_unread")
        places = {id(gap): at for at, gap in enumerate(found, 1)}
        prompt = self._shown.prompt((), placed=lambda element: f"[[{places[id(element)]}]]")
        return gap_text.question(prompt, gaps, self._points(), self._tell)

    def _has_gaps(self) -> bool:
        """Whether it is a text with gaps; one number by itself is a question of its own."""
        first, *more = self._found
        alone = not more and first.tag == "textEntryInteraction"
        if alone and self._response(first).kind in _NUMERIC:
            return False
        return {interaction.tag for interaction in self._found} <= _IN_A_TEXT

    def _refuse(self) -> None:
        if not self._found:
            skip("description")

    def _response(self, interaction: Element) -> Response:
        found = self._responses.get(interaction.get("responseIdentifier"))
        return found or skip("no_right_answer")

    def _points(self) -> str:
        points = self._scoring.points([self._response(interaction) for interaction in self._found])
        if points != points.quantize(_CENT):
            self._tell("points_rounded", was=str(points))
            points = points.quantize(_CENT)
        return "" if points == 1 else format(points.normalize(), "f")

    def _prompt(
        self, left_out: Sequence[Element] = (), placed: Callable[[Element], str | None] | None = None
    ) -> str:
        return self._shown.prompt(self._found, left_out, placed)

    def choice(self, interaction: Element) -> Item:
        response = self._response(interaction)
        listed = interaction.all("simpleChoice")
        if response.cardinality != "multiple":
            verdicts = self._verdicts(listed)
            if verdicts is not None:
                return self._truefalse(response, verdicts, listed)
        return {"prompt": self._prompt()} | self._chosen(response, listed) | self._shuffle(interaction)

    def _chosen(self, response: Response, listed: Sequence[Element]) -> Item:
        letters = self._lettered(listed)
        texts = {letters[one.get("identifier")]: self._option(one) for one in listed}
        right = [letters[key] for key in letters if key in response.right]
        if not right:
            skip("no_right_answer")
        rewarded = self._scoring.rewarded(response)
        marked = [letters[key] for key in letters if key in rewarded]
        if marked and marked != right:
            several = response.cardinality == "multiple" or len(marked) > 1
            other = {"type": "multiple", "answer": marked} if several else {"answer": marked[0]}
            self.differs = Differing(", ".join(right), ", ".join(marked), other)
        if response.cardinality != "multiple":
            if len(right) != 1:
                skip("one_right_answer", count=len(right))
            self._tell_of_weights(response)
            return {"type": "single", "options": texts, "answer": right[0]}
        marking = self._scoring.marking(response, list(letters), self._tell)
        return {"type": "multiple", "options": texts, "answer": right} | marking

    def _lettered(self, listed: Sequence[Element]) -> dict[str, str]:
        """The letter of each identifier."""
        if len(listed) > len(ascii_uppercase):
            skip("too_many_options", most=len(ascii_uppercase))
        keys = [one.get("identifier") for one in listed]
        if len(set(keys)) < len(keys):
            skip("option_twice", key=next(key for key in keys if keys.count(key) > 1)[:80])
        return dict(zip(keys, ascii_uppercase, strict=False))

    def _tell_of_weights(self, response: Response) -> None:
        best = max(response.mapping.values(), default=NOTHING)
        if any(0 < points < best for points in response.mapping.values()):
            self._tell("weights_lost")

    def _tell_of_shares(self, response: Response) -> None:
        """Of pairs that are not worth the same, or that take away."""
        if len({points for points in response.mapping.values() if points > 0}) > 1:
            self._tell("weights_lost")
        if min([response.default, *response.mapping.values()]) < 0:
            self._tell("marking_unread")

    def _option(self, element: Element) -> Any:
        text = self._bodies.markdown([c for c in element.children if not _is_feedback(c)])
        told = [self._bodies.markdown(block.children) for block in element.all(*FEEDBACK)]
        return {"text": text, "feedback": "\n\n".join(told)} if any(told) else text

    def _verdicts(self, listed: Sequence[Element]) -> dict[str, bool] | None:
        """Which identifier means true, where the two options are true and false."""
        said = {one.get("identifier"): one.get("identifier").lower() for one in listed}
        if set(said.values()) != {"true", "false"}:
            said = {
                key: "" if self._ours else one.text.strip().lower()
                for key, one in zip(said, listed, strict=False)
            }
        found = {key: VERDICTS[word] for key, word in said.items() if word in VERDICTS}
        return found if len(listed) == 2 and sorted(found.values()) == [False, True] else None

    def _truefalse(self, response: Response, verdicts: dict[str, bool], listed: Sequence[Element]) -> Item:
        right = [verdicts[key] for key in response.right if key in verdicts]
        if len(right) != 1:
            skip("no_right_answer")
        rewarded = {verdicts[key] for key in self._scoring.rewarded(response) if key in verdicts}
        if rewarded == {not right[0]}:
            declared, marked = ("√", "×") if right[0] else ("×", "√")
            self.differs = Differing(declared, marked, {"answer": not right[0]})
        if any(one.all(*FEEDBACK) for one in listed):
            self._tell("key_lost", key="feedback")
        return {"type": "truefalse", "prompt": self._prompt(), "answer": right[0]}

    def _gaps(self) -> Item:
        places = {id(interaction): at for at, interaction in enumerate(self._found, 1)}
        prompt = self._prompt(placed=lambda element: f"[[{places[id(element)]}]]")
        gaps = list(map(self._gap, self._found))
        if self.differs and len(gaps) > 1:
            # What is decided about it is decided of a whole question.
            self.differs = replace(self.differs, other={})
        return gap_text.question(prompt, gaps, self._points(), self._tell)

    def _gap(self, interaction: Element) -> Gap:
        response = self._response(interaction)
        worth = max(response.mapping.values(), default=NOTHING) if self._scoring.uses("mapResponse") else 1
        return Gap(self._asked(interaction, response), Decimal(worth or 1))

    def _asked(self, interaction: Element, response: Response) -> Item:
        """What one gap wants: a choice, a number, or a text."""
        if interaction.tag == "inlineChoiceInteraction":
            return self._chosen(response, interaction.all("inlineChoice")) | self._shuffle(interaction)
        if response.kind in _NUMERIC:
            return {"type": "number"} | self._within(response)
        accepted = _accepted(response, self._scoring) or skip("no_right_answer")
        self._tell_of_weights(response)
        exact = {"case": "exact"} if self._scoring.is_exact(response) else {}
        return {"type": "blank", "answer": accepted} | exact

    def number(self, entry: Element) -> Item:
        response = self._response(entry)
        line = next((p for p in self._body.all("p", "div") if _is_line_of(p, entry)), None)
        unit = next((e.text.strip() for e in line.all("span") if e.get("class") == UNIT), "") if line else ""
        prompt = self._prompt([line] if line else [], lambda element: gap_text.LINE)
        within = self._within(response)
        return {"type": "number", "prompt": prompt} | within | ({"unit": unit} if unit else {})

    def _within(self, response: Response) -> Item:
        """The answer and its tolerance, from `equal` or from two bounds."""
        low, high = (self._bound(response, *names) for names in (("gte", "gt"), ("lte", "lt")))
        if low is not None and high is not None:
            answer, tolerance = (low + high) / 2, abs(high - low) / 2
            return {"answer": format(answer, "f"), "tolerance": format(tolerance, "f")}
        if not response.right or number(response.right[0]) is None:
            skip("no_right_answer")
        rounded = next(filter(response.is_in, self._scoring.rules("equalRounded")), None)
        if rounded and rounded.get("figures").isdigit():
            return {"answer": response.right[0], "tolerance": _half_of_last(rounded, response.right[0])}
        rule = next(filter(response.is_in, self._scoring.rules("equal")), None)
        mode = rule.get("toleranceMode") if rule else "exact"
        size = rule.get("tolerance").split()[:1] if rule and mode in ("absolute", "relative") else []
        if not size or not number(size[0]):
            return {"answer": response.right[0]}
        return {"answer": response.right[0], "tolerance": size[0] + ("%" if mode == "relative" else "")}

    def _bound(self, response: Response, *names: str) -> Decimal | None:
        for rule in filter(response.is_in, self._scoring.rules(*names)):
            value = rule.first("baseValue")
            if value:
                return number(value.text)
        return None

    def _shuffle(self, interaction: Element) -> Item:
        choices = [one for one in interaction.descendants() if one.tag in _CHOICES]
        fixed = [one for one in choices if one.get("fixed") == "true"]
        if interaction.get("shuffle", "false") != "true" or (fixed and len(fixed) == len(choices)):
            return {"shuffle": False}
        if fixed:
            self._tell("key_lost", key="fixed")
        return {}

    def match(self, interaction: Element) -> Item:
        sets = interaction.all("simpleMatchSet")
        if len(sets) != 2:
            skip("no_right_answer")
        left, right = (
            {
                c.get("identifier"): self._bodies.markdown(c.children)
                for c in one.all("simpleAssociableChoice")
            }
            for one in sets
        )
        return self._joined(interaction, left, right) | self._shuffle(interaction)

    def associate(self, interaction: Element) -> Item:
        texts = {
            choice.get("identifier"): self._bodies.markdown(choice.children)
            for choice in interaction.all("simpleAssociableChoice")
        }
        firsts = {pair.split()[0] for pair in self._response(interaction).right if pair.split()}
        left = {key: text for key, text in texts.items() if key in firsts}
        right = {key: text for key, text in texts.items() if key not in firsts}
        return self._joined(interaction, left, right) | self._shuffle(interaction)

    def _joined(self, interaction: Element, left: dict[str, str], right: dict[str, str]) -> Item:
        mates: dict[str, str] = {}
        for pair in self._response(interaction).right:
            one, _, other = pair.partition(" ")
            if one in right and other in left:
                one, other = other, one
            if one not in left or other not in right or one in mates:
                skip("pairs_not_read", pair=pair[:80])
            mates[one] = other
        if len(set(left.values())) < len(left):
            skip("left_twice", text=next(t for t in left.values() if list(left.values()).count(t) > 1)[:80])
        if left.keys() - mates.keys():
            self._tell("left_alone")
        pairs = {left[key]: right[mates[key]] for key in left if key in mates}
        self._tell_of_shares(self._response(interaction))
        more = [text for key, text in right.items() if key not in mates.values()]
        body: Item = {"type": "match", "prompt": self._prompt(), "pairs": pairs}
        return body | ({"distractors": more} if more else {})

    def order(self, interaction: Element) -> Item:
        texts = {
            c.get("identifier"): self._bodies.markdown(c.children) for c in interaction.all("simpleChoice")
        }
        right = self._response(interaction).right
        if sorted(right) != sorted(texts):
            skip("no_right_answer")
        body = {"type": "order", "prompt": self._prompt(), "items": [texts[key] for key in right]}
        return body | self._shuffle(interaction)

    def essay(self, interaction: Element) -> Item:
        model = self._shown.model_answer()
        return {"type": "essay", "prompt": self._prompt()} | ({"model_answer": model} if model else {})


def _is_feedback(child: Element | str) -> bool:
    return isinstance(child, Element) and child.tag in FEEDBACK


def _is_line_of(paragraph: Element, entry: Element) -> bool:
    """Whether a paragraph holds the place for a number, its unit, and no more."""
    rest = [e for e in paragraph.elements if e is not entry and e.get("class") != UNIT]
    words = "".join(child for child in paragraph.children if isinstance(child, str)).strip()
    return any(e is entry for e in paragraph.elements) and not rest and not words


def _accepted(response: Response, scoring: Scoring) -> list[str]:
    """The texts that give all points: declared, mapped, or named by rules of their own."""
    best = max(response.mapping.values(), default=NOTHING)
    mapped = [text for text, points in response.mapping.items() if points == best > 0]
    ruled = [
        value.text.strip()
        for rule in scoring.rules("stringMatch", "match")
        for value in rule.all("baseValue")
        if any(v.get("identifier") == response.name for v in rule.all("variable"))
    ]
    return list(dict.fromkeys(filter(None, [*response.correct[:1], *mapped, *response.correct[1:], *ruled])))


def _half_of_last(rule: Element, value: str) -> str:
    """By how much a number may be off, that is compared when it is rounded to some figures."""
    figures = min(int(rule.get("figures")), _MOST_FIGURES)
    places = (
        figures if rule.get("roundingMode") == "decimalPlaces" else figures - 1 - Decimal(value).adjusted()
    )
    return format(Decimal(5).scaleb(-places - 1), "f")


_BODIES: dict[str, Callable[[ItemReader, Element], Item]] = {
    "choiceInteraction": ItemReader.choice,
    "textEntryInteraction": ItemReader.number,
    "matchInteraction": ItemReader.match,
    "associateInteraction": ItemReader.associate,
    "orderInteraction": ItemReader.order,
    "extendedTextInteraction": ItemReader.essay,
}
