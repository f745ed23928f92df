"""Acts on many questions, and on several banks, while somebody else is at work on the same ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pytest
from sqlalchemy import select

from studyhub.db.database import Database
from studyhub.kernel.errors import Conflict
from studyhub.organization.actor import SYSTEM
from studyhub.questions import amending, importing, releasing
from studyhub.questions.bulk import acts
from studyhub.questions.fixing import operations as fixing
from studyhub.questions.fixing.operations import NewRule
from studyhub.questions.formats.deciding import Decision
from studyhub.questions.importing import Prepared
from studyhub.questions.models import DoubtRule
from studyhub.questions.plan import Origin
from studyhub.questions.releasing import Waiting
from studyhub.questions.sources import documents
from studyhub.questions.states import ChangeKind, ReviewState, Verdict
from studyhub.questions.uploads import columns
from tests.factories import organization as make
from tests.factories.questions import doors, file_text, import_bank, singles
from tests.overtaking import overtaken

LAW = ("数据安全法", "2021")
RESTING = f"source: {{document: {LAW[0]}, version: '{LAW[1]}'}}\n"
BOTH = ReviewState.REVIEWED, ReviewState.RELEASED


def states(database: Database, bank: str) -> dict[str, ReviewState]:
    with database.read() as session:
        found: dict[str, Waiting] = releasing._waiting(session, bank, ["q1", "q2", "r1"])
    return {name: one.state for name, one in found.items()}


def take(database: Database, now: datetime, bank: str, names: Sequence[str], *steps: ReviewState) -> None:
    for step in steps:
        releasing.step(doors(database, now), bank, names, step)


def test_what_was_released_between_two_turns_does_not_fall_back(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever reviews very many looked at all of them before the first turn."""
    monkeypatch.setattr(releasing, "AT_A_TURN", 1)
    import_bank(database, file_text("cyber", singles(["q1", "q2"])), now)

    def release(done: int, total: int) -> None:
        if done == 1:
            take(database, now, "cyber", ["q2"], *BOTH)

    with pytest.raises(Conflict, match="bank_changed"):
        releasing.step(doors(database, now), "cyber", ["q1", "q2"], ReviewState.REVIEWED, release)
    assert states(database, "cyber") == {"q1": ReviewState.REVIEWED, "q2": ReviewState.RELEASED}


def test_reviews_of_many_go_on_when_another_question_of_the_bank_changes(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(releasing, "AT_A_TURN", 1)
    import_bank(database, file_text("cyber", singles(["q1", "q2", "r1"])), now)

    def release_another(done: int, total: int) -> None:
        if done == 1:
            take(database, now, "cyber", ["r1"], *BOTH)

    names = ["q1", "q2"]
    outcome = releasing.step(doors(database, now), "cyber", names, ReviewState.REVIEWED, release_another)
    assert outcome.done == 2
    reviewed = dict.fromkeys(names, ReviewState.REVIEWED)
    assert states(database, "cyber") == {**reviewed, "r1": ReviewState.RELEASED}


def test_a_question_written_anew_between_two_turns_is_not_reviewed_unread(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(releasing, "AT_A_TURN", 1)
    import_bank(database, file_text("cyber", singles(["q1", "q2"])), now)

    def rewrite(done: int, total: int) -> None:
        if done == 1:
            changed = file_text("cyber", singles(["q1", "q2"])).replace("见第q2条", "见另一条")
            import_bank(database, changed, now)

    with pytest.raises(Conflict, match="bank_changed"):
        releasing.step(doors(database, now), "cyber", ["q1", "q2"], ReviewState.REVIEWED, rewrite)
    assert states(database, "cyber") == {"q1": ReviewState.REVIEWED, "q2": ReviewState.DRAFT}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_document_marked_by_two_at_once_gives_everything_back_that_it_took(
    database: Database, now: datetime
) -> None:
    for bank, names in (("a", ["q1"]), ("b", ["r1"])):
        import_bank(database, file_text(bank, singles(names), more=RESTING), now)
        take(database, now, bank, names, *BOTH)

    with database.read() as session:
        rests = documents._reviewed(session, LAW)

    def pull_back_b() -> None:  # what somebody else who marks it has come to
        taking = documents._taking_back(LAW, rests["b"])
        amending.beside(doors(database, now), "b", Origin(ChangeKind.REVIEW), taking)

    with overtaken(database, "UPDATE superseded_document SET pulled", pull_back_b):
        documents.supersede(doors(database, now), LAW)
    assert states(database, "a") | states(database, "b") == dict.fromkeys(("q1", "r1"), ReviewState.DRAFT)
    documents.hold_again(doors(database, now), LAW)
    assert states(database, "a") | states(database, "b") == dict.fromkeys(("q1", "r1"), ReviewState.RELEASED)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_what_holds_again_while_a_bank_is_pulled_back_gives_that_back_as_well(
    database: Database, now: datetime
) -> None:
    import_bank(database, file_text("a", singles(["q1"]), more=RESTING), now)
    take(database, now, "a", ["q1"], *BOTH)

    def hold_again() -> None:
        documents.hold_again(doors(database, now), LAW)

    with overtaken(database, "UPDATE superseded_document SET pulled", hold_again):
        documents.supersede(doors(database, now), LAW)
    assert states(database, "a") == {"q1": ReviewState.RELEASED}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_of_two_moves_crosswise_between_two_banks_one_is_refused(database: Database, now: datetime) -> None:
    """Each would hold the turn that the other waits for."""
    import_bank(database, file_text("a", singles(["q1", "q2"])), now)
    import_bank(database, file_text("b", singles(["r1", "r2"])), now)
    there: list[Prepared] = acts.move(doors(database, now), "a", ["q1"], "b")
    back: list[Prepared] = acts.move(doors(database, now), "b", ["r1"], "a")

    def move_back() -> None:
        importing.apply(doors(database, now), back)

    with overtaken(database, r"SELECT bank\.version", move_back) as other:
        importing.apply(doors(database, now), there)
    assert other.refused == "import_running"


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("for_all", [True, False])
def test_a_rule_that_two_keep_at_once_is_kept_once(database: Database, now: datetime, for_all: bool) -> None:
    with database.write() as session:
        editor = make.member(session, "editor", home := make.branch(session, "home", now), now)
    rules = [NewRule("no_key", Decision(verdict), for_all) for verdict in (Verdict.LEAVE, Verdict.ACCEPT)]

    def keep(rule: NewRule) -> None:
        with database.write() as session:
            fixing.keep_rule(session, make.actor(editor, home), rule, now)

    with overtaken(database, "INSERT INTO doubt_rule ", lambda: keep(rules[0])):
        keep(rules[1])
    with database.read() as session:
        assert [rule.verdict for rule in session.scalars(select(DoubtRule))] == [Verdict.ACCEPT]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_what_two_say_of_the_same_columns_at_once_is_kept_once(database: Database, now: datetime) -> None:
    def remember(column: str) -> None:
        with database.write() as session:
            columns.remember(session, SYSTEM, ["题目"], {"题目": column}, now)

    with overtaken(database, "INSERT INTO sheet_columns ", lambda: remember("prompt")):
        remember("answer")
    with database.read() as session:
        assert columns.remembered(session, ["题目"]).columns == {"题目": "answer"}
