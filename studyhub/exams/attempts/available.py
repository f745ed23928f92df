"""Which exams a member can see, and one of them with what a start needs to know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from studyhub.db.direct import Direct
from studyhub.db.types import PathText, UtcDateTime
from studyhub.exams import bank_versions
from studyhub.exams.access import Access, Tries, access, attempts_left
from studyhub.exams.extent import Extent, of_rows
from studyhub.exams.models import Attempt, Exam, ExamBank, ExamBranch, ExamExtension, ExamRevision
from studyhub.exams.states import AttemptState, ExamState
from studyhub.exams.timing import Window
from studyhub.kernel.errors import NotFound
from studyhub.organization.actor import Actor
from studyhub.organization.models import Branch, Member
from studyhub.organization.states import Level, readable
from studyhub.questions.models import Bank

_path = bindparam("path", type_=PathText())
_covers = (
    select(ExamBranch.branch_id)
    .join(Branch, Branch.id == ExamBranch.branch_id)
    .where(ExamBranch.exam_id == Exam.id, _path >= Branch.path, _path < Branch.path + "{")
)
_is_for = or_(~exists().where(ExamBranch.exam_id == Exam.id), _covers.exists())

# One parameter for each level there is: an expanding one is spelled anew in every request.
_LEVELS = [f"level_{place}" for place in range(len(Level))]
_levels: Any = [bindparam(name, type_=Exam.level.type) for name in _LEVELS]
# A bank's level can rise after the exam was set.
_above = (
    select(ExamBank.bank_id)
    .join(Bank, Bank.id == ExamBank.bank_id)
    .where(ExamBank.exam_id == Exam.id, Bank.level.not_in(_levels))
)

VISIBLE = and_(Exam.state == ExamState.PUBLISHED, Exam.level.in_(_levels), ~_above.exists(), _is_for)
"""The condition that the member of `visible_to` may see the exam: published, cleared for, and meant for."""

_EXAM: Any = (
    select(
        Exam.id,
        Exam.slug,
        Exam.title,
        Exam.opens_at,
        Exam.closes_at,
        Exam.minutes,
        Exam.attempts_allowed,
        Exam.pass_percent,
        Exam.keep,
        ExamRevision.id.label("revision_id"),
        func.coalesce(ExamExtension.minutes, 0).label("extra_minutes"),
        bank_versions.OF_EXAM.label("bank_versions"),
    )
    .join(ExamRevision, and_(ExamRevision.exam_id == Exam.id, ExamRevision.number == Exam.revision))
    .outerjoin(
        ExamExtension,
        and_(ExamExtension.exam_id == Exam.id, ExamExtension.member_id == bindparam("member_id")),
    )
    .where(Exam.slug == bindparam("slug"), VISIBLE)
)


_EXAM_SEEN = Direct(_EXAM.add_columns(Exam.extents))


def visible_to(actor: Actor) -> dict[str, Any]:
    """The parameters of VISIBLE for this member."""
    return _visible_at(actor.branch_path, Level(actor.clearance))


def _visible_at(path: str, clearance: Level) -> dict[str, Any]:
    levels = readable(clearance)
    return {"path": path} | {name: levels[min(at, len(levels) - 1)] for at, name in enumerate(_LEVELS)}


def exam_for(session: Session, actor: Actor, slug: str) -> Row[Any]:
    """The exam with its `extents`, for a member who may see it. Raises NotFound for any other."""
    row: Row[Any] | None = _EXAM_SEEN.first(
        session, {"slug": slug, "member_id": actor.member_id, **visible_to(actor)}
    )
    if row is None:
        raise NotFound
    return row


_own = Attempt.__table__.alias("own")
_EXAM_WITH_ATTEMPTS = Direct(
    _EXAM.add_columns(_own.c.id.label("attempt_id"), _own.c.number, _own.c.state, _own.c.accept_until)
    .outerjoin(_own, and_(_own.c.exam_id == Exam.id, _own.c.member_id == bindparam("member_id")))
    .order_by(_own.c.number)
)


def exam_and_attempts(session: Session, actor: Actor, slug: str) -> tuple[Row[Any], list[Row[Any]]]:
    """The exam of `exam_for`, and the member's attempts at it in order (`attempt_id`, `number`, `state`,
    `accept_until`). One statement. Raises NotFound as `exam_for` does."""
    keys = {"slug": slug, "member_id": actor.member_id, **visible_to(actor)}
    rows = _EXAM_WITH_ATTEMPTS.all(session, keys)
    if not rows:
        raise NotFound
    return rows[0], [row for row in rows if row.attempt_id is not None]


def require_visible(session: Session, member_no: str, slug: str) -> None:
    """Raise NotFound unless there is such a member, who may see the exam."""
    member = session.execute(
        select(Member.id, Member.clearance, Branch.path)
        .join(Branch, Branch.id == Member.branch_id)
        .where(Member.member_no == member_no)
    ).one_or_none()
    if member is None:
        raise NotFound("unknown_member", value=member_no)
    keys = {"slug": slug, "member_id": member.id, **_visible_at(member.path, member.clearance)}
    if session.execute(_EXAM, keys).one_or_none() is None:
        raise NotFound("exam_not_for_member", member_no=member_no)


def window_of(row: Any) -> Window:
    """When the exam of this row may be sat."""
    return Window(row.opens_at, row.closes_at, row.minutes)


def extra_time(row: Any) -> timedelta:
    """The member's extra time in the exam of this row."""
    return timedelta(minutes=row.extra_minutes)


@dataclass(frozen=True, slots=True)
class VisibleExam:
    """An exam as it stands for one member. `attempts_left` None: no limit; `ends_at` is the end of the
    attempt in progress."""

    slug: str
    title: str
    state: Access
    opens_at: datetime | None
    closes_at: datetime | None
    minutes: int | None
    extent: Extent
    attempts_allowed: int | None
    attempts_left: int | None
    attempt_id: int | None
    ends_at: datetime | None


_counted = func.count(_own.c.id).filter(_own.c.state != AttemptState.VOID)
_runs = and_(_own.c.state == AttemptState.OPEN, _own.c.accept_until >= bindparam("now", type_=UtcDateTime()))
_LIST = Direct(
    select(
        Exam.slug,
        Exam.title,
        Exam.opens_at,
        Exam.closes_at,
        Exam.minutes,
        Exam.extents,
        Exam.attempts_allowed,
        _counted.label("counted"),
        func.max(_own.c.id).filter(_runs).label("attempt_id"),
        func.max(_own.c.deadline_at).filter(_runs).label("ends_at"),
    )
    .outerjoin(_own, and_(_own.c.exam_id == Exam.id, _own.c.member_id == bindparam("member_id")))
    .where(VISIBLE)
    .group_by(Exam.id)
)
_ORDER = (Access.IN_PROGRESS, Access.OPEN, Access.UPCOMING, Access.CLOSED)


def visible_exams(session: Session, actor: Actor, *, now: datetime) -> list[VisibleExam]:
    """The exams that are for this member: in progress, open (the next to close first), upcoming, closed."""
    keys = {"member_id": actor.member_id, "now": now, **visible_to(actor)}
    exams = [_visible(row, now) for row in _LIST.all(session, keys)]
    return sorted(exams, key=_urgency)


def _visible(row: Row[Any], now: datetime) -> VisibleExam:
    tries = Tries(row.counted, in_progress=row.attempt_id is not None)
    return VisibleExam(
        slug=row.slug,
        title=row.title,
        state=access(window_of(row), tries, now),
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        minutes=row.minutes,
        extent=of_rows(row.extents),
        attempts_allowed=row.attempts_allowed,
        attempts_left=attempts_left(row.attempts_allowed, row.counted),
        attempt_id=row.attempt_id,
        ends_at=row.ends_at,
    )


def _urgency(exam: VisibleExam) -> tuple[int, float, str]:
    """Within a state what comes next: the nearest end, the nearest beginning, the latest end."""
    moment = exam.opens_at if exam.state is Access.UPCOMING else exam.closes_at
    seconds = moment.timestamp() if moment else float("inf")
    return _ORDER.index(exam.state), -seconds if exam.state is Access.CLOSED else seconds, exam.slug
