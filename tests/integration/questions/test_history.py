"""Nothing is overwritten: who made each version of a bank and its questions, and how to go back."""

from __future__ import annotations

from datetime import datetime

import pytest

from studyhub.db.database import Database
from studyhub.kernel.errors import Conflict, NotFound
from studyhub.kernel.page import PageRequest
from studyhub.organization.actor import SYSTEM
from studyhub.organization.models import AuditEntry
from studyhub.questions import amending, history, importing, listing, queries
from studyhub.questions.amending import Amendment
from studyhub.questions.bank import Bank, Question
from studyhub.questions.formats import bank_yaml
from studyhub.questions.history import Past
from studyhub.questions.plan import Origin
from studyhub.questions.states import ChangeKind
from tests.factories.questions import doors, file_text, import_bank, singles

THREE = file_text("cyber", singles(["q1", "q2", "q3"]))


def past(database: Database, name: str) -> list[Past]:
    with database.read() as session:
        return history.of_question(session, listing.bank(session, SYSTEM, "cyber"), name)


def whole(database: Database) -> Bank:
    with database.read() as session:
        bank = queries.whole_bank(session, "cyber")
    assert bank is not None
    return bank


def restored(database: Database, now: datetime, name: str, number: int, seen: int) -> None:
    wanted = next(each for each in past(database, name) if each.number == number)
    amendment = Amendment({name: Question.stored(wanted.written)}, {name: seen})
    amending.amend(doors(database, now), "cyber", amendment, Origin(ChangeKind.RESTORE))


def test_each_revision_says_when_and_how_it_came(database: Database, now: datetime) -> None:
    import_bank(database, THREE, now)
    import_bank(database, THREE.replace("answer: B", "answer: A", 1), now)
    newest, first = past(database, "q1")
    assert (newest.number, newest.in_force, newest.key_changed) == (2, True, True)
    assert (first.number, first.in_force, first.key_changed) == (1, False, False)
    assert (first.change.version, first.change.kind, first.change.file_name) == (1, "import", "bank.yaml")
    assert newest.change.at == now


def test_a_question_that_left_says_what_took_it_out(database: Database, now: datetime) -> None:
    import_bank(database, THREE, now)
    import_bank(database, file_text("cyber", singles(["q1", "q2"])), now)
    [only] = past(database, "q3")
    assert not only.in_force
    assert only.left is not None
    assert (only.left.version, only.left.retired) == (2, 1)


def test_what_was_restored_is_a_new_revision_and_nothing_is_lost(database: Database, now: datetime) -> None:
    import_bank(database, THREE, now)
    import_bank(database, THREE.replace("见第q2条", "见第二条"), now)
    restored(database, now, "q2", 1, seen=2)
    revisions = past(database, "q2")
    assert [each.number for each in revisions] == [3, 2, 1]
    assert revisions[0].written == revisions[2].written
    assert revisions[0].change.kind is ChangeKind.RESTORE
    assert bank_yaml.dump(whole(database)) == bank_yaml.dump(_first(database, now))


def _first(database: Database, now: datetime) -> Bank:
    other = import_bank(database, THREE.replace("bank: cyber", "bank: twin"), now).bank
    return Bank("cyber", other.title, other.language, other.questions, other.level, other.source)


def test_a_question_that_left_comes_back_to_its_place(database: Database, now: datetime) -> None:
    import_bank(database, THREE, now)
    import_bank(database, file_text("cyber", singles(["q1", "q3"])), now)
    restored(database, now, "q2", 1, seen=0)
    assert [question.id for question in whole(database).questions] == ["q1", "q2", "q3"]


def test_who_changes_an_older_revision_is_refused_and_nothing_is_done(
    database: Database, now: datetime
) -> None:
    import_bank(database, THREE, now)
    import_bank(database, THREE.replace("见第q2条", "见第二条"), now)
    import_bank(database, THREE.replace("见第q2条", "见第2条"), now)
    with pytest.raises(Conflict, match="question_changed"):
        restored(database, now, "q2", 1, seen=2)
    assert len(past(database, "q2")) == 3


def test_an_amendment_leaves_the_rest_of_the_bank_as_it_is(database: Database, now: datetime) -> None:
    import_bank(database, THREE, now)
    changed = Question.stored({**past(database, "q3")[0].written, "answer": "A"})
    done = amending.amend(
        doors(database, now), "cyber", Amendment({"q3": changed, "q1": None}, {"q3": 1, "q1": 1}), Origin()
    )
    assert (done.plan.changed, done.plan.retired, done.plan.unchanged) == (("q3",), ("q1",), 1)
    assert [question.id for question in whole(database).questions] == ["q2", "q3"]
    assert len(past(database, "q2")) == 1


def test_a_plan_that_was_shown_is_stale_after_an_amendment(database: Database, now: datetime) -> None:
    import_bank(database, THREE, now)
    one = doors(database, now)
    first = Question.stored({**past(database, "q1")[0].written, "answer": "A"})
    waiting = amending.plan(one, "cyber", Amendment({"q1": first}, {"q1": 1}), Origin(ChangeKind.EDIT))
    import_bank(database, THREE.replace("见第q2条", "见第二条"), now)
    with pytest.raises(Conflict, match="plan_stale"):
        importing.apply(one, [waiting])
    assert past(database, "q1")[0].written["answer"] == "B"


def test_an_amendment_names_what_it_changed_in_the_trail(database: Database, now: datetime) -> None:
    import_bank(database, THREE, now)
    changed = Question.stored({**past(database, "q3")[0].written, "answer": "A"})
    amendment = Amendment({"q3": changed}, {"q3": 1})
    amending.amend(doors(database, now), "cyber", amendment, Origin(ChangeKind.EDIT))
    with database.read() as session:
        entry = session.query(AuditEntry).filter_by(act="bank_edited").one()
    assert entry.detail == {"kind": "edit", "questions": ["q3"], "count": 1}


def test_a_change_lists_what_it_touched(database: Database, now: datetime) -> None:
    import_bank(database, THREE, now)
    import_bank(database, file_text("cyber", singles(["q1", "q2", "q4"]).replace("见第q2条", "二")), now)
    with database.read() as session:
        bank = listing.bank(session, SYSTEM, "cyber")
        change, questions = history.touched(session, bank, 2)
        listed = history.changes(session, bank, PageRequest())
        with pytest.raises(NotFound):
            history.touched(session, bank, 3)
    assert (change.created, change.changed, change.retired) == (1, 1, 1)
    found = {each.id: (each.before, each.after) for each in questions}
    assert found == {"q2": (1, 2), "q3": (1, None), "q4": (None, 1)}
    assert [each.version for each in listed.items] == [2, 1]


def test_the_digests_that_are_kept_are_those_that_the_questions_have(
    database: Database, now: datetime
) -> None:
    """A whole bank takes them from its rows: were they others, every amendment would change everything."""
    import_bank(database, THREE, now)
    for question in whole(database).questions:
        fresh = Question.stored(question.written)
        assert (question.digest, question.key_digest) == (fresh.digest, fresh.key_digest)
