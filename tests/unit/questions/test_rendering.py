from __future__ import annotations

from studyhub.questions.bank_file import check
from studyhub.questions.presentation import shown
from studyhub.questions.rendering import render
from studyhub.questions.revisions import Revision
from tests.factories.questions import file_text

QUESTIONS = """
  - id: choice
    type: single
    prompt: "**加粗（括号）**后面"
    options: {A: 甲, B: {text: $x^2$, feedback: 不对。}}
    answer: A
  - id: blanks
    type: blank
    prompt: 填 [[1]] 与 `[[2]]` 和 [[2]]
    answer: [[甲], [乙]]
"""


def revision(at: int) -> Revision:
    result = check(file_text("b", QUESTIONS.replace(" 与 `[[2]]`", "")).encode())
    assert result.bank is not None, result.faults
    question = result.bank.questions[at]
    return Revision(1, 1, "b", 1, question, render(question))


def test_a_question_is_rendered_part_by_part() -> None:
    html = revision(0).html
    assert html["prompt"] == "<p><strong>加粗（括号）</strong>后面</p>\n"
    assert html["options.A"] == "甲"
    assert "<math" in html["options.B"]
    assert html["feedback.B"] == "不对。"
    assert "explanation" not in html


def test_a_blank_is_a_place_in_the_prompt() -> None:
    html = revision(1).html["prompt"]
    assert '<span data-blank="1"></span>' in html
    assert '<span data-blank="2"></span>' in html


def test_a_paper_shows_options_in_their_order_and_never_the_key() -> None:
    part = shown(revision(0), ("B", "A"))
    assert [option["key"] for option in part["options"]] == ["A", "B"]
    assert part["options"][1]["html"] == "甲"
    assert set(part) == {"type", "prompt_html", "options"}
    assert shown(revision(1), ())["blanks"] == 2
