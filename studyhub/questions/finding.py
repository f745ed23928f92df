"""The questions of one bank: found by words, type, tag, difficulty and health; a page at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, func, not_, or_, select
from sqlalchemy.orm import Session

from studyhub.db.searching import holds_words, list_holds
from studyhub.kernel.faults import Fault
from studyhub.kernel.page import Page, PageRequest
from studyhub.kernel.points import Points
from studyhub.questions import models, question_warnings, revisions, searching
from studyhub.questions.difficulty import Band, band_of
from studyhub.questions.listing import BankRow
from studyhub.questions.models import QuestionReview, QuestionRevision, SupersededDocument, in_force
from studyhub.questions.revisions import Revision
from studyhub.questions.states import ReviewState
from studyhub.questions.variants import as_written

QUESTION_SORTS: Mapping[str, Any] = {
    "place": QuestionRevision.place,
    "points": QuestionRevision.points,
    "facility": QuestionRevision.facility,
    "changed": QuestionRevision.created_at,
}


class Health(StrEnum):
    """What somebody should look at."""

    WARNED = "warned"
    SUPERSEDED = "superseded"
    REVIEW_DUE = "review_due"
    UNEXPLAINED = "unexplained"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class QuestionFilter:
    """What is looked for in a bank; "" is any. `today`: from when on a day to look again has passed."""

    today: date
    search: str = ""
    type: str = ""
    band: str = ""
    tag: str = ""
    health: str = ""
    state: str = ""

    @property
    def narrows(self) -> bool:
        """Whether anything but all is asked for."""
        return any((self.search, self.type, self.band, self.tag, self.health, self.state))

    def conditions(self, shown: BankRow) -> list[ColumnElement[bool]]:
        """They hold of a `QuestionRevision` of this bank."""
        found: list[ColumnElement[bool]] = []
        if self.search:
            found.append(_holds(self.search))
        if self.type:
            found.append(QuestionRevision.type == self.type)
        if self.band:
            found.append(_in_band(Band(self.band)))
        if self.tag:
            found.append(list_holds(QuestionRevision.tags, self.tag))
        if self.health:
            found.append(self._ails(Health(self.health), shown))
        if self.state:
            found.append(_is_at(ReviewState(self.state)))
        return found

    def _ails(self, health: Health, shown: BankRow) -> ColumnElement[bool]:
        warned = question_warnings.warned_questions(shown.id, shown.version)
        ailments: dict[Health, ColumnElement[bool]] = {
            Health.SUPERSEDED: rests_on_superseded(shown),
            Health.WARNED: QuestionRevision.question_id.in_(warned),
            Health.REVIEW_DUE: and_(
                QuestionRevision.review_by.is_not(None), QuestionRevision.review_by < self.today
            ),
            Health.UNEXPLAINED: not_(QuestionRevision.explained),
        }
        return or_(*ailments.values()) if health is Health.ANY else ailments[health]


@dataclass(frozen=True, slots=True)
class Facets:
    """How many questions of each type and with each tag a bank holds, how many are kept out of papers, and
    how many of each type are worth how much."""

    types: Mapping[str, int]
    tags: Mapping[str, int]
    retired: int
    worths: Mapping[tuple[str, Points], int]


def facets(session: Session, shown: BankRow) -> Facets:
    """They change with the bank's version only, so that the process keeps the last ones of each bank."""
    kept: dict[int, tuple[int, Facets]] = session.info["memory"].setdefault("questions.facets", {})
    version, found = kept.get(shown.id, (0, None))
    if found is None or version != shown.version:
        found = _facets(session, shown)
        kept[shown.id] = (shown.version, found)
    return found


_FACETS = (
    QuestionRevision.type,
    QuestionRevision.tags,
    QuestionRevision.retired,
    QuestionRevision.points,
)


def _facets(session: Session, shown: BankRow) -> Facets:
    counted = func.count().label("questions")
    rows = session.execute(select(*_FACETS, counted).where(*_of(shown)).group_by(*_FACETS))
    types: Counter[str] = Counter()
    worths: Counter[tuple[str, Points]] = Counter()
    tags: Counter[str] = Counter()
    retired = 0
    for row in rows:
        types[row.type] += row.questions
        worths[row.type, row.points] += row.questions
        retired += row.questions if row.retired else 0
        tags.update(dict.fromkeys(row.tags, row.questions))
    return Facets(types, dict(sorted(tags.items())), retired, worths)


def questions(session: Session, shown: BankRow, asked: PageRequest, wanted: QuestionFilter) -> Page[Revision]:
    """One page of what the filter finds."""
    chosen = matching(shown, wanted)
    total = session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    column = QUESTION_SORTS[asked.sort]
    order = column.desc() if asked.descending else column.asc()
    page = chosen.order_by(order, QuestionRevision.place, QuestionRevision.id)
    ids = session.scalars(page.offset(asked.offset).limit(asked.size)).all()
    return Page(_loaded(session, ids), total, asked)


def matching(shown: BankRow, wanted: QuestionFilter) -> Select[int]:
    """The ids of the revisions in force that the filter finds."""
    return select(QuestionRevision.id).where(*_of(shown), *wanted.conditions(shown))


def question(session: Session, shown: BankRow, slug: str) -> Revision | None:
    """The question with this id, in the revision that is in force, with its variables as they are written;
    None when there is none."""
    query = (
        select(QuestionRevision.id)
        .join(models.Question, models.Question.id == QuestionRevision.question_id)
        .where(*_of(shown), models.Question.slug == slug)
    )
    found = session.scalar(query)
    return None if found is None else revisions.load(session, [found])[found]


def names(session: Session, shown: BankRow, wanted: QuestionFilter) -> tuple[str, ...]:
    """The ids of all that the filter finds, in the bank's order."""
    query = (
        select(models.Question.slug)
        .join(QuestionRevision, QuestionRevision.question_id == models.Question.id)
        .where(*_of(shown), *wanted.conditions(shown))
        .order_by(QuestionRevision.place, QuestionRevision.id)
    )
    return tuple(session.scalars(query))


def ailments(session: Session, shown: BankRow, revision_ids: Collection[int]) -> dict[int, list[Fault]]:
    """What the checker says of these revisions in force, and whose source no longer holds."""
    found = question_warnings.of_revisions(session, revision_ids)
    outdated = select(QuestionRevision.id).where(
        QuestionRevision.id.in_(revision_ids), rests_on_superseded(shown)
    )
    for revision_id in session.scalars(outdated):
        found.setdefault(revision_id, []).append(Fault("source_superseded"))
    return found


def rests_on_superseded(shown: BankRow) -> ColumnElement[bool]:
    """The condition that a revision's source was superseded, and that nobody reviewed it since."""
    own = QuestionRevision.document.is_not(None)
    document = case((own, QuestionRevision.document), else_=shown.source.get("document", ""))
    version = case(
        (own, func.coalesce(QuestionRevision.document_version, "")), else_=shown.source.get("version", "")
    )
    # By itself, the inner one would only be tied to the table around it, and speak of any revision.
    looked_at = (
        exists()
        .where(
            QuestionReview.revision_id == QuestionRevision.id,
            QuestionReview.reviewed_at > SupersededDocument.marked_at,
        )
        .correlate(QuestionRevision, SupersededDocument)
    )
    return (
        exists()
        .where(SupersededDocument.document == document, SupersededDocument.version == version, ~looked_at)
        .correlate(QuestionRevision)
    )


def _is_at(state: ReviewState) -> ColumnElement[bool]:
    query = select(QuestionReview.revision_id)
    if state is ReviewState.DRAFT:
        return QuestionRevision.id.not_in(query)
    return QuestionRevision.id.in_(query.where(QuestionReview.state == state))


def band_of_question(revision: Revision) -> Band:
    """The difficulty in words."""
    return band_of(revision.question.facility)


def _of(shown: BankRow) -> list[ColumnElement[bool]]:
    return [QuestionRevision.bank_id == shown.id, in_force(shown.version)]


def _loaded(session: Session, ids: Sequence[int]) -> list[Revision]:
    """Variables have their first value."""
    loaded = revisions.load(session, ids)
    return [as_written(loaded[one])[0] for one in ids]


def _holds(search: str) -> ColumnElement[bool]:
    terms = searching.terms(search)
    return holds_words(QuestionRevision.id, QuestionRevision.words, terms) if terms else false()


def _in_band(band: Band) -> ColumnElement[bool]:
    facility = QuestionRevision.facility
    # The borders are those of difficulty.band_of.
    if band is Band.EASY:
        return facility >= 7500
    return facility < 5000 if band is Band.HARD else facility.between(5000, 7499)
