"""A question as an item of QTI 2.x or 3.0. Elements stand in the order in which the standard wants them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from studyhub.questions.formats import to_markup
from studyhub.questions.formats.exchange import Item, skip
from studyhub.questions.formats.qti import bodies
from studyhub.questions.formats.qti.names import LONGEST_TITLE, RESPONSE, TOOL, XSI, Version, identifier
from studyhub.questions.formats.qti.processing import CHOSEN, Processing, of_multiple, share
from studyhub.questions.formats.qti.templates import Templates
from studyhub.questions.formats.qti.texts import referred
from studyhub.questions.formats.xml_writing import DECLARATION, escaped, lines
from studyhub.questions.types.shuffling import disguised
from studyhub.questions.variables import MARKER

EXPLAINED = "EXPLANATION"
UNIT = "unit"
VERDICTS: Mapping[str, Mapping[bool, str]] = {
    "zh": {True: "正确", False: "错误"},
    "en": {True: "True", False: "False"},
}


@dataclass(slots=True)
class _Parts:
    """What a type makes of a question; the rest is the same for all."""

    responses: list[str]
    body: str
    processing: str = ""
    outcomes: list[str] = field(default_factory=list)


class ItemWriter:
    """Writes the questions of one bank in one version."""

    def __init__(self, version: Version, language: str) -> None:
        self._version = version
        self._tag = version.tag
        self._language = language

    def item(self, question: Item, name: str = "", stimulus: str = "") -> str:
        """The item under this name (else its own), about what lies at `stimulus`."""
        if not question.get("variables"):
            return DECLARATION + self._root(question, name, self._children(question, stimulus)) + "\n"
        templates = Templates(self._version, question)
        children = self._children(templates.question, stimulus, templates)
        root = self._root(question, name, map(templates.placed, children))
        return f"{DECLARATION}{root}\n"

    def _children(self, question: Item, stimulus: str, templates: Templates | None = None) -> Iterable[str]:
        parts = _BODIES[question["type"]](self, question)
        points = question.get("points", "1")
        explanation = question.get("explanation", "")
        outcomes = [
            self._outcome("SCORE", "single", "float", "0"),
            self._outcome("MAXSCORE", "single", "float", points),
            *parts.outcomes,
        ]
        told = []
        if explanation:
            # Shown with every answer: the outcome that shows it is there from the beginning.
            outcomes.append(self._outcome("FEEDBACK", "multiple", "identifier", EXPLAINED))
            told.append(self._feedback("modalFeedback", "FEEDBACK", EXPLAINED, bodies.block(explanation)))
        body = self._tag("itemBody", parts.body)
        drawn = [*templates.declarations, templates.processing] if templates else []
        about = [self._tag("assessmentStimulusRef", **referred(stimulus))] if stimulus else []
        return filter(None, [*parts.responses, *outcomes, *drawn, *about, body, parts.processing, *told])

    def _root(self, question: Item, name: str, children: Iterable[str]) -> str:
        asked = to_markup.prompt_line(question["prompt"])
        title = asked[:LONGEST_TITLE] or question["id"]
        return self._version.tag(
            "assessmentItem",
            lines(children),
            xmlns=self._version.namespace,
            xmlns__xsi=XSI,
            xsi__schemaLocation=f"{self._version.namespace} {self._version.schema}",
            identifier=identifier(name or question["id"]),
            title=title,
            xml__lang=self._language,
            adaptive="false",
            timeDependent="false",
            toolName=TOOL,
        )

    def choice(self, question: Item) -> _Parts:
        several = question["type"] == "multiple"
        right = question["answer"] if several else [question["answer"]]
        texts = {key: _split(option) for key, option in question["options"].items()}
        feedback = any(told for _, told in texts.values())
        processing = Processing(self._version, question.get("points", "1"), feedback=feedback)
        kind = "multiple" if several else "single"
        mapping = self._mapping_of_choice(question, right)
        options = [
            self._option("simpleChoice", key, text, self._told(key, told))
            for key, (text, told) in texts.items()
        ]
        return _Parts(
            [self._response(right, kind, "identifier", mapping)],
            bodies.block(question["prompt"])
            + self._interaction("choiceInteraction", options, question, maxChoices="0" if several else "1"),
            of_multiple(processing, question) if several else self._of_single(processing, mapping),
            [self._outcome(CHOSEN, kind, "identifier")] if feedback else [],
        )

    def _of_single(self, processing: Processing, mapping: str) -> str:
        return processing.mapped() if mapping else processing.matched()

    def _mapping_of_choice(self, question: Item, right: list[str]) -> str:
        points, marking = question.get("points", "1"), question.get("marking", "under_share")
        if question["type"] != "multiple":
            return "" if points == "1" else self._mapping({right[0]: points}, points)
        if marking == "exact":
            return ""
        good = share(points, len(right))
        bad = share(points, len(right) if marking == "net" else 1, right=False)
        if marking == "under_half":
            good, bad = "1", str(-len(right))
        values = {key: good if key in right else bad for key in question["options"]}
        return self._mapping(values, points if marking != "under_half" else str(len(right)))

    def truefalse(self, question: Item) -> _Parts:
        key = "true" if question["answer"] else "false"
        points = question.get("points", "1")
        mapping = "" if points == "1" else self._mapping({key: points}, points)
        options = [
            self._option("simpleChoice", str(verdict).lower(), text)
            for verdict, text in VERDICTS[self._language].items()
        ]
        interaction = self._interaction("choiceInteraction", options, {"shuffle": False}, maxChoices="1")
        return _Parts(
            [self._response([key], "single", "identifier", mapping)],
            bodies.block(question["prompt"]) + interaction,
            self._of_single(Processing(self._version, points), mapping),
        )

    def blank(self, question: Item) -> _Parts:
        points, accepted = question.get("points", "1"), question["answer"]
        exact = "true" if question.get("case") == "exact" else "false"
        alone = len(accepted) == 1
        names = [RESPONSE] if alone else [f"{RESPONSE}{n}" for n in range(1, len(accepted) + 1)]
        worth = points if alone else "1"
        responses = [
            self._response(
                texts[:1],
                "single",
                "string",
                self._mapping(dict.fromkeys(texts, worth), worth, caseSensitive=exact),
                name,
            )
            for name, texts in zip(names, accepted, strict=True)
        ]

        def blank(number: int) -> str:
            longest = max(map(len, accepted[number - 1]))
            return self._tag(
                "textEntryInteraction", responseIdentifier=names[number - 1], expectedLength=str(longest)
            )

        processing = Processing(self._version, points)
        body = bodies.block(question["prompt"], blank)
        return _Parts(responses, body, processing.mapped() if alone else processing.averaged(len(accepted)))

    def number(self, question: Item) -> _Parts:
        unit = question.get("unit", "")
        entry = self._tag("textEntryInteraction", responseIdentifier=RESPONSE)
        shown = f' <span class="{UNIT}">{escaped(unit)}</span>' if unit else ""
        processing = Processing(self._version, question.get("points", "1"))
        # The key of a question with variables is set by its template rules.
        drawn = MARKER.fullmatch(question["answer"]) is not None
        if not drawn and MARKER.search(question["answer"]):
            skip("variables_not_carried")
        return _Parts(
            [self._response([] if drawn else [question["answer"]], "single", "float")],
            f"{bodies.block(question['prompt'])}<p>{entry}{shown}</p>",
            processing.equal(question.get("tolerance", "0")),
        )

    def match(self, question: Item) -> _Parts:
        points, pairs = question.get("points", "1"), question["pairs"]
        right = list(dict.fromkeys([*pairs.values(), *question.get("distractors", ())]))
        joined = [f"L{n} R{right.index(text) + 1}" for n, text in enumerate(pairs.values(), 1)]
        for side in (pairs, right):
            if len(set(map(bodies.line, side))) < len(side):
                skip("shown_alike")
        mapping = self._mapping(dict.fromkeys(joined, share(points, len(pairs))), points)
        sets = [
            self._tag("simpleMatchSet", *self._associable("L", pairs, "1")),
            self._tag("simpleMatchSet", *self._associable("R", right, "0")),
        ]
        return _Parts(
            [self._response(joined, "multiple", "directedPair", mapping)],
            bodies.block(question["prompt"])
            + self._interaction("matchInteraction", sets, question, maxAssociations=str(len(pairs))),
            Processing(self._version, points).mapped(),
        )

    def _associable(self, letter: str, texts: Iterable[str], most: str) -> list[str]:
        return [
            self._tag("simpleAssociableChoice", bodies.line(text), identifier=f"{letter}{n}", matchMax=most)
            for n, text in enumerate(texts, 1)
        ]

    def order(self, question: Item) -> _Parts:
        texts = {f"I{n}": text for n, text in enumerate(question["items"], 1)}
        # A reader that does not shuffle must not show the key.
        options = [self._option("simpleChoice", key, texts[key]) for key in disguised(texts)]
        return _Parts(
            [self._response(list(texts), "ordered", "identifier")],
            bodies.block(question["prompt"]) + self._interaction("orderInteraction", options, question),
            Processing(self._version, question.get("points", "1")).matched(),
        )

    def essay(self, question: Item) -> _Parts:
        model = question.get("model_answer", "")
        told = (
            self._tag("rubricBlock", self._version.content(bodies.block(model)), view="scorer")
            if model
            else ""
        )
        entry = self._tag("extendedTextInteraction", responseIdentifier=RESPONSE)
        declared = self._tag(
            "responseDeclaration", identifier=RESPONSE, cardinality="single", baseType="string"
        )
        return _Parts([declared], bodies.block(question["prompt"]) + told + entry)

    def _interaction(self, name: str, options: list[str], question: Mapping[str, Any], **more: str) -> str:
        shuffle = "true" if question.get("shuffle", True) else "false"
        return self._tag(name, *options, responseIdentifier=RESPONSE, shuffle=shuffle, **more)

    def _option(self, name: str, key: str, text: str, told: str = "") -> str:
        return self._tag(name, bodies.line(text) + told, identifier=key)

    def _told(self, key: str, feedback: str) -> str:
        if not feedback:
            return ""
        shown = bodies.line(feedback)
        name = "feedbackBlock" if shown == bodies.block(feedback) else "feedbackInline"
        return self._feedback(name, CHOSEN, key, shown)

    def _feedback(self, name: str, outcome: str, key: str, shown: str) -> str:
        if name != "feedbackInline":
            shown = self._version.content(shown)
        return self._tag(name, shown, outcomeIdentifier=outcome, showHide="show", identifier=key)

    def _response(
        self, values: list[str], cardinality: str, kind: str, mapping: str = "", name: str = RESPONSE
    ) -> str:
        right = (self._tag("value", escaped(value)) for value in values)
        correct = self._tag("correctResponse", *right) if values else ""
        return self._tag(
            "responseDeclaration",
            correct,
            mapping,
            identifier=name,
            cardinality=cardinality,
            baseType=kind,
        )

    def _mapping(self, values: Mapping[str, str], most: str, **more: str) -> str:
        entries = (
            self._tag("mapEntry", mapKey=key, mappedValue=value, **more) for key, value in values.items()
        )
        return self._tag("mapping", *entries, lowerBound="0", upperBound=most, defaultValue="0")

    def _outcome(self, name: str, cardinality: str, kind: str, value: str = "") -> str:
        default = [self._tag("defaultValue", self._tag("value", value))] if value else []
        return self._tag(
            "outcomeDeclaration", *default, identifier=name, cardinality=cardinality, baseType=kind
        )


def _split(option: Any) -> tuple[str, str]:
    return (option["text"], option.get("feedback", "")) if isinstance(option, dict) else (option, "")


_BODIES: dict[str, Callable[[ItemWriter, Item], _Parts]] = {
    "single": ItemWriter.choice,
    "multiple": ItemWriter.choice,
    "truefalse": ItemWriter.truefalse,
    "blank": ItemWriter.blank,
    "number": ItemWriter.number,
    "match": ItemWriter.match,
    "order": ItemWriter.order,
    "essay": ItemWriter.essay,
}
