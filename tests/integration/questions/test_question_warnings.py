"""The checker's warnings are kept with the bank: the desk lists the questions that have one."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import func, select

from studyhub.db.database import Database
from studyhub.kernel.page import PageRequest
from studyhub.organization.actor import SYSTEM
from studyhub.questions import amending, finding, importing, listing, operations, question_warnings
from studyhub.questions.amending import Amendment
from studyhub.questions.bank import Question
from studyhub.questions.bulk import acts
from studyhub.questions.bulk.acts import Order
from studyhub.questions.finding import QuestionFilter
from studyhub.questions.models import Bank, QuestionWarning
from studyhub.questions.plan import Origin
from studyhub.questions.states import ChangeKind
from tests.factories.questions import doors, file_text, import_bank, plan, singles

TWO = file_text("cyber", singles(["q1", "q2"]).replace("C: 丙项", "C: 乙项", 1))
"""The first question has two equal options."""


def warned(database: Database) -> dict[str, list[str]]:
    with database.read() as session:
        bank = listing.bank(session, SYSTEM, "cyber")
        wanted = QuestionFilter(date(2026, 1, 1), health="warned")
        page = finding.questions(session, bank, PageRequest(sort="place"), wanted)
        codes = question_warnings.of_revisions(session, [revision.id for revision in page.items])
        return {each.question.id: [fault.code for fault in codes[each.id]] for each in page.items}


def test_a_warned_question_is_found_with_what_the_checker_said(database: Database, now: datetime) -> None:
    import_bank(database, TWO, now)
    assert warned(database) == {"q1": ["equal_options"]}


def test_a_warning_goes_when_its_reason_is_gone_and_comes_without_a_change_of_its_question(
    database: Database, now: datetime
) -> None:
    import_bank(database, file_text("cyber", singles(["q1", "q2"])), now)
    assert warned(database) == {}
    twin = singles(["q2"]).replace("id: q2", "id: a0")
    import_bank(database, file_text("cyber", twin + singles(["q1", "q2"])), now)
    assert warned(database) == {"q2": ["same_prompt_elsewhere"]}
    import_bank(database, file_text("cyber", singles(["q1", "q2"])), now)
    assert warned(database) == {}


def test_a_question_that_left_takes_its_warnings_along(database: Database, now: datetime) -> None:
    import_bank(database, TWO, now)
    import_bank(database, file_text("cyber", singles(["q2"])), now)
    assert warned(database) == {}


def test_an_edit_judges_the_edited_question_and_leaves_the_others_warnings(
    database: Database, now: datetime
) -> None:
    import_bank(database, TWO, now)
    with database.read() as session:
        bank = listing.bank(session, SYSTEM, "cyber")
        written = finding.question(session, bank, "q2").question.written  # type: ignore[union-attr]
    twin = Question.stored({**written, "options": {**written["options"], "D": "丙项"}})
    amendment = Amendment({"q2": twin}, {"q2": 1})
    amending.amend(doors(database, now), "cyber", amendment, Origin(ChangeKind.EDIT))
    assert warned(database) == {"q1": ["equal_options"], "q2": ["equal_options"]}


def test_a_tag_and_being_kept_out_leave_the_warnings_as_they_were(database: Database, now: datetime) -> None:
    import_bank(database, TWO, now)
    before = warned(database)
    for act, value in (("tag", "安全"), ("keep_out", "")):
        acts.perform(doors(database, now), Order("cyber", ("q1", "q2"), act, value))
    assert warned(database) == before == {"q1": ["equal_options"]}


def test_an_import_that_fails_leaves_the_warnings_as_they_were(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_bank(database, TWO, now)
    failing = plan(database, file_text("cyber", singles(["q1", "q2"])), now)

    def break_off(*_arguments: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(operations, "take_effect", break_off)
    with pytest.raises(RuntimeError):
        importing.apply(doors(database, now), [failing])
    assert warned(database) == {"q1": ["equal_options"]}


def test_what_no_version_shows_any_more_is_swept_by_the_next_import(
    database: Database, now: datetime
) -> None:
    import_bank(database, TWO, now)
    import_bank(database, file_text("cyber", singles(["q1", "q2"])), now)
    import_bank(database, file_text("cyber", singles(["q1"])), now)
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(QuestionWarning)) == 0
        assert session.scalar(select(Bank.version)) == 3
