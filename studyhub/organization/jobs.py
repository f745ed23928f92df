"""What the clock does for the organization: seal the audit trail, and clear away what has expired."""

from __future__ import annotations

from sqlalchemy import delete

from studyhub.organization.imports import applying, staging
from studyhub.organization.models import Activation, SignInSession, Throttle
from studyhub.organization.sign_in.throttling import LONGEST_WINDOW
from studyhub.organization.trail import sealing
from studyhub.organization.trail.anchor import Anchor, keep_anchor
from studyhub.organization.trail.chain import chain_key
from studyhub.tasks.context import Job, WorkContext


def seal_trail(context: WorkContext) -> None:
    """Seal whatever has no seal yet, in short transactions, and note the chain's new head."""
    key = chain_key(context.settings.secret_key)
    sealed = 0
    while True:
        with context.write() as session:
            count = sealing.seal_batch(session, key, context.clock())
            head = sealing.head(session)
        sealed += count
        if count < sealing.BATCH:
            break
    if sealed:
        keep_anchor(context.settings.data_dir, Anchor(*head))


def clear_expired(context: WorkContext) -> None:
    """Remove sessions, codes, counts of failures and uploads whose time is over."""
    now = context.clock()
    with context.write() as session:
        session.execute(delete(SignInSession).where(SignInSession.expires_at < now))
        session.execute(delete(Activation).where(Activation.expires_at < now))
        session.execute(delete(Throttle).where(Throttle.window_began_at < now - LONGEST_WINDOW))
        staging.clear(session, now)


def finish_imports(context: WorkContext) -> None:
    """Finish the imports of members and branches whose worker died in the middle."""
    applying.finish_abandoned(applying.Doors(context.read, context.write, context.clock))


JOBS = (
    Job("seal_trail", 5, seal_trail),
    Job("finish_imports", 60, finish_imports),
    Job("clear_expired", 3600, clear_expired),
)
