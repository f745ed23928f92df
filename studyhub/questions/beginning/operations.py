"""Writes: the bank, at its first version, without a question."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from studyhub.db.inserting import insert_into
from studyhub.kernel.errors import Conflict, Forbidden
from studyhub.organization import audit
from studyhub.organization.actor import Actor
from studyhub.organization.audit import Act
from studyhub.organization.states import Level, readable
from studyhub.questions.models import Bank, BankChange
from studyhub.questions.states import ChangeKind


def begin(session: Session, actor: Actor, head: Mapping[str, str], now: datetime) -> None:
    """Begin the bank of a head without faults.

    Raises Conflict `bank_taken` when there is one of that name, and Forbidden `above_clearance`.
    """
    level = Level(head["level"])
    if actor.member_id is not None and level not in readable(Level(actor.clearance)):
        raise Forbidden("above_clearance")
    values: dict[str, Any] = {
        "title": head["title"],
        "language": head["language"],
        "level": level,
        "source": {},
    }
    values |= {"version": 1, "question_count": 0, "created_at": now, "changed_at": now}
    # What an import that failed left of a bank of this name is nobody's.
    begun = session.scalar(
        insert_into(session, Bank)
        .values(slug=head["bank"], **values)
        .on_conflict_do_update(index_elements=["slug"], set_=values, where=Bank.version == 0)
        .returning(Bank.id)
    )
    if begun is None:
        raise Conflict("bank_taken", bank=head["bank"])
    session.execute(
        insert(BankChange).values(
            bank_id=begun,
            version=1,
            kind=ChangeKind.BEGIN,
            file_name="",
            made_by=actor.member_id,
            made_at=now,
            created=0,
            changed=0,
            retired=0,
        )
    )
    audit.record(session, actor, Act.BANK_BEGUN, f"bank:{head['bank']}", dict(head), now=now)
