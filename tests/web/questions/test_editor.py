"""The editor of a question: a form that works without a script, and keeps what was typed."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from studyhub.db.database import Database
from studyhub.questions.types import TYPES
from tests.factories import exams
from tests.factories.questions import file_text, import_bank, singles

from .conftest import Browser
from .editing import EDIT, Q1, TWO, filled

Browse = Callable[[str], Browser]


@pytest.fixture
def bank(database: Database, now: datetime) -> None:
    import_bank(database, TWO, now)


@pytest.mark.usefixtures("bank")
def test_what_is_saved_is_a_new_revision_by_who_saved_it(browse: Browse) -> None:
    editor = browse("editor")
    assert ">乙项</textarea>" in editor.get(EDIT).get_data(as_text=True)
    done = editor.post(EDIT, seen="1", **filled(Q1, prompt="q1 属于哪一项？"))
    assert done.request.path == "/admin/banks/cyber/questions/q1"
    assert "已保存为新版本。" in done.get_data(as_text=True)
    assert "李秀兰 · 在线编辑" in editor.get("/admin/banks/cyber/questions/q1/history").get_data(as_text=True)


@pytest.mark.usefixtures("bank")
def test_a_form_sent_back_untouched_changes_nothing_and_the_export_stays_the_same(browse: Browse) -> None:
    editor = browse("editor")
    before = editor.export("cyber", "yaml").data
    assert "没有任何改动。" in editor.post(EDIT, seen="1", **filled(Q1)).get_data(as_text=True)
    assert editor.export("cyber", "yaml").data == before


@pytest.mark.usefixtures("bank")
def test_what_was_edited_on_the_desk_exports_as_the_file_that_would_have_said_it(
    browse: Browse, database: Database, now: datetime
) -> None:
    editor = browse("editor")
    editor.post(
        EDIT, seen="1", **filled(Q1, **{"option-A": "新项", "feedback-A": "不对", "tags": "安全, 口令"})
    )
    edited = editor.export("cyber", "yaml").get_data(as_text=True)
    by_hand = TWO.replace("A: 甲项q1", "A: {text: 新项, feedback: 不对}").replace(
        "explanation: 见第q1条。", "explanation: 见第q1条。\n    tags: [安全, 口令]"
    )
    import_bank(database, by_hand.replace("bank: cyber", "bank: other"), now)
    other = editor.export("other", "yaml").get_data(as_text=True)
    assert edited == other.replace("bank: other", "bank: cyber")


@pytest.mark.usefixtures("bank")
def test_a_mistake_stands_beside_its_field_and_what_was_typed_stays(browse: Browse) -> None:
    answer = browse("editor").post(EDIT, seen="1", **filled(Q1, prompt="改过的题干", points="two"))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "改过的题干" in page
    field = page.split('data-faults="points"')[1].split("</ul>")[0]
    assert "“分值”应当是数字，“two”不是数字。" in field
    assert 'data-faults="prompt">\n  </ul>' in page or "改过" in page


@pytest.mark.usefixtures("bank")
def test_who_was_slower_is_refused_and_keeps_what_was_typed(browse: Browse) -> None:
    editor = browse("editor")
    editor.post(EDIT, seen="1", **filled(Q1, prompt="先改的"))
    late = editor.post(EDIT, seen="1", **filled(Q1, prompt="后改的"))
    page = late.get_data(as_text=True)
    assert late.status_code == 409
    assert "后改的" in page
    assert "其间已有他人修改了“q1”" in page
    assert "先改的" in editor.get("/admin/banks/cyber/questions/q1").get_data(as_text=True)


@pytest.mark.usefixtures("bank")
def test_a_change_of_another_question_does_not_bar_ones_own(
    browse: Browse, database: Database, now: datetime
) -> None:
    editor = browse("editor")
    editor.get(EDIT)
    import_bank(database, TWO.replace("见第q2条", "见第二条"), now)
    assert editor.post(EDIT, seen="1", **filled(Q1, prompt="仍可保存")).status_code == 200
    assert "见第二条" in editor.get("/admin/banks/cyber/questions/q2").get_data(as_text=True)


@pytest.mark.usefixtures("bank")
@pytest.mark.parametrize(
    "written",
    [exams.single("x"), exams.multiple("x"), exams.truefalse("x"), exams.blank("x"), exams.number("x"),
     exams.match("x"), exams.order("x"), exams.essay("x"), exams.varying("x"), exams.passage("x")],
    ids=lambda written: str(written["type"]),
)  # fmt: skip
def test_a_question_of_each_type_is_written_on_the_desk(browse: Browse, written: dict[str, Any]) -> None:
    editor = browse("editor")
    form = editor.get(f"/admin/banks/cyber/new-question?type={written['type']}")
    assert 'name="prompt"' in form.get_data(as_text=True)
    made = editor.post("/admin/banks/cyber/new-question", seen="0", **filled(written))
    assert made.request.path == "/admin/banks/cyber/questions/x"
    assert 'name="prompt"' in editor.get("/admin/banks/cyber/questions/x/edit").get_data(as_text=True)


def test_every_type_can_be_begun(browse: Browse, database: Database, now: datetime) -> None:
    import_bank(database, TWO, now)
    choice = browse("editor").get("/admin/banks/cyber/new-question").get_data(as_text=True)
    for kind in TYPES:
        assert f"new-question?type={kind}" in choice
        assert browse("editor").get(f"/admin/banks/cyber/new-question?type={kind}").status_code == 200


@pytest.mark.usefixtures("bank")
def test_a_new_true_false_question_has_no_key_until_somebody_says_it(browse: Browse) -> None:
    editor, new = browse("editor"), "/admin/banks/cyber/new-question"
    form = editor.get(f"{new}?type=truefalse").get_data(as_text=True)
    assert not re.search(r'name="answer" value="(true|false)" checked', form)
    typed = {"type": "truefalse", "id": "x", "prompt": "对吗？"}
    refused = editor.post(new, seen="0", **typed)
    assert refused.status_code == 422
    assert "对吗？" in refused.get_data(as_text=True)


@pytest.mark.usefixtures("bank")
def test_a_new_question_has_a_name_proposed_and_leads_to_one_more_like_it(browse: Browse) -> None:
    editor, new = browse("editor"), "/admin/banks/cyber/new-question"
    form = editor.get(f"{new}?type=single").get_data(as_text=True)
    [proposed] = re.findall(r'name="id" value="(single-[0-9a-f]{8})"', form)
    assert proposed not in editor.get(f"{new}?type=single").get_data(as_text=True)
    assert re.search(
        r"id: number-[0-9a-f]{8}", editor.get(f"{new}?type=number&as=text").get_data(as_text=True)
    )
    made = editor.post(new, seen="0", **filled(Q1, id=proposed, prompt="新的一题？", tags="安全, 口令"))
    assert made.request.path == f"/admin/banks/cyber/questions/{proposed}"
    page = made.get_data(as_text=True)
    assert "试题已加入题库。" in page
    [another] = re.findall(r'href="([^"]*new-question[^"]*)"[^>]*>\s*再写一题', page)
    assert re.search(
        r'name="tags"[^>]*value="安全, 口令"', editor.get(html.unescape(another)).get_data(as_text=True)
    )


@pytest.mark.usefixtures("bank")
def test_an_empty_form_says_of_each_place_what_belongs_there(browse: Browse) -> None:
    answer = browse("editor").post("/admin/banks/cyber/new-question", type="single", save="1")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    wanted = {
        "answer": "请指出正确答案。",
        "option-A": "请在这里填写选项。",
        "prompt": "请填写。",
        "id": "请填写。",
    }
    for field, said in wanted.items():
        assert said in page.split(f'data-faults="{field}"')[1].split("</ul>")[0], field


@pytest.mark.usefixtures("bank")
def test_a_new_question_takes_no_id_that_is_taken(browse: Browse) -> None:
    answer = browse("editor").post("/admin/banks/cyber/new-question", seen="0", **filled(Q1))
    assert answer.status_code == 422
    assert "这个题库中已有试题“q1”" in answer.get_data(as_text=True)


@pytest.mark.usefixtures("bank")
def test_a_question_is_edited_as_text_and_keeps_its_id(browse: Browse) -> None:
    editor = browse("editor")
    page = editor.get(f"{EDIT}?as=text").get_data(as_text=True)
    assert "- id: q1" in page
    text = "- id: q1\n  type: truefalse\n  prompt: 对吗？\n  answer: true\n  explanation: 对。\n"
    other = editor.post(EDIT, seen="1", text=text.replace("q1", "q9"))
    assert (other.status_code, "其编号不可更改" in other.get_data(as_text=True)) == (422, True)
    faulty = editor.post(EDIT, seen="1", text=text.replace("answer", "anwser"))
    assert "第 4 行：" in faulty.get_data(as_text=True)
    saved = editor.post(EDIT, seen="1", text=text)
    assert saved.request.path == "/admin/banks/cyber/questions/q1"
    # In the words that a member answers it with.
    assert "<dt>正确答案</dt><dd>正确</dd>" in saved.get_data(as_text=True)


@pytest.mark.usefixtures("bank")
def test_more_rows_and_a_preview_come_without_saving_or_judging_less(browse: Browse) -> None:
    editor = browse("editor")
    more = editor.post(EDIT, seen="1", more="1", **filled(Q1, prompt="未保存")).get_data(as_text=True)
    assert 'name="option-F"' in more
    assert 'name="option-F"' not in editor.get(EDIT).get_data(as_text=True)
    shown = editor.post(EDIT, seen="1", preview="1", **filled(Q1, prompt="未保存的**题**")).get_data(
        as_text=True
    )
    assert "未保存的<strong>题</strong>" in shown
    assert "未保存" not in editor.get("/admin/banks/cyber/questions/q1").get_data(as_text=True)


@pytest.mark.usefixtures("bank")
def test_the_script_is_told_the_preview_and_the_faults_of_each_field(browse: Browse) -> None:
    editor = browse("editor")
    told = editor.post(
        "/admin/banks/cyber/question-preview", name="q1", **filled(Q1, explanation="")
    ).get_json()
    assert "下列哪一项属于q1" in told["preview"]
    assert [fault["error"] for fault in told["faults"]["explanation"]] == [False]
    wrong = editor.post(
        "/admin/banks/cyber/question-preview", name="q1", **filled(Q1, points="-1")
    ).get_json()
    assert wrong["preview"] == ""
    assert [fault["error"] for fault in wrong["faults"]["points"]] == [True]


@pytest.mark.usefixtures("bank")
def test_markup_in_what_is_typed_never_becomes_the_pages_own(browse: Browse) -> None:
    evil = '<script>alert(1)</script><img src=x onerror=alert(1)>"'
    page = (
        browse("editor").post(EDIT, seen="1", preview="1", **filled(Q1, prompt=evil)).get_data(as_text=True)
    )
    assert "<script>alert" not in page
    assert "<img src=x" not in page


@pytest.mark.usefixtures("bank")
def test_only_who_manages_banks_edits(browse: Browse) -> None:
    for who in ("auditor", "member"):
        assert browse(who).get(EDIT).status_code == 403
        assert browse(who).post(EDIT, seen="1", **filled(Q1)).status_code == 403
        assert browse(who).post("/admin/banks/cyber/question-preview", **filled(Q1)).status_code == 403


SUMS = """
  - {id: sum, type: number, prompt: "{{a}} 加一是多少？", answer: "{{a+1}}", explanation: 加法。,
     variables: {a: {from: 2, to: 9}}}
"""
SUM = {
    "id": "sum", "type": "number", "prompt": "{{a}} 加一是多少？", "answer": "{{a+1}}",
    "explanation": "加法。", "variables": {"a": {"from": "2", "to": "9"}},
}  # fmt: skip


def test_a_question_with_variables_keeps_them_in_its_form(
    browse: Browse, database: Database, now: datetime
) -> None:
    import_bank(database, file_text("cyber", SUMS), now)
    editor = browse("editor")
    path = "/admin/banks/cyber/questions/sum"
    assert "2 加一是多少" in editor.get(path).get_data(as_text=True)
    page = editor.get(f"{path}/edit").get_data(as_text=True)
    assert 'name="var-1"' in page
    assert "{{a+1}}" in page
    editor.post(f"{path}/edit", seen="1", **filled(SUM, **{"to-1": "19"}))
    editor.post("/admin/banks/cyber/bulk", names=["sum"], act="keep_out")
    exported = editor.export("cyber", "yaml").get_data(as_text=True)
    assert "{{a+1}}" in exported
    assert "19" in exported


def test_the_preview_draws_other_values_and_its_key_follows_them(
    browse: Browse, database: Database, now: datetime
) -> None:
    import_bank(database, file_text("cyber", SUMS), now)
    editor = browse("editor")
    path = "/admin/banks/cyber/questions/sum/edit"
    first = editor.post(path, seen="1", preview="1", **filled(SUM)).get_data(as_text=True)
    assert "2 加一是多少" in first
    seen = set()
    for drawn in range(6):
        page = editor.post(path, seen="1", draw="1", drawn=str(drawn), **filled(SUM)).get_data(as_text=True)
        [value] = re.findall(r"(\d) 加一是多少", page.split('class="paper"')[1].split("</section>")[0])
        assert f"<dd>{int(value) + 1} " in page
        seen.add(value)
    assert len(seen) > 1
    assert "没有" in editor.post(path, seen="1", **filled(SUM)).get_data(as_text=True)


def test_a_passage_is_put_together_without_a_script(
    browse: Browse, database: Database, now: datetime
) -> None:
    import_bank(database, TWO, now)
    editor = browse("editor")
    path = "/admin/banks/cyber/new-question"
    typed: dict[str, Any] = {"type": "passage", "id": "reading", "prompt": "材料", "seen": "0"}
    page = editor.post(path, **typed, add="1", **{"part-type": "truefalse"}).get_data(as_text=True)
    assert 'name="p1-answer"' in page
    assert 'value="q1"' in page
    typed |= {"p1-type": "truefalse", "p1-id": "q1", "p1-prompt": "对吗？", "p1-answer": "true"}
    page = editor.post(path, **typed, add="1", **{"part-type": "essay"}).get_data(as_text=True)
    assert 'name="p2-for-1"' in page
    assert 'name="earlier" value="2"' in page
    typed |= {"p2-type": "essay", "p2-id": "q2", "p2-prompt": "为什么？", "p2-model_answer": "因为"}
    page = editor.post(path, **typed, earlier="2").get_data(as_text=True)
    assert page.index("为什么？") < page.index("对吗？")
    page = editor.post(path, **typed, **{"take-out": "2"}).get_data(as_text=True)
    assert "为什么？" not in page
    made = editor.post(path, **typed)
    assert made.request.path == "/admin/banks/cyber/questions/reading"
    assert "为什么？" in made.get_data(as_text=True)


def test_no_page_shows_what_stands_for_a_value_within(
    browse: Browse, database: Database, now: datetime
) -> None:
    with database.write() as session:
        exams.bank(session, "deep", [exams.passage("reading")], now)
    for path in ("", "/questions/reading", "/questions/reading/edit"):
        page = browse("editor").get(f"/admin/banks/deep{path}").get_data(as_text=True)
        assert "2 箱，每箱 10 件" in page
        assert "8102938" not in page


def test_a_fault_of_a_row_stands_beside_it(browse: Browse, database: Database, now: datetime) -> None:
    import_bank(database, TWO, now)
    values = filled(exams.essay("x"), **{"worth-2": "viel"})
    answer = browse("editor").post("/admin/banks/cyber/new-question", seen="0", **values)
    assert answer.status_code == 422
    field = answer.get_data(as_text=True).split('data-faults="worth-2"')[1].split("</ul>")[0]
    assert "viel" in field


def test_a_new_question_begins_as_the_others_of_its_bank_are(
    browse: Browse, database: Database, now: datetime
) -> None:
    worth = "defaults: {points: 2, tags: [安全]}\n"
    import_bank(database, file_text("cyber", singles(["q1", "q2"]), more=worth), now)
    editor, new = browse("editor"), "/admin/banks/cyber/new-question"
    page = editor.get(f"{new}?type=single").get_data(as_text=True)
    assert re.search(r'name="points"[^>]*value="2"', page)
    assert re.search(r'name="tags"[^>]*value="安全"', page)
    text = editor.get(f"{new}?type=number&as=text").get_data(as_text=True)
    assert "points: 2" in text
    # An essay is worth what its rubric adds up to.
    assert not re.search(
        r'name="points"[^>]*value="2"', editor.get(f"{new}?type=essay").get_data(as_text=True)
    )
    passage = {"type": "passage", "add": "1", "part-type": "truefalse"}
    assert re.search(r'name="p1-points"[^>]*value="2"', editor.post(new, **passage).get_data(as_text=True))
