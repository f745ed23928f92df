"""Plain text in the usual Chinese layout: what is read is right, and what is a guess is said to be one."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

import pytest

from studyhub.kernel.errors import Unreadable
from studyhub.questions.formats import FORMATS, detect
from studyhub.questions.formats.conversion import admit
from studyhub.questions.formats.exchange import Reading, Source
from studyhub.questions.formats.text import read
from tests.factories.papers import paper
from tests.pace import Stopwatch

PAPERS = range(60)
AB = "A. 甲\nB. 乙"


def reading(text: str, encoding: str = "utf-8") -> Reading:
    return read(Source(text.encode(encoding), "题库.txt"))


def only(text: str) -> dict[str, Any]:
    """The one question of a text, of which nothing is doubtful."""
    found = reading(text)
    assert (found.doubts, found.skipped) == ([], [])
    (question,) = found.questions
    return question


def alike(question: dict[str, Any]) -> dict[str, Any]:
    """The question without what layout alone is: line breaks in the stem, room in a bracket, escapes."""
    plain = {key: _unescaped(value) for key, value in question.items()}
    return plain | {"prompt": re.sub(r"（\s*）", "（）", plain["prompt"]).replace("\n", "")}


def _unescaped(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _unescaped(one) for key, one in value.items()}
    return value.replace("\\", "") if isinstance(value, str) else value


def test_95_of_100_well_formed_questions_need_no_touch_and_are_read_as_they_are() -> None:
    asked = untouched = 0
    for seed in PAPERS:
        made = paper(seed)
        found = reading(made.text)
        asked += len(made.expected)
        doubtful = {doubt.at for doubt in found.doubts}
        if len(found.questions) != len(made.expected):
            assert doubtful, f"a question of paper {seed} is lost in silence"
            continue
        for at, (question, expected) in enumerate(zip(found.questions, made.expected, strict=True)):
            if at not in doubtful:
                assert alike(question) == alike(expected), f"paper {seed}"
                untouched += 1
    assert asked == 20 * len(PAPERS)
    assert untouched >= 0.95 * asked


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_text_of_any_system_says_the_same(encoding: str, end: str) -> None:
    text = paper(3).text
    assert reading(text.replace("\n", end), encoding).questions == reading(text).questions


def test_a_text_that_cannot_be_decoded_is_refused_with_its_line() -> None:
    with pytest.raises(Unreadable) as refused:
        read(Source("1. 题\nA. 甲\n".encode() + b"\xff\xfe\x80\n", "a.txt"))
    assert (refused.value.code, refused.value.params["line"]) == ("undecodable", 3)


@pytest.mark.parametrize(
    "number", ["1.", "1、", "1．", "（1）", "(1)", "①", "第1题", "１．", "⒈", "⑴", "1)", "1 "]
)
def test_stems_are_numbered_in_any_way(number: str) -> None:
    question = only(f"{number}首都是（ ）\nA. 上海\nB. 北京\n答案：B\n")
    assert (question["prompt"], question["answer"]) == ("首都是（ ）", "B")


@pytest.mark.parametrize(
    "options",
    [
        "A. 甲\nB. 乙\nC. 丙",
        "A、甲 B、乙 C、丙",
        "A．甲\tB．乙\nC．丙",
        "（A）甲（B）乙（C）丙",
        "Ａ．甲；Ｂ．乙；Ｃ．丙；",
        "A.甲B.乙C.丙",
        "A 甲\nB 乙\nC 丙",
        "a) 甲\nb) 乙\nc) 丙",
    ],
)
def test_options_stand_on_one_line_or_several(options: str) -> None:
    question = only(f"1. 选一个\n{options}\n答案：B")
    assert question["options"] == {"A": "甲", "B": "乙", "C": "丙"}


@pytest.mark.parametrize(
    "answer",
    ["答案：ABD", "【答案】ABD", "参考答案: A、B、D", "正确答案：ａｂｄ", "答案：选A,B,D。", "答案 ABD"],
)
def test_an_answer_is_labelled_in_any_way(answer: str) -> None:
    options = "A. 甲\nB. 乙\nC. 丙\nD. 丁"
    assert only(f"1. 选（ ）\n{options}\n{answer}")["answer"] == ["A", "B", "D"]


def test_an_answer_in_a_bracket_of_the_stem_leaves_its_room() -> None:
    question = only("1. 首都是（ B ）。\nA. 上海\nB. 北京")
    assert (question["prompt"], question["answer"]) == ("首都是（　　）。", "B")


@pytest.mark.parametrize(
    "key",
    [
        "1-3 BAC",
        "1~3：B A C",
        "1.B 2.A 3.C",
        "1.B2.A3.C",
        "1、B\n2、A\n3、C",
        "题号\t1\t2\t3\n答案\tB\tA\tC",
        "1．B　解析：乙。\n2．【答案】A\n3．C",
    ],
)
def test_answers_stand_in_a_list_at_the_end(key: str) -> None:
    stems = "\n".join(f"{n}. 题{n}（ ）\nA. 甲\nB. 乙\nC. 丙" for n in (1, 2, 3))
    found = reading(f"{stems}\n\n参考答案\n{key}\n")
    assert [question["answer"] for question in found.questions] == ["B", "A", "C"]
    assert not found.doubts


def test_a_list_at_the_end_is_read_section_by_section() -> None:
    text = """一、单选题
1. 甲（ ）
A. 1 万
B. 2 万
二、判断题
1. 乙。（ ）
2. 丙。（ ）
三、填空题
1. 丁____。
参考答案
一、单选题：1.B
二、判断题 1-2 √×
三、填空题
1. 戊
"""
    found = reading(text)
    assert [question["answer"] for question in found.questions] == ["B", True, False, [["戊"]]]
    assert not found.doubts


@pytest.mark.parametrize(
    ("sign", "verdict"),
    [("√", True), ("×", False), ("对", True), ("错", False), ("正确", True), ("错误", False), ("T", True)],
)
def test_a_statement_is_judged_by_any_sign(sign: str, verdict: bool) -> None:
    assert only(f"判断题\n1. 地球是圆的。（ ）\n答案：{sign}") == {
        "type": "truefalse",
        "prompt": "地球是圆的。",
        "answer": verdict,
    }
    assert only(f"判断题\n1. 地球是圆的（{sign}）。")["answer"] is verdict


def test_blanks_are_underscores_or_empty_brackets_and_each_has_its_text() -> None:
    for blank in ("____", "（　　）", "【 】", "________"):
        question = only(f"填空题\n1. 三会指{blank}、{blank}。\n答案：支部党员大会；支委会")
        assert question["prompt"] == "三会指[[1]]、[[2]]。"
        assert question["answer"] == [["支部党员大会"], ["支委会"]]


def test_what_stands_behind_labels_comes_along() -> None:
    question = only(
        "一、单选题（每题2分，共40分）\n1. 选（ ）\nA. 甲\nB. 乙\n答案：A\n解析：因为甲。\n第二行。\n"
        "难度：易\n知识点：口令、保密\n出处：《网络安全法》\n"
    )
    assert question["explanation"] == "因为甲。\n第二行。"
    assert (question["difficulty"], question["points"]) == ("easy", "2")
    assert question["tags"] == ["口令", "保密"]
    assert question["source"] == {"document": "《网络安全法》"}


def test_points_stand_in_the_heading_or_with_the_question_and_a_blank_has_its_own() -> None:
    assert only("填空题（每空1.5分）\n1. 甲____乙____\n答案：丙；丁")["points"] == "3"
    assert only("判断题（每题1分）\n1. （3分）甲。\n答案：对")["points"] == "3"


@pytest.mark.parametrize(
    ("heading", "points"),
    [
        ("五、简答题（10分）", "5"),
        ("五、简答题（共2题，共15分）", "7.5"),
        ("五、简答题：本大题满分20分", "10"),
        ("五、简答题（每题4分，共8分）", "4"),
        ("五、简答题（20分钟）", None),
        ("五、简答题（0.01分）", None),
    ],
)
def test_points_of_a_section_are_shared_by_its_questions_where_that_comes_out_even(
    heading: str, points: str | None
) -> None:
    asked = reading(f"{heading}\n1. 为什么？\n答案：因为甲。\n2. 怎么办？\n答案：这样办。").questions
    assert [each.get("points") for each in asked] == [points, points]


def test_what_another_program_writes_is_read() -> None:
    question = only("1. 下列哪个安全？[单选题]\nA.123456\nB.四个词(正确答案)\n")
    assert (question["type"], question["prompt"], question["answer"]) == ("single", "下列哪个安全？", "B")


def test_what_one_person_once_answered_is_no_part_of_a_question() -> None:
    for given in ("我的答案：B\n正确答案：A\n得分：0分", "学生答案：B 正确答案：A 得分：2"):
        question = only(f"1. 选（ ）\nA. 甲  B. 乙\n{given}\n答案解析：因为。")
        assert (question["options"], question["answer"]) == ({"A": "甲", "B": "乙"}, "A")
        assert question["explanation"] == "因为。"
    assert only("1. 某队\n得分：甲 3 乙 4\n谁赢？\nA. 甲\nB. 乙\n答案：B")["prompt"].count("得分") == 1


def test_a_semicolon_in_one_blank_may_stand_between_two_right_answers() -> None:
    found = reading("填空题\n1. ____是首都。\n答案：北京；北京市")
    assert found.questions[0]["answer"] == [["北京", "北京市"]]
    assert [one.code for one in found.doubts] == ["alternatives"]


def test_numbers_within_a_question_begin_no_other() -> None:
    text = """1. 关于以下说法：
（1）甲
（2）乙
正确的是（ ）
A. （1）
B. （2）
答案：B
解析：
1. 第一点
2. 第二点
3. 第三点
2. 圆周率约为（ ）
3.14是一个数。
A. 3.14
B. 3.15
答案：A
"""
    first, second = reading(text).questions
    assert first["options"] == {"A": "（1）", "B": "（2）"}
    assert "第三点" in first["explanation"]
    assert "3.14是一个数" in second["prompt"]


def test_a_formula_stays_one_and_other_signs_are_shown_as_they_are() -> None:
    question = only("1. 求 $x^2$，其中 a*b*c = 1\nA. $1$ 与 2_3_4\nB. 乙\n答案：A")
    assert question["prompt"] == r"求 $x^2$，其中 a\*b\*c = 1"


def test_what_asks_for_another_type_is_skipped_with_the_reason_and_its_words() -> None:
    found = reading("一、连线题\n1. 连一连\n甲 乙\n二、单选题\n1. 没有选项\n答案：A")
    assert [(one.code, one.place.at) for one in found.skipped] == [("no_layout", 2), ("no_options", 5)]
    assert found.skipped[0].source == "1. 连一连\n甲 乙"


def test_a_text_and_its_questions_are_a_passage() -> None:
    text = f"阅读下列材料，回答1-2题\n第一段。\n第二段。\n1. 选（A）\n{AB}\n2. 对的。（√）\n3. 别的。（×）"
    passage, other = reading(text).questions
    assert (passage["type"], passage["prompt"]) == ("passage", "第一段。\n第二段。")
    assert [part["answer"] for part in passage["questions"]] == ["A", True]
    assert other["prompt"] == "别的。"
    assert reading(text).doubts == []
    admitted = admit(Source(text.encode(), "a.txt"), FORMATS["text"])
    assert (admitted.read, admitted.skipped) == (2, [])


@pytest.mark.parametrize("above", ["阅读材料，回答1-2题。", "根据案例完成第1至2题"])
def test_a_text_may_be_announced_in_few_words(above: str) -> None:
    passage, other = reading(f"{above}\n一段。\n1. 选（A）\n{AB}\n2. 对的。（√）\n3. 别的。（×）").questions
    assert (passage["prompt"], len(passage["questions"])) == ("一段。", 2)
    assert other["prompt"] == "别的。"


def test_a_text_whose_questions_are_not_counted_takes_them_all_with_a_doubt() -> None:
    found = reading(f"【材料】\n一段。\n1. 选（A）\n{AB}\n2. 对的。（√）\n判断题\n3. 别的。（×）")
    assert [one["type"] for one in found.questions] == ["passage", "truefalse"]
    assert [one.code for one in found.doubts] == ["under_material"]


def test_a_text_without_questions_is_named_and_not_lost() -> None:
    found = reading("【材料】\n一段。\n一、判断题\n1. 对的。（√）")
    assert [(note.code, note.params["count"]) for note in found.notes] == [("text_outside", 2)]


def test_a_question_without_a_type_is_an_essay_only_with_a_doubt() -> None:
    assert only("简答题\n1. 简述口令。\n答：（1）长\n（2）难猜")["model_answer"] == "（1）长\n（2）难猜"
    found = reading("1. 简述口令。\n答：很长。")
    assert (found.questions[0]["type"], [one.code for one in found.doubts]) == ("essay", ["taken_for_essay"])


def test_what_is_no_question_is_named() -> None:
    found = reading("请认真作答。\n祝好！\n1. 甲。（√）\n")
    (note,) = found.notes
    assert (note.code, note.params["count"], note.params["text"]) == ("text_outside", 2, "请认真作答。")


@pytest.mark.parametrize(
    ("above", "title"),
    [
        ("2026年党风廉政建设知识测试题", "2026年党风廉政建设知识测试题"),
        ("附件1\n# **党纪学习试题**\n姓名：____", "党纪学习试题"),
        ("请认真作答。", None),
        ("单位____姓名____", None),
        ("", None),
    ],
)
def test_the_title_above_the_first_question_is_the_banks(above: str, title: str | None) -> None:
    found = reading(f"{above}\n一、判断题\n1. 甲。（√）\n附录二\n")
    assert found.head.get("title") == title
    assert title not in {note.params.get("text") for note in found.notes if title}


def test_an_answer_without_a_question_is_named() -> None:
    found = reading("判断题\n1. 甲。（ ）\n参考答案\n1.√ 2.× 3.×")
    assert [(note.code, note.params["count"]) for note in found.notes] == [("answer_unused", 2)]


def test_a_text_is_told_from_other_formats() -> None:
    assert detect(Source(paper(1).text.encode(), "题库.txt")).name == "text"
    assert detect(Source(paper(1).text.encode("gb18030"), "")).name == "text"
    # A bank file with mistakes is the checker's, whatever it is called.
    for no_text in ("bank: b\nquestions:\n- 题干：甲\n  答案：A\n", "就是一段话。"):
        with pytest.raises(Unreadable):
            detect(Source(no_text.encode(), ""))
    with pytest.raises(Unreadable):
        detect(Source("就是一段话。".encode(), "话.txt"))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("3.14", {"answer": "3.14"}),
        ("87.5 %", {"answer": "87.5", "unit": "%"}),
        ("６个月", {"answer": "6", "unit": "个月"}),
        ("-2.5（误差 0.01）", {"answer": "-2.5", "tolerance": "0.01"}),
        ("208.8 秒（误差 1%）。", {"answer": "208.8", "unit": "秒", "tolerance": "1%"}),
        ("9.8±0.1 m/s²", {"answer": "9.8", "unit": "m/s²", "tolerance": "0.1"}),
    ],
)
def test_below_a_heading_of_numbers_an_answer_is_a_number(said: str, expected: dict[str, str]) -> None:
    asked = {"type": "number", "prompt": "有多少？"}
    assert only(f"一、数值题\n1. 有多少？\n答案：{said}") == asked | expected
    assert only(f"1. [数值题] 有多少？\n答案：{said}") == asked | expected


def test_what_is_no_number_below_a_heading_of_numbers_is_a_doubtful_essay() -> None:
    found = reading("一、数值题\n1. 有多少？\n答案：六个月")
    assert found.questions == [{"type": "essay", "prompt": "有多少？", "model_answer": "六个月"}]
    assert [doubt.code for doubt in found.doubts] == ["kind_differs"]


@pytest.mark.parametrize("said", ["正确答案是AB", "参考答案AB。", "答案选AB", "本题答案AB", "答案为 AB"])
def test_letters_alone_behind_the_word_are_the_answer_without_a_colon_too(said: str) -> None:
    assert only(f"1. 哪些？\nA. 甲\nB. 乙\nC. 丙\n{said}")["answer"] == ["A", "B"]


def test_a_calculation_is_worked_out_and_no_number() -> None:
    assert only("一、计算题\n1. 有多少？\n答案：3.14")["type"] == "essay"


@pytest.mark.parametrize(
    "hostile",
    [
        "1. " * 300_000,
        "A.甲B." * 100_000,
        "答案：" * 200_000,
        "1. x\n" * 100_000,
        "(" * 500_000,
        "1. x\n" + " " * 500_000 + "(",
        "答案\n1-500 A\n" * 30_000,
        "一、" * 200_000,
        "1. 甲\n" + "A. 甲\n" * 80_000,
        "____" * 200_000,
    ],
)
def test_a_hostile_text_costs_little_time(hostile: str) -> None:
    with Stopwatch() as spent, suppress(Unreadable):
        reading(hostile)
    assert spent.seconds < 2


@pytest.mark.parametrize("styled", ["{n}. ", "（{n}）", "第{n}题 "])
def test_the_numbers_of_a_pool_of_more_than_ten_thousand_are_numbers(styled: str) -> None:
    numbers = range(9998, 10003)
    stems = "\n".join(f"{styled.format(n=n)}第 {n} 条归入哪一组？\n{AB}\n" for n in numbers)
    found = reading(f"一、单项选择题\n{stems}\n参考答案\n" + " ".join(f"{n}. {'AB'[n % 2]}" for n in numbers))
    assert (found.doubts, found.skipped) == ([], [])
    assert [question["prompt"] for question in found.questions] == [f"第 {n} 条归入哪一组？" for n in numbers]
    assert [question["answer"] for question in found.questions] == ["AB"[n % 2] for n in numbers]
