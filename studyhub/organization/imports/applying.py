"""A staged import taking effect: part by part, each in a short write transaction of its own.

One transaction for 2,000 members keeps every answer save waiting. Nothing is left half done all the same:
before the first part the row says that the import is under way, and whoever finds it abandoned finishes it.
What became impossible in between (somebody else took a phone number, a branch was closed) is left out, and
the trail says which rows. So is the rest when a role of whoever imports is ended meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.orm import Session

from studyhub.kernel.clock import Clock
from studyhub.kernel.errors import Conflict, Forbidden, Unprocessable
from studyhub.kernel.garbage import uncollected
from studyhub.organization.actor import SYSTEM, Actor
from studyhub.organization.imports import staging
from studyhub.organization.imports.kinds import IMPORTERS, Importer
from studyhub.organization.sheets.reading import Records

PLANS_AT_MOST = 20
"""How often a plan is made anew because others kept changing the same members."""

Transaction = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True, slots=True)
class Doors:
    """What the edge gives: how to open transactions, and what time it is."""

    read: Transaction
    write: Transaction
    clock: Clock
    progress: Callable[[int, int | None], None] = lambda done, total: None
    """hears how many of how many parts took effect"""


@dataclass(slots=True)
class _Run:
    """One import under way."""

    doors: Doors
    importer: Importer
    actor: Actor
    records: Records
    claim: str
    counts: dict[str, int]
    left_out: set[int] = field(default_factory=set)
    begun: bool = False
    """Whether any part has taken effect."""
    given_up: str = ""
    """Why it ends without the rest."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A staged file whose rows were read, with the digest of the plan that was shown of it."""

    importer: Importer
    staged_id: int
    records: Records
    shown: str


def apply(doors: Doors, actor: Actor, file: Waiting) -> list[int]:
    """Do what the plan that was shown says. Returns the rows that had to be left out.

    Raises Conflict, and changes nothing, when the plan is another by now, or the file is under way or done;
    Forbidden when the actor may not do the first part any more.
    """
    importer, records = file.importer, file.records
    with doors.read() as session:
        plan = importer.plan(session, actor, records)
    if staging.plan_digest(plan) != file.shown:
        raise Conflict("plan_changed")
    importer.check(actor, plan)
    counts = importer.counts(plan)
    with doors.write() as session:
        claim = staging.begin(
            session, file.staged_id, counts, actor.scope(importer.permission), doors.clock()
        )
    run = _Run(doors, importer, actor, records, claim, counts)
    try:
        return _work(run, plan)
    except BaseException:
        if not run.begun:
            with doors.write() as session:
                staging.undo_begin(session, claim)
        raise


def finish_abandoned(doors: Doors) -> int:
    """Finish the imports whose worker died in the middle, each on its own. Returns how many."""
    finished = 0
    with doors.read() as session:
        waiting = staging.abandoned(session, doors.clock())
    for left in waiting:
        with doors.write() as session:
            claim = staging.take_over(session, left.staged.id, doors.clock())
        if claim is None:
            continue
        importer = IMPORTERS[left.staged.kind]
        # What the person may do was decided when it began; it is finished by the system, in their name, and
        # the names of branches mean what they meant to them.
        records = replace(importer.read(left.staged.content), names_within=left.scope)
        run = _Run(doors, importer, SYSTEM, records, claim, left.counts, begun=True)
        run.counts = {**left.counts, **({"began_by": left.created_by} if left.created_by else {})}
        _finish_or_give_up(run)
        finished += 1
    return finished


def _finish_or_give_up(run: _Run) -> None:
    """One that cannot go on ends where it stands, and the trail says why: it must not bar the way."""
    try:
        _work(run, _plan_anew(run))
    except (Conflict, Unprocessable) as refused:
        run.given_up = refused.code
        with suppress(Conflict):  # somebody took it over: then it is theirs
            _finish(run)


def _work(run: _Run, plan: Any) -> list[int]:
    for _ in range(PLANS_AT_MOST):
        if _all_parts(run, plan):
            return _finish(run)
        if not run.begun:
            break
        plan = _plan_anew(run)
    raise Conflict("plan_changed")


def _all_parts(run: _Run, plan: Any) -> bool:
    """Whether every part could be done as planned."""
    parts = list(run.importer.parts(plan))
    for done, part in enumerate(parts, start=1):
        # The file's rows are many objects: a search for cycles among them takes longer than a part.
        with uncollected(), run.doors.write() as session:
            now = run.doors.clock()
            staging.renew(session, run.claim, now)
            try:
                if not run.importer.still_so(session, run.actor, part, now):
                    return False
            except Forbidden as refused:
                return _end_here(run, parts[done - 1 :], refused)
            run.importer.apply_part(session, run.actor, part, now)
        run.begun = True
        run.doors.progress(done, len(parts))
    return True


def _end_here(run: _Run, rest: list[Any], refused: Forbidden) -> bool:
    """Whoever imports may not any more: nobody goes on in their name, and what is left is named."""
    if not run.begun:
        raise refused
    run.given_up = refused.code
    run.left_out.update(row for part in rest for row in part.rows)
    return True


def _plan_anew(run: _Run) -> Any:
    """What is left to do, without the rows that cannot be done any more."""
    with run.doors.read() as session:
        while True:
            plan = run.importer.plan(session, run.actor, run.records)
            if plan.sound:
                return plan
            wrong = {fault.line for fault in plan.faults if fault.is_error}
            rest = tuple(one for one in run.records.records if one.row not in wrong)
            if len(rest) == len(run.records.records):
                raise Unprocessable("import_has_faults")
            run.left_out |= wrong
            run.records = replace(run.records, records=rest)


def _finish(run: _Run) -> list[int]:
    left_out = sorted(run.left_out)
    report: dict[str, Any] = {**run.counts, **({"left_out": left_out} if left_out else {})}
    report |= {"given_up": run.given_up} if run.given_up else {}
    with run.doors.write() as session:
        now = run.doors.clock()
        run.importer.finish(session, run.actor, report, now)
        staging.mark_applied(session, run.claim, now)
    return left_out
