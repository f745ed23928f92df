"""The pages of importing: upload, then every fault or the plan, then that same plan takes effect."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from studyhub.kernel.errors import Conflict, Unprocessable
from studyhub.kernel.faults import Fault
from studyhub.kernel.permissions import Permission as P
from studyhub.organization.actor import Actor
from studyhub.organization.imports import applying, examples, jobs, kinds, staging
from studyhub.organization.imports.applying import Waiting
from studyhub.organization.imports.kinds import Importer
from studyhub.organization.imports.staging import UploadedFile
from studyhub.organization.imports.template_file import template
from studyhub.organization.imports.wording import column, hint, in_our_words, message
from studyhub.organization.sheets.sheet import MAX_BYTES
from studyhub.organization.wording import KINDS, REFUSALS, ROLES, STATUSES
from studyhub.tasks import operations as tasks
from studyhub.web.clock import now
from studyhub.web.errors import sentence
from studyhub.web.guard import Room
from studyhub.web.i18n import gettext as _
from studyhub.web.identity import current_actor
from studyhub.web.transaction import read, write
from studyhub.web.words import chinese_word

room = Room("imports", "studyhub.organization", refusals=REFUSALS)
room.add_app_template_filter(column, "faulty_column")
room.add_app_template_filter(in_our_words)

WORDS: dict[str, Any] = {
    "message": message,
    "hint": hint,
    "KINDS": KINDS,
    "ROLES": ROLES,
    "STATUSES": STATUSES,
}
FAULTS_SHOWN = 500
AT_ONCE_BYTES = 64 * 1024
"""Of a larger file (some 1,500 rows) the plan takes effect as a task."""


@room.page("/admin/members/import", permission=P.IMPORT_MEMBERS, endpoint="members")
def members() -> ResponseReturnValue:
    """How a file of members looks, and the field to upload one."""
    return _upload_page(kinds.MEMBERS)


@room.page("/admin/branches/import", permission=P.MANAGE_BRANCHES, endpoint="branches")
def branches() -> ResponseReturnValue:
    """How a file of branches looks, and the field to upload one."""
    return _upload_page(kinds.BRANCHES)


@room.post(
    "/admin/members/import", permission=P.IMPORT_MEMBERS, transaction=None, max_body=MAX_BYTES + 65_536
)
def upload_members() -> ResponseReturnValue:
    """Check a file of members."""
    return _check_upload(kinds.MEMBERS, current_actor())


@room.post(
    "/admin/branches/import", permission=P.MANAGE_BRANCHES, transaction=None, max_body=MAX_BYTES + 65_536
)
def upload_branches() -> ResponseReturnValue:
    """Check a file of branches."""
    return _check_upload(kinds.BRANCHES, current_actor())


@room.page("/admin/members/import/<int:staged_id>", permission=P.IMPORT_MEMBERS, transaction=None)
def members_plan(staged_id: int) -> ResponseReturnValue:
    """What the uploaded file would do."""
    return _plan_page(kinds.MEMBERS, current_actor(), staged_id)


@room.page("/admin/branches/import/<int:staged_id>", permission=P.MANAGE_BRANCHES, transaction=None)
def branches_plan(staged_id: int) -> ResponseReturnValue:
    """What the uploaded file would do."""
    return _plan_page(kinds.BRANCHES, current_actor(), staged_id)


@room.post("/admin/members/import/<int:staged_id>", permission=P.IMPORT_MEMBERS, transaction=None)
def apply_members(staged_id: int) -> ResponseReturnValue:
    """Do what the plan says."""
    return _apply(kinds.MEMBERS, current_actor(), staged_id)


@room.post("/admin/branches/import/<int:staged_id>", permission=P.MANAGE_BRANCHES, transaction=None)
def apply_branches(staged_id: int) -> ResponseReturnValue:
    """Do what the plan says."""
    return _apply(kinds.BRANCHES, current_actor(), staged_id)


@room.page("/admin/members/template.xlsx", permission=P.IMPORT_MEMBERS)
def members_template() -> ResponseReturnValue:
    """A workbook to fill in."""
    return _template(kinds.MEMBERS)


@room.page("/admin/branches/template.xlsx", permission=P.MANAGE_BRANCHES)
def branches_template() -> ResponseReturnValue:
    """A workbook to fill in."""
    return _template(kinds.BRANCHES)


def _upload_page(importer: Importer, faults: tuple[Fault, ...] = (), name: str = "") -> str:
    return render_template(
        f"imports/{importer.kind.value}.html",
        importer=importer,
        faults=faults[:FAULTS_SHOWN],
        total=len(faults),
        errors=sum(fault.is_error for fault in faults),
        file_name=name,
        **WORDS,
    )


def _check_upload(importer: Importer, actor: Actor) -> ResponseReturnValue:
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        flash(_("Choose a file first."), "error")
        return _upload_page(importer), 422
    content = upload.read()
    records = importer.read(content)
    with read() as session:
        plan = importer.plan(session, actor, records)
    if not plan.sound:
        return _upload_page(importer, plan.faults, upload.filename)
    with write() as session:
        staged_id = staging.stage(
            session, actor, UploadedFile(importer.kind, upload.filename, content), now()
        )
    return redirect(url_for(f"imports.{importer.kind.value}_plan", staged_id=staged_id))


def _plan_page(importer: Importer, actor: Actor, staged_id: int, status: int = 200) -> ResponseReturnValue:
    with read() as session:
        staged = staging.staged(session, actor, importer.kind, staged_id, now())
        plan = importer.plan(session, actor, importer.read(staged.content))
        names = importer.branch_names(session, plan)
    if not plan.sound:
        return _upload_page(importer, plan.faults, staged.file_name)
    page = render_template(
        f"imports/{importer.kind.value}_plan.html",
        plan=plan,
        counts=importer.counts(plan),
        file_name=staged.file_name,
        digest=staging.plan_digest(plan),
        names=names,
        **WORDS,
    )
    return page, status


def _apply(importer: Importer, actor: Actor, staged_id: int) -> ResponseReturnValue:
    with read() as session:
        staged = staging.staged(session, actor, importer.kind, staged_id, now())
    shown = request.form.get("digest", "")
    if len(staged.content) > AT_ONCE_BYTES:
        return redirect(url_for("tasks.show", task_id=_enqueue(importer, actor, staged_id, shown)))
    records = importer.read(staged.content)
    doors = applying.Doors(read, write, now)
    try:
        left_out = applying.apply(doors, actor, Waiting(importer, staged_id, records, shown))
    except (Conflict, Unprocessable) as refused:
        flash(sentence(refused.code, refused.params), "error")
        return _plan_page(importer, actor, staged_id, refused.status)
    if left_out:
        flash(told_left_out(left_out), "warning")
    flash(_("The import is done."), "success")
    return redirect(url_for("members.everybody" if importer is kinds.MEMBERS else "branches.manage"))


def _enqueue(importer: Importer, actor: Actor, staged_id: int, shown: str) -> int:
    payload = jobs.order(actor, importer.kind, staged_id, shown)
    kind = jobs.TASK_KINDS[importer.kind]
    with write() as session:
        return tasks.enqueue(session, kind, payload, created_by=actor.member_id, now=now()).id


def told_left_out(rows: Sequence[int]) -> str:
    """Which rows could not be done any more, and why."""
    listed = _(", ").join(str(row) for row in rows)
    return _(
        "Others changed the same meanwhile, or your role ended, so these rows were left out: %(rows)s",
        rows=listed,
    )


def _template(importer: Importer) -> Response:
    """The empty workbook; `?headings=zh` has the headings and words of a Chinese list."""
    chinese = request.args.get("headings") == "zh"
    headings, rows = examples.in_chinese(importer, chinese_word) if chinese else examples.in_english(importer)
    name = f"{importer.kind.value}-zh.xlsx" if chinese else f"{importer.kind.value}.xlsx"
    return Response(
        template(headings, rows),
        mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
