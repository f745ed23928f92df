"""Ending roles. With a grant ends what was delegated from it: nobody acts for a leader who leads no more."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, or_, select, update
from sqlalchemy.orm import Session

from studyhub.organization.models import Grant


def end_grants(session: Session, which: ColumnElement[bool], now: datetime) -> list[int]:
    """End grants that are in force or will be. Returns the ids of the delegated ones that end with them."""
    ended = list(session.scalars(select(Grant.id).where(which, _not_over(now))))
    delegated = delegated_from(session, ended, now)
    if ended:
        session.execute(
            update(Grant)
            .where(Grant.id.in_(ended + delegated))
            # A grant that would have begun later ends before it begins: on the day it was to begin.
            .values(until=case((Grant.since > now, Grant.since), else_=now))
        )
    return delegated


def delegated_from(session: Session, grants: list[int], now: datetime) -> list[int]:
    """The ids of the grants, in force or to come, that were delegated from these and are none of them."""
    if not grants:
        return []
    delegated = and_(Grant.source_id.in_(grants), Grant.id.not_in(grants), _not_over(now))
    return list(session.scalars(select(Grant.id).where(delegated)))


def _not_over(now: datetime) -> ColumnElement[bool]:
    return or_(Grant.until.is_(None), Grant.until > now)
