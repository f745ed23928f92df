"""What was decided about an upload, and the rules that hold for whoever uploads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from studyhub.organization.actor import Actor
from studyhub.organization.models import Member
from studyhub.questions.formats.deciding import Decision, Doubtful, Rules, by_rules, fits
from studyhub.questions.models import BankUpload, DoubtDecision, DoubtRule

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
    """What is known of an upload: decisions one by one, and for the rest what the same person decided
    `before`, in earlier uploads, and rules."""

    decisions: Decisions
    rules: Rules
    before: Decisions = field(default_factory=dict)

    def decide(self, one: Doubtful) -> Decision | None:
        return self.decisions.get(one.key) or self.earlier(one) or by_rules(one, self.rules)

    def earlier(self, one: Doubtful) -> Decision | None:
        """What was decided before about an item; None when it was decided anew, or what it was no longer
        fits."""
        known = None if one.key in self.decisions else self.before.get(one.key)
        return known if known and fits(one, known) else None

    def recalled(self, items: Sequence[Doubtful]) -> int:
        """How many of the items are as they were decided before."""
        return sum(self.earlier(one) is not None for one in items)

    def ruled(self, items: Sequence[Doubtful]) -> int:
        """How many of the items a rule decides."""
        rest = (one for one in items if one.key not in self.decisions and self.earlier(one) is None)
        return sum(by_rules(one, self.rules) is not None for one in rest)


def settled(session: Session, actor: Actor, upload_id: int) -> Settled:
    decisions, before = _decisions(session, actor, upload_id)
    return Settled(decisions, _rules(session, actor), before)


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


def _decisions(session: Session, actor: Actor, upload_id: int) -> tuple[Decisions, Decisions]:
    """Those about an upload of the actor's own, and those about the earlier ones; the latest counts."""
    made = DoubtDecision
    query = (
        select(made.upload_id, made.item, made.verdict, made.choice, made.text)
        .join(BankUpload, BankUpload.id == made.upload_id)
        .where(BankUpload.created_by == actor.member_id, made.upload_id <= upload_id)
        .order_by(made.id)
    )
    here: Decisions = {}
    before: Decisions = {}
    for of, item, verdict, choice, text in session.execute(query):
        (here if of == upload_id else before)[item] = Decision(verdict, choice, text)
    return here, before


def _rules(session: Session, actor: Actor) -> dict[str, Decision]:
    """By code; a person's own rule counts before one for all."""
    query = select(DoubtRule).where(_holds_for(actor))
    rows = sorted(session.scalars(query), key=lambda row: row.owner_id is not None)
    return {row.code: Decision(row.verdict, row.choice) for row in rows}


def _holds_for(actor: Actor) -> ColumnElement[bool]:
    return or_(DoubtRule.owner_id.is_(None), DoubtRule.owner_id == actor.member_id)
