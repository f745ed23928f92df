"""Which courses a member has: published ones that are for their branch, at a level they are cleared for."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, true
from sqlalchemy.orm import InstrumentedAttribute, aliased

from studyhub.courses.models import Course, CourseBranch
from studyhub.courses.states import CourseState
from studyhub.kernel.permissions import Permission
from studyhub.organization import tree
from studyhub.organization.actor import WHOLE_TREE, Actor
from studyhub.organization.models import Branch, Member
from studyhub.organization.states import Level, MemberStatus, readable

COUNTED = Member.status.in_((MemberStatus.ACTIVE, MemberStatus.PROBATIONARY))
"""The members of today: whom every figure of a course counts."""


def assigned(clearance: str, branch_path: str) -> ColumnElement[bool]:
    """The condition that a course is one of a member with this clearance in this branch."""
    for_someone = exists().where(CourseBranch.course_id == Course.id)
    for_them = for_someone.where(CourseBranch.branch_id.in_(tree.branch_ids(branch_path)))
    return and_(
        Course.state == CourseState.PUBLISHED,
        _cleared(Course.level, clearance),
        or_(~for_someone, for_them),
    )


def holds(home_path: Any) -> ColumnElement[bool]:
    """The condition that a course, whatever its state, is for a Member whose home branch has this path: the
    audience of a course as `completion` counts it, for whole lists of courses."""
    for_someone = exists().where(CourseBranch.course_id == Course.id)
    place = aliased(Branch)
    for_them = for_someone.where(
        place.id == CourseBranch.branch_id, home_path >= place.path, home_path < place.path + tree.AFTER_ALL
    )
    cleared = or_(*(and_(Member.clearance == each, _cleared(Course.level, each)) for each in Level))
    return and_(COUNTED, cleared, or_(~for_someone, for_them))


def visible(actor: Actor) -> ColumnElement[bool]:
    """The condition that the actor may open a course: their own, and what they manage, drafts too."""
    own = assigned(actor.clearance, actor.branch_path)
    if not actor.may(Permission.MANAGE_COURSES):
        return own
    return or_(own, and_(managed(actor), _cleared(Course.level, actor.clearance)))


def followed(actor: Actor, scope: tuple[str, ...]) -> ColumnElement[bool]:
    """The condition that a published course is for somebody in these subtrees: whoever leads them may see how
    their members do in it. It need not be for the actor, but its level is one that they are cleared for."""
    for_someone = exists().where(CourseBranch.course_id == Course.id)
    above = {branch_id for path in scope for branch_id in tree.branch_ids(path)}
    for_them = for_someone.where(
        Branch.id == CourseBranch.branch_id, or_(tree.within(Branch.path, scope), Branch.id.in_(above))
    )
    return and_(
        Course.state == CourseState.PUBLISHED,
        _cleared(Course.level, actor.clearance),
        or_(~for_someone, for_them),
    )


def managed(actor: Actor) -> ColumnElement[bool]:
    """The condition that every branch that a course is for lies within what the actor manages."""
    return lies_within(actor.scope(Permission.MANAGE_COURSES))


def lies_within(scope: tuple[str, ...]) -> ColumnElement[bool]:
    """The condition that everybody whom a course is for is in these subtrees."""
    if WHOLE_TREE in scope:
        return true()
    for_someone = exists().where(CourseBranch.course_id == Course.id)
    beyond = for_someone.where(Branch.id == CourseBranch.branch_id, ~tree.within(Branch.path, scope))
    return and_(for_someone, ~beyond)


def _cleared(level: InstrumentedAttribute[Level], clearance: str) -> ColumnElement[bool]:
    return level.in_(readable(Level(clearance)))
