"""连线题 and 排序题 in text, in the layouts that people use; what does not come out is never guessed."""

from __future__ import annotations

from typing import Any

import pytest

from studyhub.questions.formats.exchange import Reading, Source
from studyhub.questions.formats.text import read
from tests.factories.list_papers import listed

PAIRS = {"法国": "巴黎", "日本": "东京", "英国": "伦敦"}
ITEMS = ["递交申请", "确定积极分子", "讨论接收", "转正"]


def reading(text: str) -> Reading:
    return read(Source(text.encode(), "题库.txt"))


def only(text: str) -> dict[str, Any]:
    found = reading(text)
    assert (found.doubts, [(one.code, one.source) for one in found.skipped]) == ([], [])
    (question,) = found.questions
    return question


JOINED = [
    "1. 请连线。\nA. 法国    1. 巴黎\nB. 日本    2. 伦敦\nC. 英国    3. 东京\n答案：A-1 B-3 C-2",
    "1. 请连线。\nA．法国\t①伦敦\nB．日本\t②巴黎\nC．英国\t③东京\n答案：A—②，B—③，C—①",
    "1. 请连线。\n①法国  A.巴黎\n②日本  B.东京\n③英国  C.伦敦\n【答案】①A ②B ③C",
    "1. 请连线。\n（1）法国\n（2）日本\n（3）英国\nA. 东京\nB. 巴黎\nC. 伦敦\n答案：（1）-B；（2）-A；(3)-C",
    "1. 请连线。\n1. 法国\n2. 日本\n3. 英国\nA. 东京\nB. 巴黎\nC. 伦敦\n答案：1-B,2-A,3-C",
    "1. 请连线。\nA. 东京\nB. 巴黎\nC. 伦敦\n1. 法国\n2. 日本\n3. 英国\n答案：1B 2A 3C",
    "1. 请连线。\n①法国 ②日本 ③英国\nA.东京 B.巴黎 C.伦敦\n参考答案：①→B、②→A、③→C",
    "1. 请连线。\n法国    东京\n日本    伦敦\n英国    巴黎\n答案：法国——巴黎；日本——东京；英国——伦敦",
    "1. 请连线。\n法国 东京\n日本 伦敦\n英国 巴黎\n答案：\n法国：巴黎\n日本：东京\n英国：伦敦",
    "1. 请连线。（3分）\n答案：法国→巴黎，日本→东京，英国→伦敦",
]


@pytest.mark.parametrize("text", JOINED)
@pytest.mark.parametrize("heading", ["三、连线题\n", "四、匹配题（每题3分）\n", "【配对题】\n"])
def test_lists_to_be_joined_are_read_in_the_usual_layouts(heading: str, text: str) -> None:
    question = only(heading + text)
    pairs = question["pairs"]
    turned = {right: left for left, right in pairs.items()}
    assert PAIRS in (pairs, turned)
    assert (question["type"], question["prompt"]) == ("match", "请连线。")


ARRANGED = [
    "1. 请排序。\n①确定积极分子\n②递交申请\n③转正\n④讨论接收\n答案：②①④③",
    "1. 请排序：①确定积极分子；②递交申请；③转正；④讨论接收。\n答案：②①④③",
    "1. 请排序。（②①④③）\n①确定积极分子 ②递交申请 ③转正 ④讨论接收",
    "1. 请排序。\nA. 确定积极分子\nB. 递交申请\nC. 转正\nD. 讨论接收\n答案：BADC",
    "1. 请排序。\nA. 确定积极分子  B. 递交申请  C. 转正  D. 讨论接收\n正确答案：B→A→D→C",
    "1. 请排序。\n（1）确定积极分子\n（2）递交申请\n（3）转正\n（4）讨论接收\n答案：2143",
    "1. 请排序。\n1. 确定积极分子\n2. 递交申请\n3. 转正\n4. 讨论接收\n答案：2、1、4、3",
    "1. 请排序。\n①确定积极分子\n②递交申请\n③转正\n④讨论接收\n答案：递交申请→确定积极分子→讨论接收→转正",
    "1. 请排序。\n转正 讨论接收 递交申请 确定积极分子\n答案：递交申请 → 确定积极分子 → 讨论接收 → 转正",
]


@pytest.mark.parametrize("text", ARRANGED)
@pytest.mark.parametrize("heading", ["五、排序题\n", "六、排序题（每题2分）\n"])
def test_orders_are_read_in_the_usual_layouts(heading: str, text: str) -> None:
    question = only(heading + text)
    assert (question["type"], question["items"]) == ("order", ITEMS)
    assert question["prompt"].startswith("请排序")


def test_the_next_question_begins_behind_the_answer() -> None:
    text = (
        "一、连线题\n"
        + JOINED[4]
        + "\n"
        + JOINED[5].replace("1. 请", "2. 请", 1)
        + "\n二、判断题\n1. 对的。（√）"
    )
    found = reading(text)
    assert [question["type"] for question in found.questions] == ["match", "match", "truefalse"]
    assert found.skipped == found.doubts == []


def test_answers_at_the_end_find_their_lists() -> None:
    bare = [text.rpartition("\n")[0] for text in (JOINED[0], ARRANGED[0])]
    keys = "参考答案\n一、连线题\n1. A-1 B-3 C-2\n二、排序题\n1. ②①④③"
    found = reading(f"一、连线题\n{bare[0]}\n二、排序题\n{bare[1]}\n{keys}")
    assert found.skipped == []
    assert found.questions[0]["pairs"] == PAIRS
    assert found.questions[1]["items"] == ITEMS


def test_what_belongs_to_nothing_is_a_distractor() -> None:
    question = only("一、连线题\n1. 连。\n①法国 A.巴黎\n②日本 B.柏林\nC.东京\n答案：①A ②C")
    assert (question["pairs"], question["distractors"]) == ({"法国": "巴黎", "日本": "东京"}, ["柏林"])


def test_an_order_among_options_is_a_choice() -> None:
    question = only("一、排序题\n1. 正确的排序是（ ）。①甲②乙③丙\nA. ①②③\nB. ②①③\n答案：B")
    assert (question["type"], question["answer"]) == ("single", "B")


@pytest.mark.parametrize(
    "text",
    [
        "一、连线题\n1. 连一连\n甲 乙",
        "一、连线题\n1. 连。\n①法国 A.巴黎\n②日本 B.东京\n答案：①A",
        "一、连线题\n1. 连。\n①法国 A.巴黎\n②日本 B.东京\n答案：①A ②D",
        "一、连线题\n1. 连。\n①法国 A.巴黎\n②日本 B.东京\n答案：①A ①B",
        "一、连线题\n1. 连。\n①法国 A.巴黎\n③日本 B.东京\n答案：①A ③B",
        "一、连线题\n1. 连。\n甲 乙 丙\n答案：甲—乙；丙—丁",
        "一、连线题\n1. 连。\ne-mail 邮件 e-bank 网银\n答案：e-mail-邮件；e-bank-网银",
        "一、排序题\n1. 排。\n①甲\n②乙\n③丙\n答案：①②",
        "一、排序题\n1. 排。\n①甲\n②乙\n③丙\n答案：①②②",
        "一、排序题\n1. 排。\n①甲\n②乙\n③丙\n答案：甲→乙→丁",
        "一、排序题\n1. 排。\n①甲\n②乙",
        "一、排序题\n1. 排。\n甲 乙 丙\n答案：甲→乙",
    ],
)
def test_what_does_not_come_out_is_left_to_a_person(text: str) -> None:
    found = reading(text)
    assert found.questions == []
    assert [one.code for one in found.skipped] == ["no_layout"]
    assert found.skipped[0].source


CHOICE = "A. 甲\nB. 乙\nC. 丙\n"


@pytest.mark.parametrize(
    ("text", "answer", "more"),
    [
        (f"1. 它是__B__的先锋队。\n{CHOICE}", "B", ""),
        (f"1. 哪一个？\n{CHOICE}答案：B（乙是规定的做法）", "B", "乙是规定的做法"),
        (f"1. 哪一个？\n{CHOICE}解析：正确答案C。见第二条。", "C", "正确答案C。见第二条。"),
        (f"1. 哪一个？\n{CHOICE}解析：甲不对，乙也不对，故选C。", "C", "甲不对，乙也不对，故选C。"),
    ],
)
def test_an_answer_may_stand_where_papers_on_the_web_have_it(text: str, answer: str, more: str) -> None:
    question = only(text)
    assert (question["answer"], question.get("explanation", "")) == (answer, more)


@pytest.mark.parametrize(
    "said", ["有人认为应选C，其实不是。", "答案B错误，应当看第二条。", "正确答案A和B都有人选。", "故不选C。"]
)
def test_an_explanation_that_only_speaks_of_an_option_is_no_answer(said: str) -> None:
    found = reading(f"1. 哪一个？\n{CHOICE}解析：{said}")
    assert [doubt.code for doubt in found.doubts] == ["no_answer"]


def test_95_of_100_questions_made_of_lists_need_no_touch_and_none_is_silently_wrong() -> None:
    right = wrong = every = 0
    for seed in range(60):
        text, expected = listed(seed)
        found = read(Source(text.encode(), "题库.txt"))
        every += len(expected)
        doubtful = {doubt.at for doubt in found.doubts}
        for at, question in enumerate(found.questions):
            told = question in expected
            right += told and at not in doubtful
            wrong += not told and at not in doubtful
        assert len(found.questions) + len(found.skipped) == len(expected)
    assert (right >= every * 0.95, wrong) == (True, 0), (right, every, wrong)
