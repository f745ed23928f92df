"""Papers as a teacher expects to see them: options side by side, lists mixed, programs line by line."""

from __future__ import annotations

import io
from typing import Any

import pytest
from docx import Document
from docx.text.paragraph import Paragraph

from studyhub.questions.formats import FORMATS
from studyhub.questions.formats.exchange import Draft, Reading, Source, Writing

HEAD = {"bank": "b", "title": "1. 试卷", "language": "zh"}
"""The title would be read as a question: it stands only among the properties."""
SHORT = {"A": "甲", "B": "乙", "C": "丙", "D": "丁"}
WHOLE = "四个不相关的词连成的长口令"


def paper(name: str, **question: Any) -> tuple[Writing, list[str], Reading]:
    """What was written, its lines with text, and what is read of it."""
    made = FORMATS[name]
    assert made.write is not None
    assert made.read is not None
    writing = made.write(Draft(HEAD, [{"id": "q", "prompt": "哪一项？"} | question]))
    assert writing.skipped == []
    found = made.read(Source(writing.data, "a" + writing.suffix))
    assert found.doubts == []
    if name == "text":
        lines = writing.data.decode("utf-8-sig").split("\n")
    else:
        lines = [one.text for one in paragraphs(writing)]
    return writing, [line for line in lines if line], found


def paragraphs(writing: Writing) -> list[Paragraph]:
    return Document(io.BytesIO(writing.data)).paragraphs


@pytest.mark.parametrize("name", ["docx", "text"])
@pytest.mark.parametrize(
    ("options", "lines"),
    [
        (SHORT, ["A. 甲\tB. 乙\tC. 丙\tD. 丁"]),
        (SHORT | {"E": "戊"}, ["A. 甲\tB. 乙\tC. 丙\tD. 丁", "E. 戊"]),
        ({"A": "甲", "B": "乙", "C": "丙"}, ["A. 甲\tB. 乙\tC. 丙"]),
        ({"A": "AVERAGE(MAX)", "B": "SUM"}, ["A. AVERAGE(MAX)\tB. SUM"]),
        ({"A": "AVERAGE(A1:A9,MAX(B1:B9))", "B": "average"}, ["A. AVERAGE(A1:A9,MAX(B1:B9))", "B. average"]),
        ({"A": "有效", "B": "无效"}, ["A. 有效\tB. 无效"]),
        (SHORT | {"B": WHOLE}, [f"A. 甲\tB. {WHOLE}", "C. 丙\tD. 丁"]),
        ({"A": WHOLE * 2, "B": "乙"}, [f"A. {WHOLE * 2}", "B. 乙"]),
        ({"A": "$a$", "B": "$b^2$"}, ["A. ", "B. "]),
        ({"A": "甲 B. 乙", "B": "丙"}, ["A. 甲 B. 乙", "B. 丙"]),
    ],
)
def test_options_stand_beside_each_other_where_all_are_short(
    name: str, options: dict[str, str], lines: list[str]
) -> None:
    _writing, said, found = paper(name, type="single", options=options, answer="B")
    shown = [line for line in said if line[1:3] == ". " and line[0] in "ABCDE"]
    if "$a$" not in options.values() or name == "docx":
        assert shown == lines
    assert list(found.questions[0]["options"]) == list(options)


@pytest.mark.parametrize("name", ["docx", "text"])
def test_a_list_to_be_put_in_order_is_not_printed_in_its_order(name: str) -> None:
    for count in range(2, 9):
        items = [f"第{at}步" for at in range(count)]
        _writing, said, found = paper(name, type="order", items=items)
        printed = [line[1:] for line in said if line[0] in "①②③④⑤⑥⑦⑧"]
        assert sorted(printed) == items
        assert printed != items
        assert found.questions[0]["items"] == items


@pytest.mark.parametrize("name", ["docx", "text"])
def test_what_belongs_together_does_not_stand_in_the_same_order(name: str) -> None:
    pairs = {"大会": "每季度", "支委会": "每月", "小组会": "每月一到两次", "党课": "每月"}
    _writing, said, found = paper(name, type="match", pairs=pairs, distractors=["每年", "每周"])
    printed = [line[3:] for line in said if line[1:3] == ". " and line[0] in "ABCDEF"]
    assert printed[:4] != list(pairs.values())
    assert sorted(printed[:4]) == sorted(pairs.values())
    assert (found.questions[0]["pairs"], found.questions[0]["distractors"]) == (pairs, ["每年", "每周"])


@pytest.mark.parametrize("name", ["docx", "text"])
def test_a_program_keeps_its_lines_and_the_room_before_them(name: str) -> None:
    prompt = (
        "**输出**什么？\n\n```python\nfor i in range(3):\n    if i > 1:\n        print(i)\n```\n\n请选择。"
    )
    _writing, said, found = paper(name, type="single", prompt=prompt, options=SHORT, answer="B")
    at = said.index("1. 输出什么？")
    room = "\xa0" * 4
    program = ["for i in range(3):", f"{room}if i > 1:", f"{room * 2}print(i)"]
    assert said[at + 1 : at + 5] == [*program, "请选择。"]
    assert found.questions[0]["prompt"].split("\n")[1:3] == ["for i in range(3):", "if i > 1:"]


def test_bold_slanted_and_typed_words_look_so_in_word() -> None:
    prompt = "哪项**不正确（不对）**？*注意*，`ls -l`。\n**两\n行**"
    writing, said, _found = paper("docx", type="single", prompt=prompt, options=SHORT, answer="B")
    at = next(i for i, one in enumerate(paragraphs(writing)) if one.text.startswith("1. 哪项"))
    first, second, third = paragraphs(writing)[at : at + 3]
    toned = {run.text: (run.bold, run.italic, run.font.name) for run in first.runs}
    assert toned["不正确（不对）"] == (True, None, None)
    assert toned["注意"] == (None, True, None)
    assert toned["ls -l"] == (None, None, "Consolas")
    assert toned["1. 哪项"] == (None, None, None)
    assert [[(run.text, run.bold) for run in one.runs] for one in (second, third)] == [
        [("两", True)],
        [("行", True)],
    ]
    assert not any(sign < " " for line in said for sign in line if sign != "\t")


def test_what_is_short_about_a_question_stands_on_one_line() -> None:
    said = {"difficulty": "easy", "tags": ["甲", "乙"], "points": "2"}
    _writing, lines, found = paper("text", type="truefalse", answer=True, **said)
    assert "难度：易　　知识点：甲、乙" in lines
    assert {key: found.questions[0][key] for key in said} == said


def test_the_title_is_among_the_properties_though_it_is_not_printed() -> None:
    writing, lines, _found = paper("docx", type="truefalse", answer=True)
    assert lines[0] != HEAD["title"]
    assert Document(io.BytesIO(writing.data)).core_properties.title == HEAD["title"]


def test_a_table_of_a_question_is_one_in_word() -> None:
    prompt = "看表：\n\n| 支部 | 应到 |\n| - | - |\n| $x^2$ | |\n\n多少？"
    writing, _lines, _found = paper("docx", type="single", prompt=prompt, options=SHORT, answer="B")
    document = Document(io.BytesIO(writing.data))
    (table,) = document.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["支部", "应到"], ["", ""]]
    assert [run.bold for run in table.cell(0, 0).paragraphs[0].runs] == [True]
    assert b"<m:oMath>" in table.cell(1, 0)._tc.xml.encode()
    assert [one.style.style_id for one in table.cell(0, 0).paragraphs if one.style] == ["StemText"]
