"""The pages on which an exam is set or changed by a form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from studyhub.exams import audience, checking, operations, queries
from studyhub.exams.checking import CheckedExam
from studyhub.exams.desk import always_drawn, forms
from studyhub.exams.desk.form_tree import FormTree
from studyhub.exams.desk.forms import MOST_SECTIONS, ExamForm
from studyhub.exams.desk.publishing import views as publishing
from studyhub.exams.desk.wording import WORDS
from studyhub.exams.file.reading import interpret
from studyhub.exams.models import Exam
from studyhub.exams.states import ExamState
from studyhub.exams.wording import REFUSALS, hint_on_a_page, on_a_page
from studyhub.kernel.errors import Conflict
from studyhub.kernel.faults import Fault, any_error
from studyhub.kernel.permissions import Permission as P
from studyhub.organization.actor import WHOLE_TREE
from studyhub.organization.branches import queries as branches
from studyhub.questions import queries as questions
from studyhub.web import transaction
from studyhub.web.clock import now
from studyhub.web.errors import sentence
from studyhub.web.guard import Room
from studyhub.web.identity import current_actor
from studyhub.web.services import settings

room = Room("exam_form", "studyhub.exams", url_prefix="/admin/exams", refusals=REFUSALS)

STEPS = {"add_section", "remove_section", "add_branch", "find_question", "back"}
"""The buttons that only bring the form further, or back to it."""


@room.page("/new", permission=P.MANAGE_EXAMS, methods=("GET", "POST"), transaction=None)
def new() -> ResponseReturnValue:
    """Set an exam by filling in a form."""
    posted = request.method == "POST"
    data = forms.NEW if posted else forms.begun(now(), settings().zone)
    return _form_page(ExamForm(request.form if posted else None, data=data), None)


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
    saving = request.method == "POST" and not STEPS & request.form.keys()
    if not _settled(form, saving):
        return _shown(form, exam, 422)
    return _saved(form, exam) if saving else _shown(form, exam)


def _settled(form: ExamForm, saving: bool) -> bool:
    """Bring the form further as its button says; False when somebody must say first what they meant."""
    actor = current_actor()
    with transaction.read() as session:
        offered = branches.choices(session, actor.scope(P.MANAGE_EXAMS))
    has_branch = form.take_branch(offered)
    if "add_section" in request.form and len(form.sections) < MOST_SECTIONS:
        form.sections.append_entry()
    elif "remove_section" in request.form:
        _remove_section(form)
    with transaction.read() as session:
        return always_drawn.settle(session, actor, form, saving=saving) and has_branch


def _remove_section(form: ExamForm) -> None:
    """Take one section out; what stands below it moves up. The last one stays."""
    left = [entry.data for at, entry in enumerate(form.sections) if str(at) != request.form["remove_section"]]
    if left:
        while form.sections.entries:
            form.sections.pop_entry()
        for data in left:
            form.sections.append_entry(data)


def _shown(
    form: ExamForm, exam: Exam | None, status: int = 200, faults: Sequence[Fault] = ()
) -> ResponseReturnValue:
    """The form; `faults` are those that have no field (the others stand at theirs)."""
    with transaction.read() as session:
        banks = queries.banks(session, current_actor())
        held = questions.drawable_by_type(session, [slug for slug, _title in banks])
    form.offer(banks, held)
    words = {"faults": faults, "refused": status == 422, "people": _people(form), **WORDS}
    return render_template("exam_desk/form.html", form=form, exam=exam, **words), status


def _people(form: ExamForm) -> int | None:
    """For how many the exam is as far as it is filled in; None until it says for whom."""
    if not form.branches.data and WHOLE_TREE not in current_actor().scope(P.MANAGE_EXAMS):
        return None
    with transaction.read() as session:
        banks = [slug for entry in form.sections for slug in entry.form.banks.data or ()]
        return audience.people(session, form.branches.data or (), banks)


def _saved(form: ExamForm, exam: Exam | None) -> ResponseReturnValue:
    """Store what was filled in; what reaches people, once it is confirmed."""
    tree, checked = _checked(form)
    if any_error(checked.faults):
        elsewhere = [each for each in checked.faults if not _at_its_field(form, tree.field_at(each), each)]
        return _shown(form, exam, 422, elsewhere)
    if form.since.data == "0" != str(checked.since):
        form.exam.errors = [sentence("exam_taken", {})]
        return _shown(form, exam, 422)
    try:
        _take_turn(form, checked.since)
        return publishing.to_confirm(checked, request.path, _filled_in()) or _stored(checked)
    except Conflict as refused:
        flash(sentence(refused.code, refused.params), "error")
        return _shown(form, exam, 409)


def _checked(form: ExamForm) -> tuple[FormTree, CheckedExam]:
    """What was filled in, checked outside the write turn."""
    state = ExamState.DRAFT if "draft" in request.form else ExamState.PUBLISHED
    tree = FormTree(form.data, state, str(forms.WITHOUT_END))
    text = interpret(tree.root, settings().zone)
    with transaction.read() as session:
        return tree, checking.check(session, current_actor(), text)


def _take_turn(form: ExamForm, since: int) -> None:
    """Overwrite nothing that somebody else did since the form was opened, until that has been said."""
    opened, form.since.data = form.since.data, str(since)
    if opened != str(since):
        raise Conflict("exam_changed")


def _filled_in() -> publishing.Pairs:
    """What was filled in, as the page posts it that asks whether to store it."""
    left_out = {*STEPS, *publishing.OF_ITS_PAGE}
    return [(name, value) for name, value in request.form.items(multi=True) if name not in left_out]


def _stored(checked: CheckedExam) -> ResponseReturnValue:
    """Raises Conflict when what it rests on changed meanwhile."""
    with transaction.write() as session:
        stored = operations.store(session, current_actor(), checked, now=now())
    publishing.flash_stored(stored.became, checked.plan)
    return redirect(url_for("exam_desk.show", slug=stored.slug))


def _at_its_field(form: ExamForm, name: str, fault: Fault) -> bool:
    """Put the fault's sentence under its field; False when the form has no such field."""
    found = next((each for each in _fields(form) if each.name == name), None)
    if found is None:
        return False
    hint = hint_on_a_page(fault)
    said = on_a_page(fault, str(found.label.text))
    found.errors = [*found.errors, said + (f" {hint}" if hint else "")]
    return True


def _fields(form: ExamForm) -> list[Any]:
    fields = [each for each in form if each.name != "sections"]
    return fields + [each for entry in form.sections for each in entry.form]
