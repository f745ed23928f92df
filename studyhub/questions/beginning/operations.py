"""Writes: the bank, at its first version, without a question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy.orm import Session

from studyhub.kernel.errors import Conflict, Forbidden
from studyhub.organization import audit
from studyhub.organization.audit import Act
from studyhub.questions import chosen, importing, operations
from studyhub.questions.bank import Bank
from studyhub.questions.importing import Doors, Prepared
from studyhub.questions.plan import NOTHING, Origin, compare
from studyhub.questions.states import ChangeKind


def begin(doors: Doors, head: Mapping[str, str]) -> None:
    """Begin the bank of a head without faults.

    It takes the turn of an import: one that is under way has written questions for the first version already,
    and what one that died left must go before that version is in force.

    Raises Conflict `bank_taken` when there is one of that name, or `import_running`, and Forbidden
    `above_clearance`.
    """
    if head["level"] not in importing.levels_of(doors.actor):
        raise Forbidden("above_clearance")
    with doors.read() as session:
        if chosen.head(session, head["bank"]):
            raise Conflict("bank_taken", bank=head["bank"])
    bank = Bank(head["bank"], head["title"], head["language"], (), head["level"])
    plan = replace(compare(bank, NOTHING), head=tuple(bank.head))
    with doors.write() as session:
        plan_id = operations.keep_plan(session, doors.actor, plan, Origin(ChangeKind.BEGIN), doors.clock())

    def tell(session: Session, _bank_id: int) -> None:
        subject = f"bank:{bank.slug}"
        audit.record(session, doors.actor, Act.BANK_BEGUN, subject, dict(head), now=doors.clock())

    try:
        importing.apply(doors, [Prepared(plan_id, bank, plan, also=tell)])
    except Conflict as refused:
        if refused.code != "plan_stale":
            raise
        raise Conflict("bank_taken", bank=bank.slug) from refused  # somebody was faster by a moment
