"""Two admins at once: the second one's plan goes stale, and nothing is mixed."""

from __future__ import annotations

import threading
from datetime import datetime

import pytest

from studyhub.db.database import Database
from studyhub.kernel.errors import Conflict
from studyhub.questions import amending, importing, queries
from studyhub.questions.amending import Amendment
from studyhub.questions.bank import Question
from studyhub.questions.importing import Prepared
from studyhub.questions.plan import Origin
from studyhub.questions.states import ChangeKind
from tests.factories.questions import doors, file_text, import_bank, plan, singles

NAMES = [f"q{n}" for n in range(120)]


def answers(database: Database) -> set[str]:
    """The keys of the bank: one where it is whole, two where two imports were mixed."""
    with database.read() as session:
        bank = queries.whole_bank(session, "cyber")
    assert bank is not None
    assert len(bank.questions) == len(NAMES)
    return {question.written["answer"] for question in bank.questions}


def at_once(*works: object) -> list[str]:
    """Run each at the same moment; how each ended: "" when it went through, else the refusal's code."""
    start, ended = threading.Barrier(len(works)), [""] * len(works)

    def run(number: int) -> None:
        start.wait()
        try:
            works[number]()  # type: ignore[operator]
        except Conflict as refused:
            ended[number] = refused.code

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ended


def keyed(answer: str) -> str:
    return file_text("cyber", singles(NAMES).replace("answer: B", f"answer: {answer}"))


@pytest.mark.parametrize("round_", range(3))
def test_of_two_imports_at_once_one_is_refused_and_the_bank_is_whole(
    database: Database, now: datetime, round_: int
) -> None:
    import_bank(database, keyed("B"), now)
    plans = {answer: plan(database, keyed(answer), now) for answer in ("A", "C")}

    def applied(prepared: Prepared) -> object:
        return lambda: importing.apply(doors(database, now), [prepared])

    ended = at_once(*map(applied, plans.values()))
    assert sorted(ended, key=bool)[0] == ""
    assert set(ended) - {""} <= {"plan_stale", "import_running"}
    assert ended.count("") == 1
    winner = [answer for answer, end in zip(plans, ended, strict=True) if not end]
    assert answers(database) == set(winner)
    loser = next(each for answer, each in plans.items() if answer not in winner)
    with pytest.raises(Conflict, match="plan_stale"):
        importing.prepare(doors(database, now), loser.plan_id)


def test_two_editors_of_one_question_do_not_overwrite_each_other(database: Database, now: datetime) -> None:
    import_bank(database, keyed("B"), now)
    with database.read() as session:
        bank = queries.whole_bank(session, "cyber")
    assert bank is not None
    written = bank.questions[0].written

    def saved(answer: str) -> object:
        question = Question.stored({**written, "answer": answer})
        amendment = Amendment({question.id: question}, {question.id: 1})
        return lambda: amending.amend(doors(database, now), "cyber", amendment, Origin(ChangeKind.EDIT))

    ended = at_once(saved("A"), saved("C"))
    assert ended.count("") == 1
    assert set(ended) - {""} <= {"plan_stale", "import_running", "question_changed"}
    assert answers(database) == {"B", "A" if not ended[0] else "C"}
