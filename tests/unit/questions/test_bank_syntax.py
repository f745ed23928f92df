"""What YAML trips over is said in the writer's terms, and hides no other mistake."""

from __future__ import annotations

import pytest

from studyhub.kernel.faults import Severity
from studyhub.questions.bank_file import check

from .bank_texts import GOOD, HEAD, alone, checked, fault, found


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        ("prompt: [单选] 下列哪个", 13, "must_quote"),
        ("prompt: [[1]] 是什么", 13, "must_quote"),
        ("prompt: [单选]", 13, "must_quote"),
        ("prompt: {{a}} 加一", 13, "must_quote"),
        ("prompt: {a} 加一", 13, "must_quote"),
        ("prompt: **重要**的是", 13, "must_quote"),
        ("prompt: *重要*的是", 13, "must_quote"),
        ("prompt: `代码`是", 13, "must_quote"),
        ("prompt: @某人", 13, "must_quote"),
        ("prompt: 题目: 内容", 13, "colon_in_text"),
        ('prompt: "引文"的意思', 13, "text_after_quote"),
        ("prompt: 关于 C # 语言", 13, "comment_after_text"),
        ("prompt: &重要", 13, "must_quote"),
        ("prompt：下列哪个", 5, "fullwidth_colon"),
        ("题干：下列哪个", 5, "fullwidth_colon"),
        ("prompt 下列哪个", 5, "no_colon"),
        ('prompt: "没有结束', 13, "unclosed_quote"),
        ("prompt: !!str 文字", 13, "tag"),
        ("prompt: &a 文字", 13, "anchor"),
        ("prompt: *a", 13, "alias"),
    ],
)
def test_what_yaml_trips_over_is_said_in_the_writers_terms(line: str, column: int, code: str) -> None:
    result = checked(f"  - id: x\n    type: truefalse\n    {line}\n    answer: 对\n")
    assert (15, column, code) in found(result)
    assert result.questions == 2


def test_one_bracket_hides_no_other_mistake() -> None:
    result = checked(
        "  - id: x\n    type: truefalse\n    prompt: [单选] 哪个\n    answer: 对\n"
        "  - id: y\n    type: truefalse\n    prompt: 题: 目\n    answer: 对\n"
        "  - id: z\n    type: truefalse\n    prompt: 可以\n    answer: 也许\n"
    )
    errors = [(f.line, f.code) for f in result.faults if f.is_error]
    assert errors == [(15, "must_quote"), (19, "colon_in_text"), (24, "not_a_verdict")]
    assert result.questions == 4


def test_a_broken_head_does_not_hide_the_questions() -> None:
    result = checked("    points: 0\n", head=HEAD.replace("标题", "题: 目"))
    assert [(f.line, f.column, f.code) for f in result.faults] == [
        (2, 8, "colon_in_text"),
        (13, 13, "bad_points"),
    ]
    assert result.questions == 1


def test_questions_that_cannot_be_read_are_not_missing_as_well() -> None:
    result = alone("  - id: x\n    type: truefalse\n    prompt: &a 文字\n    answer: 对\n")
    assert found(result) == [(7, 13, "anchor")]


def test_a_question_that_cannot_be_read_is_named_all_the_same() -> None:
    result = checked("  - type: truefalse\n    id: x\n    prompt: [单选] 哪个\n    answer: 对\n")
    assert fault(result, "must_quote").subject == "x"


def test_a_full_width_colon_does_not_hide_the_rest_of_its_question() -> None:
    result = checked("  - id: x\n    type：truefalse\n    prompt: 可以\n    answer: 也许\n")
    errors = [(f.line, f.code) for f in result.faults if f.is_error]
    assert errors == [(14, "fullwidth_colon"), (16, "not_a_verdict")]


def test_full_width_colons_in_texts_are_fine() -> None:
    assert checked(GOOD.replace("good", "x").replace("下列哪一个口令最安全？", "请看：哪个对")).errors == 0


def test_a_comment_set_off_by_two_blanks_is_only_advised_against() -> None:
    result = checked("  - id: x\n    type: truefalse\n    prompt: 可以   # 注\n    answer: 对  # 注\n")
    assert [f.severity for f in result.faults if f.code == "comment_after_text"] == [Severity.WARNING]


def test_a_tab_in_the_indentation_is_named() -> None:
    assert (14, 1, "tab_indent") in found(checked("  - id: x\n\ttype: truefalse\n"))


@pytest.mark.parametrize("word", ["no", "yes", "on", "1:30", "012", "3.10", "N", "2026-01-01", "0x1F", "="])
def test_scalars_stay_the_text_that_was_typed_and_look_alikes_are_warned_about(word: str) -> None:
    text = f"  - id: x\n    type: blank\n    prompt: 填 [[1]]\n    answer: [[{word}]]\n    explanation: 解\n"
    result = checked(text)
    assert [(f.line, f.column, f.code) for f in result.faults] == [(16, 15, "look_alike")]
    assert result.bank is not None
    assert result.bank.questions[1].content.accepted == ((word,),)
    assert checked(text.replace(f"[[{word}]]", f"[['{word}']]")).faults == []


def test_a_byte_order_mark_and_windows_line_ends_are_fine() -> None:
    text = (
        HEAD
        + GOOD
        + "    points: 0\n  - id: x\n    type: truefalse\n    prompt: [单选] 哪个\n    answer: 对\n"
    )
    data = b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()
    assert found(check(data)) == [
        (13, 13, "bad_points"),
        (14, 5, "no_explanation"),
        (16, 13, "must_quote"),
    ]


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"", (1, 1, "empty_file")),
        (b"# only a comment\n", (1, 1, "empty_file")),
        ("bank: b\ntitle: 标题".encode("gb18030"), (2, 8, "not_utf8")),
        ("bank: b".encode("utf-16"), (1, 1, "not_utf8")),
        (b"bank: b\ntitle: a\x00b\n", (2, 9, "bad_character")),
        ("bank: b\ntitle: 甲\u2028乙\n".encode(), (2, 9, "bad_character")),
        (b"- a\n", (1, 1, "not_a_mapping")),
        ("bank：b\ntitle：c\n".encode(), (1, 1, "fullwidth_colon")),
        (b"%YAML 1.1\n---\nbank: b\n", (1, 1, "directive")),
        (b"bank: b\n---\nbank: c\n", (2, 1, "many_documents")),
        (b"bank: b\ntitle: t\nlanguage: zh\nquestions: []\n", (4, 12, "no_questions")),
        ("bank: b\nlevel: 机密★1年\n".encode(), (2, 8, "secret_level")),
        ("bank: b\nlevel: 秘密\n".encode(), (2, 8, "secret_level")),
        ("bank: b\ntitle: 绝密★启用前\n".encode(), (2, 8, "secret_mark")),
        ("bank: b\nlevel: 内部\n".encode(), (2, 8, "unknown_word")),
    ],
)
def test_a_file_that_is_none_of_ours_says_why(data: bytes, place: tuple[int, int, str]) -> None:
    assert place in found(check(data))


def test_a_word_with_a_slip_hides_no_other_mistake() -> None:
    result = alone(GOOD.replace("single", "单选").replace("answer: B", "answer: E"))
    assert [f.code for f in result.faults] == ["unknown_word", "not_an_option"]


def test_a_line_to_be_quoted_hides_no_other_mistake_of_its_question() -> None:
    broken = (
        GOOD.replace("prompt: ", "题干：[单选] ")
        .replace("A: 自己", "A: *自己")
        .replace("answer: B", "answer: E")
    )
    assert found(alone(broken)) == [
        (7, 5, "fullwidth_colon"),
        (7, 5, "chinese_key"),
        (7, 8, "must_quote"),
        (9, 10, "must_quote"),
        (11, 13, "not_an_option"),
    ]


def test_a_comment_after_a_mended_line_is_a_comment() -> None:
    """What was read stands where it was typed: the comment in the next line does not follow the answer."""
    broken = GOOD.replace("prompt: ", "prompt：").replace(
        "    explanation", "   # 由编者核对\n    explanation"
    )
    assert found(alone(broken)) == [(7, 5, "fullwidth_colon")]


OPTIONS = "options:\n      A: 自己的生日\n      B: 长口令\n"
FULLWIDTH = "options: ｛A: 自己的生日, B: 长口令｝\n"
STRAY = HEAD.replace("title", "text title\ntitle")


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("网络安全题库\n" + HEAD + GOOD, [(1, 1, "no_colon")]),
        (STRAY + GOOD, [(2, 1, "no_colon")]),
        (STRAY + GOOD + "text title\n", [(2, 1, "no_colon"), (14, 1, "no_colon")]),
        (HEAD + GOOD + "---\nbank: u\n", [(13, 1, "many_documents")]),
        (HEAD + GOOD.replace(OPTIONS, FULLWIDTH), [(8, 14, "fullwidth_bracket")]),
        (HEAD + GOOD.replace("prompt: 下列", "prompt: # 下列"), [(7, 13, "must_quote")]),
        (
            HEAD + GOOD.replace("explanation: 长", "explanation: # 长"),
            [(5, 5, "no_explanation"), (12, 18, "comment_after_text")],
        ),
        ("[" * 200_000, [(1, 21, "too_deep")]),
        ("a: " + "{b: " * 30, [(1, 80, "too_deep")]),
    ],
)
def test_a_slip_outside_of_texts_is_told_where_it_is(text: str, places: list[tuple[int, int, str]]) -> None:
    assert found(check(text.encode())) == places
