"""The heads of sheets as people and other programs write them; the cells tell what a head leaves open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from studyhub.questions.formats import FORMATS
from studyhub.questions.formats.conversion import Admitted, admit
from studyhub.questions.formats.exchange import Source
from studyhub.questions.formats.sheets.columns import bind, legend, meant


def admitted(*rows: Sequence[Any]) -> Admitted:
    text = "\n".join("\t".join(map(str, row)) for row in rows)
    return admit(Source(text.encode(), "x.csv"), FORMATS["csv"])


def written(*rows: Sequence[Any]) -> list[dict[str, Any]]:
    found = admitted(*rows)
    assert found.bank is not None
    assert list(found.skipped) == []
    return [question.written for question in found.bank.questions]


@pytest.mark.parametrize(
    ("headers", "column"),
    [
        ("题干（必填）|试题题干(必填)|*题目|题目名称|试题内容|小题题干|题目描述", "prompt"),
        ("题型 （必填）|试题类型(必填，题型请用下拉菜单实现）|题目类型|题型(1单选\n2多选)", "type"),
        (
            "正确答案\n（必填）|标准答案|参考答案|试题答案|正确选项|正确选项/答案|正确项|答案选项|对的|标答",
            "answer",
        ),
        ("解析\n（勿删）|试题解析|题目解析|整体解析|答案详解|说明", "explanation"),
        ("分数|本题分数|试题分值|每题分值|分值(分)", "points"),
        ("难易度|题目难度|难度系数|难度(1-简单,2-中等,3-困难)", "difficulty"),
        ("章节\n（勿删）|所属章节|知识点一级|一级分类|目录|标签|知识点名称|科目|关键词", "tags"),
        (
            "A|选项A|选项 A|A选项|选项一|选项1|选项①|选项甲|答案A|备选答案A|Option A|选项A内容|选项a",
            "option A",
        ),
        ("选项H\n(勿删)|选项八|选项8", "option H"),
        ("选项B解析|B反馈", "feedback B"),
        ("序号|题号|试题编号|选项数|备注|姓名|图片URL|状态|考试人员类型|正确答案文本", ""),
    ],
)
def test_heads_of_real_sheets_are_known(headers: str, column: str) -> None:
    assert {header: meant(header) for header in headers.split("|")} == dict.fromkeys(
        headers.split("|"), column
    )


def test_a_sheet_with_counted_options_and_its_types_under_a_vague_word_is_read_without_a_touch() -> None:
    found = admitted(
        ("序号", "类别", "题目", "选项一", "选项二", "选项三", "对的", "分值"),
        (1, "单选", "哪一个？", "甲", "乙", "丙", "B", "2分"),
        (2, "多选", "哪些？", "甲", "乙", "丙", "AC", "4分"),
        (3, "判断", "地球是圆的。", "", "", "", "对", 1),
    )
    assert (found.doubts, list(found.skipped), list(found.notes)) == ([], [], [])
    assert found.bank is not None
    assert [question.type for question in found.bank.questions] == ["single", "multiple", "truefalse"]


def test_a_vague_word_above_other_words_holds_tags_and_so_do_further_columns() -> None:
    [one, _two] = written(
        ("类型", "题干", "选项1", "选项2", "答案", "章节", "标签"),
        ("消防", "哪一个？", "甲", "乙", 2, "第一章", "必考、口诀"),
        ("单选", "哪个？", "甲", "乙", 1, "", ""),
    )
    assert one["answer"] == "B"
    assert one["tags"] == ["消防", "第一章", "必考", "口诀"]


def test_of_two_columns_for_the_same_the_surer_word_counts_and_the_other_is_told() -> None:
    found = bind(("标题", "题干", "题型", "类别"), {}, lambda at: iter(("单选",)))
    assert found.bound == {1: "prompt", 2: "type", 3: "tags"}
    assert found.strange == {0: "标题"}


def test_signs_that_a_head_explains_are_read_as_it_says() -> None:
    assert legend("题型（0单选，1判断，2多选）") == {"0": "单选", "1": "判断", "2": "多选"}
    assert legend("答案（多选用英文逗号分隔，如：A,B）") == {}
    found = written(
        (
            "题型（0单选，1判断，2多选）",
            "题干",
            "选项A",
            "选项B",
            "答案(A对 B错)",
            "难度(1-简单,2-中等,3-困难)",
        ),
        (0, "哪一个？", "甲", "乙", "A", 1),
        (2, "哪些？", "甲", "乙", "AB", 2),
        (1, "地球是圆的。", "", "", "A", 3),
    )
    assert [(one["type"], one["answer"], one.get("difficulty")) for one in found] == [
        ("single", "A", "easy"),
        ("multiple", ["A", "B"], None),
        ("truefalse", True, "hard"),
    ]


@pytest.mark.parametrize(
    ("header", "cells", "answer", "right"),
    [
        ("选项0,选项1,选项2", "甲,乙,丙", "0", "A"),
        ("选项1,选项2,选项3", "甲,,丙", "3", "C"),
        ("选项A,选项B,选项C", "甲,乙,丙", "选B", "B"),
        ("选项A,选项B,选项C", "A型,B型,AB", "AB", "C"),
    ],
)
def test_an_answer_names_an_option_as_its_head_does(header: str, cells: str, answer: str, right: str) -> None:
    [one] = written(
        ("题型", "题干", *header.split(","), "答案"), ("单选", "哪一个？", *cells.split(","), answer)
    )
    assert one["answer"] == right


@pytest.mark.parametrize("answer", ["甲、丙", "甲|丙", "1,3", "13", "A/C"])
def test_several_right_options_may_be_said_in_their_own_words(answer: str) -> None:
    [one] = written(
        ("题型", "题干", "选项1", "选项2", "选项3", "答案"), ("多选", "哪些？", "甲", "乙", "丙", answer)
    )
    assert one["answer"] == ["A", "C"]


def test_an_answer_that_fits_two_options_is_a_doubt_with_the_other_reading() -> None:
    found = admitted(
        ("题型", "题干", "选项A", "选项B", "选项C", "答案"), ("单选", "2+1＝？", "2", "3", "4", "3")
    )
    [doubt] = found.doubts
    assert (doubt.code, doubt.params["answers"]) == ("answer_two_ways", ("B", "C"))
    assert [(choice.name, choice.item["answer"]) for choice in doubt.choices] == [("answer_C", "C")]


def test_difficulties_that_count_are_told_and_a_share_of_one_is_no_count() -> None:
    rows = [("题型", "题干", "答案", "难度"), *(("判断", f"第{n}句。", "对", n) for n in (1, 2, 3, 4, 5))]
    assert [one.get("difficulty") for one in written(*rows)] == ["easy", "easy", None, "hard", "hard"]
    assert [note.code for note in admitted(*rows).notes] == ["difficulty_counted"]
    assert [one["difficulty"] for one in written(rows[0], ("判断", "甲。", "对", "35%"))] == ["0.35"]


@pytest.mark.parametrize(
    ("answer", "verdict"), [("不对", False), ("错误。", False), ("X", False), ("真", True)]
)
def test_more_words_for_right_and_wrong(answer: str, verdict: bool) -> None:
    [one] = written(("题型", "题干", "答案"), ("判断题", "地球是圆的。", answer))
    assert one["answer"] is verdict
