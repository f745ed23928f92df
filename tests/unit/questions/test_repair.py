"""`banks check --fix`: mechanical mistakes are put right in place, and nothing else is touched."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studyhub.questions.bank_file import check
from studyhub.questions.repair import Edit, apply, repair

HEAD = "bank: b   # 题库\ntitle: 标题\nlanguage: zh\n\nquestions:\n"
GOOD = """\
  # 第一题
  - id: good
    type: single
    prompt: 下列哪一个口令最安全？
    options:
      A: 自己的生日
      B: 长口令
    answer: B        # 由编者核对
    explanation: |
      长度决定强度。
      答案：B，见第二条。
"""


def fixed(text: str) -> str:
    return repair(text.encode()).data.decode()


def with_line(old: str, new: str) -> str:
    assert old in HEAD + GOOD
    return (HEAD + GOOD).replace(old, new)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("    anwser: B        # 由编者核对", "    answer: B        # 由编者核对"),
        ("    答案: B", "    answer: B"),
        ("    答案：B", "    answer: B"),
        ("    answer：B", "    answer: B"),
        ("    Answer: B", "    answer: B"),
        ('    "答案": B', "    answer: B"),
        ("    answer: b", "    answer: B"),
        ("    answer: Ｂ", "    answer: B"),
        ("    answer: B \t", "    answer: B"),
        ("    type: 单选题", "    type: single"),
        ("    type: singel", "    type: single"),
        ("    prompt: [单选] 哪个？", '    prompt: "[单选] 哪个？"'),
        ("    prompt: {甲}是什么  # 注", '    prompt: "{甲}是什么"  # 注'),
        ("    prompt: **重要**的是", '    prompt: "**重要**的是"'),
        ("    prompt: 题目: 内容", '    prompt: "题目: 内容"'),
        ('    prompt: "引文"的意思', "    prompt: '\"引文\"的意思'"),
        ("    prompt: 关于 C # 语言", '    prompt: "关于 C # 语言"'),
        ("    题干：[单选] 哪个？", '    prompt: "[单选] 哪个？"'),
        ("      A：自己的生日", "      A: 自己的生日"),
        ("      a: 自己的生日", "      A: 自己的生日"),
        ("      A: 012", '      A: "012"'),
        ("      A: 1:30", '      A: "1:30"'),
        ("      A: no", '      A: "no"'),
        ("      A: 2026-01-01", '      A: "2026-01-01"'),
        ("title：标题", "title: 标题"),
        ("language: 中文", "language: zh"),
    ],
)
def test_a_mechanical_mistake_is_put_right_in_its_line_and_no_other(wrong: str, right: str) -> None:
    key = re.match(r"\s*\w+", right)
    assert key is not None
    rows = (HEAD + GOOD).split("\n")
    at = next(row for row, line in enumerate(rows) if line.startswith(f"{key[0]}:"))
    rows[at] = wrong
    wanted = list(rows)
    wanted[at] = right
    assert fixed("\n".join(rows)) == "\n".join(wanted)


@pytest.mark.parametrize(
    "line",
    [
        "    answer: E",  # no option: which one is right is not ours to say
        "    marks: 2",  # far from any key
        "    prompt: 可以   # 一个真正的注释",
        "    prompt: [单选] 哪个\n      下一行",
        "    anwser: A\n    answer: B",  # the key is there already
    ],
)
def test_what_is_not_mechanical_is_left_alone(line: str) -> None:
    text = HEAD + GOOD + line + "\n"
    assert fixed(text) == text


def test_a_line_within_a_text_is_not_taken_for_a_key() -> None:
    text = with_line("    prompt: 下列", "    prompt: [注] 下列")
    assert "      答案：B，见第二条。" in fixed(text)


def test_tabs_become_blanks_so_that_the_file_reads() -> None:
    item = "  - id: x\n\ttype: truefalse\n\tprompt: 可以\n\tanswer: 对\n"
    text = f"bank: b\ntitle: 标题\nlanguage: zh\nquestions:\n{item}"
    result = repair(text.encode())
    assert result.checked.errors == 0
    assert "\n    type: truefalse\n" in result.data.decode()


def test_a_tab_keeps_no_other_mistake_from_being_put_right_nor_do_those_that_it_hid() -> None:
    hidden = "  - id: x\n\ttype: 判断\n\t题干: 可以\n\tanwser: 对\n"
    result = repair((with_line("    answer: B", "    anwser: b") + hidden).encode())
    assert result.checked.errors == 0
    unclear = "  - id: x\n    type: |\n\ttruefalse\n"
    left = repair((with_line("    answer: B", "    anwser: b") + unclear).encode())
    assert left.checked.errors
    assert b"    answer: B" in left.data


def test_blanks_at_the_end_of_a_text_of_several_lines_stay() -> None:
    text = with_line("      长度决定强度。\n", "      长度决定强度。  \n")
    assert fixed(text) == text


def test_byte_order_mark_and_line_ends_stay() -> None:
    text = with_line("    answer: B", "    anwser: b").replace("\n", "\r\n")
    data = b"\xef\xbb\xbf" + text.encode()
    assert repair(data).data == data.replace(b"anwser: b", b"answer: B")


def test_what_cannot_be_read_is_left_alone() -> None:
    for data in (b"", "题库".encode("gb18030"), b"\x00", b"[" * 1000):
        assert repair(data).data == data


def test_an_edit_that_does_not_fit_its_line_is_refused() -> None:
    """Planted: an edit of another file. Nothing is written where something else stands."""
    with pytest.raises(ValueError, match="line=1"):
        apply(b"bank: b\n", [Edit(1, 1, "title", "bank", "unknown_key")])


MISTAKES = {
    "    answer: B": [
        "    anwser: B",
        "    答案：B",
        "    答案: b",
        "    answer：B",
        "    answer: B  ",
        "    answer: Ｂ",
    ],
    "    type: single": ["    题型: 单选", "    type：single", "    tpye: single", "    type: Single"],
    "      A: 自己的生日": ["      A：自己的生日", "      Ａ: 自己的生日", "      A: 自己的生日\t"],
    "title: 标题": ["标题：标题", "Title: 标题", "title: 标题   "],
    "language: zh": ["language: 中文", "语言：zh"],
}


@given(st.data())
@settings(deadline=None)
def test_any_mixture_of_mistakes_is_put_right_and_the_rest_is_the_same_byte_for_byte(
    data: st.DataObject,
) -> None:
    """The file with the mistakes mended is the file before them; doing it again changes nothing; every
    edit stands where it says, and a line without a mistake is untouched."""
    good = HEAD + GOOD + GOOD.replace("good", "other").replace("口令", "密码")
    rows = good.split("\n")
    broken = [
        data.draw(st.sampled_from([row, *wrong]))
        for row in rows
        for wrong in [next((v for k, v in MISTAKES.items() if row.startswith(k) and "#" not in row), [])]
    ]
    ending = data.draw(st.sampled_from(["\n", "\r\n"]))
    source = ending.join(broken).encode()
    result = repair(source)
    assert result.data.decode() == ending.join(rows)
    assert repair(result.data).edits == []
    replayed = source
    for edits in result.rounds:
        replayed = apply(replayed, edits)
    assert replayed == result.data
    touched = {edit.line for edit in result.edits}
    before, after = source.split(b"\n"), result.data.split(b"\n")
    assert all(b == a for row, (b, a) in enumerate(zip(before, after, strict=True), 1) if row not in touched)


@given(st.text(alphabet=st.sampled_from("ABab答案题干:： -#\"'[]{}|\n\tanswerprompt1"), max_size=300))
@settings(deadline=None)
def test_repairing_anything_ends_and_never_touches_it_twice(rest: str) -> None:
    data = (HEAD + GOOD + rest).encode()
    once = repair(data)
    assert repair(once.data).data == once.data
    assert once.data.count(b"\n") == data.count(b"\n")


@given(st.sampled_from(["B", "b", "Ｂ", "E", "[A, B]", "甲", "AB"]), st.sampled_from(["single", "multiple"]))
@settings(deadline=None)
def test_no_repair_decides_what_is_right(answer: str, kind: str) -> None:
    text = with_line("    answer: B", f"    answer: {answer}").replace("single", kind)
    checked = check(text.encode())
    after = repair(text.encode()).checked
    if checked.bank:
        assert after.bank is not None
        assert after.bank.questions[0].written["answer"] == checked.bank.questions[0].written["answer"]
    elif answer in ("E", "甲"):
        assert after.bank is None


def test_a_list_with_chinese_commas_stays_one_list() -> None:
    text = (HEAD + GOOD).replace("type: single", "type: multiple").replace("answer: B ", "answer: [A，B] ")
    assert fixed(text) == text.replace("[A，B]", "[A, B]")
    assert repair(text.encode()).checked.errors == 0
