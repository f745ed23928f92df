"""Reads of standings as lists: who has not yet, and why; everybody of a subtree in one exam."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select, true
from sqlalchemy.orm import Session

from studyhub.exams.models import Attempt, Exam
from studyhub.exams.states import AttemptState, ExamState
from studyhub.exams.timing import Phase, phase
from studyhub.kernel.page import Page, PageRequest
from studyhub.kernel.points import Points
from studyhub.organization import tree
from studyhub.organization.models import Branch, Member
from studyhub.scoring.hidden import NOTHING_HIDDEN, Hidden
from studyhub.scoring.rows import STANDING
from studyhub.scoring.standing import StandingState

NOT_YET_SHOWN = 200
"""How many of those who have not finished an answer names; the pages list all of them."""


RESULTS_SHOWN = 50
"""How many of a member's exams are listed."""


class Reason(StrEnum):
    """Why somebody is on the list of those to look after."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    WAITING = "waiting"
    MISSED = "missed"
    UPCOMING = "upcoming"
    FAILED_MAY_RETRY = "failed_may_retry"
    FAILED = "failed"


class Shown(StrEnum):
    """Which standings a list shows."""

    NOT_YET = "not_yet"
    FAILED = "failed"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class StandingLine:
    """One member's standing in one exam. `attempts_left` None: no limit; `waits`: the latest attempt is there
    to be marked."""

    member_no: str
    name: str
    branch_code: str
    branch_name: str
    exam: str
    title: str
    opens_at: datetime | None
    closes_at: datetime | None
    state: StandingState
    score: Points | None
    max_score: Points | None
    percent: int | None
    passed: bool | None
    attempts_allowed: int | None
    attempts: int
    waits: bool

    @property
    def is_waiting(self) -> bool:
        """Whether there is no result yet, and the member need do nothing about that."""
        return self.waits and self.state is StandingState.STARTED

    @property
    def attempts_left(self) -> int | None:
        return None if self.attempts_allowed is None else max(0, self.attempts_allowed - self.attempts)

    def reason(self, now: datetime) -> Reason | None:
        """Why this member needs looking after; None: there is nothing to do."""
        at = phase(self.opens_at, self.closes_at, now)
        if self.state is StandingState.FINISHED:
            if self.passed is not False:
                return None
            return Reason.FAILED_MAY_RETRY if at is Phase.OPEN and self.attempts_left != 0 else Reason.FAILED
        if self.is_waiting:
            return Reason.WAITING
        if at is Phase.CLOSED:
            return Reason.MISSED
        if self.state is StandingState.STARTED:
            return Reason.IN_PROGRESS
        return Reason.UPCOMING if at is Phase.UPCOMING else Reason.NOT_STARTED


@dataclass(frozen=True, slots=True)
class Listing:
    """The standings of a subtree in one exam, or (`own`) of its topmost branch alone, as one reader may see
    them."""

    path: str
    exam_id: int
    hidden: Hidden = NOTHING_HIDDEN
    own: bool = False

    @property
    def condition(self) -> ColumnElement[bool]:
        """Which standings these are, told by their branch."""
        where = Branch.path == self.path if self.own else tree.subtree(Branch.path, self.path)
        return and_(where, STANDING.c.exam_id == self.exam_id)


SORTS: dict[str, tuple[Any, ...]] = {
    "branch": (Branch.path, Member.name, Member.id),
    "name": (Member.name, Member.id),
    "member_no": (Member.member_no,),
    # Who has no percentage comes before who has nought.
    "percent": (func.coalesce(STANDING.c.percent, -1), Member.name, Member.id),
}


def not_yet(session: Session, path: str, waiting: Sequence[tuple[int, int]]) -> list[StandingLine]:
    """Who in the subtree has not finished, NOT_YET_SHOWN of them at most, exam by exam in the order given.

    `waiting` are open exams with how many have not finished them (the roll-ups know): those that the list
    has room for are read, and no other.
    """
    exam_ids: list[int] = []
    room = NOT_YET_SHOWN
    for exam_id, members in waiting:
        if room > 0 and members:
            exam_ids.append(exam_id)
            room -= members
    if not exam_ids:
        return []
    place = case({exam_id: at for at, exam_id in enumerate(exam_ids)}, value=STANDING.c.exam_id)
    rows = session.execute(
        _lines()
        .where(
            tree.subtree(Branch.path, path),
            STANDING.c.exam_id.in_(exam_ids),
            STANDING.c.state != StandingState.FINISHED,
        )
        .order_by(place, *SORTS["branch"])
        .limit(NOT_YET_SHOWN)
    )
    return [_line(row) for row in rows]


def standings_page(
    session: Session, listing: Listing, shown: Shown, wanted: PageRequest
) -> Page[StandingLine]:
    """A page of a listing. A hidden result is none: it is in no list of results, and sorts as none."""
    conditions = and_(listing.condition, _shown(shown, listing.hidden), _matching(wanted.search))
    total = _count(session, conditions)
    first, *rest = _sorted(wanted.sort, listing.hidden)
    order = [first.desc() if wanted.descending else first, *rest]
    rows = session.execute(
        _lines(listing.hidden).where(conditions).order_by(*order).limit(wanted.size).offset(wanted.offset)
    )
    return Page([_line(row) for row in rows], total, wanted)


def counts(session: Session, listing: Listing) -> dict[Shown, int]:
    """How long each list of one exam is. One statement."""
    lists = {one: case((_shown(one, listing.hidden), 1), else_=0) for one in Shown}
    row = session.execute(
        select(*(func.coalesce(func.sum(within), 0).label(one) for one, within in lists.items()))
        .select_from(STANDING)
        .join(Branch, Branch.id == STANDING.c.branch_id)
        .where(listing.condition)
    ).one()
    return {one: int(getattr(row, one)) for one in Shown}


def every_standing(
    session: Session, path: str, exam_ids: list[int], hidden: Hidden
) -> Iterator[StandingLine]:
    """All standings of a subtree in these exams, member by member: for an export."""
    rows = session.execute(
        _lines(hidden)
        .where(tree.subtree(Branch.path, path), STANDING.c.exam_id.in_(exam_ids))
        .order_by(Branch.path, Member.name, Member.id, STANDING.c.exam_id)
        .execution_options(yield_per=1_000)
    )
    return (_line(row) for row in rows)


def member_standings(session: Session, member_id: int) -> list[StandingLine]:
    """A member's own standings, the exam that ends last first."""
    rows = session.execute(
        _lines()
        .where(STANDING.c.member_id == member_id, Exam.state == ExamState.PUBLISHED)
        .order_by(Exam.closes_at.is_not(None), Exam.closes_at.desc(), Exam.id.desc())
        .limit(RESULTS_SHOWN)
    )
    return [_line(row) for row in rows]


def _lines(hidden: Hidden = NOTHING_HIDDEN) -> Select[*tuple[Any, ...]]:
    own = (
        Attempt.exam_id == STANDING.c.exam_id,
        Attempt.member_id == STANDING.c.member_id,
        Attempt.state != AttemptState.VOID,
    )
    attempts = select(func.count()).where(*own).correlate(STANDING).scalar_subquery()
    latest = select(Attempt.state).where(*own).order_by(Attempt.number.desc()).limit(1)
    waits = func.coalesce(latest.correlate(STANDING).scalar_subquery() == AttemptState.SUBMITTED, false())
    return (
        select(
            Member.member_no,
            Member.name,
            Branch.code.label("branch_code"),
            Branch.name.label("branch_name"),
            Exam.slug.label("exam"),
            Exam.title,
            Exam.opens_at,
            Exam.closes_at,
            STANDING.c.state,
            *(
                hidden.of(STANDING.c[name]).label(name)
                for name in ("score", "max_score", "percent", "passed")
            ),
            Exam.attempts_allowed,
            attempts.label("attempts"),
            waits.label("waits"),
        )
        .select_from(STANDING)
        .join(Member, Member.id == STANDING.c.member_id)
        .join(Branch, Branch.id == STANDING.c.branch_id)
        .join(Exam, Exam.id == STANDING.c.exam_id)
    )


def _line(row: Any) -> StandingLine:
    return StandingLine(**row._mapping)


def _count(session: Session, condition: ColumnElement[bool]) -> int:
    return session.execute(
        select(func.count())
        .select_from(STANDING)
        .join(Member, Member.id == STANDING.c.member_id)
        .join(Branch, Branch.id == STANDING.c.branch_id)
        .join(Exam, Exam.id == STANDING.c.exam_id)
        .where(condition)
    ).scalar_one()


def _sorted(sort: str, hidden: Hidden) -> tuple[Any, ...]:
    if sort == "percent":
        return func.coalesce(hidden.of(STANDING.c.percent), -1), *SORTS["percent"][1:]
    return SORTS.get(sort, SORTS["branch"])


def _shown(shown: Shown, hidden: Hidden) -> ColumnElement[bool]:
    if shown is Shown.NOT_YET:
        return STANDING.c.state != StandingState.FINISHED
    return and_(STANDING.c.passed.is_(False), hidden.shown) if shown is Shown.FAILED else true()


def _matching(search: str) -> ColumnElement[bool]:
    """Every word is a part of the name or of the branch's name, or begins the member's number."""
    return and_(
        true(),
        *(
            or_(
                Member.name.contains(word, autoescape=True),
                Branch.name.contains(word, autoescape=True),
                Member.member_no.startswith(word, autoescape=True),
            )
            for word in search.split()
        ),
    )
