"""The pages on which an exam file is checked, planned and applied."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from studyhub.exams import audience, checking, operations
from studyhub.exams.checking import CheckedExam
from studyhub.exams.desk.publishing import views as publishing
from studyhub.exams.desk.wording import FILE_WORDS
from studyhub.exams.file.reading import read
from studyhub.exams.planning import ExamPlan, plan_exam
from studyhub.exams.states import ExamState
from studyhub.exams.wording import REFUSALS
from studyhub.kernel.errors import Unprocessable
from studyhub.kernel.faults import Fault, any_error
from studyhub.kernel.permissions import Permission as P
from studyhub.web import transaction
from studyhub.web.clock import now
from studyhub.web.errors import sentence
from studyhub.web.guard import Room
from studyhub.web.identity import current_actor
from studyhub.web.services import settings

room = Room("exam_import", "studyhub.exams", url_prefix="/admin/exams", refusals=REFUSALS)

LARGEST_FILE = 1024 * 1024


@room.page(
    "/import", permission=P.MANAGE_EXAMS, methods=("GET", "POST"), transaction=None, max_body=LARGEST_FILE
)
def import_file() -> ResponseReturnValue:
    """Show every mistake of an exam file with its line, or what it would change; then do just that."""
    if request.method == "GET":
        return _choose_file()
    name, data = _posted()
    text = read(data, settings().zone)
    with transaction.read() as session:
        checked = checking.check(session, current_actor(), text)
        if text.blueprint is None or any_error(checked.faults):
            return _choose_file(checked.faults, data.decode("utf-8", "replace").splitlines(), name), 422
        plan = plan_exam(session, current_actor(), text.blueprint)
    if request.form.get("shown") == plan.digest:
        return _apply(checked)
    return _plan_page(plan, checked)


def _choose_file(faults: Sequence[Fault] = (), lines: Sequence[str] = (), name: str = "") -> str:
    """The page that takes a file, with what is wrong in the one before."""
    return render_template("exam_desk/import.html", faults=faults, lines=lines, name=name, **FILE_WORDS)


def _posted() -> tuple[str, bytes]:
    """The name and the content of the file: as uploaded, or as the plan that was shown has it."""
    if "definition" in request.form:
        return "", request.form["definition"].encode()
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise Unprocessable("no_file")
    return upload.filename, upload.read()


def _plan_page(plan: ExamPlan, checked: CheckedExam) -> ResponseReturnValue:
    """What the file would change, and for how many people; also where another plan than this was shown."""
    people = None
    if checked.plan.state is ExamState.PUBLISHED:
        with transaction.read() as session:
            people = audience.people(session, checked.plan.branches, checked.plan.banks)
    was_another = bool(request.form.get("shown"))
    if was_another:
        flash(sentence("plan_changed", {}), "error")
    page = render_template(
        "exam_desk/plan.html", plan=plan, people=people, faults=checked.faults, **FILE_WORDS
    )
    return page, 409 if was_another else 200


def _apply(checked: CheckedExam) -> ResponseReturnValue:
    with transaction.write() as session:
        stored = operations.store(session, current_actor(), checked, now=now())
    publishing.flash_stored(stored.became, checked.plan)
    return redirect(url_for("exam_desk.show", slug=stored.slug))
