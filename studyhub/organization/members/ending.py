"""Ending roles. With a grant ends what was delegated from it: nobody acts for a leader who leads no more.

Every grant that ends has its own entry in the trail, on the page of whoever held it.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, or_, select, update
from sqlalchemy.orm import Session, aliased

from studyhub.organization.actor import Actor
from studyhub.organization.audit import Act, Deed, record_all
from studyhub.organization.models import Branch, Grant, Member


def end_grants(session: Session, actor: Actor, which: ColumnElement[bool], now: datetime) -> None:
    """End grants that are in force or will be, and what was delegated from them."""
    ended = list(session.scalars(select(Grant.id).where(which, _not_over(now)).order_by(Grant.id)))
    if not ended:
        return
    delegated = delegated_from(session, ended, now)
    session.execute(
        update(Grant)
        .where(Grant.id.in_(ended + delegated))
        # A grant that would have begun later ends before it begins: on the day it was to begin.
        .values(until=case((Grant.since > now, Grant.since), else_=now))
    )
    record_all(session, actor, _deeds(session, ended, delegated), now=now)


def delegated_from(session: Session, grants: list[int], now: datetime) -> list[int]:
    """The ids of the grants, in force or to come, that were delegated from these and are none of them."""
    if not grants:
        return []
    delegated = and_(Grant.source_id.in_(grants), Grant.id.not_in(grants), _not_over(now))
    return list(session.scalars(select(Grant.id).where(delegated)))


def _deeds(session: Session, ended: list[int], delegated: list[int]) -> list[Deed]:
    """What the trail says: first of the grants themselves, then of those delegated from them, and by whom."""
    source, by = aliased(Grant), aliased(Member)
    rows = session.execute(
        select(Grant.id, Grant.role, Branch.code, Member.member_no, by.member_no.label("by"))
        .join(Member, Member.id == Grant.member_id)
        .outerjoin(Branch, Branch.id == Grant.branch_id)
        .outerjoin(source, source.id == Grant.source_id)
        .outerjoin(by, by.id == source.member_id)
        .where(Grant.id.in_(ended + delegated))
    )
    found = {row.id: row for row in rows}
    return [
        Deed(
            Act.GRANT_ENDED,
            f"member:{row.member_no}",
            {"role": row.role.value, "branch": row.code} | ({"delegated_by": row.by} if row.by else {}),
        )
        for row in (found[id_] for id_ in (*ended, *delegated))
    ]


def _not_over(now: datetime) -> ColumnElement[bool]:
    return or_(Grant.until.is_(None), Grant.until > now)
