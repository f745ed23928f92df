"""Dashboards for programs: a branch with its subtree, a member of it, and oneself."""

from __future__ import annotations

from typing import Any

from flask.typing import ResponseReturnValue
from pydantic import BaseModel, Field

from studyhub.courses.completion import CourseCompletion
from studyhub.courses.queries import MemberCourse
from studyhub.exams.attempts.api import Listed
from studyhub.exams.attempts.payload import exam_payload
from studyhub.exams.timing import Phase
from studyhub.kernel.permissions import Permission
from studyhub.kernel.points import to_number
from studyhub.organization.audit import Act, record
from studyhub.organization.sign_in.api import BranchName
from studyhub.organization.states import BranchKind
from studyhub.scoring import dashboards
from studyhub.scoring.branch_queries import ChildLine, ExamFigures
from studyhub.scoring.dashboards import OwnDashboard
from studyhub.scoring.own_results import OwnResult
from studyhub.scoring.rollup import Figures
from studyhub.scoring.standing import StandingState
from studyhub.scoring.standing_queries import Reason, StandingLine
from studyhub.web.api import answers, spec
from studyhub.web.clock import now
from studyhub.web.guard import Room
from studyhub.web.identity import current_actor
from studyhub.web.transaction import current_session, read, write

room = Room("scoring_api", "studyhub.scoring", url_prefix="/api/v1")


class FiguresAnswer(BaseModel):
    """Counts of members, each counted in the one before it; `mean` in percent, null when nobody finished."""

    slug: str
    assigned: int
    started: int
    finished: int
    passed: int
    mean: float | None


class ExamAnswer(FiguresAnswer):
    """An exam in a subtree. `histogram` counts 0–10 %, …, 90–100 %; `pass_percent` is null without a line."""

    title: str
    state: Phase
    opens_at: str | None
    closes_at: str | None
    pass_percent: float | None
    histogram: list[int] = Field(min_length=10, max_length=10)


class BranchAnswer(BranchName):
    """A branch, and how many members there are in its subtree today."""

    kind: BranchKind
    members: int


class ChildAnswer(BranchAnswer):
    """A branch right below, with its figures in each exam that concerns it. One that was closed is there for
    what was counted in it."""

    closed: bool
    exams: list[FiguresAnswer]


class CompletionAnswer(BaseModel):
    """A course in a subtree: how many of its members it is for, and how many of those completed it."""

    slug: str
    title: str
    assigned: int
    completed: int


class CourseAnswer(BaseModel):
    """A course of one member. `completed` counts lessons."""

    slug: str
    title: str
    lessons: int
    completed: int


class NotYetAnswer(BaseModel):
    """Somebody who has not finished an exam that is open."""

    member_no: str
    name: str
    branch: BranchName
    exam: str
    reason: Reason
    closes_at: str | None


class BranchDashboardAnswer(BaseModel):
    """A branch and everything below it. `not_yet` names at most 200 of `not_yet_total`."""

    branch: BranchAnswer
    children: list[ChildAnswer]
    exams: list[ExamAnswer]
    courses: list[CompletionAnswer]
    not_yet: list[NotYetAnswer]
    not_yet_total: int


class ResultAnswer(BaseModel):
    """A standing. What the review policy hides from its own member is absent."""

    exam: str
    title: str
    state: StandingState
    opens_at: str | None
    closes_at: str | None
    attempts: int
    score: float | None = None
    max_score: float | None = None
    percent: float | None = None
    passed: bool | None = None
    score_available_at: str | None = None


class Person(BaseModel):
    """Whose dashboard it is."""

    member_no: str
    name: str
    branch: BranchName


class OwnDashboardAnswer(BaseModel):
    """What to do next, and how it went."""

    member: Person
    next: list[dict[str, Any]]
    exams: list[Listed]
    courses: list[CourseAnswer]
    history: list[ResultAnswer]


class MemberDashboardAnswer(BaseModel):
    """A member as a leader sees them: results, never papers or answers."""

    member: Person
    exams: list[ResultAnswer]
    courses: list[CourseAnswer]


@room.get("/branches/<code>/dashboard", permission=Permission.VIEW_BRANCH, transaction=None)
@spec.validate(resp=answers(HTTP_200=BranchDashboardAnswer), tags=["scores"])
def branch_dashboard(code: str) -> ResponseReturnValue:
    """A branch with its subtree: figures in each exam, the branches below, and who has not finished yet."""
    actor, moment = current_actor(), now()
    with read() as session:
        found = dashboards.branch_dashboard(session, actor, code, moment)
    with write() as session:
        record(session, actor, Act.BRANCH_VIEWED, f"branch:{code}", {"by": "api"}, now=moment)
    branch = found.branch
    return {
        "branch": _branch(branch.code, branch.name, branch.kind, found.members),
        "children": [_child(child, found.exams) for child in found.children],
        "exams": [_exam(line) for line in found.exams],
        "courses": [_completion(course) for course in found.courses],
        "not_yet": [_not_yet(line, line.reason(moment)) for line in found.not_yet],
        "not_yet_total": found.not_yet_total,
    }


@room.get("/members/<member_no>/dashboard", permission=Permission.VIEW_MEMBERS, transaction=None)
@spec.validate(resp=answers(HTTP_200=MemberDashboardAnswer), tags=["scores"])
def member_dashboard(member_no: str) -> ResponseReturnValue:
    """A member of the actor's subtree: results, never papers or answers."""
    actor, moment = current_actor(), now()
    with read() as session:
        found = dashboards.member_dashboard(session, actor, member_no, moment)
    with write() as session:
        detail = {"what": "progress", "by": "api"}
        record(session, actor, Act.MEMBER_VIEWED, f"member:{member_no}", detail, now=moment)
    home = found.line[-1]
    return {
        "member": _person(found.member.member_no, found.member.name, home.code, home.name),
        "exams": [_result(line) for line in found.standings],
        "courses": [_course(course) for course in found.courses],
    }


@room.get("/me/dashboard", permission=Permission.SIGNED_IN)
@spec.validate(resp=answers(HTTP_200=OwnDashboardAnswer), tags=["me"])
def own_dashboard() -> ResponseReturnValue:
    """What to do next, and how it went; scores as far as each exam's review policy shows them."""
    actor, moment = current_actor(), now()
    found = dashboards.own_dashboard(current_session(), actor, moment)
    return {
        "member": _person(actor.member_no, actor.name, actor.branch_code, actor.branch_name),
        "next": _next(found),
        "exams": [exam_payload(exam) for exam in found.exams],
        "courses": [_course(course) for course in found.courses],
        "history": [_own_result(result) for result in found.history],
    }


def _person(member_no: str, name: str, branch_code: str, branch_name: str) -> dict[str, Any]:
    return {"member_no": member_no, "name": name, "branch": {"code": branch_code, "name": branch_name}}


def _branch(code: str, name: str, kind: BranchKind, members: int) -> dict[str, Any]:
    return {"code": code, "name": name, "kind": kind.value, "members": members}


def _child(child: ChildLine, exams: list[ExamFigures]) -> dict[str, Any]:
    concerned = [line.exam for line in exams if child.of(line.exam.id).assigned]
    figures = [_figures(exam.slug, child.of(exam.id)) for exam in concerned]
    named = _branch(child.code, child.name, child.kind, child.members)
    return {**named, "closed": child.is_closed, "exams": figures}


def _exam(line: ExamFigures) -> dict[str, Any]:
    exam = line.exam
    return {
        **_figures(exam.slug, line.here),
        "title": exam.title,
        "state": exam.phase.value,
        "opens_at": _iso(exam.opens_at),
        "closes_at": _iso(exam.closes_at),
        "pass_percent": _percent(exam.pass_percent),
        "histogram": list(line.here.bins),
    }


def _figures(slug: str, figures: Figures) -> dict[str, Any]:
    return {
        "slug": slug,
        "assigned": figures.assigned,
        "started": figures.started,
        "finished": figures.finished,
        "passed": figures.passed,
        "mean": _percent(figures.mean),
    }


def _completion(course: CourseCompletion) -> dict[str, Any]:
    count = course.within("")
    return {
        "slug": course.slug,
        "title": course.title,
        "assigned": count.assigned,
        "completed": count.completed,
    }


def _course(course: MemberCourse) -> dict[str, Any]:
    return {
        "slug": course.slug,
        "title": course.title,
        "lessons": course.lessons,
        "completed": course.lessons_completed,
    }


def _next(found: OwnDashboard) -> list[dict[str, Any]]:
    """The lesson to go on with, then the exams."""
    exams = [{"kind": "exam", **exam_payload(exam)} for exam in found.to_do]
    lesson = found.lesson
    if lesson is None:
        return exams
    going_on = {
        "kind": "lesson",
        "course": lesson.course_slug,
        "slug": lesson.slug,
        "title": lesson.title,
        "lesson_kind": lesson.measure.kind.value,
        "left_s": lesson.left_ms // 1000,
        "is_begun": lesson.is_begun,
    }
    return [going_on, *exams]


def _not_yet(line: StandingLine, reason: Reason | None) -> dict[str, Any]:
    person = _person(line.member_no, line.name, line.branch_code, line.branch_name)
    return {**person, "exam": line.exam, "reason": reason, "closes_at": _iso(line.closes_at)}


def _result(line: StandingLine) -> dict[str, Any]:
    result: dict[str, Any] = {
        "exam": line.exam,
        "title": line.title,
        "state": line.state.value,
        "opens_at": _iso(line.opens_at),
        "closes_at": _iso(line.closes_at),
        "attempts": line.attempts,
    }
    if line.score is not None and line.max_score is not None:
        result |= {
            "score": to_number(line.score),
            "max_score": to_number(line.max_score),
            "percent": _percent(line.percent),
            "passed": line.passed,
        }
    return result


def _own_result(result: OwnResult) -> dict[str, Any]:
    shown = _result(result.line)
    if not result.score_shown:
        for name in ("score", "max_score", "percent", "passed"):
            shown.pop(name, None)
        shown["score_available_at"] = _iso(result.available_at)
    return shown


def _iso(moment: Any) -> str | None:
    return None if moment is None else moment.isoformat()


def _percent(basis_points: int | None) -> int | float | None:
    """Percent with at most two decimals, as JSON has it."""
    if basis_points is None:
        return None
    return basis_points // 100 if basis_points % 100 == 0 else basis_points / 100
