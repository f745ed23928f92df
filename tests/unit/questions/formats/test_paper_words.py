"""What a paper shows is what a person should see, and what comes back of it is the same; else it is named."""

from __future__ import annotations

from typing import Any

import pytest

from studyhub.kernel.package import Package
from studyhub.questions.formats import FORMATS, wording
from studyhub.questions.formats.exchange import Draft, Source, Writing
from studyhub.questions.formats.text import read as read_text
from tests.factories import word
from tests.factories.sight import seen

LAID = ("docx", "text")
QUESTION: dict[str, Any] = {"id": "q", "type": "truefalse", "answer": True}


def written(name: str, prompt: str) -> Writing:
    write = FORMATS[name].write
    assert write is not None
    return write(Draft({"bank": "b", "title": "t", "language": "zh"}, [QUESTION | {"prompt": prompt}]))


def back(name: str, writing: Writing) -> str:
    read = FORMATS[name].read
    assert read is not None
    (question,) = read(Source(writing.data, f"b{writing.suffix}")).questions
    return str(question["prompt"])


@pytest.mark.parametrize("name", LAID)
@pytest.mark.parametrize(
    "typed", ["1. 执行 $my_var=$other 后，值为 1。", "1. 花 $5 元买 a_1$ 可以。", "1. 写 $a_1，$b_1 两个。"]
)
def test_dollars_of_programs_and_prices_are_no_formulas(name: str, typed: str) -> None:
    if name == "text":
        found = read_text(Source(f"{typed}\n答案：对".encode(), "a.txt"))
    else:
        found = FORMATS["docx"].read(Source(word.made([typed, "答案：对"]), "a.docx"))  # type: ignore[misc]
    (question,) = found.questions
    assert seen(question["prompt"]) == tuple(typed[3:].split())


@pytest.mark.parametrize("name", LAID)
@pytest.mark.parametrize("formula", ["求$x^2$的值", "$Na^+$ 是离子", "$2 x^2$ 为正", "有$x_1^*$个"])
def test_formulas_beside_chinese_words_stay_formulas(name: str, formula: str) -> None:
    made = written(name, f"甲 {formula}，对吗？")
    assert seen(back(name, made)) == seen(f"甲 {formula}，对吗？")


@pytest.mark.parametrize("name", LAID)
@pytest.mark.parametrize("prompt", [r"\$a_1\$ 与", "`$x_1$` 是变量"])
def test_a_text_that_would_be_read_as_a_formula_stays_out(name: str, prompt: str) -> None:
    writing = written(name, prompt)
    assert [(one.place.name, one.code) for one in writing.skipped] == [("q", "layout_misread")]


@pytest.mark.parametrize("name", LAID)
@pytest.mark.parametrize("prompt", [r"价格 \$5 与 \$6", r"\*重要\* 的 a\_b", r"路径 C:\\temp\\a"])
def test_backslashes_of_markdown_are_not_printed(name: str, prompt: str) -> None:
    writing = written(name, prompt)
    assert writing.skipped == []
    main = writing.data if name == "text" else Package(writing.data).read("word/document.xml") or b""
    for word_seen in seen(prompt):
        assert str(word_seen).encode() in main
    assert seen(back(name, writing)) == seen(prompt)


@pytest.mark.parametrize("name", LAID)
def test_a_formula_that_is_read_as_it_is_typed_is_named(name: str) -> None:
    writing = written(name, r"甲 $\dfrac{1}{2}$kg")
    assert [note.places[0].name for note in writing.notes if note.code == "formatting_lost"] == ["q"]
    assert seen(back(name, writing)) == ("甲", r"$\dfrac{1}{2}$kg")


@pytest.mark.parametrize("name", LAID)
def test_a_sign_of_a_private_plane_is_shown_as_unknown_and_named(name: str) -> None:
    writing = written(name, "字\U000f0001形")
    assert [note.places[0].name for note in writing.notes if note.code == "signs_replaced"] == ["q"]
    assert back(name, writing) == "字\ufffd形"


@pytest.mark.parametrize("name", LAID)
def test_items_of_a_list_stand_on_lines_of_their_own(name: str) -> None:
    prompt = "下列做法：\n\n- **甲**\n- 乙\n\n1. 子\n2. 丑\n\n都对。"
    writing = written(name, prompt)
    assert writing.skipped == []
    assert [note.places[0].name for note in writing.notes if note.code == "formatting_lost"] == ["q"]
    assert back(name, writing) == "下列做法：\n· 甲\n· 乙\n（1） 子\n（2） 丑\n都对。"


@pytest.mark.parametrize("name", LAID)
def test_a_table_comes_back_as_its_rows_and_that_is_named(name: str) -> None:
    writing = written(
        name, "看表：\n\n| 支部 | **应到** | |\n| - | - | - |\n| 一 | | 20 |\n| 二 | 1\\|2 | |\n\n多少？"
    )
    assert writing.skipped == []
    assert [note.places[0].name for note in writing.notes if note.code == "formatting_lost"] == ["q"]
    assert back(name, writing) == "看表：\n支部\t应到\n一\t\t20\n二\t1|2\n多少？"


def test_a_table_that_word_would_have_read_as_questions_stays_out_with_its_reason() -> None:
    table = "看表：\n\n| 题目 | A | B | 答案 |\n| - | - | - | - |\n| 甲 | 1 | 2 | A |"
    writing = written("docx", table)
    assert [one.code for one in writing.skipped] == ["table_not_carried"]
    assert "table" in wording.reason(writing.skipped[0])
