"""Rows of a sheet on the fix-it desk, and the page of columns that comes before it where one is not known."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from io import BytesIO

import pytest
from flask.testing import FlaskClient

from studyhub.db.database import Database
from studyhub.organization.roles import Role
from tests.factories import organization as make
from tests.web.questions.test_fixing import Person

HEADER = "题型,题干,选项A,选项B,选项C,答案,分值"
ROWS = (
    "单选,哪个最大？,一,二,三,E,2",
    "单选,哪些是水果？,苹果,白菜,梨,AC,2",
    "选一选,首都是？,北京,上海,,A,2",
    "判断,地球是圆的。,,,,对,两分",
)


@pytest.fixture(autouse=True)
def people(database: Database, now: datetime) -> None:
    with database.write() as session:
        home = make.branch(session, "b1", now, parent=make.branch(session, "city", now))
        make.grant(session, make.member(session, "editor", home, now), Role.EDITOR, now)


@pytest.fixture
def editor(client: FlaskClient, bearer: Callable[[str], dict[str, str]]) -> Person:
    return Person(client, bearer("editor"))


def bring(editor: Person, *lines: str) -> str:
    fields = {"file": (BytesIO("\n".join(lines).encode()), "题库.csv")}
    answer = editor.post("/admin/banks/import", fields)
    editor.upload = answer.request.path
    return answer.get_data(as_text=True)


def primary(page: str) -> list[str]:
    """What the red buttons of the page say."""
    main = page.partition("<main")[2]
    found = re.findall(r"<(?:a|button)[^>]*btn-primary[^>]*>(.*?)</(?:a|button)>", main, re.S)
    return [re.sub(r"<.*?>", "", one, flags=re.S).strip() for one in found]


def test_rows_with_a_mistake_are_decided_beside_their_cells(editor: Person, database: Database) -> None:
    page = bring(editor, HEADER, *ROWS)
    assert primary(page) == ["逐题处理"]
    assert "题干：哪个最大？\n题型：单选" in editor.desk
    editor.decide("choose:answer_C")
    editor.decide("choose:multiple")
    editor.decide("edit", text="题干：首都是？\n题型：单选\n选项A：北京\n选项B：上海\n答案：A")
    assert "舍去“分值”后采用" in editor.desk
    editor.decide("choose:without_points")
    assert "没有待处理的试题了" in editor.desk
    assert editor.taken(database) == [
        ("single", "C"), ("multiple", ["A", "C"]), ("single", "A"), ("truefalse", True),
    ]  # fmt: skip


def test_a_row_without_a_question_is_known_by_its_other_cells(editor: Person) -> None:
    bring(editor, HEADER, "单选,,苹果,白菜,梨,A,2", ROWS[0])
    listed = editor.desk.split('id="all"')[1]
    assert "题型：单选 · 选项A：苹果 · 选项B：白菜" in listed
    assert "题干：哪个最大？</a>" in listed


@pytest.mark.parametrize(
    ("rows", "title", "rest", "desk"),
    [
        (["单选,哪个最大？,一,二,,E,2"], "有些试题没能读取", "。不处理的，不采用。", "处理没能读取的试题"),
        (["判断,地球是圆的。,,,,1,2"], "有些试题存疑", "。不处理的，按读取结果采用。", "处理存疑的试题"),
        (
            ["单选,哪个最大？,一,二,,E,2", "判断,地球是圆的。,,,,1,2"],
            "有些试题存疑或没能读取", "按读取结果采用，读不了的不采用。", "处理存疑或没能读取的试题",
        ),
    ],
)  # fmt: skip
def test_the_report_says_doubtful_of_what_is_doubtful_and_not_of_what_could_not_be_read(
    editor: Person, rows: list[str], title: str, rest: str, desk: str
) -> None:
    page = bring(editor, HEADER, *rows)
    fix = page[page.index('id="fix"') :].partition("</section>")[0]
    assert re.search(rf">\s*{title}\s*</h2>", fix)
    assert rest in fix
    assert re.search(rf"<h1[^>]*>\s*{desk}\s*</h1>", editor.desk)


def test_a_row_that_is_still_wrong_when_it_was_mended_stays_on_the_desk(editor: Person) -> None:
    bring(editor, HEADER, ROWS[0])
    page = editor.decide("edit", text="题干：哪个最大？\n题型：单选\n选项A：一\n选项B：二\n答案：F")
    assert "“答案”列写的是“F”，而选项是 A、B" in page
    assert "没有找到这一列：答案" in editor.decide("edit", text="题型：单选\n题干：哪个最大？\nA. 一\nB. 二")


def test_what_was_decided_of_a_word_holds_for_the_next_sheet(editor: Person) -> None:
    bring(editor, HEADER, ROWS[2])
    editor.decide("choose:type_single", remember="me")
    assert "不认识的题型“选一选”" in editor.get("/admin/banks/uploads/rules").get_data(as_text=True)
    page = bring(editor, HEADER, "选一选,最长的河？,长江,黄河,,A,2", "猜一猜,最高的山？,珠峰,泰山,,A,2")
    assert "还有 1 题没有处理" in page


def test_where_questions_lack_a_column_that_is_not_known_the_columns_come_first(editor: Person) -> None:
    page = bring(editor, "题型,题干,甲项,乙项,标记", "单选,首都是？,北京,上海,A")
    assert primary(page) == ["按此读取"]
    assert "“甲项”、“乙项”、“标记”列的内容没有读取" in page
    assert page.index('id="columns"') < page.index('id="fix"')


def test_a_column_that_nothing_depends_on_does_not_stand_in_the_way(editor: Person) -> None:
    page = bring(editor, f"{HEADER},备注", f"{ROWS[0]},看看")
    assert primary(page) == ["逐题处理"]


def test_a_column_is_offered_as_what_its_cells_made_it(editor: Person) -> None:
    page = bring(editor, "类别,题目,选项一,选项二,对的", "单选,首都是？,北京,上海,A")
    label = page.partition(">类别</label>")[2]
    assert '<option value="type" selected>' in label.partition("</select>")[0]
