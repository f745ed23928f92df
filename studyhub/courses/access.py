"""Which courses a member has: published ones that are for their branch, at a level they are cleared for."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, or_, true
from sqlalchemy.orm import InstrumentedAttribute

from studyhub.courses.models import Course, CourseBranch
from studyhub.courses.states import CourseState
from studyhub.kernel.permissions import Permission
from studyhub.organization import tree
from studyhub.organization.actor import WHOLE_TREE, Actor
from studyhub.organization.models import Branch
from studyhub.organization.states import Level, readable


def assigned(clearance: str, branch_path: str) -> ColumnElement[bool]:
    """The condition that a course is one of a member with this clearance in this branch."""
    for_someone = exists().where(CourseBranch.course_id == Course.id)
    for_them = for_someone.where(CourseBranch.branch_id.in_(tree.branch_ids(branch_path)))
    return and_(
        Course.state == CourseState.PUBLISHED,
        _cleared(Course.level, clearance),
        or_(~for_someone, for_them),
    )


def visible(actor: Actor) -> ColumnElement[bool]:
    """The condition that the actor may open a course: their own, and what they manage, drafts too."""
    own = assigned(actor.clearance, actor.branch_path)
    if not actor.may(Permission.MANAGE_COURSES):
        return own
    return or_(own, and_(managed(actor), _cleared(Course.level, actor.clearance)))


def managed(actor: Actor) -> ColumnElement[bool]:
    """The condition that every branch that a course is for lies within what the actor manages."""
    scope = actor.scope(Permission.MANAGE_COURSES)
    if WHOLE_TREE in scope:
        return true()
    for_someone = exists().where(CourseBranch.course_id == Course.id)
    beyond = for_someone.where(Branch.id == CourseBranch.branch_id, ~tree.within(Branch.path, scope))
    return and_(for_someone, ~beyond)


def _cleared(level: InstrumentedAttribute[Level], clearance: str) -> ColumnElement[bool]:
    return level.in_(readable(Level(clearance)))
