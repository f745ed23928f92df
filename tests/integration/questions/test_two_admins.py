"""Two admins at once: the second one's plan goes stale, and nothing is mixed."""

from __future__ import annotations

import re
import threading
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import event

from studyhub.db.database import Database
from studyhub.kernel.errors import Conflict
from studyhub.questions import amending, importing, queries
from studyhub.questions.amending import Amendment
from studyhub.questions.bank import Question
from studyhub.questions.importing import Prepared
from studyhub.questions.plan import Origin
from studyhub.questions.states import ChangeKind
from tests.factories.questions import doors, file_text, import_bank, plan, singles

TAKES_TURN = re.compile("UPDATE bank_plan SET state=[^,]*, alive_at=")
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
    start, ended = threading.Barrier(len(works)), ["broke down"] * len(works)

    def run(number: int) -> None:
        start.wait()
        try:
            works[number]()  # type: ignore[operator]
            ended[number] = ""
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


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_an_import_that_another_overtakes_while_it_takes_its_turn_is_stale(
    database: Database, now: datetime
) -> None:
    # On SQLite nobody else can write while a turn is taken.
    import_bank(database, keyed("B"), now)
    plans = {answer: plan(database, keyed(answer), now) for answer in ("A", "C")}
    overtaken_by = [lambda: importing.apply(doors(database, now), [plans["A"]])]

    def overtake(*executed: Any) -> None:
        if TAKES_TURN.match(executed[2]) and overtaken_by:
            overtaken_by.pop()()

    event.listen(database.engine, "before_cursor_execute", overtake)
    with pytest.raises(Conflict, match="plan_stale"):
        importing.apply(doors(database, now), [plans["C"]])
    assert not overtaken_by
    assert answers(database) == {"A"}


@pytest.mark.parametrize("round_", range(3))
def test_a_plan_that_is_sent_twice_takes_effect_once(database: Database, now: datetime, round_: int) -> None:
    import_bank(database, keyed("B"), now)
    prepared = plan(database, keyed("A"), now)
    ended = at_once(*[lambda: importing.apply(doors(database, now), [prepared])] * 2)
    assert sorted(ended) == ["", "already_applied"]
    assert answers(database) == {"A"}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_plan_that_is_sent_twice_is_taken_up_once(database: Database, now: datetime) -> None:
    """Both have seen that it waits, and then both take its turn."""
    import_bank(database, keyed("B"), now)
    prepared = plan(database, keyed("A"), now)
    both_have_seen = threading.Barrier(2)

    def meet(*executed: Any) -> None:
        if TAKES_TURN.match(executed[2]):
            both_have_seen.wait(10)

    event.listen(database.engine, "before_cursor_execute", meet)
    ended = at_once(*[lambda: importing.apply(doors(database, now), [prepared])] * 2)
    assert sorted(ended) == ["", "already_applied"]
    assert answers(database) == {"A"}


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
