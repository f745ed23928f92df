"""Setting exams: storing a checked definition, publishing it, and giving a member extra time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from studyhub.db.inserting import insert_into
from studyhub.exams import queries
from studyhub.exams.checking import CheckedExam, require_unchanged
from studyhub.exams.extent import of_stored
from studyhub.exams.file.writing import as_stored, to_json
from studyhub.exams.models import Exam, ExamBank, ExamBranch, ExamExtension, ExamRevision
from studyhub.exams.states import ExamState
from studyhub.kernel.errors import Conflict, Unprocessable
from studyhub.kernel.events import ExamChanged, ExamPublished, emit
from studyhub.kernel.permissions import Permission
from studyhub.organization import holding
from studyhub.organization.actor import WHOLE_TREE, Actor
from studyhub.organization.audit import Act, record
from studyhub.organization.models import Branch, Member
from studyhub.organization.states import Level
from studyhub.organization.tree import within
from studyhub.questions.models import Bank


@dataclass(frozen=True, slots=True)
class StoredExam:
    """What became of a definition: `created`, `changed` or `unchanged`."""

    exam_id: int
    slug: str
    became: str


def store(session: Session, actor: Actor, checked: CheckedExam, *, now: datetime) -> StoredExam:
    """Take a definition into force. Attempts that have begun keep the revision they began with.

    Raises Unprocessable `exam_has_faults` when there is an error in it, Conflict when what was checked has
    changed since, and NotFound for another branch's exam of the same name.
    """
    if checked.since or checked.plan.state is ExamState.PUBLISHED:
        holding.everybody(session)  # scores of the whole exam follow: people are held before the exam is
    exam = queries.exam_to_manage(session, actor, checked.plan.slug, lock=True) if checked.since else None
    require_unchanged(session, actor, checked)
    if exam is None:
        return _create(session, actor, checked, now)
    return _change(session, actor, exam, checked, now)


def withdraw(session: Session, actor: Actor, slug: str, *, now: datetime) -> StoredExam:
    """Make a published exam a draft again, also one whose banks no longer fill it."""
    holding.everybody(session)
    exam = queries.exam_to_manage(session, actor, slug, lock=True)
    return _change(session, actor, exam, withdrawn(session, exam), now)


def withdrawn(session: Session, exam: Exam) -> CheckedExam:
    """The exam as it is, but a draft: nothing of it is checked, for nobody draws it."""
    text = as_stored(replace(queries.blueprint_of(session, exam), state=ExamState.DRAFT))
    lengths = tuple(map(of_stored, exam.extents))
    return CheckedExam(text, [], lengths, exam.bank_versions, exam.revision)


@dataclass(frozen=True, slots=True)
class ExtraTime:
    """Minutes for one member in attempts that start from then on; 0 takes them back."""

    member_no: str
    minutes: int


def extend(session: Session, actor: Actor, slug: str, extra: ExtraTime, *, now: datetime) -> None:
    """Give a member extra time.

    Raises Unprocessable for a member who is unknown, or minutes outside 0 to 600.
    """
    if not 0 <= extra.minutes <= 600:
        raise Unprocessable("minutes_out_of_range")
    exam = queries.exam_to_manage(session, actor, slug)
    member_id = _member(session, actor, extra.member_no)
    keys = {"exam_id": exam.id, "member_id": member_id}
    if extra.minutes:
        row = insert_into(session, ExamExtension).values(**keys, minutes=extra.minutes)
        session.execute(
            row.on_conflict_do_update(
                index_elements=["exam_id", "member_id"], set_={"minutes": row.excluded.minutes}
            )
        )
    else:
        session.execute(delete(ExamExtension).filter_by(**keys))
    detail = {"member_no": extra.member_no, "minutes": extra.minutes}
    record(session, actor, Act.EXAM_EXTENDED, f"exam:{slug}", detail, now=now)


def _member(session: Session, actor: Actor, member_no: str) -> int:
    scope = within(Branch.path, actor.scope(Permission.MANAGE_EXAMS))
    found = session.scalars(
        select(Member.id)
        .join(Branch, Branch.id == Member.branch_id)
        .where(Member.member_no == member_no.strip(), scope)
    ).one_or_none()
    if found is None:
        raise Unprocessable("unknown_member", value=member_no)
    return found


def _create(session: Session, actor: Actor, checked: CheckedExam, now: datetime) -> StoredExam:
    slug = checked.plan.slug
    exam = Exam(slug=slug, owner_id=_owner(session, actor), created_at=now, changed_at=now, revision=0)
    _write(session, actor, exam, checked, now)
    record(session, actor, Act.EXAM_CREATED, f"exam:{slug}", _detail(exam), now=now)
    _tell(session, actor, exam, None, now)
    return StoredExam(exam.id, exam.slug, "created")


def _change(session: Session, actor: Actor, exam: Exam, checked: CheckedExam, now: datetime) -> StoredExam:
    before = exam.state
    if to_json(queries.blueprint_of(session, exam)) == to_json(checked.plan):
        return StoredExam(exam.id, exam.slug, "unchanged")
    _write(session, actor, exam, checked, now)
    record(session, actor, Act.EXAM_CHANGED, f"exam:{exam.slug}", _detail(exam), now=now)
    _tell(session, actor, exam, before, now)
    return StoredExam(exam.id, exam.slug, "changed")


def _detail(exam: Exam) -> dict[str, Any]:
    return {"revision": exam.revision, "state": exam.state.value}


def _owner(session: Session, actor: Actor) -> int | None:
    """The branch for which the actor sets exams; None is the whole organisation."""
    scope = actor.scope(Permission.MANAGE_EXAMS)
    if WHOLE_TREE in scope:
        return None
    if not scope:
        raise Conflict("no_scope")
    return session.scalars(select(Branch.id).where(Branch.path == scope[0])).one()


def _write(session: Session, actor: Actor, exam: Exam, checked: CheckedExam, now: datetime) -> None:
    """Write the exam's row, a new revision, and what it draws from and is for."""
    plan = checked.plan
    banks = session.execute(select(Bank.id, Bank.level).where(Bank.slug.in_(plan.banks))).all()
    exam.title = plan.title
    exam.state = plan.state
    exam.level = max((row.level for row in banks), key=list(Level).index)
    exam.opens_at, exam.closes_at = plan.window.opens_at, plan.window.closes_at
    exam.minutes = plan.window.minutes
    exam.attempts_allowed = plan.attempts
    exam.keep = plan.keep
    exam.pass_percent = None if plan.pass_share is None else int(plan.pass_share * 10_000)
    exam.extents = [extent.stored for extent in checked.extents]
    exam.bank_versions = checked.bank_versions
    exam.revision += 1
    exam.changed_at = now
    if plan.state is ExamState.PUBLISHED and exam.published_at is None:
        exam.published_at = now
    session.add(exam)
    session.flush()
    session.execute(
        insert(ExamRevision).values(
            exam_id=exam.id,
            number=exam.revision,
            definition=to_json(plan),
            created_at=now,
            created_by=actor.member_id,
        )
    )
    branches = session.scalars(select(Branch.id).where(Branch.code.in_(plan.branches)).order_by(Branch.id))
    _replace(session, ExamBank, exam.id, "bank_id", [row.id for row in banks])
    _replace(session, ExamBranch, exam.id, "branch_id", list(branches))


def _replace(session: Session, table: Any, exam_id: int, column: str, ids: list[int]) -> None:
    session.execute(delete(table).where(table.exam_id == exam_id))
    if ids:
        session.execute(insert(table), [{"exam_id": exam_id, column: each} for each in ids])


def _tell(session: Session, actor: Actor, exam: Exam, before: ExamState | None, now: datetime) -> None:
    """Tell the other rooms, and the audit trail, when an exam begins or ceases to be published."""
    is_published, was_published = exam.state is ExamState.PUBLISHED, before is ExamState.PUBLISHED
    if is_published and not was_published:
        record(session, actor, Act.EXAM_PUBLISHED, f"exam:{exam.slug}", _detail(exam), now=now)
        emit(session, ExamPublished(now, exam.id))
    elif was_published:
        if not is_published:
            record(session, actor, Act.EXAM_WITHDRAWN, f"exam:{exam.slug}", _detail(exam), now=now)
        emit(session, ExamChanged(now, exam.id))
