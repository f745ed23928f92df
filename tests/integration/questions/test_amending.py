"""A change of a few questions costs the same however many the bank has, and is judged beside all of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from random import Random

import pytest
from sqlalchemy.engine.cursor import CursorFetchStrategy

from studyhub.db.database import Database
from studyhub.organization.actor import SYSTEM, Actor
from studyhub.organization.states import Level
from studyhub.questions import amending, finding, listing, neighbours, queries
from studyhub.questions.amending import Amendment
from studyhub.questions.bank import Bank, Question
from studyhub.questions.importing import Prepared
from studyhub.questions.plan import Origin
from studyhub.questions.states import ChangeKind
from tests.factories import exams
from tests.factories.questions import doors, file_text, import_bank, singles

EDIT = Origin(ChangeKind.EDIT)
LETTERS = "学习组织网络安全保密制度会议党员支部数字技能口令更新备份邮件风险培训考核规定流程"


@contextmanager
def rows_read(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How many rows come from the database meanwhile."""
    counted = [0]

    def count(name: str) -> None:
        fetch = getattr(CursorFetchStrategy, name)

        def counting(*args: object, **options: object) -> object:
            got = fetch(*args, **options)
            counted[0] += len(got) if isinstance(got, list) else got is not None
            return got

        monkeypatch.setattr(CursorFetchStrategy, name, counting)

    for name in ("fetchall", "fetchmany", "fetchone"):
        count(name)
    yield counted
    monkeypatch.undo()


def save(database: Database, now: datetime, slug: str, name: str, **changed: object) -> Prepared:
    with database.read() as session:
        revision = finding.question(session, listing.bank(session, SYSTEM, slug), name)
    assert revision is not None
    question = replace(revision.question, **changed)  # type: ignore[arg-type]
    amendment = Amendment({name: question}, {name: revision.number})
    return amending.amend(doors(database, now), slug, amendment, EDIT)


def test_saving_a_question_reads_as_much_of_a_large_bank_as_of_a_small_one(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = {}
    for size in (30, 400):
        import_bank(database, file_text(f"b{size}", singles([f"q{n}" for n in range(size)])), now)
        with rows_read(monkeypatch) as counted:
            save(database, now, f"b{size}", "q7", prompt=f"完全不同的一道题目{size}")
        read[size] = counted[0]
    assert read[400] <= read[30] + 5, read


def test_the_rest_of_the_bank_stays_what_it_was(database: Database, now: datetime) -> None:
    import_bank(database, file_text("cyber", singles([f"q{n}" for n in range(5)])), now)
    done = save(database, now, "cyber", "q3", prompt="改过的题目")
    assert (done.plan.changed, done.plan.questions, done.plan.unchanged) == (("q3",), 5, 4)
    with database.read() as session:
        whole = queries.whole_bank(session, "cyber")
    assert whole is not None
    assert [question.id for question in whole.questions] == [f"q{n}" for n in range(5)]
    assert whole.questions[3].prompt == "改过的题目"


def test_a_question_of_a_passage_goes_and_comes_back_with_its_numbers(
    database: Database, now: datetime
) -> None:
    with database.write() as session:
        exams.bank(session, "deep", [exams.passage("reading"), exams.single("other")], now)
    written = exams.passage("reading")
    fewer = Question.stored({**written, "questions": written["questions"][:2]})
    at = doors(database, now)
    amending.amend(at, "deep", Amendment({"reading": fewer}, {"reading": 1}), EDIT)
    amending.amend(at, "deep", Amendment({"reading": Question.stored(written)}, {"reading": 2}), EDIT)
    with database.read() as session:
        [passage] = [one for one in queries.drawable(session, ["deep"]) if one.slug == "reading"]
    assert [part.slug for part in passage.parts] == ["reading/choice", "reading/sum", "reading/verdict"]


def prompt(random: Random) -> str:
    return "".join(random.choice(LETTERS) for _ in range(random.randint(12, 28))) + "？"


def nearly(text: str, random: Random) -> str:
    """The text with one character of ten changed."""
    characters = list(text)
    for at in random.sample(range(len(text)), len(text) // 12):
        characters[at] = "某"
    return "".join(characters)


def test_what_a_prompt_nearly_repeats_is_found_through_the_index(database: Database, now: datetime) -> None:
    random = Random(7)
    prompts = [prompt(random) for _ in range(120)]
    with database.write() as session:
        asked = [{**exams.single(f"q{n}"), "prompt": text} for n, text in enumerate(prompts)]
        exams.bank(session, "cyber", asked, now)
    with database.read() as session:
        for n, text in enumerate(prompts):
            new = Question.stored({**exams.single("new"), "prompt": nearly(text, random)})
            found = neighbours.of(session, new, "cyber", list(Level))
            assert f"q{n}" in {known.id for known in found}, (text, new.prompt)


def test_a_bank_of_one_template_is_not_read_for_a_prompt(database: Database, now: datetime) -> None:
    with database.write() as session:
        asked = [{**exams.single(f"q{n}"), "prompt": f"下列哪一项属于第{n}条的规定？"} for n in range(300)]
        exams.bank(session, "cyber", asked, now)
    new = Question.stored({**exams.single("new"), "prompt": "下列哪一项属于第7条的规定？"})
    with database.read() as session:
        found = neighbours.of(session, new, "cyber", list(Level))
    assert "q7" in {known.id for known in found}
    assert len(found) < 100


def test_a_saved_question_is_warned_of_by_its_bank_and_by_those_that_its_editor_may_see(
    database: Database, now: datetime
) -> None:
    same = "口令应当多长时间更换一次才算安全？"
    for slug, level in (("open", Level.PUBLIC), ("closed", Level.RESTRICTED)):
        with database.write() as session:
            exams.bank(session, slug, [{**exams.single("x"), "prompt": same}], now, level=level)
    import_bank(database, file_text("cyber", singles(["q1", "q2"])), now)
    asked = Question.stored({**exams.single("q1"), "prompt": same})
    bank = Bank("cyber", "题库", "zh", (asked,))
    editor = replace(doors(database, now), actor=Actor(1, "editor", "editor", clearance="internal"))
    faults = amending.judge(editor, bank).faults
    said = [(fault.code, fault.params["bank"]) for fault in faults if "bank" in fault.params]
    assert said == [("same_prompt_elsewhere", "open")]


def test_a_stem_that_all_have_is_told_from_the_others_by_its_options(
    database: Database, now: datetime
) -> None:
    stem = "下列说法正确的是哪一项？"

    def about(name: str, thing: object) -> dict[str, object]:
        options = {
            letter: f"第{thing}条规定的{word}" for letter, word in zip("ABCD", "甲乙丙丁", strict=True)
        }
        return {**exams.single(name), "prompt": stem, "options": options, "explanation": "见条文。"}

    with database.write() as session:
        exams.bank(session, "old", [about(f"q{n}", n) for n in range(250)], now)
    for thing, found in ((249, ["same_prompt_elsewhere"]), (999, [])):
        bank = Bank("new", "新题库", "zh", (Question.stored(about("x", thing)),))
        said = amending.judge(doors(database, now), bank).faults
        assert [fault.code for fault in said] == found
