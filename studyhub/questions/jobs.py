"""Large imports run as tasks, and the files of old plans are forgotten."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from studyhub.organization.actor import Actor
from studyhub.questions import importing, operations
from studyhub.questions.bulk import acts
from studyhub.questions.bulk.acts import Order
from studyhub.questions.importing import Doors
from studyhub.tasks.context import Job, TaskRunner, WorkContext

IMPORT_KIND = "bank_import"
BULK_KIND = "bank_bulk"
PLANS_KEPT_FOR = timedelta(days=7)


def import_bank(context: WorkContext) -> dict[str, Any]:
    """Apply the plan `payload["plan_id"]` in the name of whoever asked for it. The result is its counts."""
    actor = Actor(member_id=context.created_by, member_no="", name="", clearance=context.payload["clearance"])
    doors = Doors(context.read, context.write, actor, context.clock)
    prepared = importing.prepare(doors, context.payload["plan_id"])
    importing.apply(doors, [prepared], context.progress)
    return prepared.plan.counts


def act_on_many(context: WorkContext) -> dict[str, Any]:
    """Do to many questions what was asked for, in the name of whoever asked."""
    payload = context.payload
    actor = Actor(member_id=context.created_by, member_no="", name="", clearance=payload["clearance"])
    doors = Doors(context.read, context.write, actor, context.clock)
    order = Order(payload["slug"], tuple(payload["names"]), payload["act"], payload["value"])
    done = acts.perform(doors, order, context.progress)
    return {"bank": order.slug, **asdict(done)}


TASKS: dict[str, TaskRunner] = {IMPORT_KIND: import_bank, BULK_KIND: act_on_many}


def forget_plans(context: WorkContext) -> None:
    """Drop plans that nobody will apply any more. What was imported is in the audit trail."""
    with context.write() as session:
        operations.forget_plans(session, context.clock() - PLANS_KEPT_FOR)


JOBS: tuple[Job, ...] = (Job("forget_bank_plans", 3600, forget_plans),)
