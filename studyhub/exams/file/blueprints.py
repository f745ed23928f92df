"""From the file's values to the blueprint that the engine works with."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from studyhub.exams.blueprint import Blueprint, QuestionRef, Section, Shuffle, Where
from studyhub.exams.file.scalars import UNLIMITED
from studyhub.exams.file.schema import ExamFile, SectionPart, WherePart
from studyhub.exams.release import ReviewPolicy
from studyhub.exams.timing import Window
from studyhub.kernel.points import Points


def blueprint_of(file: ExamFile, zone: ZoneInfo) -> Blueprint:
    """The blueprint that a checked file means; moments without a zone are in `zone`."""
    return Blueprint(
        slug=file.exam,
        title=file.title,
        sections=tuple(_section(part) for part in file.sections),
        window=Window(_moment(file.opens, zone), _moment(file.closes, zone), file.minutes),
        attempts=None if file.attempts == UNLIMITED else int(file.attempts),
        keep=file.keep,
        pass_share=file.pass_,
        branches=tuple(file.for_),
        state=file.state,
        shuffle=Shuffle(file.shuffle.questions, file.shuffle.options),
        review=ReviewPolicy(file.review.score, file.review.answers, file.review.explanations),
    )


def document_of(file: ExamFile, zone: ZoneInfo) -> dict[str, Any]:
    """The file's keys and values, JSON-ready, without what is default; every moment with its zone."""
    moments = {"opens": _moment(file.opens, zone), "closes": _moment(file.closes, zone)}
    dated = file.model_copy(update={key: moment for key, moment in moments.items() if moment})
    return dated.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def _moment(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    return moment.replace(tzinfo=zone) if moment is not None and moment.tzinfo is None else moment


def _section(part: SectionPart) -> Section:
    return Section(
        title=part.title,
        draw=part.draw,
        banks=tuple(part.from_),
        where=_where(part.where),
        points=None if part.points is None else Points(part.points),
        mix=tuple(part.mix.items()),
        must=tuple(_ref(name, part.from_) for name in part.must),
    )


def _where(part: WherePart) -> Where:
    return Where(
        types=frozenset(part.type),
        difficulties=frozenset(part.difficulty),
        all_tags=frozenset(part.tags.all),
        any_tags=frozenset(part.tags.any),
        no_tags=frozenset(part.tags.none),
    )


def _ref(name: str, banks: list[str]) -> QuestionRef:
    """`bank/id`, or a bare id where there is one bank (anything else is a fault that rules.py reports)."""
    bank, slash, question = name.rpartition("/")
    return QuestionRef(bank if slash else banks[0], question)
