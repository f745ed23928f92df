"""What the clock does for the organization: seal the audit trail, and clear away what has expired."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from studyhub.organization.imports import applying, staging
from studyhub.organization.models import Activation, SignInSession, Throttle
from studyhub.organization.sign_in.throttling import LONGEST_WINDOW
from studyhub.organization.trail import sealing
from studyhub.organization.trail.anchor import Anchor, keep_anchor, read_anchor
from studyhub.organization.trail.chain import chain_key
from studyhub.tasks.context import Job, WorkContext


def seal_trail(context: WorkContext) -> None:
    """Seal whatever has no seal yet, in short transactions, and note the chain's new head.

    A chain that does not go through the head noted before keeps that one: it is what shows the cut.
    """
    key, anchor = chain_key(context.settings.secret_key), read_anchor(context.settings.data_dir)
    sealed = 0
    while True:
        with context.write() as session:
            count = sealing.seal_batch(session, key, context.clock())
            head, goes_on = sealing.head(session), sealing.continues(session, anchor)
        sealed += count
        if count < sealing.BATCH:
            break
    if sealed and goes_on:
        keep_anchor(context.settings.data_dir, Anchor(*head))


def clear_expired(context: WorkContext) -> None:
    """Remove sessions, codes, counts of failures and uploads whose time is over.

    What somebody else has locked is left for the next time: others lock member by member, and whoever waits
    for them in another order may be waited for.
    """
    now = context.clock()
    with context.write() as session:
        _remove_idle(session, SignInSession.id, SignInSession.expires_at < now)
        _remove_idle(session, Activation.id, Activation.expires_at < now)
        _remove_idle(session, Throttle.key, Throttle.window_began_at < now - LONGEST_WINDOW)
        staging.clear(session, now)


def _remove_idle(session: Session, key: InstrumentedAttribute[Any], over: ColumnElement[bool]) -> None:
    idle = select(key).where(over).with_for_update(skip_locked=True)
    session.execute(delete(key.class_).where(key.in_(idle)))


def finish_imports(context: WorkContext) -> None:
    """Finish the imports of members and branches whose worker died in the middle."""
    applying.finish_abandoned(applying.Doors(context.read, context.write, context.clock))


JOBS = (
    Job("seal_trail", 5, seal_trail),
    Job("finish_imports", 60, finish_imports),
    Job("clear_expired", 3600, clear_expired),
)
