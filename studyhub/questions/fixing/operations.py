"""Writes: a decision about an item, its undoing, and the rules that are kept and forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from studyhub.db.inserting import insert_into
from studyhub.kernel.errors import NotFound
from studyhub.organization import audit
from studyhub.organization.actor import Actor
from studyhub.organization.audit import Act
from studyhub.questions.formats.deciding import Decision
from studyhub.questions.models import DoubtDecision, DoubtRule

LONGEST_TEXT = 20_000


def decide(session: Session, upload_id: int, item: str, decision: Decision, now: datetime) -> None:
    """Keep what was decided about an item. The latest counts, and can be taken back."""
    session.add(
        DoubtDecision(
            upload_id=upload_id,
            item=item,
            verdict=decision.verdict,
            choice=decision.choice,
            text=decision.text,
            created_at=now,
        )
    )


def undo(session: Session, upload_id: int) -> str | None:
    """Take the last decision back. Returns the item that it was about, None when there is none."""
    query = (
        select(DoubtDecision)
        .where(DoubtDecision.upload_id == upload_id)
        .order_by(DoubtDecision.id.desc())
        .limit(1)
    )
    last = session.scalars(query).one_or_none()
    if last is None:
        return None
    item = last.item
    session.delete(last)
    return item


@dataclass(frozen=True, slots=True)
class NewRule:
    """What is decided about a doubt from now on; `for_all`: in everybody's uploads."""

    code: str
    decision: Decision
    for_all: bool


def keep_rule(session: Session, actor: Actor, rule: NewRule, now: datetime) -> None:
    """Let it hold in place of the rule that there was."""
    decision = rule.decision
    owner = None if rule.for_all else actor.member_id
    values: dict[str, Any] = {"verdict": decision.verdict, "choice": decision.choice}
    values |= {"created_by": actor.member_id, "created_at": now}
    row = insert_into(session, DoubtRule).values(code=rule.code, owner_id=owner, **values)
    for_all = owner is None  # each kind has a unique index of its own
    session.execute(
        row.on_conflict_do_update(
            index_elements=["code"] if for_all else ["code", "owner_id"],
            index_where=DoubtRule.owner_id.is_(None) if for_all else DoubtRule.owner_id.is_not(None),
            set_=values,
        )
    )
    told = {"verdict": decision.verdict.value, "choice": decision.choice, "for_all": rule.for_all}
    audit.record(session, actor, Act.DOUBT_RULE_KEPT, f"doubt:{rule.code}", told, now=now)


def forget_rule(session: Session, actor: Actor, rule_id: int, now: datetime) -> None:
    """Forget a rule of the actor's own or one for all. Raises NotFound."""
    mine = or_(DoubtRule.owner_id.is_(None), DoubtRule.owner_id == actor.member_id)
    rule = session.scalars(select(DoubtRule).where(DoubtRule.id == rule_id, mine)).one_or_none()
    if rule is None:
        raise NotFound
    told = {"verdict": rule.verdict.value, "choice": rule.choice, "for_all": rule.owner_id is None}
    audit.record(session, actor, Act.DOUBT_RULE_FORGOTTEN, f"doubt:{rule.code}", told, now=now)
    session.delete(rule)
