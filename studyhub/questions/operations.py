"""Writes: keep a plan, and the short steps in which it is applied. importing.py puts the steps in order."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, exists, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from studyhub.kernel.errors import Conflict
from studyhub.organization import audit
from studyhub.organization.actor import Actor
from studyhub.organization.audit import Act
from studyhub.organization.states import Level
from studyhub.questions import models, reviews, searching
from studyhub.questions.bank import Bank, Question
from studyhub.questions.models import (
    BankChange,
    BankPlan,
    BankPlanFile,
    BankUpload,
    QuestionRevision,
    QuestionWarning,
)
from studyhub.questions.plan import Origin, Plan
from studyhub.questions.states import ChangeKind, PlanState

DEAD_AFTER = timedelta(seconds=60)
"""An import without a sign of life for so long has lost its process; the next one sweeps up after it."""

SWEPT_AT_ONCE = 500

TOLD = 50
"""So many ids of changed questions stand in the trail."""


@dataclass(frozen=True, slots=True)
class Staged:
    """A question to write: its rendered texts, its place in the file, and what is known of its identity."""

    question: Question
    html: Mapping[str, str]
    place: int
    question_id: int | None
    number: int
    parts: tuple[Staged, ...] = ()
    """the questions of a passage; their places count within it"""


def keep_upload(session: Session, actor: Actor, file: Origin, form: str, now: datetime) -> int:
    """Store a file of another format, until it is said which bank it becomes. Returns its number."""
    row = BankUpload(
        file_name=file.file_name[:200],
        form=form,
        created_by=actor.member_id,
        created_at=now,
        packed=file.packed,
    )
    session.add(row)
    session.flush()
    return row.id


def note_task(session: Session, upload_id: int, task_id: int) -> None:
    """Note which task is at work on an upload."""
    session.execute(update(BankUpload).where(BankUpload.id == upload_id).values(task_id=task_id))


def keep_plan(session: Session, actor: Actor, plan: Plan, origin: Origin, now: datetime) -> int:
    """Store the plan, with its file when it has one, to be shown and then applied. Returns its number."""
    row = BankPlan(
        bank_slug=plan.bank,
        base_version=plan.base_version,
        kind=origin.kind,
        together=origin.together,
        file_name=origin.file_name[:200],
        digest=plan.digest,
        steps=plan.steps,
        state=PlanState.SHOWN,
        created_by=actor.member_id,
        created_at=now,
        upload_id=origin.upload_id,
        matches=list(origin.matches),
    )
    session.add(row)
    session.flush()
    if origin.packed:
        session.execute(
            insert(BankPlanFile).values(
                plan_id=row.id, packed=origin.packed, elsewhere=list(origin.elsewhere), shown=origin.shown
            )
        )
    return row.id


def begin(session: Session, plan_id: int, bank: Bank, now: datetime) -> int:
    """Take the turn to import into this bank. Returns the bank's id.

    Raises Conflict: `plan_stale` when the bank has changed since the plan was made, `already_applied`, or
    `import_running` when another import of the bank is alive.
    """
    _give_up_dead(session, bank.slug, now)
    row = session.execute(select(BankPlan.state, BankPlan.base_version).where(BankPlan.id == plan_id)).one()
    if row.state is not PlanState.SHOWN:
        raise Conflict("plan_stale" if row.state is PlanState.STALE else "already_applied")
    turn = (
        update(BankPlan)
        .where(BankPlan.id == plan_id, BankPlan.state == PlanState.SHOWN)
        .values(state=PlanState.APPLYING, alive_at=now)
        .returning(BankPlan.id)
    )
    try:
        taken = session.execute(turn).first() is not None
    except IntegrityError as error:
        raise Conflict("import_running") from error
    if not taken:  # the same plan was sent twice, and the other was faster by a moment
        raise Conflict("already_applied")
    # Only who has the turn may ask: before it, another import could take effect between answer and turn.
    if row.base_version != _version_now(session, bank.slug):
        raise Conflict("plan_stale")
    return _bank_id(session, bank, now)


def _version_now(session: Session, slug: str) -> int:
    return session.scalar(select(models.Bank.version).where(models.Bank.slug == slug)) or 0


def _give_up_dead(session: Session, slug: str, now: datetime) -> None:
    session.execute(
        update(BankPlan)
        .where(
            BankPlan.bank_slug == slug,
            BankPlan.state == PlanState.APPLYING,
            BankPlan.alive_at < now - DEAD_AFTER,
        )
        .values(state=PlanState.FAILED)
    )


def _bank_id(session: Session, bank: Bank, now: datetime) -> int:
    known = session.scalar(select(models.Bank.id).where(models.Bank.slug == bank.slug))
    if known is not None:
        return known
    created = session.execute(
        insert(models.Bank)
        .values(**_head(bank), version=0, question_count=0, created_at=now, changed_at=now)
        .returning(models.Bank.id)
    )
    return created.scalar_one()


def _head(bank: Bank) -> dict[str, Any]:
    return {
        "slug": bank.slug,
        "title": bank.title,
        "language": bank.language,
        "level": Level(bank.level),
        "source": dict(bank.source),
    }


def keep_alive(session: Session, plan_id: int, now: datetime) -> None:
    """Say that the import lives. Raises Conflict when it was given up meanwhile: it must write no more."""
    alive = session.execute(
        update(BankPlan)
        .where(BankPlan.id == plan_id, BankPlan.state == PlanState.APPLYING)
        .values(alive_at=now)
        .returning(BankPlan.id)
    )
    if alive.first() is None:
        raise Conflict("import_given_up")


def sweep(session: Session, bank_id: int) -> bool:
    """Remove some of what a failed import left behind, at most a few hundred rows. True: call again."""
    for table in (QuestionRevision, QuestionWarning):
        if _take_back(session, table, bank_id):
            return True
    version = _version_of(bank_id)
    outdated = QuestionWarning.bank_id == bank_id, QuestionWarning.until_version <= version
    if _delete_some(session, QuestionWarning, *outdated):
        return True
    revised = exists().where(QuestionRevision.question_id == models.Question.id)
    return _delete_some(session, models.Question, models.Question.bank_id == bank_id, ~revised)


def _take_back(session: Session, table: type[QuestionRevision | QuestionWarning], bank_id: int) -> bool:
    """Undo what was written for a version that never took effect."""
    version = _version_of(bank_id)
    deleted = _delete_some(session, table, table.bank_id == bank_id, table.since_version > version)
    closed = select(table.id).where(table.bank_id == bank_id, table.until_version > version)
    reopened = session.scalars(closed.limit(SWEPT_AT_ONCE)).all()
    session.execute(update(table).where(table.id.in_(reopened)).values(until_version=None))
    return deleted or bool(reopened)


def _delete_some(session: Session, table: Any, *conditions: Any) -> bool:
    ids = session.scalars(select(table.id).where(*conditions).limit(SWEPT_AT_ONCE)).all()
    if table is QuestionRevision:
        reviews.take_back(session, ids)
    session.execute(delete(table).where(table.id.in_(ids)))
    return bool(ids)


def _version_of(bank_id: int) -> Any:
    return select(models.Bank.version).where(models.Bank.id == bank_id).scalar_subquery()


def write_revisions(
    session: Session, bank_id: int, version: int, staged: Sequence[Staged], now: datetime
) -> None:
    """Write the revisions of `version`, which is not in force yet, and the identities that are new."""
    new = [one for item in staged for one in (item, *item.parts) if one.question_id is None]
    ids = _write_identities(session, bank_id, [one.question.name for one in new])
    every = {"bank_id": bank_id, "since_version": version, "until_version": None, "created_at": now}
    rows = []
    for item in staged:
        question_id = item.question_id or ids[item.question.name]
        rows.append({**_revision_row(item, question_id), "passage_id": None, **every})
        for part in item.parts:
            part_id = part.question_id or ids[part.question.name]
            rows.append({**_revision_row(part, part_id), "passage_id": question_id, **every})
    session.execute(insert(QuestionRevision), rows)


def _write_identities(session: Session, bank_id: int, slugs: Sequence[str]) -> dict[str, int]:
    if not slugs:
        return {}
    written = session.execute(
        insert(models.Question).returning(models.Question.slug, models.Question.id),
        [{"bank_id": bank_id, "slug": slug} for slug in slugs],
    )
    return {row.slug: row.id for row in written}


def _revision_row(item: Staged, question_id: int) -> dict[str, Any]:
    question = item.question
    return {
        "question_id": question_id,
        "number": item.number,
        "place": item.place,
        "type": question.type,
        "points": question.points,
        "facility": question.facility,
        "tags": list(question.tags),
        "retired": question.retired,
        "prompt": question.prompt,
        "content": json.dumps(question.kept, ensure_ascii=False, separators=(",", ":")),
        "html": dict(item.html),
        "digest": question.digest,
        "key_digest": question.key_digest,
        "review_digest": question.review_digest,
        "words": searching.words_of(question, item.html),
        "explained": question.is_explained,
        "document": question.source.get("document"),
        "document_version": question.source.get("version"),
        "review_by": question.review_by,
    }


def close_revisions(session: Session, version: int, ids: Collection[int]) -> None:
    """Let these revisions end where `version` begins, which is not in force yet."""
    session.execute(
        update(QuestionRevision).where(QuestionRevision.id.in_(ids)).values(until_version=version)
    )


@dataclass(frozen=True, slots=True)
class Effect:
    """A plan by its number, and the bank that it makes."""

    plan_id: int
    plan: Plan
    bank: Bank


def take_effect(session: Session, actor: Actor, effect: Effect, now: datetime) -> None:
    """The one update that puts the new version in force. Raises Conflict when the bank has moved on."""
    plan, bank = effect.plan, effect.bank
    keep_alive(session, effect.plan_id, now)
    kept = session.execute(
        update(BankPlan)
        .where(BankPlan.id == effect.plan_id)
        .values(state=PlanState.APPLIED, applied_at=now)
        .returning(BankPlan.kind, BankPlan.file_name, BankPlan.together)
    ).one()
    if plan.changes_anything:
        _move_on(session, plan, bank, now)
        _note_change(session, actor, plan, kept, now)
    if kept.kind not in (ChangeKind.REVIEW, ChangeKind.BEGIN):  # what that was, only who did it can tell
        act = Act.BANK_IMPORTED if kept.kind is ChangeKind.IMPORT else Act.BANK_EDITED
        audit.record(session, actor, act, f"bank:{bank.slug}", _told(plan, kept.kind), now=now)


def _move_on(session: Session, plan: Plan, bank: Bank, now: datetime) -> None:
    moved = session.execute(
        update(models.Bank)
        .where(models.Bank.slug == bank.slug, models.Bank.version == plan.base_version)
        .values(
            **_head(bank),
            version=plan.base_version + 1,
            question_count=plan.questions,
            changed_at=now,
        )
        .returning(models.Bank.id)
    )
    if moved.first() is None:
        raise Conflict("plan_stale")


def _note_change(session: Session, actor: Actor, plan: Plan, kept: Any, now: datetime) -> None:
    bank_id = select(models.Bank.id).where(models.Bank.slug == plan.bank).scalar_subquery()
    session.execute(
        insert(BankChange).values(
            bank_id=bank_id,
            version=plan.base_version + 1,
            kind=kept.kind,
            file_name=kept.file_name,
            together=kept.together,
            made_by=actor.member_id,
            made_at=now,
            created=len(plan.created),
            changed=len(plan.changed),
            retired=len(plan.retired),
        )
    )


def _told(plan: Plan, kind: ChangeKind) -> dict[str, Any]:
    """What the trail says of it: how many of an import, which of what was done on the desk."""
    if kind is ChangeKind.IMPORT:
        return plan.counts
    touched = [*plan.created, *plan.changed, *plan.retired]
    return {"kind": kind.value, "questions": touched[:TOLD], "count": len(touched)}


def end_plan(session: Session, plan_id: int, state: PlanState) -> None:
    """Note that a plan was overtaken, or that its import failed."""
    session.execute(
        update(BankPlan)
        .where(BankPlan.id == plan_id, BankPlan.state.in_((PlanState.SHOWN, PlanState.APPLYING)))
        .values(state=state)
    )


def forget_plans(session: Session, before: datetime) -> None:
    """Delete the plans and the uploads that came before then, except a plan that is being applied."""
    session.execute(
        delete(BankPlan).where(BankPlan.created_at < before, BankPlan.state != PlanState.APPLYING)
    )
    session.execute(delete(BankUpload).where(BankUpload.created_at < before))
