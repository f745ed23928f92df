"""Large imports and downloads run as tasks; old plans, and files made to be taken, are forgotten."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from studyhub.media.store import Store
from studyhub.organization.actor import Actor
from studyhub.questions import importing, operations, queries, undoing
from studyhub.questions.bulk import acts
from studyhub.questions.bulk.acts import Order
from studyhub.questions.exporting import making
from studyhub.questions.importing import Doors
from studyhub.questions.models import BankUpload
from studyhub.questions.uploads import bank_files, planning, reading
from studyhub.tasks.context import Job, TaskRunner, WorkContext

IMPORT_KIND = "bank_import"
BULK_KIND = "bank_bulk"
UNDO_KIND = "bank_undo"
CHECKING_KIND = "bank_checking"
READING_KIND = "bank_reading"
PLANNING_KIND = "bank_planning"
EXPORT_KIND = "bank_export"
PLANS_KEPT_FOR = timedelta(days=7)
DOWNLOADS_KEPT_FOR = timedelta(days=1)


def import_bank(context: WorkContext) -> dict[str, Any]:
    """Apply the plan `payload["plan_id"]` in the name of whoever asked for it. The result is its counts."""
    doors = _doors(context)
    prepared = importing.prepare(doors, context.payload["plan_id"])
    importing.apply(doors, [prepared], context.progress)
    return prepared.plan.counts


def act_on_many(context: WorkContext) -> dict[str, Any]:
    """Do to many questions what was asked for, in the name of whoever asked."""
    payload = context.payload
    order = Order(payload["slug"], tuple(payload["names"]), payload["act"], payload["value"])
    done = acts.perform(_doors(context), order, context.progress)
    return {"bank": order.slug, **asdict(done)}


def undo_change(context: WorkContext) -> dict[str, Any]:
    """Make the questions of a change of very many what they were before it, in the name of whoever asked."""
    slug, version = context.payload["slug"], context.payload["version"]
    return {"bank": slug, **asdict(undoing.undo(_doors(context), slug, version, context.progress))}


def check_upload(context: WorkContext) -> dict[str, Any]:
    """Check the bank file `payload["upload_id"]`. The result is the number of its plan, or of its errors."""
    doors, store = _doors(context), Store(context.settings.data_dir)
    upload = _upload(doors, context)
    return {"upload_id": upload.id, **bank_files.plan_kept(doors, upload, store, context.progress)}


def read_upload(context: WorkContext) -> dict[str, Any]:
    """Read the file `payload["upload_id"]`. The result: how many of its questions can be taken."""
    doors = _doors(context)
    kept = reading.read(doors, _upload(doors, context), context.progress)
    return {**context.payload, "read": kept.read, "taken": kept.taken}


def plan_upload(context: WorkContext) -> dict[str, Any]:
    """Plan the import of what was read, as the bank `payload["head"]`. The result is the plan's number."""
    doors = _doors(context)
    store = Store(context.settings.data_dir)
    head = context.payload["head"]
    prepared = planning.plan(doors, _upload(doors, context), head, store, context.progress)
    return {"plan_id": prepared.plan_id}


def make_download(context: WorkContext) -> dict[str, Any]:
    """Write the bank `payload["slug"]` in the format `payload["form"]`. The result is the file's number."""
    doors, store = _doors(context), Store(context.settings.data_dir)
    slug, form = context.payload["slug"], context.payload["form"]
    return {"bank": slug, "made_id": making.make(doors, slug, form, store, context.progress)}


def _upload(doors: Doors, context: WorkContext) -> BankUpload:
    with doors.read() as session:
        return queries.kept_upload(session, doors.actor, context.payload["upload_id"])


def _doors(context: WorkContext) -> Doors:
    actor = Actor(member_id=context.created_by, member_no="", name="", clearance=context.payload["clearance"])
    return Doors(context.read, context.write, actor, context.clock)


TASKS: dict[str, TaskRunner] = {
    IMPORT_KIND: import_bank,
    BULK_KIND: act_on_many,
    UNDO_KIND: undo_change,
    CHECKING_KIND: check_upload,
    READING_KIND: read_upload,
    PLANNING_KIND: plan_upload,
    EXPORT_KIND: make_download,
}


def forget_plans(context: WorkContext) -> None:
    """Drop plans that nobody will apply any more. What was imported is in the audit trail."""
    with context.write() as session:
        operations.forget_plans(session, context.clock() - PLANS_KEPT_FOR)


def forget_downloads(context: WorkContext) -> None:
    """Drop the files that were made of banks. Whoever still wants one makes it again."""
    with context.write() as session:
        making.forget(session, context.clock() - DOWNLOADS_KEPT_FOR)


JOBS: tuple[Job, ...] = (
    Job("forget_bank_plans", 3600, forget_plans),
    Job("forget_bank_downloads", 3600, forget_downloads),
)
