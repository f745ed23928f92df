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


def restore(doors: Doors, bank: BankRow, name: str, number: int, seen: int) -> Prepared:
    """Restore revision `number` of a question; `seen` is the one in force when somebody decided so, 0 when
    the question had left the bank.

    Raises NotFound without such a revision, and Conflict `question_changed` when another is in force by now.
    """
    with doors.read() as session:
        revisions = history.of_question(session, bank, name)
    wanted = next((each for each in revisions if each.number == number), None)
    if wanted is None:
        raise NotFound
    amendment = Amendment({name: Question.stored(wanted.written)}, {name: seen})
    return amending.amend(doors, bank.slug, amendment, Origin(ChangeKind.RESTORE))
