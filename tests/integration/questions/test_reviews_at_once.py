"""Where revisions stand after changes and undoings, and that very many of them hold up nobody."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session, aliased

from studyhub.db.database import Database
from studyhub.kernel.errors import Refused
from studyhub.questions import bank_file as checking
from studyhub.questions import importing, operations, releasing, undoing
from studyhub.questions.bulk import acts
from studyhub.questions.bulk.acts import Done, Order
from studyhub.questions.importing import Doors
from studyhub.questions.models import Bank, QuestionReview, QuestionRevision, SupersededDocument
from studyhub.questions.sources import documents
from studyhub.questions.states import ReviewState
from tests.factories.questions import doors, file_text, import_bank, plan, singles

NAMES = ["q1", "q2", "q3", "q4"]
LAW = ("某法", "2016")
RESTING = 'source: {document: 某法, version: "2016"}\n'
STEPS = ("review", "review", "review", "release", "release", "draft", "law")
CHANGES = ("tag", "untag", "keep_out", "let_in", "take_out", "undo", "undo", "file")


def bank_file(words: str) -> str:
    return file_text("cyber", singles(NAMES).replace("见第q2条", words), more=RESTING)


@dataclass
class Turns:
    """The write transactions of a block: how many rows of reviews each of them wrote."""

    rows: list[int] = field(default_factory=list)

    @contextmanager
    def counted(self, database: Database) -> Iterator[None]:
        engine: Engine = database.engine

        def begin(_connection: Any) -> None:
            self.rows.append(0)

        def note(_connection, cursor, statement, _parameters, _context, _many):  # type: ignore[no-untyped-def]
            if statement.startswith("INSERT INTO question_review") and self.rows:
                self.rows[-1] += max(0, cursor.rowcount)

        event.listen(engine, "begin", begin)
        event.listen(engine, "after_cursor_execute", note)
        try:
            yield
        finally:
            event.remove(engine, "begin", begin)
            event.remove(engine, "after_cursor_execute", note)


def reviews_of(session: Session) -> dict[int, Any]:
    """The reviews, by their revisions."""
    rows = session.scalars(select(QuestionReview))
    return {row.revision_id: (row.state, row.reviewed_at, row.released_at) for row in rows}


def expected(session: Session, before: dict[int, Any], back: bool) -> dict[int, Any]:
    """Where the revisions that the bank's version brought stand, told one by one: where the one stood that
    ended with it, or, of an undoing, the one that ended last, when its document holds as it did then."""
    version = session.scalar(select(Bank.version).where(Bank.slug == "cyber"))
    marks = {row.document: row.marked_at for row in session.scalars(select(SupersededDocument))}
    old = aliased(QuestionRevision)
    found = dict(before)
    for new in session.scalars(select(QuestionRevision).where(QuestionRevision.since_version == version)):
        ended = session.scalar(
            select(func.max(old.until_version)).where(
                old.question_id == new.question_id, old.until_version <= version
            )
        )
        last = session.scalar(
            select(old).where(old.question_id == new.question_id, old.until_version == ended)
        )
        if last is None or last.id not in before or last.review_digest != new.review_digest:
            continue
        superseded = marks.get(LAW[0], before[last.id][1]) > before[last.id][1]
        if ended == version or (back and not superseded):
            found[new.id] = before[last.id]
    return found


def act(doors: Doors, random: Random, what: str, version: int) -> None:
    """Do it to some questions, as it comes."""
    some = tuple(random.sample(NAMES, random.randint(1, 4)))
    with suppress(Refused):
        if what == "undo":
            undoing.undo(doors, "cyber", random.randint(1, version))
        elif what == "law":
            documents.supersede(doors, LAW)
        elif what == "file":
            data = bank_file(f"见第{random.randint(1, 2)}条")
            importing.apply(doors, [_planned(doors, data)])
        else:
            acts.perform(doors, Order("cyber", some, what, "标"))


def _planned(doors: Doors, text: str) -> importing.Prepared:
    checked = checking.check(text.encode())
    assert checked.bank is not None
    return importing.plan_import(doors, importing.Offer(checked.bank, text.encode(), checked=checked))


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happened_before_each_revision_stands_where_the_one_before_it_stood(
    database: Database, now: datetime, seed: int
) -> None:
    random = Random(seed)
    import_bank(database, bank_file("见第一条"), now)
    carried = 0
    for hour in range(0, 40, 2):
        act(doors(database, now + timedelta(hours=hour)), random, random.choice(STEPS), 0)
        with database.read() as session:
            before = reviews_of(session)
            version = session.scalar(select(Bank.version).where(Bank.slug == "cyber")) or 0
        what = random.choice(CHANGES)
        act(doors(database, now + timedelta(hours=hour + 1)), random, what, version)
        with database.read() as session:
            after = reviews_of(session)
            changed = session.scalar(select(Bank.version).where(Bank.slug == "cyber")) != version
            assert after == (expected(session, before, back=what == "undo") if changed else before), what
        carried += len(after) - len(before)
    assert carried > 0


@pytest.mark.parametrize("act", ["tag", "take_out"])
def test_the_reviews_of_very_many_are_carried_over_in_many_short_turns(
    database: Database, now: datetime, act: str
) -> None:
    names = tuple(f"q{number}" for number in range(400))
    import_bank(database, file_text("cyber", singles(names)), now)
    releasing.step(doors(database, now), "cyber", names, ReviewState.REVIEWED)
    turns = Turns()
    with turns.counted(database):
        done = acts.perform(doors(database, now), Order("cyber", names, act, "标"))
        assert isinstance(done, Done)
        undoing.undo(doors(database, now), "cyber", done.version)
    with database.read() as session:
        assert len(reviews_of(session)) == sum(turns.rows) + 400
    assert sum(turns.rows) == (800 if act == "tag" else 400)
    assert max(turns.rows) <= importing.MOST


def test_no_cycles_are_searched_for_in_a_write_turn_that_takes_effect(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside 50,000 questions that came back the search alone held the turn for a second."""
    real, enabled = operations.take_effect, []

    def noted(*arguments: Any) -> None:
        enabled.append(gc.isenabled())
        real(*arguments)

    monkeypatch.setattr(operations, "take_effect", noted)
    import_bank(database, bank_file("见第一条"), now)
    assert enabled == [False]
    assert gc.isenabled()


def test_a_step_reads_its_questions_again_only_when_somebody_else_changed_the_bank(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_bank(database, file_text("cyber", singles(NAMES)), now)
    monkeypatch.setattr(releasing, "AT_A_TURN", 1)
    real, looked = releasing._waiting, []

    def counted(session: Session, slug: str, names: Any) -> Any:
        looked.append(len(names))
        return real(session, slug, names)

    monkeypatch.setattr(releasing, "_waiting", counted)
    releasing.step(doors(database, now), "cyber", NAMES, ReviewState.REVIEWED)
    assert looked == [4]


def test_a_document_superseded_while_its_questions_come_back_keeps_them_drafts(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_bank(database, bank_file("见第一条"), now)
    releasing.step(doors(database, now), "cyber", NAMES, ReviewState.REVIEWED)
    acts.perform(doors(database, now), Order("cyber", ("q1",), "take_out"))
    later = doors(database, now + timedelta(hours=1))
    real = operations.take_effect

    def superseded_first(*arguments: Any) -> None:
        session: Session = arguments[0]
        mark = SupersededDocument(document=LAW[0], version=LAW[1], marked_at=later.clock(), pulled=[])
        session.add(mark)
        session.flush()
        real(*arguments)

    monkeypatch.setattr(operations, "take_effect", superseded_first)
    undoing.undo(later, "cyber", 3)
    with database.read() as session:
        assert len(reviews_of(session)) == 4  # of q1 that of the revision that left


def test_what_a_dead_undoing_left_is_swept_with_the_reviews_it_wrote(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_bank(database, bank_file("见第一条"), now)
    releasing.step(doors(database, now), "cyber", NAMES, ReviewState.REVIEWED)
    with database.read() as session:
        before = reviews_of(session)

    def power_cut(*_arguments: object) -> None:
        raise RuntimeError("power cut")

    with monkeypatch.context() as broken:
        broken.setattr(operations, "take_effect", power_cut)
        broken.setattr(importing._Work, "undo", lambda *_arguments: None)  # the process is gone
        with pytest.raises(RuntimeError):
            acts.perform(doors(database, now), Order("cyber", tuple(NAMES), "tag", "标"))
    with database.read() as session:
        assert len(reviews_of(session)) == 8
    later = now + timedelta(minutes=2)
    importing.apply(doors(database, later), [plan(database, bank_file("见第二条"), later)])
    with database.read() as session:
        after = reviews_of(session)
    assert {one: after[one] for one in before} == before
    assert len(after) == 4
