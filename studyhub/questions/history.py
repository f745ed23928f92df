"""What a bank and its questions were, who made them so, when, and how."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from studyhub.kernel.errors import NotFound
from studyhub.kernel.page import Page, PageRequest
from studyhub.organization.models import Member
from studyhub.questions.listing import BankRow
from studyhub.questions.models import BankChange, Question, QuestionRevision
from studyhub.questions.states import ChangeKind


@dataclass(frozen=True, slots=True)
class Change:
    """A version of a bank. `by` is a name, "" for the command line."""

    version: int
    kind: ChangeKind
    file_name: str
    by: str
    at: datetime
    created: int
    changed: int
    retired: int


@dataclass(frozen=True, slots=True)
class Past:
    """A revision of a question, with what brought it. `left` is what took the question out of the bank
    after it, `key_changed` whether it has another key than the one before."""

    id: int
    number: int
    in_force: bool
    key_changed: bool
    written: Mapping[str, Any]
    change: Change
    left: Change | None


def changes(session: Session, bank: BankRow, asked: PageRequest) -> Page[Change]:
    """The versions of a bank, the newest first."""
    total = session.scalar(select(func.count()).select_from(BankChange).where(BankChange.bank_id == bank.id))
    query = _changes(bank).order_by(BankChange.version.desc())
    rows = session.execute(query.offset(asked.offset).limit(asked.size))
    return Page([_change(row) for row in rows], total or 0, asked)


def changes_before(session: Session, bank: BankRow, version: int | None, limit: int) -> list[Change]:
    """The versions of a bank below this one, None: all; the newest first."""
    query = _changes(bank).order_by(BankChange.version.desc()).limit(limit)
    rows = session.execute(query if version is None else query.where(BankChange.version < version))
    return [_change(row) for row in rows]


@dataclass(frozen=True, slots=True)
class Touched:
    """A question that a change concerned: what was in force before it and after it."""

    id: str
    before: int | None
    after: int | None
    prompt: str


MOST_TOUCHED = 200


def touched(session: Session, bank: BankRow, version: int) -> tuple[Change, list[Touched]]:
    """A change with the questions that it concerned, at most 200 of them. Raises NotFound."""
    row = session.execute(_changes(bank).where(BankChange.version == version)).one_or_none()
    if row is None:
        raise NotFound
    revision = QuestionRevision
    rows = session.execute(
        select(Question.slug, revision.number, revision.since_version, revision.prompt)
        .join(Question, Question.id == revision.question_id)
        .where(
            revision.bank_id == bank.id,
            revision.passage_id.is_(None),
            or_(revision.since_version == version, revision.until_version == version),
        )
        .order_by(revision.place, Question.slug, revision.number)
        .limit(2 * MOST_TOUCHED)
    )
    found: dict[str, Touched] = {}
    for slug, number, since, prompt in rows:
        before = found[slug].before if slug in found else None
        began = since == version
        found[slug] = Touched(slug, before if began else number, number if began else None, prompt)
    return _change(row), list(found.values())[:MOST_TOUCHED]


def of_question(session: Session, bank: BankRow, name: str) -> list[Past]:
    """The revisions of a question that took effect, the newest first. Raises NotFound without any."""
    revision = QuestionRevision
    rows = session.execute(
        select(
            revision.id,
            revision.number,
            revision.since_version,
            revision.until_version,
            revision.key_digest,
            revision.content,
        )
        .join(Question, Question.id == revision.question_id)
        .where(revision.bank_id == bank.id, revision.since_version <= bank.version, Question.slug == name)
        .order_by(revision.number.desc())
    ).all()
    if not rows:
        raise NotFound
    began = {row.since_version for row in rows}
    versions = began | {row.until_version for row in rows if row.until_version is not None}
    made = {row.version: _change(row) for row in session.execute(_changes(bank, versions))}
    return [
        Past(
            row.id,
            row.number,
            _is_in_force(row, bank),
            bool(before) and before[0].key_digest != row.key_digest,
            json.loads(row.content),
            made[row.since_version],
            made.get(row.until_version) if row.until_version not in began else None,
        )
        for at, row in enumerate(rows)
        for before in (rows[at + 1 : at + 2],)
    ]


def _is_in_force(row: Any, bank: BankRow) -> bool:
    return row.until_version is None or row.until_version > bank.version


def _changes(bank: BankRow, versions: Collection[int] | None = None) -> Any:
    query = (
        select(
            BankChange.version,
            BankChange.kind,
            BankChange.file_name,
            func.coalesce(Member.name, "").label("by"),
            BankChange.made_at,
            BankChange.created,
            BankChange.changed,
            BankChange.retired,
        )
        .outerjoin(Member, Member.id == BankChange.made_by)
        .where(BankChange.bank_id == bank.id)
    )
    return query if versions is None else query.where(BankChange.version.in_(versions))


def _change(row: Any) -> Change:
    return Change(*row)
