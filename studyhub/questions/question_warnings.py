"""The checker's warnings about questions, kept with their bank so that the desk can list who has one.

They change with the bank's version, like revisions: an import writes those of the next version beside those
in force, and only what is new or gone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from studyhub.kernel.faults import Fault
from studyhub.questions.chosen import batches
from studyhub.questions.models import Bank, Question, QuestionRevision, QuestionWarning, current

# Said of a place in the file; on the desk there is none. The other half says the same with the bank's name.
_WITHOUT_PLACE = {"same_prompt": "same_prompt_elsewhere", "near_duplicate": "near_duplicate_elsewhere"}
_OF_THE_FILE = frozenset({"look_alike", "comment_after_text", "image_not_shown"})
# It has a column of its own.
_KNOWN_OTHERWISE = frozenset({"no_explanation"})


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning about a question, as it is kept."""

    slug: str
    code: str
    params: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Turnover:
    """What has to be written for the next version: warnings that are new, and ids of those that are gone."""

    new: tuple[Warned, ...]
    gone: tuple[int, ...]


def among(faults: Iterable[Fault], bank: str) -> list[Warned]:
    """Those of a file's faults that concern the question rather than the file; one of a kind for each."""
    found: dict[tuple[str, str], Warned] = {}
    for fault in faults:
        if fault.is_error or not fault.subject or fault.code in _OF_THE_FILE | _KNOWN_OTHERWISE:
            continue
        code = _WITHOUT_PLACE.get(fault.code, fault.code)
        params = {key: value for key, value in fault.params.items() if key != "line"}
        if fault.code in _WITHOUT_PLACE:
            params["bank"] = bank
        subject = fault.subject.split("/")[0]  # a question of a passage is looked at with it
        found.setdefault((subject, code), Warned(subject, code, params))
    return list(found.values())


def turnover(
    session: Session,
    bank_id: int,
    judged: Collection[str],
    wanted: Sequence[Warned],
    some: Collection[str] | None = None,
) -> Turnover:
    """Compare what the checker says now of these questions with what is kept of them. `some`: the ids to look
    for, when those are few."""
    version = select(Bank.version).where(Bank.id == bank_id).scalar_subquery()
    query = select(QuestionWarning.id, QuestionWarning.slug, QuestionWarning.code, QuestionWarning.params)
    query = query.where(QuestionWarning.bank_id == bank_id, current(version, QuestionWarning))
    queries = (
        [query] if some is None else [query.where(QuestionWarning.slug.in_(each)) for each in batches(some)]
    )
    rows = [row for each in queries for row in session.execute(each)]
    kept = {(row.slug, row.code): row for row in rows if row.slug in judged}
    now = {(one.slug, one.code): one for one in wanted}
    same = {key for key, one in now.items() if key in kept and kept[key].params == one.params}
    return Turnover(
        tuple(one for key, one in now.items() if key not in same),
        tuple(row.id for key, row in kept.items() if key not in same),
    )


def write(session: Session, bank_id: int, version: int, warned: Sequence[Warned]) -> None:
    """Write warnings of `version`, which is not in force yet."""
    rows = [
        {"bank_id": bank_id, "slug": one.slug, "code": one.code, "params": dict(one.params)}
        | {"since_version": version, "until_version": None}
        for one in warned
    ]
    session.execute(insert(QuestionWarning), rows)


def close(session: Session, version: int, ids: Collection[int]) -> None:
    """Let these warnings end where `version` begins, which is not in force yet."""
    session.execute(update(QuestionWarning).where(QuestionWarning.id.in_(ids)).values(until_version=version))


def of_revisions(session: Session, revision_ids: Collection[int]) -> dict[int, list[Fault]]:
    """What the checker said of these revisions, all of them in force."""
    rows = session.execute(
        select(QuestionRevision.id, QuestionWarning.code, QuestionWarning.params)
        .join(Question, Question.id == QuestionRevision.question_id)
        .join(Bank, Bank.id == QuestionRevision.bank_id)
        .join(
            QuestionWarning,
            (QuestionWarning.bank_id == Bank.id) & (QuestionWarning.slug == Question.slug),
        )
        .where(QuestionRevision.id.in_(revision_ids), current(Bank.version, QuestionWarning))
        .order_by(QuestionWarning.id)
    )
    found: dict[int, list[Fault]] = {}
    for row in rows:
        found.setdefault(row.id, []).append(Fault(row.code, params=row.params))
    return found


def warned_questions(bank_id: int, version: int) -> Any:
    """A subquery: the ids (of the table) of questions that the checker warns of."""
    return (
        select(Question.id)
        .join(
            QuestionWarning,
            (QuestionWarning.bank_id == Question.bank_id) & (QuestionWarning.slug == Question.slug),
        )
        .where(Question.bank_id == bank_id, current(version, QuestionWarning))
    )
