"""Checking the whole trail as a task, because it reads every entry there ever was."""

from __future__ import annotations

from typing import Any

from studyhub.organization.actor import SYSTEM, Actor
from studyhub.organization.audit import Act, record
from studyhub.organization.trail.anchor import read_anchor
from studyhub.organization.trail.chain import chain_key
from studyhub.organization.trail.verification import verify
from studyhub.tasks.context import WorkContext


def verify_trail(context: WorkContext) -> dict[str, Any]:
    """Check every seal. The result is the verification as JSON."""
    anchor = read_anchor(context.settings.data_dir)
    key = chain_key(context.settings.secret_key)
    with context.read() as session:
        verification = verify(session, key, anchor, context.clock(), context.progress)
    who = Actor(context.created_by, "", "") if context.created_by else SYSTEM
    with context.write() as session:
        record(session, who, Act.AUDIT_VERIFIED, "audit", verification.as_json(), now=context.clock())
    return verification.as_json()
