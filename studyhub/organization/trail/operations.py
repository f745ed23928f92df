"""Writes of the trail that come from outside the rooms' own acts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from studyhub.kernel.permissions import Permission
from studyhub.organization.audit import Act, record


def record_refusal(session: Session, actor: Any, permission: Permission, path: str, now: datetime, /) -> None:
    """An actor asked for something that their roles do not include."""
    detail = {"path": path[:200], "permission": permission.value}
    record(session, actor, Act.REFUSED, f"member:{actor.member_no}", detail, now=now)
