"""The pages on which exams are set: list, form, import of files, one exam, preview of a paper."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from studyhub.exams import checking, operations, papers, queries
from studyhub.exams.checking import CheckedExam
from studyhub.exams.desk import always_drawn, forms
from studyhub.exams.desk.form_tree import FormTree
from studyhub.exams.desk.forms import MOST_SECTIONS, ExamForm
from studyhub.exams.extent import of_rows, of_stored
from studyhub.exams.file.reading import interpret, read
from studyhub.exams.file.writing import as_stored
from studyhub.exams.models import Exam
from studyhub.exams.operations import ExtraTime
from studyhub.exams.planning import plan_exam
from studyhub.exams.states import ExamState
from studyhub.exams.wording import (
    BANDS,
    EXAM_STATES,
    KEEPS,
    REFUSALS,
    RELEASES,
    fault_hint,
    fault_message,
    on_a_page,
    printed_rule,
)
from studyhub.kernel.errors import Conflict, NotFound, Unprocessable
from studyhub.kernel.faults import Fault, any_error
from studyhub.kernel.permissions import Permission as P
from studyhub.organization.actor import Actor
from studyhub.organization.branches import queries as branches
from studyhub.questions.wording import TYPES
from studyhub.web import transaction
from studyhub.web.clock import now
from studyhub.web.errors import sentence
from studyhub.web.guard import Room
from studyhub.web.i18n import gettext as _
from studyhub.web.identity import current_actor
from studyhub.web.paging import page_request
from studyhub.web.services import settings
from studyhub.web.transaction import current_session

room = Room("exam_desk", "studyhub.exams", url_prefix="/admin/exams", refusals=REFUSALS)

WORDS: dict[str, Any] = {
    "BANDS": BANDS,
    "EXAM_STATES": EXAM_STATES,
    "KEEPS": KEEPS,
    "RELEASES": RELEASES,
    "TYPE_NAMES": TYPES,
    "message": on_a_page,
    "hint": fault_hint,
}
FILE_WORDS = WORDS | {"message": fault_message}
"""Where a file is shown, its keys are named."""
LARGEST_FILE = 1024 * 1024
STEPS = {"add_section", "remove_section", "add_branch", "find_question"}
"""The buttons of the form that only bring it further."""


@room.page("", permission=P.MANAGE_EXAMS)
def index() -> ResponseReturnValue:
    """Every exam that the actor sets."""
    asked = page_request(queries.SORTS, sort="changed", descending=True)
    page = queries.desk_exams(current_session(), current_actor(), asked)
    return render_template("exam_desk/index.html", page=page, **WORDS)


@room.page("/<slug>", permission=P.MANAGE_EXAMS)
def show(slug: str) -> ResponseReturnValue:
    """One exam: its definition, whether it can be drawn, and what can be done with it."""
    session, actor = current_session(), current_actor()
    exam = queries.exam_to_manage(session, actor, slug)
    plan = queries.blueprint_of(session, exam)
    checked = checking.check(session, actor, as_stored(plan))
    return render_template(
        "exam_desk/show.html",
        exam=exam,
        plan=plan,
        faults=checked.faults,
        extents=[of_stored(row) for row in exam.extents],
        whole=of_rows(exam.extents),
        branches=queries.branch_names(session, plan.branches),
        titles=dict(queries.banks(session, actor)),
        begin=always_drawn.named(session, actor, [str(ref) for each in plan.sections for ref in each.must]),
        attempts=queries.attempt_count(session, exam),
        extensions=queries.extensions(session, exam),
        **WORDS,
    )


@room.page("/new", permission=P.MANAGE_EXAMS, methods=("GET", "POST"), transaction=None)
def new() -> ResponseReturnValue:
    """Set an exam by filling in a form."""
    form = ExamForm(request.form if request.method == "POST" else None, data=forms.NEW)
    return _form_page(form, None)


@room.page("/<slug>/edit", permission=P.MANAGE_EXAMS, methods=("GET", "POST"), transaction=None)
def edit(slug: str) -> ResponseReturnValue:
    """Change an exam. Attempts that have begun keep the paper they have."""
    with transaction.read() as session:
        exam = queries.exam_to_manage(session, current_actor(), slug)
        data = forms.filled(queries.blueprint_of(session, exam), exam.revision, settings().zone)
    form = ExamForm(request.form if request.method == "POST" else None, data=data)
    form.exam.data = slug
    return _form_page(form, exam)


def _form_page(form: ExamForm, exam: Exam | None) -> ResponseReturnValue:
    """What the button says: another section, one less, or save as draft or published."""
    actor = current_actor()
    with transaction.read() as session:
        offered = branches.choices(session, actor.scope(P.MANAGE_EXAMS))
        banks = queries.banks(session, actor)
    settled = form.take_branch(offered)
    if "add_section" in request.form and len(form.sections) < MOST_SECTIONS:
        form.sections.append_entry()
    elif "remove_section" in request.form:
        _remove_section(form)
    saving = request.method == "POST" and not STEPS & request.form.keys()
    with transaction.read() as session:
        settled &= always_drawn.settle(session, actor, form, saving=saving)
    faults: list[Fault] = []
    status = 200 if settled else 422
    if saving and settled:
        stored, faults, status = _outcome(actor, form)
        if stored is not None:
            return redirect(url_for("exam_desk.show", slug=stored))
    form.offer(banks)
    page = render_template(
        "exam_desk/form.html", form=form, exam=exam, faults=faults, refused=status == 422, **WORDS
    )
    return page, status


def _outcome(actor: Actor, form: ExamForm) -> tuple[str | None, list[Fault], int]:
    """What comes of saving: the slug, or the faults that have no field and the status to answer with."""
    try:
        return *_save(actor, form), 422
    except Conflict as refused:
        flash(sentence(refused.code, refused.params), "error")
        return None, [], 409


def _remove_section(form: ExamForm) -> None:
    """Take one section out; what stands below it moves up. The last one stays."""
    left = [entry.data for at, entry in enumerate(form.sections) if str(at) != request.form["remove_section"]]
    if left:
        while form.sections.entries:
            form.sections.pop_entry()
        for data in left:
            form.sections.append_entry(data)


def _save(actor: Actor, form: ExamForm) -> tuple[str | None, list[Fault]]:
    """Store what was filled in. Without a slug there were faults, which also stand at their fields now.

    It is checked outside the write turn. Raises Conflict when what it rests on changed meanwhile.
    """
    state = ExamState.DRAFT if "draft" in request.form else ExamState.PUBLISHED
    tree = FormTree(form.data, state, str(forms.WITHOUT_END))
    text = interpret(tree.root, settings().zone)
    with transaction.read() as session:
        checked = checking.check(session, actor, text)
    if any_error(checked.faults):
        elsewhere = [
            fault for fault in checked.faults if not _at_its_field(form, tree.field_at(fault), fault)
        ]
        return None, elsewhere
    if form.since.data == "0" != str(checked.since):
        form.exam.errors = [sentence("exam_taken", {})]
        return None, []
    _take_turn(form, checked.since)
    with transaction.write() as session:
        stored = operations.store(session, actor, checked, now=now())
    _flash_stored(stored.became, checked.faults)
    return stored.slug, []


def _take_turn(form: ExamForm, since: int) -> None:
    """Overwrite nothing that somebody else did since the form was opened, until that has been said."""
    opened, form.since.data = form.since.data, str(since)
    if opened != str(since):
        raise Conflict("exam_changed")


def _at_its_field(form: ExamForm, name: str, fault: Fault) -> bool:
    """Put the fault's sentence under its field; False when the form has no such field."""
    found = next((each for each in _fields(form) if each.name == name), None)
    if found is None:
        return False
    hint = fault_hint(fault)
    said = on_a_page(fault, str(found.label.text))
    found.errors = [*found.errors, said + (f" {hint}" if hint else "")]
    return True


def _fields(form: ExamForm) -> list[Any]:
    fields = [each for each in form if each.name != "sections"]
    return fields + [each for entry in form.sections for each in entry.form]


def _flash_stored(became: str, warnings: list[Fault], say: Callable[[Fault], str] = on_a_page) -> None:
    said = {
        "created": _("The exam is there."),
        "changed": _("The exam is changed. Attempts that have begun keep their paper."),
        "unchanged": _("Nothing was different, so nothing changed."),
    }
    flash(said[became], "success")
    for fault in warnings:
        flash(say(fault), "warning")


@room.page(
    "/import", permission=P.MANAGE_EXAMS, methods=("GET", "POST"), transaction=None, max_body=LARGEST_FILE
)
def import_file() -> ResponseReturnValue:
    """Show every mistake of an exam file with its line, or what it would change; then do just that."""
    if request.method == "GET":
        return render_template("exam_desk/import.html", faults=[], lines=[], name="", **FILE_WORDS)
    name, data = _posted()
    text = read(data, settings().zone)
    shown = request.form.get("shown")
    with transaction.read() as session:
        checked = checking.check(session, current_actor(), text)
        faults = checked.faults
        if text.blueprint is None or any_error(faults):
            lines = data.decode("utf-8", "replace").splitlines()
            page = render_template(
                "exam_desk/import.html", faults=faults, lines=lines, name=name, **FILE_WORDS
            )
            return page, 422
        plan = plan_exam(session, current_actor(), text.blueprint)
    if shown == plan.digest:
        return _apply(checked)
    if shown:
        flash(sentence("plan_changed", {}), "error")
    page = render_template("exam_desk/plan.html", plan=plan, faults=faults, **FILE_WORDS)
    return page, 409 if shown else 200


def _apply(checked: CheckedExam) -> ResponseReturnValue:
    with transaction.write() as session:
        stored = operations.store(session, current_actor(), checked, now=now())
    _flash_stored(stored.became, checked.faults, fault_message)
    return redirect(url_for("exam_desk.show", slug=stored.slug))


def _posted() -> tuple[str, bytes]:
    """The name and the content of the file: as uploaded, or as the plan that was shown has it."""
    if "definition" in request.form:
        return "", request.form["definition"].encode()
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise Unprocessable("no_file")
    return upload.filename, upload.read()


@room.post("/<slug>/state", permission=P.MANAGE_EXAMS, transaction=None)
def set_state(slug: str) -> ResponseReturnValue:
    """Publish a draft, or withdraw what is published."""
    wanted = request.form.get("state", "")
    if wanted not in list(ExamState):
        raise NotFound
    if wanted == ExamState.PUBLISHED:
        _publish(slug)
    else:
        with transaction.write() as session:
            operations.withdraw(session, current_actor(), slug, now=now())
        flash(_("Withdrawn: nobody can start it."), "success")
    return redirect(url_for("exam_desk.show", slug=slug))


def _publish(slug: str) -> None:
    """Prove again that it can be drawn. What stands in the way is on the page of the exam."""
    with transaction.read() as session:
        exam = queries.exam_to_manage(session, current_actor(), slug)
        plan = replace(queries.blueprint_of(session, exam), state=ExamState.PUBLISHED)
        checked = checking.check(session, current_actor(), as_stored(plan))
    try:
        with transaction.write() as session:
            operations.store(session, current_actor(), checked, now=now())
    except (Unprocessable, Conflict) as refused:
        flash(sentence(refused.code, refused.params), "error")
    else:
        flash(_("Published."), "success")


@room.post("/<slug>/extra-time", permission=P.MANAGE_EXAMS, writes=True)
def extend(slug: str) -> ResponseReturnValue:
    """Give one member extra time."""
    minutes = request.form.get("minutes", "")
    given = int(minutes) if minutes.isascii() and minutes.isdigit() and len(minutes) < 4 else -1
    extra = ExtraTime(request.form.get("member_no", "").strip(), given)
    try:
        operations.extend(current_session(), current_actor(), slug, extra, now=now())
    except (Unprocessable, Conflict) as refused:
        flash(sentence(refused.code, refused.params), "error")
    else:
        flash(_("Noted. It holds for attempts that start from now on."), "success")
    return redirect(url_for("exam_desk.show", slug=slug))


@room.page("/<slug>/preview", permission=P.MANAGE_EXAMS)
def preview(slug: str) -> ResponseReturnValue:
    """A paper as some member would get it, with the key."""
    session, actor = current_session(), current_actor()
    exam = queries.exam_to_manage(session, actor, slug)
    plan, seed = queries.blueprint_of(session, exam), _seed()
    return render_template(
        "exam_desk/preview.html",
        exam=exam,
        plan=plan,
        seed=seed,
        paper=papers.preview(session, plan, seed),
        printed_rule=printed_rule,
        next_seed=secrets.randbelow(1_000_000),
        **WORDS,
    )


def _seed() -> int:
    given = request.args.get("seed", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else 1
