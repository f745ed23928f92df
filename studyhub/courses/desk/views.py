"""The editor's desk: courses, the upload of a .zip, its faults or its plan, and that same plan applied."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from studyhub.courses import archive, import_run, operations, sample, wording
from studyhub.courses.desk import queries
from studyhub.courses.import_run import Run
from studyhub.courses.jobs import CHECK_UPLOAD, uploads
from studyhub.courses.plan import Plan
from studyhub.courses.wording import REFUSALS
from studyhub.db.types import dump_json
from studyhub.kernel.errors import Conflict, NotFound
from studyhub.kernel.permissions import Permission as P
from studyhub.media.store import Store
from studyhub.organization.actor import Actor
from studyhub.tasks import operations as tasks
from studyhub.tasks import queries as task_queries
from studyhub.tasks.models import TaskState
from studyhub.web import transaction
from studyhub.web.clock import now
from studyhub.web.errors import sentence
from studyhub.web.guard import Room
from studyhub.web.i18n import gettext as _
from studyhub.web.i18n import language
from studyhub.web.identity import current_actor
from studyhub.web.paging import page_request
from studyhub.web.services import settings
from studyhub.web.transaction import current_session, read, write

room = Room("course_desk", "studyhub.courses", refusals=REFUSALS)
room.add_app_template_global(wording.message, "course_fault")
room.add_app_template_global(wording.hint, "course_hint")


@room.page("/admin/courses", permission=P.MANAGE_COURSES)
def listing() -> ResponseReturnValue:
    """The courses that the actor manages, and the field to upload one."""
    asked = page_request(queries.COURSE_SORTS, sort="changed", descending=True)
    found = queries.managed(current_session(), current_actor(), asked)
    return render_template("course_desk/listing.html", page=found)


@room.page("/admin/courses/sample.zip", permission=P.MANAGE_COURSES)
def sample_course() -> Response:
    """A small course to begin with, in the reader's language."""
    return Response(
        sample.packed(language()),
        mimetype="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{sample.NAME}.zip"'},
    )


@room.page("/admin/courses/import", permission=P.MANAGE_COURSES, methods=("POST",), transaction=None)
def upload() -> ResponseReturnValue:
    """Keep the archive and have it checked: videos take about a second each."""
    file = request.files.get("file")
    if file is None or not file.filename:
        flash(_("Choose a file first."), "error")
        return redirect(url_for("course_desk.listing"))
    payload = {"archive": _kept(file), "name": Path(file.filename).name[:200]}
    with write() as session:
        task = tasks.enqueue(session, CHECK_UPLOAD, payload, created_by=current_actor().member_id, now=now())
        task.payload = {**payload, "task": task.id}
    return redirect(url_for("tasks.show", task_id=task.id))


@room.page("/admin/courses/import/<int:task_id>", permission=P.MANAGE_COURSES, transaction=None)
def plan(task_id: int) -> ResponseReturnValue:
    """Every fault of the upload, or what it would do."""
    return _plan_page(current_actor(), task_id)


@room.page(
    "/admin/courses/import/<int:task_id>", permission=P.MANAGE_COURSES, methods=("POST",), transaction=None
)
def apply(task_id: int) -> ResponseReturnValue:
    """Do what the plan says."""
    actor = current_actor()
    name = _upload_of(actor, task_id)["archive"]
    with _looked_at(actor, name) as run:
        if run.plan is None or dump_json(run.plan.as_json()) != request.form.get("plan"):
            flash(sentence("plan_changed", {}), "error")
            return _plan_page(actor, task_id, 409)
        try:
            import_run.apply(transaction, actor, run, run.plan, now())
        except Conflict as refused:
            flash(sentence(refused.code, refused.params), "error")
            return _plan_page(actor, task_id, refused.status)
    uploads(settings().data_dir).discard(name)
    flash(_("The import is done."), "success")
    return redirect(url_for("courses.show", slug=run.plan.course))


@room.page("/admin/courses/<slug>/publish", permission=P.MANAGE_COURSES, methods=("POST",), writes=True)
def publish(slug: str) -> ResponseReturnValue:
    """Show a course to its members."""
    operations.publish(current_session(), current_actor(), slug, now())
    flash(_("Members see the course now."), "success")
    return redirect(url_for("course_desk.listing"))


@room.page(
    "/admin/courses/<slug>/withdraw", permission=P.MANAGE_COURSES, methods=("GET", "POST"), writes=True
)
def withdraw(slug: str) -> ResponseReturnValue:
    """Take a course out of sight, after asking."""
    session, actor = current_session(), current_actor()
    if not request.form.get("confirmed"):
        course = queries.managed_course(session, actor, slug)
        return render_template("course_desk/withdraw.html", course=course)
    operations.withdraw(session, actor, slug, now())
    flash(_("Members no longer see the course. Their progress is kept."), "success")
    return redirect(url_for("course_desk.listing"))


def _kept(file: FileStorage) -> str:
    with tempfile.NamedTemporaryFile(suffix=".zip") as copy:
        file.save(copy)
        copy.flush()
        return uploads(settings().data_dir).add(Path(copy.name)).digest


def _upload_of(actor: Actor, task_id: int) -> dict[str, str]:
    """The result of the actor's own check that is done. Raises NotFound, Conflict when it was applied."""
    with read() as session:
        task = task_queries.task(session, task_id, seen_by=actor.member_id)
    if task.kind != CHECK_UPLOAD or task.state is not TaskState.DONE or task.result is None:
        raise NotFound
    result: dict[str, str] = task.result
    if not uploads(settings().data_dir).path(result["archive"]).is_file():
        raise Conflict("upload_gone")
    return result


@contextmanager
def _looked_at(actor: Actor, name: str) -> Iterator[Run]:
    """The upload, unpacked and planned. What it shows was made when it was checked, so this is quick."""
    with tempfile.TemporaryDirectory(prefix="studyhub-course-") as folder:
        place, faults = archive.unpack(uploads(settings().data_dir).path(name), Path(folder, "course"))
        assert not faults, "the check has refused it"
        store = Store(settings().data_dir)
        yield import_run.look(transaction, actor, place, store, lambda done, total: None)


def _faulty(faults: wording.Files, name: str) -> ResponseReturnValue:
    return render_template(
        "course_desk/faults.html", files=faults, errors=wording.count_errors(faults), name=name
    ), 422


def _known_lessons(plan: Plan) -> Mapping[str, Any]:
    with read() as session:
        known = queries.imported(session, plan.course)
    return known.lessons if known else {}


def _plan_page(actor: Actor, task_id: int, status: int = 200) -> ResponseReturnValue:
    result = _upload_of(actor, task_id)
    faults = wording.stored_faults(result["faults"])
    if wording.any_errors(faults):
        return _faulty(faults, result["name"])
    with _looked_at(actor, result["archive"]) as run:
        faults = run.source.faults
    if run.plan is None:
        return _faulty(faults, result["name"])
    page = render_template(
        "course_desk/plan.html",
        plan=run.plan,
        known=_known_lessons(run.plan),
        course=run.source.course,
        files=faults,
        name=result["name"],
        shown=dump_json(run.plan.as_json()),
    )
    return page, status
