"""Plain text with the habits of real papers: verdicts before numbers, one key for all, page numbers."""

from __future__ import annotations

from typing import Any

from studyhub.questions.formats.exchange import Reading, Source
from studyhub.questions.formats.text import read


def reading(*lines: str) -> Reading:
    return read(Source("\n".join(lines).encode(), "题库.txt"))


def said(found: Reading, *keys: str) -> list[tuple[Any, ...]]:
    """These keys of each question, of which none was skipped."""
    assert found.skipped == []
    return [tuple(question.get(key) for key in keys) for question in found.questions]


def test_verdicts_and_letters_may_stand_in_front_of_the_number() -> None:
    found = reading(
        "一、判断题", "( √ )1. 入党自愿。", "（ × ）2、党费不必交。", "（正确）3．党章是根本法规。",
        "(F)4. 预备党员有表决权。",
        "二、单选题", "（ B ）1.下列正确的是", "A.甲 B.乙", "( A )2.下列错误的是", "A.甲 B.乙",
    )  # fmt: skip
    assert found.doubts == []
    assert [(p.replace("（　　）", "").strip(), a) for p, a in said(found, "prompt", "answer")] == [
        ("入党自愿。", True), ("党费不必交。", False), ("党章是根本法规。", True),
        ("预备党员有表决权。", False), ("下列正确的是", "B"), ("下列错误的是", "A"),
    ]  # fmt: skip


def test_one_verdict_before_a_number_begins_the_question_that_is_due() -> None:
    above = ("三、判断题", "1. 甲。", "答案：√", "2. 太阳绕地球转。", "答案：×")
    found = reading(*above, "（√）3. 水往低处流。")
    assert (said(found, "answer"), found.doubts) == ([(True,), (False,), (True,)], [])
    found = reading(*above, "（  ）3. 水往低处流。", "参考答案", "3. √")
    assert said(found, "answer") == [(True,), (False,), (True,)]
    options = reading(
        "1. 第一章讲什么？（A）", "A. 甲", "B. 乙", "2. 哪一章最长？（B）", "(A) 序", "(B) 3.结论"
    )
    assert said(options, "options")[1] == ({"A": "序", "B": "3.结论"},)


def test_a_next_number_written_otherwise_is_a_doubt_below_an_answer_and_none_in_a_list() -> None:
    above = ("三、判断题", "1. 甲。", "答案：√", "2. 太阳绕地球转。", "答案：×")
    found = reading(*above, "3 水往低处流。")
    assert [doubt.code for doubt in found.doubts] == ["may_hold_two"]
    found = reading(*above, "解析：（1）太阳不动。", "（2）地球转。", "（3）月亮也转。")
    assert found.doubts == []


def test_one_option_in_brackets_before_a_number_is_no_verdict() -> None:
    found = reading("1. 长度是多少？", "(A) 1.5米", "(B) 2.5米", "答案：A")
    assert said(found, "options") == [({"A": "1.5米", "B": "2.5米"},)]


def test_the_answers_of_all_may_stand_behind_one_label_as_ranges_and_pairs() -> None:
    stems = [line for at in range(1, 8) for line in (f"{at}、第{at}个（  ）。", "A.一 B.二 C.三")]
    found = reading("一、选择题", *stems, "答案：1-5：ABCAB  6：AC 7.B")
    assert found.doubts == []
    assert said(found, "answer") == [("A",), ("B",), ("C",), ("A",), ("B",), (["A", "C"],), ("B",)]


def test_a_range_with_too_few_answers_is_no_list() -> None:
    found = reading("1、甲（  ）。", "A.一 B.二", "2、乙（  ）。", "A.一 B.二", "答案：1-3：AB")
    assert {doubt.code for doubt in found.doubts} >= {"no_answer"}


def test_numbers_of_pages_belong_to_no_question_and_are_named() -> None:
    found = reading(
        "1、甲是什么",
        "A、一",
        "B、二",
        "答案：A",
        "2、乙是什么",
        "A、一",
        "B、二",
        "第 1 页 共 2 页",
        "答案：B",
        "- 2 -",
    )
    assert said(found, "options", "answer") == [({"A": "一", "B": "二"}, "A"), ({"A": "一", "B": "二"}, "B")]
    assert [(note.code, note.params["count"]) for note in found.notes] == [("text_outside", 2)]


def test_what_somebody_answered_and_scored_is_no_key() -> None:
    found = reading(
        "1、【单选题】以下哪项正确？", "A、甲", "B、乙", "我的答案：A 正确答案：B", "得分：0.0分",
        "2、宪法是哪年通过的？", "A、1954年 B、1982年", "我的答案：A", "正确选项：B",
    )  # fmt: skip
    assert found.doubts == []
    assert said(found, "answer", "explanation") == [("B", None), ("B", None)]
    assert [(note.code, note.params["count"]) for note in found.notes] == [("text_outside", 3)]


def test_words_in_a_bracket_behind_a_text_with_blanks_are_their_answers() -> None:
    found = reading("一、填空题", "1、大会每____年举行一次。（五）", "2、成立于____年____月。（1921；7）")
    assert said(found, "prompt", "answer") == [
        ("大会每[[1]]年举行一次。", [["五"]]),
        ("成立于[[1]]年[[2]]月。", [["1921"], ["7"]]),
    ]
    assert [doubt.code for doubt in found.doubts] == ["answer_in_blank"] * 2


def test_a_text_to_read_is_one_without_a_word_that_points_at_it() -> None:
    found = reading(
        "四、案例分析题", "阅读材料，回答1-2题。", "某支部有党员20名。",
        "1. 有几名？", "A. 20 B. 17", "答案：A", "2. 够吗？", "A. 够 B. 不够", "答案：A",
    )  # fmt: skip
    assert said(found, "type", "prompt") == [("passage", "某支部有党员20名。")]
    assert found.notes == []


def test_the_points_that_an_answer_should_make_are_no_part_of_the_question() -> None:
    found = reading(
        "五、论述题", "1. 试述其意义。（20分）", "答案要点：", "（1）第一点。", "（2）第二点。",
        "评分标准：每点10分。",
        "2. 再述其意义。", "答题要点：一点。",
    )  # fmt: skip
    assert said(found, "prompt", "model_answer", "explanation") == [
        ("试述其意义。", "（1）第一点。\n（2）第二点。", "每点10分。"),
        ("再述其意义。", "一点。", None),
    ]


def test_a_statement_may_be_judged_by_the_letter_of_an_option_in_its_bracket() -> None:
    found = reading("判断题", "1. 甲正确。（ B ）", "A. 对  B. 错", "2. 乙正确。(A)", "A. 正确  B. 错误")
    assert found.doubts == []
    assert said(found, "type", "prompt", "answer") == [
        ("truefalse", "甲正确。", False),
        ("truefalse", "乙正确。", True),
    ]


LETTERED = """A. 单项选择题
1. 首都是哪里？（B）
A. 上海
B. 北京
B. 多项选择题（每题2分）
2. 哪些是直辖市？
A. 上海
B. 北京
答案：AB

C、判断题
3. 长江是最长的河。（√）
"""


def test_sections_that_are_lettered_by_hand_are_no_options() -> None:
    found = read(Source(LETTERED.encode(), "a.txt"))
    assert [(one["type"], one.get("options"), one.get("points")) for one in found.questions] == [
        ("single", {"A": "上海", "B": "北京"}, None),
        ("multiple", {"A": "上海", "B": "北京"}, "2"),
        ("truefalse", None, None),
    ]
    assert ([doubt.code for doubt in found.doubts], found.notes, found.skipped) == ([], [], [])


def test_types_of_questions_may_be_options() -> None:
    paper = (
        "1. 哪种题由人评分？\nA. 判断题\nB. 简答题\n2. 哪种题有选项？\nA. 简答题\nB. 单选题\n答案：1.B 2.B\n"
    )
    found = read(Source(paper.encode(), "a.txt"))
    assert [one["options"] for one in found.questions] == [
        {"A": "判断题", "B": "简答题"},
        {"A": "简答题", "B": "单选题"},
    ]
