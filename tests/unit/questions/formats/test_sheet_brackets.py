"""A bracket that holds an answer is the answer where a sheet was typed, and text where a bank was written."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studyhub.questions.formats import FORMATS
from studyhub.questions.formats.conversion import Admitted, admit
from studyhub.questions.formats.exchange import Draft, Source

SHEETS = ("xlsx", "csv")
PIECES = (
    "（",
    "）",
    "(",
    ")",
    "【",
    "】",
    "[",
    "]",
    "_",
    "√",
    "×",
    "对",
    "正确",
    "T",
    "A",
    "AB",
    "Ｂ",
    "D",
    "答案：",
    "党",
    "。",
    "\n",
    " ",
)
PROMPTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=9).map(
    lambda all_of: "甲" + "".join(all_of) + "乙"
) | st.lists(st.sampled_from(PIECES), min_size=1, max_size=9).map("".join).map(str.strip).filter(bool)


def written_and_read(name: str, *questions: dict[str, Any]) -> tuple[Any, Admitted]:
    made = FORMATS[name]
    assert made.write is not None
    writing = made.write(Draft({"bank": "b-1", "title": "题", "language": "zh"}, questions))
    return writing, admit(Source(writing.data, "b-1" + writing.suffix), made)


def statement(prompt: str, answer: bool = True) -> dict[str, Any]:
    return {"id": "q", "type": "truefalse", "prompt": prompt, "answer": answer}


def choice(prompt: str, answer: Any = "A") -> dict[str, Any]:
    kind = "single" if isinstance(answer, str) else "multiple"
    return {"id": "q", "type": kind, "prompt": prompt, "options": {"A": "甲", "B": "乙"}, "answer": answer}


@pytest.mark.parametrize("name", SHEETS)
@pytest.mark.parametrize(
    "question",
    [
        statement("请在括号内打（√）"), statement("（×）党员。", answer=False), statement("党员(√)。"),
        statement("党员（√）", answer=False), choice("选（A）"), choice("选 __A__ 吗？"), choice("选（B）"),
        choice("哪些是（AB）？", ["A", "B"]),
    ],
)  # fmt: skip
def test_a_bracket_of_a_bank_comes_back_from_a_sheet(name: str, question: dict[str, Any]) -> None:
    writing, found = written_and_read(name, question)
    assert found.bank is not None
    assert [one.written for one in found.bank.questions] == [question]
    assert (writing.skipped, found.skipped, found.doubts) == ([], [], [])


@given(
    st.sampled_from(SHEETS),
    PROMPTS,
    st.sampled_from([statement, choice, lambda prompt: choice(prompt, ["A", "B"])]),
)
@settings(deadline=None, max_examples=150)
def test_whatever_stands_in_brackets_comes_back(name: str, prompt: str, made: Any) -> None:
    asked = made(prompt)
    _, found = written_and_read(
        name, asked, {"id": "p", "type": "passage", "prompt": "文", "questions": [asked]}
    )
    assert found.bank is not None
    alone, within = found.bank.questions
    assert alone.written == asked
    assert within.written["questions"] == [asked]
    assert found.doubts == []


def test_a_sheet_has_the_column_only_where_it_says_something() -> None:
    for question, expected in ((statement("党员（√）"), True), (statement("党员"), False)):
        writing, _ = written_and_read("csv", question)
        assert ("题干照录" in writing.data.decode("utf-8-sig")) is expected


def test_in_a_sheet_that_was_typed_the_bracket_is_still_its_answer() -> None:
    typed = "题型,题干,答案\n判断题,党员（√）,对\n".encode()
    found = admit(Source(typed, "a.csv"), FORMATS["csv"])
    assert found.bank is not None
    assert found.bank.questions[0].prompt == "党员（　　）"
