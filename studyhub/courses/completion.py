"""Reads for leaders: of those a course is for, how many have completed it, and who has not.

Counted over the members of today: active or probationary, in the course's audience, cleared for its level.
Who completed a course and has left its audience counts on neither side, so no rate passes 100 %.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from studyhub.courses import access
from studyhub.courses.models import IS_COMPLETED, IS_UNDER_WAY, Course, CourseBranch, CourseProgress, Lesson
from studyhub.courses.states import CourseState, Language
from studyhub.kernel.errors import NotFound
from studyhub.kernel.page import Page, PageRequest
from studyhub.kernel.permissions import Permission
from studyhub.organization import tree
from studyhub.organization.actor import Actor
from studyhub.organization.models import Branch, Member
from studyhub.organization.states import Level, readable


@dataclass(frozen=True, slots=True)
class Count:
    """How many a course is for, and how many of them have completed it."""

    assigned: int = 0
    completed: int = 0


@dataclass(slots=True)
class CourseCompletion:
    """A published course in a subtree; `by_branch` counts by the paths of the members' home branches."""

    slug: str
    title: str
    language: Language
    by_branch: dict[str, Count] = field(default_factory=dict)

    def within(self, path: str) -> Count:
        """The count of one subtree; the empty path is all that was asked for."""
        counts = [count for place, count in self.by_branch.items() if place.startswith(path)]
        return Count(sum(count.assigned for count in counts), sum(count.completed for count in counts))

    @property
    def assigned(self) -> int:
        return self.within("").assigned

    @property
    def completed(self) -> int:
        return self.within("").completed


@dataclass(frozen=True, slots=True)
class Learner:
    """A member that a course is for, and how far they have come in it."""

    member_no: str
    name: str
    branch_name: str
    lessons_completed: int
    completed_at: datetime | None


class Stage(StrEnum):
    """How far somebody is in a course, as the list of learners says it."""

    NOT_BEGUN = "not_begun"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"


@dataclass(frozen=True, slots=True)
class MemberStages:
    """A member and how far they are, by the slugs of the courses that are for them."""

    member_no: str
    name: str
    branch_name: str
    stages: dict[str, Stage]


@dataclass(frozen=True, slots=True)
class _Audience:
    """Whom a course is for: `paths` is empty when it is for everyone."""

    course: CourseCompletion
    level: Level
    paths: tuple[str, ...]

    def holds(self, clearance: Level, branch_path: str) -> bool:
        cleared = self.level in readable(clearance)
        return cleared and (not self.paths or branch_path.startswith(self.paths))


def completion(session: Session, branch_path: str) -> list[CourseCompletion]:
    """Every published course that is for somebody in the subtree, by title. Three statements."""
    audiences = _audiences(session)
    completed = _completed(session, branch_path)
    for row in session.execute(_members(branch_path)):
        for course_id, audience in audiences.items():
            if audience.holds(row.clearance, row.path):
                known = audience.course.by_branch.get(row.path, Count())
                done = completed.get((course_id, row.path, row.clearance), 0)
                audience.course.by_branch[row.path] = Count(
                    known.assigned + row.members, known.completed + done
                )
    return [audience.course for audience in audiences.values() if audience.course.by_branch]


def by_member(session: Session, branch_path: str) -> list[MemberStages]:
    """Every member of the subtree for whom there is a course, branch by branch. Three statements."""
    audiences = _audiences(session)
    begun = _begun(session, branch_path)
    rows = session.execute(
        select(
            Member.id, Member.member_no, Member.name, Member.clearance, Branch.path, Branch.name.label("home")
        )
        .join(Branch, Branch.id == Member.branch_id)
        .where(tree.subtree(Branch.path, branch_path), access.COUNTED)
        .order_by(Branch.path, Member.name, Member.id)
    )
    found = []
    for row in rows:
        stages = {
            audience.course.slug: begun.get((row.id, course_id), Stage.NOT_BEGUN)
            for course_id, audience in audiences.items()
            if audience.holds(row.clearance, row.path)
        }
        found.append(MemberStages(row.member_no, row.name, row.home, stages))
    return [one for one in found if one.stages]


def _begun(session: Session, branch_path: str) -> dict[tuple[int, int], Stage]:
    rows = session.execute(
        select(CourseProgress.member_id, CourseProgress.course_id, IS_UNDER_WAY.label("under_way"))
        .join(Member, Member.id == CourseProgress.member_id)
        .join(Branch, Branch.id == Member.branch_id)
        .where(tree.subtree(Branch.path, branch_path))
    )
    return {
        (row.member_id, row.course_id): Stage.IN_PROGRESS if row.under_way else Stage.COMPLETED
        for row in rows
    }


def _audiences(session: Session) -> dict[int, _Audience]:
    rows = session.execute(
        select(Course.id, Course.slug, Course.title, Course.language, Course.level, Branch.path)
        .outerjoin(CourseBranch, CourseBranch.course_id == Course.id)
        .outerjoin(Branch, Branch.id == CourseBranch.branch_id)
        .where(Course.state == CourseState.PUBLISHED)
        .order_by(Course.title, Course.id)
    ).all()
    paths: dict[int, list[str]] = {}
    for row in rows:
        paths.setdefault(row.id, []).extend([row.path] if row.path else [])
    return {
        row.id: _Audience(
            CourseCompletion(row.slug, row.title, row.language), row.level, tuple(paths[row.id])
        )
        for row in rows
    }


def _members(branch_path: str) -> Any:
    return (
        select(Branch.path, Member.clearance, func.count().label("members"))
        .join(Member, Member.branch_id == Branch.id)
        .where(tree.subtree(Branch.path, branch_path), access.COUNTED)
        .group_by(Branch.path, Member.clearance)
        .order_by(Branch.path)
    )


def _completed(session: Session, branch_path: str) -> dict[tuple[int, str, Level], int]:
    rows = session.execute(
        select(CourseProgress.course_id, Branch.path, Member.clearance, func.count().label("members"))
        .join(Member, Member.id == CourseProgress.member_id)
        .join(Branch, Branch.id == Member.branch_id)
        .where(tree.subtree(Branch.path, branch_path), access.COUNTED, IS_COMPLETED)
        .group_by(CourseProgress.course_id, Branch.path, Member.clearance)
    )
    return {(row.course_id, row.path, row.clearance): row.members for row in rows}


@dataclass(frozen=True, slots=True)
class FollowedCourse:
    """A course whose learners somebody looks at, who may or may not open it."""

    id: int
    slug: str
    title: str
    language: Language
    level: Level
    lessons: int
    may_open: bool


def followed(session: Session, actor: Actor, slug: str) -> FollowedCourse:
    """A course that the actor may open, or that is for members they may look at. Raises NotFound.
    One statement."""
    may_open = access.visible(actor)
    lessons = select(func.count()).where(Lesson.course_id == Course.id, Lesson.retired_at.is_(None))
    row = session.execute(
        select(
            Course.id,
            Course.slug,
            Course.title,
            Course.language,
            Course.level,
            lessons.scalar_subquery().label("lessons"),
            may_open.label("may_open"),
        ).where(
            Course.slug == slug, or_(may_open, access.followed(actor, actor.scope(Permission.VIEW_MEMBERS)))
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return FollowedCourse(
        row.id, row.slug, row.title, row.language, row.level, row.lessons, bool(row.may_open)
    )


def followed_in(session: Session, actor: Actor, branch_path: str) -> set[str]:
    """The slugs of the courses of which the actor may see by name how the subtree's members do.
    At most one statement."""
    if not actor.covers(Permission.VIEW_MEMBERS, branch_path):
        return set()
    return set(session.scalars(select(Course.slug).where(access.followed(actor, (branch_path,)))))


LEARNER_SORTS: dict[str, ColumnElement[Any]] = {
    "name": Member.name.expression,
    "lessons": func.coalesce(CourseProgress.lessons_completed, 0),
    "completed": CourseProgress.completed_at.expression,
    "branch": Branch.path.expression,
    "member_no": Member.member_no.expression,
}
"""What the list of learners can be ordered by."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a course of this level is for, as far as they are in these subtrees."""

    course_id: int
    level: Level
    scope: tuple[str, ...]


def count(session: Session, audience: Audience) -> Count:
    """How many the audience is, and how many of them have completed the course."""
    mine = and_(CourseProgress.member_id == Member.id, CourseProgress.course_id == audience.course_id)
    row = session.execute(
        select(func.count(Member.id), func.count(CourseProgress.completed_at))
        .join(Branch, Branch.id == Member.branch_id)
        .outerjoin(CourseProgress, mine)
        .where(*_of_course(session, audience), tree.within(Branch.path, audience.scope))
    ).one()
    return Count(*row)


def learners(
    session: Session, audience: Audience, request: PageRequest, *, not_yet: bool = False
) -> Page[Learner]:
    """The audience, the unfinished first. Three statements."""
    conditions = [*_of_course(session, audience), tree.within(Branch.path, audience.scope)]
    if not_yet:
        conditions.append(CourseProgress.completed_at.is_(None))
    if request.search:
        conditions.append(_matches(request.search))
    mine = and_(CourseProgress.member_id == Member.id, CourseProgress.course_id == audience.course_id)
    found = (
        select(
            Member.member_no,
            Member.name,
            Branch.name.label("branch_name"),
            func.coalesce(CourseProgress.lessons_completed, 0).label("lessons_completed"),
            CourseProgress.completed_at,
        )
        .join(Branch, Branch.id == Member.branch_id)
        .outerjoin(CourseProgress, mine)
        .where(*conditions)
    )
    total = session.execute(select(func.count()).select_from(found.subquery())).scalar_one()
    rows = session.execute(found.order_by(*_order(request)).limit(request.size).offset(request.offset))
    return Page([_learner(row) for row in rows], total, request)


def _order(request: PageRequest) -> list[Any]:
    """As asked for; else the unfinished first. Whoever has not begun has done nothing and completed last."""
    if request.sort not in LEARNER_SORTS:
        return [CourseProgress.completed_at.is_not(None), Branch.path, Member.member_no]
    column = LEARNER_SORTS[request.sort]
    key = column.desc() if request.descending else column.asc()
    return [key.nulls_last(), Branch.path, Member.member_no]


def _of_course(session: Session, audience: Audience) -> list[ColumnElement[bool]]:
    """The conditions that a course is for a member."""
    paths = session.scalars(
        select(Branch.path)
        .join(CourseBranch, CourseBranch.branch_id == Branch.id)
        .where(CourseBranch.course_id == audience.course_id)
    ).all()
    cleared = Member.clearance.in_([each for each in Level if audience.level in readable(each)])
    return [access.COUNTED, cleared, *([tree.within(Branch.path, tuple(paths))] if paths else [])]


def _matches(search: str) -> ColumnElement[bool]:
    wanted = "%" + search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    return or_(Member.name.ilike(wanted, escape="\\"), Member.member_no.ilike(wanted, escape="\\"))


def _learner(row: Any) -> Learner:
    return Learner(row.member_no, row.name, row.branch_name, row.lessons_completed, row.completed_at)
