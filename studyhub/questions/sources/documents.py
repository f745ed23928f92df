"""Source documents over all banks: what rests on each, and marking one as superseded.

A question rests on the document that it names, else on that of its bank. The mark pulls what rests on the
document back to draft, where somebody has to look at it again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, literal, or_, select
from sqlalchemy.orm import Session

from studyhub.db.inserting import insert_into
from studyhub.kernel.errors import Conflict
from studyhub.kernel.events import ExamsAsked, OfferChange
from studyhub.kernel.page import Page, PageRequest
from studyhub.organization import audit
from studyhub.organization.actor import Actor
from studyhub.organization.audit import Act
from studyhub.organization.states import Level, readable
from studyhub.questions import amending, images, offering, reviews, touching
from studyhub.questions.importing import Doors
from studyhub.questions.models import (
    Bank,
    Question,
    QuestionReview,
    QuestionRevision,
    SupersededDocument,
    in_force,
)
from studyhub.questions.plan import Origin
from studyhub.questions.states import ChangeKind, ReviewState

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Document:
    """A document in one of its versions ("" where none is named), with what rests on it that one may see."""

    document: str
    version: str
    questions: int
    banks: tuple[str, ...]
    superseded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Resting:
    """A question that rests on a document, and how far it has come. `to_review`: nobody has looked at it
    since the document was superseded."""

    bank: str
    bank_title: str
    id: str
    prompt: str
    state: ReviewState
    to_review: bool


@dataclass(frozen=True, slots=True)
class FallsBack:
    """In a bank: how many questions rest on a document, and how many of them were reviewed or released."""

    bank: str
    title: str
    resting: int
    reviewed: int


@dataclass(frozen=True, slots=True)
class Superseding:
    """What saying that a document no longer holds would touch, as far as one may see it: banks, and the
    titles of the published exams that draw from its questions."""

    banks: tuple[FallsBack, ...]
    drawn_by: tuple[str, ...]


SORTS: Mapping[str, Callable[[Document], Any]] = {
    "document": lambda each: (each.document, each.version),
    "questions": lambda each: each.questions,
    "superseded": lambda each: each.superseded_at or NEVER,
}


def page(session: Session, actor: Actor, asked: PageRequest) -> Page[Document]:
    """One page of the documents whose name or version holds what is searched."""
    words = asked.search.casefold()
    found = [
        each
        for each in listed(session, actor)
        if words in each.document.casefold() or words in each.version.casefold()
    ]
    found.sort(key=SORTS[asked.sort], reverse=asked.descending)
    return Page(found[asked.offset : asked.offset + asked.size], len(found), asked)


def one(session: Session, source: tuple[str, str]) -> datetime | None:
    """Since when the document no longer holds; None when it does."""
    mark = session.get(SupersededDocument, source)
    return mark.marked_at if mark else None


def listed(session: Session, actor: Actor) -> list[Document]:
    """Every document, by name."""
    rows = session.execute(
        select(
            Bank.title,
            Bank.source,
            QuestionRevision.document,
            QuestionRevision.document_version,
            func.count().label("questions"),
        )
        .join(Bank, Bank.id == QuestionRevision.bank_id)
        .where(in_force(Bank.version), *_visible(actor))
        .group_by(
            Bank.id, Bank.title, Bank.source, QuestionRevision.document, QuestionRevision.document_version
        )
        .order_by(Bank.title)
    )
    counted: dict[tuple[str, str], int] = {}
    banks: dict[tuple[str, str], dict[str, None]] = {}
    for title, source, document, version, count in rows:
        key = (document, version or "") if document else _of_bank(source)
        if key[0]:
            counted[key] = counted.get(key, 0) + count
            banks.setdefault(key, {})[title] = None
    marks = {
        (row.document, row.version): row.marked_at for row in session.scalars(select(SupersededDocument))
    }
    return [
        Document(*key, count, tuple(banks[key]), marks.get(key)) for key, count in sorted(counted.items())
    ]


def resting_on(session: Session, actor: Actor, source: tuple[str, str], asked: PageRequest) -> Page[Resting]:
    """The questions that rest on this document in this version; those to be reviewed first."""
    since = one(session, source)
    waits: ColumnElement[bool] = literal(False)
    if since is not None:
        waits = or_(QuestionReview.reviewed_at.is_(None), QuestionReview.reviewed_at <= since)
    query = (
        select(
            Bank.slug,
            Bank.title,
            Question.slug,
            QuestionRevision.prompt,
            func.coalesce(QuestionReview.state, ReviewState.DRAFT).label("state"),
            waits.label("waits"),
        )
        .join(QuestionRevision, QuestionRevision.question_id == Question.id)
        .join(Bank, Bank.id == Question.bank_id)
        .outerjoin(QuestionReview, QuestionReview.revision_id == QuestionRevision.id)
        .where(in_force(Bank.version), _rests_on(session, source), *_visible(actor))
    )
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    order = (waits.desc(), Bank.title, Bank.slug, QuestionRevision.place, QuestionRevision.id)
    rows = session.execute(query.order_by(*order).offset(asked.offset).limit(asked.size))
    return Page([_resting(row) for row in rows], total, asked)


def _resting(row: Any) -> Resting:
    bank, title, name, prompt, state, waits = row
    return Resting(bank, title, name, images.in_words(prompt), ReviewState(state), bool(waits))


def superseding(session: Session, actor: Actor, source: tuple[str, str], now: datetime) -> Superseding:
    """What the mark would touch at this moment."""
    rests = in_force(Bank.version), _rests_on(session, source), *_visible(actor)
    counted = session.execute(
        select(Bank.slug, Bank.title, func.count(), func.count(QuestionReview.revision_id))
        .join(QuestionRevision, QuestionRevision.bank_id == Bank.id)
        .outerjoin(QuestionReview, QuestionReview.revision_id == QuestionRevision.id)
        .where(*rests)
        .group_by(Bank.slug, Bank.title)
        .order_by(Bank.title, Bank.slug)
    )
    sorts = (Bank.slug, QuestionRevision.type, QuestionRevision.facility, QuestionRevision.tags)
    rows = session.execute(
        select(*sorts)
        .join(QuestionRevision, QuestionRevision.bank_id == Bank.id)
        .where(*rests, ~QuestionRevision.retired)
        .distinct()
    )
    wanted: dict[str, list[tuple[str, int, tuple[str, ...]]]] = {}
    for bank, kind, facility, tags in rows:
        wanted.setdefault(bank, []).append((kind, facility, tuple(tags)))
    titles = (
        title
        for bank, found in sorted(wanted.items())
        for title in touching.drawing(session, ExamsAsked(now, bank, tuple(found), actor.levels))
    )
    return Superseding(tuple(FallsBack(*row) for row in counted), tuple(dict.fromkeys(titles)))


def offers(session: Session, source: tuple[str, str]) -> list[OfferChange]:
    """What the mark would make banks offer otherwise: those that ask for a release, without what rests on
    the document."""
    rows = session.execute(
        select(Bank.slug, Question.slug)
        .join(QuestionRevision, QuestionRevision.question_id == Question.id)
        .join(Bank, Bank.id == Question.bank_id)
        .where(in_force(Bank.version), Bank.release_required, _rests_on(session, source))
    )
    found: dict[str, list[str]] = {}
    for bank, name in rows:
        found.setdefault(bank, []).append(name)
    return [offering.without(bank, names) for bank, names in found.items()]


def supersede(doors: Doors, source: tuple[str, str]) -> list[str]:
    """Mark the document; what rests on it, in whatever bank, is a draft again.

    Returns the banks that were being changed at that moment: marking once more reaches them.
    """
    with doors.write() as session:
        now = doors.clock()
        values = {"marked_by": doors.actor.member_id, "marked_at": now}
        statement = insert_into(session, SupersededDocument).values(
            document=source[0], version=source[1], pulled=[], **values
        )
        session.execute(statement.on_conflict_do_update(index_elements=["document", "version"], set_=values))
        _record(session, doors, Act.SOURCE_SUPERSEDED, source)
    with doors.read() as session:
        pulled = _reviewed(session, source)
    return _in_each(doors, pulled, lambda ids: _taking_back(source, ids))


def hold_again(doors: Doors, source: tuple[str, str]) -> list[str]:
    """Take the mark away, and let what it pulled back stand where it stood; what was changed since is another
    revision, and what was reviewed since stays so.

    Returns the banks that were being changed at that moment: their questions stay drafts.
    """
    mark = (SupersededDocument.document == source[0], SupersededDocument.version == source[1])
    with doors.write() as session:
        gone = delete(SupersededDocument).where(*mark).returning(SupersededDocument.pulled)
        pulled = session.scalars(gone).one_or_none() or []
        _record(session, doors, Act.SOURCE_HOLDS_AGAIN, source)
    with doors.read() as session:
        by_bank = _by_bank(session, {taken[0]: taken for taken in pulled})
    return _in_each(doors, by_bank, _giving_back)


def _in_each(
    doors: Doors, banks: Mapping[str, list[Any]], turn: Callable[[list[Any]], Callable[[Session, int], None]]
) -> list[str]:
    """Take a turn in each of these banks. Returns those that were being changed."""
    missed = []
    for bank, items in banks.items():
        try:
            amending.beside(doors, bank, Origin(ChangeKind.REVIEW), turn(items))
        except Conflict:
            missed.append(bank)
    return missed


def _record(session: Session, doors: Doors, act: Act, source: tuple[str, str]) -> None:
    detail = {"version": source[1]}
    audit.record(session, doors.actor, act, f"document:{source[0]}"[:200], detail, now=doors.clock())


def _taking_back(source: tuple[str, str], ids: list[int]) -> Callable[[Session, int], None]:
    def turn(session: Session, _bank_id: int) -> None:
        # Locked: what another turn adds at the same moment is kept, and given back, as well.
        mark = session.get(SupersededDocument, source, with_for_update=True)
        if mark is None:  # it holds again since
            raise Conflict
        mark.pulled = [*mark.pulled, *reviews.taken_from(session, ids)]
        reviews.take_back(session, ids)

    return turn


def _giving_back(taken: list[Any]) -> Callable[[Session, int], None]:
    return lambda session, _bank_id: reviews.give_back(session, taken)


def _by_bank(session: Session, taken: Mapping[int, Any]) -> dict[str, list[Any]]:
    """What was taken from revisions that are still in force."""
    rows = session.execute(
        select(Bank.slug, QuestionRevision.id)
        .join(Bank, Bank.id == QuestionRevision.bank_id)
        .where(in_force(Bank.version), QuestionRevision.id.in_(list(taken)))
    )
    found: dict[str, list[Any]] = {}
    for bank, revision_id in rows:
        found.setdefault(bank, []).append(taken[revision_id])
    return found


def _reviewed(session: Session, source: tuple[str, str]) -> dict[str, list[int]]:
    """By bank, the revisions in force that rest on the document and have come further than draft."""
    rows = session.execute(
        select(Bank.slug, QuestionRevision.id)
        .join(Bank, Bank.id == QuestionRevision.bank_id)
        .join(QuestionReview, QuestionReview.revision_id == QuestionRevision.id)
        .where(in_force(Bank.version), _rests_on(session, source))
    )
    found: dict[str, list[int]] = {}
    for bank, revision_id in rows:
        found.setdefault(bank, []).append(revision_id)
    return found


def _rests_on(session: Session, source: tuple[str, str]) -> ColumnElement[bool]:
    rows = session.execute(select(Bank.id, Bank.source))
    banks = [bank_id for bank_id, its_source in rows if _of_bank(its_source) == source]
    own = and_(
        QuestionRevision.document == source[0],
        func.coalesce(QuestionRevision.document_version, "") == source[1],
    )
    return or_(own, and_(QuestionRevision.document.is_(None), QuestionRevision.bank_id.in_(banks)))


def _of_bank(source: dict[str, str]) -> tuple[str, str]:
    return source.get("document", ""), source.get("version", "")


def _visible(actor: Actor) -> list[ColumnElement[bool]]:
    if actor.member_id is None:
        return []
    return [Bank.level.in_(readable(Level(actor.clearance)))]
