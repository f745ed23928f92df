"""Large files of members and branches take effect as tasks, so that nobody waits for a page meanwhile."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from studyhub.organization.actor import Actor, RoleHeld
from studyhub.organization.imports import applying, staging
from studyhub.organization.imports.applying import Doors, Waiting
from studyhub.organization.imports.kinds import IMPORTERS
from studyhub.organization.imports.staging import ImportKind
from studyhub.organization.members import granting
from studyhub.organization.models import Member
from studyhub.organization.roles import Role
from studyhub.tasks.context import TaskRunner, WorkContext

TASK_KINDS = {ImportKind.MEMBERS: "members_import", ImportKind.BRANCHES: "branches_import"}


def order(actor: Actor, kind: ImportKind, staged_id: int, shown: str) -> dict[str, Any]:
    """What the task is told: the upload, the plan that was shown, and what the actor may do as they ask."""
    return {
        "kind": kind.value,
        "staged_id": staged_id,
        "shown": shown,
        "clearance": actor.clearance,
        "roles": [[held.role.value, held.branch_path] for held in actor.roles],
    }


def take_effect(context: WorkContext) -> dict[str, Any]:
    """Do what the plan says, in the name of whoever asked. The result: how many rows, and those left out."""
    payload = context.payload
    importer = IMPORTERS[ImportKind(payload["kind"])]
    with context.read() as session:
        actor = _who_asked(session, context)
        staged = staging.staged(session, actor, importer.kind, payload["staged_id"], context.clock())
    records = importer.read(staged.content)
    doors = Doors(context.read, context.write, context.clock, context.progress)
    left_out = applying.apply(doors, actor, Waiting(importer, staged.id, records, payload["shown"]))
    return {"rows": len(records.records), "left_out": left_out}


def _who_asked(session: Session, context: WorkContext) -> Actor:
    """Whoever asked, with what they might do then and still may: the task may have waited for long."""
    payload = context.payload
    asked = {RoleHeld(Role(role), path) for role, path in payload["roles"]}
    actor = Actor(context.created_by, "", "", clearance=payload["clearance"])
    if context.created_by is None:
        return actor
    held = granting.held_by(session, context.created_by, context.clock())
    member_no = session.get_one(Member, context.created_by).member_no
    return replace(actor, member_no=member_no, roles=tuple(each for each in held if each in asked))


TASKS: dict[str, TaskRunner] = dict.fromkeys(TASK_KINDS.values(), take_effect)
