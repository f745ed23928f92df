"""A paper that is uploaded again: what its uploader decided before holds for what is the same still."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from io import BytesIO

import pytest
from docx import Document
from docx.shared import RGBColor
from flask.testing import FlaskClient

from studyhub.db.database import Database
from studyhub.organization.roles import Role
from tests.conftest import Statements
from tests.factories import organization as make
from tests.factories import word
from tests.web.questions.test_fixing import NEW, REFUSED, TEXT, Person

ANSWERS = [("multiple", ["A"]), ("single", "B"), ("single", "B"), ("truefalse", True), ("single", "A")]
WITHOUT_KEY = "1. 首都是（ ）\nA. 上海\nB. 北京\n"


@pytest.fixture(autouse=True)
def people(database: Database, now: datetime) -> None:
    with database.write() as session:
        home = make.branch(session, "b1", now, parent=make.branch(session, "city", now))
        for name in ("editor", "other"):
            make.grant(session, make.member(session, name, home, now), Role.EDITOR, now)


@pytest.fixture
def editor(client: FlaskClient, bearer: Callable[[str], dict[str, str]]) -> Person:
    return Person(client, bearer("editor"))


def decided(editor: Person) -> Person:
    """The paper with each of its four doubts decided otherwise."""
    editor.bring()
    editor.decide("accept")
    editor.decide("choose:single")
    editor.decide("choose:answer_B")
    editor.decide("edit", text="5. 连线就是（ ）\nA. 画线\nB. 写字\n答案：A")
    return editor


def report(editor: Person) -> str:
    return editor.get(editor.upload).get_data(as_text=True)


def asked_first(editor: Person) -> str:
    """The desk at the first of its doubtful questions, decided or not."""
    item = re.search(rf'href="{editor.upload}/doubts\?item=([0-9a-f]+)"', editor.desk)
    assert item is not None
    return editor.get(f"{editor.upload}/doubts?item={item[1]}").get_data(as_text=True)


def decide_first(editor: Person, verdict: str, **fields: str) -> None:
    item = re.search(r'name="item" value="([0-9a-f]+)"', asked_first(editor))
    assert item is not None
    editor.post(f"{editor.upload}/doubts", {"item": item[1], "verdict": verdict, **fields})


def test_the_same_paper_has_no_open_doubts_and_the_keys_that_were_decided(
    editor: Person, database: Database
) -> None:
    assert decided(editor).taken(database) == ANSWERS
    editor.bring()
    assert "已全部处理" in report(editor)
    assert "其中 4 题按您以前对相同文字的决定处理。" in report(editor)
    assert f'href="{editor.upload}/doubts"' in report(editor)
    assert "已处理 4/4" in editor.desk
    assert "其中 4 题按您以前对相同文字的决定处理。" in editor.desk
    plan = editor.post(editor.upload, NEW | {"bank": "sense", "title": "", "slug": ""}).get_data(as_text=True)
    assert "没有变化" in plan


def test_of_a_paper_that_changed_a_little_only_the_new_words_are_asked(
    editor: Person, database: Database
) -> None:
    decided(editor).bring(TEXT.replace("2. 属于蔬菜的有", "2. 属于青菜的有"))
    assert "还有 1 题没有处理" in report(editor)
    assert "另有 3 题按您以前对相同文字的决定处理。" in report(editor)
    assert "属于青菜的有" in editor.desk.split('id="source"')[1].split("</pre>")[0]
    assert editor.taken(database) == [ANSWERS[0], ("multiple", ["B"]), *ANSWERS[2:]]


def test_another_persons_upload_is_asked(
    editor: Person, client: FlaskClient, bearer: Callable[[str], dict[str, str]]
) -> None:
    decided(editor)
    other = Person(client, bearer("other")).bring()
    assert "已处理 0/4" in other.desk
    assert "您以前" not in other.desk + report(other)


def test_a_question_that_was_decided_before_says_so_and_is_decided_anew(
    editor: Person, database: Database
) -> None:
    decided(editor).bring()
    assert "您以前对相同文字的决定：按读取结果采用。" in asked_first(editor)
    decide_first(editor, "choose:single")
    assert "您以前对相同文字的决定：" not in asked_first(editor)
    assert "其中 3 题按您以前对相同文字的决定处理。" in report(editor)
    assert editor.taken(database) == [("single", "A"), *ANSWERS[1:]]


def test_when_the_new_decision_is_taken_back_the_one_before_holds_again(
    editor: Person, database: Database
) -> None:
    decided(editor).bring()
    decide_first(editor, "leave")
    editor.post(f"{editor.upload}/doubts/undo", {})
    assert "其中 4 题按您以前对相同文字的决定处理。" in editor.desk
    assert editor.taken(database) == ANSWERS


def test_of_several_earlier_decisions_the_newest_holds_and_none_of_a_later_upload(editor: Person) -> None:
    first = editor.bring(WITHOUT_KEY).upload
    editor.bring(WITHOUT_KEY)
    editor.decide("choose:answer_A")
    assert "还有 1 题没有处理" in editor.get(first).get_data(as_text=True)
    editor.bring(WITHOUT_KEY)
    decide_first(editor, "choose:answer_B")
    editor.bring(WITHOUT_KEY)
    assert "您以前对相同文字的决定：正确答案是 B。" in asked_first(editor)


def test_a_report_follows_what_is_taken_back_in_an_earlier_upload(editor: Person) -> None:
    first = editor.bring(WITHOUT_KEY).upload
    editor.decide("choose:answer_B")
    editor.bring(WITHOUT_KEY)
    assert 'id="skipped"' not in report(editor)
    editor.post(f"{first}/doubts/undo", {})
    assert 'id="skipped"' in report(editor)


def test_a_decision_of_before_counts_before_a_rule(editor: Person, database: Database) -> None:
    editor.bring()
    editor.decide("choose:single")
    decide_first(editor, "leave")
    editor.decide("accept", remember="me")
    editor.bring()
    assert "其中 1 题按规则处理" not in editor.desk
    editor.post(f"{editor.upload}/doubts/undo", {})
    assert editor.taken(database)[0] == ("multiple", ["B"])


def test_words_that_are_read_otherwise_are_asked_again(editor: Person) -> None:
    """The colour of a Word document is no word of it, and is what its keys are read from."""

    def bring(red: str) -> str:
        document = Document()
        document.add_paragraph("1. 属于水果的是（ ）")
        for letter, text in (("A", "白菜"), ("B", "苹果"), ("C", "梨")):
            run = document.add_paragraph().add_run(f"{letter}. {text}")
            run.font.color.rgb = RGBColor(255, 0, 0) if letter == red else None
        document.add_paragraph("答案：A")
        for number in (2, 3):
            document.add_paragraph(f"{number}. 红色的是（ ）")
            document.add_paragraph().add_run("A. 草莓").font.color.rgb = RGBColor(255, 0, 0)
            document.add_paragraph("B. 青菜")
        file = {"file": (BytesIO(word.saved(document)), "题库.docx")}
        editor.upload = editor.post("/admin/banks/import", file).request.path
        return report(editor)

    assert "还有 1 题没有处理" in bring(red="B")
    editor.decide("choose:by_marks")
    assert "已全部处理" in bring(red="B")
    assert "还有 1 题没有处理" in bring(red="C")


def test_what_is_not_doubtful_any_more_is_not_left_out(editor: Person, database: Database) -> None:
    editor.bring("一、多选题\n" + WITHOUT_KEY + "答案：A\n")
    editor.decide("leave")
    editor.bring("一、单选题\n" + WITHOUT_KEY + "答案：A\n")
    assert "您以前" not in report(editor)
    assert editor.taken(database) == [("single", "A")]


def test_what_was_accepted_and_cannot_be_taken_is_asked_again(editor: Person) -> None:
    editor.bring(REFUSED)
    editor.decide("accept")  # the page offers it for no question that the checker refuses
    editor.bring(REFUSED)
    assert "还有 1 题没有处理" in report(editor)


def test_the_points_of_a_heading_ask_nothing_again(editor: Person) -> None:
    editor.bring("一、多选题（每题2分）\n" + WITHOUT_KEY + "答案：A\n")
    editor.decide("accept")
    editor.bring("一、多选题（每题3分）\n" + WITHOUT_KEY + "答案：A\n")
    assert "已全部处理" in report(editor)


def test_the_statements_do_not_grow_with_the_questions(
    editor: Person, count_statements: Callable[[], AbstractContextManager[Statements]]
) -> None:
    def statements(questions: int) -> list[int]:
        numbers = range(1, questions + 1)
        text = "".join(f"{n}. {questions} 题之第 {n} 题（ ）\nA. 甲\nB. 乙\n" for n in numbers)
        editor.bring(text)
        for _ in range(questions):
            editor.decide("choose:answer_B")
        seen = []
        editor.bring(text)
        assert f"其中 {questions} 题按您以前" in report(editor)
        for path in (editor.upload, f"{editor.upload}/doubts"):
            with count_statements() as counted:
                editor.get(path)
            seen.append(len(counted))
        return seen

    assert statements(2) == statements(12)
