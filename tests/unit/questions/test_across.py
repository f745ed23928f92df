"""A prompt that another bank has as well: in another file of the run, or in force."""

from __future__ import annotations

from random import Random

from studyhub.questions import across
from studyhub.questions.across import Known
from studyhub.questions.bank_file import Checked, check
from tests.pace import Stopwatch

PROMPT = "涉密文件应当怎样传递给外单位的同志"


def bank(slug: str, *prompts: str) -> Checked:
    head = f"bank: {slug}\ntitle: 标题\nlanguage: zh\nquestions:\n"
    item = "  - id: q{0}\n    type: truefalse\n    prompt: {1}\n    answer: true\n    explanation: 是。\n"
    return check((head + "".join(item.format(n, text) for n, text in enumerate(prompts))).encode())


def said(checked: Checked) -> list[tuple[int, str, object, object]]:
    return [(f.line, f.code, f.params["bank"], f.params["id"]) for f in checked.faults]


def test_the_later_of_two_files_is_told_of_a_prompt_that_the_earlier_has() -> None:
    files = [bank("a", PROMPT), bank("b", "别的题目说的是别的事情", f"{PROMPT}？"), bank("c", f"{PROMPT}们")]
    first, second, third = across.warn(files)
    assert said(first) == []
    assert said(second) == [(12, "same_prompt_elsewhere", "a", "q0")]
    assert said(third) == [(7, "near_duplicate_elsewhere", "a", "q0")]


def test_what_repeats_within_one_file_is_left_to_the_files_own_check() -> None:
    both = [bank("a", PROMPT, f"{PROMPT}？"), bank("b", "别的题目说的是别的事情")]
    assert [f.code for checked in across.warn(both) for f in checked.faults] == ["same_prompt"]


def test_a_bank_in_force_is_looked_at_and_never_told() -> None:
    known = [Known("old", "x", PROMPT), Known("older", "y", PROMPT)]
    [checked] = across.warn_of_known([bank("a", PROMPT)], known)
    assert said(checked) == [(7, "same_prompt_elsewhere", "old", "x")]


def test_a_repeated_prompt_is_a_warning_and_the_bank_stands() -> None:
    [_, second] = across.warn([bank("a", PROMPT), bank("b", PROMPT)])
    assert (second.errors, second.warnings) == (0, 1)
    assert second.bank is not None


def test_a_bank_without_a_name_cannot_be_told_about() -> None:
    nameless = check(
        f"title: 标题\nquestions:\n  - id: q\n    prompt: {PROMPT}\n    type: truefalse\n".encode()
    )
    _, second = across.warn([nameless, bank("b", PROMPT)])
    assert said(second) == []


STEM = "下列说法正确的是哪一项？"
RIVERS = ("长江最长", "黄河最长", "珠江最长", "淮河最长")
LAKES = ("青海湖最大", "洞庭湖最大", "太湖最大", "巢湖最大")


def pointing(slug: str, *questions: tuple[str, ...]) -> Checked:
    """A bank whose questions have one stem and say everything by their options."""
    items = "".join(
        f"  - id: q{n}\n    type: single\n    prompt: {STEM}\n    options:\n"
        + "".join(f"      {letter}: {text}\n" for letter, text in zip("ABCD", options, strict=True))
        + "    answer: B\n    explanation: 是。\n"
        for n, options in enumerate(questions)
    )
    return check(f"bank: {slug}\ntitle: 标题\nlanguage: zh\nquestions:\n{items}".encode())


def test_the_same_stem_about_other_options_is_another_question_in_another_bank_too() -> None:
    first, second = across.warn([pointing("a", RIVERS), pointing("b", LAKES)])
    assert (said(first), said(second)) == ([], [])
    [checked] = across.warn_of_known([pointing("a", RIVERS)], [known_stem("old", LAKES)])
    assert said(checked) == []


def test_the_same_stem_about_half_of_the_options_is_told_in_another_bank_too() -> None:
    half = (*LAKES[2:], *RIVERS[:2])
    _, second = across.warn([pointing("a", LAKES[::-1], RIVERS), pointing("b", half)])
    assert said(second) == [(7, "same_prompt_elsewhere", "a", "q0")]
    [checked] = across.warn_of_known([pointing("a", half)], [known_stem("old", RIVERS[::-1])])
    assert said(checked) == [(7, "same_prompt_elsewhere", "old", "x")]


def test_thousands_of_one_stem_are_compared_in_less_time_than_they_are_read() -> None:
    letters = "网络安全保密口令文件邮件组织生活支部党员大会会议记录制度学习数据个人信息保护设备"
    random = Random(20261126)
    options = [tuple("".join(random.choices(letters, k=10)) for _ in range(4)) for _ in range(4000)]
    with Stopwatch() as read:
        first, second = pointing("a", *options[:2000]), pointing("b", *options[2000:])
    with Stopwatch() as compared:
        across.warn([first, second])
    assert compared.seconds < read.seconds


def known_stem(slug: str, options: tuple[str, ...]) -> Known:
    return Known(slug, "x", STEM, pointing(slug, options).asked[0].options)
