"""Every mistake comes back with its place, what is wrong, and what was probably meant."""

from __future__ import annotations

import pytest

from studyhub.kernel.faults import Fault, Severity
from studyhub.questions.bank import Bank
from studyhub.questions.bank_file import Checked, check, refuse_twins

HEAD = "bank: b\ntitle: 标题\nlanguage: zh\nquestions:\n"
# The first question stands in lines 5 to 12; what a test adds begins in line 13.
GOOD = """\
  - id: good
    type: single
    prompt: 下列哪一个口令最安全？
    options:
      A: 自己的生日
      B: 长口令
    answer: B
    explanation: 长度决定强度。
"""


def checked(more: str = "", *, head: str = HEAD) -> Checked:
    return check((head + GOOD + more).encode())


def alone(items: str) -> Checked:
    return check((HEAD + items).encode())


def found(result: Checked) -> list[tuple[int, int, str]]:
    return [(f.line, f.column, f.code) for f in result.faults]


def fault(result: Checked, code: str) -> Fault:
    return next(f for f in result.faults if f.code == code)


def bank(text: str) -> Bank:
    result = check(text.encode())
    assert result.bank is not None, result.faults
    return result.bank


def test_a_good_bank_has_no_fault() -> None:
    result = checked()
    assert result.faults == []
    assert result.questions == 1
    assert result.bank is not None


def test_the_example_of_the_format_is_a_bank() -> None:
    text = """\
bank: cyber-hygiene              # slug, the bank's identity for ever
title: 网络安全与保密常识
language: zh                     # zh | en
level: internal                  # public | internal | restricted
source: {document: 中华人民共和国网络安全法, version: "2016"}   # what the bank rests on
defaults:                        # any question key except id, prompt, answer
  points: 2
  tags: [security]
questions:
  - id: strong-password          # slug
    type: single
    prompt: 下列哪一个口令最安全？           # Markdown, $maths$, images by relative path
    options:
      A: "123456"
      B: 四个不相关的词连成的长口令
      C: 自己的生日
      D: {text: 单位名称, feedback: 公开信息很容易被猜到。}
    answer: B
    explanation: 长度与不可预测性决定口令强度。   # shown in review
    tags: [password]             # added to the default's: security, password
    difficulty: easy             # easy | medium | hard
    source: {document: …, article: 第二十一条, version: …}
    review_by: 2027-06-30        # after this day the question is on the editor's list
"""
    question = bank(text).questions[0]
    assert (question.points, question.facility, question.tags) == (200, 8500, ("security", "password"))
    assert question.content.options[0].text == "123456"
    assert {f.severity for f in check(text.encode()).faults} == {Severity.WARNING}


@pytest.mark.parametrize(
    ("more", "line", "column", "code", "meant"),
    [
        ("    anwser: B\n", 13, 5, "unknown_key", "answer"),
        ("    Tags: [a]\n", 13, 5, "unknown_key", "tags"),
        ("    题干: 问\n", 13, 5, "chinese_key", "prompt"),
        ("    难度: 易\n", 13, 5, "chinese_key", "difficulty"),
        ("    difficulty: 易\n", 13, 17, "unknown_word", "easy"),
        ("    difficulty: esay\n", 13, 17, "unknown_word", "easy"),
        ("    level: internal\n", 13, 5, "unknown_key", None),
    ],
)
def test_an_unknown_word_comes_with_the_one_that_was_meant(
    more: str, line: int, column: int, code: str, meant: str | None
) -> None:
    one = fault(checked(more), code)
    assert (one.line, one.column, one.params["meant"], one.subject) == (line, column, meant, "good")


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ("    points: 0\n", (13, 13, "bad_points")),
        ("    points: 0.005\n", (13, 13, "bad_points")),
        ("    points: two\n", (13, 13, "not_a_number")),
        ("    difficulty: 1.2\n", (13, 17, "bad_facility")),
        ("    review_by: 2027-02-30\n", (13, 16, "not_a_day")),
        ("    shuffle: maybe\n", (13, 14, "not_boolean")),
        ("    tags: security\n", (13, 11, "not_a_list")),
        ("    source: 网络安全法\n", (13, 13, "not_a_mapping")),
        ("    unit: km\n", (13, 5, "key_of_other_type")),
        ("    max_chars: 200\n", (13, 5, "key_of_other_type")),
        ("    answer: A\n", (13, 5, "duplicate_key")),
        ("    source: {document: 甲, page: 1}\n", (13, 27, "unknown_key")),
        ("    explanation:\n      - 甲\n", (13, 5, "duplicate_key")),
        ("  - id: good\n    type: truefalse\n    prompt: 另一\n    answer: 对\n", (13, 9, "duplicate_id")),
        ("  - id: Big\n    type: truefalse\n    prompt: 另一\n    answer: 对\n", (13, 9, "bad_slug")),
        ("  - id: x\n    type: passage\n    prompt: 另一\n", (13, 5, "missing_key")),
        ("  - id: x\n    type: truefalse\n    prompt: 另一\n    answer: 也许\n", (16, 13, "not_a_verdict")),
        ("  - id: x\n    type: truefalse\n    answer: 对\n", (13, 5, "missing_key")),
        ("  - id: x\n    type: truefalse\n    prompt:\n    answer: 对\n", (15, 12, "empty_value")),
        ("  - 一道题\n", (13, 5, "not_a_mapping")),
        ("  - id: x\n    type: number\n    prompt: 几\n    answer: 1,000\n", (16, 13, "not_a_number")),
        (
            "  - id: x\n    type: number\n    prompt: 几\n    answer: 1\n    tolerance: 少许\n",
            (17, 16, "bad_tolerance"),
        ),
        ("  - id: x\n    type: blank\n    prompt: 没有空\n    answer: [[甲]]\n", (15, 13, "no_blank")),
        (
            "  - id: x\n    type: blank\n    prompt: 空 [[1]][[3]]\n    answer: [[甲], [乙]]\n",
            (15, 13, "blank_numbers"),
        ),
        (
            "  - id: x\n    type: blank\n    prompt: 空 [[1]]\n    answer: [[甲], [乙]]\n",
            (16, 13, "blank_count"),
        ),
        ("  - id: x\n    type: blank\n    prompt: 空 [[1]]\n    answer: [甲]\n", (16, 14, "answer_form")),
        (
            "  - id: x\n    type: blank\n    prompt: 空 [[1]]\n    answer: [[甲, '']]\n",
            (16, 18, "empty_text"),
        ),
    ],
)
def test_a_mistake_is_reported_at_the_offending_value(more: str, place: tuple[int, int, str]) -> None:
    result = checked(more)
    assert place in found(result)
    assert result.bank is None


OPTIONS = (
    "  - id: x\n    type: {kind}\n    prompt: 另一题问什么\n    options: {options}\n    answer: {answer}\n"
)


@pytest.mark.parametrize(
    ("kind", "options", "answer", "place"),
    [
        ("single", "{A: 甲}", "A", (16, 14, "option_count")),
        ("single", "{A: 甲, B: }", "A", (16, 24, "empty_option")),
        ("single", "{A: 甲, B: ~}", "A", (16, 24, "empty_option")),
        ("single", "{A: 甲, b: 乙, C: 丙}", "A", (16, 21, "unknown_key")),
        ("single", "[甲, 乙]", "A", (16, 14, "not_a_mapping")),
        ("single", "{A: 甲, B: 乙}", "E", (17, 13, "not_an_option")),
        ("single", "{A: 甲, B: 乙}", "[A, B]", (17, 13, "answer_form")),
        ("multiple", "{A: 甲, B: 乙}", "[A, E]", (17, 17, "not_an_option")),
        ("multiple", "{A: 甲, B: 乙}", "ABA", (17, 13, "answer_twice")),
        ("multiple", "{A: 甲, B: 乙, C: 丙}", "A", (17, 13, "one_right")),
        ("multiple", "{A: 甲, B: 乙}", "AB", (17, 13, "all_right")),
        ("single", "{A: 甲, B: '甲 '}", "A", (16, 24, "equal_options")),
        ("single", "{A: 甲, B: 以上都对}", "A", (16, 24, "sums_up")),
        ("single", "{A: 123456, B: 乙}", "A", (16, 18, "look_alike")),
    ],
)
def test_options_and_answers_are_checked_together(
    kind: str, options: str, answer: str, place: tuple[int, int, str]
) -> None:
    assert place in found(checked(OPTIONS.format(kind=kind, options=options, answer=answer)))


def test_an_answer_in_another_spelling_is_understood_as_a_hint() -> None:
    result = checked(OPTIONS.format(kind="multiple", options="{A: 甲, B: 乙, C: 丙}", answer="A、c"))
    assert fault(result, "not_an_option").params["meant"] == "[A, C]"


def test_an_option_is_not_warned_about_when_its_place_is_pinned() -> None:
    text = OPTIONS.format(kind="single", options="{A: 甲, B: 以上都对}", answer="A")
    assert "sums_up" not in [f.code for f in checked(text + "    shuffle: false\n").faults]


def test_every_fault_comes_at_once() -> None:
    result = checked("    points: 0\n    anwser: A\n  - id: y\n    type: single\n    prompt: 问\n")
    codes = [f.code for f in result.faults]
    assert codes.count("missing_key") == 2
    assert {"bad_points", "unknown_key"} <= set(codes)


def test_a_misspelt_key_is_not_called_missing_as_well() -> None:
    result = check((HEAD + GOOD.replace("answer:", "anwser:")).encode())
    assert [f.code for f in result.faults] == ["unknown_key"]


def test_a_faulty_default_is_one_mistake() -> None:
    head = HEAD.replace("questions:", "defaults: {points: viel}\nquestions:")
    result = checked(GOOD.replace("good", "other").replace("下列", "上列"), head=head)
    assert [f.code for f in result.faults if f.is_error] == ["not_a_number"]


def test_a_default_reaches_the_questions_it_means_something_to() -> None:
    head = HEAD.replace("questions:", "defaults: {marking: net, points: 3, type: single}\nquestions:")
    text = head + GOOD.replace("    type: single\n", "")
    assert bank(text).questions[0].points == 300


def test_id_prompt_and_answer_have_no_default() -> None:
    head = HEAD.replace("questions:", "defaults: {answer: A}\nquestions:")
    assert (4, 12, "not_a_default") in found(checked(head=head))


# What YAML makes of a hand-written file


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


# The file as such


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


def test_a_bank_may_teach_what_the_words_mean() -> None:
    assert checked(GOOD.replace("good", "x").replace("下列", "秘密、机密、绝密中")).errors == 0
    assert (15, 13, "secret_mark") in found(checked(GOOD.replace("good", "x").replace("下列", "机密★10年")))


def test_missing_keys_of_the_bank_are_all_named() -> None:
    faults = check(b"bank: b\n").faults
    assert [f.params["key"] for f in faults] == ["title", "language", "questions"]


def test_one_bank_in_two_files_of_a_run_is_a_fault() -> None:
    first, second = refuse_twins([("a.yaml", checked()), ("b.yaml", checked())])
    assert first.faults == []
    assert found(second) == [(1, 7, "duplicate_bank")]
    assert second.bank is None


# Advice


def test_a_prompt_that_repeats_another_is_warned_about() -> None:
    again = GOOD.replace("good", "again")
    assert fault(checked(again.replace("？", "?")), "same_prompt").params["id"] == "good"
    near = checked(again.replace("哪一个", "哪个"))
    assert fault(near, "near_duplicate").line == 15


def test_questions_with_other_numbers_are_other_questions() -> None:
    one = "  - id: {0}\n    type: number\n    prompt: 一间教室有 {1} 排座位，一共多少个？\n    answer: 1\n"
    result = checked(one.format("x", 12) + one.format("y", 13))
    assert "near_duplicate" not in [f.code for f in result.faults]


def test_english_prompts_are_compared_as_well() -> None:
    prompt = "A long password is safer than a short {1}."
    one = f"  - id: {{0}}\n    type: truefalse\n    prompt: {prompt}\n    answer: true\n"
    result = checked(one.format("x", "one") + one.format("y", "password"))
    assert fault(result, "near_duplicate").params["id"] == "x"


def test_an_answer_that_is_nearly_always_the_longest_or_in_one_place_is_warned_about() -> None:
    options = "{{A: 短, B: 长得多的选项, C: 中等}}"
    item = "  - id: q{0}\n    type: single\n    prompt: {1}\n    options: " + options + "\n    answer: B\n"
    words = ["甲乙丙丁戊己", "子丑寅卯辰巳", "春夏秋冬天地", "东西南北中间", "金木水火土石", "红橙黄绿青蓝"]
    result = check((HEAD + "".join(item.format(n, word) for n, word in enumerate(words))).encode())
    assert fault(result, "longest_is_right").params == {
        "hits": 6,
        "total": 6,
        "share": 100,
        "expected": 33,
        "p": "p = 0.0014",
    }
    assert fault(result, "position_bias").params["key"] == "B"
    assert fault(result, "position_bias").line == 4


def test_what_chance_explains_is_no_bias() -> None:
    """Four of five in one place of two: a coin does that often."""
    options = "{{A: 短些, B: 长些}}"
    item = f"  - id: q{{0}}\n    type: single\n    prompt: {{1}}\n    options: {options}\n    answer: {{2}}\n"
    words = ["甲乙丙丁戊己", "子丑寅卯辰巳", "春夏秋冬天地", "东西南北中间", "金木水火土石"]
    rows = zip(range(5), words, "BBBBA", strict=True)
    result = check((HEAD + "".join(item.format(*row) for row in rows)).encode())
    assert {f.code for f in result.faults} == {"no_explanation"}


def test_options_that_differ_in_their_last_sign_only_are_equal() -> None:
    result = alone(GOOD.replace("B: 长口令", "B: 自己的生日。"))
    assert fault(result, "equal_options").params == {"first": "A", "second": "B"}
    assert alone(GOOD.replace("自己的生日", "x+").replace("长口令", "x-")).faults == []


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


def test_a_misspelt_key_is_one_mistake() -> None:
    result = alone(GOOD + "    marks: 2\n")
    assert [f.code for f in result.faults] == ["unknown_key"]


def test_a_missing_explanation_is_warned_about() -> None:
    result = check((HEAD + GOOD.replace("    explanation: 长度决定强度。\n", "")).encode())
    assert found(result) == [(5, 5, "no_explanation")]
