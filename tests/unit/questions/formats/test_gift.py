"""GIFT as Moodle documents it and as people write it."""

from __future__ import annotations

from typing import Any

import pytest

from studyhub.questions.formats import detect, gift
from studyhub.questions.formats.exchange import Draft, Place, Reading, Source
from studyhub.questions.formats.gift_reading import read


def reading(text: str) -> Reading:
    return read(Source(text.encode(), "x.gift"))


def only(text: str) -> dict[str, Any]:
    found = reading(text)
    assert [skipped.code for skipped in found.skipped] == []
    assert len(found.questions) == 1
    return {key: value for key, value in found.questions[0].items() if key != "id"}


def test_the_answer_may_stand_within_the_sentence() -> None:
    assert only("口令应当{=定期更换 ~贴在屏幕上#容易被看见}。") == {
        "type": "single",
        "prompt": "口令应当 \\_\\_\\_\\_\\_ 。",
        "options": {"A": "定期更换", "B": {"text": "贴在屏幕上", "feedback": "容易被看见"}},
        "answer": "A",
    }


def test_answers_may_stand_on_lines_of_their_own_with_a_comment_above() -> None:
    text = "// 第一题\n::Q1:: 哪一个是颜色？ {\n  ~猫\n  =红\n  ~桌子\n}\n\n\n// 完\n"
    assert only(text)["answer"] == "B"
    assert reading(text).questions[0]["id"] == "q1"


@pytest.mark.parametrize(
    ("answers", "verdict"), [("T", True), ("TRUE", True), ("F", False), ("FALSE#不对#对了", False)]
)
def test_true_and_false_have_two_spellings(answers: str, verdict: bool) -> None:
    assert only(f"地球绕着太阳转。{{{answers}}}")["answer"] is verdict


def test_weights_make_several_right_answers() -> None:
    found = only("选出偶数。{~%50%二 ~%50%四 ~%-100%三}")
    assert (found["type"], found["answer"], "marking" in found) == ("multiple", ["A", "B"], False)
    assert only("选出偶数。{~%50%二 ~%50%四 ~%-50%三}")["marking"] == "net"


def test_other_weights_are_said_to_be_lost() -> None:
    found = reading("选出偶数。{~%70%二 ~%30%四 ~%-10%三}")
    assert [note.code for note in found.notes] == ["weights_lost"]


def test_a_short_answer_is_a_blank_where_it_stands() -> None:
    assert only("北京是{=中国 =中华人民共和国 =%50%亚洲}的首都。") == {
        "type": "blank",
        "prompt": "北京是[[1]]的首都。",
        "answer": [["中国", "中华人民共和国"]],
    }


def test_a_short_answer_is_what_is_typed_and_no_markdown() -> None:
    """`2*3*4` with signs escaped would mark a right answer wrong."""
    assert only("积写作{=2*3*4 =a_b_c =[html]<b>甲</b>_乙_}")["answer"] == [["2*3*4", "a_b_c", "甲_乙_"]]


@pytest.mark.parametrize(
    ("answers", "answer", "tolerance"),
    [
        ("#1822", "1822", None),
        ("#3.1415:0.0005", "3.1415", "0.0005"),
        ("#1..5", "3", "2"),
        ("# =1822:0 =%50%1822:2", "1822", None),
    ],
)
def test_a_number_has_a_tolerance_or_a_range(answers: str, answer: str, tolerance: str | None) -> None:
    found = only(f"多少？{{{answers}}}")
    assert (found["answer"], found.get("tolerance")) == (answer, tolerance)


def test_pairs_may_have_answers_that_belong_to_nothing() -> None:
    assert only("配对。{=法国 -> 巴黎 =日本 -> 东京 = -> 柏林}") == {
        "type": "match",
        "prompt": "配对。",
        "pairs": {"法国": "巴黎", "日本": "东京"},
        "distractors": ["柏林"],
    }


def test_escaped_signs_are_signs() -> None:
    found = only(r"集合 \{1, 2\} 中 2 \~ 3\: \= 与 \# {=对\=是 ~错\\误}")
    assert (
        found["prompt"] == "集合 {1, 2} 中 2 \\~ 3: = 与 #"
        or found["prompt"] == "集合 {1, 2} 中 2 ~ 3: = 与 #"
    )
    assert found["options"] == {"A": "对=是", "B": "错\\误"}


def test_a_category_becomes_tags_until_the_next_one() -> None:
    found = reading("$CATEGORY: $course$/top/安全/口令\n\n甲{T}\n\n$CATEGORY: 保密\n\n乙{F}\n").questions
    assert [one["tags"] for one in found] == [["安全", "口令"], ["保密"]]


def test_ids_and_tags_in_moodles_comments_are_read() -> None:
    found = reading("// [id:strong-password] [tag:安全] [tag:a\\]b]\n::口令::哪个好？{=甲 ~乙}").questions[0]
    assert (found["id"], found["tags"]) == ("strong-password", ["安全", "a]b"])


def test_the_general_feedback_is_the_explanation() -> None:
    assert only("甲{T####因为如此}")["explanation"] == "因为如此"
    assert only("谈谈看法。{}")["type"] == "essay"


def test_html_is_read_as_markdown() -> None:
    found = only("[html]<p>水是<b>什么</b>？</p>{=H<sub>2</sub>O ~CO}")
    assert found["prompt"] == "水是**什么**？"
    assert found["options"]["A"] == "H₂O"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("只是说明，没有问题。", "description"),
        ("甲{=乙 ~丙", "gift_unclosed"),
        ("甲{乙}", "gift_answers"),
        ("甲{=乙 =丙 ~丁}", "one_right_answer"),
        ("甲{~%-50%乙 ~%-50%丙}", "no_right_answer"),
        ("甲{#很多}", "no_number"),
    ],
)
def test_what_is_no_question_is_skipped_with_its_reason(text: str, code: str) -> None:
    found = reading(f"好的{{T}}\n\n{text}\n\n也好{{F}}")
    assert len(found.questions) == 2
    assert [(one.place, one.code) for one in found.skipped] == [(Place.question(2), code)]


def test_questions_without_an_empty_line_between_them_are_questions_of_their_own() -> None:
    found = reading(
        "::一::火是热的。{T}\n::二::水是\n干的。{F}\n下列哪一个\n是红色？{\n=血\n~草}\n首都是{=北京}，\n对吗？\n冰{=冷}的"
    )
    assert [question["prompt"] for question in found.questions] == [
        "火是热的。", "水是\n干的。", "下列哪一个\n是红色？", "首都是[[1]]，\n对吗？", "冰[[1]]的"
    ]  # fmt: skip
    assert not found.skipped
    assert not found.doubts


def test_two_answers_in_one_line_are_doubtful() -> None:
    found = reading("火是热的。{T} 水是干的。{F}")
    assert [doubt.code for doubt in found.doubts] == ["gift_joined"]


def test_escaped_braces_part_nothing() -> None:
    assert only("集合\\{1\\}有{=1}个\n元素\\{？") == {
        "type": "blank",
        "prompt": "集合{1}有[[1]]个\n元素{？",
        "answer": [["1"]],
    }


def test_a_rule_that_weights_cannot_say_is_named_on_export() -> None:
    question = {
        "id": "q",
        "type": "multiple",
        "prompt": "?",
        "options": {"A": "1", "B": "2"},
        "answer": ["A"],
    }
    draft = Draft({"bank": "b", "title": "t", "language": "zh"}, [question | {"marking": "exact"}])
    written = gift.write(draft)
    assert [(note.code, note.places) for note in written.notes] == [("marking_changed", (Place.named("q"),))]
    assert b"~%100%1" in written.data


def test_an_id_is_of_the_question_below_it_without_an_empty_line_too() -> None:
    first = "// [id:one] [tag:甲]\n::一::首都是{=北京}\n"
    second = "// [id:two] [tag:乙]\n::二::大海是{=蓝}\n"
    found = reading(f"{first}{second}$CATEGORY: 丙\n::三::天是{{=高}}\n")
    assert [(one["id"], one["tags"]) for one in found.questions] == [
        ("one", ["甲"]),
        ("two", ["乙"]),
        ("", ["丙"]),
    ]


def test_a_comment_within_the_braces_parts_nothing() -> None:
    found = only("首都是{\n=北京\n// 不是上海\n~上海\n}")
    assert found["options"] == {"A": "北京", "B": "上海"}


def test_braces_in_a_paper_or_in_aiken_make_no_gift_of_it() -> None:
    paper = (
        "一、单项选择题\n1. 下面的循环 for(;;){} 会怎样？（ B ）\nA. 结束\nB. 不停\n解析：没有条件。\n\n"
        "2. 空字典怎么写？\nA. {}\nB. class A { ~A(); }\nC. {T}\n答案：A\n"
    )
    assert detect(Source(paper.encode(), "c.txt")).name == "text"
    aiken = "What is printed by print({})?\nA. {}\nB. None\nANSWER: A\n"
    assert detect(Source(aiken.encode(), "aik.txt")).name == detect(Source(aiken.encode())).name == "aiken"


@pytest.mark.parametrize(
    "text",
    [
        "Paris?{=yes ~no}",
        "::x::Say something.{}",
        "// one\nSay something.{}",
        "The sun rises.{T}",
        "Two?{#2}",
    ],
)
def test_gift_is_recognised_without_its_suffix(text: str) -> None:
    assert detect(Source(text.encode(), "x.txt")).name == "gift"


def test_the_suffix_names_gift_even_where_the_first_sign_is_a_brace() -> None:
    assert detect(Source(b"{=Paris ~Rome} is a capital.", "x.gift")).name == "gift"


def test_formulas_of_plain_text_stay_formulas() -> None:
    found = only(r"::b::Wert $$\\frac\{a_1\}\{b\} * 2$$, \\(x^2\\) und 2*3*4 {=$$a_1$$ ~2}")
    assert found["prompt"] == r"Wert $$\frac{a_1}{b} * 2$$, $x^2$ und 2\*3\*4"
    assert found["options"] == {"A": "$$a_1$$", "B": "2"}


def test_entities_are_the_signs_that_browsers_show() -> None:
    found = only("::a::Is 3 &lt; 4 &amp; it&#39;s? {=&lt;b&gt;#&hearts; ~[plain]&lt;i&gt; ~AT&T; &nosuch;}")
    assert found["prompt"] == "Is 3 < 4 & it's?"
    assert found["options"] == {
        "A": {"text": "<b>", "feedback": "♥"},
        "B": "\\&lt;i\\&gt;",
        "C": "AT&T; &nosuch;",
    }
