"""Some questions of a bank changed on the desk: the same plan and the same steps as an import of the file
that the bank would be written as then.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from studyhub.kernel.errors import Conflict, NotFound
from studyhub.questions import across, bank_file, chosen, importing, intake, known, neighbours, operations
from studyhub.questions.across import Known
from studyhub.questions.bank import Bank, Question
from studyhub.questions.bank_file import Checked
from studyhub.questions.chosen import Head, Standing
from studyhub.questions.formats import bank_yaml
from studyhub.questions.importing import Doors, Prepared
from studyhub.questions.plan import InForce, Origin, Plan, compare

FEW = 20
"""So many questions are compared with what the full-text index finds for each."""

MOST_COMPARED = 20_000
"""Prompts that many amended questions are compared with: somebody waits for it."""


@dataclass(frozen=True, slots=True)
class Amendment:
    """Questions by id as they shall be; None: to leave the bank.

    `seen` holds the number of the revision that each was changed from, 0 where there was none in force:
    a question that has another one by now was changed by somebody else, and nothing is done. `leaving` are
    those (bank, id) that leave other banks in the same act: nothing repeats them.
    """

    questions: Mapping[str, Question | None]
    seen: Mapping[str, int]
    leaving: frozenset[tuple[str, str]] = frozenset()

    def without(self, names: Collection[str]) -> Amendment:
        """The same, and these as they are."""
        return replace(
            self,
            questions={name: each for name, each in self.questions.items() if name not in names},
            seen={name: number for name, number in self.seen.items() if name not in names},
        )


def amend(doors: Doors, slug: str, amendment: Amendment, origin: Origin) -> Prepared:
    """Plan and apply. The actor must be cleared for the bank.

    Raises NotFound without such a bank, and Conflict `question_changed`, `plan_stale` or `import_running`.
    """
    prepared = plan(doors, slug, amendment, origin)
    if prepared.plan.changes_anything:
        importing.apply(doors, [prepared])
    return prepared


def plan(doors: Doors, slug: str, amendment: Amendment, origin: Origin) -> Prepared:
    """What the amendment would do, kept as a plan to be applied. Only what it names is read of the bank."""
    with doors.read() as session:
        head = chosen.head(session, slug)
        standing = chosen.standing(session, slug, amendment.questions)
        last = chosen.last_place(session, slug)
    if head is None:
        raise NotFound
    _check_unchanged(standing, amendment)
    amended = replace(head.bank, questions=tuple(each for each in amendment.questions.values() if each))
    made = _compared(amended, head, standing)
    named = intake.digests_of(amended.questions)
    with doors.write() as session:
        intake.check_stored(session, named)
        plan_id = operations.keep_plan(session, doors.actor, made, origin, doors.clock())
    rewritten = tuple(each for each in amended.questions if not _says_the_same(each, standing))
    return Prepared(
        plan_id,
        amended,
        made,
        origin.file_name,
        judge(doors, replace(amended, questions=rewritten), amendment.leaving),
        frozenset(amendment.questions),
        alike=frozenset(each.id for each in amended.questions) - {each.id for each in rewritten},
        places=_places(amended, standing, last),
    )


def _compared(amended: Bank, head: Head, standing: Mapping[str, Standing]) -> Plan:
    now = InForce(
        head.version,
        head.bank.head,
        {name: one.digest for name, one in standing.items() if one.in_force},
        {name: one.key_digest for name, one in standing.items() if one.in_force},
        left=frozenset(name for name, one in standing.items() if not one.in_force),
    )
    made = compare(amended, now)
    return replace(made, questions=head.questions + len(made.created) - len(made.retired))


def _says_the_same(question: Question, standing: Mapping[str, Standing]) -> bool:
    """Whether only its tags change, or whether it is kept out: what the checker said of it still holds."""
    known = standing.get(question.id)
    return bool(known and known.in_force and known.review_digest == question.review_digest)


def beside(
    doors: Doors,
    slug: str,
    origin: Origin,
    also: Callable[[Session, int], None],
) -> None:
    """A new version of the bank with the same questions, in which something beside them takes effect.

    It waits for no import and none is lost: it takes the same turn. Raises NotFound, and Conflict.
    """
    prepared = plan(doors, slug, Amendment({}, {}), origin)
    made = replace(prepared.plan, head=("state",))
    importing.apply(doors, [replace(prepared, plan=made, also=also)])


def judge(doors: Doors, bank: Bank, leaving: Collection[tuple[str, str]] = ()) -> Checked:
    """What the checker says of these questions, beside the rest of their bank and other banks."""
    if not bank.questions:
        return Checked(None, [], 0)
    checked = bank_file.check(bank_yaml.dump(bank).encode())
    known_by = [each for each in _known(doors, bank, checked) if (each.bank, each.id) not in leaving]
    return across.warn_of_known([checked], known_by)[0]


def _known(doors: Doors, bank: Bank, checked: Checked) -> list[Known]:
    """The prompts that they could repeat: of a few what the index finds, else of whole banks as many as can
    be compared while somebody waits."""
    ours = {(bank.slug, question.id) for question in bank.questions}
    levels = importing.levels_of(doors.actor)
    with doors.read() as session:
        if len(bank.questions) <= FEW:
            found = [
                one for each in bank.questions for one in neighbours.of(session, each, bank.slug, levels)
            ]
        else:
            found = known.of_bank(session, bank.slug)
    others = [each for each in dict.fromkeys(found) if (each.bank, each.id) not in ours]
    if len(bank.questions) > FEW and len(others) <= MOST_COMPARED:
        others += importing.prompts_beside(doors, [checked])
    return others[:MOST_COMPARED]


def _check_unchanged(standing: Mapping[str, Standing], amendment: Amendment) -> None:
    for name in amendment.questions:
        number = standing[name].number if name in standing and standing[name].in_force else 0
        if number != amendment.seen.get(name, 0):
            raise Conflict("question_changed", id=name)


def _places(bank: Bank, standing: Mapping[str, Standing], last: int) -> dict[str, int]:
    """Who was there keeps the place, who comes back gets it back, who is new comes last."""
    new = [question.id for question in bank.questions if question.id not in standing]
    return {name: one.place for name, one in standing.items()} | {
        name: place for place, name in enumerate(new, last + 1)
    }
