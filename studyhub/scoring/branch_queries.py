"""Reads of a branch's dashboard: sums over the roll-ups of a subtree, whatever its size a few statements.

The caller has fetched the branch within the actor's scope.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session

from studyhub.exams.audience import is_member
from studyhub.exams.models import Exam
from studyhub.exams.states import ExamState
from studyhub.exams.timing import Phase, phase
from studyhub.kernel.page import PageRequest
from studyhub.organization import tree
from studyhub.organization.models import Branch, Member
from studyhub.organization.states import BranchKind
from studyhub.scoring.rollup import NOTHING, Figures
from studyhub.scoring.rows import ROLL_UP, figures_of, sums

EXAMS_SHOWN = 20
"""A dashboard shows the exams that end last: more would neither be read nor be quick in a large tree."""


@dataclass(frozen=True, slots=True)
class ExamLine:
    """An exam as dashboards name it. `pass_percent` is in basis points."""

    id: int
    slug: str
    title: str
    opens_at: datetime | None
    closes_at: datetime | None
    pass_percent: int | None
    phase: Phase


@dataclass(frozen=True, slots=True)
class ExamFigures:
    """The figures of the subtree in one exam, and the mean of the whole organisation beside them."""

    exam: ExamLine
    here: Figures
    mean_everywhere: int | None


@dataclass(frozen=True, slots=True)
class ChildLine:
    """A branch right below, with its whole subtree; `figures` by exam id.

    One that was closed is there for what was counted in it: without it the lines would not add up.
    """

    code: str
    name: str
    kind: BranchKind
    members: int
    figures: dict[int, Figures] = field(default_factory=dict)
    is_closed: bool = False

    def of(self, exam_id: int) -> Figures:
        """The figures in one exam."""
        return self.figures.get(exam_id, NOTHING)


@dataclass(frozen=True, slots=True)
class Own:
    """The members who are at home in the branch itself and in none below it."""

    members: int
    figures: dict[int, Figures]
    name: str = ""
    is_closed: bool = False

    def of(self, exam_id: int) -> Figures:
        """The figures in one exam."""
        return self.figures.get(exam_id, NOTHING)


@dataclass(frozen=True, slots=True)
class Children:
    """What a branch is made of: the branches right below, and its own members beside them, if any."""

    lines: list[ChildLine]
    own: Own | None

    def ordered(self, exam_id: int, asked: PageRequest) -> list[ChildLine]:
        """The branches by one of CHILD_SORTS, those without the figure last; else in the tree's order."""
        if asked.sort not in CHILD_SORTS:
            return self.lines
        figure = CHILD_SORTS[asked.sort]
        known = [line for line in self.lines if figure(line, exam_id) is not None]
        unknown = [line for line in self.lines if figure(line, exam_id) is None]
        return sorted(known, key=lambda line: figure(line, exam_id), reverse=asked.descending) + unknown


CHILD_SORTS: dict[str, Callable[[ChildLine, int], Any]] = {
    "name": lambda line, _exam: line.name,
    "finished": lambda line, exam: line.of(exam).completion,
    "passed": lambda line, exam: line.of(exam).pass_rate,
    "mean": lambda line, exam: line.of(exam).mean,
    "members": lambda line, _exam: line.members,
}
"""What the branches right below can be ordered by: a figure of each in one exam, None where it has none."""


def exam_figures(session: Session, path: str, now: datetime) -> list[ExamFigures]:
    """The exams that somebody in the subtree is assigned; open ones first, the next to close at the top."""
    exams = [_exam_line(row, now) for row in session.execute(_exams_of(path))]
    ids = [exam.id for exam in exams]
    here, means = _sums(session, path, ids), _means(session, ids)
    lines = [ExamFigures(exam, here.get(exam.id, NOTHING), means.get(exam.id)) for exam in exams]
    return sorted(lines, key=lambda line: _urgency(line.exam))


def children(session: Session, branch_id: int, path: str, exam_ids: Sequence[int]) -> Children:
    """The branches right below, in the order of the tree; closed ones as far as they have figures. Three
    statements, one where there are none."""
    rows = session.execute(
        select(Branch.code, Branch.name, Branch.kind, Branch.path, Branch.closed_at)
        .where(Branch.parent_id == branch_id)
        .order_by(Branch.path)
    ).all()
    if not rows:
        return Children([], None)
    # Of the branch's own members this is the branch's own path.
    child = func.substr(Branch.path, 1, len(path) + tree.WIDTH)
    counts = members_by(session, path, child)
    found = _sums_by_child(session, path, child, exam_ids)
    lines = [
        ChildLine(
            row.code,
            row.name,
            row.kind,
            counts.get(row.path, 0),
            found.get(row.path, {}),
            is_closed=row.closed_at is not None,
        )
        for row in rows
        if row.closed_at is None or any(each.assigned for each in found.get(row.path, {}).values())
    ]
    own = Own(counts.get(path, 0), found.get(path, {}))
    return Children(lines, own if own.members or own.figures else None)


def members_by(session: Session, path: str, key: ColumnElement[str]) -> dict[str, int]:
    """How many members there are in the subtree for each value of `key` (an expression of Branch)."""
    counts = session.execute(
        select(key.label("key"), func.count().label("members"))
        .select_from(Member)
        .join(Branch, Branch.id == Member.branch_id)
        .where(tree.subtree(Branch.path, path), is_member())
        .group_by(key)
    )
    return {row.key: row.members for row in counts}


def member_count(session: Session, path: str) -> int:
    """How many members there are in the subtree today."""
    return session.execute(
        select(func.count())
        .select_from(Member)
        .join(Branch, Branch.id == Member.branch_id)
        .where(tree.subtree(Branch.path, path), is_member())
    ).scalar_one()


def _exams_of(path: str) -> Select[*tuple[Any, ...]]:
    somebody = exists(
        select(ROLL_UP.c.exam_id)
        .join(Branch, Branch.id == ROLL_UP.c.branch_id)
        .where(ROLL_UP.c.exam_id == Exam.id, ROLL_UP.c.assigned > 0, tree.subtree(Branch.path, path))
    )
    return (
        select(Exam.id, Exam.slug, Exam.title, Exam.opens_at, Exam.closes_at, Exam.pass_percent)
        .where(somebody, Exam.state == ExamState.PUBLISHED)
        .order_by(Exam.closes_at.is_not(None), Exam.closes_at.desc(), Exam.id.desc())
        .limit(EXAMS_SHOWN)
    )


def _sums(session: Session, path: str, exam_ids: Sequence[int]) -> dict[int, Figures]:
    rows = session.execute(
        select(ROLL_UP.c.exam_id, *sums())
        .join(Branch, Branch.id == ROLL_UP.c.branch_id)
        .where(ROLL_UP.c.exam_id.in_(exam_ids), tree.subtree(Branch.path, path))
        .group_by(ROLL_UP.c.exam_id)
    )
    return {row.exam_id: figures_of(row) for row in rows}


def _means(session: Session, exam_ids: Sequence[int]) -> dict[int, int | None]:
    """The mean of everybody in each exam: two columns without the tree, so that every page can afford it."""
    rows = session.execute(
        select(
            ROLL_UP.c.exam_id,
            func.sum(ROLL_UP.c.finished).label("finished"),
            func.sum(ROLL_UP.c.percent_sum).label("percent_sum"),
        )
        .where(ROLL_UP.c.exam_id.in_(exam_ids))
        .group_by(ROLL_UP.c.exam_id)
    )
    return {
        row.exam_id: Figures(finished=int(row.finished), percent_sum=int(row.percent_sum)).mean
        for row in rows
    }


def _sums_by_child(
    session: Session, path: str, child: ColumnElement[str], exam_ids: Sequence[int]
) -> dict[str, dict[int, Figures]]:
    rows = session.execute(
        select(child.label("child"), ROLL_UP.c.exam_id, *sums())
        .join(Branch, Branch.id == ROLL_UP.c.branch_id)
        .where(ROLL_UP.c.exam_id.in_(exam_ids), tree.subtree(Branch.path, path))
        .group_by(child, ROLL_UP.c.exam_id)
    )
    found: dict[str, dict[int, Figures]] = defaultdict(dict)
    for row in rows:
        found[row.child][row.exam_id] = figures_of(row)
    return found


def _exam_line(row: Any, now: datetime) -> ExamLine:
    return ExamLine(**row._mapping, phase=phase(row.opens_at, row.closes_at, now))


def _urgency(exam: ExamLine) -> tuple[int, float, str]:
    order = (Phase.OPEN, Phase.UPCOMING, Phase.CLOSED)
    closes = exam.closes_at.timestamp() if exam.closes_at else float("inf")
    return order.index(exam.phase), -closes if exam.phase is Phase.CLOSED else closes, exam.slug
