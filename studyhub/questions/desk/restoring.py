"""What an older revision said, in force again as a new one."""

from __future__ import annotations

from studyhub.kernel.errors import NotFound
from studyhub.questions import amending, history
from studyhub.questions.amending import Amendment
from studyhub.questions.bank import Question
from studyhub.questions.importing import Doors, Prepared
from studyhub.questions.listing import BankRow
from studyhub.questions.plan import Origin
from studyhub.questions.states import ChangeKind


def revision(doors: Doors, bank: BankRow, name: str, number: int) -> Question:
    """What revision `number` of a question says. Raises NotFound without it."""
    with doors.read() as session:
        revisions = history.of_question(session, bank, name)
    wanted = next((each for each in revisions if each.number == number), None)
    if wanted is None:
        raise NotFound
    return Question.stored(wanted.written)


def restore(doors: Doors, bank: BankRow, wanted: Question, seen: int) -> Prepared:
    """Put what a revision said in force again; `seen` is the one in force when somebody decided so, 0 when
    the question had left the bank. Raises Conflict `question_changed` when another is in force by now."""
    amendment = Amendment({wanted.id: wanted}, {wanted.id: seen})
    return amending.amend(doors, bank.slug, amendment, Origin(ChangeKind.RESTORE))
