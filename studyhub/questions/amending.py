"""Some questions of a bank changed on the desk: the same plan and the same steps as an import of the file
that the bank would be written as then.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from studyhub.kernel.errors import Conflict, NotFound
from studyhub.questions import across, bank_file, importing, intake, operations, queries
from studyhub.questions.across import Known
from studyhub.questions.bank import Bank, Question
from studyhub.questions.bank_file import Checked
from studyhub.questions.formats import bank_yaml
from studyhub.questions.importing import Doors, Prepared
from studyhub.questions.plan import Origin, compare
from studyhub.questions.queries import Standing

MOST_COMPARED = 20_000
"""Prompts that an amended question is compared with: somebody waits for it."""


@dataclass(frozen=True, slots=True)
class Amendment:
    """Questions by id as they shall be; None: to leave the bank.

    `seen` holds the number of the revision that each was changed from, 0 where there was none in force:
    a question that has another one by now was changed by somebody else, and nothing is done.
    """

    questions: Mapping[str, Question | None]
    seen: Mapping[str, int]


def amend(doors: Doors, slug: str, amendment: Amendment, origin: Origin) -> Prepared:
    """Plan and apply. The actor must be cleared for the bank.

    Raises NotFound without such a bank, and Conflict `question_changed`, `plan_stale` or `import_running`.
    """
    prepared = plan(doors, slug, amendment, origin)
    if prepared.plan.changes_anything:
        importing.apply(doors, [prepared])
    return prepared


def plan(doors: Doors, slug: str, amendment: Amendment, origin: Origin) -> Prepared:
    """What the amendment would do, kept as a plan to be applied."""
    with doors.read() as session:
        bank, now = queries.whole_bank(session, slug), queries.bank_in_force(session, slug)
        standing = queries.standing(session, slug)
    if bank is None:
        raise NotFound
    _check_unchanged(standing, amendment)
    amended = _amended(bank, amendment.questions)
    made = compare(amended, now)
    named = intake.digests_of([question for question in amendment.questions.values() if question])
    with doors.write() as session:
        intake.check_stored(session, named)
        plan_id = operations.keep_plan(session, doors.actor, made, origin, doors.clock())
    checked = judge(doors, amended, amendment.questions.keys())
    return Prepared(
        plan_id,
        amended,
        made,
        origin.file_name,
        checked,
        frozenset(amendment.questions),
        places=_places(amended, standing),
    )


def beside(doors: Doors, slug: str, origin: Origin, also: Callable[[Session, int], None]) -> None:
    """A new version of the bank with the same questions, in which something beside them takes effect.

    It waits for no import and none is lost: it takes the same turn. Raises NotFound, and Conflict.
    """
    prepared = plan(doors, slug, Amendment({}, {}), origin)
    made = replace(prepared.plan, head=("state",))
    importing.apply(doors, [replace(prepared, plan=made, also=also)])


def judge(doors: Doors, bank: Bank, names: Collection[str]) -> Checked:
    """What the checker says of these questions, beside the rest of their bank and other banks."""
    if not names:
        return Checked(None, [], 0)
    some = replace(bank, questions=tuple(question for question in bank.questions if question.id in names))
    checked = bank_file.check(bank_yaml.dump(some).encode())
    known = [Known(bank.slug, each.id, each.prompt) for each in bank.questions if each.id not in names]
    if len(known) <= MOST_COMPARED:
        known += importing.prompts_beside(doors, [checked])
    return across.warn_of_known([checked], known[:MOST_COMPARED])[0]


def _check_unchanged(standing: Mapping[str, Standing], amendment: Amendment) -> None:
    for name in amendment.questions:
        number = standing[name].number if name in standing and standing[name].in_force else 0
        if number != amendment.seen.get(name, 0):
            raise Conflict("question_changed", id=name)


def _amended(bank: Bank, questions: Mapping[str, Question | None]) -> Bank:
    kept = [questions.get(question.id, question) for question in bank.questions]
    known = {question.id for question in bank.questions}
    added = [question for name, question in questions.items() if name not in known]
    return replace(bank, questions=tuple(question for question in kept + added if question))


def _places(bank: Bank, standing: Mapping[str, Standing]) -> dict[str, int]:
    """Who was there keeps the place, who comes back gets it back, who is new comes last."""
    last = max((one.place for one in standing.values()), default=0)
    new = [question.id for question in bank.questions if question.id not in standing]
    return {name: one.place for name, one in standing.items()} | {
        name: place for place, name in enumerate(new, last + 1)
    }
