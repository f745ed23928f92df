"""Applying import plans: many short write transactions that nobody sees, then one that takes effect.

A single transaction for 50,000 questions held every answer save up for 3.6 s on SQLite. Here each holds the
lock for a few hundredths; Markdown is rendered between them. Several banks take effect together or not at
all. When the work fails or dies, what it wrote is never seen, and is swept by itself or by the next import.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TypeVar

from sqlalchemy.orm import Session

from studyhub.db.postgresql import plan_by_size
from studyhub.kernel.clock import Clock
from studyhub.kernel.errors import Conflict, Forbidden
from studyhub.kernel.garbage import uncollected
from studyhub.media import operations as media
from studyhub.media.store import Kept
from studyhub.organization.actor import Actor
from studyhub.organization.states import Level, readable
from studyhub.questions import (
    across,
    bank_file,
    chosen,
    intake,
    known,
    matching,
    operations,
    queries,
    question_warnings,
    reviews,
    shown_plan,
)
from studyhub.questions.bank import Bank, Question
from studyhub.questions.bank_file import Checked
from studyhub.questions.chosen import Identity
from studyhub.questions.formats import bank_yaml
from studyhub.questions.matching import Match
from studyhub.questions.models import BankPlan
from studyhub.questions.operations import Effect, Staged
from studyhub.questions.plan import InForce, Origin, Plan, compare
from studyhub.questions.rendering import render
from studyhub.questions.revisions import part_html
from studyhub.questions.shown_plan import ShownPlan
from studyhub.questions.states import ChangeKind, PlanState

AT_ONCE = 50
"""Rows of the first write transaction; the next ones follow how long it took."""

SHORT_S, LONG_S = 0.02, 0.06
FEWEST, MOST = 40, 150

T = TypeVar("T")
Transaction = Callable[[], AbstractContextManager[Session]]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Doors:
    """What the edge gives: how to open transactions, who acts, and what time it is."""

    read: Transaction
    write: Transaction
    actor: Actor
    clock: Clock


@dataclass(frozen=True, slots=True)
class Offer:
    """A checked bank with its file, to be planned. `kept`: what was stored for it; `upload_id`: the file of
    another format that it was made of; `made`: ids that its questions got because that file gives none, so
    that they are looked for in the bank; `matches`: those that were found already; `unread`: how many items
    of that file could not be read."""

    bank: Bank
    data: bytes
    file_name: str = ""
    kept: Sequence[Kept] = ()
    upload_id: int | None = None
    checked: Checked | None = None
    """what the check said of it, other banks considered"""
    made: frozenset[str] = frozenset()
    matches: Sequence[Match] = ()
    unread: int = 0


@dataclass(frozen=True, slots=True)
class Prepared:
    """A plan that was shown, with the bank that its file describes, and what the check said of the file. Of a
    bank that was amended there are only the questions that are."""

    plan_id: int
    bank: Bank
    plan: Plan
    file_name: str = ""
    checked: Checked | None = None
    amended: frozenset[str] | None = None
    """the ids of the questions that are changed, when those are not all"""
    alike: frozenset[str] = frozenset()
    """of these, those of which `checked` says nothing: the warnings that are there still hold"""
    also: Callable[[Session, int], None] | None = None
    """what else takes effect with it, in the last transaction; it is given the bank's id"""
    returning: bool = False
    """whether questions that come back are reviewed as they were when they left"""
    places: Mapping[str, int] = field(default_factory=dict)
    """where questions stand; without it, where they stand in the bank"""
    upload_id: int | None = None
    matches: Sequence[Match] = ()
    """questions that came without an id and were recognised"""

    @property
    def judged(self) -> Collection[str]:
        """The questions of which `checked` holds every warning."""
        every = {question.id for question in self.bank.questions} if self.amended is None else self.amended
        return every - self.alike


def plan_import(doors: Doors, offer: Offer) -> Prepared:
    """Compare a file without mistakes with what is in force, and keep the plan, with the warnings about
    other banks that the check already holds: searching for them takes too long for every look at it.

    Raises Forbidden `above_clearance` when the bank, as it is or as it would be, is above the actor's, and
    Unprocessable `unknown_media` when it names a stored file that is not here.
    """
    with doors.read() as session:
        now = queries.bank_in_force(session, offer.bank.slug)
        _check_clearance(doors.actor, offer.bank, now)
        offer = recognised(offer, queries.whole_bank(session, offer.bank.slug) if offer.made else None)
    bank = offer.bank
    plan = compare(bank, now)
    elsewhere = across.as_json(offer.checked) if offer.checked else ()
    shown = shown_plan.show(bank, plan, offer.checked, offer.matches, by_line=offer.upload_id is None)
    origin = Origin(
        ChangeKind.IMPORT,
        offer.file_name,
        zlib.compress(offer.data, 1),
        replace(shown, unread=offer.unread).packed,
        offer.upload_id,
        elsewhere,
        matches=[match.written for match in offer.matches],
    )
    named = intake.digests_of(bank.questions)
    with doors.write() as session:
        media.record(session, offer.kept, doors.clock())
        intake.check_stored(session, named)
        plan_id = operations.keep_plan(session, doors.actor, plan, origin, doors.clock())
    return Prepared(
        plan_id, bank, plan, offer.file_name, offer.checked, upload_id=offer.upload_id, matches=offer.matches
    )


def recognised(offer: Offer, known: Bank | None) -> Offer:
    """The offer with the bank's own ids for the questions that are recognised in it."""
    found = matching.propose(offer.bank, offer.made, known) if known else []
    return _under(offer, {match.made: match.known for match in found}, found) if found else offer


def _under(offer: Offer, names: Mapping[str, str], matches: Sequence[Match]) -> Offer:
    bank = matching.renamed(offer.bank, names)
    checked = offer.checked and replace(
        offer.checked,
        bank=bank,
        faults=[fault.about(names.get(fault.subject or "", fault.subject)) for fault in offer.checked.faults],
        asked=tuple(replace(asked, id=names.get(asked.id, asked.id)) for asked in offer.checked.asked),
    )
    return replace(
        offer,
        bank=bank,
        data=bank_yaml.dump(bank).encode(),
        made=frozenset(),
        matches=matches,
        checked=checked,
    )


def keep_apart(doors: Doors, plan_id: int, apart: Collection[str]) -> Prepared:
    """Plan again with these questions of the bank as others than those of the file. Raises like `prepare`."""
    prepared = prepare(doors, plan_id)
    assert prepared.checked is not None
    unread = look(doors, plan_id)[1].unread
    names = {match.known: match.made for match in prepared.matches if match.known in apart}
    left = [match for match in prepared.matches if match.known not in apart]
    offer = Offer(
        prepared.bank,
        b"",
        prepared.file_name,
        upload_id=prepared.upload_id,
        checked=prepared.checked,
        unread=unread,
    )
    return plan_import(doors, _under(offer, names, left))


def prompts_beside(doors: Doors, files: Sequence[Checked]) -> list[across.Known]:
    """What other banks than these ask, as far as the actor may see them."""
    slugs = [checked.slug.value for checked in files if checked.slug]
    with doors.read() as session:
        return known.of_others(session, levels_of(doors.actor), slugs)


def levels_of(actor: Actor) -> Sequence[Level]:
    """The levels of the banks that the actor may see; the command line sees all."""
    return list(Level) if actor.member_id is None else readable(Level(actor.clearance))


def beside_known(doors: Doors, checked: Checked) -> Checked:
    """The same, with warnings about prompts that other banks have as well."""
    return across.warn_of_known([checked], prompts_beside(doors, [checked]))[0]


def _check_clearance(actor: Actor, bank: Bank, now: InForce) -> None:
    levels = {Level(bank.level), Level(now.head.get("level", bank.level))}
    if actor.member_id is not None and not levels <= set(readable(Level(actor.clearance))):
        raise Forbidden("above_clearance")


def prepare(doors: Doors, plan_id: int) -> Prepared:
    """Load the actor's own plan and make it again. Raises NotFound, and Conflict when it is another now."""
    with doors.read() as session:
        kept = queries.kept_plan(session, doors.actor, plan_id)
        if kept.state is PlanState.APPLIED:
            raise Conflict("already_applied")
        file = queries.file_of(session, kept)
        now = queries.bank_in_force(session, kept.bank_slug)
    checked = across.with_known(bank_file.check(zlib.decompress(file.packed)), file.elsewhere)
    # A file that was fine when it was planned may break a rule that came with an upgrade since.
    plan = compare(checked.bank, now) if checked.bank else None
    if checked.bank is None or plan is None or plan.digest != kept.digest:
        with doors.write() as session:
            operations.end_plan(session, plan_id, PlanState.STALE)
        raise Conflict("plan_stale")
    matches = [Match(*written) for written in kept.matches]
    return Prepared(
        plan_id, checked.bank, plan, kept.file_name, checked, upload_id=kept.upload_id, matches=matches
    )


def look(doors: Doors, plan_id: int) -> tuple[BankPlan, ShownPlan]:
    """The actor's own plan as it was made, without reading its file again: what is applied is made again and
    must be the same. Raises NotFound, and Conflict when the bank has moved on."""
    with doors.read() as session:
        kept = queries.kept_plan(session, doors.actor, plan_id)
        if kept.state is PlanState.APPLIED:
            raise Conflict("already_applied")
        shown = queries.shown_plan(session, kept)
        overtaken = queries.is_overtaken(session, kept) or shown.plan.digest != kept.digest
    if overtaken:
        with doors.write() as session:
            operations.end_plan(session, plan_id, PlanState.STALE)
        raise Conflict("plan_stale")
    return kept, shown


def silent(done: int, total: int) -> None:
    """Progress that nobody watches."""


def apply(doors: Doors, prepared: Sequence[Prepared], progress: Progress = silent) -> None:
    """Carry the plans out, together or not at all. Raises Conflict when one of them is stale."""
    prepared = sorted(prepared, key=lambda item: item.bank.slug)  # nobody waits crosswise for turns
    with doors.write() as session:
        bank_ids = [operations.begin(session, item.plan_id, item.bank, doors.clock()) for item in prepared]
    work = _Work(doors, progress, sum(item.plan.steps for item in prepared))
    try:
        for bank_id, item in zip(bank_ids, prepared, strict=True):
            work.sweep(bank_id, item)
            if item.plan.changes_anything:
                work.stage(bank_id, item)
        named = [intake.digests_of(item.bank.questions) for item in prepared]
        with uncollected(), doors.write() as session:
            for bank_id, item, digests in zip(bank_ids, prepared, named, strict=True):
                effect = Effect(item.plan_id, item.plan, item.bank)
                operations.take_effect(session, doors.actor, effect, doors.clock())
                intake.open_files(session, item.bank, digests)
                if item.returning:
                    reviews.leave_superseded(session, bank_id)
                if item.also is not None:
                    item.also(session, bank_id)
    except BaseException:
        work.undo(bank_ids, prepared)
        raise


class _Work:
    """The steps of one import, each in its own short transaction."""

    def __init__(self, doors: Doors, progress: Progress, total: int) -> None:
        self._doors = doors
        self._progress = progress
        self._total = total
        self._done = 0
        self._at_once = AT_ONCE

    def sweep(self, bank_id: int, item: Prepared) -> None:
        more = True
        while more:
            with self._alive(item) as session:
                more = operations.sweep(session, bank_id)

    def stage(self, bank_id: int, item: Prepared) -> None:
        """Write the next version's revisions, and close those that they replace or that are retired."""
        with self._doors.read() as session:
            known = chosen.identities(session, bank_id, item.amended)
        version = item.plan.base_version + 1
        wanted = {*item.plan.created, *item.plan.changed}
        for batch in self._batches(_to_stage(item, wanted, known)):
            with self._alive(item) as session:
                operations.write_revisions(session, bank_id, version, batch, self._doors.clock())
                ids = [one.question_id for one in batch if one.question_id is not None]
                reviews.carry(session, bank_id, version, ids, returning=item.returning)
            self._advance(len(batch))
        leaving = {*item.plan.changed, *item.plan.retired}
        # The questions of a passage come and go with it.
        replaced = (each.revision_id for name, each in known.items() if name.split("/")[0] in leaving)
        for ids in self._batches(one for one in replaced if one is not None):
            with self._alive(item) as session:
                operations.close_revisions(session, version, ids)
        self._advance(len(item.plan.retired))
        self._stage_warnings(bank_id, item, version)

    def _stage_warnings(self, bank_id: int, item: Prepared, version: int) -> None:
        judged = {*item.judged, *item.plan.retired}
        wanted = question_warnings.among(item.checked.faults if item.checked else (), item.bank.slug)
        with self._doors.read() as session:
            some = None if item.amended is None else judged
            change = question_warnings.turnover(session, bank_id, judged, wanted, some)
        for batch in self._batches(change.new):
            with self._alive(item) as session:
                question_warnings.write(session, bank_id, version, batch)
        for ids in self._batches(change.gone):
            with self._alive(item) as session:
                question_warnings.close(session, version, ids)

    def undo(self, bank_ids: Sequence[int], prepared: Sequence[Prepared]) -> None:
        """Sweep first, then let go: after that another import may write where this one did."""
        for bank_id, item in zip(bank_ids, prepared, strict=True):
            with suppress(Conflict):  # given up meanwhile: what is there belongs to another import
                self.sweep(bank_id, item)
            with self._doors.write() as session:
                operations.end_plan(session, item.plan_id, PlanState.FAILED)

    @contextmanager
    def _alive(self, item: Prepared) -> Iterator[Session]:
        """A write transaction of an import that was not given up. Its length sets the size of the next."""
        with uncollected(), self._doors.write() as session:
            began = time.monotonic()
            plan_by_size(session)
            operations.keep_alive(session, item.plan_id, self._doors.clock())
            yield session
        self._adjust(time.monotonic() - began)

    def _adjust(self, lasted_s: float) -> None:
        if lasted_s > LONG_S:
            self._at_once = max(FEWEST, self._at_once // 2)
        elif lasted_s < SHORT_S:
            self._at_once = min(MOST, self._at_once * 2)

    def _batches(self, items: Iterable[T]) -> Iterator[list[T]]:
        iterator = iter(items)
        while batch := list(islice(iterator, self._at_once)):
            yield batch

    def _advance(self, steps: int) -> None:
        self._done += steps
        self._progress(self._done, self._total)


def _to_stage(item: Prepared, wanted: set[str], known: Mapping[str, Identity]) -> Iterator[Staged]:
    for place, question in enumerate(item.bank.questions, 1):
        if question.id in wanted:
            yield _staged(question, item.places.get(question.id, place), known)


def _staged(question: Question, place: int, known: Mapping[str, Identity]) -> Staged:
    html = render(question)
    parts = tuple(
        _numbered(part, part_html(html, part.id), n, known) for n, part in enumerate(question.parts, 1)
    )
    return _numbered(question, html, place, known, parts)


def _numbered(
    question: Question,
    html: Mapping[str, str],
    place: int,
    known: Mapping[str, Identity],
    parts: tuple[Staged, ...] = (),
) -> Staged:
    identity = known.get(question.name)
    question_id, number = (identity.question_id, identity.last_number) if identity else (None, 0)
    return Staged(question, html, place, question_id, number + 1, parts)
