"""A branch's results as an Excel workbook: what is in it, and how it is laid out.

The words come from the edge, in the reader's language. Text is never taken for a formula: whoever is called
`=HYPERLINK(…)` is called that, and nothing else happens.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import xlsxwriter
from sqlalchemy.orm import Session

from studyhub.courses.completion import CourseCompletion, MemberStages, by_member, completion
from studyhub.kernel.errors import Unprocessable
from studyhub.kernel.permissions import Permission
from studyhub.organization.actor import Actor
from studyhub.organization.branches import queries as branches
from studyhub.organization.models import Branch
from studyhub.scoring import branch_queries, standing_queries
from studyhub.scoring.branch_queries import ChildLine, ExamFigures
from studyhub.scoring.own_results import hidden_from
from studyhub.scoring.rollup import BINS, Figures
from studyhub.scoring.standing import StandingState
from studyhub.scoring.standing_queries import StandingLine

MOST_MEMBERS = 20_000
"""Of one workbook: beyond that it takes too long to make and to open."""

WIDEST = 44


@dataclass(frozen=True, slots=True)
class MemberResults:
    """One member's standings, by the exam's slug."""

    member_no: str
    name: str
    branch_name: str
    standings: dict[str, StandingLine]


@dataclass(frozen=True, slots=True)
class BranchReport:
    """Everything that the workbook says."""

    branch: Branch
    made_at: datetime
    members_today: int
    exams: list[ExamFigures]
    children: list[ChildLine]
    courses: list[CourseCompletion]
    learners: list[MemberStages]
    members: list[MemberResults]


Words = Mapping[str, str]
"""The workbook's words by key: see `wording.workbook_words`."""


def branch_report(session: Session, actor: Actor, code: str, now: datetime) -> BranchReport:
    """What is exported. Raises NotFound outside the actor's scope, Unprocessable for too many members."""
    branch = branches.branch(session, actor, Permission.EXPORT_BRANCH, code)
    members_today = branch_queries.member_count(session, branch.path)
    if members_today > MOST_MEMBERS:
        raise Unprocessable("export_too_large", members=members_today)
    exams = branch_queries.exam_figures(session, branch.path, now)
    ids = [line.exam.id for line in exams]
    hidden = hidden_from(session, actor, now)
    return BranchReport(
        branch=branch,
        made_at=now,
        members_today=members_today,
        exams=exams,
        children=branch_queries.children(session, branch.id, branch.path, ids).lines,
        courses=completion(session, branch.path),
        learners=by_member(session, branch.path),
        members=_by_member(standing_queries.every_standing(session, branch.path, ids, hidden)),
    )


def _by_member(lines: Any) -> list[MemberResults]:
    """One entry for each member and branch: a closed exam stays where the member was."""
    found: dict[tuple[str, str], MemberResults] = {}
    for line in lines:
        key = (line.member_no, line.branch_code)
        results = found.setdefault(key, MemberResults(line.member_no, line.name, line.branch_name, {}))
        results.standings[line.exam] = line
    return list(found.values())


def workbook(report: BranchReport, words: Words, made_at: str) -> bytes:
    """The report as XLSX: exams, branches below, courses, members. `made_at` is the moment in words."""
    buffer = io.BytesIO()
    # Options by name: whatever looks like a formula or an address stays text.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"title": report.branch.name})
        sheets = _Sheets(book)
        head = [report.branch.name, made_at]
        sheets.add(
            words["exams"], head, _exam_heads(words), [_exam_row(line, words) for line in report.exams]
        )
        if report.children:
            rows = [row for child in report.children for row in _child_rows(child, report.exams, words)]
            sheets.add(words["branches"], head, _child_heads(words), rows)
        if report.courses:
            heads = [words[key] for key in ("course", "assigned_course", "completed_course")]
            courses = [_course_row(course) for course in report.courses]
            sheets.add(words["courses"], head, heads, courses)
            heads = [
                words["name"],
                words["member_no"],
                words["branch"],
                *(one.title for one in report.courses),
            ]
            learners = [_learner_row(member, report.courses, words) for member in report.learners]
            sheets.add(words["learners"], head, heads, learners, frozen_columns=2)
        rows = [_member_row(member, report.exams, words) for member in report.members]
        sheets.add(words["members"], head, _member_heads(report.exams, words), rows, frozen_columns=2)
    return buffer.getvalue()


class _Sheets:
    """Writes tables: a line that says what it is, a head that stays in sight, a filter, fitting columns."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._title = book.add_format({"bold": True, "font_size": 14, "font_color": "#a4161a"})
        self._head = book.add_format(
            {"bold": True, "bg_color": "#f6f4f0", "bottom": 1, "text_wrap": True, "valign": "vcenter"}
        )
        self._percent = book.add_format({"num_format": "0.00"})

    def add(
        self,
        name: str,
        title: Sequence[str],
        heads: Sequence[str],
        rows: Sequence[Sequence[Any]],
        frozen_columns: int = 1,
    ) -> None:
        """One sheet. A float is a percentage or points with two decimals; None is an empty cell."""
        sheet = self._book.add_worksheet(name[:31])
        sheet.write_row(0, 0, title, self._title)
        sheet.write_row(1, 0, heads, self._head)
        for at, row in enumerate(rows, start=2):
            for column, value in enumerate(row):
                if isinstance(value, float):
                    sheet.write_number(at, column, value, self._percent)
                elif value is not None:
                    sheet.write(at, column, value)
        sheet.freeze_panes(2, frozen_columns)
        if rows:
            sheet.autofilter(1, 0, len(rows) + 1, len(heads) - 1)
        for column, head in enumerate(heads):
            texts = [head, *(str(row[column]) for row in rows[:200] if row[column] is not None)]
            sheet.set_column(column, column, min(WIDEST, 2 + max(_width(text) for text in texts)))


def _width(text: str) -> int:
    """Chinese characters are two wide."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)


def _exam_heads(words: Words) -> list[str]:
    bins = [f"{place * 10}–{(place + 1) * 10}%" for place in range(BINS)]
    return [words["exam"], *_figure_heads(words), *bins]


def _figure_heads(words: Words) -> list[str]:
    return [words[key] for key in ("assigned", "started", "finished", "passed", "mean")]


def _exam_row(line: ExamFigures, words: Words) -> list[Any]:
    return [line.exam.title, *_figure_cells(line.here), *line.here.bins]


def _figure_cells(figures: Figures) -> list[Any]:
    mean = None if figures.mean is None else figures.mean / 100
    return [figures.assigned, figures.started, figures.finished, figures.passed, mean]


def _child_heads(words: Words) -> list[str]:
    return [words["branch"], words["people"], words["exam"], *_figure_heads(words)]


def _child_rows(child: ChildLine, exams: Sequence[ExamFigures], words: Words) -> list[list[Any]]:
    name = f"{child.name} ({words['closed']})" if child.is_closed else child.name
    return [
        [name, child.members, line.exam.title, *_figure_cells(child.of(line.exam.id))]
        for line in exams
        if child.of(line.exam.id).assigned
    ]


def _course_row(course: CourseCompletion) -> list[Any]:
    count = course.within("")
    return [course.title, count.assigned, count.completed]


def _learner_row(member: MemberStages, courses: Sequence[CourseCompletion], words: Words) -> list[Any]:
    """An empty cell: the course is not for this member."""
    stages = [member.stages.get(course.slug) for course in courses]
    cells = [words[f"course_{stage.value}"] if stage else None for stage in stages]
    return [member.name, member.member_no, member.branch_name, *cells]


def _member_heads(exams: Sequence[ExamFigures], words: Words) -> list[str]:
    heads = [words["name"], words["member_no"], words["branch"]]
    for line in exams:
        heads += [f"{line.exam.title} {words['percent']}", f"{line.exam.title} {words['result']}"]
    return heads


def _member_row(member: MemberResults, exams: Sequence[ExamFigures], words: Words) -> list[Any]:
    row: list[Any] = [member.name, member.member_no, member.branch_name]
    for line in exams:
        standing = member.standings.get(line.exam.slug)
        percent = None if standing is None or standing.percent is None else standing.percent / 100
        row += [percent, None if standing is None else words[_result(standing)]]
    return row


def _result(standing: StandingLine) -> str:
    """The key of the word for one person: passed, failed, finished (no pass line), started or assigned."""
    if standing.is_waiting:
        return "waiting_one"
    if standing.state is not StandingState.FINISHED or standing.passed is None:
        return f"{standing.state.value}_one"
    return "passed_one" if standing.passed else "failed_one"
