"""What an import would do unseen: an item that cannot be read stands in its file all the same.

Its question may be one that the bank has. The file is the whole bank, so that the import would keep it out of
new papers, and nobody meant that.
"""

from __future__ import annotations

from collections.abc import Sequence

from studyhub.kernel.errors import Conflict
from studyhub.questions import queries
from studyhub.questions.importing import Doors
from studyhub.questions.matching import SAME_WORDS, Match
from studyhub.questions.plan import Plan


def check(plan: Plan, unread: int, *, confirmed: bool) -> None:
    """Raise Conflict `unread_would_retire` when questions would be retired by a file of which so many items
    could not be read, and nobody has said that this is meant."""
    if plan.retired and unread and not confirmed:
        raise Conflict("unread_would_retire", bank=plan.bank, unread=unread, retired=len(plan.retired))


def check_likeness(plan: Plan, matches: Sequence[Match], *, confirmed: bool) -> None:
    """Raise Conflict `likeness_unconfirmed` when questions of the file are taken for those of the bank, for
    their prompts are alike and not the same, and nobody has looked at them."""
    alike = [f"{match.known} ({match.percent} %)" for match in matches if match.percent < SAME_WORDS]
    if alike and not confirmed:
        raise Conflict("likeness_unconfirmed", bank=plan.bank, matches=alike)


def check_kept(doors: Doors, plan_id: int, *, confirmed: bool) -> None:
    """The same of the actor's own plan that was kept. Raises NotFound as well."""
    if confirmed:
        return
    with doors.read() as session:
        shown = queries.shown_plan(session, queries.kept_plan(session, doors.actor, plan_id))
    check(shown.plan, shown.unread, confirmed=False)
