"""The demo's content, imported as an editor would: the banks and exams that are shipped with StudyHub."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.config import Settings
from studyhub.courses import import_run
from studyhub.courses.models import Course, Lesson
from studyhub.db.database import Database
from studyhub.demo import founding
from studyhub.demo.learning import PlannedLesson
from studyhub.demo.programme import PlannedExam, exam_text
from studyhub.exams import checking
from studyhub.exams import operations as exams
from studyhub.exams.file import reading
from studyhub.kernel.errors import Unprocessable
from studyhub.kernel.shipped import shipped_folder
from studyhub.media.store import Store
from studyhub.questions import bank_file, importing
from studyhub.questions.importing import Doors, Offer

EDITOR = "editor"
CONTENT = Path(__file__).parent / "content"
COURSES = ("everyday-security", "branch-life")
ANNOUNCED_BEFORE = timedelta(days=3)
"""How long before it opens an exam is published."""


def import_banks(database: Database, now: datetime) -> None:
    """Import every shipped bank at that moment."""
    with database.read() as session:
        editor = founding.acting(session, EDITOR, now)
    doors = Doors(database.read, database.write, editor, lambda: now)
    prepared = []
    for path in sorted(shipped_folder("question_banks").glob("*.yaml")):
        data = path.read_bytes()
        checked = bank_file.check(data)
        if checked.bank is None:
            raise Unprocessable("bank_has_faults", file=path.name)
        offer = Offer(checked.bank, data, path.name, checked=checked)
        prepared.append(importing.plan_import(doors, offer))
    importing.apply(doors, prepared)


def publish_exam(exam: PlannedExam, today: date, zone: ZoneInfo, session: Session, now: datetime) -> None:
    """Publish the exam at `now`; its window lies around `today`."""
    path = shipped_folder("question_banks") / "exams" / f"{exam.file}.yaml"
    text = exam_text(path.read_text("utf-8"), exam, today, zone)
    editor = founding.acting(session, EDITOR, now)
    checked = checking.check(session, editor, reading.read(text.encode("utf-8"), zone))
    exams.store(session, editor, checked, now=now)


def import_courses(
    settings: Settings, database: Database, now: datetime, counted: Callable[[int, int], None]
) -> None:
    """Import the demo's two courses; their videos are made now, in child processes.

    `counted` is told in hundredths of a course.
    """
    with database.read() as session:
        editor = founding.acting(session, EDITOR, now)
    for place, folder in enumerate(COURSES):

        def progress(done: int, total: int, before: int = 100 * place) -> None:
            counted(before + 100 * done // total, 100 * len(COURSES))

        run = import_run.look(
            database, editor, CONTENT / "courses" / folder, Store(settings.data_dir), progress
        )
        if import_run.apply(database, editor, run, run.plan, now) is None:
            raise Unprocessable("course_has_faults", course=folder)


def course_lessons(session: Session) -> list[list[PlannedLesson]]:
    """The lessons of each of the demo's courses, in their order."""
    rows = session.execute(
        select(Course.slug, Lesson.id, Lesson.kind, Lesson.duration_ms)
        .join(Lesson, Lesson.course_id == Course.id)
        .order_by(Lesson.position)
    ).all()
    return [
        [PlannedLesson(row.id, row.kind, row.duration_ms) for row in rows if row.slug == slug]
        for slug in COURSES
    ]
