"""From an exam file to its blueprint, with every fault at once.

The admin's form and a stored revision are read by the same code: they come as the same tree of nodes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from zoneinfo import ZoneInfo

from studyhub.exams.blueprint import Blueprint, QuestionRef, Section, Shuffle, Where
from studyhub.exams.file import grammar, rules, values
from studyhub.exams.release import Release, ReviewPolicy
from studyhub.exams.states import ExamState, Keep
from studyhub.exams.timing import Window
from studyhub.kernel.faults import Fault, in_reading_order
from studyhub.questions import source
from studyhub.questions.bank_keys import SPOKEN_DIFFICULTIES, SPOKEN_TYPES
from studyhub.questions.difficulty import Band
from studyhub.questions.document import Mapping, Node, Scalar, Sequence
from studyhub.questions.fields import Fields, Flooded, Report, read_mapping
from studyhub.questions.syntax import read as read_syntax
from studyhub.questions.types import TYPES

MOST_QUESTIONS = 500
MOST_MINUTES = 7 * 24 * 60
MOST_ATTEMPTS = 1000
MOST_SECTIONS = 30
UNLIMITED = "unlimited"

Place = tuple[str | int, ...]


@dataclass(slots=True)
class ExamText:
    """What an exam file says: a blueprint unless an error keeps it from meaning anything.

    `sections` are there as soon as no error stands within them, whatever is wrong elsewhere.
    """

    blueprint: Blueprint | None = None
    faults: list[Fault] = field(default_factory=list)
    root: Node | None = None
    sections: tuple[Section, ...] = ()

    def at(self, place: Place) -> tuple[int, int]:
        """Line and column of a value, or of the nearest mapping around it that there is."""
        return locate(self.root, place)


def read(data: bytes, zone: ZoneInfo) -> ExamText:
    """Read a file; moments without a zone are in `zone`."""
    text, undecodable = source.decode(data)
    if undecodable is not None:
        return ExamText(faults=[undecodable])
    syntax = read_syntax(text, grammar.GRAMMAR)
    if syntax.root is None:
        return ExamText(faults=syntax.faults)
    return interpret(syntax.root, zone, text, syntax.faults)


def interpret(root: Node, zone: ZoneInfo, text: str = "", faults: Iterable[Fault] = ()) -> ExamText:
    """Read the tree of a file (or of a form, or of a stored definition)."""
    report = Report(text, grammar.GRAMMAR, list(faults))
    blueprint = reader = None
    try:
        top = read_mapping(root, grammar.EXAM, report, "exam")
        reader = _Reader(top, zone) if top is not None else None
        blueprint = reader.blueprint() if reader is not None else None
    except Flooded:
        report.faults.append(Fault("too_many_faults", params={"count": len(report.faults)}))
    found = in_reading_order(report.faults)
    broken = any(fault.is_error for fault in found)
    return ExamText(None if broken else blueprint, found, root, reader.sections if reader else ())


class _Reader:
    """Reads one mapping of an exam, key by key; faults go to its report."""

    def __init__(self, fields: Fields, zone: ZoneInfo) -> None:
        self._fields = fields
        self._zone = zone
        self.sections: tuple[Section, ...] = ()

    def blueprint(self) -> Blueprint:
        fields = self._fields
        review = fields.mapping("review", grammar.REVIEW)
        made = Blueprint(
            slug=fields.slug("exam", grammar.RESERVED) or "",
            title=fields.text("title", required=True) or "",
            sections=self._sections(),
            window=Window(
                values.moment(fields, "opens", self._zone),
                values.moment(fields, "closes", self._zone),
                values.whole(fields, "minutes", MOST_MINUTES),
            ),
            attempts=self._attempts(),
            keep=Keep(fields.choice("keep", Keep, grammar.SPOKEN_KEEP) or Keep.BEST),
            pass_share=values.percentage(fields, "pass"),
            branches=tuple(values.branch_codes(fields, "for")),
            state=ExamState(fields.choice("state", ExamState, grammar.SPOKEN_STATES) or ExamState.PUBLISHED),
            shuffle=self._shuffle(),
            review=_review(review),
        )
        rules.check(made, fields, review)
        return made

    def _attempts(self) -> int | None:
        """A number, or None for `unlimited`."""
        node = self._fields.value("attempts")
        if node is None:
            return 1
        word = node.value.strip() if isinstance(node, Scalar) else ""
        if word == UNLIMITED:
            return None
        if word.isalpha():
            self._fields.unknown_word(node, "attempts", (UNLIMITED,), grammar.SPOKEN_ATTEMPTS)
            return None
        return values.whole(self._fields, "attempts", MOST_ATTEMPTS) or 1

    def _shuffle(self) -> Shuffle:
        fields = self._fields.mapping("shuffle", grammar.SHUFFLE)
        if fields is None:
            return Shuffle()
        return Shuffle(fields.boolean("questions", True), fields.boolean("options", True))

    def _sections(self) -> tuple[Section, ...]:
        report = self._fields.report
        nodes = self._fields.items("sections", required=True)
        if nodes is None:
            return ()
        if not 1 <= len(nodes) <= MOST_SECTIONS and (nodes or not report.is_partial):
            place = self._fields.found["sections"][1]
            report.error("section_count", place, count=len(nodes), most=MOST_SECTIONS)
        title = self._fields.text("title") or ""
        before = sum(fault.is_error for fault in report.faults)
        parts = [read_mapping(node, grammar.SECTION, report, "sections") for node in nodes[:MOST_SECTIONS]]
        sections = tuple(_section(part, title) for part in parts if part is not None)
        if before == sum(fault.is_error for fault in report.faults):
            self.sections = sections
        return sections


def _review(fields: Fields | None) -> ReviewPolicy:
    default = ReviewPolicy()
    if fields is None:
        return default

    def when(key: str, otherwise: Release) -> Release:
        return Release(fields.choice(key, Release, grammar.SPOKEN_RELEASE) or otherwise)

    return ReviewPolicy(
        when("score", default.score),
        when("answers", default.answers),
        when("explanations", default.explanations),
    )


def _section(fields: Fields, exam: str) -> Section:
    """A section without a title has that of its exam."""
    banks = values.slugs(fields, "from")
    return Section(
        title=fields.text("title") or exam,
        draw=values.whole(fields, "draw", MOST_QUESTIONS, required=True) or 1,
        banks=tuple(banks),
        where=_where(fields.mapping("where", grammar.WHERE)),
        points=values.points(fields, "points"),
        mix=_mix(fields),
        must=tuple(_must(fields, banks)),
    )


def _where(fields: Fields | None) -> Where:
    if fields is None:
        return Where()
    tags = _tags(fields)
    difficulties = values.chosen(fields, "difficulty", Band, SPOKEN_DIFFICULTIES)
    return Where(
        types=frozenset(values.chosen(fields, "type", TYPES, SPOKEN_TYPES)),
        difficulties=frozenset(Band(word) for word in difficulties),
        all_tags=tags["all"],
        any_tags=tags["any"],
        no_tags=tags["none"],
    )


def _tags(where: Fields) -> dict[str, frozenset[str]]:
    """A mapping of all, any and none; a plain value or list means: any of them."""
    node = where.value("tags")
    if not isinstance(node, Mapping):
        plain = frozenset(word.text for word in values.words(where, "tags"))
        return {"all": frozenset(), "any": plain, "none": frozenset()}
    parts = where.mapping("tags", grammar.TAGS)
    return {
        key: frozenset(word.text for word in values.words(parts, key)) if parts else frozenset()
        for key in ("all", "any", "none")
    }


def _mix(fields: Fields) -> tuple[tuple[Band, Fraction], ...]:
    """Shares of the draw by difficulty, in the order in which they are written."""
    parts = fields.mapping("mix", frozenset(Band))
    if parts is None:
        return ()
    shares = [(Band(key), values.percentage(parts, key)) for key in parts.found]
    known = tuple((band, share) for band, share in shares if share is not None)
    asked = len(parts.node.pairs) if isinstance(parts.node, Mapping) else 0
    # A share that could not be read may be what is missing.
    if known and len(known) == len(shares) == asked and sum(share for _, share in known) != 1:
        fields.report.error("mix_not_whole", fields.found["mix"][1])
    return known


def _must(fields: Fields, banks: list[str]) -> Iterable[QuestionRef]:
    """`bank/id`, or a bare id where the section has one bank."""
    for word in values.words(fields, "must"):
        bank, slash, question = word.text.rpartition("/")
        if not slash and len(banks) > 1:
            fields.report.error("must_needs_bank", word.node, question=word.text, banks=banks)
        elif slash and bank not in banks:
            fields.report.error("must_not_in_from", word.node, question=word.text, bank=bank)
        else:
            yield QuestionRef(bank if slash else "".join(banks[:1]), question)


def locate(root: Node | None, place: Place) -> tuple[int, int]:
    """Line and column of the value at `place`, or of what is nearest above it; (0, 0) without a tree."""
    node = root
    for step in place:
        inner = _step(node, step)
        if inner is None:
            break
        node = inner
    return (node.line, node.column) if node is not None else (0, 0)


def _step(node: Node | None, step: str | int) -> Node | None:
    if isinstance(node, Sequence) and isinstance(step, int):
        return node.items[step] if step < len(node.items) else None
    if isinstance(node, Mapping):
        return next(
            (value for key, value in node.pairs if isinstance(key, Scalar) and key.value == step), None
        )
    return None
