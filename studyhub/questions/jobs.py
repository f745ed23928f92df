"""Large imports run as tasks: they show how far they are, and the browser need not wait."""

from __future__ import annotations

from typing import Any

from studyhub.organization.actor import Actor
from studyhub.questions import importing
from studyhub.questions.importing import Doors
from studyhub.tasks.context import TaskRunner, WorkContext

IMPORT_KIND = "bank_import"


def import_bank(context: WorkContext) -> dict[str, Any]:
    """Apply the plan `payload["plan_id"]` in the name of whoever asked for it. The result is its counts."""
    actor = Actor(member_id=context.created_by, member_no="", name="", clearance=context.payload["clearance"])
    doors = Doors(context.read, context.write, actor, context.clock)
    prepared = importing.prepare(doors, context.payload["plan_id"])
    importing.apply(doors, [prepared], context.progress)
    return prepared.plan.counts


TASKS: dict[str, TaskRunner] = {IMPORT_KIND: import_bank}
