"""The sentences of scoring: what a code means, in the reader's language."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from studyhub.exams.timing import Phase
from studyhub.kernel.faults import Fault
from studyhub.kernel.points import Points
from studyhub.scoring.rollup import BINS, Figures
from studyhub.scoring.standing import BASIS_POINTS
from studyhub.scoring.standing_queries import Reason, Shown, StandingLine
from studyhub.web.filters import local_date, local_datetime, local_time, percent, points
from studyhub.web.i18n import gettext, lazy_gettext
from studyhub.web.words import word

HUNDRED = Points(100_00)

MATRIX_FAULTS: dict[str, Any] = {
    "matrix_item_twice": lazy_gettext("The item “%(item)s” stands in the first row twice."),
    "matrix_item_unnamed": lazy_gettext("This column has no item's name in the first row."),
    "matrix_maximum_not_positive": lazy_gettext("The maximum of an item must be a number above 0."),
    "matrix_mark_above_maximum": lazy_gettext("The mark %(mark)s is above the item's maximum %(max)s."),
    "matrix_member_twice": lazy_gettext("“%(member)s” has a row already, in line %(first)s."),
    "matrix_no_items": lazy_gettext("The first row names no items."),
    "matrix_no_maxima": lazy_gettext("The second row must begin with “max”; it begins with “%(found)s”."),
    "matrix_not_a_number": lazy_gettext("“%(found)s” is not a number (item %(item)s)."),
    "matrix_not_csv": lazy_gettext("This is not CSV: %(detail)s."),
    "matrix_not_text": lazy_gettext("This is not text in UTF-8 or GB18030."),
    "matrix_number_out_of_range": lazy_gettext(
        "“%(found)s” is too large, or too fine, to be a mark (item %(item)s)."
    ),
    "matrix_row_length": lazy_gettext("This row has %(cells)s cells; the first row has %(wanted)s."),
    "matrix_too_large": lazy_gettext("%(items)s items and %(members)s members are too many."),
    "matrix_too_short": lazy_gettext("The file has %(rows)s rows; three are needed at least."),
}

MATRIX_HINTS: dict[str, Any] = {
    "matrix_form": lazy_gettext(
        "First row: member and the items' names. Second row: max and the maxima. Then a row for each member."
    ),
}


def sentence(fault: Fault) -> str:
    """What is wrong, and what to do about it."""
    said = str(MATRIX_FAULTS[fault.code]) % dict(fault.params)
    hint = MATRIX_HINTS.get(fault.hint)
    return f"{said} {hint}" if hint else said


REASONS: dict[Reason, Any] = {
    Reason.FAILED: lazy_gettext("Below the pass line"),
    Reason.FAILED_MAY_RETRY: lazy_gettext("Below the pass line, may try again"),
    Reason.IN_PROGRESS: lazy_gettext("Has begun, not handed in"),
    Reason.WAITING: lazy_gettext("Handed in, waits to be marked"),
    Reason.MISSED: lazy_gettext("Did not take part"),
    Reason.NOT_STARTED: lazy_gettext("Has not begun"),
    Reason.UPCOMING: lazy_gettext("Not open yet"),
}

SHOWN: dict[Shown, Any] = {
    Shown.ALL: lazy_gettext("All"),
    Shown.FAILED: lazy_gettext("Below the pass line"),
    Shown.NOT_YET: lazy_gettext("Not finished yet"),
}

PHASES: dict[Phase, Any] = {
    Phase.CLOSED: lazy_gettext("Closed"),
    Phase.OPEN: lazy_gettext("Open"),
    Phase.UPCOMING: lazy_gettext("Not open yet"),
}

REFUSALS: dict[str, Any] = {
    "export_too_large": lazy_gettext(
        "%(members)s members are more than one workbook should hold. Choose a smaller branch."
    ),
}


def greeting(name: str, time: str) -> str:
    """Good morning, afternoon or evening to the member; `time` is the local one, as `14:03`."""
    if time < "12:00":
        return gettext("Good morning, %(name)s", name=name)
    if time < "18:00":
        return gettext("Good afternoon, %(name)s", name=name)
    return gettext("Good evening, %(name)s", name=name)


def running_text(ends_at: datetime, now: datetime) -> str:
    """What stands above an exam whose clock runs: when it ends, with the day when that is not today."""
    is_today = local_date(ends_at) == local_date(now)
    return gettext(
        "In progress, ends at %(time)s", time=local_time(ends_at) if is_today else local_datetime(ends_at)
    )


def percent_text(basis_points: int | None) -> str:
    """`83%`, also for 83.99 %, as on every page; `–` for None."""
    return "–" if basis_points is None else percent(basis_points, BASIS_POINTS)


def score_text(score: Points, most: Points) -> str:
    """`63.6 / 100 points`: beside it no percentage stands, which is rounded down and would contradict it."""
    return gettext("%(score)s / %(max)s points", score=points(score), max=points(most))


def result_text(line: StandingLine) -> str:
    """A result among those of others: its points where the paper has 100, else a percentage to compare by."""
    if line.score is not None and line.max_score == HUNDRED:
        return score_text(line.score, line.max_score)
    return percent_text(line.percent)


def line_text(basis_points: int) -> str:
    """A pass line as it was set, which is no result: `62.5%`."""
    return f"{points(Points(basis_points))}%"


def histogram_text(figures: Figures) -> str:
    """What the picture shows, in a sentence, for those who do not see it."""
    bins = figures.bins
    place = max(range(BINS), key=lambda at: bins[at])
    return gettext(
        "Results of %(finished)s members. Most of them, %(count)s, are in the range %(range)s.",
        finished=figures.finished,
        range=bin_text(place),
        count=bins[place],
    )


def bin_text(place: int) -> str:
    """The name of a bin of the histogram: `70–80%`."""
    width = 100 // BINS
    return f"{place * width}–{(place + 1) * width}%"


def workbook_words() -> dict[str, str]:
    """The words of an exported workbook, in the reader's language."""
    return {
        "exams": gettext("Exams"),
        "branches": word("branch", 2),
        "members": word("member", 2),
        "courses": gettext("Courses"),
        "exam": gettext("Exam"),
        "course": gettext("Course"),
        "assigned_course": gettext("Members whom it is for"),
        "completed_course": gettext("Have completed it"),
        "learners": gettext("Progress in courses"),
        "course_not_begun": gettext("Not begun"),
        "course_in_progress": gettext("In progress"),
        "course_completed": gettext("Completed"),
        "branch": word("branch"),
        "closed": gettext("closed branch"),
        "people": gettext("Members"),
        "name": gettext("Full name"),
        "member_no": gettext("Number"),
        "percent": gettext("Result (percent)"),
        "result": gettext("State"),
        "assigned": gettext("Assigned"),
        "started": gettext("Begun"),
        "finished": gettext("Finished"),
        "passed": gettext("Passed"),
        "mean": gettext("Mean (percent)"),
        "passed_one": gettext("Passed"),
        "failed_one": gettext("Not passed"),
        "assigned_one": gettext("Has not begun"),
        "started_one": gettext("Has begun, not handed in"),
        "waiting_one": gettext("Handed in, waits to be marked"),
        "finished_one": gettext("Finished"),
    }
