"""What was decided about an upload, and the rules that hold for whoever uploads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from studyhub.organization.actor import Actor
from studyhub.organization.models import Member
from studyhub.questions.formats.deciding import Decide, Decision, Doubtful, Rules, by_rules
from studyhub.questions.models import DoubtDecision, DoubtRule

Decisions = dict[str, Decision]
"""By the item's key."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as the list of them shows it; `for_all`: it holds for everybody's uploads."""

    id: int
    code: str
    decision: Decision
    for_all: bool
    by: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Settled:
    """What is known of an upload: decisions one by one, and rules for the rest."""

    decisions: Decisions
    rules: Rules

    def decide(self, one: Doubtful) -> Decision | None:
        return self.decisions.get(one.key) or by_rules(one, self.rules)

    def ruled(self, items: Sequence[Doubtful]) -> int:
        """How many of the items a rule decides."""
        return sum(one.key not in self.decisions and self.decide(one) is not None for one in items)


def settled(session: Session, actor: Actor, upload_id: int) -> Settled:
    return Settled(_decisions(session, upload_id), _rules(session, actor))


def decide_of(session: Session, actor: Actor, upload_id: int) -> Decide:
    """What is decided about each doubtful item of an upload, None where nothing is."""
    return settled(session, actor, upload_id).decide


def rules(session: Session, actor: Actor) -> list[Rule]:
    """The actor's own rules and those for all, the newest first."""
    query = (
        select(DoubtRule, Member.name)
        .outerjoin(Member, Member.id == DoubtRule.created_by)
        .where(_holds_for(actor))
        .order_by(DoubtRule.created_at.desc(), DoubtRule.id.desc())
    )
    return [
        Rule(row.id, row.code, Decision(row.verdict, row.choice), row.owner_id is None, name, row.created_at)
        for row, name in session.execute(query)
    ]


def _decisions(session: Session, upload_id: int) -> Decisions:
    query = select(DoubtDecision).where(DoubtDecision.upload_id == upload_id).order_by(DoubtDecision.id)
    return {row.item: Decision(row.verdict, row.choice, row.text) for row in session.scalars(query)}


def _rules(session: Session, actor: Actor) -> dict[str, Decision]:
    """By code; a person's own rule counts before one for all."""
    query = select(DoubtRule).where(_holds_for(actor))
    rows = sorted(session.scalars(query), key=lambda row: row.owner_id is not None)
    return {row.code: Decision(row.verdict, row.choice) for row in rows}


def _holds_for(actor: Actor) -> ColumnElement[bool]:
    return or_(DoubtRule.owner_id.is_(None), DoubtRule.owner_id == actor.member_id)
