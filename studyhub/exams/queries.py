"""Reads of the admin's desk. What lies outside the actor's scope does not exist."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select, true
from sqlalchemy.orm import Session

from studyhub.exams import papers
from studyhub.exams.blueprint import Blueprint
from studyhub.exams.extent import Extent, of_rows
from studyhub.exams.models import Attempt, Exam, ExamBank, ExamBranch, ExamExtension, ExamRevision
from studyhub.exams.states import AttemptState, ExamState
from studyhub.exams.timing import Stage, stage
from studyhub.kernel.errors import NotFound
from studyhub.kernel.page import Page, PageRequest
from studyhub.kernel.permissions import Permission
from studyhub.kernel.points import Points
from studyhub.organization.actor import WHOLE_TREE, Actor
from studyhub.organization.models import Branch, Member
from studyhub.organization.tree import branch_ids, within
from studyhub.questions.models import Bank


@dataclass(frozen=True, slots=True)
class DeskExam:
    """An exam on the desk, with how many attempts there are (void ones aside)."""

    slug: str
    title: str
    stage: Stage
    opens_at: datetime | None
    closes_at: datetime | None
    minutes: int | None
    extent: Extent
    attempts: int
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class DeskList:
    """A page of the desk's exams, and how many there are at each stage that the search leaves."""

    page: Page[DeskExam]
    counts: dict[Stage | None, int]
    """None: at any"""


@dataclass(frozen=True, slots=True)
class DeskAttempt:
    """An attempt as the desk and leaders list it: marks, never answers."""

    id: int
    exam: str
    title: str
    member_no: str
    name: str
    branch: str
    number: int
    state: AttemptState
    started_at: datetime
    submitted_at: datetime | None
    score: Points | None
    max_score: Points
    passed: bool | None
    void_reason: str | None


@dataclass(frozen=True, slots=True)
class Extension:
    """A member's extra time."""

    member_no: str
    name: str
    minutes: int


def exam_to_manage(session: Session, actor: Actor, slug: str, *, lock: bool = False) -> Exam:
    """An exam that the actor sets, on request locked and as it is now. Raises NotFound for any other."""
    wanted = select(Exam).where(Exam.slug == slug, _managed(actor))
    exam = session.scalars(locked(wanted) if lock else wanted).one_or_none()
    if exam is None:
        raise NotFound
    return exam


def locked(exams: Select[Exam]) -> Select[Exam]:
    """The exams that the query finds, locked until the commit; what was read of them before is read anew.

    Standings may still be made: whoever makes one, because a member moves, may be waited for later on.
    """
    return exams.with_for_update(key_share=True).execution_options(populate_existing=True)


def blueprint_of(session: Session, exam: Exam) -> Blueprint:
    """The exam's current definition."""
    return papers.blueprint(session, current_revision(session, exam))


def current_revision(session: Session, exam: Exam) -> int:
    """The id of the exam's current revision."""
    return session.scalars(
        select(ExamRevision.id).where(ExamRevision.exam_id == exam.id, ExamRevision.number == exam.revision)
    ).one()


SORTS: dict[str, Any] = {
    "title": Exam.title,
    "opens": Exam.opens_at,
    "closes": Exam.closes_at,
    "changed": Exam.changed_at,
}


def desk_exams(
    session: Session, actor: Actor, request: PageRequest, stage: Stage | None, now: datetime
) -> DeskList:
    """The exams that the actor sets, at that stage (None: any), the last changed first unless sorted. Two
    statements."""
    wanted = and_(_managed(actor), _matching(request.search, Exam.title, Exam.slug))
    stages = _at_stage(now)
    counted = (func.count().filter(at).label(each) for each, at in stages.items())
    row = session.execute(select(func.count().label("all"), *counted).select_from(Exam).where(wanted)).one()
    counts: dict[Stage | None, int] = {None: row.all, **{each: getattr(row, each) for each in Stage}}
    attempts = func.count(Attempt.id).filter(Attempt.state != AttemptState.VOID)
    statement = (
        select(Exam, attempts.label("attempts"))
        .outerjoin(Attempt, Attempt.exam_id == Exam.id)
        .where(wanted, true() if stage is None else stages[stage])
        .group_by(Exam.id)
        .order_by(*_order(request, SORTS, Exam.changed_at.desc()), Exam.id)
    )
    rows = session.execute(statement.offset(request.offset).limit(request.size)).all()
    exams = [_desk_exam(row.Exam, row.attempts, now) for row in rows]
    return DeskList(Page(exams, counts[stage], request), counts)


def _at_stage(now: datetime) -> dict[Stage, ColumnElement[bool]]:
    """What `stage` decides of an exam, as conditions."""
    out = Exam.state == ExamState.PUBLISHED
    begins, ends = Exam.opens_at > now, Exam.closes_at <= now
    began, goes_on = or_(Exam.opens_at.is_(None), ~begins), or_(Exam.closes_at.is_(None), ~ends)
    return {
        Stage.DRAFT: ~out,
        Stage.UPCOMING: and_(out, begins),
        Stage.OPEN: and_(out, began, goes_on),
        Stage.CLOSED: and_(out, began, ends),
    }


def stage_of(exam: Exam, now: datetime) -> Stage:
    """How the exam stands at the desk."""
    return stage(exam.state, exam.opens_at, exam.closes_at, now)


def _desk_exam(exam: Exam, attempts: int, now: datetime) -> DeskExam:
    return DeskExam(
        exam.slug,
        exam.title,
        stage_of(exam, now),
        exam.opens_at,
        exam.closes_at,
        exam.minutes,
        of_rows(exam.extents),
        attempts,
        exam.changed_at,
    )


def _managed(actor: Actor) -> ColumnElement[bool]:
    """The condition that the actor sets the exam, and is cleared for all that it draws from: a preview shows
    the keys of its banks, whose level may have risen since it was set."""
    scope = actor.scope(Permission.MANAGE_EXAMS)
    owned = Exam.owner_id.in_(select(Branch.id).where(within(Branch.path, scope)))
    drawn_from = select(ExamBank.bank_id).join(Bank, Bank.id == ExamBank.bank_id)
    above = drawn_from.where(ExamBank.exam_id == Exam.id, Bank.level.not_in(actor.levels))
    own = or_(owned, Exam.owner_id.is_(None)) if WHOLE_TREE in scope else owned
    return and_(own, Exam.level.in_(actor.levels), ~above.exists())


ATTEMPT_SORTS: dict[str, Any] = {
    "name": Member.name,
    "number": Attempt.number,
    "started": Attempt.started_at,
    "score": Attempt.score,
    "state": Attempt.state,
}


def desk_attempts(
    session: Session, actor: Actor, slug: str, request: PageRequest, permission: Permission
) -> Page[DeskAttempt]:
    """An exam's attempts by members in the actor's scope for the permission. Two statements."""
    wanted = and_(
        Exam.slug == slug,
        within(Branch.path, actor.scope(permission)),
        _matching(request.search, Member.name, Member.member_no),
    )
    total = session.scalar(_joined(select(func.count())).where(wanted)) or 0
    statement = (
        _attempts()
        .where(wanted)
        .order_by(*_order(request, ATTEMPT_SORTS, Attempt.started_at.desc()), Attempt.id)
    )
    rows = session.execute(statement.offset(request.offset).limit(request.size)).all()
    return Page([_desk_attempt(row) for row in rows], total, request)


def desk_attempt(session: Session, actor: Actor, attempt_id: int, permission: Permission) -> DeskAttempt:
    """One attempt of a member in the actor's scope. Raises NotFound."""
    row = session.execute(
        _attempts().where(Attempt.id == attempt_id, within(Branch.path, actor.scope(permission)))
    ).one_or_none()
    if row is None:
        raise NotFound
    return _desk_attempt(row)


def _attempts() -> Any:
    return _joined(
        select(
            Attempt.id,
            Exam.slug.label("exam"),
            Exam.title,
            Member.member_no,
            Member.name,
            Branch.name.label("branch"),
            Attempt.number,
            Attempt.state,
            Attempt.started_at,
            Attempt.submitted_at,
            Attempt.score,
            Attempt.max_score,
            Attempt.passed,
            Attempt.void_reason,
        )
    )


def _joined(statement: Any) -> Any:
    return (
        statement.select_from(Attempt)
        .join(Exam, Exam.id == Attempt.exam_id)
        .join(Member, Member.id == Attempt.member_id)
        .join(Branch, Branch.id == Member.branch_id)
    )


def _desk_attempt(row: Row[Any]) -> DeskAttempt:
    return DeskAttempt(**row._mapping)


def exam_title(session: Session, actor: Actor, slug: str, permission: Permission) -> str:
    """The title of an exam that is published for somebody in the actor's scope for the permission, or was sat
    there before it was withdrawn. Raises NotFound."""
    scope = actor.scope(permission)
    above = {branch_id for prefix in scope for branch_id in branch_ids(prefix)}
    named = select(ExamBranch.branch_id).where(ExamBranch.exam_id == Exam.id)
    here = named.join(Branch, Branch.id == ExamBranch.branch_id).where(
        or_(within(Branch.path, scope), Branch.id.in_(above))
    )
    sat = select(Attempt.id).join(Member, Member.id == Attempt.member_id)
    sat_here = sat.join(Branch, Branch.id == Member.branch_id).where(
        Attempt.exam_id == Exam.id, within(Branch.path, scope)
    )
    is_out = and_(Exam.state == ExamState.PUBLISHED, or_(~named.exists(), here.exists()))
    known = or_(is_out, sat_here.exists())
    title = session.scalars(select(Exam.title).where(Exam.slug == slug, known)).one_or_none()
    if title is None:
        raise NotFound
    return title


def attempt_count(session: Session, exam: Exam) -> int:
    """How many attempts there are, void ones aside."""
    counted = select(func.count()).where(Attempt.exam_id == exam.id, Attempt.state != AttemptState.VOID)
    return session.scalar(counted) or 0


def open_attempts(session: Session, exam: Exam, now: datetime) -> int:
    """How many attempts still take answers."""
    under_way = (Attempt.state == AttemptState.OPEN, Attempt.accept_until >= now)
    counted = select(func.count()).where(Attempt.exam_id == exam.id, *under_way)
    return session.scalar(counted) or 0


def banks(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """Slug and title of every bank that the actor can draw from."""
    there = select(Bank.slug, Bank.title).where(Bank.version > 0, Bank.level.in_(actor.levels))
    rows = session.execute(there.order_by(Bank.slug))
    return [(row.slug, row.title) for row in rows]


def branch_names(session: Session, codes: Collection[str]) -> dict[str, str]:
    """What the branches with these codes are called, in the order of the tree."""
    wanted = select(Branch.code, Branch.name).where(Branch.code.in_(codes)).order_by(Branch.path)
    return {row.code: row.name for row in session.execute(wanted)}


def extensions(session: Session, exam: Exam) -> list[Extension]:
    """Who has extra time in the exam."""
    rows = session.execute(
        select(Member.member_no, Member.name, ExamExtension.minutes)
        .join(Member, Member.id == ExamExtension.member_id)
        .where(ExamExtension.exam_id == exam.id)
        .order_by(Member.name, Member.id)
    )
    return [Extension(*row) for row in rows]


def _matching(search: str, *columns: Any) -> ColumnElement[bool]:
    """The condition that one of the columns holds the words searched for."""
    if not search:
        return and_(True)
    return or_(*(column.contains(search, autoescape=True) for column in columns))


def _order(request: PageRequest, sorts: dict[str, Any], otherwise: Any) -> tuple[Any, ...]:
    column = sorts.get(request.sort)
    if column is None:
        return (otherwise,)
    return (column.desc() if request.descending else column.asc(),)
