"""What the dashboards show, put together: a branch with its subtree, and one member."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.courses import queries as courses
from studyhub.courses.completion import CourseCompletion, completion, followed_in
from studyhub.courses.next_lesson import NextLesson, resume
from studyhub.courses.queries import MemberCourse
from studyhub.exams.access import Access
from studyhub.exams.attempts.available import VisibleExam, visible_exams
from studyhub.exams.timing import Phase
from studyhub.kernel.page import Page, PageRequest
from studyhub.kernel.permissions import Permission
from studyhub.organization.actor import WHOLE_TREE, Actor
from studyhub.organization.branches import queries as branches
from studyhub.organization.members import queries as members
from studyhub.organization.models import Branch, Member
from studyhub.scoring import branch_queries, standing_queries
from studyhub.scoring.branch_queries import ChildLine, Children, ExamFigures
from studyhub.scoring.own_results import OwnResult, hidden_from, own_results
from studyhub.scoring.standing_queries import Listing, Shown, StandingLine

LEADS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class BranchDashboard:
    """A branch, its subtree's figures in each exam, and who has not finished what is open."""

    branch: Branch
    members: int
    exams: list[ExamFigures]
    children: list[ChildLine]
    courses: list[CourseCompletion]
    not_yet: list[StandingLine]
    not_yet_total: int


@dataclass(frozen=True, slots=True)
class ExamOfBranch:
    """One exam in one branch: the figures, and a page of the members' standings."""

    figures: ExamFigures
    shown: Shown
    counts: dict[Shown, int]
    page: Page[StandingLine]


@dataclass(frozen=True, slots=True)
class BranchPage:
    """What the page of a branch shows; `chosen` is None while no exam is assigned to anybody, `followed`
    are the slugs of the courses whose lists the actor may open."""

    branch: Branch
    line: list[Branch]
    members: int
    exams: list[ExamFigures]
    children: Children
    courses: list[CourseCompletion]
    followed: set[str]
    chosen: ExamOfBranch | None

    @property
    def is_everyone(self) -> bool:
        """Whether comparing it with everyone would compare it with itself."""
        return len(self.line) == 1 and all(exam.here.mean == exam.mean_everywhere for exam in self.exams)


@dataclass(frozen=True, slots=True)
class MemberDashboard:
    """One member's standings, as a leader sees them."""

    member: Member
    line: list[Branch]
    standings: list[StandingLine]
    courses: list[MemberCourse]


@dataclass(frozen=True, slots=True)
class OwnDashboard:
    """What a member can do next, and how they are doing."""

    lesson: NextLesson | None
    exams: list[VisibleExam]
    courses: list[MemberCourse]
    results: list[OwnResult]
    leads: list[Branch]

    @property
    def to_do(self) -> list[VisibleExam]:
        """Exams that can be begun or gone on with now."""
        return [
            exam
            for exam in self.exams
            if exam.state is Access.IN_PROGRESS or (exam.state is Access.OPEN and exam.attempts_left != 0)
        ]

    @property
    def running(self) -> list[VisibleExam]:
        """Exams that have begun and whose clock runs: they come before everything else."""
        return [exam for exam in self.exams if exam.state is Access.IN_PROGRESS]

    @property
    def open(self) -> list[VisibleExam]:
        """Exams that can be begun now."""
        return [exam for exam in self.to_do if exam.state is Access.OPEN]

    @property
    def due(self) -> int:
        """How many things there are to do: exams, and the lesson to go on with."""
        return len(self.to_do) + (self.lesson is not None)

    @property
    def upcoming(self) -> list[VisibleExam]:
        """Exams that will open."""
        return [exam for exam in self.exams if exam.state is Access.UPCOMING]

    @property
    def history(self) -> list[OwnResult]:
        """Results, what waits for one, and the exams that were missed."""
        closed = {exam.slug for exam in self.exams if exam.state is Access.CLOSED}
        return [
            result
            for result in self.results
            if result.is_finished or result.line.is_waiting or result.line.exam in closed
        ]


def own_dashboard(session: Session, actor: Actor, now: datetime) -> OwnDashboard:
    """The signed-in member's own first page."""
    assert actor.member_id is not None
    return OwnDashboard(
        lesson=resume(session, actor),
        courses=courses.for_member(session, actor),
        exams=visible_exams(session, actor, now=now),
        results=own_results(session, actor.member_id, now),
        leads=_leads(session, actor),
    )


def _leads(session: Session, actor: Actor) -> list[Branch]:
    """The topmost branches that the actor may look at; none for whoever leads nothing."""
    scope = actor.scope(Permission.VIEW_BRANCH)
    if not scope:
        return []
    at_top = Branch.parent_id.is_(None) if WHOLE_TREE in scope else Branch.path.in_(scope)
    rows = session.scalars(
        select(Branch).where(at_top, Branch.closed_at.is_(None)).order_by(Branch.path).limit(LEADS_SHOWN)
    )
    return list(rows)


def member_dashboard(session: Session, actor: Actor, member_no: str, now: datetime) -> MemberDashboard:
    """A member within the actor's scope. Raises NotFound outside it."""
    member = members.member(session, actor, Permission.VIEW_MEMBERS, member_no)
    home = session.get_one(Branch, member.branch_id)
    return MemberDashboard(
        member=member,
        line=branches.line(session, home.path),
        standings=_standings(session, actor, member.id, now),
        courses=courses.of_member(session, member.clearance, home.path, member.id),
    )


def _standings(session: Session, actor: Actor, member_id: int, now: datetime) -> list[StandingLine]:
    """A leader who looks at themselves is a member: the review policy holds for them here too."""
    if member_id == actor.member_id:
        return [result.visible_line for result in own_results(session, member_id, now)]
    return standing_queries.member_standings(session, member_id)


def branch_dashboard(session: Session, actor: Actor, code: str, now: datetime) -> BranchDashboard:
    """The dashboard for programs. Raises NotFound outside the actor's scope."""
    branch = branches.branch(session, actor, Permission.VIEW_BRANCH, code)
    exams = branch_queries.exam_figures(session, branch.path, now)
    ids = [line.exam.id for line in exams]
    waiting = [
        (line.exam.id, line.here.assigned - line.here.finished)
        for line in exams
        if line.exam.phase is Phase.OPEN
    ]
    return BranchDashboard(
        branch=branch,
        members=branch_queries.member_count(session, branch.path),
        exams=exams,
        children=branch_queries.children(session, branch.id, branch.path, ids).lines,
        courses=completion(session, branch.path),
        not_yet=standing_queries.not_yet(session, branch.path, waiting),
        not_yet_total=sum(members for _, members in waiting),
    )


@dataclass(frozen=True, slots=True)
class Look:
    """What a leader looks at: an exam (none: the most urgent), which of its standings, and which page; `own`
    leaves the branches below out of the list."""

    exam: str | None
    shown: Shown
    page: PageRequest
    own: bool = False


def branch_page(session: Session, actor: Actor, code: str, look: Look, now: datetime) -> BranchPage:
    """The dashboard for people: one exam at a time. Raises NotFound outside the actor's scope."""
    branch = branches.branch(session, actor, Permission.VIEW_BRANCH, code)
    exams = branch_queries.exam_figures(session, branch.path, now)
    chosen = choose(exams, look.exam)
    hidden = hidden_from(session, actor, now)
    return BranchPage(
        branch=branch,
        line=branches.line(session, branch.path),
        members=branch_queries.member_count(session, branch.path),
        exams=exams,
        children=branch_queries.children(session, branch.id, branch.path, [chosen.exam.id] if chosen else []),
        courses=completion(session, branch.path),
        followed=followed_in(session, actor, branch.path),
        chosen=(
            _exam_of_branch(session, Listing(branch.path, chosen.exam.id, hidden, look.own), chosen, look)
            if chosen
            else None
        ),
    )


def choose(exams: list[ExamFigures], slug: str | None) -> ExamFigures | None:
    """The exam that was asked for; else the first of the list, which is the most urgent."""
    asked = next((line for line in exams if line.exam.slug == slug), None)
    return asked or next(iter(exams), None)


def _exam_of_branch(session: Session, listing: Listing, chosen: ExamFigures, look: Look) -> ExamOfBranch:
    return ExamOfBranch(
        figures=chosen,
        shown=look.shown,
        counts=standing_queries.counts(session, listing),
        page=standing_queries.standings_page(session, listing, look.shown, look.page),
    )
