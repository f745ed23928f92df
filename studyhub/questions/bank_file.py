"""The bank file → a Bank, or every fault in it. The warnings about the bank as a whole are in advice.py."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from studyhub.kernel.faults import Fault, any_error, in_reading_order
from studyhub.kernel.garbage import uncollected
from studyhub.questions import advice, default_values, images, prose, sameness, shared_keys, source
from studyhub.questions.bank import DEFAULT_POINTS, LANGUAGES, PASSAGE, Bank, Question
from studyhub.questions.bank_keys import (
    BANK,
    GRAMMAR,
    NOT_DEFAULT,
    NOT_FOR_PARTS,
    OWN,
    PART,
    QUESTION,
    RESERVED,
    SHARED,
    SPOKEN_LANGUAGES,
    SPOKEN_TYPES,
)
from studyhub.questions.document import Mapping, Node, Scalar, scalars
from studyhub.questions.fields import Fields, Flooded, Pair, Report, read_mapping
from studyhub.questions.images import Beside
from studyhub.questions.levels import read_level
from studyhub.questions.proving import Budget
from studyhub.questions.syntax import Reading, read
from studyhub.questions.types import TYPES
from studyhub.questions.variation import Variation, has_expressions


@dataclass(frozen=True, slots=True)
class Asked:
    """A prompt of the file, with the id of its question and its place."""

    id: str
    prompt: str
    line: int
    column: int
    options: frozenset[str] = frozenset()
    """as sameness.options_asked_of gives them"""


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a file: the bank when it has no error, its faults, and how many questions it holds.

    `slug` is the scalar that names the bank, also when the bank has errors; `text` is the file's text;
    `asked` are the prompts of the questions that could be read, `images` the files that they name.
    """

    bank: Bank | None
    faults: list[Fault]
    questions: int
    slug: Scalar | None = None
    text: str = ""
    asked: tuple[Asked, ...] = ()
    images: tuple[str, ...] = ()

    @property
    def errors(self) -> int:
        return sum(fault.is_error for fault in self.faults)

    @property
    def warnings(self) -> int:
        return len(self.faults) - self.errors


def check(data: bytes, beside: Beside | None = None, *, one_each: bool = False) -> Checked:
    """Check a bank file. Never raises for what is in it. `beside` gives the files that it names; without it
    the file stands alone, and images that are not stored yet are not shown. `one_each`: see Report."""
    # A tree of nodes holds no cycles; the search for some took two thirds of a large check's time.
    with uncollected():
        return _check(data, beside, one_each)


def check_tree(root: Node) -> Checked:
    """Check a bank that was not read from a file; the lines of its faults are those of the nodes."""
    checker = _Checker(Report("", GRAMMAR), None)
    bank = checker.bank(Reading(root))
    faults = in_reading_order(checker.report.faults)
    return Checked(None if any_error(faults) else bank, faults, checker.count)


def refuse_twins(files: Sequence[tuple[str, Checked]]) -> list[Checked]:
    """The same files, with a fault in each whose bank an earlier one (named by its path) has as well."""
    first: dict[str, str] = {}
    results = []
    for path, checked in files:
        slug = checked.slug
        if slug and first.setdefault(slug.value, path) != path:
            params = {"value": slug.value, "path": first[slug.value]}
            twin = Fault("duplicate_bank", slug.line, slug.column, params)
            results.append(replace(checked, bank=None, faults=in_reading_order([*checked.faults, twin])))
        else:
            results.append(checked)
    return results


def _check(data: bytes, beside: Beside | None, one_each: bool) -> Checked:
    text, fault = source.decode(data)
    if fault:
        return Checked(None, [fault], 0)
    reading = read(text, GRAMMAR)
    report = Report(text, GRAMMAR, list(reading.faults), one_each=one_each)
    checker = _Checker(report, beside)
    try:
        bank = checker.bank(reading) if reading.root is not None else None
    except Flooded:
        bank = None
        report.faults.append(Fault("too_many_faults", params={"count": len(report.faults)}))
    faults = in_reading_order(report.faults)
    bank = None if any_error(faults) else bank
    return Checked(
        bank, faults, checker.count + reading.broken, checker.slug, text, checker.asked, tuple(checker.images)
    )


class _Checker:
    """One run over one file; gathers faults in `report`."""

    def __init__(self, report: Report, beside: Beside | None) -> None:
        self.report = report
        self.images: dict[str, str] = {}
        self._beside = beside
        self._has_images = "](" in report.source
        self._has_signs = prose.SIGNS.search(report.source) is not None
        self.count = 0
        self.slug: Scalar | None = None
        self.asked: tuple[Asked, ...] = ()
        self._places: dict[str, tuple[int, int]] = {}
        self._budget = Budget()

    def bank(self, reading: Reading) -> Bank | None:
        assert reading.root is not None
        exam = _key_of_exam(reading.root)
        if exam is not None:
            self.report.error("exam_file", exam, "use_exams_check")
            return None
        fields = read_mapping(reading.root, BANK, self.report, "bank")
        if fields is None:
            return None
        if reading.headless:  # what could not be read is not called missing as well
            fields.misspelt |= BANK
        slug = fields.slug("bank", RESERVED)
        named = fields.found.get("bank")
        self.slug = named[1] if named and isinstance(named[1], Scalar) else None
        title = fields.text("title", required=True)
        language = fields.choice("language", LANGUAGES, SPOKEN_LANGUAGES, required=True)
        level = read_level(fields)
        rests_on = shared_keys.read_source(fields)
        questions = self._questions(fields)
        if slug is None or title is None or language is None:
            return None
        return Bank(slug, title, language, questions, level, rests_on)

    def _questions(self, fields: Fields) -> tuple[Question, ...]:
        defaults = self._defaults(fields)
        nodes = fields.items("questions", required=True)
        if nodes is None:
            return ()
        place = fields.found["questions"][0]
        if not nodes and not self.report.is_partial:
            self.report.error("no_questions", fields.found["questions"][1])
        self.count = len(nodes)
        noted = [(node, question) for node in nodes if (question := self._question(node, defaults))]
        self.report.subject = None
        advice.give(noted, place, self.report)
        self.asked = tuple(_asked(node, question) for node, question in noted)
        return tuple(question for _, question in noted)

    def _defaults(self, fields: Fields) -> Fields | None:
        defaults = fields.mapping("defaults", QUESTION)
        for key in NOT_DEFAULT.intersection(defaults.found if defaults else ()):
            assert defaults is not None
            self.report.error("not_a_default", defaults.found.pop(key)[0], key=key)
        if defaults is not None:
            default_values.check(defaults)
        return defaults

    def _question(self, node: Node, defaults: Fields | None, passage: str = "") -> Question | None:
        """A question, or one of the passage with this id."""
        before = f"{passage}/" if passage else ""
        self.report.subject = f"{before}{_name_of(node) or ''}" or None
        known = QUESTION if not passage or _is_passage(node) else PART
        fields = read_mapping(node, known, self.report, "questions")
        if fields is None:
            return None
        name = self._id(fields, before)
        kind = self._type(fields, defaults, within=bool(passage))
        fields.found = self._inherited(kind, defaults) | fields.found
        prompt = fields.text("prompt", required=True)
        if self._has_images and not passage:
            self._look_for_images(node)
        fields.part = self._parts_reader(fields, defaults, name or "?")
        varied = self._variation(fields, kind, defaults)
        if self._has_signs:
            prose.check(fields, varied=varied is not None)
        if kind is None:
            content = None
        elif varied:
            content = varied.content(kind, prompt or "")
        else:
            content = TYPES[kind].check(fields, prompt or "")
        common = self._common(fields, defaults)
        if kind == PASSAGE:  # what it says of points was a default of its questions
            common["points"] = DEFAULT_POINTS
        if name is None or kind is None or prompt is None or content is None:
            return None
        question = Question(name, kind, prompt, content, passage=passage, **common)
        return varied.proved(question) if varied else question

    def _parts_reader(
        self, fields: Fields, defaults: Fields | None, passage: str
    ) -> Callable[[Node], object]:
        inherited, subject = _for_parts(fields, defaults), self.report.subject

        def read_part(node: Node) -> Question | None:
            part = self._question(node, inherited, passage)
            self.report.subject = subject
            return part

        return read_part

    def _variation(self, fields: Fields, kind: str | None, defaults: Fields | None) -> Variation | None:
        own = fields.found.get("variables")
        if own is None:
            return None
        shared = defaults is not None and defaults.found.get("variables") is own
        if shared and (kind == PASSAGE or not has_expressions(fields)):
            return None
        if kind == PASSAGE:
            self.report.error("variables_of_passage", own[0])
            return None
        return Variation(fields, self._budget, shared=shared)

    def _inherited(self, kind: str | None, defaults: Fields | None) -> dict[str, Pair]:
        """The defaults that mean something to a question of this type."""
        own = TYPES[kind].keys if kind else OWN
        found = defaults.found if defaults else {}
        inherited = {key: pair for key, pair in found.items() if key in SHARED or key in own}
        if kind and _is_for_others(kind, inherited.get("marking")):
            del inherited["marking"]
        return inherited

    def _id(self, fields: Fields, before: str = "") -> str | None:
        name = fields.slug("id")
        if name is None:
            return None
        node = fields.found["id"][1]
        place = (node.line, node.column)
        first = self._places.setdefault(before + name, place)
        if first != place:
            self.report.error("duplicate_id", node, id=name, line=first[0])
        return name

    def _type(self, fields: Fields, defaults: Fields | None, *, within: bool) -> str | None:
        if "type" not in fields and defaults and "type" in defaults:
            fields.found["type"] = defaults.found["type"]
        node = fields.value("type", required=True)
        kind = fields.choice("type", TYPES, SPOKEN_TYPES)
        if within and kind == PASSAGE:
            self.report.error("passage_in_passage", node or fields.node)
            return None
        if kind:
            self._misplaced_keys(fields, kind)
        return kind

    def _misplaced_keys(self, fields: Fields, kind: str) -> None:
        """Keys of another type, which would otherwise be ignored in silence."""
        for key in fields.found.keys() - SHARED - TYPES[kind].keys - fields.misspelt:
            node = fields.found[key][0]
            owners = tuple(name for name, other in TYPES.items() if key in other.keys)
            self.report.error("key_of_other_type", node, key=key, type=kind, owners=owners)
        owner = TYPES[kind].key_in
        if "answer" in fields and owner != "answer" and "answer" not in fields.misspelt:
            self.report.error("answer_elsewhere", fields.found["answer"][0], type=kind, owner=owner)

    def _look_for_images(self, node: Node) -> None:
        """A fault at each text of the question that names a file which cannot be shown."""
        for text in scalars(node):
            if "](" in text.value:
                meant = images.cut_short(text.value)
                for path in images.named(text.value):
                    self._image(text, path, meant.get(path, ""))

    def _image(self, text: Scalar, path: str, meant: str) -> None:
        if not images.is_relative(path):
            if images.address(path) is None:
                self.report.warn("image_elsewhere", text, "image_beside", path=path)
            return
        if self._beside is None:
            self.report.warn("image_not_shown", text, "image_together", path=path)
            return
        if path not in self.images:
            self.images[path] = images.trouble(path, self._beside(path))
        if self.images[path]:
            limits = {"largest": images.LARGEST // 2**20, "known": images.KINDS}
            hint = "image_blanks" if meant else ""
            self.report.error(self.images[path], text, hint, path=path, meant=meant, **limits)

    def _common(self, fields: Fields, defaults: Fields | None) -> dict[str, Any]:
        explanation = fields.text("explanation")
        if not explanation and "questions" not in fields:
            self.report.warn("no_explanation", fields.node)
        return {
            "points": shared_keys.read_points(fields),
            "facility": shared_keys.read_facility(fields),
            "tags": shared_keys.read_tags(fields, defaults),
            "explanation": explanation or "",
            "source": shared_keys.read_source(fields),
            "review_by": fields.day("review_by"),
            "retired": fields.boolean("retired", False),
        }


def _for_parts(fields: Fields, defaults: Fields | None) -> Fields | None:
    """The defaults of a passage's questions: the bank's, and the points that the passage names."""
    given = defaults.found if defaults else {}
    found = {key: pair for key, pair in given.items() if key not in NOT_FOR_PARTS}
    found |= {key: fields.found[key] for key in ("points",) if key in fields}
    return Fields(fields.node, found, fields.report) if found else None


def _is_for_others(kind: str, marking: Pair | None) -> bool:
    """Whether a default's marking is a rule of other types only."""
    word = marking[1].value if marking and isinstance(marking[1], Scalar) else ""
    return word not in TYPES[kind].markings and any(word in other.markings for other in TYPES.values())


def _is_passage(node: Node) -> bool:
    """Whether it says so: among the questions of another one, that is its one mistake."""
    kind = _value_of(node, "type")
    return isinstance(kind, Scalar) and kind.value == PASSAGE


def _asked(node: Node, question: Question) -> Asked:
    place = advice.prompt_of(node)
    return Asked(question.id, question.prompt, place.line, place.column, sameness.options_asked_of(question))


def _key_of_exam(root: Node) -> Scalar | None:
    """The key `exam` of an exam file, which is no bank."""
    pairs = root.pairs if isinstance(root, Mapping) else ()
    keys = {key.value: key for key, _ in pairs if isinstance(key, Scalar)}
    return None if "bank" in keys or "questions" in keys else keys.get("exam")


def _name_of(node: Node) -> str | None:
    """The id of a question, whatever else is wrong with it."""
    value = _value_of(node, "id")
    return value.value if isinstance(value, Scalar) else None


def _value_of(node: Node, name: str) -> Node | None:
    """The value of a key, before the keys are read."""
    pairs = node.pairs if isinstance(node, Mapping) else ()
    return next((value for key, value in pairs if isinstance(key, Scalar) and key.value == name), None)
