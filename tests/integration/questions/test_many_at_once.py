"""Acts on many questions, their undoing, release, and superseded sources: what is in force afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from studyhub.db.database import Database
from studyhub.exams import papers
from studyhub.kernel.errors import Conflict, NotFound, Unprocessable
from studyhub.organization.actor import SYSTEM, Actor
from studyhub.organization.models import AuditEntry
from studyhub.questions import chosen, finding, importing, listing, operations, queries, releasing, undoing
from studyhub.questions.bulk import acts
from studyhub.questions.bulk.acts import Done, Order
from studyhub.questions.editor import editing
from studyhub.questions.finding import QuestionFilter
from studyhub.questions.formats import bank_yaml
from studyhub.questions.releasing import Outcome
from studyhub.questions.sources import documents
from studyhub.questions.states import ReviewState
from tests.factories import organization as make
from tests.factories.questions import doors, file_text, import_bank, plan, singles

THREE = file_text("cyber", singles(["q1", "q2", "q3"]))
REVIEWED, RELEASED, DRAFT = ReviewState.REVIEWED, ReviewState.RELEASED, ReviewState.DRAFT


@pytest.fixture
def bank(database: Database, now: datetime) -> None:
    import_bank(database, THREE, now)


def do(database: Database, now: datetime, act: str, *names: str, value: str = "") -> Done | Outcome:
    return acts.perform(doors(database, now), Order("cyber", names, act, value))


def exported(database: Database, slug: str = "cyber") -> str:
    with database.read() as session:
        whole = queries.whole_bank(session, slug)
    assert whole is not None
    return bank_yaml.dump(whole)


def drawn(database: Database) -> list[str]:
    with database.read() as session:
        return [candidate.ref.id for candidate in papers.candidates(session, ["cyber"])]


def version(database: Database) -> int:
    with database.read() as session:
        return listing.bank(session, SYSTEM, "cyber").version


def ailing(database: Database, now: datetime, **wanted: str) -> list[str]:
    with database.read() as session:
        shown = listing.bank(session, SYSTEM, "cyber")
        return list(finding.names(session, shown, QuestionFilter(now.date(), **wanted)))


def repeating(database: Database, slug: str, name: str) -> list[str]:
    """What the checker says of a question that repeats one of another bank."""
    with database.read() as session:
        shown = listing.bank(session, SYSTEM, slug)
        revision = finding.question(session, shown, name)
        assert revision is not None
        found = finding.ailments(session, shown, [revision.id])
    return [fault.code for each in found.values() for fault in each if "elsewhere" in fault.code]


@pytest.mark.usefixtures("bank")
@pytest.mark.parametrize(("act", "value"), [("tag", "安全"), ("keep_out", ""), ("take_out", "")])
def test_an_act_on_many_is_one_change_and_is_undone_whole(
    database: Database, now: datetime, act: str, value: str
) -> None:
    before = exported(database)
    done = do(database, now, act, "q1", "q3", value=value)
    assert done == Done(2, 2)
    assert exported(database) != before
    assert undoing.undo(doors(database, now), "cyber", 2) == undoing.Undone(2, 0)
    assert exported(database) == before


@pytest.mark.usefixtures("bank")
def test_a_tag_is_added_once_and_taken_away(database: Database, now: datetime) -> None:
    do(database, now, "tag", "q1", value="安全")
    assert do(database, now, "tag", "q1", value="安全") == Done(0, 0)
    do(database, now, "untag", "q1", value="安全")
    assert exported(database).count("安全") == 1  # in the title


@pytest.mark.usefixtures("bank")
def test_what_was_changed_once_more_is_not_undone_by_the_way(database: Database, now: datetime) -> None:
    do(database, now, "tag", "q1", "q2", value="安全")
    do(database, now, "tag", "q1", value="口令")
    assert undoing.undo(doors(database, now), "cyber", 2) == undoing.Undone(1, 1)
    with database.read() as session:
        whole = queries.whole_bank(session, "cyber")
    assert whole is not None
    assert [question.tags for question in whole.questions] == [("安全", "口令"), (), ()]


@pytest.mark.usefixtures("bank")
def test_an_import_is_undone_as_well_and_undoing_can_be_undone(database: Database, now: datetime) -> None:
    before = exported(database)
    import_bank(database, file_text("cyber", singles(["q1", "q4"]).replace("见第q1条", "见")), now)
    after = exported(database)
    undoing.undo(doors(database, now), "cyber", 2)
    assert exported(database) == before
    undoing.undo(doors(database, now), "cyber", 3)
    assert exported(database) == after


@pytest.mark.usefixtures("bank")
def test_a_move_is_one_act_in_two_banks_and_is_undone_in_both(database: Database, now: datetime) -> None:
    import_bank(database, file_text("other", singles(["z"])), now)
    before = exported(database), exported(database, "other")
    do(database, now, "move", "q2", value="other")
    assert "id: q2" not in exported(database)
    assert "id: q2" in exported(database, "other")
    assert repeating(database, "other", "q2") == [], "a question does not repeat itself where it was"
    undoing.undo(doors(database, now), "other", 2)
    assert (exported(database), exported(database, "other")) == before
    assert repeating(database, "cyber", "q2") == []


@pytest.mark.usefixtures("bank")
def test_a_move_that_fails_halfway_leaves_both_banks_as_they_were(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_bank(database, file_text("other", singles(["z"])), now)
    before = exported(database), exported(database, "other")
    real, calls = operations.take_effect, []

    def second_fails(*arguments: object) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError("power cut")
        real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(operations, "take_effect", second_fails)
    with pytest.raises(RuntimeError):
        do(database, now, "move", "q2", value="other")
    assert (exported(database), exported(database, "other")) == before


@pytest.mark.usefixtures("bank")
def test_a_move_overwrites_nothing(database: Database, now: datetime) -> None:
    import_bank(database, file_text("other", singles(["q2"])), now)
    for target, code in (("other", "id_in_target"), ("cyber", "same_bank")):
        with pytest.raises(Unprocessable, match=code):
            do(database, now, "move", "q2", value=target)
    with pytest.raises(NotFound):
        do(database, now, "move", "q2", value="nowhere")


@pytest.mark.usefixtures("bank")
def test_an_act_says_what_it_lacks(database: Database, now: datetime) -> None:
    for order, code in (
        (Order("cyber", (), "tag", "x"), "nothing_chosen"),
        (Order("cyber", ("q1",), "tag", " "), "no_tag"),
        (Order("cyber", ("q1",), "magic"), "no_such_act"),
    ):
        with pytest.raises(Unprocessable, match=code):
            acts.perform(doors(database, now), order)


def held(database: Database, name: str) -> list[str]:
    """The banks that have this question."""
    with database.read() as session:
        return [bank for bank in ("cyber", "other") if name in chosen.questions(session, bank, [name])]


@pytest.mark.usefixtures("bank")
def test_a_moved_question_is_in_one_bank_whatever_is_undone_and_undone_again(
    database: Database, now: datetime
) -> None:
    import_bank(database, file_text("other", singles(["z"])), now)
    do(database, now, "move", "q1", "q2", value="other")
    with database.read() as session:
        q1 = chosen.questions(session, "other", ["q1"])["q1"]
    editing.save(doors(database, now), "other", replace(q1, explanation="改过。"), 1)
    # What was changed since stays where it is; the other one comes back.
    assert undoing.undo(doors(database, now), "cyber", 2) == undoing.Undone(1, 1)
    assert (held(database, "q1"), held(database, "q2")) == (["other"], ["cyber"])
    assert undoing.undo(doors(database, now), "cyber", 3) == undoing.Undone(1, 0)
    assert (held(database, "q1"), held(database, "q2")) == (["other"], ["other"])
    assert undoing.undo(doors(database, now), "other", 5) == undoing.Undone(1, 0)
    assert (held(database, "q1"), held(database, "q2")) == (["other"], ["cyber"])


# ---- release


@pytest.mark.usefixtures("bank")
def test_where_a_release_is_asked_for_only_released_questions_are_drawn(
    database: Database, now: datetime
) -> None:
    assert drawn(database) == ["q1", "q2", "q3"]
    releasing.switch(doors(database, now), "cyber", True)
    assert drawn(database) == []
    assert do(database, now, "release", "q1") == Outcome(0, 0, 1)
    do(database, now, "review", "q1", "q2")
    assert drawn(database) == []
    do(database, now, "release", "q1")
    assert drawn(database) == ["q1"]
    do(database, now, "draft", "q1")
    assert drawn(database) == []
    releasing.switch(doors(database, now), "cyber", False)
    assert drawn(database) == ["q1", "q2", "q3"]


@pytest.mark.usefixtures("bank")
def test_each_step_is_a_version_so_that_no_process_draws_from_what_it_kept(
    database: Database, now: datetime
) -> None:
    releasing.switch(doors(database, now), "cyber", True)
    do(database, now, "review", "q1")
    do(database, now, "release", "q1")
    assert version(database) == 4


@pytest.mark.usefixtures("bank")
def test_very_many_take_a_step_in_several_turns_and_none_is_left(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(releasing, "AT_A_TURN", 2)
    seen: list[tuple[int, int]] = []
    order = Order("cyber", ("q1", "q2", "q3"), "review")
    done = acts.perform(doors(database, now), order, lambda *told: seen.append(told))
    assert done == Outcome(3)
    assert seen == [(2, 3), (3, 3)]
    assert ailing(database, now, state="reviewed") == ["q1", "q2", "q3"]
    assert version(database) == 3


@pytest.mark.usefixtures("bank")
def test_a_changed_question_is_a_draft_again_and_a_tag_changes_nothing(
    database: Database, now: datetime
) -> None:
    do(database, now, "review", "q1", "q2")
    do(database, now, "release", "q1", "q2")
    do(database, now, "tag", "q1", value="安全")
    assert ailing(database, now, state="released") == ["q1", "q2"]
    import_bank(database, exported(database).replace("见第q2条", "见第二条"), now)
    assert ailing(database, now, state="released") == ["q1"]
    assert ailing(database, now, state="draft") == ["q2", "q3"]


@pytest.mark.usefixtures("bank")
def test_what_only_its_tags_changed_stays_released_however_that_came(
    database: Database, now: datetime
) -> None:
    do(database, now, "review", "q1", "q2", "q3")
    do(database, now, "release", "q1", "q2", "q3")
    tagged = do(database, now, "tag", "q1", "q2", value="安全")
    assert isinstance(tagged, Done)
    undoing.undo(doors(database, now), "cyber", tagged.version)
    assert ailing(database, now, state="released") == ["q1", "q2", "q3"]
    file = exported(database).replace("explanation: 见第q3条。", "explanation: 见第q3条。\n  tags: [制度]")
    import_bank(database, file, now)
    assert ailing(database, now, tag="制度") == ["q3"]
    assert ailing(database, now, state="released") == ["q1", "q2", "q3"]


@pytest.mark.parametrize(("superseded", "state"), [(False, "released"), (True, "draft")])
def test_what_left_by_mistake_comes_back_released_unless_its_document_went_meanwhile(
    database: Database, now: datetime, superseded: bool, state: str
) -> None:
    import_bank(database, RESTING, now)
    do(database, now, "review", "own", "newer")
    do(database, now, "release", "own", "newer")
    taken = do(database, now, "take_out", "own")
    assert isinstance(taken, Done)
    later = doors(database, now + timedelta(hours=1))
    if superseded:
        documents.supersede(later, OLD_LAW)
    undoing.undo(later, "cyber", taken.version)
    assert "own" in ailing(database, now, state=state)
    assert "newer" in ailing(database, now, state="released")


def person(database: Database, now: datetime, name: str) -> Actor:
    with database.write() as session:
        home = make.branch(session, f"b-{name}", now)
        return make.actor(make.member(session, name, home, now), home)


@pytest.mark.usefixtures("bank")
def test_who_changed_a_question_leaves_its_release_to_another(database: Database, now: datetime) -> None:
    author, other = person(database, now, "author"), person(database, now, "other")
    authors, others = (replace(doors(database, now), actor=who) for who in (author, other))
    with database.read() as session:
        q1 = chosen.questions(session, "cyber", ["q1"])["q1"]
    editing.save(authors, "cyber", replace(q1, explanation="见第一条。"), 1)
    # Whose tag it carries says nothing about who wrote it.
    acts.perform(others, Order("cyber", ("q1",), "tag", "安全"))
    acts.perform(others, Order("cyber", ("q1",), "review"))
    assert acts.perform(authors, Order("cyber", ("q1",), "release")) == Outcome(0, 1, 0)
    assert acts.perform(others, Order("cyber", ("q1",), "release")) == Outcome(1, 0, 0)
    with database.read() as session:
        told = {entry.act for entry in session.query(AuditEntry)}
    assert {"questions_reviewed", "questions_released", "bank_edited"} <= told


@pytest.mark.usefixtures("bank")
def test_a_release_never_brings_what_a_dead_import_left_into_force(database: Database, now: datetime) -> None:
    """The import of a process that died wrote rows of the next version, which a release makes the current."""
    waiting = plan(database, file_text("cyber", singles(["q1", "ghost"])), now)
    with database.write() as session:
        bank_id = operations.begin(session, waiting.plan_id, waiting.bank, now)
        known = chosen.identities(session, bank_id)
        staged = list(importing._to_stage(waiting, {"ghost"}, known))
        operations.write_revisions(session, bank_id, 2, staged, now)
    with pytest.raises(Conflict, match="import_running"):
        do(database, now, "review", "q1")
    later = now + timedelta(minutes=2)
    do(database, later, "review", "q1")
    assert version(database) == 2
    assert "ghost" not in exported(database)


# ---- sources

LAW = """
  - {id: own, type: truefalse, prompt: 甲, answer: true, explanation: 见,
     source: {document: 某法, version: "2016"}}
  - {id: newer, type: truefalse, prompt: 乙, answer: true, explanation: 见,
     source: {document: 某法, version: "2025"}}
  - {id: of-bank, type: truefalse, prompt: 丙, answer: true, explanation: 见}
"""
RESTING = file_text("cyber", LAW, more='source: {document: 某法, version: "2016"}\n')
OLD_LAW = ("某法", "2016")


def test_documents_are_listed_with_what_rests_on_each(database: Database, now: datetime) -> None:
    import_bank(database, RESTING, now)
    with database.read() as session:
        found = {(each.document, each.version): each.questions for each in documents.listed(session, SYSTEM)}
    assert found == {OLD_LAW: 2, ("某法", "2025"): 1}


def test_a_superseded_document_pulls_what_rests_on_it_into_review(database: Database, now: datetime) -> None:
    import_bank(database, RESTING, now)
    releasing.switch(doors(database, now), "cyber", True)
    do(database, now, "review", "own", "newer", "of-bank")
    do(database, now, "release", "own", "newer", "of-bank")
    later = now + timedelta(hours=1)
    assert documents.supersede(doors(database, later), OLD_LAW) == []
    assert drawn(database) == ["newer"]
    assert ailing(database, later, health="superseded") == ["own", "of-bank"]
    do(database, later + timedelta(hours=1), "review", "own")
    assert ailing(database, later, health="superseded") == ["of-bank"]
    documents.hold_again(doors(database, later), OLD_LAW)
    assert ailing(database, later, health="superseded") == []


def test_a_mark_that_is_taken_back_restores_the_releases_and_no_later_work(
    database: Database, now: datetime
) -> None:
    import_bank(database, RESTING, now)
    releasing.switch(doors(database, now), "cyber", True)
    do(database, now, "review", "own", "newer", "of-bank")
    do(database, now, "release", "own", "newer")
    later = now + timedelta(hours=1)
    documents.supersede(doors(database, later), OLD_LAW)
    documents.supersede(doors(database, later), OLD_LAW)  # marked once more, nothing is forgotten
    assert drawn(database) == ["newer"]
    documents.hold_again(doors(database, later), OLD_LAW)
    assert drawn(database) == ["own", "newer"]
    documents.supersede(doors(database, later), OLD_LAW)
    import_bank(database, RESTING.replace("prompt: 甲", "prompt: 甲改"), later)
    documents.hold_again(doors(database, later), OLD_LAW)
    assert drawn(database) == ["newer"]


def test_a_bank_that_is_being_changed_is_named_and_reached_by_marking_again(
    database: Database, now: datetime
) -> None:
    import_bank(database, RESTING, now)
    do(database, now, "review", "own")
    busy = plan(database, file_text("cyber", singles(["z"])), now)
    with database.write() as session:
        operations.begin(session, busy.plan_id, busy.bank, now)
    assert documents.supersede(doors(database, now), OLD_LAW) == ["cyber"]
    later = doors(database, now + timedelta(minutes=2))
    assert documents.supersede(later, OLD_LAW) == []
    assert ailing(database, now, state="reviewed") == []


def test_a_document_above_ones_clearance_is_not_listed(database: Database, now: datetime) -> None:
    import_bank(database, RESTING.replace("language: zh", "language: zh\nlevel: restricted"), now)
    somebody = person(database, now, "somebody")
    with database.read() as session:
        assert documents.listed(session, somebody) == []
